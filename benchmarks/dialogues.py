"""How many dialogues Maya holds as a sensible bartender would, category by category.

    uv run benchmarks/dialogues.py                     the sets of other authors, in benchmarks/dialogues
    uv run benchmarks/dialogues.py --folder DIR        others: tests/dialogues
    uv run benchmarks/dialogues.py --through pipeline  as text, through the kiosk's whole pipeline, as `replay` does it
    uv run benchmarks/dialogues.py --through fake      likewise, with the fake Gemini
    uv run benchmarks/dialogues.py --through gemini    likewise, with Gemini itself: needs GEMINI_API_KEY
    uv run benchmarks/dialogues.py --through speech    spoken: those of tests/dialogues that are recorded

The authors of benchmarks/dialogues had seen the menu and no code. A dialogue is right if order, tab and tip are right
after each turn.
"""

import argparse
import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path

from loguru import logger

from kiosk.settings import load_settings
from kiosk.voice.recording import read_turns
from tests.bartender.dialogues import (
    After,
    Dialogue,
    first_wrong,
    has_invented,
    held_as_text,
    held_through_the_pipeline,
    recorded,
    recordings_of,
    written,
)
from tests.evening import Gemini
from tests.fakes.gemini import FakeGemini

FOLDER = Path(__file__).parent / "dialogues"
CACHE = load_settings().cache_dir


async def _pipeline(dialogue: Dialogue) -> list[After]:
    return await held_through_the_pipeline(dialogue, CACHE)


async def _fake(dialogue: Dialogue) -> list[After]:
    with FakeGemini() as fake:
        return await held_through_the_pipeline(dialogue, CACHE, brain=fake)


async def _gemini(dialogue: Dialogue) -> list[After]:
    key = load_settings().gemini_api_key
    if key is None:
        raise SystemExit("GEMINI_API_KEY is not set")
    return await held_through_the_pipeline(dialogue, CACHE, brain=Gemini(), key=key.get_secret_value())


async def _speech(dialogue: Dialogue) -> list[After]:
    spoken = [turn for file in recordings_of(dialogue) for turn in read_turns(file)]
    return await held_through_the_pipeline(dialogue, CACHE, spoken)


WAYS: dict[str, Callable[[Dialogue], Awaitable[list[After]]]] = {
    "brain": held_as_text,
    "pipeline": _pipeline,
    "fake": _fake,
    "gemini": _gemini,
    "speech": _speech,
}


async def main() -> None:
    """Print the figures, and what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--through", choices=WAYS, default="brain")
    options = parser.parse_args()
    logger.remove()
    told = recorded() if options.through == "speech" else written(options.folder)
    wrong: dict[str, list[str]] = defaultdict(list)
    invented = 0
    for dialogue in told:
        stands = await WAYS[options.through](dialogue)
        if found := first_wrong(dialogue, stands):
            mark = "!" if has_invented(dialogue, stands) else " "
            invented += mark == "!"
            wrong[dialogue.category].append(f"  {mark} {dialogue.name}: {found}")
    for category in dict.fromkeys(dialogue.category for dialogue in told):
        held = sum(dialogue.category == category for dialogue in told)
        print(f"{category}: {held - len(wrong[category])} of {held} right", *wrong[category], sep="\n")
    amiss = sum(map(len, wrong.values()))
    print(f"all: {len(told) - amiss} of {len(told)} right, {1 - amiss / len(told):.3f}")
    print(f"with a drink that nobody ordered: {invented}")


if __name__ == "__main__":
    asyncio.run(main())
