"""Learns how attacks on Maya are phrased, from `scripts/scanner/*_attacks.txt` and `*_innocent.txt`.

    uv run scripts/train_scanner.py           writes assets/guard/phrasing.json
    uv run scripts/train_scanner.py --check   says how well it does on authors left out

Each pair of files has an author of its own, so that leaving some out, an eighth at a time, is an honest test. What was
written to teach orders (`scripts/understanding`) is innocent, too; told one after the other it makes long talk. Two
runs write the same file.
"""

import argparse
import json
import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from kiosk.security.normalisation import plain
from kiosk.security.phrasing import Phrasing, features, length, stretches
from kiosk.settings import find_assets

HERE = Path(__file__).parent
# Of the innocent sentences of authors who were left out, no more may be blocked. Most were written to look like
# attacks; BENCHMARKS.md says how much ordinary talk is.
MOST_BLOCKED, MOST_LONG_BLOCKED = 0.023, 0.03
# So many times some of the authors are left out.
FOLDS = 8
# Long talks made of each author's of `scripts/understanding`, and their words.
LONG_TALKS, LONG_TALK = 10, (40, 120)
FEWEST = 2
INVERSE_PENALTY = 15.0
SMALLEST_WEIGHT = 0.3


@dataclass(frozen=True)
class Talk:
    """What one author wrote, as rows of the table of features.

    Parameters:
        rows: of each stretch of each sentence.
        of: which sentence it is from.
        is_long: of each sentence, whether it has several.
    """

    rows: np.ndarray
    of: np.ndarray
    is_long: np.ndarray

    def scores(self, scores: np.ndarray) -> np.ndarray:
        """Of each sentence that of its most suspicious stretch."""
        best = np.full(len(self.is_long), -np.inf)
        np.maximum.at(best, self.of, scores[self.rows])
        return best


class Lessons:
    """All that there is to learn from, and its table of features."""

    def __init__(self) -> None:
        self._stretches: list[list[str]] = []
        names = [path.name.partition("_")[0] for path in sorted((HERE / "scanner").glob("*_attacks.txt"))]
        self.attacks, self.innocent = (
            {name: self._talk(_lines(HERE / "scanner" / f"{name}_{kind}.txt")) for name in names}
            for kind in ("attacks", "innocent")
        )
        orders = [_lines(path) for path in sorted((HERE / "understanding").glob("*.txt"))]
        self.orders = [self._talk(lines + _long_talks(lines)) for lines in orders]
        analyzer: Any = features  # its stubs know names of analyzers only
        has = CountVectorizer(analyzer=analyzer, binary=True, min_df=FEWEST)
        table = csr_matrix(has.fit_transform(self._stretches), dtype=float)
        lengths = np.array([length(features(stretch)) for stretch in self._stretches])
        self.table = csr_matrix(diags(1 / lengths) @ table)
        self.names = has.get_feature_names_out()

    def _talk(self, sentences: Iterable[str]) -> Talk:
        first, of, is_long = len(self._stretches), [], []
        for number, sentence in enumerate(sentences):
            parts = stretches(sentence)
            self._stretches += parts
            of += [number] * len(parts)
            is_long.append(len(parts) > 1)
        return Talk(np.arange(first, len(self._stretches)), np.array(of), np.array(is_long))

    def learned(self, without: Collection[str] = ()) -> LogisticRegression:
        """From all authors but some.

        Where in a long attack it is said is not written down: short ones teach which stretch is the most suspicious.
        """
        innocent = [talk.rows for name, talk in self.innocent.items() if name not in without]
        innocent = np.concatenate(innocent + [talk.rows for talk in self.orders])
        attacks = [talk for name, talk in self.attacks.items() if name not in without]
        model = self._fit([talk.rows[~talk.is_long[talk.of]] for talk in attacks], innocent)
        scores = self.scores(model)
        return self._fit([_highest(talk, scores) for talk in attacks], innocent)

    def scores(self, model: LogisticRegression) -> np.ndarray:
        """Of each stretch."""
        return model.decision_function(self.table)

    def _fit(self, attacks: Sequence[np.ndarray], innocent: np.ndarray) -> LogisticRegression:
        rows = np.concatenate([*attacks, innocent])
        labels = np.arange(len(rows)) < len(rows) - len(innocent)
        return LogisticRegression(C=INVERSE_PENALTY, max_iter=1_000).fit(self.table[rows], labels)


def main() -> None:
    """Train, or check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    lessons = Lessons()
    left_out = {}
    for without in (list(lessons.attacks)[fold::FOLDS] for fold in range(FOLDS)):
        scores = lessons.scores(lessons.learned(without))
        for name in without:
            left_out[name] = lessons.attacks[name].scores(scores), lessons.innocent[name].scores(scores)
    innocent = np.concatenate([scores for _, scores in left_out.values()])
    is_long = np.concatenate([lessons.innocent[name].is_long for name in left_out])
    threshold = float(np.quantile(innocent[~is_long], 1 - MOST_BLOCKED))
    long_threshold = max(threshold, float(np.quantile(innocent[is_long], 1 - MOST_LONG_BLOCKED)))
    stopped = []
    for name, (attacks, innocents) in left_out.items():
        stopped.append(attacks >= np.where(lessons.attacks[name].is_long, long_threshold, threshold))
        blocked = innocents >= np.where(lessons.innocent[name].is_long, long_threshold, threshold)
        share, share_blocked = stopped[-1].mean(), blocked.mean()
        print(f"{name}: {share:.3f} of {len(attacks)} stopped, {share_blocked:.3f} of {len(blocked)} blocked")
    print(f"all: {np.concatenate(stopped).mean():.3f} stopped, at {threshold:.2f}, long {long_threshold:.2f}")
    if not options.check:
        _write(lessons, lessons.learned(), threshold, long_threshold)


def _write(lessons: Lessons, model: LogisticRegression, threshold: float, long_threshold: float) -> None:
    path = find_assets() / "guard" / "phrasing.json"
    weights = zip(lessons.names, model.coef_[0].round(2).tolist(), strict=True)
    kept = {feature: weight for feature, weight in sorted(weights) if abs(weight) >= SMALLEST_WEIGHT}
    bias = float(np.asarray(model.intercept_)[0])
    trained = Phrasing(round(bias, 2), kept, round(_share(threshold), 3), round(_share(long_threshold), 3))
    path.write_text(json.dumps(vars(trained), ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{len(kept)} weights in {path}")


def _share(log_odds: float) -> float:
    return 1 / (1 + float(np.exp(-log_odds)))


def _lines(path: Path) -> list[str]:
    return [plain(line).words for line in path.read_text(encoding="utf-8").splitlines()]


def _long_talks(sentences: Sequence[str]) -> list[str]:
    chance, talks = random.Random(1), []
    for _ in range(LONG_TALKS):
        words: list[str] = []
        length = chance.randint(*LONG_TALK)
        while len(words) < length:
            words += chance.choice(sentences).split()
        talks.append(" ".join(words))
    return talks


def _highest(talk: Talk, scores: np.ndarray) -> np.ndarray:
    best = talk.scores(scores)
    return talk.rows[scores[talk.rows] == best[talk.of]]


if __name__ == "__main__":
    main()
