"""The public Speech-to-Intent benchmark: real people order coffee, through the kiosk's whole pipeline.

    uv run benchmarks/speech_to_intent.py --data DIR [--speech DIR] [--menu FILE] [--jobs 2] [--limit N]

DIR is a checkout of Picovoice/speech-to-intent-benchmark, which has its labels in data/label/label.json, or any folder
with recordings and their labels in label.json or labels.json. --speech names the recordings where several have the same
name, as the benchmark's own mixer leaves them: data/speech/clean, data/speech/kitchen_6db. A recording is right when
the order is exactly the drink, once, with exactly the labelled modifiers.
"""

import argparse
import json
import logging
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import soundfile

from kiosk import logs
from kiosk.errors import OperatorError
from kiosk.menu import Menu, normalise
from kiosk.replay import Show, play
from kiosk.settings import load_settings
from kiosk.voice.recording import read_turns

DRINK = "coffeeDrink"
# All 619 recordings, with cafe noise at 24 dB: the benchmark's own figures.
PUBLISHED = {
    "Picovoice Rhino": 0.99,
    "IBM Watson": 0.96,
    "Microsoft LUIS": 0.93,
    "Amazon Lex": 0.88,
    "Google Dialogflow": 0.83,
}


class DataError(OperatorError):
    """The recordings or their labels cannot be used."""


@dataclass(frozen=True)
class Case:
    """A recording and the slots that it was labelled with, in plain lower case."""

    recording: Path
    slots: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """What became of a case."""

    case: Case
    heard: str
    order: tuple[tuple[str, int, tuple[str, ...]], ...]

    @property
    def right(self) -> bool:
        """Whether the order is exactly what was labelled."""
        modifiers = tuple(sorted(text for slot, text in self.case.slots.items() if slot != DRINK))
        return self.order == ((self.case.slots.get(DRINK), 1, modifiers),)

    def has(self, slot: str) -> bool:
        """Whether one slot stands on the order as labelled."""
        wanted = self.case.slots[slot]
        return any(wanted == item if slot == DRINK else wanted in modifiers for item, _, modifiers in self.order)


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--speech", type=Path, metavar="DIR", help="the recordings, default: those in --data")
    parser.add_argument("--menu", type=Path, metavar="FILE", help="default: menu.toml in DIR")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes, default 2")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N recordings")
    parser.add_argument("--verbose", action="store_true", help="print what was heard instead")
    options = parser.parse_args()
    try:
        cases = read_cases(options.data, options.speech or options.data)[: options.limit]
        menu = options.menu or options.data / "menu.toml"
        Menu.load(menu)
    except OperatorError as error:
        parser.error(str(error))
    with ProcessPoolExecutor(options.jobs) as processes:
        outcomes = list(processes.map(_run, cases, [menu] * len(cases)))
    _report(outcomes, options.verbose)


def read_cases(data: Path, speech: Path) -> list[Case]:
    """The recordings below `speech` that the labels below `data` know by name; other labels are left out.

    Raises:
        DataError: there is not one file of labels, it is none, no recording is labelled, or two are called the same.
    """
    recordings: dict[str, Path] = {}
    for path in sorted(path for path in speech.rglob("*") if path.suffix[1:].upper() in soundfile.available_formats()):
        if path.stem in recordings:
            raise DataError(f"{path} and {recordings[path.stem]} are called the same: name one folder with --speech")
        recordings[path.stem] = path
    found = [path for name in ("label.json", "labels.json") for path in sorted(data.rglob(name))]
    if len(found) != 1:
        raise DataError(f"{data}: {len(found)} files called label.json or labels.json, and there has to be one")
    try:
        labels = {Path(name).stem: _slots(label) for name, label in json.loads(found[0].read_text("utf-8")).items()}
    except (ValueError, AttributeError):
        raise DataError(f"{found[0]}: not an object of file name -> slots") from None
    cases = [Case(path, labels[name]) for name, path in recordings.items() if name in labels]
    if not cases:
        raise DataError(f"{found[0]} labels none of the {len(recordings)} recordings in {speech}")
    return cases


def _slots(label: Mapping[str, Any]) -> dict[str, str]:
    """The public file keeps them beside the intent, and has stray capitals and blanks in them."""
    return {slot: normalise(text) for slot, text in label.get("slots", label).items()}


def _run(case: Case, menu: Path) -> Outcome:
    logs.configure("ERROR")
    logging.disable(logging.WARNING)
    record = play(read_turns(case.recording), Menu.load(menu), {}, load_settings().cache_dir, Show())
    order = tuple(
        (normalise(line["item"]), line["quantity"], tuple(sorted(map(normalise, line["modifiers"]))))
        for line in record.state["order"]
    )
    return Outcome(case, " / ".join(turn.heard or "" for turn in record.log.turns[1:]), order)


def _report(outcomes: list[Outcome], verbose: bool) -> None:
    if verbose:
        for outcome in outcomes:
            if not outcome.right:
                print(f"  {outcome.case.recording.name[:8]}  {outcome.heard}\n      {dict(outcome.case.slots)}")
    labelled: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for outcome in outcomes:
        for slot in outcome.case.slots:
            labelled[slot] += 1
            kept[slot] += outcome.has(slot)
    right = sum(outcome.right for outcome in outcomes)
    print(f"orders exactly right  {right / len(outcomes):.3f}  ({right} of {len(outcomes)})")
    for slot in labelled:
        print(f"  {slot:<20}{kept[slot] / labelled[slot]:.3f}")
    print("published, on all 619 recordings, 24 dB:")
    for name, share in PUBLISHED.items():
        print(f"  {name:<20}{share:.2f}")


if __name__ == "__main__":
    main()
