"""What Maya says in fixed words, in the language of the house: the table [spoken] of assets/texts/*.toml."""

import dataclasses
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Self

from kiosk.catalogue import TextsError, check_names, lines, path_of, read_catalogue
from kiosk.menu import Menu
from kiosk.state.schema import Session

# What is filled in where.
FILLED_IN = {
    "greeting": "bar",
    "goodbye_to_open_tab": "amount",
    "welcome_back": "amount",
    "welcome_back_to_code": "amount",
}


@dataclass(frozen=True)
class Sentences:
    """The sentences of one language.

    Parameters:
        language: which, as "de".
        greeting: with {bar}, to a guest who comes.
        still_there: to one who has fallen silent.
        goodbye: to one who seems to have gone; `goodbye_to_open_tab`, with {amount}, where something is to be paid.
        welcome_back: with {amount}, when a visit goes on that was interrupted; `welcome_back_to_code` where a code is
            on the screen.
        declined, calmed, no_card_numbers: instead of answering what is no business of the bar, what is rude, and one
            who reads out a card.
        lost_thread: instead of what she must not say.
    """

    language: str
    greeting: str
    still_there: str
    goodbye: str
    goodbye_to_open_tab: str
    welcome_back: str
    welcome_back_to_code: str
    declined: str
    calmed: str
    no_card_numbers: str
    lost_thread: str

    @classmethod
    def load(cls, assets: Path, language: str = "en") -> Self:
        """Those of `language`, a file in `assets`.

        Raises:
            DocumentError: there is no such file, or it is not TOML.
            TextsError: a sentence is missing there, cannot be filled in, or is one that is never said.
        """
        path = path_of(assets, language)
        _, spoken = read_catalogue(path)
        try:
            wanted = {field.name for field in dataclasses.fields(cls)} - {"language"}
            check_names(spoken, wanted, "is never said")
            return cls(language, **lines(spoken, FILLED_IN))
        except ValueError as error:
            raise TextsError(f"{path}: spoken: {error}") from None

    def to_one_who_comes(self, menu: Menu) -> str:
        """The greeting."""
        return self.greeting.format(bar=menu.bar.name)

    def to_one_who_went(self, menu: Menu, session: Session) -> str:
        """The goodbye."""
        if not session.payment.tab_total:
            return self.goodbye
        return self.goodbye_to_open_tab.format(amount=self._amount(menu, session.payment.total))

    def to_one_who_waited(self, menu: Menu, session: Session) -> str:
        """When a visit goes on that was interrupted."""
        sentence = self.welcome_back_to_code if session.link else self.welcome_back
        return sentence.format(amount=self._amount(menu, session.payment.total))

    def _amount(self, menu: Menu, amount: Decimal) -> str:
        currency = menu.bar.currency
        return currency.brief(amount) if self.language == "en" else currency.label(amount, self.language)
