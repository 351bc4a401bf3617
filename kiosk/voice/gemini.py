"""The bartender in the cloud: Gemini, held to a guest's patience."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

from google.genai.errors import APIError
from google.genai.types import FinishReason, GenerateContentConfig, HttpOptions, HttpRetryOptions
from google.genai.types import GenerateContentResponse as Chunk
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
from pipecat.utils.text.simple_text_aggregator import SimpleTextAggregator
from pipecat.utils.types import assert_given

from kiosk.bartender.claims import Claim, claims, done
from kiosk.bartender.house_brain import HouseBartender, Told
from kiosk.bartender.knowledge import Knowledge
from kiosk.bartender.notices import Notice, notice_in, words_in
from kiosk.bartender.outcomes import has_only_figures_of
from kiosk.bartender.prompts import manner
from kiosk.bartender.tool_calls import WithTools
from kiosk.events import ServiceChanged
from kiosk.state.errors import StateError
from kiosk.voice.failover import CloudError
from kiosk.voice.gemini_errors import GeminiError, told_by
from kiosk.voice.gemini_history import GeminiHistory
from kiosk.voice.gemini_models import thinking_of
from kiosk.voice.gemini_race import Lane, SilentError, first_to_speak, speaks
from kiosk.voice.guards import BrokenOffFrame
from kiosk.voice.meaning import Meaning
from kiosk.voice.reporter import Publish

# A guest waits so long for the next words, and so long for all of them; then the house answers.
NEXT_WORDS_SECS = 4.0
ANSWER_SECS = 10.0
# After how long without a word a second request runs beside the first.
SECOND_REQUEST_SECS = 1.2
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

    So it does where an answer ends in any other way than normally, and where Maya says that something was done which
    no tool of this turn has done; that sentence and all behind it are held back, and the house answers.

    What the kiosk tells it, a touch and what came of it or a payment, it only words: no guest has asked for anything
    that a tool could do. Where it calls one all the same, is silent, or names figures that no result has, the house
    words it; so it does where a touch failed.

    Parameters:
        house: words what Gemini must not, or does not.
        prompt: what it is told about being Maya.
        base_url: another address of the service, for tests.
        telling: what it is told of drinks and bar, where it is asked about them.
        fallback_model: answers where `model` does not; None, or the same: the house does.
        second_request_secs: after how long without a word `model` is asked once more, beside the first request.
        publish: told of a model that may not be asked for a while, so that the bar knows why another answers.
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
        fallback_model: str | None = None,
        second_request_secs: float = SECOND_REQUEST_SECS,
        publish: Publish = lambda _event: None,
    ) -> None:
        super().__init__(
            api_key=api_key,
            settings=GoogleLLMService.Settings(model=model, system_instruction=prompt),
            # Left to itself the client sleeps for seconds and tries again, while the guest waits.
            http_options=HttpOptions(base_url=base_url, retry_options=HttpRetryOptions(attempts=1)),
            stream_idle_timeout_secs=NEXT_WORDS_SECS,
        )
        self._models = tuple(dict.fromkeys([model, fallback_model or model]))
        self._second_request_secs = second_request_secs
        self._publish = publish
        self._used_up: dict[str, tuple[float, GeminiError]] = {}
        self._prompt = prompt
        self._house = house
        self._told: Told | None = None
        self._words = ""
        assert self._client
        self._meaning = Meaning(telling.knowledge, self._client, telling.model, telling.cache_dir) if telling else None
        self._preparing: asyncio.Task[None] | None = None
        self._limit: asyncio.Timeout | None = None
        self._has_answered = self._has_failed = False
        self._ending: FinishReason | None = None
        self._sentences = SimpleTextAggregator()
        self._done: frozenset[Claim] = frozenset()
        self._is_held_back = False

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
        self._has_answered = self._has_failed = self._is_held_back = False
        self._ending = None
        await self._sentences.reset()
        messages = [message for message in frame.context.messages if isinstance(message, dict)]
        self._told, self._words, self._done = self._house.told(messages), "", done(messages)
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
        if self._house.is_too_young(said) and await resources.may_act():
            await resources.tools.serve_no_alcohol()

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
        has_ended = self._ending is FinishReason.STOP
        if self._told:
            await self._word(self._told, may_speak=has_ended and not function_calls)
            return
        if not has_ended:
            how = self._ending.value if self._ending else "no end"
            await self._give_up(f"it broke off ({how})")
            return
        rest = await self._sentences.flush()
        if rest and not self._is_held_back and not self._is_true(rest.text):
            await self._hold_back(rest.text)
        if self._is_held_back and not function_calls:
            await self._give_up("it claimed what no tool did")
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

    async def _give_up(self, why: str) -> None:
        await self.push_error(why, exception=CloudError(why, words=why))

    async def is_back(self) -> bool:
        """Whether a model answers, outside any conversation: what it answers is no matter, nor that thoughts ate it.

        One that has said when it may be asked again is not asked before.
        """
        failed: Exception | None = None
        for model in self._open_models():
            try:
                async with asyncio.timeout(NEXT_WORDS_SECS):
                    assert self._client
                    config = GenerateContentConfig(**thinking_of(model).parameters(MOST_TOKENS))
                    answer = await self._client.aio.models.generate_content(
                        model=model, contents="Say: ok", config=config
                    )
                    return bool(answer.candidates)
            except TimeoutError as error:
                failed = error
            except APIError as error:
                failed = self._noted(error, model)
        if failed:
            raise failed
        return False

    async def first_word_secs(self, model: str) -> float:
        """How long the first word of `model` takes, outside any conversation.

        Raises:
            SilentError, GeminiError, TimeoutError, ...: there is none.
        """
        context, asked_at = LLMContext([{"role": "user", "content": "Say: ok"}]), asyncio.get_running_loop().time()
        async with asyncio.timeout(NEXT_WORDS_SECS), aclosing(self._answer(context, model)) as answer:
            async for chunk in answer:
                if speaks(chunk):
                    return asyncio.get_running_loop().time() - asked_at
        raise SilentError("the answer was empty")

    def _open_models(self) -> list[str]:
        now = asyncio.get_running_loop().time()
        return [model for model in self._models if model not in self._used_up or self._used_up[model][0] <= now]

    def _noted(self, error: APIError, model: str) -> GeminiError:
        told = told_by(error, model)
        if told.retry_secs:
            logger.warning("{}: {}", model, told.words)
            self._publish(ServiceChanged("llm", "cloud", f"{model}: {told.words}"))
            self._used_up[model] = (asyncio.get_running_loop().time() + told.retry_secs, told)
        return told

    async def _stream_response(self, context: LLMContext) -> AsyncGenerator[Chunk, None]:
        """The first answer that speaks, of `model` asked once and once more, and of the lighter one."""
        models = self._open_models()
        if not models:
            raise self._used_up[self._models[0]][1]
        asked = [models[0], *models] if models[0] == self._models[0] else models
        lanes = [Lane(model, partial(self._answer, context, model)) for model in asked]
        try:
            async with aclosing(first_to_speak(lanes, self._second_request_secs, NEXT_WORDS_SECS)) as answer:
                async for chunk in answer:
                    yield chunk
        except SilentError:
            # What it was only told, the house words then.
            if not self._told:
                raise

    async def _answer(self, context: LLMContext, model: str) -> AsyncGenerator[Chunk, None]:
        assert self._client
        asked = await self.get_llm_adapter().get_llm_invocation_params(
            context,
            system_instruction=assert_given(self._settings.system_instruction),
            ensure_last_message_is_user=True,
        )
        generation = self._build_generation_params(
            asked["system_instruction"], cast(Any, asked["tools"]) or None, self._tool_config
        )
        try:
            stream = await self._client.aio.models.generate_content_stream(
                model=model,
                contents=cast(Any, asked["messages"]),
                config=GenerateContentConfig(**(generation | thinking_of(model).parameters(MOST_TOKENS))),
            )
            # How long the first chunk may take is a matter of the race.
            async with aclosing(self._iter_stream(stream, first_chunk_timeout=None)) as chunks:
                async for chunk in chunks:
                    yield chunk
        except APIError as error:
            raise self._noted(error, model) from None

    def _maybe_apply_thinking_default(self, generation_params: dict[str, Any]) -> None:
        """None: how much a model is to think follows from the model that is asked."""

    def _handle_finish_reason(self, finish_reason: FinishReason) -> None:
        self._ending = finish_reason

    async def _push_llm_text(self, text: str) -> None:
        self._has_answered = True
        if self._told:
            # Whether it may be said is known at its end.
            self._words += text
            return
        if self._is_held_back:
            return
        async for sentence in self._sentences.aggregate(text):
            if not self._is_true(sentence.text):
                await self._hold_back(sentence.text)
                return
        await super()._push_llm_text(text)

    def _is_true(self, sentence: str) -> bool:
        return claims(sentence) <= self._done

    async def _hold_back(self, sentence: str) -> None:
        """Say nothing any more of this answer, nor what of it was not yet said."""
        told = ", ".join(claims(sentence) - self._done)
        logger.warning("Maya is not to say that there was {}: no tool did it", told)
        self._is_held_back = True
        await self.push_frame(BrokenOffFrame())

    async def _word(self, told: Told, *, may_speak: bool) -> None:
        """Say what Gemini made of what it was told, or what the house does."""
        is_true = self._is_true(self._words) and has_only_figures_of(told.touch, self._words)
        self._told = None
        if not (may_speak and is_true and self._words.strip()):
            logger.warning("the house words what Gemini does not: {}", repr(self._words) if may_speak else "a call")
            self._words = told.say
        self._has_answered = True
        await super()._push_llm_text(self._words)

    async def _say(self, words: str) -> None:
        await self.push_frame(LLMFullResponseStartFrame())
        await super()._push_llm_text(words)
        await self.push_frame(LLMFullResponseEndFrame())


def last_said(context: LLMContext) -> str:
    """The guest's last words."""
    for message in reversed(context.messages):
        if isinstance(message, dict) and message.get("role") == "user":
            return words_in(message)
    return ""


def recent(context: LLMContext) -> LLMContext:
    """The end of a long conversation, from where a turn begins: a guest's words, or what the kiosk tells of."""
    messages = context.messages
    if len(messages) <= MOST_MESSAGES:
        return context
    for start in range(len(messages) - MOST_MESSAGES, len(messages)):
        message = messages[start]
        begins = isinstance(message, dict) and message.get("role") == "user"
        # Behind an answer that broke off stands what was done for the words before it.
        if begins and notice_in(message) is not Notice.BROKEN_OFF:
            return LLMContext(messages[start:], tools=context.tools, tool_choice=context.tool_choice)
    return context
