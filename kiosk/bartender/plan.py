"""What Maya is going to do about a request: the calls to make, what to say, and what she asks."""

from dataclasses import dataclass, field
from typing import Any

Wanted = tuple[str, dict[str, Any]]


@dataclass
class Plan:
    """What to do about one request.

    Parameters:
        calls: the tools to call, in order.
        say: sentences that need no tool.
        talk: sentences that are said only where there is nothing else to say.
        on_yes: calls to make if the guest says yes to what `say` asks.
        options: items that `say` asks the guest to choose from.
        quantity: how many of the chosen one.
        asks_tip: `say` asks how much the tip should be.
        begun: what the guest has begun to say; `say` asks for the rest.
        needs: for a call (by index), the earlier one without whose success it makes no sense.
        amends: for a call (by index), the one that puts things back when it fails.
    """

    calls: list[Wanted] = field(default_factory=list)
    say: list[str] = field(default_factory=list)
    talk: list[str] = field(default_factory=list)
    on_yes: list[Wanted] = field(default_factory=list)
    options: tuple[str, ...] = ()
    quantity: int = 1
    asks_tip: bool = False
    begun: str = ""
    needs: dict[int, int] = field(default_factory=dict)
    amends: dict[int, Wanted] = field(default_factory=dict)

    def question_of(self, before: "Plan") -> None:
        """Leave the question of `before` open, for an answer that was not understood."""
        self.on_yes, self.options, self.quantity = before.on_yes, before.options, before.quantity
        self.asks_tip, self.begun = before.asks_tip, before.begun
