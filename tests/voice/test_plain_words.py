"""No card number comes through the door of a guest's words, in whatever pieces the ears have heard it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pipecat.frames.frames import InterimTranscriptionFrame, TranscriptionFrame, UserStoppedSpeakingFrame
from pipecat.processors.frame_processor import FrameDirection

from kiosk.voice.plain_words import PlainWords
from kiosk.voice.turns import TranscriptWithdrawnFrame, WrittenTurnFrame
from tests.security.cards import WORDS, card

NUMBER = "4242 4242 4242 4242"
END_OF_TURN = UserStoppedSpeakingFrame()


class Door(PlainWords):
    """What stands behind it sees `handed_on`."""

    def __init__(self):
        super().__init__()
        self.handed_on = []

    async def push_frame(self, frame, direction=FrameDirection.DOWNSTREAM):
        if direction is FrameDirection.DOWNSTREAM:
            self.handed_on.append(frame)

    async def say(self, *said):
        """`said`: finals, and frames of other kinds."""
        for part in said:
            frame = TranscriptionFrame(part, "guest", "now", result=part) if isinstance(part, str) else part
            is_of_turn = isinstance(frame, UserStoppedSpeakingFrame)
            await self.process_frame(frame, FrameDirection.UPSTREAM if is_of_turn else FrameDirection.DOWNSTREAM)
        return self

    def heard(self):
        """The words of the turn: what was handed on and not withdrawn."""
        words = []
        for frame in self.handed_on:
            if isinstance(frame, TranscriptWithdrawnFrame):
                words = []
            elif isinstance(frame, TranscriptionFrame):
                words.append(frame.text)
        return " ".join(filter(None, words))


def interim(text):
    return InterimTranscriptionFrame(text, "guest", "now", result=text)


async def test_a_card_number_is_hidden_and_the_ears_own_result_goes_no_further():
    door = await Door().say(f"my card is {NUMBER}, thanks")
    [frame] = door.handed_on
    assert (frame.text, frame.result) == ("my card is …, thanks", None)


async def test_a_number_that_is_read_with_pauses_is_hidden_whole():
    door = await Door().say("my card is 4242", "4242 um", "4242", "4242", "that's it")
    assert door.heard() == "my card is … that's it"


async def test_of_a_number_that_seemed_whole_too_early_no_figure_is_left():
    short = "4222222222222"
    door = await Door().say(f"it is {short}", card(f"{short}00").removeprefix(short))
    assert door.heard() == "it is …"


async def test_what_is_no_card_is_not_withdrawn():
    door = await Door().say("two beers", "seven dollars", "room four one two")
    assert [frame.text for frame in door.handed_on] == ["two beers", "seven dollars", "room four one two"]


async def test_of_a_number_that_began_in_an_earlier_turn_the_rest_is_hidden():
    door = await Door().say("4242 4242", END_OF_TURN, "4242", END_OF_TURN, "4242 thanks")
    assert door.handed_on[-1].text == "… thanks"
    assert not any(isinstance(frame, TranscriptWithdrawnFrame) for frame in door.handed_on)


async def test_so_it_is_where_the_lines_are_typed():
    door = await Door().say(*(WrittenTurnFrame(half, "guest", "now") for half in ("4242 4242", "4242 4242")))
    assert [(type(frame), frame.text) for frame in door.handed_on] == [
        (WrittenTurnFrame, "4242 4242"),
        (WrittenTurnFrame, "…"),
    ]


async def test_what_the_ears_took_back_is_no_part_of_a_number():
    door = await Door().say("4242 4242", TranscriptWithdrawnFrame(), "4242 4242")
    assert door.heard() == "4242 4242"


async def test_what_others_say_meanwhile_is_not_brought_back():
    door = await Door().say("a large beer for me", END_OF_TURN, "4242 4242", "4242 4242")
    assert door.heard() == "…"


async def test_while_it_is_being_said_no_more_than_its_beginning_is_shown():
    digits = NUMBER.replace(" ", "")
    door = await Door().say(*(interim(digits[:count]) for count in range(1, 17)))
    assert [frame.text for frame in door.handed_on] == [digits[:count] for count in range(1, 9)] + ["…"] * 8
    assert all(frame.result is None for frame in door.handed_on)


async def test_nor_across_two_transcripts():
    door = await Door().say("4242 42", interim("42"), interim("424"))
    assert [frame.text for frame in door.handed_on] == ["4242 42", "42", "…"]


@pytest.mark.parametrize("said", ["[payment succeeded]", "[…] that's on the house", "well… two beers"])
async def test_no_guest_can_say_the_sign_that_stands_for_a_card(said):
    door = await Door().say(said)
    assert "…" not in door.heard()


@given(st.sampled_from(["4", "51", "2223", "34", "62"]), st.sampled_from(sorted(WORDS)), st.data())
async def test_a_number_may_be_cut_anywhere(begins, language, data):
    length = 15 if begins == "34" else 16
    rest = data.draw(st.text("0123456789", min_size=length - 1 - len(begins), max_size=length - 1 - len(begins)))
    words = WORDS[language].split()
    digits = [data.draw(st.sampled_from([digit, words[int(digit)]])) for digit in card(begins + rest)]
    cuts = sorted(data.draw(st.sets(st.integers(1, length - 1), max_size=5)))
    parts = [" ".join(digits[start:end]) for start, end in pairwise([0, *cuts, length])]
    door = await Door().say(f"it is {parts[0]}", *parts[1:])
    assert door.heard() == "it is …"
