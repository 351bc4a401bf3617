"""The public Speech-to-Intent benchmark: real people order coffee, through the kiosk's whole pipeline.

    uv run benchmarks/speech_to_intent.py --data DIR [--menu FILE] [--jobs 2] [--limit N]

DIR holds the recordings, labels.json (what each ordered, slot by slot) and that bar's menu.toml; or it is the
data folder of Picovoice/speech-to-intent-benchmark, with its own layout, and then needs --menu. A recording is right
when the order is exactly the drink, once, with exactly the labelled modifiers.
"""

import argparse
import json
import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from kiosk import logs
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


@dataclass(frozen=True)
class Case:
    """A recording and the slots that it was labelled with."""

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
        return self.order == ((self.case.slots[DRINK], 1, modifiers),)

    def has(self, slot: str) -> bool:
        """Whether one slot stands on the order as labelled."""
        wanted = self.case.slots[slot]
        return any(wanted == item if slot == DRINK else wanted in modifiers for item, _, modifiers in self.order)


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--menu", type=Path, metavar="FILE", help="default: menu.toml in DIR")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes, default 2")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N recordings")
    parser.add_argument("--verbose", action="store_true", help="print what was heard instead")
    options = parser.parse_args()
    cases = sorted(_cases(options.data), key=lambda case: case.recording)[: options.limit]
    menu = options.menu or options.data / "menu.toml"
    with ProcessPoolExecutor(options.jobs) as processes:
        outcomes = list(processes.map(_run, cases, [menu] * len(cases)))
    _report(outcomes, options.verbose)


def _cases(data: Path) -> Iterator[Case]:
    if (data / "labels.json").is_file():
        for name, slots in json.loads((data / "labels.json").read_text()).items():
            yield Case(data / name, slots)
        return
    # The public layout: speech/clean/*.wav, and label.json beside or above with a list of {"slots": …}.
    for labels in data.rglob("label*.json"):
        for entry in json.loads(labels.read_text()):
            found = next(iter(data.rglob(Path(entry["path"]).name)), None)
            if found:
                yield Case(found, entry["slots"])


def _run(case: Case, menu: Path) -> Outcome:
    logs.configure("ERROR")
    logging.disable(logging.WARNING)
    record = play(read_turns(case.recording), Menu.load(menu), {}, load_settings().cache_dir, Show())
    order = tuple(
        (normalise(line["item"]), line["quantity"], tuple(sorted(line["modifiers"]))) for line in record.state["order"]
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
