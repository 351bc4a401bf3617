"""What Maya does about what a guest meant: the calls to make, or what to say when there are none."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from kiosk.bartender.changing import Changer
from kiosk.bartender.handlers import handled
from kiosk.bartender.handlers.age import fit_for_the_young
from kiosk.bartender.handlers.drinks import allergens
from kiosk.bartender.knowledge import Knowledge
from kiosk.bartender.plan import Plan
from kiosk.bartender.planner import adding
from kiosk.bartender.replies import SORRY, TALK, capital, listed, pick
from kiosk.bartender.sense import leaving_the_bill, parting, settled
from kiosk.bartender.situation import Situation
from kiosk.bartender.tally import Tally
from kiosk.menu import Menu
from kiosk.understanding.acts import (
    THAT,
    Act,
    Add,
    AddMentioned,
    AddOneOfEach,
    Again,
    AskAbout,
    AskAvailable,
    AskBalance,
    AskMenu,
    AskOrder,
    AskPayment,
    AskPrice,
    AskRecommendation,
    AskTip,
    CancelPayment,
    Choose,
    Clear,
    ClearBut,
    Decline,
    Matter,
    Missed,
    Modify,
    NotOnMenu,
    Number,
    OddQuantity,
    Pay,
    Perhaps,
    Raise,
    Remove,
    Replace,
    Say,
    SetQuantity,
    Tip,
    TipUnsaid,
    Topic,
    Unclear,
    Which,
    WhichOf,
)

# An answer that is longer is not listened to; the menu is.
MOST_WORDS = 25
# More prices than these are the tab that is asked for.
_MOST_PRICES = 3

# Talk that is only the manner of a request when there is one.
_MANNERS = frozenset(Topic) - {Topic.STATEMENT, Topic.ALLERGY, Topic.STAFF}
# After these the question that Maya asked still stands.
_NO_ANSWER = (Topic.WAIT, Topic.REPEAT, Topic.UNDECIDED)


class Decider(Changer):
    """Turns acts into a plan for one request.

    Parameters:
        tally: where the order stands.
        before: the plan whose question this request may answer.
        turn: how many exchanges there were, to vary what is said.
        last_said: Maya's last answer.
        offers_another: after so much talk it is time for another drink.
        knowledge: what there is to tell of drinks.
        now: by the bar's clock.
    """

    def __init__(
        self,
        menu: Menu,
        tally: Tally,
        before: Plan | None,
        turn: int,
        last_said: str = "",
        offers_another: bool = False,
        knowledge: Knowledge | None = None,
        now: datetime | None = None,
    ) -> None:
        super().__init__(menu, tally, before, now)
        self._turn = turn
        self._last_said = last_said
        self._offers_another = offers_another
        self._knowledge = knowledge or Knowledge([])
        self._situation = Situation(menu, self._book, tally, self._before, turn, self._knowledge, self._now)
        self._wants_no_more = False

    def decide(self, acts: Iterable[Act]) -> Plan:
        """The plan for `acts`, in their order; the bill comes last, and talk only where nothing else is."""
        told = list(settled(acts))
        # "No thanks, just the lemonade": nothing more than that.
        self._wants_no_more = any(isinstance(act, Say) and act.topic in (Topic.NO, Topic.DONE) for act in told)
        told = list(fit_for_the_young(leaving_the_bill(parting(told)), self._menu))
        answers = [act for act in told if isinstance(act, Say) and act.topic in (Topic.YES, Topic.OKAY)]
        if answers and not self._says_itself_what(told):
            self._yes()
        for act in sorted(told, key=lambda act: isinstance(act, Pay) or act == Raise(Matter.AT_BAR)):
            if not (isinstance(act, Say) and act.topic in _MANNERS):
                self._act(act)
        if not self._plan.calls and not self._plan.say:
            manners = [act for act in told if isinstance(act, Say) and act.topic in _MANNERS]
            for act in [act for act in manners if act not in answers] or manners:
                self._act(act)
        self._confirm_large_orders()
        if told and all(_leaves_question_open(act) for act in told):
            self._plan.question_of(self._before)
        if not self._plan.calls and not self._plan.say and not self._plan.asks_choice:
            talk = list(dict.fromkeys(self._plan.talk))[-2:]
            if len(" ".join(talk).split()) > MOST_WORDS:
                talk = talk[-1:]
            self._plan.say = talk or [pick(SORRY, self._turn)]
            is_talk = all(isinstance(act, Say) and act.topic in _MANNERS - {Topic.BYE} for act in told)
            if self._offers_another and is_talk and self._plan.talk and self._tally.batch:
                self._offer_another()
        return self._plan

    def tell_allergens(self, named: Sequence[str]) -> Plan:
        """The plan for a question about what is in `named`, or in what was just talked about."""
        return allergens(named, self._plan, self._situation)

    def _offer_another(self) -> None:
        line = self._tally.batch[-1]
        # One question at a time.
        sentences = re.split(r"(?<=[.!?]) ", self._plan.talk[-1])
        told = " ".join(sentence for sentence in sentences if not sentence.endswith("?"))
        self._plan.say = [f"{told} Would you like another {line.item}?".lstrip()]
        self._plan.on_yes = [adding(line.item, 1, line.modifiers, line.without, line.note)]

    def _says_itself_what(self, acts: list[Act]) -> bool:
        """Whether a yes among `acts` only repeats, or is only the manner of, what else is said."""
        named = {act.item for act in acts if isinstance(act, Add)}
        offered = {arguments.get("item_name") for _, arguments in self._before.on_yes}
        offered |= set(self._before.options)
        plain_yes = any(isinstance(act, Say) and act.topic is Topic.YES for act in acts)
        others = [act for act in acts if not isinstance(act, Say)]
        return bool(others) and (not plain_yes or bool(named & offered))

    def _yes(self) -> None:
        if self._before.on_yes:
            self._plan.calls += self._before.on_yes
            self._plan.needs = dict(self._before.needs)
        elif len(self._before.options) == 1:
            self._add(self._before.options[0], self._before.quantity, ())
        elif len(self._before.options) > 1:
            self._ask_which(self._before.options, self._before.quantity)

    def _act(self, act: Act) -> None:
        if plan := handled(act, self._plan, self._situation):
            self._plan = plan
            return
        match act:
            case Add(definite=True, modifiers=()) if self._wants_no_more and self._tally.quantity_of(act.item):
                self._plan.talk.append(pick(TALK[Topic.DONE], self._turn))
            case Add():
                self._order(act)
            case AddMentioned(quantity, modifiers):
                self._add_mentioned(quantity or self._before.quantity, modifiers)
            case Choose(position, by_price):
                self._choose(position, by_price)
            case AddOneOfEach(again=True) if self._tally.lines:
                for line in self._tally.lines:
                    self._add_like(line, 1)
            case AddOneOfEach(category):
                names = [item.name for item in self._menu.items if item.category == category]
                for name in names or self._before.mentioned or self._tally.named:
                    self._add(name, 1, ())
            case Again(quantity, item):
                self._again(quantity, item)
            case Remove(which):
                self._remove(which)
            case Decline(item, definite):
                if definite and item and self._tally.quantity_of(item):
                    self._remove(Which(item))
                elif item and self._tally.quantity_of(item):
                    self._plan.on_yes = [("remove_from_order", {"item_name": item, "quantity": None})]
                    self._say(f"Shall I take the {item} off your order?")
                else:
                    self._say("All right, nothing of that. What can I get you?" if item else "All right.")
            case Replace(new, which, is_choice):
                self._replace(new, which, is_choice)
            case SetQuantity(quantity, which):
                self._set_quantity(quantity, which)
            case Modify():
                self._modify(act)
            case Clear():
                self._call("clear_order")
            case ClearBut(item):
                for other in dict.fromkeys(line.item for line in self._tally.lines if line.item != item):
                    self._call("remove_from_order", item_name=other, quantity=None)
            case Tip(percentage):
                self._tip(percentage)
            case TipUnsaid():
                self._offer_tips("How much would you like to tip: {}?")
            case Pay():
                self._call("create_stripe_payment")
            case AskPayment():
                self._call("check_payment_status")
            case CancelPayment():
                self._say("All right, no hurry. Your tab stays open.")
            case Number(value):
                self._number(value)
            case AskOrder():
                self._call("get_order")
            case AskBalance():
                self._call("get_balance")
            case AskTip():
                self._call("get_tip")
            case AskRecommendation(preference):
                self._call("get_recommendation", preference=preference)
            case Say(Topic.REPEAT) if self._last_said:
                self._say(self._last_said)
            case Say(topic):
                self._plan.talk.append(pick(TALK[topic], self._turn))
            case _:
                self._talk_of_drinks(act)

    def _talk_of_drinks(self, act: Act) -> None:
        match act:
            case AskMenu(None):
                self._call("get_menu")
                self._say(self._book.whole_menu())
            case AskMenu(str(category)):
                self._call("get_menu")
                self._plan.listed = tuple(item.name for item in self._menu.items if item.category == category)
                self._say(self._book.category(category))
            case AskPrice((name,), modifiers) if modifiers and self._menu_modifiers(name, modifiers) is not None:
                self._plan.options, self._plan.ways = (name,), modifiers
                price = self._price({"item_name": name, "modifiers": modifiers}, self._now)
                self._say(f"{capital(self._book.counted(name, 1, modifiers))} is {self._book.amount(price)}.")
            case AskPrice((), modifiers) if modifiers and (names := self._before.mentioned or self._named_last()):
                self._act(AskPrice(names[:1], modifiers))
            case AskPrice(items):
                priced = [self._item(name) for name in items or self._before.options or self._tally.named]
                if priced and len(priced) <= _MOST_PRICES:
                    self._plan.options = tuple(item.name for item in priced)
                    self._plan.listed = tuple(dict.fromkeys((*self._before.mentioned, *self._plan.options)))
                    self._say(capital(listed([self._book.price(item) for item in priced])) + ".")
                else:
                    self._call("get_order")
            case AskAvailable(name):
                self._available(name)
            case AskAbout(name):
                self._about(name)
            case NotOnMenu(name, offers):
                self._plan.options = offers[:2]
                instead = listed([self._book.counted(offer) for offer in offers[:2]]).replace(" and ", " or ")
                question = f"How about {instead}?" if offers else "Shall I suggest something?"
                if not offers:
                    self._plan.on_yes = [("get_recommendation", {"preference": ""})]
                self._say(f"We don't have {name}, I'm afraid. {question}")
            case WhichOf(name, items, quantity):
                names = items or tuple(item.name for item in self._menu.items if item.category == name)
                self._ask_which(names, quantity)
            case Perhaps(adds):
                self._plan.on_yes = [adding(add.item, add.quantity, add.modifiers, add.without) for add in adds]
                drinks = listed(
                    [self._book.counted(add.item, add.quantity, add.modifiers, add.without) for add in adds]
                )
                self._say(f"Did you want {drinks}?")
            case OddQuantity(name):
                self._plan.options = (name,) if name else ()
                self._say(f"How many {self._book.plural(name)} would you like?" if name else "How many would you like?")
            case Missed(words):
                self._say(f'Only "{words}" I didn\'t understand.')
            case Unclear():
                if not self._plan.calls and not self._plan.say:
                    self._say(pick(SORRY, self._turn))

    def _available(self, name: str) -> None:
        question = "Would you like one?"
        if self._plan.options:
            # One question at a time.
            self._plan.say[-1] = self._plan.say[-1].removesuffix(f" {question}")
            question = "Which would you like?"
        self._plan.options = (*self._plan.options, name)
        self._say(f"Yes, {self._book.price(self._item(name))}. {question}")

    def _about(self, name: str | None) -> None:
        self._plan.tells_about = True
        named = name or next(iter(self._before.options or self._tally.named), None)
        if named is None:
            self._say(pick(SORRY, self._turn))
            return
        item = self._item(named)
        if passage := self._knowledge.about(item.name):
            self._plan.options = (item.name,)
            self._say(f"{passage.gist} It's {self._book.cost(item)}.")
            return
        tags = listed([tag for tag in item.tags if tag != "sobering"])
        character = f", {tags}" if tags else ""
        self._plan.options = (item.name,)
        kind = item.category.lower()
        self._say(f"{item.name} is one of our {kind}{character}, at {self._book.cost(item)}.")

    def _named_last(self) -> tuple[str, ...]:
        return (self._tally.last.item,) if self._tally.last else ()

    def _add_mentioned(self, quantity: int, modifiers: tuple[str, ...] = ()) -> None:
        names = self._before.mentioned or tuple(self._tally.named)
        if len(names) == 1:
            self._add(names[0], quantity, modifiers or self._before.ways)
        elif names:
            self._ask_which(tuple(names), quantity)
        elif last := self._tally.last:
            self._add_like(last, quantity)
        else:
            self._say("Which drink would you like?")

    def _choose(self, position: int, by_price: bool) -> None:
        names = self._before.mentioned or tuple(self._tally.named)
        if by_price:
            names = tuple(sorted(self._before.listed or names, key=self._price_now))
        index = position - 1 if position > 0 else -1
        if len(names) > max(index, 0):
            self._add(names[index], self._before.quantity, ())
        else:
            self._say("Which drink would you like?")

    def _price_now(self, name: str) -> Decimal:
        return self._menu.price_of(self._item(name), self._now)

    def _again(self, quantity: int | None, item: str | None) -> None:
        if item:
            line = next(iter(self._lines(Which(item))), None)
            if line:
                self._add_like(line, quantity or 1)
            else:
                self._add(item, quantity or 1, ())
        elif not self._tally.batch and self._before.mentioned:
            self._add_mentioned(quantity or 1)
        elif not self._tally.batch:
            self._say("You haven't ordered yet. What can I get you?")
        elif quantity is not None:
            line = self._tally.batch[-1]
            self._add_like(line, quantity)
        else:
            for line in self._tally.batch:
                self._add_like(line, line.quantity)

    def _number(self, value: int) -> None:
        if self._before.asks_tip:
            self._tip(value)
        elif self._before.options:
            self._add_mentioned(value)
        else:
            self._set_quantity(value, THAT)


def _leaves_question_open(act: Act) -> bool:
    return isinstance(act, Unclear) or (isinstance(act, Say) and act.topic in _NO_ANSWER)
