"""The guards of the conversation: what a guest says is looked at before it acts, what Maya says before it is heard."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from loguru import logger
from pipecat.frames.frames import (
    DataFrame,
    Frame,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMTextFrame,
    TTSSpeakFrame,
)
from pipecat.processors.aggregators.llm_context import LLMContext, LLMContextMessage
from pipecat.processors.aggregators.llm_text_processor import LLMTextProcessor
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from kiosk.bartender.notices import Notice, words_in
from kiosk.bartender.sentences import Sentences
from kiosk.security.card_numbers import HIDDEN
from kiosk.security.rules import TOXICITY
from kiosk.security.scanner import Scanner

# Why the words of a guest who reads out a card are withheld; the other reasons are the scanner's.
CARD_NUMBER = "card_number"


@dataclass
class BrokenOffFrame(DataFrame):
    """The bartender's answer ends in the middle: what is left of it is not to be said."""


@dataclass
class BlockedFrame(DataFrame):
    """What a guest said, or Maya was about to say, was withheld.

    Parameters:
        reason: the scanner's, or `CARD_NUMBER`.
    """

    reason: str


class InputGuard(FrameProcessor):
    """Stands before the bartender.

    What the rules stop never reaches her. What they let pass she may think about while the models judge it; nothing
    that she does or says has an effect before `is_clear`.

    Parameters:
        sentences: what Maya says instead of answering, in the language that she speaks just then.
    """

    def __init__(self, scanner: Scanner, sentences: Callable[[], Sentences]) -> None:
        super().__init__()
        self._scanner = scanner
        self._sentences = sentences
        self._seen: Sequence[LLMContextMessage] = ()
        self._verdict: asyncio.Task[bool] | None = None

    async def is_clear(self) -> bool:
        """Whether the bartender may act on what was said last; returns once that is known."""
        return self._verdict is None or await asyncio.shield(self._verdict)

    async def cleanup(self) -> None:
        """Wait for no verdict any more."""
        await super().cleanup()
        if self._verdict:
            await self.cancel_task(self._verdict)

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Scan what was said, once; pass on all but what must not be answered."""
        await super().process_frame(frame, direction)
        if isinstance(frame, LLMContextFrame) and direction is FrameDirection.DOWNSTREAM:
            reason = await self._reason_against(frame.context)
            if reason:
                await self.push_frame(LLMFullResponseStartFrame())
                await self.push_frame(LLMTextFrame(self._answer_to(reason)))
                await self.push_frame(LLMFullResponseEndFrame())
                return
        await self.push_frame(frame, direction)

    async def _reason_against(self, context: LLMContext) -> str | None:
        """Why what was said last must not be answered, by the rules; of what they let pass the models are asked."""
        seen = set(map(id, self._seen))
        new = [message for message in context.messages if id(message) not in seen]
        if not new:
            return None
        # What comes next, of guest or kiosk, is answered together with what is still being judged.
        await self.is_clear()
        self._seen = tuple(context.messages)
        self._verdict = None
        reason, allowed = None, []
        for message in new:
            if said := words_in(message):
                reason = self._scanner.rule_on_input(said).blocked_reason or _card_number_in(said)
                if reason:
                    await self._withhold(context, message, reason)
                else:
                    allowed.append((message, said))
            else:
                reason = None
        if allowed:
            self._verdict = self.create_task(self._judge(context, allowed), "verdict")
        return reason

    async def _judge(self, context: LLMContext, new: Sequence[tuple[LLMContextMessage, str]]) -> bool:
        reason = None
        for message, said in new:
            if against := (await self._scanner.judge_input(said)).blocked_reason:
                reason = against
                await self._withhold(context, message, reason)
        if reason:
            # Behind all that the bartender makes of it, which nobody will hear.
            await self.push_frame(TTSSpeakFrame(self._answer_to(reason)))
        return not reason

    async def _withhold(self, context: LLMContext, message: LLMContextMessage, reason: str) -> None:
        logger.warning("what a guest said was withheld: {}", reason)
        # No later answer may heed it either. Something has to stand there: a call that was made for it is behind it.
        context.set_messages([Notice.WITHHELD.message if kept is message else kept for kept in context.messages])
        await self.push_frame(BlockedFrame(reason))

    def _answer_to(self, reason: str) -> str:
        sentences = self._sentences()
        return {TOXICITY: sentences.calmed, CARD_NUMBER: sentences.no_card_numbers}.get(reason, sentences.declined)


class OutputGuard(LLMTextProcessor):
    """Stands before the voice: hands on sentences, each once it may be said.

    Parameters:
        input_guard: says whether there may be an answer at all.
        sentences: what Maya says instead of what she must not, in the language that she speaks just then.
    """

    def __init__(self, scanner: Scanner, input_guard: InputGuard, sentences: Callable[[], Sentences]) -> None:
        super().__init__(text_transforms=[("*", self._guarded)])
        self._scanner = scanner
        self._input_guard = input_guard
        self._sentences = sentences
        self._said = ""
        self._is_silent = False

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Guard the bartender's words; pass everything else on."""
        if isinstance(frame, BrokenOffFrame):
            await self.reset()
            return
        if isinstance(frame, LLMFullResponseStartFrame):
            self._said, self._is_silent = "", False
            # What an answer that broke off has left is not the beginning of the next.
            await self.reset()
        await super().process_frame(frame, direction)

    async def _guarded(self, sentence: str, _: str) -> str:
        if self._is_silent or not await self._input_guard.is_clear():
            return ""
        result = await self._scanner.judge_output(sentence, self._said)
        self._said += f" {sentence}"
        if result.is_valid:
            return sentence
        logger.warning("what Maya was about to say was withheld: {}", result.blocked_reason)
        self._is_silent = True
        await self.push_frame(BlockedFrame(result.blocked_reason or ""))
        return self._sentences().lost_thread


class Guards:
    """Those of one conversation."""

    def __init__(self, scanner: Scanner, sentences: Callable[[], Sentences]) -> None:
        self.input = InputGuard(scanner, sentences)
        self.output = OutputGuard(scanner, self.input, sentences)


def _card_number_in(said: str) -> str | None:
    """`CARD_NUMBER` where `PlainWords` has hidden one, whose sign no guest can say or type.

    What else was said is not heeded either: nobody can tell where the number ended and an order began.
    """
    return CARD_NUMBER if HIDDEN in said else None
