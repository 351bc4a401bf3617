"""Facts about Maya's voice in the cloud, and what becomes of an answer when it breaks off."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from pipecat.frames.frames import Frame, LLMFullResponseStartFrame, LLMTextFrame, TTSTextFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.tests.utils import run_test

from kiosk.events import Event, ServiceChanged
from kiosk.voice.cartesia_tts import CartesiaVoice
from kiosk.voice.espeak import SAMPLE_RATE
from tests.fakes.cartesia import FAULTS, KEY, FakeCartesia
from tests.voice.listening import Guest, answer, converse, heard_after_interrupting, sound, words

PRICE = "That makes $12.50, **please**. Pay at https://buy.stripe.com/test_1 now."


@pytest.fixture
def cartesia(cache_dir):
    with FakeCartesia(cache_dir) as fake:
        yield fake


class Maya:
    """Her voice, and where it was."""

    def __init__(self, cartesia: FakeCartesia, key: str = KEY, kind: type[CartesiaVoice] = CartesiaVoice) -> None:
        self.events: list[Event] = []
        self.voice = kind(key, cartesia.url, "a-voice", self.events.append)

    async def says(self, frames: Sequence[Frame]) -> Sequence[Frame]:
        down, up = await run_test(self.voice, frames_to_send=frames)
        assert not up
        return down

    def where(self) -> list[str]:
        return [event.where for event in self.events if isinstance(event, ServiceChanged)]


async def test_prices_are_said_in_words_and_links_never_and_shown_as_they_are_written(cartesia):
    frames = await Maya(cartesia).says(answer(PRICE))
    assert cartesia.said == [
        "That makes twelve dollars and fifty cents, please.",
        "Pay at the link on the screen now.",
    ]
    assert words(frames) == PRICE.split()
    remembered = [frame.raw_text for frame in frames if isinstance(frame, TTSTextFrame)]
    assert " ".join(filter(None, remembered)) == PRICE


async def test_a_written_word_is_passed_on_when_its_sound_begins(cartesia):
    frames = await Maya(cartesia).says(answer("Hello. ", "That makes $12.50, please."))
    stamps = {frame.text: frame.pts / 1e9 for frame in frames if isinstance(frame, TTSTextFrame) and frame.pts}
    assert list(stamps) == ["Hello.", "That", "makes", "$12.50,", "please."]
    # An amount of six spoken words takes most of the sentence.
    assert stamps["please."] - stamps["$12.50,"] > 1.0
    assert stamps["please."] - stamps["Hello."] < len(sound(frames)) / 2 / SAMPLE_RATE


@pytest.mark.parametrize("fault", FAULTS)
async def test_whatever_breaks_an_answer_off_each_word_of_it_is_said_and_shown_once(cartesia, fault):
    text = "Two old fashioneds and a dirty martini, coming right up. That makes $37, please."
    whole = await Maya(cartesia).says(answer(text))
    maya = Maya(cartesia)
    cartesia.go_wrong("tts", fault)
    frames = await maya.says(answer(text))
    assert words(frames) == text.split()
    # The house's voice is as fast as the cloud's, give or take the word that was broken off.
    assert len(sound(frames)) == pytest.approx(len(sound(whole)), rel=0.35)
    assert maya.where() == ["house"]


async def test_what_comes_after_a_failure_is_said_by_the_house(cartesia):
    maya, guest = Maya(cartesia), Guest()
    worker = PipelineWorker(Pipeline([maya.voice, guest]), enable_rtvi=False)
    cartesia.go_wrong("tts", "500")
    await worker.queue_frames(answer("Hello."))
    task = asyncio.create_task(converse(guest, worker, answers=2))
    await guest.has_heard(1)
    await worker.queue_frames(answer("Your tab is $37."))
    await task
    assert words(guest.heard) == ["Hello.", "Your", "tab", "is", "$37."]
    assert cartesia.said == ["Hello."]


async def test_a_refused_key_is_told_of_at_once_and_costs_no_word(cartesia):
    maya = Maya(cartesia, key="of-nobody")
    assert words(await maya.says(answer("Hello there."))) == ["Hello", "there."]
    assert [event.reason for event in maya.events if isinstance(event, ServiceChanged)] == ["the key is refused"]
    assert cartesia.said == []


async def test_an_interrupted_answer_is_called_off_and_the_next_one_is_whole(cartesia):
    maya = Maya(cartesia)
    _, after = await heard_after_interrupting(maya.voice)
    assert words(after) == ["Coming", "right", "up."]
    assert maya.where() == []
    assert cartesia.cancelled == 1


async def test_a_connection_that_ended_while_nobody_spoke_is_made_anew(cartesia):
    maya, guest = Maya(cartesia), Guest()
    worker = PipelineWorker(Pipeline([maya.voice, guest]), enable_rtvi=False)
    await worker.queue_frames(answer("Hello."))
    task = asyncio.create_task(converse(guest, worker, answers=2))
    await guest.has_heard(1)
    cartesia.go_away()
    cartesia.come_back()
    await worker.queue_frames(answer("Here again."))
    await task
    assert cartesia.said == ["Hello.", "Here again."]
    assert maya.where() == []


async def test_a_sentence_that_the_bartender_is_still_thinking_of_is_waited_for(cartesia):
    maya, guest = Maya(cartesia), Guest()
    worker = PipelineWorker(Pipeline([maya.voice, guest]), enable_rtvi=False)

    async def go_on() -> None:
        await asyncio.sleep(2.5)
        await worker.queue_frames(answer("hat makes $5.")[1:])

    guest.at_first_sound = go_on
    # The first letter of the next sentence shows that this one has ended.
    await worker.queue_frames([LLMFullResponseStartFrame(), LLMTextFrame("Let me see. T")])
    await converse(guest, worker)
    assert words(guest.heard)[-3:] == ["That", "makes", "$5."]
    assert maya.where() == []


async def test_it_is_asked_for_a_word_to_see_whether_it_is_back(cartesia):
    assert await Maya(cartesia).voice.is_back()
    cartesia.go_wrong("tts", "429")
    with pytest.raises(Exception, match="as planned"):
        await Maya(cartesia).voice.is_back()


async def test_in_another_language_cartesia_reads_the_amounts(cartesia):
    voice = CartesiaVoice(KEY, cartesia.url, "a-voice", lambda event: None, "de")
    frames, _ = await run_test(voice, frames_to_send=answer("Das macht 12,50 Euro, bitte."))
    assert cartesia.said == ["Das macht 12,50 Euro, bitte."]
    assert cartesia.languages == {"de"}
    assert words(frames) == ["Das", "macht", "12,50", "Euro,", "bitte."]


class HeardOut(CartesiaVoice):
    """Tells when the cloud owes it nothing."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.is_quiet = asyncio.Event()

    async def append_to_audio_context(self, context_id: str, frame: Any) -> None:
        await super().append_to_audio_context(context_id, frame)
        self._look()

    async def add_word_timestamps(self, *arguments: Any, **more: Any) -> None:
        await super().add_word_timestamps(*arguments, **more)
        self._look()

    def _look(self) -> None:
        if not self.is_waited_for:
            self.is_quiet.set()


@pytest.mark.parametrize("flushes", [True, False], ids=["told", "not told"])
async def test_a_sentence_whose_last_word_was_heard_is_not_said_again_when_the_connection_ends(cache_dir, flushes):
    with FakeCartesia(cache_dir, flushes=flushes) as cartesia:
        maya, guest = Maya(cartesia, kind=HeardOut), Guest()
        worker = PipelineWorker(Pipeline([maya.voice, guest]), enable_rtvi=False)

        async def go_on() -> None:
            assert isinstance(maya.voice, HeardOut)
            await maya.voice.is_quiet.wait()
            cartesia.go_away()
            cartesia.come_back()
            await worker.queue_frames(answer("hat makes $5.")[1:])

        guest.at_first_sound = go_on
        await worker.queue_frames([LLMFullResponseStartFrame(), LLMTextFrame("Let me see. T")])
        await converse(guest, worker)
        assert words(guest.heard)[-4:] == ["see.", "That", "makes", "$5."]
        assert cartesia.said == ["Let me see.", "That makes five dollars."]
    assert maya.where() == []


async def test_a_connection_that_was_closed_because_nobody_spoke_is_made_again(cache_dir):
    with FakeCartesia(cache_dir) as cartesia:
        maya, guest = Maya(cartesia), Guest()
        worker = PipelineWorker(Pipeline([maya.voice, guest]), enable_rtvi=False)
        await worker.queue_frames(answer("Hello."))
        task = asyncio.create_task(converse(guest, worker, answers=2))
        await guest.has_heard(1)
        await asyncio.to_thread(cartesia.be_idle, "tts")
        await worker.queue_frames(answer("Here again."))
        await task
        assert cartesia.said == ["Hello.", "Here again."]
    assert maya.where() == []
