"""A guest, the house brain and the real tools, talking as text: what a pipeline does, without its frames."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kiosk.bartender.house_brain import HouseBartender
from kiosk.bartender.knowledge import Knowledge
from kiosk.bartender.notices import Notice
from kiosk.bartender.tally import TOUCH, Call, exchanges, made
from kiosk.bartender.tools import BarTools
from kiosk.menu import Menu
from kiosk.payments.simulated import SimulatedPayments
from kiosk.settings import find_assets
from kiosk.understanding.acts import Act, Understanding
from kiosk.understanding.reader import understand
from kiosk.understanding.utterance import Utterance

MOST_CALLS = 12


@dataclass
class Conversation:
    """A visit; `messages` is the context that a language model would be given."""

    menu: Menu
    messages: list[Any] = field(default_factory=list)
    knowledge: Knowledge | None = None
    now: datetime = field(default_factory=datetime.now)
    _meant: dict[str, tuple[Act, ...]] = field(default_factory=dict)

    def __post_init__(self):
        if self.knowledge is None and self.menu.bar.name == "MOK 5-ha":
            self.knowledge = Knowledge.beside(find_assets() / "menu.toml")
        self.bartender = HouseBartender(self.menu, self.knowledge, clock=lambda: self.now, read=self._read)
        self.payments, self.events = SimulatedPayments(None), []
        self.tools = BarTools("guest", {}, self.menu, self.payments, self.events.append)

    def _read(self, said: str, menu: Menu) -> Understanding:
        return Understanding(self._meant[said]) if said in self._meant else understand(said, menu)

    async def mean(self, *acts: Act) -> str:
        """What Maya answers to a sentence that means these acts."""
        said = f"sentence {len(self._meant)}"
        self._meant[said] = acts
        return await self.say(said)

    def called(self) -> list[str]:
        """The tools that were called for what was said last."""
        return [call.name for call in exchanges(self.messages)[-1].calls]

    def hear(self, said: str) -> None:
        self.messages.append({"role": "user", "content": Utterance(said)})

    async def step(self) -> str | None:
        """One inference: makes its call, or returns what Maya says."""
        reply = self.bartender.respond(self.messages)
        if not reply.calls:
            self.messages.append({"role": "assistant", "content": reply.say})
            return reply.say
        for name, arguments in reply.calls:
            identity = reply.repeats or f"call-{len(self.messages)}"
            self.begin_call(identity, name, arguments)
            self.end_call(json.dumps(await self.tools.call(name, arguments, identity)))
        return None

    def begin_call(self, identity: str, name: str, arguments: dict[str, Any]) -> None:
        function = {"name": name, "arguments": json.dumps(arguments)}
        self.messages.append({"role": "assistant", "tool_calls": [{"id": identity, "function": function}]})
        self.messages.append({"role": "tool", "tool_call_id": identity, "content": "IN_PROGRESS"})

    def end_call(self, content: str) -> None:
        self.messages[-1]["content"] = content

    def touch(self, call: Call) -> None:
        """A button that called a tool, with what came of it."""
        self.messages += [Notice.TOUCHED.message, *made(call)]

    async def touched(self, name: str, **arguments: Any) -> str:
        """What Maya answers to a button that calls the tool `name`."""
        call_id = f"{TOUCH}{len(self.messages)}"
        self.touch(Call(call_id, name, arguments, await self.tools.call(name, arguments, call_id)))
        answer = await self.step()
        assert answer is not None
        return answer

    async def say(self, said: str) -> str:
        """What Maya answers to `said`."""
        begun = len(self.messages)
        self.hear(said)
        for _ in range(MOST_CALLS):
            if (answer := await self.step()) is not None:
                if said not in set(Notice):
                    now = exchanges(self.messages[begun:])[-1]
                    self.tools.phases.turn_over(order_placed=now.has_ordered, is_talk=not now.calls)
                return answer
        raise AssertionError(f"no answer to {said!r}")

    async def order(self) -> list[str]:
        """The order in words: "2 Martini, dry"."""
        lines = (await self.tools.get_order())["result"]["lines"]
        return [", ".join([f"{line['quantity']} {line['item']}", *line["modifiers"]]) for line in lines]

    async def tab(self) -> float:
        return (await self.tools.get_order())["result"]["tab"]

    async def tip(self) -> int | None:
        return (await self.tools.get_tip())["result"]["tip_percentage"]
