"""Order, tip and pay in the money of seven countries, through the pipeline and Stripe's own protocol."""

import contextlib
import json
import re
from pathlib import Path

import pytest

from kiosk.events import OrderChanged, PaymentChanged, PaymentLinkReady, TipChanged
from kiosk.menu import Menu
from kiosk.payments.simulated import SimulatedPayments
from kiosk.payments.stripe_mcp import payments_of
from kiosk.replay import Show, play
from kiosk.results import Record
from kiosk.settings import find_assets
from kiosk.voice.recording import read_turns
from kiosk.voice.speakable import spoken
from tests.fakes.stripe import FakeStripe
from tests.payments.stripe_desk import settings_for
from tests.sampling import sampled
from tests.test_paying_by_phone import as_soon_as, pay_the_link, was_asked

TALK = "two negronis please\nfifteen percent tip\nI would like to pay\n"


def the_bar_in(code: str, negroni: str, water: str) -> str:
    """The default menu in another currency: with its names, so that the recogniser knows it already."""
    text = (find_assets() / "menu.toml").read_text(encoding="utf-8").replace('currency = "USD"', f'currency = "{code}"')
    for name, price in (("Negroni", negroni), ("Water", water)):
        text = re.sub(rf'(name = "{name}"\nprice = )"[\d.]+"', rf'\g<1>"{price}"', text)
    return text


@pytest.fixture
def stripe():
    with FakeStripe() as fake:
        yield fake


class Guest:
    """One who talks at a bar of this currency, and pays by phone as soon as there is a code."""

    def __init__(self, folder: Path, cache_dir: Path, stripe: FakeStripe) -> None:
        self._folder, self._cache_dir, self._stripe = folder, cache_dir, stripe

    def talks(self, code: str, price: str, talk: str = TALK, *, water: str = "1", pays: bool = True) -> Record:
        """What came of it."""
        path = self._folder / "menu.toml"
        path.write_text(the_bar_in(code, negroni=price, water=water), encoding="utf-8")
        script = self._folder / "talk.txt"
        script.write_text(talk)
        self.menu = Menu.load(path)
        currency = self.menu.bar.currency
        payments = payments_of(settings_for(self._stripe), currency, SimulatedPayments(None, currency=currency))
        with contextlib.ExitStack() as phones:
            if pays:
                asked = was_asked(self._stripe, "GetCheckoutSessions")
                phones.enter_context(as_soon_as(asked, lambda: pay_the_link(self._stripe)))
            show = Show(realtime=False, pay=pays)
            return play(read_turns(script), self.menu, {}, self._cache_dir, show, payments=payments)


@pytest.fixture
def guest(tmp_path, cache_dir, stripe):
    return Guest(tmp_path, cache_dir, stripe)


def last(record: Record, kind):
    return [event for _, event in record.events if isinstance(event, kind)][-1]


def tipped(record: Record):
    return next(event.fields() for _, event in record.events if isinstance(event, TipChanged) and event.percentage)


def said(record: Record) -> str:
    return " ".join(turn["said"] for turn in record.log.transcript())


# Of each the price of one drink, and for two of them with 15 per cent: tab, tip, total, what Stripe counts, what is
# left of the opening credit, and what is said of the total.
BARS = {
    # 82.5 is rounded up, and no fraction of a yen is ever asked for.
    "JPY": ("275", "550", "83", "633", 633, "99450", "six hundred thirty three yen"),
    "USD": ("6.50", "13.00", "1.95", "14.95", 1495, "987.00", "fourteen dollars and ninety five cents"),
    "EUR": ("6.55", "13.10", "1.97", "15.07", 1507, "986.90", "fifteen euros and seven cents"),
    "KWD": ("2.500", "5.000", "0.750", "5.750", 5750, "995.000", "five dinars seven hundred fifty fils"),
    "GBP": ("7", "14.00", "2.10", "16.10", 1610, "986.00", "sixteen pounds and ten pence"),
    "KRW": ("6500", "13000", "1950", "14950", 14_950, "987000", "fourteen thousand nine hundred fifty won"),
    "HUF": ("1500", "3000.00", "450.00", "3450.00", 345_000, "997000.00", "three thousand four hundred fifty forints"),
}


@pytest.mark.parametrize("code", sampled(BARS, every=3))
def test_a_guest_orders_tips_and_pays(guest, stripe, code):
    price, tab, tip, total, counted, left, words = BARS[code]
    record = guest.talks(code, price)

    changes = [event for _, event in record.events if isinstance(event, OrderChanged)]
    assert (changes[0].fields()["tab"], changes[0].fields()["balance"]) == (tab, left)
    assert tipped(record) == {"percentage": 15, "tip": tip, "total": total}
    assert last(record, PaymentLinkReady).fields()["amount"] == total
    assert [(charge.amount, charge.currency) for charge in stripe.account.charges] == [(counted, code.lower())]
    assert last(record, PaymentChanged).fields()["status"] == "succeeded"

    nothing = str(guest.menu.bar.currency.zero)
    state = json.loads(json.dumps(record.state))
    assert (state["tab"], state["tip"], state["total"], state["balance"]) == (nothing, nothing, nothing, left)
    assert state["payment_status"] == "completed"
    assert words in spoken(said(record), guest.menu.bar.currency)
    assert f"{total} {code}" not in said(record)


@pytest.mark.parametrize("code", sampled(BARS, every=3))
def test_the_state_of_an_open_tab_has_the_currency_s_decimals(guest, code):
    price, tab, tip, total, _, left, _ = BARS[code]
    state = guest.talks(code, price, TALK.rpartition("I would")[0], pays=False).state
    unit_price = guest.menu.bar.currency.amount(price)
    assert state["order"][0]["unit_price"] == str(unit_price)
    assert (state["tab"], state["tip"], state["total"], state["balance"]) == (tab, tip, total, left)


def test_where_stripe_takes_full_tens_of_fils_only_the_code_is_rounded_and_the_tab_is_not(guest, stripe):
    record = guest.talks("KWD", "2.505", "a negroni please\nfifteen percent tip\nI would like to pay\n")
    assert last(record, PaymentLinkReady).fields()["amount"] == "2.880"
    assert [charge.amount for charge in stripe.account.charges] == [2880]
    assert tipped(record)["total"] == "2.881"
    assert record.state["payment_status"] == "completed"


@pytest.mark.parametrize(
    ("code", "price", "least"),
    sampled([("JPY", "49", "¥50"), ("HUF", "174", "HUF 175"), ("GBP", "0.29", "£0.30")], every=3),
)
def test_what_a_card_cannot_be_charged_is_told_before_stripe_is_asked(guest, stripe, code, price, least):
    record = guest.talks(code, "900", "a water please\nI would like to pay\n", water=price, pays=False)
    assert f"less than {least}" in said(record).replace("\N{NO-BREAK SPACE}", " ")
    assert "PostPaymentLinks" not in stripe.steps


@pytest.mark.parametrize(("code", "price"), sampled([("JPY", "900"), ("KRW", "6500")], every=2))
def test_only_what_is_much_money_at_this_bar_is_read_back_first(guest, code, price):
    # Ten drinks are confirmed for their number; nine of these are not for their price.
    record = guest.talks(code, price, "nine negronis please\n", pays=False)
    assert record.state["order"][0]["quantity"] == 9
    record = guest.talks(code, "99000", "two negronis please\n", pays=False)
    assert record.state["order"] == []
    assert "Is that right?" in said(record)
