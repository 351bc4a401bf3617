"""What a plan is made of: calls that the menu allows, one line put in place of another, what is confirmed first."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from kiosk.bartender.order_lines import missing_choice
from kiosk.bartender.plan import Plan, Unfinished, Wanted
from kiosk.bartender.replies import Phrasebook, listed
from kiosk.bartender.tally import ADD, OrderedLine, Tally
from kiosk.menu import SIZE, Item, Menu, NotAllowedError
from kiosk.understanding.acts import Add

# An order of this many drinks is confirmed first, and one of so much as the menu's `large_order`.
MANY_DRINKS = 10
# What waits for no confirmation of anything else.
_AT_ONCE = frozenset({"serve_no_alcohol", "call_staff"})


class Planner:
    """Puts together the plan for one request.

    Parameters:
        tally: where the order stands.
        before: the plan whose question this request may answer.
        now: by the bar's clock.
    """

    def __init__(self, menu: Menu, tally: Tally, before: Plan | None, now: datetime | None = None) -> None:
        self._menu = menu
        self._now = now or datetime.now()
        self._book = Phrasebook(menu, self._now)
        self._tally = tally
        self._before = before or Plan()
        self._plan = Plan()

    def _ask_which(self, names: tuple[str, ...], quantity: int) -> None:
        self._plan.options, self._plan.quantity = names, quantity
        self._say(f"Which one: {listed(names).replace(' and ', ' or ')}?")

    def _add(
        self,
        name: str,
        quantity: int,
        modifiers: tuple[str, ...],
        without: tuple[str, ...] = (),
        note: str | None = None,
    ) -> None:
        modifiers = self._makeable(name, modifiers)
        if self._possible(name, modifiers):
            self._plan.calls.append(adding(name, quantity, modifiers, without, note))

    def _add_like(self, line: OrderedLine, quantity: int) -> None:
        """`quantity` more of what is on the order already, made as that is."""
        self._add(line.item, quantity, line.modifiers, line.without, line.note)

    def _exchange(self, gone: OrderedLine, quantity: int, new: Add) -> None:
        """Take `quantity` of a line off and put `new` there; if that cannot be had, all stays as it was."""
        away: Wanted = ("remove_from_order", {"item_name": self._called(gone), "quantity": quantity})
        back = adding(gone.item, quantity, gone.modifiers, gone.without, gone.note)
        note = gone.note if new.item == gone.item else None
        _, arguments = adding(new.item, new.quantity, self._makeable(new.item, new.modifiers), new.without, note)
        if missing_choice(self._menu, arguments):
            # Asked before anything is taken off.
            self._plan.unfinished = (*self._plan.unfinished, Unfinished(arguments, (away, back)))
            self._plan.asks_choice = True
            return
        self._plan.calls.append(away)
        taken_off = len(self._plan.calls) - 1
        self._add(new.item, new.quantity, new.modifiers, new.without, note)
        self._plan.needs[taken_off + 1] = taken_off
        self._plan.amends[taken_off + 1] = back

    def _called(self, line: OrderedLine) -> str:
        """What the tools know a line by: its item, and how it is made where others of it are made otherwise."""
        if sum(other.item == line.item for other in self._tally.lines) < 2:
            return line.item
        left_out = f"without {listed(line.without)}" if line.without else ""
        return " ".join(filter(None, [*(line.modifiers or ["plain"]), line.item, left_out]))

    def _menu_modifiers(self, name: str, modifiers: Iterable[str]) -> tuple[str, ...] | None:
        """The modifiers as they stand on an order; None: the drink cannot be had so."""
        try:
            return tuple(spoken.text for spoken in self._menu.resolve_modifiers(self._item(name), modifiers))
        except NotAllowedError:
            return None

    def _makeable(self, name: str, modifiers: tuple[str, ...]) -> tuple[str, ...]:
        """`modifiers` without those that say no more than that the item is as it always is.

        A lemonade does not come neat; who wants it without ice gets it plain, not refused.
        """
        allowed = self._menu.allowed_modifiers(self._item(name))
        # Sizes are none: who wants a small one is told that there is none.
        groups = {modifier.group for modifier in allowed if modifier.group} - {SIZE}
        kept = []
        for modifier in modifiers:
            found = self._menu.find_modifier(modifier)
            opposite = found and found.modifier not in allowed and found.modifier.group in groups
            if not opposite:
                kept.append(modifier)
        return tuple(kept)

    def _multiplies(self, modifier: str) -> bool:
        """Whether it makes more of a drink, as "double" does."""
        found = self._menu.find_modifier(modifier)
        return found is not None and found.modifier.multiply != 1

    def _possible(self, name: str, modifiers: Iterable[str]) -> bool:
        known = self._without_wishes(modifiers)
        try:
            self._menu.resolve_modifiers(self._item(name), known)
        except NotAllowedError:
            self._refuse(self._item(name), known)
            return False
        return True

    def _without_wishes(self, modifiers: Iterable[str]) -> list[str]:
        """`modifiers` but for what the menu does not know, where the tool passes that on to the bar as a note."""
        return [name for name in modifiers if not self._menu.bar.notes or self._menu.find_modifier(name)]

    def _refuse(self, item: Item, modifiers: Iterable[str]) -> None:
        allowed = self._menu.allowed_modifiers(item)
        found = [(name, self._menu.find_modifier(name)) for name in modifiers]
        refused = [name for name, spoken in found if spoken is None or spoken.modifier not in allowed]
        self._say(f"I can't make {self._book.counted(item.name)} {listed(refused)}, I'm afraid.")
        if not self._tally.quantity_of(item.name):
            self._plan.on_yes = [adding(item.name, 1, ())]
            self._say("Would you like a plain one?")

    def _confirm_large_orders(self) -> None:
        added = [arguments for name, arguments in self._plan.calls if name == ADD]
        corrects = any(name == "remove_from_order" for name, _ in self._plan.calls)
        if self._plan.calls == self._before.on_yes or not added or corrects:
            return
        drinks = sum(arguments["quantity"] for arguments in added)
        # Whatever is on offer: the same order is asked about at any hour, also when it is read again later.
        worth = sum(self._price(arguments) * arguments["quantity"] for arguments in added)
        if drinks >= MANY_DRINKS or worth >= self._menu.bar.large_order:
            said = listed([self._book.line({**a, "item": a["item_name"]}) for a in added])
            at_once = [call for call in self._plan.calls if call[0] in _AT_ONCE]
            self._plan.on_yes = [call for call in self._plan.calls if call not in at_once]
            self._plan.calls = at_once
            self._say(f"That's {said}. Is that right?")

    def _price(self, arguments: dict[str, Any], at: datetime | None = None) -> Decimal:
        item = self._item(arguments["item_name"])
        known = self._without_wishes(arguments["modifiers"])
        return self._menu.unit_price(item, self._menu.resolve_modifiers(item, known), at)

    def _item(self, name: str) -> Item:
        return next(item for item in self._menu.items if item.name == name)

    def _tip(self, percentage: int | None) -> None:
        if percentage == self._tally.tip:
            self._say(f"Your tip is {percentage}% already." if percentage else "There's no tip on your tab.")
        elif percentage is None or percentage in self._menu.bar.tips:
            self._call("set_tip", percentage=percentage)
        else:
            self._offer_tips("I can do {}: which would you like?")

    def _offer_tips(self, sentence: str) -> None:
        """Ask which tip it should be; `sentence` has a place for those that there are."""
        offered = self._menu.bar.tips
        self._plan.asks_tip = True
        if len(offered) == 1:
            self._plan.on_yes = [("set_tip", {"percentage": offered[0]})]
            sentence = "I can do {}: would you like that?"
        self._say(sentence.format(self._book.tips))

    def _call(self, name: str, **arguments: Any) -> None:
        self._plan.calls.append((name, arguments))

    def _say(self, sentence: str) -> None:
        self._plan.say.append(sentence)


def adding(
    name: str, quantity: int, modifiers: Iterable[str], without: Iterable[str] = (), note: str | None = None
) -> Wanted:
    """The call that puts it on the order."""
    arguments: dict[str, Any] = {"item_name": name, "modifiers": list(modifiers), "quantity": quantity}
    left_out = list(without)
    return ADD, arguments | ({"without": left_out} if left_out else {}) | ({"note": note} if note else {})
