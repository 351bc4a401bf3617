"""Facts about Maya's voice as a stage of the pipeline."""

from collections.abc import Sequence

import pytest
from pipecat.frames.frames import (
    ErrorFrame,
    Frame,
    LLMFullResponseEndFrame,
    LLMFullResponseStartFrame,
    LLMTextFrame,
    MetricsFrame,
    TTSAudioRawFrame,
    TTSSpeakFrame,
    TTSStartedFrame,
    TTSStoppedFrame,
    TTSTextFrame,
    TTSUpdateSettingsFrame,
)
from pipecat.metrics.metrics import TTFBMetricsData
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.tests.utils import run_test

from kiosk.voice.clock import NANOSECONDS, ConversationClock
from kiosk.voice.espeak import SAMPLE_RATE
from kiosk.voice.espeak_tts import EspeakTTSService, EspeakTTSSettings
from tests.voice.listening import Guest, answer, converse, heard_after_interrupting, sound, words


async def spoken(frames: Sequence[Frame], settings: EspeakTTSSettings | None = None) -> Sequence[Frame]:
    down, _ = await run_test(
        EspeakTTSService(settings=settings),
        frames_to_send=frames,
        pipeline_params=PipelineParams(enable_metrics=True),
    )
    return down


async def test_an_answer_starts_sounds_and_stops():
    frames = await spoken(answer("Coming", " right", " up."))
    kinds = [type(frame) for frame in frames]
    assert kinds.index(TTSStartedFrame) < kinds.index(TTSAudioRawFrame) < kinds.index(TTSStoppedFrame)
    assert kinds.count(TTSStartedFrame) == kinds.count(TTSStoppedFrame) == 1
    assert all(frame.sample_rate == SAMPLE_RATE for frame in frames if isinstance(frame, TTSAudioRawFrame))
    assert len(sound(frames)) > SAMPLE_RATE


async def test_the_first_frame_of_sound_is_a_small_one():
    frames = await spoken(answer("Two old fashioneds on the rocks and a dirty martini, coming right up."))
    first = next(frame for frame in frames if isinstance(frame, TTSAudioRawFrame))
    assert len(first.audio) <= 0.1 * 2 * SAMPLE_RATE


async def test_captions_show_what_is_written_while_it_is_spoken_in_words():
    frames = await spoken(answer("That makes ", "$12.50", " with **15%** tip."))
    assert words(frames) == ["That", "makes", "$12.50", "with", "**15%**", "tip."]
    much_longer = sound(await spoken(answer("That makes $999,777.77 with **15%** tip.")))
    assert len(much_longer) > 1.5 * len(sound(frames))


async def test_each_written_word_comes_right_before_its_sound():
    frames = await spoken(answer("Hello. ", "That makes $12.50, please."))
    began_at: dict[str, float] = {}
    heard = 0
    for frame in frames:
        if isinstance(frame, TTSTextFrame):
            began_at[frame.text] = heard / 2 / SAMPLE_RATE
        elif isinstance(frame, TTSAudioRawFrame):
            heard += len(frame.audio)
    assert list(began_at) == ["Hello.", "That", "makes", "$12.50,", "please."]
    assert sorted(began_at.values()) == list(began_at.values())
    # An amount of six spoken words takes most of the sentence.
    assert began_at["please."] - began_at["$12.50,"] > 1.0


async def test_words_are_stamped_with_the_moment_that_they_are_heard():
    frames = await spoken(answer("Hello. ", "That makes $12.50, please."))
    stamps = [frame.pts / 1e9 for frame in frames if isinstance(frame, TTSTextFrame) and frame.pts]
    places = []
    heard = 0
    for frame in frames:
        if isinstance(frame, TTSTextFrame):
            places.append(heard / 2 / SAMPLE_RATE)
        elif isinstance(frame, TTSAudioRawFrame):
            heard += len(frame.audio)
    assert [stamp - stamps[0] for stamp in stamps] == pytest.approx(places, abs=0.001)


async def test_what_is_remembered_is_what_was_written():
    text = "Pay $24.50 at https://buy.stripe.com/test_1?a=b&c=2 now. Cheers! "
    frames = await spoken(answer(text))
    remembered = [frame.raw_text for frame in frames if isinstance(frame, TTSTextFrame)]
    assert " ".join(filter(None, remembered)) == text.strip()


async def test_an_answer_that_is_only_a_picture_is_silent_and_no_error():
    down, up = await run_test(EspeakTTSService(), frames_to_send=answer("🍸"))
    assert not sound(down)
    assert not any(isinstance(frame, ErrorFrame) for frame in up)


async def test_a_short_answer_without_a_stop_is_spoken_when_it_ends():
    assert words(await spoken(answer("Sure"))) == ["Sure"]


async def test_a_greeting_is_spoken_at_once_as_a_whole():
    frames = await spoken([TTSSpeakFrame("Good evening. I'm Maya!")])
    assert words(frames) == ["Good", "evening.", "I'm", "Maya!"]


async def test_time_to_first_sound_is_measured():
    frames = await spoken(answer("Coming right up."))
    measured = [
        data
        for frame in frames
        if isinstance(frame, MetricsFrame)
        for data in frame.data
        if isinstance(data, TTFBMetricsData) and data.value > 0
    ]
    assert len(measured) == 1


async def test_the_voice_can_be_changed_while_she_runs():
    service = EspeakTTSService()
    down, _ = await run_test(
        service,
        frames_to_send=[
            *answer("Coming right up."),
            TTSUpdateSettingsFrame(delta=EspeakTTSSettings(rate=300)),
            *answer("Coming right up."),
        ],
    )
    stop = next(index for index, frame in enumerate(down) if isinstance(frame, TTSStoppedFrame))
    assert len(sound(down[stop:])) < 0.7 * len(sound(down[:stop]))


async def test_a_voice_that_does_not_exist_is_an_error_that_names_it():
    _, up = await run_test(
        EspeakTTSService(settings=EspeakTTSSettings(voice="nobody")), frames_to_send=answer("Hello.")
    )
    assert any(isinstance(frame, ErrorFrame) and "'nobody'" in frame.error for frame in up)


async def test_an_interruption_ends_the_answer_and_the_next_one_is_whole():
    before, after = await heard_after_interrupting(EspeakTTSService())
    assert words(after) == ["Coming", "right", "up."]
    # Of the three minutes that were cut off, at most what was already on its way was heard.
    assert len(sound(before)) < 10 * 2 * SAMPLE_RATE


async def test_a_sentence_that_is_long_in_coming_is_timed_from_when_it_comes():
    clock = ConversationClock()
    guest = Guest()
    worker = PipelineWorker(Pipeline([EspeakTTSService(), guest]), clock=clock, enable_rtvi=False)

    async def think_for_a_minute() -> None:
        clock.skip(60)
        await worker.queue_frames([LLMTextFrame("hat makes $5."), LLMFullResponseEndFrame()])

    guest.at_first_sound = think_for_a_minute
    # The first letter of the next sentence shows that this one has ended.
    await worker.queue_frames([LLMFullResponseStartFrame(), LLMTextFrame("Let me see. T")])
    await converse(guest, worker)
    stamps = {frame.text: frame.pts or 0 for frame in guest.heard if isinstance(frame, TTSTextFrame)}
    assert stamps["That"] > stamps["see."] + 50 * NANOSECONDS
    assert stamps["makes"] < stamps["That"] + 2 * NANOSECONDS
