"""The house bartender: rules in place of a language model, calling the very same tools.

A request is answered in two steps, as a language model does it: first the tools are called, then,
when their results are in the context, Maya says what came of them. She never says that she did
what no result confirms.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipecat.frames.frames import (
    Frame,
    FunctionCallFromLLM,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
)
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.llm_service import LLMService
from pipecat.services.settings import LLMSettings

from kiosk.bartender.acts import Topic
from kiosk.bartender.decisions import Decider, Plan, Wanted
from kiosk.bartender.replies import SORRY, Phrasebook, counted, listed, pick
from kiosk.bartender.tally import Call, Exchange, Tally, exchanges
from kiosk.bartender.understanding import understand
from kiosk.menu import Menu

# What the kiosk tells the bartender that no guest said.
UNINTELLIGIBLE = "[nothing understood]"
PAYMENT_SUCCEEDED = "[payment succeeded]"
PAYMENT_FAILED = "[payment failed]"
PAY_TOUCHED = "[pay touched]"
START_OVER_TOUCHED = "[start over touched]"
_TIP_TOUCHED = {percentage: f"[tip {percentage} touched]" for percentage in (10, 15, 20)}
NOTICES = frozenset(
    {
        UNINTELLIGIBLE,
        PAYMENT_SUCCEEDED,
        PAYMENT_FAILED,
        PAY_TOUCHED,
        START_OVER_TOUCHED,
        *_TIP_TOUCHED.values(),
    }
)

AND_WHAT_ELSE = "And what else?"

# How many questions back a "yes" is traced.
_MEMORY = 3


def tip_touched(percentage: int) -> str:
    """The notice that a tip button was touched."""
    return _TIP_TOUCHED[percentage]


def greeting(menu: Menu) -> str:
    """What Maya says when a guest comes."""
    return f"Welcome to {menu.bar.name}! I'm Maya. What can I get you?"


@dataclass(frozen=True)
class Reply:
    """Tools to call, or a sentence to say once there is nothing to call."""

    calls: tuple[Wanted, ...] = ()
    say: str = ""


class HouseBartender:
    """Decides from the conversation alone."""

    def __init__(self, menu: Menu) -> None:
        self._menu = menu
        self._book = Phrasebook(menu)

    def respond(self, messages: Iterable[Mapping[str, Any]]) -> Reply:
        """What to do next in the conversation of `messages`."""
        told = exchanges(messages, NOTICES)
        now = told[-1]
        if now.answer:
            return Reply()
        plan = self._plan(told, _MEMORY)
        if not now.calls:
            return Reply(tuple(plan.calls), "" if plan.calls else " ".join(plan.say))
        if any(call.result is None for call in now.calls):
            return Reply()
        return Reply(say=" ".join([*self._results(now.calls), *plan.say]))

    def _plan(self, told: Sequence[Exchange], memory: int) -> Plan:
        """The plan for the last exchange, whether or not it was carried out by now."""
        *past, now = told
        if notice := NOTICES.intersection(now.said[-1:]):
            return self._plan_for_notice(next(iter(notice)), len(told))
        before, prefix = Plan(), ""
        if past and memory:
            if past[-1].answer == AND_WHAT_ELSE and not past[-1].calls:
                prefix = f"{past[-1].text} "
            elif not past[-1].calls or past[-1].said:
                before = self._plan(past, memory - 1)
        text = f"{prefix}{now.text}"
        understood = understand(text, self._menu)
        if understood.dangling and not prefix:
            return Plan(say=[AND_WHAT_ELSE])
        tally = Tally.of(past, PAYMENT_SUCCEEDED)
        return Decider(self._menu, tally, before, len(told)).decide(_without_closing(understood.acts, prefix))

    def _plan_for_notice(self, notice: str, turn: int) -> Plan:
        match notice:
            case "[payment succeeded]":
                return Plan(say=["Your payment has arrived. Thank you, and cheers!"])
            case "[payment failed]":
                return Plan(say=["The payment didn't work, nothing was charged. Shall we try again?"])
            case "[pay touched]":
                return Plan(calls=[("create_stripe_payment", {})])
            case "[start over touched]":
                return Plan(calls=[("clear_order", {})])
            case "[nothing understood]":
                return Plan(say=[pick(SORRY, turn)])
            case _:
                percentage = next(p for p, touched in _TIP_TOUCHED.items() if touched == notice)
                return Plan(calls=[("set_tip", {"percentage": percentage})])

    def _results(self, calls: Sequence[Call]) -> list[str]:
        said: list[str] = []
        added = [call.values for call in calls if call.ok and call.name.startswith("add_to_order")]
        removed = [call.values for call in calls if call.ok and call.name == "remove_from_order"]
        if added:
            drinks = listed([counted(a["item"], a["quantity"], a["modifiers"]) for a in added])
            lead = "I've changed that to" if removed else "Coming up:"
            said.append(f"{lead} {drinks}. Your tab is {self._book.amount(added[-1]['new_tab'])}.")
        elif removed:
            drinks = listed([counted(r["item"], r["quantity"]) for r in removed])
            said.append(f"I took off {drinks}. Your tab is {self._book.amount(removed[-1]['new_tab'])}.")
        for call in calls:
            if call.ok:
                said += self._result(call)
            elif call.result:
                said.append(self._book.error(call.result.get("error", ""), call.result.get("message", "")))
        return said

    def _result(self, call: Call) -> list[str]:
        values, book = call.values, self._book
        match call.name:
            case "clear_order":
                return [
                    "All cleared. What can I get you?"
                    if values["removed"]
                    else "Your order is empty already."
                ]
            case "get_order":
                if not values["lines"]:
                    return ["Your tab is empty. What can I get you?"]
                drinks = listed(
                    [counted(li["item"], li["quantity"], li["modifiers"]) for li in values["lines"]]
                )
                return [f"You have {drinks}: {book.amount(values['tab'])} in all."]
            case "get_balance":
                return [
                    f"You have {book.amount(values['balance'])} left, and {book.amount(values['tab'])} on the tab."
                ]
            case "set_tip" | "get_tip" if values["tip_percentage"]:
                tip = f"{values['tip_percentage']}% is {book.amount(values['tip_amount'])}"
                return [f"{tip}, so {book.amount(values['total'])} in all. Thank you!"]
            case "set_tip":
                return [f"No tip, then. The total is {book.amount(values['total'])}."]
            case "get_tip":
                return ["No tip so far. You can add 10, 15 or 20%."]
            case "get_recommendation":
                names = [f"{item['name']} for {book.amount(item['price'])}" for item in values["items"][:2]]
                return [f"How about {' or '.join(names)}?"]
            case "create_stripe_payment":
                note = " It's simulated, no money moves." if values["is_simulated"] else ""
                return [f"That's {book.amount(values['amount'])}. Please scan the code on the screen.{note}"]
            case "check_payment_status":
                return [_PAYMENT_NEWS[values["payment_status"]]]
            case _:
                return []


_PAYMENT_NEWS = {
    "succeeded": "Yes, it went through. Thank you, and cheers!",
    "pending": "Not yet. I'll tell you as soon as it arrives.",
    "failed": "It didn't work, nothing was charged. Shall we try again?",
    "timeout": "I'm still waiting to hear. Please ask me again in a moment.",
}


def _without_closing(acts: Sequence[Any], prefix: str) -> Sequence[Any]:
    """After "And what else?", "that's all" only closes the order that was begun."""
    if not prefix:
        return acts
    closing = (Topic.DONE, Topic.NO)
    kept = [act for act in acts if getattr(act, "topic", None) not in closing]
    return kept or acts


class HouseBrainLLMService(LLMService[LLMSettings]):
    """`HouseBartender` as a pipecat service, in place of a language model."""

    def __init__(self, menu: Menu) -> None:
        super().__init__(
            # What belongs together is stored and told in the order in which it was said.
            run_in_parallel=False,
            settings=LLMSettings(
                model="house",
                system_instruction=None,
                temperature=None,
                max_tokens=None,
                top_p=None,
                top_k=None,
                frequency_penalty=None,
                presence_penalty=None,
                seed=None,
                filter_incomplete_user_turns=False,
                user_turn_completion_config=None,
            ),
        )
        self._bartender = HouseBartender(menu)

    def can_generate_metrics(self) -> bool:
        """Latency metrics are measured."""
        return True

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Answer a context; pass everything else on."""
        await super().process_frame(frame, direction)
        if isinstance(frame, LLMContextFrame):
            await self._answer(frame.context)
        else:
            await self.push_frame(frame, direction)

    async def _answer(self, context: LLMContext) -> None:
        await self.push_frame(LLMFullResponseStartFrame())
        await self.start_ttfb_metrics()
        reply = self._bartender.respond([m for m in context.get_messages() if isinstance(m, dict)])
        await self.stop_ttfb_metrics()
        if reply.say:
            await self._push_llm_text(reply.say)
        await self.push_frame(LLMFullResponseEndFrame())
        if reply.calls:
            await self.run_function_calls(
                [
                    FunctionCallFromLLM(
                        function_name=name,
                        tool_call_id=f"house_{uuid.uuid4().hex}",
                        arguments=arguments,
                        context=context,
                    )
                    for name, arguments in reply.calls
                ]
            )
