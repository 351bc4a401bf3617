"""The public Speech-to-Intent benchmark: real people order coffee, through the kiosk's whole pipeline.

    uv run benchmarks/speech_to_intent.py --data DIR [--speech DIR] [--menu FILE] [--noise FILE --snr DB] [--limit N]

DIR is a checkout of Picovoice/speech-to-intent-benchmark, which has its labels in data/label/label.json, or any folder
with recordings and their labels in label.json or labels.json. --speech names the recordings where several have the same
name, as the benchmark's own mixer leaves them: data/speech/clean, data/speech/kitchen_6db. A recording is right when
the order is exactly the drink, once, with exactly the labelled modifiers. Each is heard by PocketSphinx alone and with
Whisper beside it; --noise lays a recording of a room over it, --snr decibels below the speech.
"""

import argparse
import json
import logging
import zlib
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from kiosk import logs
from kiosk.errors import OperatorError
from kiosk.menu import Menu, normalise
from kiosk.replay import Show, play
from kiosk.settings import load_settings
from kiosk.voice.recording import GuestTurn, Utterance, read_turns
from kiosk.voice.stt.open_ear import OpenEar, open_ear_of

DRINK = "coffeeDrink"
EARS = {"sphinx": "PocketSphinx alone", "whisper": "PocketSphinx and Whisper"}
# Of 30 ms.
FRAME = 480
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
class Noise:
    """A room's noise, and how far below the speech it is."""

    recording: Path
    snr_db: float


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
    parser.add_argument("--noise", type=Path, metavar="FILE", help="a room's noise, 16 kHz mono")
    parser.add_argument("--snr", type=float, default=24.0, metavar="DB", help="default 24")
    parser.add_argument(
        "--stt", nargs="+", choices=list(EARS), default=list(EARS), help="default: both, one after the other"
    )
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
    noise = options.noise and Noise(options.noise, options.snr)
    with ProcessPoolExecutor(options.jobs) as processes:
        for stt in options.stt:
            hear = partial(_run, menu=menu, stt=stt, noise=noise)
            print(f"ears: {EARS[stt]}")
            _report(list(processes.map(hear, cases)), options.verbose)
    print("published, on all 619 recordings, 24 dB:")
    for name, share in PUBLISHED.items():
        print(f"  {name:<20}{share:.2f}")


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


def _run(case: Case, menu: Path, stt: str, noise: Noise | None) -> Outcome:
    logs.configure("ERROR")
    logging.disable(logging.WARNING)
    turns = [_in_noise(turn, noise, case.recording.stem) if noise else turn for turn in read_turns(case.recording)]
    open_ear = _open_ear(menu) if stt == "whisper" else None
    record = play(turns, Menu.load(menu), {}, load_settings().cache_dir, Show(), open_ear=open_ear)
    order = tuple(
        (normalise(line["item"]), line["quantity"], tuple(sorted(map(normalise, line["modifiers"]))))
        for line in record.state["order"]
    )
    return Outcome(case, " / ".join(turn.heard or "" for turn in record.log.turns[1:]), order)


@lru_cache(maxsize=1)
def _open_ear(menu: Path) -> OpenEar:
    """Loaded once in each process."""
    open_ear = open_ear_of(load_settings().model_copy(update={"stt": "whisper"}), Menu.load(menu))
    if open_ear is None or open_ear.trial_secs() is None:
        raise DataError("Whisper cannot be loaded")
    return open_ear


def _in_noise(turn: GuestTurn, noise: Noise, name: str) -> GuestTurn:
    """`turn` with a piece of the room's noise over it, always the same for the same name."""
    assert isinstance(turn, Utterance)
    speech = np.frombuffer(turn.pcm, np.int16).astype(np.float32)
    room, _ = soundfile.read(noise.recording, dtype="float32")
    begin = zlib.crc32(name.encode()) % max(len(room) - len(speech), 1)
    piece = np.resize(room[begin:], len(speech))
    mixed = speech + piece * _level(speech) / np.sqrt((piece**2).mean()) * 10 ** (-noise.snr_db / 20)
    return Utterance(np.clip(mixed, -32768, 32767).astype(np.int16).tobytes())


def _level(speech: np.ndarray) -> float:
    """The root mean square of what is louder than a tenth of the loudest 30 ms."""
    frames = speech[: len(speech) // FRAME * FRAME].reshape(-1, FRAME)
    levels = np.sqrt((frames**2).mean(axis=1))
    return float(np.sqrt((levels[levels > levels.max() / 10] ** 2).mean()))


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


if __name__ == "__main__":
    main()
