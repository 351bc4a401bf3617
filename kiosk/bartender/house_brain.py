"""The house bartender: rules in place of a language model, calling the very same tools.

A request is answered in two steps, as a language model does it: first the tools are called, then,
when their results are in the context, Maya says what came of them. She never says that she did
what no result confirms.
"""

import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
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
from pipecat.utils.tracing.service_decorators import traced_llm

from kiosk.bartender import choosing
from kiosk.bartender.decisions import decide
from kiosk.bartender.handlers.age import is_too_young
from kiosk.bartender.handlers.drinks import allergens
from kiosk.bartender.knowledge import Knowledge
from kiosk.bartender.notices import Notice
from kiosk.bartender.outcomes import outcomes
from kiosk.bartender.phases import Phase, Progress, is_talk
from kiosk.bartender.plan import Plan, Wanted
from kiosk.bartender.replies import ELSE, HELLO, SORRY, Phrasebook, pick, repeated, without_lead
from kiosk.bartender.sense import and_that_one, without_closing
from kiosk.bartender.situation import Situation
from kiosk.bartender.tally import Call, Exchange, Tally, exchanges
from kiosk.menu import Menu
from kiosk.understanding.acts import Act, Say, Topic, Unclear, Understanding
from kiosk.understanding.reader import understand
from kiosk.understanding.whether import whether

# How many questions back a "yes" is traced.
_MEMORY = 3

# What Maya says of a notice; of a touch she says what came of its call.
_NEWS: Mapping[Notice, Sequence[str]] = {
    Notice.UNINTELLIGIBLE: SORRY,
    Notice.HELLO_TOUCHED: HELLO,
    Notice.CANCEL_TOUCHED: ("All right, that code is void. Your tab stays open.",),
    Notice.CANCEL_FAILED: ("Sorry, I can't take that code back just now. Please ask the staff.",),
    Notice.PAYMENT_SUCCEEDED: ("Your payment has arrived. Thank you, and cheers!",),
    Notice.PAYMENT_FAILED: ("The payment didn't work, nothing was charged. Shall we try again?",),
    Notice.PAYMENT_DISPUTED: ("A payment arrived that doesn't match your tab. Please have a word with the staff.",),
}


@dataclass(frozen=True)
class Reply:
    """A tool to call, or a sentence to say once there is nothing to call.

    One call at a time: the next may depend on what came of the last, and none is lost or doubled
    when the guest interrupts in between.

    Parameters:
        call_id: under which the tool is called. Tools act once for an id, and the same call of the same
            conversation has the same one: whoever decides again before the first call is in the context
            repeats that call, and does not make another.
        repeats: the id of a call that has no result and is made again.
    """

    calls: tuple[Wanted, ...] = ()
    say: str = ""
    call_id: str = ""
    repeats: str = ""


@dataclass(frozen=True)
class Told:
    """What the bartender was told by the kiosk alone.

    Parameters:
        say: what the house says of it.
        touch: the call of the button that was touched last; None: none was.
    """

    say: str
    touch: Call | None


@dataclass
class _Work:
    """How far an exchange has come.

    Parameters:
        plan: what the last thing said in it asked for.
        say: the sentences that are due.
        wanted: the call to make next.
        repeated: the id of the call without a result that `wanted` is.
    """

    plan: Plan = field(default_factory=Plan)
    say: list[str] = field(default_factory=list)
    wanted: Wanted | None = None
    repeated: str = ""

    @property
    def halted(self) -> bool:
        """Whether something has to happen before Maya can go on."""
        return self.wanted is not None

    def carry_out(self, plan: Plan, calls: list[Call]) -> list[Call]:
        """Match the calls of `plan` with those that were made, which are taken from `calls`."""
        self.plan = plan
        done: list[Call] = []
        made: dict[int, Call] = {}
        for index, wanted in enumerate(plan.calls):
            needed = made.get(plan.needs.get(index, -1))
            if index in plan.needs and not (needed and needed.ok):
                continue
            call = self._take(wanted, calls)
            if call is None:
                break
            made[index] = call
            done.append(call)
            if not call.ok and index in plan.amends:
                amended = self._take(plan.amends[index], calls)
                if amended is None:
                    break
                # What is put back is no news: the exchange as a whole did not happen.
                done = [kept for kept in done if kept is not made.get(plan.needs[index])]
        return done

    def _take(self, wanted: Wanted, calls: list[Call]) -> Call | None:
        if not calls:
            self.wanted = wanted
            return None
        call = calls.pop(0)
        if call.result is not None:
            return call
        # Cancelled, or still under way when the guest went on: pipecat would answer neither. Asked for again
        # under its own id, it is not done twice, and its result brings us here once more.
        self.wanted, self.repeated = wanted, call.id
        return None


class HouseBartender:
    """Decides from the conversation alone.

    Parameters:
        knowledge: what it can tell of drinks and bar.
        clock: the bar's.
        read: what a guest's words mean.
    """

    def __init__(
        self,
        menu: Menu,
        knowledge: Knowledge | None = None,
        *,
        clock: Callable[[], datetime] = datetime.now,
        read: Callable[[str, Menu], Understanding] = understand,
    ) -> None:
        self._menu = menu
        self._clock = clock
        self._read = read
        self._knowledge = knowledge or Knowledge([])
        self._book = Phrasebook(menu)
        # Read now, and not while the first guest waits.
        whether()

    def respond(self, messages: Iterable[Mapping[str, Any]]) -> Reply:
        """What to do next in the conversation of `messages`."""
        told = exchanges(messages)
        now = told[-1]
        if not now.said or (now.answer and not now.is_broken_off):
            return Reply()
        work = self._work(told, _MEMORY)
        if work.wanted:
            call_id = work.repeated or _call_id(told)
            return Reply((work.wanted,), call_id=call_id, repeats=work.repeated)
        say = " ".join(work.say)
        answers = [exchange.answer for exchange in told[-3:-1]]
        if [without_lead(answer) for answer in answers] == [say, say] and answers[-1] == say:
            say = repeated(say)
        return Reply(say=say)

    def told(self, messages: Iterable[Mapping[str, Any]]) -> Told | None:
        """What the kiosk has told since Maya's last answer; None: a guest has said something and waits for one."""
        messages = list(messages)
        now = exchanges(messages)[-1]
        if now.answer or not now.is_told:
            return None
        return Told(self.respond(messages).say, next(reversed(now.touched), None))

    def is_too_young(self, said: str) -> bool:
        """Whether a guest who says this is too young for alcohol."""
        return any(is_too_young(act, self._menu) for act in self._read(said, self._menu).acts)

    def _work(self, told: Sequence[Exchange], memory: int) -> "_Work":
        """How far the last exchange has come: what was said in it in turn, each call in its order."""
        *past, now = told
        work = _Work()
        before = self._work(past, memory - 1).plan if past and memory else Plan()
        tally, tally_before = Tally.of(past), Tally.of(past[:-1])
        offers_another = _phase_after(past) is Phase.REORDER_PROMPT
        calls, touched = now.asked, now.touched
        last_said = without_lead(past[-1].answer) if past else ""
        for number, said in enumerate(now.said):
            if before.begun and work.say and work.say[-1] in ELSE:
                # "And what else?" was not heard, and is answered.
                work.say.pop()
            plan = self._plan(said, tally, tally_before, before, len(told), last_said, offers_another)
            done = work.carry_out(plan, calls)
            if work.halted:
                return work
            tally.note(done)
            if _is_touch(said):
                tally.note(touched)
                touched = []
                if any(map(_is_touch, now.said[number + 1 :])):
                    # Only the last tells how things stand.
                    continue
                done = now.touched[-1:] if said == Notice.TOUCHED else []
            said_of = [call for call in done if not choosing.is_lacking(call)]
            work.say += [*outcomes(said_of, self._book, plan.worded), *plan.say]
            if lacking := choosing.lacking(done):
                plan = replace(plan, unfinished=(*lacking, *plan.unfinished), asks_choice=True)
            if plan.asks_choice:
                work.say += choosing.asked_for(self._menu, plan.unfinished)
            work.plan = before = plan
        return work

    def _plan(
        self,
        said: str,
        tally: Tally,
        tally_before: Tally,
        before: Plan,
        turn: int,
        last_said: str,
        offers_another: bool,
    ) -> Plan:
        if isinstance(said, Notice):
            return self._plan_for_notice(said, turn).with_question_of(before)
        text = f"{before.begun} {said}" if before.begun else said
        understood = self._read(text, self._menu)
        now = self._clock()
        book = Phrasebook(self._menu, now)
        asked = Situation(
            self._menu, book, tally, before, turn, self._knowledge, now, last_said, tally_before, offers_another
        )
        if before.unfinished:
            heard = choosing.heard(self._menu, before.unfinished, said, understood.acts)
            return heard.upon(decide(heard.acts, asked) if heard.acts else Plan())
        if understood.dangling:
            return Plan(begun=text).saying(pick(ELSE, turn))
        if told := self._told(said, understood.acts):
            return Plan().saying(told).naming(*understood.named)
        acts = without_closing(understood.acts, before.begun)
        if is_talk(acts) and _ALLERGEN.search(said.casefold()):
            return allergens(understood.named, Plan(), asked)
        if before.told and (not before.orders or said.endswith("?")):
            acts = and_that_one(acts, said, before.told)
        plan = decide(acts, asked)
        if not plan.calls and not plan.mentioned and understood.named:
            # "My brother swears by a Negroni": it may be asked for as "one of those".
            return plan.naming(*understood.named)
        return plan

    def _told(self, said: str, acts: Sequence[Act]) -> str:
        """What there is to tell about a question that understanding has no act for; empty: nothing."""
        if not is_talk(acts) or _ALLERGEN.search(said.casefold()):
            return ""
        is_open = any(isinstance(act, Unclear) or act == Say(Topic.STORY) for act in acts)
        if not (is_open and _QUESTION.match(said.casefold())):
            return ""
        found = self._knowledge.search(said, most=1)
        return found[0].gist if found else ""

    def _plan_for_notice(self, notice: Notice, turn: int) -> Plan:
        variants = _NEWS.get(notice)
        return Plan().saying(pick(variants, turn)) if variants else Plan()


# A question, or a wish to be told something; what else is not understood may be half an order.
_QUESTION = re.compile(
    r"(?:so |and |hey |maya |well |please )*(?:what|how|where|why|who|when|which|tell me|tell us|explain|is it true"
    r"|do you know|did you know|can you tell|could you tell|have you heard|i wonder)"
)
# Of these only the staff speak.
_ALLERGEN = re.compile(
    r"\b(?:allerg\w+|gluten|wheat|nuts?|peanuts?|almonds?|dairy|lactose|milk in|eggs?|sul(?:ph|f)ites?|soy|vegan"
    r"|co?eliac|halal|kosher)\b"
)


def _is_touch(said: str) -> bool:
    return isinstance(said, Notice) and said.is_touch


def _phase_after(past: Iterable[Exchange]) -> Phase:
    """The phase in which the next turn is answered; the one in the store follows from the same turns."""
    progress = Progress()
    for exchange in past:
        if exchange.said and not exchange.is_told:
            progress = progress.after(order_placed=exchange.has_ordered, is_talk=not exchange.asked)
    return progress.phase


def _call_id(told: Sequence[Exchange]) -> str:
    now = told[-1]
    # A touch that comes in between is no other place.
    place = f"{len(told)} {now.said[0]} {len(now.calls) - len(now.touched)}"
    return f"house_{uuid.uuid5(uuid.NAMESPACE_OID, place).hex}"


class HouseBrainLLMService(LLMService):
    """`HouseBartender` as a pipecat service, in place of a language model."""

    def __init__(self, bartender: HouseBartender) -> None:
        super().__init__(
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
        self._bartender = bartender

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

    @traced_llm
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
                        tool_call_id=reply.call_id,
                        arguments=arguments,
                        context=context,
                    )
                    for name, arguments in reply.calls
                ]
            )
