"""The file of the language that guests speak: what they say around the names of a menu."""

import re
import tomllib
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


@cache
def spoken_words() -> frozenset[str]:
    """Every word that stands in the file: those that guests use around the names of a menu."""
    return frozenset(re.findall(r"[a-z]+", _FILE.read_text(encoding="utf-8").lower()))
