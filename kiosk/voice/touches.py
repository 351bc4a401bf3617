"""What the buttons do: a touch calls its tool at once, whatever Maya is doing, and the bartender words what came of it.

No model decides about a touch. The bartender, in the house or in the cloud, finds the call with its result in the
conversation, behind a notice, when Maya has finished with all that she was asked before.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from loguru import logger
from pipecat.frames.frames import Frame, LLMMessagesAppendFrame

from kiosk.bartender.notices import Notice
from kiosk.bartender.tally import BROKEN, TOUCH, Call, made
from kiosk.bartender.tools import Answer, BarTools
from kiosk.events import CancelTouched, Intent, PayTouched, StartOverTouched, TipTouched
from kiosk.money import as_number
from kiosk.state.errors import StateError
from kiosk.voice.floor import Floor


@dataclass
class TouchFrame(LLMMessagesAppendFrame):
    """Puts touches into the conversation, and has the last of them worded.

    Parameters:
        calls: those that the touches made, with their results.
    """

    interruptible: bool = field(default=False, init=False)

    calls: Sequence[Call] = ()


@dataclass(frozen=True)
class _Touch:
    """A touch that was acted on.

    Parameters:
        notice: what the bartender is told.
        call: what it called; None: what only the kiosk itself may do.
        look: the tool that tells how things stand if they have changed again before Maya could speak; None: there
            is nothing left to say then.
    """

    notice: Notice
    call: Call | None = None
    look: str | None = None

    @property
    def failed(self) -> bool:
        """Whether what was touched could not be done."""
        return bool(self.call and not self.call.ok)

    @property
    def owed(self) -> float | None:
        """Tab and tip as the call's result has them; None: it names neither."""
        values = self.call.values if self.call else {}
        return values.get("total", values.get("amount", values.get("new_tab")))

    def repeats(self, earlier: "_Touch") -> bool:
        """Whether it did nothing that the earlier touch of the same button had not done."""
        if self.call is None or earlier.call is None:
            return self == earlier
        is_empty_already = self.call.values.get("removed") == []
        return self.call.name == earlier.call.name and (is_empty_already or self.call.result == earlier.call.result)


@dataclass(frozen=True)
class _Bill:
    """What a touch can change, and what is said of it depends on."""

    order: Sequence[Any]
    tip_percentage: int | None
    owed: float
    payment_id: str | None
    payments: int


class Touches:
    """Acts on what the guest touches, and tells the bartender.

    Parameters:
        tools: those of the guest who is here now.
        floor: says when Maya has finished.
        queue_frame: into the pipeline.
    """

    def __init__(
        self, tools: Callable[[], BarTools], floor: Floor, queue_frame: Callable[[Frame], Awaitable[object]]
    ) -> None:
        self._tools = tools
        self._floor = floor
        self._queue_frame = queue_frame
        self._untold: list[_Touch] = []
        # Making a code may take long; what else is touched does not wait for that.
        self._paying, self._acting = asyncio.Lock(), asyncio.Lock()

    def forget(self) -> None:
        """The guest has gone, and is told nothing more."""
        self._untold.clear()

    async def act_on(self, intent: Intent) -> None:
        """Do what was touched, and have it told as soon as nobody speaks."""
        tools = self._tools()
        one_at_a_time = self._paying if isinstance(intent, PayTouched) else self._acting
        with self._floor.news():
            async with one_at_a_time:
                before = await _bill(tools)
                touch = await _act(intent, tools)
                # What failed has changed nothing; what others change meanwhile makes it no news.
                seen = before if touch and touch.failed else await _bill(tools)
            if touch is None or tools is not self._tools():
                return
            if self._untold and touch.repeats(self._untold[-1]):
                # A button was touched twice before Maya could say a word: once is enough to tell.
                return
            self._untold.append(touch)
            await self._floor.wait_until_quiet()
            # Of several touches the last has all of them told; those that were felt already are acted on first.
            async with one_at_a_time:
                if self._untold and self._untold[-1] is touch:
                    await self._tell(touch, before, seen, tools)

    async def _tell(self, last: _Touch, before: _Bill | None, seen: _Bill | None, tools: BarTools) -> None:
        calls = [touch.call for touch in self._untold if touch.call]
        self._untold.clear()
        now = await _bill(tools)
        if now and before and (now != seen or last.owed not in (None, now.owed)):
            if now.payments > before.payments or last.look is None:
                # A payment is told of by itself, and of a code that is void nothing is left to say.
                return
            calls.append(await _call(last.look, {}, tools))
        messages = [last.notice.message, *(message for call in calls for message in made(call))]
        self._floor.expect_answer()
        await self._queue_frame(TouchFrame(messages, run_llm=True, calls=calls))


async def _act(intent: Intent, tools: BarTools) -> _Touch | None:
    """Do it; None: there is nothing to be told."""
    match intent:
        case PayTouched():
            return _Touch(Notice.TOUCHED, await _call("create_stripe_payment", {}, tools), "get_order")
        case StartOverTouched():
            return _Touch(Notice.TOUCHED, await _call("clear_order", {}, tools), "get_order")
        case TipTouched(percentage):
            answer = await tools.toggle_tip(percentage)
            chosen = answer["result"]["tip_percentage"] if answer["status"] == "ok" else percentage
            return _Touch(Notice.TOUCHED, Call(_new_id(), "set_tip", {"percentage": chosen}, answer), "get_tip")
        case CancelTouched():
            answer = await tools.cancel_payment()
            if answer["status"] != "ok":
                return _Touch(Notice.CANCEL_FAILED)
            # A code that proved to be paid is not void: the watcher tells of the payment.
            return _Touch(Notice.CANCEL_TOUCHED) if answer["result"]["new_tab"] else None
    return None


async def _call(name: str, arguments: Mapping[str, Any], tools: BarTools) -> Call:
    call_id = _new_id()
    try:
        answer: Answer = await tools.call(name, arguments, call_id)
    except Exception:
        # The guest hears that it went wrong, as where a bartender's call breaks.
        logger.exception("a touch could not be carried out: {}", name)
        answer = dict(BROKEN)
    return Call(call_id, name, arguments, answer)


def _new_id() -> str:
    return f"{TOUCH}{uuid.uuid4().hex}"


async def _bill(tools: BarTools) -> _Bill | None:
    """As it now stands; None: the store does not say."""
    try:
        session = await tools.checkout.session()
    except StateError:
        return None
    payment, link = session.payment, session.link
    payment_id = link.payment_id if link else None
    return _Bill(session.order, payment.tip_percentage, as_number(payment.total), payment_id, len(session.history))
