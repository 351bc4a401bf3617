"""Facts about what Maya can tell, found by meaning: the real client and index against a fake of Gemini's wire."""

import asyncio
import sys

import pytest
from google.genai import Client
from google.genai.types import HttpOptions, HttpRetryOptions

from kiosk.bartender.knowledge import Knowledge
from kiosk.settings import Settings, find_assets
from kiosk.voice.meaning import Meaning
from kiosk.voice.recording import WrittenLine
from tests.evening import Evening
from tests.fakes.gemini import KEY, FakeGemini

KNOWN = Knowledge.beside(find_assets() / "menu.toml")
# No word of it stands in what Maya can tell.
QUESTION = "which hooch is booziest"


@pytest.fixture
async def client():
    with FakeGemini() as fake:
        options = HttpOptions(base_url=fake.url, retry_options=HttpRetryOptions(attempts=1))
        client = Client(api_key=KEY, http_options=options)
        yield fake, client
        await client.aio.aclose()


async def test_a_question_finds_what_it_means_though_it_names_it_otherwise(client, tmp_path):
    _, gemini = client
    meaning = Meaning(KNOWN, gemini, "embeddings", tmp_path)
    await meaning.prepare()
    assert KNOWN.search(QUESTION) == []
    found = await meaning.search(QUESTION)
    assert found[0].title == "Strongest and mildest"
    assert len(found) == 2


async def test_a_few_passages_are_found_without_faiss(client, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "faiss", None)
    _, gemini = client
    meaning = Meaning(KNOWN, gemini, "embeddings", tmp_path)
    await meaning.prepare()
    assert (await meaning.search(QUESTION))[0].title == "Strongest and mildest"


async def test_faiss_finds_the_same_among_many(client, tmp_path):
    _, gemini = client
    with_faiss, without = (Meaning(KNOWN, gemini, "embeddings", tmp_path, many=many) for many in (1, 1000))
    await with_faiss.prepare()
    await without.prepare()
    assert (await with_faiss.search(QUESTION))[0] == (await without.search(QUESTION))[0]
    assert len(await with_faiss.search(QUESTION)) == 2


async def test_what_was_embedded_once_is_kept_until_it_changes(client, tmp_path):
    fake, gemini = client
    await Meaning(KNOWN, gemini, "embeddings", tmp_path).prepare()
    assert len(fake.embedded) == len(KNOWN.passages)
    await Meaning(KNOWN, gemini, "embeddings", tmp_path).prepare()
    assert len(fake.embedded) == len(KNOWN.passages)
    fewer = Knowledge(KNOWN.passages[:3])
    await Meaning(fewer, gemini, "embeddings", tmp_path).prepare()
    assert len(fake.embedded) == len(KNOWN.passages) + 3


async def test_embeddings_that_were_kept_and_are_broken_are_made_again(client, tmp_path):
    _, gemini = client
    await Meaning(KNOWN, gemini, "embeddings", tmp_path).prepare()
    (kept,) = tmp_path.glob("knowledge-*.npy")
    kept.write_bytes(kept.read_bytes()[:50])
    meaning = Meaning(KNOWN, gemini, "embeddings", tmp_path)
    await meaning.prepare()
    assert (await meaning.search(QUESTION))[0].title == "Strongest and mildest"


async def test_until_there_is_an_index_and_where_the_cloud_fails_words_have_to_do(client, tmp_path):
    fake, gemini = client
    meaning = Meaning(KNOWN, gemini, "embeddings", tmp_path)
    assert (await meaning.search("tell me about the negroni"))[0].title == "Negroni"
    await meaning.prepare()
    fake.embeds = False
    assert (await meaning.search("tell me about the negroni"))[0].title == "Negroni"
    assert await meaning.search(QUESTION) == []


async def test_an_index_that_could_not_be_made_is_made_once_the_cloud_is_back(client, tmp_path):
    fake, gemini = client
    fake.embeds = False
    meaning = Meaning(KNOWN, gemini, "embeddings", tmp_path, again_secs=0.01)
    preparing = asyncio.create_task(meaning.prepare())
    await asyncio.to_thread(fake.has_refused.wait, 10)
    fake.embeds = True
    await preparing
    assert (await meaning.search(QUESTION))[0].title == "Strongest and mildest"


async def test_a_bar_that_has_written_nothing_asks_nothing(client, tmp_path):
    fake, gemini = client
    meaning = Meaning(Knowledge([]), gemini, "embeddings", tmp_path)
    await meaning.prepare()
    assert await meaning.search(QUESTION) == []
    assert fake.embedded == []


async def test_gemini_is_told_what_a_guest_means_to_ask_about(fresh_cache):
    with FakeGemini() as fake:
        client = Client(api_key=KEY, http_options=HttpOptions(base_url=fake.url))
        # What an evening before this one has left in the cache.
        await Meaning(KNOWN, client, Settings().gemini_embedding_model, fresh_cache).prepare()
        await client.aio.aclose()
        evening = Evening(fresh_cache, [WrittenLine("hello"), WrittenLine(QUESTION)], brain=fake)
        await evening.hold()
    assert evening.moves("llm") == ["cloud"]
    (asked,) = [body for body in fake.asked if QUESTION in str(body["contents"])]
    assert "Strongest and mildest" in asked["systemInstruction"]["parts"][0]["text"]


async def test_a_guest_is_answered_though_nothing_can_be_embedded(fresh_cache):
    with FakeGemini() as fake:
        fake.embeds = False
        evening = Evening(fresh_cache, [WrittenLine("tell me about the negroni")], brain=fake)
        await evening.hold()
    assert evening.moves("llm") == ["cloud"]
    assert "Negroni" in evening.said()[1]
