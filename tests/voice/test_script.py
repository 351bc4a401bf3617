"""What is shown of an answer while a voice gets on with it."""

from kiosk.voice.script import Script
from kiosk.voice.speakable import speakable


def test_written_words_come_when_the_voice_reaches_them():
    script = Script(speakable("The tab is $12.50, thanks 🍸"))
    assert script.text == "The tab is twelve dollars and fifty cents, thanks"
    assert script.reach(0) == ["The"]
    assert script.reach(8) == ["tab", "is"]
    assert script.reach(11) == ["$12.50,"]
    assert script.reach(18) == []
    assert not script.is_begun_to_the_end
    assert script.rest() == ["thanks 🍸"]
    assert script.is_begun_to_the_end


def test_an_answer_goes_on_with_the_sentence_that_comes_next():
    script = Script(speakable("Sure."))
    assert script.extend(speakable("That's $5.")) == "That's five dollars."
    assert script.text == "Sure. That's five dollars."
    assert script.reach(6) == ["Sure.", "That's"]


def test_another_voice_says_again_what_was_broken_off_but_shows_only_what_is_new():
    script = Script(speakable("The tab is $12.50, thanks"))
    script.reach(11)
    again = Script(script.unfinished())
    assert again.text == "twelve dollars and fifty cents, thanks"
    assert again.rest() == ["thanks"]
    assert script.is_begun_to_the_end


def test_another_voice_says_everything_of_which_nothing_was_said():
    assert Script(Script(speakable("Sure.")).unfinished()).rest() == ["Sure."]
