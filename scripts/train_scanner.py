"""Learns how attacks on Maya are phrased, from `scripts/scanner/*_attacks.txt` and `*_innocent.txt`.

    uv run scripts/train_scanner.py           writes assets/guard/phrasing.json
    uv run scripts/train_scanner.py --check   says how well it does on authors left out

Each pair of files has an author of its own, so that leaving one out is an honest test.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from kiosk.security.normalisation import plain
from kiosk.security.phrasing import Phrasing, features
from kiosk.settings import find_assets

SENTENCES = Path(__file__).parent / "scanner"
# Of the innocent sentences of authors who were left out, no more may be blocked.
MOST_BLOCKED = 0.01
FEWEST = 2
INVERSE_PENALTY = 2.0
SMALLEST_WEIGHT = 0.02


def main() -> None:
    """Train, or check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    authors = {path.name.partition("_")[0]: _sentences(path) for path in sorted(SENTENCES.glob("*_attacks.txt"))}
    left_out = {author: _scores_without(author, authors) for author in authors}
    innocent = np.concatenate([scores[1] for scores in left_out.values()])
    threshold = float(np.quantile(innocent, 1 - MOST_BLOCKED))
    for author, (attacks, innocents) in left_out.items():
        stopped, blocked = (attacks >= threshold).mean(), (innocents >= threshold).mean()
        print(f"{author}: {stopped:.3f} of {len(attacks)} stopped, {blocked:.3f} of {len(innocents)} blocked")
    attacks = np.concatenate([scores[0] for scores in left_out.values()])
    print(f"all: {(attacks >= threshold).mean():.3f} stopped, at threshold {threshold:.3f}")
    if options.check:
        return
    trained = _train([pair for pairs in authors.values() for pair in pairs])
    path = find_assets() / "guard" / "phrasing.json"
    path.parent.mkdir(exist_ok=True)
    kept = {
        feature: round(weight, 2)
        for feature, weight in sorted(trained.weights.items())
        if abs(weight) >= SMALLEST_WEIGHT
    }
    told = {"bias": round(trained.bias, 2), "threshold": round(threshold, 3), "weights": kept}
    path.write_text(json.dumps(told, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{len(kept)} weights in {path}")


def _sentences(attacks: Path) -> list[tuple[str, bool]]:
    innocent = attacks.with_name(attacks.name.replace("attacks", "innocent"))
    return [
        (plain(line).words, is_attack)
        for path, is_attack in ((attacks, True), (innocent, False))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def _scores_without(author: str, authors: dict[str, list[tuple[str, bool]]]) -> tuple[np.ndarray, np.ndarray]:
    trained = _train([pair for other, pairs in authors.items() if other != author for pair in pairs])
    attacks, innocent = (
        np.array([trained.score(words) for words, is_attack in authors[author] if is_attack is wanted])
        for wanted in (True, False)
    )
    return attacks, innocent


def _train(sentences: Sequence[tuple[str, bool]]) -> Phrasing:
    analyzer: Any = features  # its stubs know names of analyzers only
    has = CountVectorizer(analyzer=analyzer, binary=True, min_df=FEWEST)
    rows = has.fit_transform([words for words, _ in sentences])
    trained = LogisticRegression(C=INVERSE_PENALTY, max_iter=5_000).fit(rows, [label for _, label in sentences])
    weights = dict(zip(has.get_feature_names_out(), trained.coef_[0].tolist(), strict=True))
    return Phrasing(float(trained.intercept_[0]), weights, 0.5)


if __name__ == "__main__":
    main()
