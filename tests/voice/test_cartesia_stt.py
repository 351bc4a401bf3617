"""Facts about the ears in the cloud, and what becomes of an utterance that they do not put into words."""

import asyncio
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedOK

from kiosk.voice.cartesia_models import stt_query
from kiosk.voice.failover import CloudError, ask_websocket
from kiosk.voice.recording import Utterance, read_turns
from tests.evening import ORDERED, Evening, spoken
from tests.fakes.cartesia import FAULTS, KEY, FakeCartesia
from tests.sampling import sampled

AUDIO = Path(__file__).parent.parent / "audio"


def silence(secs: float) -> bytes:
    """A quiet room."""
    return np.random.default_rng(5).normal(0, 15, round(16000 * secs)).astype(np.int16).tobytes()


def pcm(turns) -> bytes:
    return b"".join(turn.pcm for turn in turns)


async def test_the_cloud_hears_a_guest_who_speaks_and_nothing_else(cache_dir):
    guest = Utterance(silence(5) + pcm(spoken("1_order")) + silence(5))
    words = "Two old fashioneds on the rocks and a dirty martini please."
    with FakeCartesia(cache_dir, transcripts=[words]) as speech:
        evening = Evening(cache_dir, [guest], speech=speech)
        await evening.hold()
        assert evening.heard() == [words]
        assert speech.heard < 6


async def test_the_cloud_is_told_what_is_on_the_menu(cache_dir):
    with FakeCartesia(cache_dir) as speech:
        await Evening(cache_dir, spoken("1_order"), speech=speech).hold()
        asked = parse_qs(urlsplit(next(path for path in speech.asked if path.startswith("/stt"))).query)
    assert {"Old Fashioned", "Negroni", "Long Island"} <= set(asked["keyterm"])
    assert (asked["model"], asked["sample_rate"], asked["encoding"]) == (["ink-2"], ["16000"], ["pcm_s16le"])


@pytest.mark.parametrize(
    ("language", "model", "named"), [("de", "ink-whisper", ["de"]), ("es", "ink-2", None), ("en", "ink-2", ["en"])]
)
async def test_a_guest_is_heard_by_the_model_that_has_the_language(cache_dir, language, model, named):
    words = "Zwei Martinis und ein Bier, bitte."
    with FakeCartesia(cache_dir, transcripts=[words]) as speech:
        evening = Evening(cache_dir, spoken("1_order"), speech=speech, language=language)
        await evening.hold()
        assert await evening.ears.is_back()
        asked = [parse_qs(urlsplit(path).query) for path in speech.asked if path.startswith("/stt")]
    assert evening.heard() == [words]
    assert evening.moves("stt") == ["cloud"]
    # The connection and the probe ask for the same.
    assert len(asked) >= 2
    assert all((each["model"], each.get("language")) == ([model], named) for each in asked)


async def test_a_refusal_is_told_in_the_words_of_the_service(cache_dir):
    with FakeCartesia(cache_dir) as speech:
        address = f"{speech.url}/stt/websocket?model=ink-2&encoding=pcm_s16le&sample_rate=16000&language=de"
        headers = {"X-API-Key": KEY, "Cartesia-Version": "2026-03-01"}
        with pytest.raises(CloudError, match=r"Invalid request: .*language de") as refused:
            await ask_websocket(address, headers, ["finalize"], "flush_done")
    assert refused.value.code == 400


async def test_a_guest_who_pauses_in_the_middle_is_understood_as_a_whole(cache_dir):
    guest = read_turns(AUDIO / "pause_01.flac")
    with FakeCartesia(cache_dir) as speech:
        evening = Evening(cache_dir, guest, speech=speech)
        # The fake's recogniser takes as long as the machine lets it.
        evening.ears.transcript_secs = 60.0
        await evening.hold()
    house = Evening(cache_dir, guest)
    await house.hold()
    assert evening.order() == house.order() != []
    assert evening.moves("stt") == ["cloud"]


@pytest.mark.parametrize("fault", sampled(FAULTS, every=7))
async def test_a_guest_who_pauses_while_the_cloud_fails_is_understood_as_a_whole(cache_dir, fault):
    guest = read_turns(AUDIO / "pause_01.flac")
    with FakeCartesia(cache_dir) as speech:

        async def before(turn: int) -> None:
            if turn == 0:
                speech.go_wrong("stt", fault)

        evening = Evening(cache_dir, guest, speech=speech, before_turn=before)
        await evening.hold()
    house = Evening(cache_dir, guest)
    await house.hold()
    assert evening.order() == house.order() != []
    assert evening.moves("stt")[:2] == ["cloud", "house"]


async def test_noise_in_which_the_cloud_hears_nothing_is_answered_with_silence(cache_dir):
    with FakeCartesia(cache_dir, transcripts=[]) as speech:
        evening = Evening(cache_dir, read_turns(AUDIO / "talk_01.flac"), speech=speech)
        await evening.hold()
        assert speech.heard > 0
    assert evening.order() == []
    assert evening.moves("stt") == ["cloud"]


async def test_it_is_given_a_moment_of_silence_to_see_whether_it_is_back(cache_dir):
    with FakeCartesia(cache_dir) as speech:
        ears = Evening(cache_dir, [], speech=speech).ears
        assert await ears.is_back()
    with pytest.raises(OSError, match=r"refused|failed"):
        await ears.is_back()


async def test_a_connection_that_was_closed_because_nobody_spoke_costs_the_next_guest_nothing(cache_dir):
    words = "Two martinis please."
    with FakeCartesia(cache_dir, transcripts=[words]) as speech:

        async def before(turn: int) -> None:
            if turn == 0:
                await asyncio.to_thread(speech.be_idle, "stt")
                await asyncio.to_thread(speech.be_idle, "tts")

        evening = Evening(cache_dir, spoken("1_order"), speech=speech, before_turn=before)
        await evening.hold()
    assert evening.heard() == [words]
    assert (evening.moves("stt"), evening.moves("tts")) == (["cloud"], ["cloud"])


@pytest.mark.parametrize("face", ["stt", "tts"])
async def test_the_fake_closes_a_connection_to_which_nothing_comes(cache_dir, face):
    with FakeCartesia(cache_dir, idle_secs=0.1) as speech:
        query = stt_query("en", 16000) if face == "stt" else ""
        headers = {"X-API-Key": KEY, "Cartesia-Version": "2026-03-01"}
        async with connect(f"{speech.url}/{face}/websocket?{query}", additional_headers=headers) as connection:
            with pytest.raises(ConnectionClosedOK, match="idle timeout"):
                await connection.recv()


async def test_what_was_said_in_another_language_when_the_cloud_failed_is_asked_for_again_and_orders_nothing(cache_dir):
    orders = []
    with FakeCartesia(cache_dir) as speech:

        async def before(turn: int) -> None:
            orders.append(evening.order())
            if turn == 0:
                speech.go_wrong("stt", "500")

        guest = [*spoken("1_order"), *spoken("1_order")]
        evening = Evening(cache_dir, guest, speech=speech, before_turn=before, language="de")
        await evening.hold()
    assert evening.moves("stt")[:2] == ["cloud", "house"]
    # The second time the guest has been told that it has to be English.
    assert orders == [[], [], ORDERED]
