"""The file of the language that guests speak: what they say around the names of a menu."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("english.toml")


@cache
def told() -> dict[str, Any]:
    """The file as it is; english.toml says how it is written."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def kind(name: str) -> frozenset[str]:
    """The words of a kind."""
    return frozenset(told()["kinds"][name].split())


def listed(name: str) -> tuple[str, ...]:
    """The words of a kind, in their order."""
    return tuple(told()["kinds"][name].split())


@cache
def spoken_words() -> frozenset[str]:
    """What is said around a menu's names: every word of the file but for what somebody may be allergic to."""
    return frozenset(word for text in _texts(told()) for word in re.findall("[a-z]+", text)) - _allergens()


def _texts(told: Any) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    for part in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
        yield from _texts(part)


def _allergens() -> frozenset[str]:
    return frozenset(re.findall("[a-z]+", told()["words"]["allergen"]))
