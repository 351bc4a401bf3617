"""The bartender in the cloud: Gemini, held to a guest's patience."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.genai.types import HttpOptions, HttpRetryOptions
from loguru import logger
from pipecat.frames.frames import (
    Frame,
    FunctionCallFromLLM,
    LLMContextFrame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    StartFrame,
)
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.google.llm import GoogleLLMService

from kiosk.bartender.house_brain import HouseBartender, Told
from kiosk.bartender.knowledge import Knowledge
from kiosk.bartender.outcomes import has_only_figures_of
from kiosk.bartender.prompts import manner
from kiosk.bartender.tools import WithTools
from kiosk.state.errors import StateError
from kiosk.voice.gemini_history import GeminiHistory
from kiosk.voice.guards import BrokenOffFrame
from kiosk.voice.meaning import Meaning

# A guest waits so long for the next words, and so long for all of them; then the house answers.
NEXT_WORDS_SECS = 4.0
ANSWER_SECS = 10.0
# Short answers: a menu read out takes some 200 tokens.
MOST_TOKENS = 600
# What was said longer ago is not sent: order, tab and tip come from the tools, and a long context costs time.
MOST_MESSAGES = 60
# With it a model may call no tool: one that does so all the same ends with UNEXPECTED_TOOL_CALL, or with the call.
_NO_TOOLS = {"function_calling_config": {"mode": "NONE"}}


@dataclass(frozen=True)
class Telling:
    """What the bartender can tell, and how it is found.

    Parameters:
        model: of the embeddings.
        cache_dir: where they are kept between starts.
    """

    knowledge: Knowledge
    model: str
    cache_dir: Path


class GeminiBartender(GoogleLLMService):
    """Gemini as a pipecat service which says so, as an error, when it has nothing to say or takes too long.

    What the kiosk tells it, a touch and what came of it or a payment, it only words: no guest has asked for anything
    that a tool could do. Where it calls one all the same, is silent, or names figures that no result has, the house
    words it; so it does where a touch failed.

    Parameters:
        house: words what Gemini must not, or does not.
        prompt: what it is told about being Maya.
        base_url: another address of the service, for tests.
        telling: what it is told of drinks and bar, where it is asked about them.
    """

    adapter_class = GeminiHistory

    def __init__(
        self,
        api_key: str,
        model: str,
        prompt: str,
        house: HouseBartender,
        base_url: str | None = None,
        telling: Telling | None = None,
    ) -> None:
        super().__init__(
            api_key=api_key,
            settings=GoogleLLMService.Settings(model=model, system_instruction=prompt, max_tokens=MOST_TOKENS),
            # Left to itself the client sleeps for seconds and tries again, while the guest waits.
            http_options=HttpOptions(base_url=base_url, retry_options=HttpRetryOptions(attempts=1)),
            stream_idle_timeout_secs=NEXT_WORDS_SECS,
        )
        self._prompt = prompt
        self._house = house
        self._told: Told | None = None
        self._words = ""
        assert self._client
        self._meaning = Meaning(telling.knowledge, self._client, telling.model, telling.cache_dir) if telling else None
        self._preparing: asyncio.Task[None] | None = None
        self._limit: asyncio.Timeout | None = None
        self._has_answered = self._has_failed = False

    async def start(self, frame: StartFrame) -> None:
        """Begin, and prepare what can be told."""
        await super().start(frame)
        if self._meaning and not self._preparing:
            self._preparing = self.create_task(self._meaning.prepare())

    async def cleanup(self) -> None:
        """End, whether or not that is prepared."""
        if self._preparing:
            await self.cancel_task(self._preparing)
            self._preparing = None
        await super().cleanup()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Answer a context within its time; pass everything else on."""
        if not isinstance(frame, LLMContextFrame):
            await super().process_frame(frame, direction)
            return
        self._has_answered = self._has_failed = False
        self._told, self._words = self._house.told(m for m in frame.context.messages if isinstance(m, dict)), ""
        if self._told and self._told.touch and not self._told.touch.ok:
            await self._say(self._told.say)
            return
        self._tool_config = _NO_TOOLS if self._told else None
        instruction = await self._instruction(frame.context)
        await self._update_settings(GoogleLLMService.Settings(system_instruction=instruction))
        try:
            async with asyncio.timeout(ANSWER_SECS) as self._limit:
                await super().process_frame(LLMContextFrame(recent(frame.context)), direction)
        except TimeoutError as error:
            await self.push_error("the answer took too long", exception=error)
            return
        if not self._has_answered and not self._has_failed:
            await self.push_error("the answer was empty")

    async def _instruction(self, context: LLMContext) -> str:
        resources: WithTools | None = self.pipeline_worker.app_resources
        if not resources:
            return self._prompt
        phases, said = resources.tools.phases, last_said(context)

        try:
            phase = await asyncio.to_thread(phases.get_current_phase)
        except StateError as error:
            # The tools will say so, too, and this is only the manner of an answer.
            logger.warning("the phase of the visit cannot be read: {}", error)
            return self._prompt
        known = await self._meaning.search(said) if self._meaning and phases.should_use_rag(said) else []
        return f"{self._prompt}\n\n{manner(phase, known)}"

    async def run_function_calls(self, function_calls: Sequence[FunctionCallFromLLM]) -> None:
        """Run the tools, which have time limits of their own. Called at the end of every answer."""
        if self._told:
            await self._word(self._told, has_called=bool(function_calls))
            return
        if self._limit:
            self._limit.reschedule(None)
        self._has_answered = self._has_answered or bool(function_calls)
        await super().run_function_calls(function_calls)

    async def push_error(self, error_msg: str, *arguments: Any, **options: Any) -> None:
        """Push an error upstream, and remember that there was one."""
        self._has_failed = True
        await self.push_frame(BrokenOffFrame())
        await super().push_error(error_msg, *arguments, **options)

    async def is_back(self) -> bool:
        """Whether it answers: asked for one word, outside any conversation."""
        context = LLMContext([{"role": "user", "content": "Say: ok"}])
        async with asyncio.timeout(NEXT_WORDS_SECS):
            return bool(await self.run_inference(context, max_tokens=16))

    async def _push_llm_text(self, text: str) -> None:
        self._has_answered = True
        if self._told:
            # Whether it may be said is known at its end.
            self._words += text
        else:
            await super()._push_llm_text(text)

    async def _word(self, told: Told, *, has_called: bool) -> None:
        """Say what Gemini made of what it was told, or what the house does."""
        is_true = has_only_figures_of(told.touch, self._words)
        self._told = None
        if has_called or not is_true or not self._words.strip():
            logger.warning("the house words what Gemini does not: {}", "a call" if has_called else repr(self._words))
            self._words = told.say
        await self._push_llm_text(self._words)

    async def _say(self, words: str) -> None:
        await self.push_frame(LLMFullResponseStartFrame())
        await super()._push_llm_text(words)
        await self.push_frame(LLMFullResponseEndFrame())


def last_said(context: LLMContext) -> str:
    """The guest's last words."""
    for message in reversed(context.messages):
        if isinstance(message, dict) and message.get("role") == "user":
            content = message.get("content")
            return content if isinstance(content, str) and not content.startswith("[") else ""
    return ""


def recent(context: LLMContext) -> LLMContext:
    """The end of a long conversation, from something that the guest has said on."""
    messages = context.messages
    if len(messages) <= MOST_MESSAGES:
        return context
    for start in range(len(messages) - MOST_MESSAGES, len(messages)):
        message = messages[start]
        if isinstance(message, dict) and message.get("role") == "user":
            return LLMContext(messages[start:], tools=context.tools, tool_choice=context.tool_choice)
    return context
