"""What is written on the screen, in the language of the house: assets/texts/*.toml."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from kiosk.catalogue import TextsError, check_names, lines, path_of, read_catalogue
from kiosk.display.avatar import Mood

# What is filled in where.
FILLED_IN = {"begin": "words", "tip_button": "percentage", "tip_alone": "percentage", "valid": "time", "paid": "amount"}


@dataclass(frozen=True)
class Texts:
    """The words of one language.

    Parameters:
        begin: with {words}, what a guest says to begin; `hello` unless there is a wake phrase.
        order, tip, pay: the three steps; `…_how` says how. `tip` and `pay` are also a heading and a button.
        tip_button: with {percentage}; `tip_alone` where the buttons are too many for more than that.
        valid: with {time}, minutes and seconds.
        paid: with {amount}.
        offline: while a stage is in the house; `only_english` where the guest's language is then lost.
        listening, thinking, happy, sorry: what Maya does.
        operator, operator_wrong, clear, close: the operator's way out.
        notices: by their codes.
    """

    begin: str
    hello: str
    welcome: str
    order: str
    order_how: str
    tip: str
    tip_how: str
    pay: str
    pay_how: str
    tip_button: str
    tip_alone: str
    total: str
    tab: str
    balance: str
    start_over: str
    cancel: str
    scan: str
    scan_how: str
    valid: str
    simulated: str
    paid: str
    paid_simulated: str
    thanks: str
    listening: str
    thinking: str
    happy: str
    sorry: str
    offline: str
    only_english: str
    operator: str
    operator_wrong: str
    clear: str
    close: str
    notices: Mapping[str, str]

    @classmethod
    def load(cls, assets: Path, language: str = "en") -> Self:
        """Those of `language`, a file in `assets`.

        Raises:
            DocumentError: there is no such file, or it is not TOML.
            TextsError: a text is missing there, cannot be filled in, or is one that no screen shows.
        """
        path = path_of(assets, language)
        written, _ = read_catalogue(path)
        try:
            return cls(**_checked(written, {field.name for field in dataclasses.fields(cls)}))
        except ValueError as error:
            raise TextsError(f"{path}: {error}") from None

    def of(self, mood: Mood) -> str | None:
        """What Maya is doing, for those who do not read faces; None where there is nothing to say."""
        words = {
            Mood.LISTENING: self.listening,
            Mood.THINKING: self.thinking,
            Mood.HAPPY: self.happy,
            Mood.SORRY: self.sorry,
        }
        return words.get(mood)


def _checked(written: dict[str, Any], wanted: set[str]) -> dict[str, Any]:
    check_names(written, wanted, "no screen shows it")
    notices = written.pop("notices")
    if not isinstance(notices, dict):
        raise ValueError("notices: write them below [notices]")
    return {"notices": lines(notices, {}), **lines(written, FILLED_IN)}
