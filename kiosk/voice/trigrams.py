"""A trigram language model from counted sentences, in the ARPA format that recognisers read.

Absolute discounting with backing off (Ney, Essen, Kneser 1994): half a count is taken from each
word that followed, and given to the words that did not, in proportion to the shorter context.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

DISCOUNT = 0.5
START, END = "<s>", "</s>"

Gram = tuple[str, ...]


@dataclass(frozen=True)
class Order:
    """The n-grams of one length: their probabilities, and the weight of backing off from each."""

    probability: dict[Gram, float]
    backoff: dict[Gram, float]


def trigram_model(sentences: Mapping[Gram, int]) -> str:
    """The model of `sentences` and how often each was said, as an ARPA file's text."""
    counts = [Counter[Gram]() for _ in range(3)]
    for sentence, times in sentences.items():
        words = (START, *sentence, END)
        for length, counter in enumerate(counts, 1):
            for start in range(len(words) - length + 1):
                counter[words[start : start + length]] += times
    orders = [_unigrams(counts[0])]
    for counter in counts[1:]:
        orders.append(_longer(counter, orders))
    return _arpa(orders)


def _unigrams(counter: Counter[Gram]) -> Order:
    counter = Counter({gram: count for gram, count in counter.items() if gram != (START,)})
    total = counter.total()
    probability = {gram: count / total for gram, count in counter.items()}
    # A sentence's start is context only; nothing follows by it.
    return Order(probability | {(START,): 0.0}, {})


def _longer(counter: Counter[Gram], shorter: list[Order]) -> Order:
    following: defaultdict[Gram, list[tuple[str, int]]] = defaultdict(list)
    for gram, count in counter.items():
        following[gram[:-1]].append((gram[-1], count))
    probability: dict[Gram, float] = {}
    for context, continuations in following.items():
        total = sum(count for _, count in continuations)
        freed = DISCOUNT * len(continuations) / total
        rest = [_probability((*context[1:], word), shorter) for word, _ in continuations]
        for (word, count), fallback in zip(continuations, rest, strict=True):
            probability[(*context, word)] = (count - DISCOUNT) / total + freed * fallback
        said = sum(probability[(*context, word)] for word, _ in continuations)
        shorter[-1].backoff[context] = max(1 - said, 1e-9) / max(1 - sum(rest), 1e-9)
    return Order(probability, {})


def _probability(gram: Gram, orders: list[Order]) -> float:
    order = orders[len(gram) - 1]
    if gram in order.probability:
        return order.probability[gram]
    context = gram[:-1]
    return orders[len(context) - 1].backoff.get(context, 1.0) * _probability(gram[1:], orders)


def _arpa(orders: list[Order]) -> str:
    lines = ["\\data\\", *(f"ngram {n}={len(order.probability)}" for n, order in enumerate(orders, 1)), ""]
    for n, order in enumerate(orders, 1):
        lines.append(f"\\{n}-grams:")
        longest = n == len(orders)
        for gram, probability in sorted(order.probability.items()):
            backoff = "" if longest else f" {_log(order.backoff.get(gram, 1.0))}"
            lines.append(f"{_log(probability)} {' '.join(gram)}{backoff}")
        lines.append("")
    lines.append("\\end\\")
    return "\n".join(lines) + "\n"


def _log(value: float) -> str:
    return f"{math.log10(value):.4f}" if value > 0 else "-99"
