"""The texts' catalogue, a file a language: what stands on the screen, and what Maya says in fixed words."""

import string
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kiosk.documents import read_toml
from kiosk.errors import OperatorError
from kiosk.plain_text import one_line

# The table of what Maya says; the rest is written.
SPOKEN = "spoken"


class TextsError(OperatorError):
    """Texts that cannot be used; the message is one line that names file and text."""


def path_of(assets: Path, language: str) -> Path:
    """The catalogue of `language`, as "de"."""
    return assets / "texts" / f"{language}.toml"


def languages(assets: Path) -> list[str]:
    """Those that have a catalogue."""
    return sorted(path.stem for path in (assets / "texts").glob("*.toml"))


def read_catalogue(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is written, and what is spoken.

    Raises:
        DocumentError: there is no such file, or it is not TOML.
        TextsError: it has no table of what is spoken.
    """
    written = read_toml(path)
    spoken = written.pop(SPOKEN, None)
    if not isinstance(spoken, dict):
        raise TextsError(f"{path}: {SPOKEN}: write what Maya says below [{SPOKEN}]")
    return written, spoken


def check_names(texts: Mapping[str, Any], wanted: set[str], unwanted: str) -> None:
    """See that each text is there and no other.

    Parameters:
        unwanted: what is to be said of another.

    Raises:
        ValueError: one is missing, or not wanted.
    """
    for name in sorted(wanted ^ texts.keys()):
        raise ValueError(f"{name[:60]}: {'is missing' if name in wanted else unwanted}")


def lines(texts: Mapping[str, Any], filled_in: Mapping[str, str]) -> dict[str, str]:
    """The texts, each in one line.

    Parameters:
        filled_in: for each text that has braces, what stands in them.

    Raises:
        ValueError: one is no text, or has other braces.
    """
    for name, text in texts.items():
        if not isinstance(text, str):
            raise ValueError(f"{name[:60]}: is not a text")
        if name in filled_in and _fields(name, text) != {filled_in[name]}:
            raise ValueError(f"{name}: has to have {{{filled_in[name]}}} in it, and no other braces")
    return {name: one_line(text) for name, text in texts.items()}


def _fields(name: str, text: str) -> set[str]:
    try:
        return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
