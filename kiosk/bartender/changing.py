"""What Maya does about changes of an order: which lines are meant, and what becomes of them."""

from dataclasses import replace

from kiosk.bartender.planner import Planner, adding
from kiosk.bartender.replies import capital
from kiosk.bartender.tally import ADD, OrderedLine
from kiosk.understanding.acts import THAT, Add, Modify, Which

# After these a bare number that is a tip is meant as one.
_ABOUT_MONEY = ("set_tip", "get_tip", "create_stripe_payment")


class Changer(Planner):
    """Plans changes of what was ordered."""

    def _lines(self, which: Which) -> list[OrderedLine]:
        """The lines that are meant, the one most likely meant first."""
        latest = list(reversed(self._tally.lines))
        named = [line for line in latest if which.item in (None, line.item)]
        if which.modifiers == ("plain",):
            named = [line for line in named if not line.modifiers]
        elif which.modifiers:
            named = [line for line in named if set(which.modifiers) <= set(line.modifiers)]
        if which.everything:
            return self._all_of(named) if which.item is None else named
        match which.position:
            case None:
                return named[:1]
            case 0:
                return named[1:2] or named[:1]
            case place if place > 0:
                # Places count in the order in which things were ordered.
                return named[::-1][place - 1 : place]
            case _:
                return named[:1]

    def _all_of(self, lines: list[OrderedLine]) -> list[OrderedLine]:
        batch = {(line.item, line.modifiers) for line in self._tally.batch}
        recent = [line for line in lines if (line.item, line.modifiers) in batch]
        return recent if sum(line.quantity for line in recent) > 1 else lines

    def _order(self, act: Add) -> None:
        """An order, or a change of one where it says so: "the martini dirty", "no, two martinis"."""
        line = next(iter(self._lines(Which(act.item))), None)
        recent = any(line.item == act.item for line in self._tally.batch)
        definite = act.definite or act.uncounted
        if line and definite and act.modifiers and not set(act.modifiers) <= set(line.modifiers):
            self._modify(Modify(act.modifiers, Which(act.item)))
        elif line and definite and act.without and not set(act.without) <= set(line.without):
            self._modify(Modify(act.without, Which(act.item), without=True))
        elif line and recent and act.corrects and act.quantity != line.quantity:
            self._exchange(line, line.quantity, replace(act, modifiers=act.modifiers or line.modifiers))
        else:
            self._add(act.item, act.quantity, act.modifiers, act.without)

    def _remove(self, which: Which) -> None:
        lines = self._lines(which)
        if not lines:
            named = self._book.counted(which.item, 1, which.modifiers) if which.item else ""
            self._say(f"I don't see {named} on your order." if named else "There's nothing like that on your order.")
            return
        whole_item = which.item is not None and not which.modifiers and which.position is None
        if whole_item or which.everything:
            for item in dict.fromkeys(line.item for line in lines):
                ordered = self._tally.quantity_of(item)
                number = None if which.quantity is None else min(which.quantity, ordered)
                self._call("remove_from_order", item_name=item, quantity=number)
            return
        (line,) = lines
        number = min(which.quantity or line.quantity, line.quantity)
        whole = number == self._tally.quantity_of(line.item)
        self._call("remove_from_order", item_name=self._called(line), quantity=None if whole else number)

    def _replace(self, new: Add, which: Which, is_choice: bool) -> None:
        if not self._possible(new.item, new.modifiers):
            return
        lines = self._lines(which)
        same = next(iter(self._lines(Which(new.item))), None)
        if not lines and which.item and is_choice:
            self._add(new.item, new.quantity, new.modifiers, new.without)
        elif not lines and which.item:
            self._plan.on_yes = [adding(new.item, new.quantity, new.modifiers, new.without)]
            instead = self._book.counted(new.item, new.quantity, new.modifiers, new.without)
            self._say(f"There's no {which.item} on your order. Would you like {instead}?")
        elif not lines and which != THAT:
            self._say("Which drink do you mean?")
        elif which.quantity:
            quantity = min(which.quantity, lines[0].quantity)
            self._exchange(lines[0], quantity, replace(new, quantity=quantity))
        elif which.item or which.modifiers or which.position is not None:
            # "The beers should be IPAs": as many as there were, where no number is said.
            quantity = lines[0].quantity if new.uncounted else new.quantity
            self._exchange(lines[0], min(lines[0].quantity, quantity), replace(new, quantity=quantity))
        elif same:
            # "Make that two martinis": what stands is corrected, not added to.
            self._exchange(same, same.quantity, replace(new, modifiers=new.modifiers or same.modifiers))
        elif last := self._tally.last:
            self._exchange(last, last.quantity, replace(new, quantity=last.quantity) if new.uncounted else new)
        else:
            self._add(new.item, new.quantity, new.modifiers, new.without)

    def _set_quantity(self, quantity: int, which: Which) -> None:
        line = next(iter(self._lines(which)), None)
        about_tip = self._before.asks_tip or self._tally.latest in _ABOUT_MONEY
        if which == THAT and about_tip and quantity in self._menu.bar.tips:
            self._tip(quantity)
        elif (asked := self._before.asked_for) and which.item in (None, asked["item_name"]):
            self._add(
                asked["item_name"], quantity, tuple(asked["modifiers"]), tuple(asked.get("without", ())),
                asked.get("note"),
            )  # fmt: skip
        elif which == THAT and len(named := self._before.options) == 1 and not self._tally.quantity_of(named[0]):
            self._add(named[0], quantity, self._before.ways)
        elif line is None:
            self._say("Of which drink?")
        elif quantity > line.quantity:
            self._add_like(line, quantity - line.quantity)
        elif quantity < line.quantity:
            self._call("remove_from_order", item_name=self._called(line), quantity=line.quantity - quantity)
        else:
            self._say(f"{capital(self._book.counted(line.item, quantity))} it is.")

    def _modify(self, act: Modify) -> None:
        if self._amend(act):
            return
        lines = self._lines(act.which)
        if not lines:
            self._say("Which drink shall I make that?")
            return
        changed = [line for line in lines if self._made(line, act) is not None]
        if act.which.everything and not changed:
            changed = lines[:1]
        for line in changed if act.which.everything else lines:
            self._make(line, act)

    def _amend(self, act: Modify) -> bool:
        """Whether the change is of what this very request asks for, or of the drink that was just talked about."""
        points = act.which.item is None and not act.which.modifiers and act.which.position is None
        if not points:
            return False
        match self._plan.calls:
            case [*_, (name, arguments)] if name == ADD and act.without and act.modifiers:
                arguments["without"] = [*arguments.get("without", ()), *act.modifiers]
                return True
            case _ if act.without:
                return False
            case [*_, (name, arguments)] if name == ADD:
                made = (*arguments["modifiers"], *act.modifiers)
                if self._possible(arguments["item_name"], made):
                    arguments["modifiers"] = list(made)
                return True
        match self._before.options or tuple(self._tally.named):
            case [name] if not self._tally.quantity_of(name):
                self._add(name, act.which.quantity or self._before.quantity, act.modifiers)
                return True
        return False

    def _made(self, line: OrderedLine, act: Modify) -> tuple[str, ...] | None:
        """The modifiers that a line is to have; None: it cannot be had so."""
        if not act.without:
            kept = tuple(name for name in line.modifiers if name not in act.instead_of)
            wanted = (*self._without_opposites(line, act.modifiers, kept), *self._makeable(line.item, act.modifiers))
        elif act.modifiers == ("single",):
            wanted = tuple(name for name in line.modifiers if not self._multiplies(name))
        elif act.modifiers and self._are_opposites(line, act.modifiers):
            # "No, on the rocks", of one that was to be neat.
            wanted = (*line.modifiers, *act.modifiers)
        else:
            wanted = tuple(name for name in line.modifiers if act.modifiers and name not in act.modifiers)
        return self._menu_modifiers(line.item, wanted)

    def _left_out(self, line: OrderedLine, act: Modify) -> tuple[str, ...]:
        """What is to be left out of the line."""
        if not act.without:
            return tuple(name for name in line.without if name not in act.modifiers)
        contained = (name for name in act.modifiers if name in self._item(line.item).contains)
        return tuple(dict.fromkeys([*line.without, *contained]))

    def _are_opposites(self, line: OrderedLine, modifiers: tuple[str, ...]) -> bool:
        found = [self._menu.find_modifier(name) for name in (*line.modifiers, *modifiers)]
        groups = [spoken.modifier.group for spoken in found if spoken and spoken.modifier.group]
        return not set(modifiers) & set(line.modifiers) and len(groups) > len(set(groups))

    def _without_opposites(self, line: OrderedLine, wanted: tuple[str, ...], kept: tuple[str, ...]) -> tuple[str, ...]:
        """`kept` without what is the opposite of something wanted that the item does not come with by name."""
        gone = set(wanted) - set(self._makeable(line.item, wanted))
        groups = {found.modifier.group for name in gone if (found := self._menu.find_modifier(name))}
        found = {name: self._menu.find_modifier(name) for name in kept}
        return tuple(name for name, spoken in found.items() if not (spoken and spoken.modifier.group in groups))

    def _make(self, line: OrderedLine, act: Modify) -> None:
        made = self._made(line, act)
        if made is None:
            self._possible(line.item, act.modifiers)
            return
        without = self._left_out(line, act)
        if (made, without) == (line.modifiers, line.without):
            self._say(f"{capital(self._book.counted(line.item, line.quantity, made, without, line.note))} it is.")
            return
        quantity = min(act.which.quantity or line.quantity, line.quantity)
        self._exchange(line, quantity, Add(line.item, quantity, made, without))
