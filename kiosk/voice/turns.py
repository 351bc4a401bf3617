"""When a guest's turn begins and ends.

Prosody alone is a poor judge at a bar: a plain order often sounds unfinished, and a finished
sentence often follows a pause. The kiosk knows more: whether what was heard so far is a complete
request. So at a pause the turn ends at once when it is, waits when it is clearly not, and asks
the smart-turn model in between. All waiting is counted in the audio itself, never by a clock, so a
recording that is played fast behaves like the guest.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from pipecat.audio.turn.base_turn_analyzer import BaseTurnAnalyzer, EndOfTurnState
from pipecat.audio.vad.vad_analyzer import VADParams
from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    DataFrame,
    Frame,
    InputAudioRawFrame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameProcessorSetup
from pipecat.turns.types import ProcessFrameResult
from pipecat.turns.user_start.base_user_turn_start_strategy import BaseUserTurnStartStrategy
from pipecat.turns.user_stop.base_user_turn_stop_strategy import BaseUserTurnStopStrategy

from kiosk.security.card_numbers import may_go_on
from kiosk.understanding.completeness import Completeness
from kiosk.understanding.utterance import Utterance

# Silero's own confidence; no loudness gate, since a guest may speak softly and a gate tuned for
# one microphone is deaf on another.
VAD = VADParams(confidence=0.6, start_secs=0.2, stop_secs=0.2, min_volume=0.0)


# So many times in a row words have to be understood as meant for Maya, as they grow, before she stops for them.
TIMES_WANTED = 2

Judge = Callable[[str], Completeness]


@dataclass(frozen=True)
class Patience:
    """How much silence ends a turn, in seconds.

    Parameters:
        unsure_secs: when the words do not tell and smart turn expects more.
        incomplete_secs: when the guest is in the middle of a request: the ceiling.
        wordless_secs: when speech was heard but no words were understood.
    """

    unsure_secs: float = 1.2
    incomplete_secs: float = 3.0
    wordless_secs: float = 0.8


@dataclass
class TranscriptWithdrawnFrame(DataFrame):
    """The recogniser takes back the turn's transcript: the guest goes on, and the whole will follow."""


@dataclass
class WrittenTurnFrame(TranscriptionFrame):
    """A turn that was typed: complete by being sent, and not lost to an interruption that it meets on the way."""

    interruptible: bool = field(default=False, init=False)


@dataclass
class HeardFrame(TranscriptionFrame):
    """A transcript in its turn.

    Parameters:
        turn: all that the guest has said in the turn so far.
    """

    turn: Utterance = field(kw_only=True)


class GuestTurnStart(BaseUserTurnStartStrategy):
    """A turn starts when a voice is heard, or when a typed line arrives.

    While Maya speaks a voice alone does not stop her, because it may be a cough, a song, somebody else, or a guest
    who says "mm-hm"; words that are meant for her do. A guest who still speaks when she has finished has the floor.

    Parameters:
        wants_the_floor: says of words that were said while Maya spoke whether they are meant for her.
    """

    def __init__(self, wants_the_floor: Callable[[str], bool]) -> None:
        super().__init__()
        self._wants_the_floor = wants_the_floor
        self._maya_speaks = False
        self._voice_is_on = False
        self._has_floor = False
        # The voice began while Maya spoke, and no turn has come of it.
        self._is_aside = False
        self._times_wanted = 0

    async def handle_user_turn_started(self) -> None:
        """The guest has the floor."""
        await super().handle_user_turn_started()
        self._has_floor, self._is_aside = True, False

    async def handle_user_turn_stopped(self) -> None:
        """Maya has the floor."""
        await super().handle_user_turn_stopped()
        self._has_floor = False

    async def process_frame(self, frame: Frame) -> ProcessFrameResult:
        """Start the turn on speech or a typed line; drop a withdrawn transcript."""
        match frame:
            case BotStartedSpeakingFrame():
                self._maya_speaks = True
            case BotStoppedSpeakingFrame():
                self._maya_speaks = False
                if self._is_aside and self._voice_is_on:
                    return await self._start()
            case VADUserStartedSpeakingFrame():
                self._voice_is_on = True
                self._times_wanted = 0
                self._is_aside = self._maya_speaks
                if not self._is_aside:
                    return await self._start()
            case VADUserStoppedSpeakingFrame():
                self._voice_is_on = False
            case WrittenTurnFrame():
                return await self._start()
            case InterimTranscriptionFrame() if self._is_aside:
                # Of a cough or a hum the recogniser makes the best for a moment.
                is_wanted = len(frame.text.split()) > 1 and self._wants_the_floor(frame.text)
                self._times_wanted = self._times_wanted + 1 if is_wanted else 0
                if self._times_wanted >= TIMES_WANTED:
                    return await self._start()
            case HeardFrame(turn=said) if not self._has_floor:
                if self._is_aside and self._wants_the_floor(said):
                    return await self._start()
                self._is_aside = self._is_aside and self._voice_is_on
                # Else it would be taken for the beginning of what the next guest says.
                await self.trigger_reset_aggregation()
            case TranscriptWithdrawnFrame():
                await self.trigger_reset_aggregation()
        return ProcessFrameResult.CONTINUE

    async def _start(self) -> ProcessFrameResult:
        await self.trigger_user_turn_started()
        return ProcessFrameResult.STOP


class CompleteRequestStop(BaseUserTurnStopStrategy):
    """The turn ends at a pause after a complete request, else when patience runs out.

    Parameters:
        judge: says of the words so far whether they are a whole request.
        second_opinion: a smart-turn analyzer, asked at a pause when `judge` is unsure.
    """

    def __init__(
        self,
        judge: Judge,
        second_opinion: BaseTurnAnalyzer,
        patience: Patience | None = None,
    ) -> None:
        super().__init__()
        self._judge = judge
        self._second_opinion = second_opinion
        self._patience = patience or Patience()
        self._speaking = False
        self._silence_secs = 0.0
        self._said: Utterance | None = None
        self._limit_secs: float | None = None

    async def setup(self, setup: FrameProcessorSetup) -> None:
        """Prepare the analyzer for the pipeline's audio."""
        await super().setup(setup)
        self._second_opinion.set_sample_rate(setup.audio_in_sample_rate)

    async def cleanup(self) -> None:
        """Release the analyzer."""
        await super().cleanup()
        await self._second_opinion.cleanup()

    async def handle_user_turn_started(self) -> None:
        """Forget the last turn."""
        await super().handle_user_turn_started()
        self._forget()

    async def handle_user_turn_stopped(self) -> None:
        """Forget this turn."""
        await super().handle_user_turn_stopped()
        self._forget()
        self._second_opinion.clear()

    def _forget(self) -> None:
        self._said = None
        self._limit_secs = None

    async def process_frame(self, frame: Frame) -> ProcessFrameResult:
        """Follow speech, silence and words, and end the turn when it is time."""
        match frame:
            case WrittenTurnFrame():
                await self.trigger_user_turn_stopped()
            case TranscriptWithdrawnFrame():
                self._forget()
            case HeardFrame(turn=said):
                self._said = said
                self._limit_secs = None
                await self._decide()
            case VADUserStartedSpeakingFrame():
                self._speaking = True
                self._second_opinion.update_vad_start_secs(frame.start_secs)
            case VADUserStoppedSpeakingFrame():
                self._speaking = False
                self._silence_secs = frame.stop_secs
                self._limit_secs = None
                await self._decide()
            case InputAudioRawFrame():
                self._second_opinion.append_audio(frame.audio, self._speaking)
                if not self._speaking:
                    self._silence_secs += frame.num_frames / frame.sample_rate
                    await self._decide()
        return ProcessFrameResult.CONTINUE

    async def _decide(self) -> None:
        if self._speaking or self._said is None:
            return
        if self._limit_secs is None:
            self._limit_secs = await self._silence_to_wait(self._said)
        if self._silence_secs >= self._limit_secs:
            await self.trigger_user_turn_stopped()

    async def _silence_to_wait(self, said: Utterance) -> float:
        if not said:
            return self._patience.wordless_secs
        if may_go_on(said):
            # Who reads a number from a card pauses between its groups, and it is only hidden once it is whole.
            return self._patience.incomplete_secs
        completeness = self._judge(said)
        if completeness is Completeness.COMPLETE:
            return 0.0
        if completeness is Completeness.INCOMPLETE:
            return self._patience.incomplete_secs
        state, _ = await self._second_opinion.analyze_end_of_turn()
        return 0.0 if state is EndOfTurnState.COMPLETE else self._patience.unsure_secs
