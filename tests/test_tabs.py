"""What the staff are told of open tabs, and how they settle them."""

import asyncio
import contextlib
import re
import sqlite3
from decimal import Decimal

import pytest

from kiosk import tabs
from kiosk.errors import OperatorError
from kiosk.money import USD
from kiosk.payments.checkout import Checkout
from kiosk.payments.simulated import SimulatedPayments
from kiosk.payments.stripe_mcp import payments_of
from kiosk.settings import Settings
from kiosk.state import care, ledger
from kiosk.state.schema import Line
from kiosk.state.sessions import begin, change, load
from kiosk.state.store import open_store
from kiosk.state.stored import write_text
from tests.fakes.stripe import FakeStripe
from tests.payments.stripe_desk import settings_for
from tests.state.vandal import DAMAGED, NO_TEXT, damage

GUEST = "bar-0123456789ab"
NOTE = "paid 14.95 in cash, Ana"


class Bar:
    """A bar's store, and what its staff read."""

    def __init__(self, settings, capsys):
        self.settings = settings
        self.store = open_store(settings.store_url)
        self.capsys = capsys

    def order(self, session_id=GUEST, price="13.00"):
        begin(session_id, self.store)
        self.change(
            lambda session: ledger.with_line(session, Line(item="Martini", unit_price=Decimal(price))), session_id
        )

    def change(self, decide, session_id=GUEST):
        return change(session_id, self.store, decide)

    def text(self):
        return write_text(load(GUEST, self.store))

    def listed(self):
        tabs.show(self.settings)
        return self.capsys.readouterr().out

    def settle(self, session_id=GUEST, note=NOTE):
        tabs.settle(self.settings, session_id, note)
        return self.capsys.readouterr().out

    def journal(self, session_id=None):
        tabs.journal(self.settings, session_id)
        return self.capsys.readouterr().out.splitlines()

    async def show_code(self):
        simulated = SimulatedPayments(None)
        payments = payments_of(self.settings, USD, simulated)
        self.checkout = Checkout(GUEST, self.store, payments, lambda event: None)
        link = (await self.checkout.open_link("The bar")).link
        await payments.close()
        return link


@pytest.fixture
def bar(tmp_path, capsys):
    bar = Bar(Settings(store_url=f"sqlite:///{tmp_path / 'tabs.db'}"), capsys)
    yield bar
    bar.store.close()


@pytest.fixture
def stripe():
    with FakeStripe() as fake:
        yield fake


@pytest.fixture
def paying_bar(tmp_path, capsys, stripe):
    bar = Bar(settings_for(stripe, store_url=f"sqlite:///{tmp_path / 'tabs.db'}"), capsys)
    yield bar
    bar.store.close()


def test_without_open_tabs_the_list_says_so(bar):
    assert bar.listed().startswith("No open tabs in sqlite:///")


def test_an_open_tab_is_listed_with_tip_and_total(bar):
    bar.order()
    bar.change(lambda session: ledger.tipped(session, 15))
    row = bar.listed().splitlines()[1]
    assert re.match(rf"{GUEST}  \d{{4}}-\d\d-\d\d \d\d:\d\d +13\.00 +1\.95 +14\.95  open$", row)


def test_the_list_says_why_each_tab_is_there(bar):
    bar.order("bar-00000000000a")
    bar.change(ledger.left_for_the_bar, "bar-00000000000a")
    bar.order("bar-00000000000d")
    bar.change(ledger.to_the_bar, "bar-00000000000d")
    bar.order("bar-00000000000b")
    bar.change(ledger.to_reconcile, "bar-00000000000b")
    listed = bar.listed()
    assert "  pays at the bar, for no code could be made\n" in listed
    assert "  pays at the bar\n" in listed
    assert "compare with Stripe" in listed


def test_the_list_says_why_the_staff_were_called_until_the_tab_is_settled(bar):
    bar.order()
    bar.change(lambda session: care.staff_called(session, "wants to speak to somebody", 1.0))
    assert bar.listed().splitlines()[1].endswith("open, called the staff: wants to speak to somebody")
    bar.change(ledger.settled_by_staff)
    assert bar.listed().startswith("No open tabs")


def test_a_code_that_is_on_the_screen_and_a_payment_that_does_not_match_are_named(bar):
    bar.order()
    link = asyncio.run(bar.show_code())
    assert "its code is on the screen" in bar.listed()
    bar.change(lambda session: ledger.settled(session, link.payment_id, Decimal("99.00")))
    assert f"99.00 arrived at {link.payment_id} instead of 13.00" in bar.listed()


def test_a_visit_that_cannot_be_read_is_listed_too(bar):
    bar.store["bar-00000000000c"] = {"schema_version": 99}
    assert "cannot be read" in bar.listed()


def test_damaged_tabs_hide_no_others(bar):
    for number, document in enumerate([*DAMAGED.values(), *NO_TEXT.values()]):
        bar.order(f"bar-{number:012x}")
        damage(bar.settings.store_url, f"bar-{number:012x}", document)
    bar.order()
    rows = bar.listed().splitlines()
    assert sum("cannot be read" in row for row in rows) == len(DAMAGED) + len(NO_TEXT)
    assert sum(row.endswith("open") for row in rows) == 1


def test_an_id_and_a_moment_that_are_none_hide_no_others_either(bar):
    bar.order()
    with contextlib.closing(sqlite3.connect(bar.settings.store_url.removeprefix("sqlite:///"))) as vandal, vandal:
        for session_id, at in (("a\nb\x1b[2J", 1.0), ("bar-00000000000a", "x"), ("bar-00000000000b", 1e300)):
            vandal.execute("INSERT INTO sessions VALUES (?, 1, '{', 1, ?)", (session_id, at))
    rows = bar.listed().splitlines()
    assert len([row for row in rows if "cannot be read" in row]) == 3
    assert all(row.isprintable() for row in rows)
    assert any(row.startswith(GUEST) and row.endswith("open") for row in rows)


def test_a_damaged_tab_is_settled_with_a_note_in_the_journal(bar):
    bar.order()
    damage(bar.settings.store_url, GUEST, DAMAGED["torn"])
    assert "could not be read" in bar.settle()
    assert [line.split()[3] for line in bar.journal()] == ["damaged", "settled"]
    assert bar.journal()[-1].endswith(NOTE)
    assert bar.listed().startswith("No open tabs")


def test_a_settled_tab_is_empty_and_its_note_is_in_the_journal(bar):
    bar.order()
    assert "settled, 13.00" in bar.settle()
    assert load(GUEST, bar.store).payment.tab_total == 0
    assert bar.listed().startswith("No open tabs")
    (line,) = bar.journal()
    assert line.endswith(f"{GUEST}  settled        13.00  {NOTE}")
    assert bar.journal("bar-00000000000d") == []


def test_a_card_number_in_a_note_is_not_kept_or_shown(bar):
    bar.order()
    assert "Noted: paid with … by hand" in bar.settle(note="paid with 4242 4242 4242 4242 by hand")
    (line,) = bar.journal()
    assert line.endswith("paid with … by hand")


@pytest.mark.parametrize("note", ["", "   "])
def test_a_note_is_needed(bar, note):
    bar.order()
    with pytest.raises(OperatorError, match="note"):
        bar.settle(note=note)
    assert load(GUEST, bar.store).payment.tab_total == Decimal("13.00")


@pytest.mark.parametrize("session_id", ["bar-00000000000e", "../etc", ""])
def test_a_tab_that_does_not_exist_cannot_be_settled(bar, session_id):
    with pytest.raises(OperatorError, match=r"run_kiosk\.py tabs"):
        bar.settle(session_id)
    assert session_id not in bar.store


def test_a_tab_is_settled_once(bar):
    bar.order()
    bar.settle()
    with pytest.raises(OperatorError, match="nothing to settle"):
        bar.settle()
    assert len(bar.journal()) == 1


def _cannot_be_paid(stripe, payment_id):
    return not stripe.account.links[payment_id]["active"]


def test_settling_kills_the_code_first(paying_bar, stripe):
    paying_bar.order()
    link = asyncio.run(paying_bar.show_code())
    paying_bar.settle()
    assert _cannot_be_paid(stripe, link.payment_id)
    assert paying_bar.listed().startswith("No open tabs")


def test_what_was_paid_by_phone_meanwhile_is_not_settled_again(paying_bar, stripe):
    paying_bar.order()
    link = asyncio.run(paying_bar.show_code())
    stripe.account.pay_link(link.payment_id)
    with pytest.raises(OperatorError, match="nothing to settle"):
        paying_bar.settle()
    assert [line.split()[3:5] for line in paying_bar.journal()] == [["paid", "13.00"]]


def test_a_code_that_cannot_be_killed_now_is_named_and_stays_listed(paying_bar, stripe):
    paying_bar.order()
    link = asyncio.run(paying_bar.show_code())
    stripe.go_away()
    assert f"{link.payment_id}: this link can still be paid" in paying_bar.settle()
    assert "a withdrawn code may still be paid" in paying_bar.listed()


def test_settling_a_damaged_tab_kills_its_code(paying_bar, stripe):
    paying_bar.order()
    link = asyncio.run(paying_bar.show_code())
    damage(paying_bar.settings.store_url, GUEST, paying_bar.text()[:-1])
    paying_bar.settle()
    assert _cannot_be_paid(stripe, link.payment_id)


def test_what_was_paid_at_the_code_of_a_damaged_tab_comes_to_light(paying_bar, stripe):
    paying_bar.order()
    link = asyncio.run(paying_bar.show_code())
    stripe.account.pay_link(link.payment_id)
    damage(paying_bar.settings.store_url, GUEST, paying_bar.text()[:-1])
    assert f"{link.payment_id}: 13.00 had arrived there" in paying_bar.settle()
    assert [line.split()[3] for line in paying_bar.journal()] == ["damaged", "disputed", "settled"]


def test_a_disputed_payment_is_settled_with_a_word_on_the_refund(paying_bar, stripe):
    paying_bar.order()
    link = asyncio.run(paying_bar.show_code())
    stripe.account.pay_link(link.payment_id, amount=9900)
    asyncio.run(paying_bar.checkout.check())
    assert f"{link.payment_id}: 99.00 had arrived there" in paying_bar.settle()
    assert [line.split()[3] for line in paying_bar.journal()] == ["disputed", "settled"]
