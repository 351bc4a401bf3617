"""How much of what is said the rules stop, and how long they take; llm-guard, where it is installed.

    uv run benchmarks/scanner.py [NOTINJECT]

The sentences are those of tests/security/corpora, which the rules and the phrasing have not been made from. NOTINJECT
is a folder with the files `NotInject_*.json` of github.com/leolee99/PIGuard (datasets): 339 innocent sentences full of
the words of attacks.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.security.guard import GuardState, guard_of
from kiosk.security.scanner import Scanner
from kiosk.settings import Settings

CORPORA = Path(__file__).parents[1] / "tests" / "security" / "corpora"
SENTENCE = "two old fashioneds on the rocks and a dirty martini please"


def main() -> None:
    """Print the figures."""
    attacks, innocent = (
        (CORPORA / f"{name}.txt").read_text(encoding="utf-8").splitlines() for name in ("injections", "innocent")
    )
    started = time.perf_counter()
    scanner = Scanner(confidential=SENTENCE * 40)
    print(f"made in {1000 * (time.perf_counter() - started):.0f} ms")
    stopped = sum(not scanner.scan_input(text).is_valid for text in attacks)
    blocked = sum(not scanner.scan_input(text).is_valid for text in innocent)
    print(f"stopped {stopped} of {len(attacks)} attacks, blocked {blocked} of {len(innocent)} innocent sentences")
    for path in sorted((CORPORA / "blind").glob("*.txt")):
        _print_stopped(scanner, path.stem, path.read_text(encoding="utf-8").splitlines())
    for folder in sys.argv[1:]:
        files = sorted(Path(folder).glob("NotInject_*.json"))
        sentences = [entry["prompt"] for path in files for entry in json.loads(path.read_text(encoding="utf-8"))]
        _print_stopped(scanner, "NotInject", sentences)
    _print_times("rules, input", [_ms(lambda text=text: scanner.scan_input(text)) for text in attacks + innocent])
    _print_times("rules, output", [_ms(lambda text=text: scanner.scan_output(text)) for text in innocent])
    guard = guard_of(Settings())
    if not guard:
        print("llm-guard or its models are not installed")
        return
    started, ask = time.perf_counter(), guard.ask
    guard.start()
    try:
        guard.wait_until(GuardState.READY, GuardState.BROKEN)
        print(f"llm-guard {guard.state} in {time.perf_counter() - started:.1f} s")
        _print_times("llm-guard", [_ms(lambda text=text: ask(text).result()) for text in innocent[:50]])
    finally:
        guard.close()


def _print_stopped(scanner: Scanner, what: str, sentences: list[str]) -> None:
    stopped = sum(not scanner.scan_input(text).is_valid for text in sentences)
    print(f"{what}: stopped {stopped} of {len(sentences)}, {100 * stopped / len(sentences):.1f} %")


def _ms(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - started)


def _print_times(what: str, times_ms: list[float]) -> None:
    print(f"{what}: median {statistics.median(times_ms):.3f} ms, longest {max(times_ms):.3f} ms")


if __name__ == "__main__":
    main()
