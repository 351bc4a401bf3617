"""How long it takes to understand 2,000 characters of anything: a story, lists of drinks, nonsense.

    uv run benchmarks/long_sentences.py [--rounds 21]

Each is read by the reader alone, on the house's menu, once in every round; the table tells the median and the slowest
of the rounds, in milliseconds of the processor, so that what runs beside it counts less.
"""

import argparse
import random
import statistics
import time
from collections.abc import Iterable, Mapping
from itertools import cycle, islice
from pathlib import Path

from kiosk.menu import Menu
from kiosk.understanding.reader import understand

CHARACTERS = 2000
MENU = Path(__file__).parents[1] / "assets" / "menu.toml"


def texts() -> Mapping[str, str]:
    """What is read, by what it is called in the table."""
    letters = random.Random(1)
    nonsense = ("".join(letters.choices("abcdefghijklmnopqrstuvwxyz", k=letters.randint(1, 9))) for _ in cycle([0]))
    drinks = ["a beer", "two martinis", "a lemonade please", "one gin"]
    made = ["a dirty martini with ice", "two old fashioneds on the rocks", "a beer for my wife", "three gins, one neat"]
    return {
        "story": _long(cycle(["then we went to the lake", "my cousin told me a joke", "we drank and sang"]), " and "),
        "list of drinks": _long(cycle(drinks), " and "),
        "list of drinks, with ways of making": _long(cycle(made), ", "),
        "list, half of it not on the menu": _long(cycle(["a beer", "a salad", "two martinis", "a soup"]), " "),
        "nonsense": _long(nonsense, " "),
        "figures": _long(cycle("12"), " "),
    }


def _long(parts: Iterable[str], joint: str) -> str:
    return joint.join(islice(parts, CHARACTERS))[:CHARACTERS]


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=21)
    options = parser.parse_args()
    menu = Menu.load(MENU)
    taken: dict[str, list[float]] = {name: [] for name in texts()}
    for number in range(options.rounds + 1):
        for name, text in texts().items():
            begun = time.process_time()
            understand(text, menu)
            if number:
                # The first round makes what is made once.
                taken[name].append(1000 * (time.process_time() - begun))
    print(f"{'2,000 characters of':<38}{'median ms':>10}{'slowest':>9}")
    for name, found in taken.items():
        print(f"{name:<38}{statistics.median(found):>10.1f}{max(found):>9.1f}")


if __name__ == "__main__":
    main()
