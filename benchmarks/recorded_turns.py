"""How well and how fast recorded guests are understood, through the whole pipeline.

    uv run benchmarks/recorded_turns.py                  tests/audio as it is
    uv run benchmarks/recorded_turns.py --noise 20       with pink noise 20 dB below the voice

Prints the share of turns after which the order is exactly right, orders that nobody made, and the time from
the end of the guest's speech to Maya's first sound (median and 95th percentile).
"""

import argparse
import json
import statistics
import sys
from pathlib import Path

import numpy as np

from kiosk import logs
from kiosk.menu import Menu
from kiosk.replay import Show, play
from kiosk.results import Record
from kiosk.settings import find_assets, load_settings
from kiosk.voice.recording import GuestTurn, Utterance, WrittenLine, read_turns

AUDIO = Path(__file__).parent.parent / "tests" / "audio"
sys.path.insert(0, str(AUDIO.parent.parent))


def main() -> None:
    """Run all recordings and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--noise", type=float, metavar="DB", help="signal to noise ratio of added pink noise")
    parser.add_argument("--realtime", action="store_true", help="at the recordings' own pace")
    options = parser.parse_args()
    logs.configure("ERROR")
    menu = Menu.load(find_assets() / "menu.toml")
    right, latencies = 0, []
    cases = json.loads((AUDIO / "utterances.json").read_text())
    for case in cases:
        turns: list[GuestTurn] = [WrittenLine(line) for line in case.get("before", [])]
        record = _play([*turns, _heard(AUDIO / case["file"], options.noise)], menu, options.realtime)
        is_right = _order(record) == sorted(map(_line, case["order"]))
        right += is_right
        if not is_right:
            print(f"  {case['file']}: {case['text']!r} heard as {record.log.turns[-1].heard!r}")
        if (first := record.log.turns[-1].latency_ms.get("first_audio_out")) is not None:
            latencies.append(first)
    print(f"exactly right: {right} of {len(cases)} ({right / len(cases):.1%})")
    print(
        f"end of speech to first sound: median {statistics.median(latencies):.0f} ms,"
        f" 95th percentile {np.percentile(latencies, 95):.0f} ms, of {len(latencies)}"
    )
    invented = 0
    others = sorted((AUDIO / "not_for_the_bar").glob("*.flac"))
    for path in others:
        record = _play([_heard(path, options.noise)], menu, options.realtime)
        if record.state["order"]:
            invented += 1
            print(f"  {path.name}: heard as {[turn.heard for turn in record.log.turns[1:]]}")
    print(f"orders that nobody made: {invented} of {len(others)}")


def _play(turns: list[GuestTurn], menu: Menu, realtime: bool) -> Record:
    return play(turns, menu, {}, load_settings().cache_dir, Show(realtime))


def _heard(path: Path, noise_db: float | None) -> Utterance:
    from tests.audio.sounds import with_pink_noise

    [turn] = read_turns(path)
    assert isinstance(turn, Utterance)
    if noise_db is None:
        return turn
    samples = np.frombuffer(turn.pcm, dtype=np.int16).astype(np.float32) / 32768
    noisy = with_pink_noise(samples, noise_db)
    return Utterance((np.clip(noisy, -1, 1) * 32767).astype(np.int16).tobytes())


def _order(record: Record) -> list[tuple[str, int, tuple[str, ...]]]:
    return sorted(map(_line, record.state["order"]))


def _line(line: dict) -> tuple[str, int, tuple[str, ...]]:
    return line["item"], line["quantity"], tuple(sorted(line["modifiers"]))


if __name__ == "__main__":
    main()
