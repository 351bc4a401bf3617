"""What the conversation so far tells: who said what, which tools were called, what came of them.

The house brain has no memory of its own. It reads the same messages that a language model is given,
so nothing that was interrupted or repeated can be remembered wrongly.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pipecat.processors.aggregators import async_tool_messages
from pipecat.processors.aggregators.llm_context import LLMContextMessage

from kiosk.bartender.notices import Notice, as_said
from kiosk.state.errors import InvalidStateError
from kiosk.state.meant import meant_lines

ADD = "add_to_order_with_balance"
ADDING = frozenset({ADD, "add_to_order"})


# With this begins the id of a call that a button made, and no bartender.
TOUCH = "touch_"

# What stands in the context in place of a result that has not come, or never will.
_NO_RESULT = frozenset({"IN_PROGRESS", "CANCELLED"})
BROKEN: Mapping[str, Any] = {"status": "error", "error": "BROKEN", "message": "The tool broke."}
# The answer to a call that was made for what a guest must not have done; it is no answer to what is said next.
NOT_HEEDED: Mapping[str, Any] = {
    "status": "error",
    "error": InvalidStateError.code,
    "message": "Nothing was done: that was not an order.",
}


@dataclass
class Call:
    """A tool call; `result` is None until it has one, and stays None when it was cancelled."""

    id: str
    name: str
    arguments: Mapping[str, Any]
    result: Mapping[str, Any] | None = None

    @property
    def is_touch(self) -> bool:
        """Whether a button made it."""
        return self.id.startswith(TOUCH)

    @property
    def ok(self) -> bool:
        """Whether it did what it was called for."""
        return self.result is not None and self.result.get("status") == "ok"

    @property
    def values(self) -> Mapping[str, Any]:
        """What it returned, empty if it failed."""
        return self.result["result"] if self.result and self.ok else {}


def made(call: Call) -> list[LLMContextMessage]:
    """A call that the kiosk has made, and its result, as messages of the conversation."""
    function: Any = {"name": call.name, "arguments": _as_json(call.arguments)}
    return [
        {"role": "assistant", "tool_calls": [{"id": call.id, "type": "function", "function": function}]},
        {"role": "tool", "tool_call_id": call.id, "content": _as_json(call.result or {})},
    ]


def _as_json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


@dataclass
class Exchange:
    """What the guest said, or the kiosk in notices, until Maya answered, what she did for it, and her answer.

    A guest who interrupts before she has said a word adds to the same exchange. In one that `is_broken_off` her words
    may be the beginning of an answer that was not finished.
    """

    said: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    answer: str = ""
    is_broken_off: bool = False

    @property
    def asked(self) -> list[Call]:
        """The calls that were made for what the guest said, as far as it was heeded."""
        return [call for call in self.calls if not call.is_touch and call.result != NOT_HEEDED]

    @property
    def touched(self) -> list[Call]:
        """The calls that buttons made."""
        return [call for call in self.calls if call.is_touch]

    @property
    def is_told(self) -> bool:
        """Whether the kiosk alone has said anything."""
        return bool(self.said) and all(isinstance(said, Notice) for said in self.said)

    @property
    def has_ordered(self) -> bool:
        """Whether something was put on the order."""
        return any(call.ok and call.name in ADDING for call in self.calls)


@dataclass(frozen=True)
class OrderedLine:
    """A line of the order, as the results of the calls tell it.

    Parameters:
        place: lines stand in this order; one that took another's place stands there.
    """

    item: str
    quantity: int
    modifiers: tuple[str, ...]
    without: tuple[str, ...] = ()
    note: str | None = None
    place: int = field(default=0, compare=False)

    @classmethod
    def told(cls, values: Mapping[str, Any]) -> "OrderedLine":
        """The line that a tool's result tells."""
        without = tuple(values.get("without", ()))
        return cls(values["item"], values["quantity"], tuple(values["modifiers"]), without, values.get("note"))

    def is_like(self, other: "OrderedLine") -> bool:
        """Whether the two differ in nothing but quantity."""
        return replace(self, quantity=other.quantity) == other


def exchanges(messages: Iterable[Mapping[str, Any]]) -> list[Exchange]:
    """The conversation, exchange by exchange; a notice of the kiosk's counts as said."""
    told: list[Exchange] = [Exchange()]
    calls: dict[str, Call] = {}
    for message in messages:
        content = message.get("content")
        said = as_said(content if isinstance(content, str) else str(content))
        match message.get("role"):
            case "user" if said is Notice.BROKEN_OFF:
                told[-1].is_broken_off = True
            case "user" | "developer" if message["role"] == "user" or isinstance(said, Notice):
                if told[-1].answer:
                    told.append(Exchange())
                told[-1].said.append(said)
            case "assistant" if message.get("tool_calls"):
                for wanted in message["tool_calls"]:
                    function = wanted["function"]
                    if wanted["id"] in calls:
                        continue
                    call = Call(wanted["id"], function["name"], json.loads(function["arguments"] or "{}"))
                    calls[call.id] = call
                    told[-1].calls.append(call)
            case "assistant":
                told[-1].answer = f"{told[-1].answer} {content}".strip()
            case "tool" | "developer":
                _note_result(message, calls)
    return told


def _note_result(message: Mapping[str, Any], calls: dict[str, Call]) -> None:
    late = async_tool_messages.parse_message(dict(message))  # pyright: ignore[reportArgumentType]
    call = calls.get(late.tool_call_id if late else message.get("tool_call_id", ""))
    text = late.result if late else message.get("content")
    if call is None or not isinstance(text, str):
        return
    if (late and late.status == "running") or text in _NO_RESULT:
        return
    try:
        result = json.loads(text)
    except json.JSONDecodeError:
        result = None
    # A tool that broke has no coded answer, only what pipecat says in its place; it is not called again.
    call.result = result if isinstance(result, dict) and "status" in result else BROKEN


@dataclass
class Tally:
    """Where the order stands after some exchanges, as far as results confirm it.

    Attributes:
        lines: the order, what was added or changed last at its end.
        batch: what the last order added.
        named: items that were recommended since.
        tip: the percentage that is set.
        latest: the tool that did something last.
    """

    lines: list[OrderedLine] = field(default_factory=list)
    batch: list[OrderedLine] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    tip: int | None = None
    latest: str = ""

    @classmethod
    def of(cls, past: Iterable[Exchange]) -> "Tally":
        """The tally after `past`."""
        tally = cls()
        for exchange in past:
            if Notice.PAYMENT_SUCCEEDED in exchange.said:
                tally.lines, tally.tip = [], None
            tally.note(exchange.calls)
        return tally

    def note(self, calls: Iterable[Call]) -> None:
        """Take into account what the calls of one request brought about."""
        added: list[OrderedLine] = []
        freed: int | None = None
        for call in calls:
            if call.ok:
                freed = self._note(call, added, freed)
                self.latest = call.name
        if added:
            self.batch = added
            self.named = []

    @property
    def last(self) -> OrderedLine | None:
        """What was ordered last and still stands."""
        return self.lines[-1] if self.lines else None

    def quantity_of(self, item: str) -> int:
        """How many of `item` are on the order."""
        return sum(line.quantity for line in self.lines if line.item == item)

    def _note(self, call: Call, added: list[OrderedLine], freed: int | None) -> int | None:
        """Takes one call into account.

        Parameters:
            freed: the place that the call before it has left empty; what is added now stands there.

        Returns the place that is empty now.
        """
        values = call.values
        match call.name:
            case name if name in ADDING:
                line = OrderedLine.told(values)
                added.append(line)
                self._add(line, freed)
            case "remove_from_order":
                told = values.get("modifiers")
                without = tuple(values.get("without", ()))
                return self._remove(values["item"], values["quantity"], None if told is None else tuple(told), without)
            case "clear_order":
                self.lines, self.tip = [], None
            case "serve_no_alcohol":
                gone = {line["item"] for line in values["removed"]}
                self.lines = [line for line in self.lines if line.item not in gone]
            case "get_order":
                self.lines = self._placed([OrderedLine.told(line) for line in values["lines"]])
            case "set_tip" | "get_tip":
                self.tip = values["tip_percentage"]
            case "get_recommendation":
                self.named = [item["name"] for item in values["items"]]
            case "check_payment_status" | "pay_at_bar" if values["payment_status"] == "succeeded":
                self.lines, self.tip = [], None
        return None

    def _placed(self, lines: Iterable[OrderedLine]) -> list[OrderedLine]:
        """`lines` in the places in which they stand already."""
        places = {replace(line, quantity=0): line.place for line in self.lines}
        return [
            replace(line, place=places.get(replace(line, quantity=0), self._behind + number))
            for number, line in enumerate(lines)
        ]

    @property
    def _behind(self) -> int:
        return max((line.place for line in self.lines), default=0) + 1

    def _add(self, line: OrderedLine, freed: int | None) -> None:
        alike = [old for old in self.lines if old.is_like(line)]
        place = min((old.place for old in alike), default=self._behind if freed is None else freed)
        for old in alike:
            self.lines.remove(old)
        quantity = line.quantity + sum(old.quantity for old in alike)
        self.lines.append(replace(line, quantity=quantity, place=place))

    def _remove(self, item: str, quantity: int, told: tuple[str, ...] | None, without: tuple[str, ...]) -> int | None:
        freed = None
        for line in reversed(meant_lines(self.lines, item, told, without)):
            taken = min(quantity, line.quantity)
            position = self.lines.index(line)
            left = line.quantity - taken
            self.lines[position : position + 1] = [replace(line, quantity=left)] if left else []
            quantity -= taken
            freed = None if left else line.place
        return freed
