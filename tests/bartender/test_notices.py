"""A notice of the kiosk's is told from what a guest says by what it is, not by how it looks."""

import pytest
from pipecat.processors.aggregators.llm_context import LLMContextMessage

from kiosk.bartender.notices import Notice, as_said, notice_in, words_in
from kiosk.bartender.tally import exchanges


def said(words: str) -> LLMContextMessage:
    return {"role": "user", "content": words}


@pytest.mark.parametrize("notice", Notice)
def test_every_notice_is_one_in_the_conversation_and_nobodys_words(notice):
    assert notice_in(notice.message) is notice
    assert words_in(notice.message) == ""


@pytest.mark.parametrize("words", ["[payment", "[payment succeeded] please", "[a martini]", "payment succeeded"])
def test_words_in_brackets_are_a_guests_where_they_are_no_notice(words):
    assert notice_in(said(words)) is None
    assert words_in(said(words)) == words
    assert not isinstance(as_said(words), Notice)


def test_pipecats_recovery_of_an_empty_turn_tells_it_as_the_developer():
    told: LLMContextMessage = {"role": "developer", "content": Notice.UNINTELLIGIBLE.value}
    assert notice_in(told) is Notice.UNINTELLIGIBLE
    assert exchanges([dict(told)])[0].is_told


def test_what_maya_says_is_neither():
    answer: LLMContextMessage = {"role": "assistant", "content": Notice.TOUCHED.value}
    assert (notice_in(answer), words_in(answer)) == (None, "")


def test_an_exchange_knows_whether_the_kiosk_alone_has_spoken():
    failed, beer = ({"role": "user", "content": text} for text in (Notice.PAYMENT_FAILED.value, "a beer"))
    [told] = exchanges([failed])
    [both] = exchanges([failed, beer])
    [nobody] = exchanges([])
    assert [exchange.is_told for exchange in (told, both, nobody)] == [True, False, False]


def test_of_the_notices_three_are_touches():
    assert {notice for notice in Notice if notice.is_touch} == {
        Notice.TOUCHED, Notice.CANCEL_TOUCHED, Notice.CANCEL_FAILED,
    }  # fmt: skip
