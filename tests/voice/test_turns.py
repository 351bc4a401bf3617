"""The end of a turn, decided from frames alone: silence is counted in the sound, so no test waits."""

import pytest
from pipecat.audio.turn.base_turn_analyzer import BaseTurnAnalyzer, BaseTurnParams, EndOfTurnState
from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    Frame,
    InputAudioRawFrame,
    InterimTranscriptionFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)

from kiosk.understanding.completeness import Completeness
from kiosk.understanding.utterance import Utterance
from kiosk.voice.turns import (
    TIMES_WANTED,
    CompleteRequestStop,
    GuestTurnStart,
    HeardFrame,
    Patience,
    TranscriptWithdrawnFrame,
    WrittenTurnFrame,
)

PIECE = InputAudioRawFrame(bytes(640), 16000, 1)
PIECE_SECS = 0.02

WORDS = {
    "two martinis": Completeness.COMPLETE,
    "two martinis and": Completeness.INCOMPLETE,
    "well now": Completeness.UNSURE,
    "my card is four one one one": Completeness.COMPLETE,
    "4111 1111.": Completeness.COMPLETE,
    "vier eins eins eins, eins eins": Completeness.COMPLETE,
}


class Opinion(BaseTurnAnalyzer):
    """A second opinion that is known beforehand."""

    def __init__(self, state: EndOfTurnState) -> None:
        super().__init__()
        self.state = state

    @property
    def speech_triggered(self) -> bool:
        return True

    @property
    def params(self) -> BaseTurnParams:
        return BaseTurnParams()

    def append_audio(self, buffer: bytes, is_speech: bool) -> EndOfTurnState:
        return EndOfTurnState.INCOMPLETE

    async def analyze_end_of_turn(self):
        return self.state, None

    def clear(self) -> None:
        pass


class Listener:
    """A stop strategy in an open turn, and how long it was silent when the turn ended."""

    def __init__(self, second_opinion: EndOfTurnState = EndOfTurnState.INCOMPLETE) -> None:
        self.strategy = CompleteRequestStop(WORDS.__getitem__, Opinion(second_opinion))
        self.ended = False
        self.strategy.add_event_handler("on_user_turn_stopped", self._on_stopped)

    async def _on_stopped(self, _strategy, _params) -> None:
        self.ended = True
        await self.strategy.handle_user_turn_stopped()

    async def hears(self, text: str) -> None:
        await self.strategy.process_frame(VADUserStartedSpeakingFrame(start_secs=0.2))
        await self.strategy.process_frame(PIECE)
        await self.strategy.process_frame(final(text))
        await self.strategy.process_frame(VADUserStoppedSpeakingFrame(stop_secs=0.2))

    async def silence_until_end(self, most_secs: float = 10.0) -> float | None:
        silence = 0.2
        while not self.ended and silence < most_secs:
            await self.strategy.process_frame(PIECE)
            silence += PIECE_SECS
        return silence if self.ended else None


async def test_a_complete_request_ends_the_turn_at_the_first_pause():
    listener = Listener()
    await listener.hears("two martinis")
    assert listener.ended


async def test_the_order_of_transcript_and_silence_does_not_matter():
    listener = Listener()
    await listener.strategy.process_frame(VADUserStartedSpeakingFrame(start_secs=0.2))
    await listener.strategy.process_frame(VADUserStoppedSpeakingFrame(stop_secs=0.2))
    assert not listener.ended
    await listener.strategy.process_frame(final("two martinis"))
    assert listener.ended


async def test_a_guest_in_the_middle_of_a_request_is_waited_for_up_to_the_ceiling():
    listener = Listener(EndOfTurnState.COMPLETE)
    await listener.hears("two martinis and")
    assert await listener.silence_until_end() == pytest.approx(Patience().incomplete_secs, abs=PIECE_SECS)


@pytest.mark.parametrize("text", ["my card is four one one one", "4111 1111.", "vier eins eins eins, eins eins"])
async def test_who_reads_a_long_number_out_is_waited_for_whatever_the_words_say(text):
    listener = Listener(EndOfTurnState.COMPLETE)
    await listener.hears(text)
    assert await listener.silence_until_end() == pytest.approx(Patience().incomplete_secs, abs=PIECE_SECS)


async def test_smart_turn_decides_when_the_words_do_not():
    sure, doubtful = Listener(EndOfTurnState.COMPLETE), Listener(EndOfTurnState.INCOMPLETE)
    await sure.hears("well now")
    await doubtful.hears("well now")
    assert sure.ended
    assert await doubtful.silence_until_end() == pytest.approx(Patience().unsure_secs, abs=PIECE_SECS)


async def test_speech_without_words_ends_the_turn_so_that_maya_can_say_sorry():
    listener = Listener()
    await listener.hears("")
    assert await listener.silence_until_end() == pytest.approx(Patience().wordless_secs, abs=PIECE_SECS)


async def test_a_guest_who_goes_on_is_judged_by_the_whole_sentence():
    listener = Listener()
    await listener.hears("two martinis and")
    await listener.strategy.process_frame(VADUserStartedSpeakingFrame(start_secs=0.2))
    await listener.strategy.process_frame(TranscriptWithdrawnFrame())
    assert await listener.silence_until_end() is None
    await listener.hears("two martinis")
    assert listener.ended


async def test_no_turn_ends_while_the_guest_speaks():
    listener = Listener()
    await listener.hears("two martinis and")
    await listener.strategy.process_frame(VADUserStartedSpeakingFrame(start_secs=0.2))
    assert await listener.silence_until_end() is None


class Starter:
    """A start strategy, and how often it has begun a turn and dropped what was said."""

    def __init__(self) -> None:
        self.strategy = GuestTurnStart(lambda text: text in {"stop", "two martinis"})
        self.begun = self.dropped = 0
        self.strategy.add_event_handler("on_user_turn_started", self._on_started)
        self.strategy.add_event_handler("on_reset_aggregation", self._on_dropped)

    async def _on_started(self, _strategy, _params) -> None:
        self.begun += 1
        await self.strategy.handle_user_turn_started()

    async def _on_dropped(self, _strategy) -> None:
        self.dropped += 1

    async def hears(self, *frames: Frame) -> "Starter":
        for frame in frames:
            await self.strategy.process_frame(frame)
        return self


MAYA_SPEAKS, MAYA_IS_DONE = BotStartedSpeakingFrame(), BotStoppedSpeakingFrame()
VOICE, NO_VOICE = VADUserStartedSpeakingFrame(start_secs=0.2), VADUserStoppedSpeakingFrame(stop_secs=0.2)


def partial(text: str) -> Frame:
    return InterimTranscriptionFrame(text, "guest", "now")


def final(text: str) -> Frame:
    return HeardFrame(text, "guest", "now", turn=Utterance(text))


async def test_a_voice_begins_a_turn_while_maya_is_silent():
    assert (await Starter().hears(VOICE)).begun == 1
    assert (await Starter().hears(MAYA_SPEAKS, MAYA_IS_DONE, VOICE)).begun == 1


async def test_a_voice_without_words_for_her_does_not_stop_maya():
    starter = await Starter().hears(MAYA_SPEAKS, VOICE, partial("mm"), NO_VOICE, final("mm hm"), MAYA_IS_DONE)
    assert (starter.begun, starter.dropped) == (0, 1)


async def test_words_for_her_stop_maya_as_soon_as_they_are_understood():
    assert (await Starter().hears(MAYA_SPEAKS, VOICE, *[partial("two martinis")] * TIMES_WANTED)).begun == 1
    assert (await Starter().hears(MAYA_SPEAKS, VOICE, NO_VOICE, final("stop"))).begun == 1


async def test_words_that_the_recogniser_is_not_sure_of_yet_do_not_stop_maya():
    assert (await Starter().hears(MAYA_SPEAKS, VOICE, partial("stop"), partial("stop"))).begun == 0
    fleeting = [partial("two martinis"), partial("to my arteries"), partial("two martinis")]
    assert (await Starter().hears(MAYA_SPEAKS, VOICE, *fleeting)).begun == 0


async def test_a_guest_who_still_speaks_when_maya_has_finished_has_the_floor():
    assert (await Starter().hears(MAYA_SPEAKS, VOICE, partial("well"), MAYA_IS_DONE)).begun == 1


async def test_words_that_are_put_down_after_maya_has_finished_count_as_said_meanwhile():
    starter = await Starter().hears(MAYA_SPEAKS, VOICE, NO_VOICE, MAYA_IS_DONE, final("mm hm"))
    assert (starter.begun, starter.dropped) == (0, 1)
    assert (await starter.hears(VOICE)).begun == 1


async def test_words_of_a_voice_that_maya_was_deaf_to_are_dropped():
    starter = await Starter().hears(MAYA_SPEAKS, MAYA_IS_DONE, final("two martinis"))
    assert (starter.begun, starter.dropped) == (0, 1)


async def test_a_typed_line_is_a_turn_by_itself():
    starter, listener = Starter(), Listener()
    line = WrittenTurnFrame("two martinis and", "guest", "now")
    await starter.hears(line)
    await listener.strategy.process_frame(line)
    assert starter.begun == 1
    assert listener.ended
