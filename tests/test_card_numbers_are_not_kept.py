"""A card number that a guest says or types: nothing that is kept, shown or sent away holds it, or orders by it."""

import json
import re

import pytest
from loguru import logger

from kiosk import logs
from kiosk.replay import Replay, replay
from kiosk.settings import Settings
from kiosk.voice.guards import CARD_NUMBER
from kiosk.voice.recording import WrittenLine, read_turns
from tests.evening import ENGLISH, MENU, Evening
from tests.fakes.cartesia import FakeCartesia
from tests.fakes.gemini import FakeGemini
from tests.security.cards import WORDS
from tests.test_replay import AUDIO

NUMBER = "4111 1111 1111 1111"
# More figures of one in a row than its beginning.
RUN = re.compile(r"1(?:\W{0,3}1){8}")
SPOKEN = {
    language: " ".join(words.split()[int(digit)] for digit in NUMBER.replace(" ", ""))
    for language, words in WORDS.items()
}
SPOKEN_RUN = re.compile(r"(?:(?:one|eins|uno)\W+){8}")
SAID = [
    "two beers please",
    f"two martinis, my card is {NUMBER} and one beer",
    f"it is {SPOKEN['en']}, twelve twenty seven",
    # A number that is read with pauses, a turn for each of its groups.
    *("four one one one", "one one one one", "one one one one", "one one one one"),
    "fifteen percent tip",
]
OTHER_LANGUAGES = [SPOKEN["de"], SPOKEN["es"]]


@pytest.fixture
def log(capsys):
    """What is written to the log, that of transcripts included."""
    logs.configure("DEBUG", transcripts=True)
    yield lambda: capsys.readouterr().err
    logger.remove()


def test_a_replay_leaves_it_in_no_file_no_store_and_no_log(tmp_path, cache_dir, log):
    script = tmp_path / "script.txt"
    script.write_text("\n".join(SAID))
    out = tmp_path / "out"
    replay(Settings(cache_dir=cache_dir), Replay([script], out, size=(640, 400)))
    written = {
        path.name: path.read_bytes().decode(errors="replace") for path in out.rglob("*") if path.suffix != ".png"
    }
    assert written.keys() >= {"transcript.json", "events.jsonl", "state.json", "latency.json", "kiosk.db"}
    for name, text in {**written, "log": log()}.items():
        assert not RUN.search(text), name
        assert not SPOKEN_RUN.search(text), name
    turns = json.loads(written["transcript.json"])
    blocked = [turn for turn in turns if turn["blocked"]]
    assert [turn["said"] for turn in blocked] == [ENGLISH.no_card_numbers] * 3
    assert all(turn["blocked"] == CARD_NUMBER and not turn["tools"] and "…" in turn["heard"] for turn in blocked)
    state = json.loads(written["state.json"])
    assert [(line["item"], line["quantity"]) for line in state["order"]] == [("Tap Beer", 2)]
    assert state["tip_percentage"] == 15


async def test_gemini_is_not_told_and_the_guest_hears_where_to_pay(cache_dir):
    said = [WrittenLine(line) for line in (*SAID[:2], *OTHER_LANGUAGES)]
    with FakeGemini() as gemini:
        evening = Evening(cache_dir, said, brain=gemini)
        await evening.hold()
        sent = json.dumps(gemini.asked)
    assert not RUN.search(sent)
    assert not SPOKEN_RUN.search(sent)
    assert evening.said().count(ENGLISH.no_card_numbers) == 3
    assert evening.order() == [("Tap Beer", 2, [])]


async def test_of_a_number_that_is_read_aloud_with_a_pause_nothing_but_its_beginning_is_ever_shown(cache_dir):
    # A guest who pauses in the middle of a turn; the words are the recogniser's.
    guest = read_turns(AUDIO / "pause_01.flac")
    with FakeCartesia(cache_dir, transcripts=["My card is 4111 1111 1111", "1111 and that's it."]) as speech:
        evening = Evening(cache_dir, guest, speech=speech)
        await evening.hold()
    shown = " ".join(json.dumps(event.fields()) for _, event in evening.record.events)
    assert evening.heard() == ["My card is … and that's it."]
    assert not RUN.search(shown)
    assert evening.said()[-1] == ENGLISH.no_card_numbers


async def test_other_numbers_are_heard_as_they_are(cache_dir):
    said = ["two beers, seven dollars, room four one two", "my number is +1 415 555 0199"]
    evening = Evening(cache_dir, [WrittenLine(line) for line in said])
    await evening.hold()
    assert evening.heard() == said
    assert evening.order() == [("Tap Beer", 2, [])]
    assert ENGLISH.no_card_numbers not in evening.said()
    assert evening.said()[0] == ENGLISH.to_one_who_comes(MENU)
