"""Learns how drinks are ordered, changed and talked of, from `scripts/understanding/*_{order,change,talk}.txt`.

    uv run scripts/train_understanding.py           writes kiosk/understanding/whether.json
    uv run scripts/train_understanding.py --check   says how well it does on authors left out

Each three files have an author of their own, so that leaving one out is an honest test.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from kiosk.menu import Menu
from kiosk.settings import find_assets
from kiosk.understanding.cover import cover
from kiosk.understanding.lexicon import lexicon
from kiosk.understanding.phrases import english
from kiosk.understanding.sentence import Sentence
from kiosk.understanding.tags import tagged
from kiosk.understanding.weighing import MOST_TALK_OF_AN_ORDER
from kiosk.understanding.whether import WEIGHTS, Likelihood, Whether, features, places, slots

SENTENCES = Path(__file__).parent / "understanding"
KINDS = ("order", "change", "talk")
FEWEST = 2
INVERSE_PENALTY = 1.0
SMALLEST_WEIGHT = 0.02

# A sentence's features, drink by drink, and its kind.
Lesson = tuple[list[set[str]], str]


def main() -> None:
    """Train, or check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    authors = _authors()
    if options.check:
        whole = {author: lessons for author, lessons in authors.items() if {kind for _, kind in lessons} == set(KINDS)}
        for author, lessons in whole.items():
            others = [lesson for other, told in authors.items() if other != author for lesson in told]
            print(f"{author}: {_told(_train(others), lessons)}")
        return
    trained = _train([lesson for lessons in authors.values() for lesson in lessons])
    kept = {
        feature: [round(weight, 2) for weight in weights]
        for feature, weights in sorted(trained.weights.items())
        if max(map(abs, weights)) >= SMALLEST_WEIGHT
    }
    told = {"bias": [round(weight, 3) for weight in trained.bias], "weights": kept}
    WEIGHTS.write_text(json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("],", "],\n") + "\n")
    print(f"{len(kept)} features in {WEIGHTS}")


def _authors() -> dict[str, list[Lesson]]:
    menu = Menu.load(find_assets() / "menu.toml")
    authors: dict[str, list[Lesson]] = defaultdict(list)
    for path in sorted(SENTENCES.glob("*.txt")):
        author, _, kind = path.stem.partition("_")
        for line in path.read_text(encoding="utf-8").splitlines():
            sentence = Sentence(tagged(line, lexicon(menu)), english().manners)
            words = slots(sentence.tags)
            named = [place for place, tag in enumerate(sentence.tags) if tag.item] or [None]
            # In "my wife had a martini, so I'll take one and a beer" the Martini is no order.
            told = _told_of(sentence, menu) if kind == "order" else set()
            drinks = [features(words, place) for at, place in zip(named, places(words), strict=True) if at not in told]
            authors[author].append((drinks, kind))
    return authors


def _told_of(sentence: Sentence, menu: Menu) -> set[int | None]:
    """The places that stand in a story or a refusal."""
    found = cover(sentence, english(), menu).entries
    return {
        place
        for entry, begin, end in found
        if entry.startswith(("reports.", "refusals."))
        for place in range(begin, end)
    }


def _train(lessons: Iterable[Lesson]) -> Whether:
    rows = [(found, kind) for drinks, kind in lessons for found in drinks]
    analyzer: Any = list  # its stubs know names of analyzers only
    has = CountVectorizer(analyzer=analyzer, binary=True, min_df=FEWEST)
    table = has.fit_transform([found for found, _ in rows])
    trained = LogisticRegression(C=INVERSE_PENALTY, max_iter=5_000).fit(table, [kind for _, kind in rows])
    order = [list(trained.classes_).index(kind) for kind in KINDS]
    columns = trained.coef_[order].T.tolist()
    weights = {name: tuple(column) for name, column in zip(has.get_feature_names_out(), columns, strict=True)}
    return Whether(tuple(trained.intercept_[order].tolist()), weights)


def _told(trained: Whether, lessons: Sequence[Lesson]) -> str:
    taken: dict[str, list[bool]] = {kind: [] for kind in KINDS}
    for drinks, kind in lessons:
        if not drinks:
            continue
        found: list[Likelihood] = [trained.likelihood(drink) for drink in drinks]
        taken[kind].append(any(likely.talk < MOST_TALK_OF_AN_ORDER for likely in found))
    shares = ", ".join(f"{sum(answers) / len(answers):.3f} of {kind}" for kind, answers in taken.items())
    return f"taken for a request: {shares}"


if __name__ == "__main__":
    main()
