"""What a handler of an act knows: the bar, the moment, and how the conversation stands."""

from dataclasses import dataclass, field
from datetime import datetime

from kiosk.bartender.knowledge import Knowledge
from kiosk.bartender.plan import Plan
from kiosk.bartender.replies import Phrasebook
from kiosk.bartender.tally import Tally
from kiosk.menu import Item, Menu


@dataclass(frozen=True)
class Situation:
    """Where the act was said.

    Parameters:
        tally: where the order stands.
        before: the plan whose question the act may answer.
        turn: how many exchanges there were, to vary what is said.
        knowledge: what the owner has written of drinks and bar.
        now: by the bar's clock.
        last_said: Maya's last answer.
        tally_before: where it stood before Maya's last answer.
        offers_another: after so much talk it is time for another drink.
        wants_no_more: a no is said in the same breath.
    """

    menu: Menu
    book: Phrasebook
    tally: Tally
    before: Plan
    turn: int
    knowledge: Knowledge
    now: datetime
    last_said: str = ""
    tally_before: Tally = field(default_factory=Tally)
    offers_another: bool = False
    wants_no_more: bool = False

    @property
    def has_just_ordered(self) -> bool:
        """Whether what was said last is on the order now, and Maya asked nothing."""
        return self.before.orders and not (self.before.on_yes or self.before.options or self.before.asks_choice)

    def item(self, name: str) -> Item:
        """The item of that very name."""
        return next(item for item in self.menu.items if item.name == name)
