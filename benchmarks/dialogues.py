"""How many dialogues of other people's the house brain holds as a sensible bartender would.

    uv run benchmarks/dialogues.py            the sets in benchmarks/dialogues
    uv run benchmarks/dialogues.py FILE…      others

Their authors had seen the menu and no code. A dialogue is right if order, tab and tip are right after each turn.
"""

import argparse
import asyncio
from pathlib import Path
from typing import Any

import yaml

from tests.bartender.conversation import Conversation
from tests.bartender.menus import BAR

FOLDER = Path(__file__).parent / "dialogues"


async def first_wrong(dialogue: dict[str, Any]) -> str | None:
    """The first turn after which something is not as it should be; None: all is."""
    conversation = Conversation(BAR)
    for turn in dialogue["turns"]:
        answer = await conversation.say(turn["guest"])
        found = {
            "order": await conversation.order(),
            "tab": await conversation.tab(),
            "tip": await conversation.tip(),
        }
        wanted = {name: turn[name] for name in found if name in turn}
        for lines in (found, wanted):
            if "order" in lines:
                lines["order"] = sorted(", ".join(sorted(line.split(", "))) for line in lines["order"])
        if any(found[name] != value for name, value in wanted.items()):
            return f"{turn['guest']!r} -> {answer!r}"
    return None


async def main() -> None:
    """Print the figures, and what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="*", type=Path)
    for file in parser.parse_args().files or sorted(FOLDER.glob("*.yaml")):
        dialogues = yaml.safe_load(file.read_text(encoding="utf-8"))
        wrong = {name: await first_wrong(dialogue) for name, dialogue in dialogues.items()}
        wrong = {name: turn for name, turn in wrong.items() if turn}
        print(f"{file.stem}: {len(dialogues) - len(wrong)} of {len(dialogues)} right")
        for name, turn in wrong.items():
            print(f"    {name}: {turn}")


if __name__ == "__main__":
    asyncio.run(main())
