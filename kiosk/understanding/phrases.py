"""The table of phrases (english.toml) and the act that each of its entries means."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from kiosk.understanding.acts import (
    Act,
    Add,
    AddMentioned,
    AddOneOfEach,
    Again,
    CancelPayment,
    Choose,
    Clear,
    ClearBut,
    Decline,
    Matter,
    Missed,
    Modify,
    NoSuchSize,
    Number,
    OddQuantity,
    Pay,
    Perhaps,
    Raise,
    Rather,
    Remove,
    Replace,
    Say,
    SetQuantity,
    Tip,
    TipOfMoney,
    TipUnsaid,
    Topic,
    UnderAge,
    Which,
    WhichOf,
)
from kiosk.understanding.lines import Group
from kiosk.understanding.patterns import Automaton, Pattern, parsed
from kiosk.understanding.questions import (
    AskAbout,
    AskAvailable,
    AskBalance,
    AskExtreme,
    AskMenu,
    AskOrder,
    AskPayment,
    AskPrice,
    AskRecommendation,
    AskTip,
    AskTipAmount,
    AskUnder,
    AskWays,
    Extreme,
)
from kiosk.understanding.sentence import Manners
from kiosk.understanding.table import kind, told

# Of the language's file; where two phrases fit, the one that stands first is meant.
_SECTIONS = ("answers", "corrections", "orders", "changes", "questions", "money", "refusals", "reports", "talk")

_SIZES = kind("sizes")

Values = Mapping[str, Any]
Build = Callable[[Values], tuple[Act, ...]]


@dataclass(frozen=True)
class Phrase:
    """What a way of saying something means.

    Parameters:
        entry: where it stands in the table.
        acts: what it means, from what its slots read.
    """

    entry: str
    acts: Build


@dataclass(frozen=True)
class Table:
    """All ways of saying things in one language.

    Parameters:
        phrases: by their number in `automaton`.
    """

    manners: Manners
    automaton: Automaton
    phrases: tuple[Phrase, ...]


@cache
def english() -> Table:
    """The kiosk's table."""
    words: dict[str, Pattern] = {}
    for name, text in told()["words"].items():
        words[name] = parsed(text, words)
    manners = [(kind, parsed(text, words)) for kind, texts in told()["manners"].items() for text in texts]
    phrases = [found for section in _SECTIONS for found in _phrases(section, words)]
    return Table(
        Manners(Automaton(pattern for _, pattern in manners), [kind for kind, _ in manners]),
        Automaton(pattern for _, pattern in phrases),
        tuple(phrase for phrase, _ in phrases),
    )


def _phrases(section: str, words: Mapping[str, Pattern]) -> Iterator[tuple[Phrase, Pattern]]:
    for name, texts in told()[section].items():
        phrase = Phrase(f"{section}.{name}", _build(section, name))
        yield from ((phrase, parsed(text, words)) for text in texts)


def _build(section: str, name: str) -> Build:
    if section in ("talk", "answers"):
        said = (Say(Topic(name)),)
        return lambda _values: said
    meaning = _MEANINGS[f"{section}.{name}"]
    return meaning if callable(meaning) else lambda _values: meaning


# -- What is read ------------------------------------------------------------------------------------


def ordered(group: Group, **changes: bool) -> tuple[Act, ...]:
    """The orders of a group, and the words before a drink that the menu does not know."""
    adds = tuple(replace(add, **changes) if changes else add for add in group.adds if add.quantity)
    if not adds:
        return (OddQuantity(group.adds[0].item),)
    sized = [NoSuchSize(item) for item in dict.fromkeys(add.item for add in adds if _SIZES.intersection(add.unknown))]
    unknown = [word for word in group.unknown if word not in _SIZES]
    if not unknown:
        return (*adds, *sized, *group.missed)
    if len(adds) == 1 and not adds[0].modifiers:
        # "A frozen daiquiri" may be another drink than the daiquiri.
        return (Perhaps(adds, otherwise=True),)
    return (*adds, *sized, Missed(" ".join(unknown)), *group.missed)


def _asked_about(group: Group, *, otherwise: bool = False) -> tuple[Act, ...]:
    adds = tuple(add for add in group.adds if add.quantity)
    return (Perhaps(adds, otherwise),) if adds else (OddQuantity(),)


def _corrected(values: Values, **changes: bool) -> tuple[Act, ...]:
    """The first is instead of something; the rest are not so many more of what was just ordered."""
    first, *rest = ordered(
        values[next(slot for slot in ("groups", "instead_of_it", "amount", "counted") if slot in values)]
    )
    if not isinstance(first, Add):
        return (first, *rest)
    others = (replace(act, in_all=True) if isinstance(act, Add) else act for act in rest)
    return (replace(first, corrects=True, **changes), *others)


def _in_all(values: Values) -> tuple[Act, ...]:
    return ordered(values["amount"], in_all=True)


def _asked(values: Values) -> tuple[Act, ...]:
    (act,) = ordered(values["one"])
    return (replace(act, asks=True),) if isinstance(act, Add) else (act,)


def _kind(values: Values) -> tuple[Act, ...]:
    item, category = values["sort"]
    return (Remove(Which(item, everything=item is None, kind=category)),)


def _adds(values: Values) -> Sequence[Add]:
    return values["groups" if "groups" in values else "counted"].adds


def _first(values: Values) -> Add:
    return _adds(values)[0]


def _round(values: Values) -> tuple[Act, ...]:
    return (replace(_first(values), quantity=values["number"]),)


def _replace(values: Values) -> tuple[Act, ...]:
    first, *rest = values["groups" if "groups" in values else "counted"].adds
    return (Replace(first, Which(values["old"][0].item.name)), *rest)


def _replace_which(values: Values) -> tuple[Act, ...]:
    first, *rest = _adds(values)
    return (Replace(first, values["which"]), *(replace(add, corrects=True) for add in rest))


def _replace_all(values: Values) -> tuple[Act, ...]:
    return (Replace(_first(values), Which(values["old"][0].item.name, everything=True)),)


def _choice(values: Values) -> tuple[Act, ...]:
    first, *rest = values["groups"].adds
    return (Replace(first, Which(values["old"][0].item.name), is_choice=True), *rest)


def _replace_last(values: Values) -> tuple[Act, ...]:
    first, *rest = _adds(values)
    return (Replace(first), *(replace(add, corrects=True) for add in rest))


def _remove_groups(values: Values) -> tuple[Act, ...]:
    group: Group = values["groups"]
    return tuple(
        Remove(Which(add.item, add.modifiers, quantity=add.quantity if add.counted else None)) for add in group.adds
    )


def _items(values: Values) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag.item.name for tag, _ in values["items"]))


def _price(values: Values) -> tuple[Act, ...]:
    if "item" in values:
        return (AskPrice((values["item"][0].item.name,)),)
    items = _items(values)
    return (AskPrice(items, values["items"][0][1] if len(items) == 1 else ()),)


def _available(values: Values) -> tuple[Act, ...]:
    if "item" in values:
        return (AskAvailable(values["item"][0].item.name),)
    return tuple(dict.fromkeys(AskAvailable(tag.item.name, ways) for tag, ways in values["items"]))


def _category(values: Values) -> str | None:
    """A category by its own name, or by that of an item that is called so, too."""
    return values["kind"] if "kind" in values else values["item"][0].category if "item" in values else None


def _plain(values: Values) -> tuple[Act, ...]:
    return (Modify((), values.get("which", Which()), without=True),)


def _tip_and_pay(values: Values) -> tuple[Act, ...]:
    return (Tip(values["number"]), Pay())


def _by_number(values: Values) -> Which:
    return Which(quantity=values["number"])


def _instead(values: Values) -> tuple[Act, ...]:
    which = values["which"] if "which" in values else _by_number(values) if "number" in values else Which()
    return (Modify(values["ways"], which, instead_of=values["instead"]),)


_MEANINGS: dict[str, tuple[Act, ...] | Build] = {
    "orders.both": lambda v: (Modify(v["ways"], Which(everything=True)),),
    "orders.made_of_some": lambda v: (Modify(v["ways"], Which(v["item"][0].item.name, quantity=v["number"])),),
    "corrections.set_quantity": lambda v: (SetQuantity(v["number"]),),
    "corrections.set_item_quantity": lambda v: (SetQuantity(v["number"], Which(v["item"][0].item.name)),),
    "corrections.too_many": lambda v: (Remove(_by_number(v)),),
    "corrections.plain": lambda v: (Modify((), Which(v["old"][0].item.name), without=True),),
    "corrections.in_all": _in_all,
    "corrections.instead": lambda v: _corrected(v, instead=True),
    "corrections.rather": lambda v: (Rather(v["named"]),),
    "corrections.rather_other": (Rather(Which(position=0)),),
    "corrections.ways": lambda v: (Modify(v["ways"], corrects=True),),
    "corrections.remove_kind": _kind,
    "orders.corrects": _corrected,
    "orders.adds": lambda v: ordered(v["groups"] if "groups" in v else v["counted"]),
    "orders.round_for": _round,
    "orders.perhaps": lambda v: _asked_about(v["counted"]),
    "orders.perhaps_otherwise": lambda v: _asked_about(v["groups"], otherwise=True),
    "orders.odd_quantity": lambda v: (OddQuantity(v["item"][0].item.name),),
    "orders.one_of_each": lambda v: (
        AddOneOfEach(v.get("category") or (v["item"][0].category if "item" in v else None)),
    ),
    "orders.one_of_each_again": (AddOneOfEach(again=True),),
    "orders.mentioned_many": lambda v: (AddMentioned(v["number"]),),
    "orders.mentioned_one": lambda v: (AddMentioned(1, v["portion"]),),
    "orders.mentioned_by_another": (AddMentioned(1),),
    "orders.mentioned_so": lambda v: (AddMentioned(1, v["ways"]),),
    "orders.mentioned": (AddMentioned(),),
    "orders.by_price_first": (Choose(1, by_price=True),),
    "orders.by_price_last": (Choose(-1, by_price=True),),
    "orders.choose_first": (Choose(1),),
    "orders.choose_second": (Choose(2),),
    "orders.choose_third": (Choose(3),),
    "orders.choose_last": (Choose(-1),),
    "orders.choose_other": (Choose(0),),
    "orders.which_of": lambda v: (WhichOf(v["category"], (), v.get("number", 1)),),
    "orders.again_item": lambda v: (Again(v.get("number", 1), v["item"][0].item.name),),
    "orders.again_one": (Again(1),),
    "orders.again_many": lambda v: (Again(v["number"]),),
    "orders.again_another": (Again(1),),
    "orders.again": (Again(),),
    "changes.set_quantity": lambda v: (SetQuantity(v["number"], v.get("which", Which())),),
    "changes.set_item_quantity": lambda v: (SetQuantity(v["number"], Which(v["item"][0].item.name)),),
    "changes.leave_out": lambda v: (Modify(v["ways"], v.get("which", Which()), without=True),),
    "changes.modify_some": lambda v: (Modify(v["ways"], _by_number(v)),),
    "changes.modify_instead": _instead,
    "changes.modify": lambda v: (
        Modify(v["ways"], next((v[name] for name in ("which", "all", "named", "one") if name in v), Which())),
    ),
    "changes.plain": _plain,
    "changes.single": lambda v: (Modify(("single",), v.get("which", Which()), without=True),),
    "changes.replace_choice": _choice,
    "changes.replace_old": _replace,
    "changes.replace_all": _replace_all,
    "changes.replace_which": _replace_which,
    "changes.replace_last": _replace_last,
    "changes.remove_some": lambda v: (Remove(_by_number(v)),),
    "changes.remove_one": (Remove(Which(quantity=1)),),
    "changes.remove_groups": _remove_groups,
    "changes.remove": lambda v: (Remove(v["which"]),),
    "changes.remove_last": (Remove(),),
    "changes.clear_but": lambda v: (ClearBut(v["item"][0].item.name),),
    "changes.clear": (Clear(),),
    "questions.menu": (AskMenu(),),
    "questions.menu_of": lambda v: (AskMenu(_category(v)),),
    "questions.available": _available,
    "questions.ways": lambda v: (AskWays(v["ways"]),),
    "questions.price": _price,
    "questions.price_of_way": lambda v: (AskPrice((), v["ways"]),),
    "questions.price_of_that": (AskPrice(),),
    "questions.about": lambda v: (AskAbout(v["item"][0].item.name),),
    "questions.about_that": (AskAbout(),),
    "questions.recommend_for": lambda v: (AskRecommendation(v.get("taste") or _category(v) or ""),),
    "questions.recommend": (AskRecommendation(),),
    "questions.strongest": (AskExtreme(Extreme.STRONGEST),),
    "questions.cheapest": (AskExtreme(Extreme.CHEAPEST),),
    "questions.dearest": (AskExtreme(Extreme.DEAREST),),
    "questions.under": lambda v: (AskUnder(v["number"]),),
    "questions.order": (AskOrder(),),
    "questions.balance": (AskBalance(),),
    "questions.tip": (AskTip(),),
    "questions.tip_amount": lambda v: (AskTipAmount(v["number"]),),
    "questions.tip_of_money": (TipOfMoney(),),
    "questions.offers": (Raise(Matter.OFFERS),),
    "questions.tax": (Raise(Matter.TAX),),
    "questions.receipt": (Raise(Matter.RECEIPT),),
    "questions.order_number": (Raise(Matter.ORDER_NUMBER),),
    "questions.wrong_order": (Raise(Matter.WRONG_ORDER),),
    "questions.split": (Raise(Matter.SPLIT),),
    "questions.dispute": (Raise(Matter.DISPUTE),),
    "questions.at_bar": (Raise(Matter.AT_BAR),),
    "questions.cash_info": (Raise(Matter.CARDS),),
    "questions.check_ids": (Raise(Matter.IDS),),
    "questions.under_age": lambda v: (UnderAge(v.get("number")),),
    "questions.allergy": (Say(Topic.ALLERGY),),
    "questions.privacy": (Raise(Matter.PRIVACY),),
    "questions.bar": (Raise(Matter.BAR),),
    "money.tip": lambda v: (Tip(v["number"]),),
    "money.tip_and_pay": _tip_and_pay,
    "money.no_tip": (Tip(None),),
    "money.tip_unsaid": (TipUnsaid(),),
    "money.pay": (Pay(),),
    "money.payment": (AskPayment(),),
    "money.cancel_payment": (CancelPayment(),),
    "money.number": lambda v: (Number(v["number"]),),
    "refusals.decline_definite": lambda v: (Decline(v["item"][0].item.name, definite=True),),
    "refusals.decline": lambda v: (Decline(v["bare"][0].item.name if "bare" in v else v["refused"]),),
    "reports.firm": (Say(Topic.STATEMENT),),
    "reports.told": (Say(Topic.STATEMENT),),
}
