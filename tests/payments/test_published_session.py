"""A link that stands in the store is judged each time that it is read: anybody may have written it there."""

import asyncio
from decimal import Decimal

import pytest

from kiosk.events import PaymentLinkReady
from kiosk.menu import Menu
from kiosk.payments.checkout import Checkout
from kiosk.payments.watcher import PaymentWatcher
from kiosk.replay import Show, play
from kiosk.settings import find_assets
from kiosk.state import ledger
from kiosk.state.schema import Line
from kiosk.state.sessions import begin, change, load
from kiosk.voice.recording import WrittenLine
from tests.fakes.stripe import FakeStripe
from tests.payments.stripe_desk import a_desk

GUEST = "bar-0123456789ab"
MARTINI = Line(item="Martini", unit_price=Decimal("13.00"))
STRANGE = "https://buy.stripe.com@evil.example/pay"


async def a_link_shown(desk, store):
    """A guest's link at Stripe, put on record by a process that is gone; returns its id."""
    begin(GUEST, store)
    change(GUEST, store, lambda session: ledger.with_line(session, MARTINI))
    checkout = Checkout(GUEST, store, desk.client, lambda event: None)
    return (await checkout.open_link("The bar")).link.payment_id


def tamper(store, **fields):
    """What stands in the store of the link is changed behind the kiosk's back."""

    def changed(session):
        return session.model_copy(update={"link": session.link.model_copy(update=fields)})

    change(GUEST, store, changed)


@pytest.mark.parametrize("livemode", [True, False], ids=["live", "test"])
@pytest.mark.parametrize("url", [STRANGE, "javascript:alert(1)", "http://buy.stripe.com/1"])
async def test_a_strange_link_in_the_store_is_never_shown_and_its_guest_gets_a_new_one(url, livemode):
    async with a_desk(FakeStripe(livemode=livemode)) as desk:
        store, shown = {}, []
        old = await a_link_shown(desk, store)
        tamper(store, url=url)
        checkout = Checkout(GUEST, store, desk.client, shown.append)

        async def hear(outcome):
            raise AssertionError(outcome)

        await PaymentWatcher(checkout, hear).look()
        assert (await checkout.session()).link is None
        assert load(GUEST, store).payment.tab_total == MARTINI.total
        assert not desk.account.links[old]["active"]
        new = (await checkout.open_link("The bar")).link
        assert new.payment_id != old
        assert [event.url for event in shown if isinstance(event, PaymentLinkReady)] == [new.url]


async def test_the_link_that_a_strange_one_has_taken_the_place_of_dies_too():
    async with a_desk(FakeStripe(livemode=True)) as desk:
        store = {}
        own = await a_link_shown(desk, store)
        price = {"currency": "usd", "unit_amount": 100, "product_data": {"name": "x"}}
        other = desk.account.create_link({"line_items": [{"price_data": price, "quantity": 1}]})["id"]
        tamper(store, url=STRANGE, payment_id=other)
        await Checkout(GUEST, store, desk.client, lambda event: None).cancel_withdrawn()
        assert not any(desk.account.links[link]["active"] for link in (own, other))


async def test_a_good_link_stands():
    async with a_desk(FakeStripe(livemode=True)) as desk:
        store, shown = {}, []
        own = await a_link_shown(desk, store)
        checkout = Checkout(GUEST, store, desk.client, shown.append)
        await checkout.refresh()
        assert (await checkout.open_link("The bar")).link.payment_id == own
        assert desk.account.links[own]["active"]


def test_a_visit_that_is_resumed_with_a_strange_link_shows_no_code(cache_dir):
    store = {}

    async def leave_it_there():
        async with a_desk() as desk:
            begin(GUEST, store)
            change(GUEST, store, lambda session: ledger.with_line(session, MARTINI))
            await Checkout(GUEST, store, desk.simulated, lambda event: None).open_link("The bar")

    asyncio.run(leave_it_there())
    tamper(store, url=STRANGE)
    menu = Menu.load(find_assets() / "menu.toml")
    record = play([WrittenLine("what do I owe")], menu, store, cache_dir, Show(), session_id=GUEST)
    assert "evil" not in str(record.events)
    assert record.state["balance"] == "987.00"
    assert load(GUEST, store).link is None
