"""Dialogues as they are written down, and how they are held: with the house brain alone, or through the pipeline.

A dialogue is a list of turns. `guest` is what is said; after Maya's answer `order` (in words), `tab`, `tip` and
`phase` must stand as written, where they are, her answer must hold every text of `says` and none of `never`.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kiosk.bartender.tools import BarTools
from kiosk.menu import Menu
from kiosk.results import state_of
from kiosk.voice.recording import GuestTurn, WrittenLine
from tests.bartender.conversation import Conversation
from tests.bartender.menus import BAR, COFFEE
from tests.evening import Evening, Gemini
from tests.fakes.gemini import FakeGemini

FOLDER = Path(__file__).parents[1] / "dialogues"
MENUS = {"bar": BAR, "coffee": COFFEE}


@dataclass(frozen=True)
class Dialogue:
    """What a guest says, turn by turn, and what must come of it.

    Parameters:
        name: the file's name and its own.
    """

    name: str
    turns: Sequence[dict[str, Any]]
    menu: Menu = BAR

    @property
    def category(self) -> str:
        return self.name.partition(": ")[0]


@dataclass(frozen=True)
class After:
    """How things stand after a turn."""

    answer: str
    order: list[str]
    tab: float
    tip: int | None
    phase: str


def written(folder: Path = FOLDER) -> list[Dialogue]:
    """All dialogues of a folder."""
    return [dialogue for file in sorted(folder.glob("*.yaml")) for dialogue in read(file)]


def read(file: Path) -> list[Dialogue]:
    """The dialogues of a file; those whose names tell a category of their own keep it."""
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    return [
        Dialogue(name if ": " in name else f"{file.stem}: {name}", body["turns"], MENUS[body.get("menu", "bar")])
        for name, body in told.items()
    ]


def recordings_of(dialogue: Dialogue) -> list[Path]:
    """Where the guest's turns are recorded, or would be."""
    folder = FOLDER / "spoken" / re.sub(r"\W+", "_", dialogue.name)
    return [folder / f"{number}.ogg" for number in range(1, len(dialogue.turns) + 1)]


def recorded() -> list[Dialogue]:
    """The dialogues that there are recordings of, by `scripts/record_dialogues.py`."""
    return [dialogue for dialogue in written() if recordings_of(dialogue)[0].is_file()]


async def held_as_text(dialogue: Dialogue) -> list[After]:
    """With the house brain and the real tools, without a pipeline."""
    conversation = Conversation(dialogue.menu)
    stands = []
    for turn in dialogue.turns:
        answer = await conversation.say(turn["guest"])
        phase = conversation.tools.phases.get_current_phase()
        stands.append(
            After(answer, await conversation.order(), await conversation.tab(), await conversation.tip(), phase)
        )
    await conversation.tools.close()
    return stands


async def held_through_the_pipeline(
    dialogue: Dialogue,
    cache_dir: Path,
    spoken: Sequence[GuestTurn] | None = None,
    brain: FakeGemini | Gemini | None = None,
    key: str | None = None,
) -> list[After]:
    """Through the kiosk's own pipeline, from text or, with `spoken`, from sound; with `brain` in the cloud."""
    stands: list[After] = []

    async def note(turn: int) -> None:
        if turn:
            state = await _settled(evening.tools, dialogue.turns[turn - 1].get("phase"))
            order = [", ".join([f"{line['quantity']} {line['item']}", *line["modifiers"]]) for line in state["order"]]
            answer, tab, tip = evening.said()[-1], float(state["tab"]), state["tip_percentage"]
            stands.append(After(answer, order, tab, tip, state["phase"]))

    turns = spoken or [WrittenLine(turn["guest"]) for turn in dialogue.turns]
    evening = Evening(cache_dir, turns, brain=brain, key=key, before_turn=note, menu=dialogue.menu)
    await evening.hold()
    return stands


async def _settled(tools: BarTools, phase: str | None) -> dict[str, Any]:
    """The state once the visit is in `phase`: an observer moves it, beside the pipeline, after Maya has finished."""
    for _ in range(200):
        state = state_of(tools)
        if phase in (None, state["phase"]):
            break
        await asyncio.sleep(0.01)
    return state


def first_wrong(dialogue: Dialogue, stands: Iterable[After], fields: Iterable[str] = ("order", "tab", "tip")) -> str:
    """The first turn after which one of `fields` is not as it should be, in words; empty: none."""
    for turn, after in zip(dialogue.turns, stands, strict=True):
        for name in fields:
            if name in turn and _comparable(getattr(after, name)) != _comparable(turn[name]):
                return f"{turn['guest']!r} -> {after.answer!r}, {name}: {getattr(after, name)}"
    return ""


def has_invented(dialogue: Dialogue, stands: Iterable[After]) -> bool:
    """Whether the first order that is wrong has more of a drink than anybody asked for."""
    for turn, after in zip(dialogue.turns, stands, strict=True):
        if "order" in turn and _comparable(after.order) != _comparable(turn["order"]):
            return bool(_drinks(after.order) - _drinks(turn["order"]))
    return False


def _drinks(order: Iterable[str]) -> Counter[str]:
    drinks: Counter[str] = Counter()
    for line in order:
        quantity, _, item = line.split(", ")[0].partition(" ")
        drinks[item] += int(quantity)
    return drinks


def _comparable(value: Any) -> Any:
    """Lines of an order are the same in any order, and so are the modifiers of a line."""
    if not isinstance(value, list):
        return value
    return sorted(tuple(sorted(line.split(", "))) for line in value)
