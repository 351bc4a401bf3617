"""Maya's sentences. Amounts stand as "$12.50"; the voice speaks them as a person would."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from kiosk import tips
from kiosk.line_text import times
from kiosk.menu import Item, Menu
from kiosk.plurals import plural
from kiosk.understanding.acts import Topic
from kiosk.understanding.numbers import number_words

ELSE = ("And what else?", "Go on, what else?", "What else would you like?")

HELLO = (
    "Hi there! What can I get you?",
    "I'm all ears. What would you like?",
    "Just tell me what you'd like.",
)

SORRY = (
    "Sorry, I didn't catch that. What can I get you?",
    "Sorry, could you say that once more?",
    "I'm afraid I missed that. What would you like?",
)

TALK: Mapping[Topic, Sequence[str]] = {
    Topic.GREETING: ("Hello! What can I get you?", "Hi there! What would you like?"),
    Topic.THANKS: ("You're welcome!", "My pleasure!", "Any time!"),
    Topic.BYE: ("Good night, and see you soon!", "Take care, come back soon!"),
    Topic.YES: ("Lovely. What can I get you?", "Great. What would you like?"),
    Topic.OKAY: ("Good. What can I get you?", "All right. Just say when you need something."),
    Topic.NO: ("All right. Just say when you need something.", "No problem. I'm here if you need anything."),
    Topic.DONE: ("All right. Just say when you'd like to pay.", "Perfect. Tell me when you want to pay."),
    Topic.WAIT: ("Take your time.", "No hurry."),
    Topic.HELP: ("Tell me what you'd like, add a tip if you like, and say when you want to pay.",),
    Topic.ORDERING: ("Of course. What would you like?", "Sure. What will it be?"),
    Topic.HOW_ARE_YOU: (
        "Wonderful, thanks for asking! What can I get you?",
        "Very well, thank you! And what will you have?",
    ),
    Topic.WHO_ARE_YOU: (
        "I'm Maya, the machine that takes the orders here.",
        "My name is Maya. I'm a machine; people pour the drinks.",
    ),
    Topic.ROBOT: ("I'm a machine, not a person. The people behind the counter pour what I write down.",),
    Topic.WEATHER: ("In here it's always a fine evening.", "Whatever it does outside, it's cosy at the bar."),
    Topic.JOKE: (
        "A man asked me for a drink with a twist. So I told him how the story ends.",
        "I'd tell you a whiskey joke, but it needs to age.",
    ),
    Topic.STORY: ("Every order here has a story. Start yours.",),
    Topic.COMPLIMENT: ("That's kind of you!", "You made my evening!"),
    Topic.FEELING_LOW: (
        "Sorry to hear that. Something warm and classy might help.",
        "Rough day? I'm here to listen.",
    ),
    Topic.FEELING_GOOD: ("That's the spirit! What shall we celebrate with?", "Lovely! What can I get you?"),
    Topic.TIME: ("I'm afraid I don't wear a watch. The staff will know.",),
    Topic.PLACE: ("The staff will gladly show you.",),
    Topic.ALLERGY: ("I can't say for sure. Please ask the staff about ingredients.",),
    Topic.INSULT: ("Sorry. Let me try to do better.",),
    Topic.SORRY: ("No worries at all.",),
    Topic.STATEMENT: ("I see. What can I get you?", "Good to know. Would you like something?"),
    Topic.REPEAT: ("I was asking what I can get you.",),
}


_ONCE_MORE = "Once more: "

# Modifiers that are said behind the drink; the others are said in front of it.
_STAND_BEHIND = ("on ", "with ", "without ", "over ", "neat", "straight")


def pick(variants: Sequence[str], turn: int) -> str:
    """One of `variants`, another one at the next turn."""
    return variants[turn % len(variants)]


def repeated(answer: str) -> str:
    """What says that Maya knows that she has said it before."""
    return f"{_ONCE_MORE}{answer}"


def without_lead(answer: str) -> str:
    """An answer as it was before it was said once more."""
    return answer.removeprefix(_ONCE_MORE)


def listed(things: Sequence[str]) -> str:
    """ "a, b and c"."""
    return _joined(list(things))


def _joined(things: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(things[:-1]), things[-1]])) if things else ""


def capital(sentence: str) -> str:
    """With a capital letter in front."""
    return sentence[:1].upper() + sentence[1:]


class Phrasebook:
    """Sentences about the things of one bar.

    Parameters:
        now: by the bar's clock, for the prices that are told; None: whatever is on offer.
    """

    def __init__(self, menu: Menu, now: datetime | None = None) -> None:
        self.menu = menu
        self._now = now
        self._plurals = {item.name: item.more_than_one for item in menu.items}
        self._added = {
            f"{amount} {modifier.name}".strip()
            for modifier in menu.modifiers
            if modifier.amounts
            for amount in ("", *modifier.amounts)
        }

    def line(self, values: Mapping[str, Any]) -> str:
        """What a tool's result says of a line, or of what was taken off: see `counted`."""
        return self.counted(
            values["item"],
            values["quantity"],
            values.get("modifiers", ()),
            values.get("without", ()),
            values.get("note"),
        )

    def counted(
        self,
        item: str,
        quantity: int = 1,
        modifiers: Iterable[str] = (),
        without: Sequence[str] = (),
        note: str | None = None,
    ) -> str:
        """ "two dirty Martinis on the rocks", "a dark roast Latte with some sugar", "a Lemonade without mint"."""
        before, after, added = [], [], []
        for modifier, count in Counter(modifiers).items():
            if count > 1:
                added.append(times(modifier, count))
            elif modifier in self._added:
                added.append(modifier)
            else:
                (after if modifier.startswith(_STAND_BEHIND) else before).append(modifier)
        if added:
            after.append(f"with {listed(added)}")
        if without:
            after.append(f"without {listed(without)}")
        if note:
            after.append(f"with the wish “{note}”")
        name = " ".join([*before, item if quantity == 1 else self.plural(item), *after])
        if quantity != 1:
            return f"{number_words(quantity)} {name}"
        return f"{'an' if name[0] in 'aeioAEIO' else 'a'} {name}"

    def plural(self, item: str) -> str:
        """ "Martinis"; of what is not on the menu, the usual plural."""
        return self._plurals.get(item) or plural(item)

    def amount(self, value: Any) -> str:
        """An amount as it is written: "$12.50", or "$12" where there are no cents."""
        currency = self.menu.bar.currency
        return currency.brief(currency.amount(value))

    @property
    def tips(self) -> str:
        """ "10, 15 or 20%"."""
        return f"{tips.listed(self.menu.bar.tips)}%"

    def price(self, item: Item) -> str:
        """ "a Martini is $13", "a small Lemonade is $2 and a large Lemonade is $3"."""
        if not item.sizes:
            return f"{self.counted(item.name)} is {self.cost(item)}"
        sizes = [(size.name, self.menu.price_of(item, self._now, size.name)) for size in item.sizes]
        return listed([f"{self.counted(item.name, 1, (size,))} is {self.amount(price)}" for size, price in sizes])

    def cost(self, item: Item) -> str:
        """What one costs now: "$13"; in the usual size, or the cheapest where there is none."""
        return self.amount(self.menu.price_of(item, self._now))

    def offers(self, items: Sequence[Item]) -> str:
        """ "Daiquiri for $10 and Martini for $13"."""
        costs = [("from" if len(item.sizes) > 1 and not item.usual_size else "for", item) for item in items]
        return listed([f"{item.name} {how} {self.cost(item)}" for how, item in costs])

    def whole_menu(self) -> str:
        """What kinds of drinks there are."""
        kinds = listed([category.lower() for category in self.menu.categories])
        return f"We have {kinds}. Which would you like to hear?"

    def category(self, category: str) -> str:
        """The drinks of one kind with their prices."""
        return f"We have {self.offers([item for item in self.menu.items if item.category == category])}."

    def error(self, code: str, message: str) -> str:
        """A coded error as a person would put it, with what to do next."""
        match code:
            case "INSUFFICIENT_FUNDS":
                return f"{message} Would you like something else?"
            case "ITEM_NOT_FOUND" | "NOT_ALLOWED" | "CHOICE_REQUIRED" | "INVALID_QUANTITY" | "INVALID_TIP_PERCENTAGE":
                return message
            case "PAYMENT_FAILED":
                return message
            case "CONCURRENT_MODIFICATION":
                return "Oops, that got a bit busy. Could you say that again?"
            case "STRIPE_UNAVAILABLE" | "NETWORK_ERROR" | "RATE_LIMITED" | "PAYMENT_TIMEOUT":
                return "Cards aren't working just now. Your tab is safe: pay at the bar, or ask me again in a moment."
            case _:
                return "Something went wrong on my side. Please ask the staff."
