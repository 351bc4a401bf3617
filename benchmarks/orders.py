"""How many orders that real people typed are exactly right after the first utterance, on menus of any bar.

    uv run benchmarks/orders.py --data DIR [DIR …] [--failures]

DIR has menus and orders: NAME_menu.toml, and NAME.jsonl or NAME_….jsonl with a line {"said", "order": [{"item",
"quantity", "modifiers"}]} for each guest. Or it has recordings with the slots that they were labelled with, as
benchmarks/speech_to_intent.py reads them; a sentence is then made of each label.

Every sentence is the first that a guest says to the house's bartender, whose tools keep a tab in memory. Of those that
order something, the table tells how many are exactly right (items, quantities, modifiers); have words left over that
the reader could not explain; are answered with a question; are wrong in silence: neither answered with a question nor
with a word that was left over; and, as a number, have more of an item than was ordered. Of the others it tells how many
order nothing. --failures marks sentences of the last three kinds with ? s !
"""

import argparse
import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loguru import logger

from benchmarks.speech_to_intent import DRINK, DataError, read_cases
from kiosk.errors import OperatorError
from kiosk.menu import Menu, normalise
from kiosk.understanding.acts import Missed, Unclear
from kiosk.understanding.reader import understand
from tests.bartender.conversation import Conversation

# How many of each item, made in each way.
Lines = Counter[tuple[str, frozenset[str]]]


@dataclass(frozen=True)
class Case:
    """What somebody said first, and what he wanted by it; nothing, where he did not order."""

    said: str
    wanted: Lines


@dataclass(frozen=True)
class OrderSet:
    """Sentences that were said at one bar."""

    name: str
    menu: Menu
    cases: Sequence[Case]


@dataclass(frozen=True)
class Outcome:
    """What became of a case.

    Parameters:
        answer: Maya's.
        left_over: the words that the reader could not explain.
    """

    case: Case
    order: Lines
    answer: str
    left_over: Sequence[str]

    @property
    def is_right(self) -> bool:
        """Whether the order is exactly what was wanted."""
        return self.order == self.case.wanted

    @property
    def is_asked(self) -> bool:
        """Whether Maya asks something."""
        return "?" in self.answer

    @property
    def is_silently_wrong(self) -> bool:
        """Whether the order is wrong and nothing in Maya's answer shows that she has not understood all of it."""
        answer = normalise(self.answer)
        is_told = any(normalise(words) in answer for words in self.left_over)
        return not (self.is_right or self.is_asked or is_told)

    @property
    def has_more(self) -> bool:
        """Whether there is more of an item on the order than was wanted."""
        return bool(_items(self.order) - _items(self.case.wanted))


async def understood(case: Case, menu: Menu) -> Outcome:
    """Say it to the house's bartender, whose tools keep a tab in memory: the one place that knows reader and tools."""
    visit = Conversation(menu)
    answer = await visit.say(case.said)
    lines = (await visit.tools.get_order())["result"]["lines"]
    await visit.tools.close()
    left_over = [act.words for act in understand(case.said, menu).acts if isinstance(act, Missed | Unclear)]
    return Outcome(case, _lines(lines), answer, left_over)


def sets_in(folder: Path) -> list[OrderSet]:
    """The orders in `folder`, each file with the menu that has the longest beginning of its name.

    Raises:
        DataError: there are none, a file has no menu, or is not what it should be.
        MenuError: a menu cannot be used.
    """
    menus = {path.stem.removesuffix("_menu"): path for path in folder.glob("*_menu.toml")}
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        return [_labelled(folder)]
    sets = []
    for file in files:
        names = [name for name in menus if file.stem == name or file.stem.startswith(f"{name}_")]
        if not names:
            raise DataError(f"{file}: there is no menu for it: {file.stem.partition('_')[0]}_menu.toml")
        sets.append(OrderSet(file.stem, Menu.load(menus[max(names, key=len)]), _read(file)))
    return sets


def _read(file: Path) -> list[Case]:
    cases = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        try:
            told = json.loads(line)
            cases.append(Case(told["said"], _lines(told["order"])))
        except (ValueError, KeyError, TypeError):
            raise DataError(f'{file}: line {number} is not {{"said", "order": [{{"item", "quantity", …}}]}}') from None
    return cases


def _labelled(folder: Path) -> OrderSet:
    cases = []
    for case in read_cases(folder, folder):
        slots = dict(case.slots)
        line = {"item": slots.pop(DRINK, ""), "quantity": 1, "modifiers": list(slots.values())}
        cases.append(Case(_sentence(case.slots), _lines([line])))
    return OrderSet(folder.name, Menu.load(folder / "menu.toml"), cases)


def _sentence(slots: Any) -> str:
    """As most people say it: what a coffee is before it, what goes into it behind it."""
    before = [slots[slot] for slot in ("size", "roast", "numberOfShots", DRINK) if slot in slots]
    within = [slots[slot] for slot in ("milkAmount", "sugarAmount") if slot in slots]
    article = "an" if before[0][0] in "aeiou" else "a"
    return f"can i get {article} {' '.join(before)}{' with ' if within else ''}{' and '.join(within)} please"


def _lines(order: Iterable[Any]) -> Lines:
    lines: Lines = Counter()
    for line in order:
        lines[normalise(line["item"]), frozenset(map(normalise, line["modifiers"]))] += line["quantity"]
    return lines


def _items(order: Lines) -> Counter[str]:
    items: Counter[str] = Counter()
    for (item, _), quantity in order.items():
        items[item] += quantity
    return items


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, nargs="+", metavar="DIR")
    parser.add_argument("--failures", action="store_true", help="print the sentences that fail")
    options = parser.parse_args()
    logger.remove()
    try:
        sets = [found for folder in options.data for found in sets_in(folder)]
    except OperatorError as error:
        parser.error(str(error))
    print(HEAD)
    for each in sets:
        outcomes = asyncio.run(_all(each))
        print(row(each.name, outcomes))
        if options.failures:
            print(*map(failure, (outcome for outcome in outcomes if not outcome.is_right)), sep="\n")


async def _all(orders: OrderSet) -> list[Outcome]:
    return [await understood(case, orders.menu) for case in orders.cases]


HEAD = (
    f"{'':<28}{'orders':>7}{'exact':>8}{'left over':>11}{'asked':>7}{'silent':>8}{'more':>6}{'talk':>7}{'nothing':>9}"
)


def row(name: str, outcomes: Sequence[Outcome]) -> str:
    """The figures of one set; a share of no sentences is a dash."""
    orders = [outcome for outcome in outcomes if outcome.case.wanted]
    talk = [outcome for outcome in outcomes if not outcome.case.wanted]
    exact, left_over = _share(o.is_right for o in orders), _share(bool(o.left_over) for o in orders)
    asked, silent = _share(o.is_asked for o in orders), _share(o.is_silently_wrong for o in orders)
    more, nothing = sum(o.has_more for o in orders), _share(o.is_right for o in talk)
    return (
        f"{name[:27]:<28}{len(orders):>7}{exact:>8}{left_over:>11}{asked:>7}{silent:>8}{more:>6}"
        f"{len(talk):>7}{nothing:>9}"
    )


def _share(flags: Iterable[bool]) -> str:
    found = list(flags)
    return f"{sum(found) / len(found):.3f}" if found else "-"


def failure(outcome: Outcome) -> str:
    """What was said, what stands on the order instead, and how Maya put it; "!" more, "?" asked, "s" in silence."""
    marks = (outcome.has_more, "!"), (outcome.is_asked, "?"), (outcome.is_silently_wrong, "s")
    mark = "".join(sign if holds else " " for holds, sign in marks)
    left_over = f"\n      left over: {' / '.join(outcome.left_over)}" if outcome.left_over else ""
    return (
        f"  {mark} {outcome.case.said}\n      order:  {in_words(outcome.order)}"
        f"\n      wanted: {in_words(outcome.case.wanted)}{left_over}\n      Maya:   {outcome.answer}"
    )


def in_words(order: Lines) -> str:
    """An order as "2 latte, oat milk; 1 mocha"."""
    lines = [", ".join([f"{quantity} {item}", *sorted(made)]) for (item, made), quantity in order.items()]
    return "; ".join(sorted(lines)) or "nothing"


if __name__ == "__main__":
    main()
