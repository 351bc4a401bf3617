"""The dialogues of tests/dialogues, held as text with the house brain and the real tools.

A dialogue is a list of turns. `guest` is what is said; after Maya's answer `order` (in words), `tab`, `tip` and
`phase` must stand as written, where they are, her answer must hold every text of `says` and none of `never`.
"""

from pathlib import Path

import pytest
import yaml

from tests.bartender.conversation import Conversation
from tests.bartender.menus import BAR, COFFEE

FOLDER = Path(__file__).parents[1] / "dialogues"
MENUS = {"bar": BAR, "coffee": COFFEE}
FIELDS = {"guest", "order", "tab", "tip", "says", "never", "long", "phase"}
MOST_WORDS = 25


def dialogues():
    for file in sorted(FOLDER.glob("*.yaml")):
        for name, dialogue in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            yield pytest.param(dialogue, id=f"{file.stem}: {name}")


@pytest.mark.parametrize("dialogue", list(dialogues()))
async def test_the_dialogue_goes_as_written(dialogue):
    conversation = Conversation(MENUS[dialogue.get("menu", "bar")])
    for turn in dialogue["turns"]:
        assert set(turn) <= FIELDS
        # An unquoted yes or no is not text in YAML.
        assert isinstance(turn["guest"], str)
        answer = await conversation.say(turn["guest"])
        about = f"{turn['guest']!r} -> {answer!r}"
        if "order" in turn:
            assert await conversation.order() == turn["order"], about
        if "tab" in turn:
            assert await conversation.tab() == turn["tab"], about
        if "tip" in turn:
            assert await conversation.tip() == turn["tip"], about
        if "phase" in turn:
            assert conversation.tools.phases.get_current_phase() == turn["phase"], about
        for text in turn.get("says", []):
            assert text.lower() in answer.lower(), about
        for text in turn.get("never", []):
            assert text.lower() not in answer.lower(), about
        assert answer, about
        assert turn.get("long") or len(answer.split()) <= MOST_WORDS, about
    await conversation.tools.close()
