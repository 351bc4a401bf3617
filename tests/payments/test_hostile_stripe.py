"""A server that calls itself Stripe and answers whatever it likes: nothing of it is believed that was not asked for."""

import asyncio
import contextlib
import copy
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.events import PaymentLinkReady, PaymentStatus
from kiosk.money import USD
from kiosk.payments.bounds import MOST_BYTES, MOST_CHARACTERS
from kiosk.payments.checkout import Checkout
from kiosk.payments.provider import (
    PaymentError,
    PaymentNetworkError,
    PaymentRefusedError,
    PaymentTimeoutError,
    WrongLinkError,
)
from kiosk.payments.stripe_api import (
    CREATE_LINK,
    EXPIRE_SESSION,
    GET_LINK,
    LIST_LINKS,
    LIST_SESSIONS,
    UPDATE_LINK,
)
from kiosk.payments.stripe_links import StripeLinks
from kiosk.payments.stripe_mcp import StripeMCPClient
from kiosk.payments.stripe_rest import RestApi
from kiosk.state import ledger
from kiosk.state.schema import Line
from kiosk.state.sessions import begin, change, load
from tests.fakes.faults import HOSTILE
from tests.fakes.stripe import FakeStripe
from tests.payments.stripe_desk import a_desk, settings_for

GUEST = "bar-0123456789ab"
KEY = f"{GUEST}_1763700000"
AMOUNT = Decimal("14.95")
LINK = "plink_000000000000000000000001"


@pytest.fixture(scope="module")
def fake():
    with FakeStripe(livemode=True) as fake:
        yield fake


@pytest.fixture(autouse=True)
def _anew(fake):
    fake.begin_anew()


def rest_of(fake, **options) -> RestApi:
    return RestApi(fake.url, fake.key, **options)


@pytest.mark.parametrize("kind", HOSTILE)
async def test_an_answer_by_rest_is_read_up_to_a_megabyte_and_for_as_long_as_a_call_may_take(fake, kind):
    api = rest_of(fake, call_secs=0.5 if kind == "endless" else 30.0)
    fake.go_wrong("GetPaymentLinks", kind)
    expected = PaymentTimeoutError if kind == "endless" else PaymentNetworkError
    async with asyncio.timeout(60):
        with pytest.raises(expected) as caught:
            await api.do(LIST_LINKS, {})
    if kind == "huge":
        assert str(MOST_BYTES) in str(caught.value)
    if kind == "packed":
        assert "packed" in str(caught.value)
    assert await api.do(LIST_LINKS, {}) == {"object": "list", "url": "/v1/payment_links", "has_more": False, "data": []}


# One that does not end takes as long as a call may.
@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=[pytest.mark.slow] * (kind == "endless")) for kind in HOSTILE]
)
@pytest.mark.parametrize("step", ["initialize", "tools/list", "GetCheckoutSessions", "PostPaymentLinksPaymentLink"])
async def test_what_the_tools_answer_is_bounded_and_the_next_call_counts(fake, step, kind):
    async with a_desk(fake, timeout=2.0) as desk, asyncio.timeout(120):
        if step not in ("initialize", "tools/list"):
            await desk.client.create_payment_link(AMOUNT, "Blue", KEY)
        fake.go_wrong(step, kind)
        ask = desk.client.cancel_payment_link if step.startswith("Post") else desk.client.look_at
        with pytest.raises(PaymentError):
            await ask(LINK)
        desk.half_a_minute_later()
        if not fake.account.links:
            await desk.client.create_payment_link(AMOUNT, "Blue", KEY)
        assert (await desk.client.look_at(LINK)).status in ("pending", "failed")


@pytest.mark.parametrize("hostile", ["../../v1/refunds", "..", ".", "a/b", "a?expand=x", "a#b", "a%2Fb", "", "é\n"])
async def test_an_id_stays_one_part_of_its_path(hostile):
    asked: list[str] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readline()).decode().split()[1])
        writer.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        api = RestApi(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", "rk_test_1")
        for operation in (GET_LINK, EXPIRE_SESSION):
            with pytest.raises(PaymentRefusedError):
                await api.do(operation, {"id": hostile})
    link, session = asked
    assert re.fullmatch(r"/v1/payment_links/[A-Za-z0-9%]+", link)
    assert re.fullmatch(r"/v1/checkout/sessions/[A-Za-z0-9%]+/expire", session)


class Scripted:
    """Stripe's operations, each answered by what `answers` makes of an honest account's answer."""

    def __init__(self, rest: RestApi, change: Any) -> None:
        self._rest = rest
        self._change = change

    async def do(self, operation, parameters, key=None):
        return self._change(operation, await self._rest.do(operation, parameters, key))


def links_of(fake, change) -> StripeLinks:
    rest = rest_of(fake)
    return StripeLinks(Scripted(rest, change), rest, USD, live=True)


LIES = {
    "another currency": {"currency": "jpy"},
    "another attempt": {"metadata": {"attempt_id": "somebody_1"}},
    "no attempt": {"metadata": {}},
    "dead already": {"active": False},
    "another amount": {"line_items": {"data": [{"amount_total": 99900}]}},
    "an amount that is none": {"line_items": {"data": [{"amount_total": "1495"}]}},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
async def test_a_link_for_something_else_than_was_asked_dies_before_anybody_sees_it(fake, lie):
    links = links_of(fake, lambda operation, answer: answer | (lie if operation is CREATE_LINK else {}))
    with pytest.raises((WrongLinkError, PaymentNetworkError)) as caught:
        await links.create(AMOUNT, "Blue", KEY)
    assert not caught.value.outcome_is_known
    if isinstance(caught.value, WrongLinkError):
        assert not fake.account.links[LINK]["active"]


@pytest.mark.parametrize(
    "lie",
    [{"livemode": False}, {"livemode": 1}, {"id": "../x"}, {"id": "pi_1"}, {"id": 7}, {"url": None}, {"active": "no"}],
    ids=str,
)
async def test_a_link_of_another_mode_or_shape_is_none(fake, lie):
    links = links_of(fake, lambda operation, answer: answer | lie)
    with pytest.raises((PaymentRefusedError, PaymentNetworkError)):
        await links.create(AMOUNT, "Blue", KEY)


STRANGE_PAGES = {
    "a script": b"javascript:alert(1)//",
    "plain http": b"http://buy.stripe.com/test_",
    "a name before the host": b"https://buy.stripe.com@evil.example/test_",
    "a domain behind the host": b"https://buy.stripe.com.evil.example/test_",
    "a network": b"WIFI:S:bar;P:",
    "a domain that nobody named": b"https://pay.bar.example/b/",
}


def with_page(page: bytes) -> Callable[[bytes], bytes]:
    """What makes of an answer one in which links lead somewhere else."""
    return lambda body: re.sub(rb"https://buy\.stripe\.com/(test_)?", page, body)


@pytest.mark.parametrize("tools", ["hosted", "classic"])
@pytest.mark.parametrize("livemode", [True, False], ids=["live", "test"])
@pytest.mark.parametrize("page", STRANGE_PAGES.values(), ids=STRANGE_PAGES.keys())
async def test_a_link_that_leads_elsewhere_is_never_shown_and_dies(page, livemode, tools):
    async with a_desk(FakeStripe(tools, livemode=livemode)) as desk:
        desk.fake.mangle = with_page(page)
        store, shown = {}, []
        begin(GUEST, store)
        change(GUEST, store, lambda session: ledger.with_line(session, Line(item="Martini", unit_price=AMOUNT)))
        checkout = Checkout(GUEST, store, desk.client, shown.append)
        for _ in range(2):
            with pytest.raises(WrongLinkError) as refusal:
                await checkout.open_link("Blue")
            assert page.decode() not in str(refusal.value)
        assert not any(isinstance(event, PaymentLinkReady) for event in shown)
        assert not any(link["active"] for link in desk.account.links.values())
        left = load(GUEST, store)
        assert (left.link, left.pays_at_bar, left.payment.tab_total) == (None, True, AMOUNT)
        for _ in range(3):
            assert load(GUEST, store).abandoned, "a request may still be on its way"
            await checkout.cancel_withdrawn()
            desk.half_a_minute_later()
        assert not load(GUEST, store).abandoned


async def test_a_link_that_leads_elsewhere_and_was_paid_all_the_same_is_flagged():
    async with a_desk(FakeStripe(livemode=True)) as desk:

        def pay_at_once(body: bytes) -> bytes:
            # Somebody else knows the page, and pays before the kiosk has read of it.
            if desk.account.links and not desk.account.charges:
                desk.account.pay_link(next(iter(desk.account.links)))
            return with_page(STRANGE_PAGES["a script"])(body)

        desk.fake.mangle = pay_at_once
        store = {}
        begin(GUEST, store)
        change(GUEST, store, lambda session: ledger.with_line(session, Line(item="Martini", unit_price=AMOUNT)))
        checkout = Checkout(GUEST, store, desk.client, lambda _: None)
        with pytest.raises(WrongLinkError):
            await checkout.open_link("Blue")
        await checkout.cancel_withdrawn()
        session = load(GUEST, store)
        assert [dispute.paid for dispute in session.disputed] == [AMOUNT]


async def test_a_link_of_the_bar_s_own_domain_is_shown_where_the_setting_names_it():
    async with a_desk(FakeStripe()) as desk:
        desk.fake.mangle = with_page(STRANGE_PAGES["a domain that nobody named"])
        settings = settings_for(desk.fake, stripe_domains=("pay.bar.example",))
        client = StripeMCPClient(settings=settings)
        link = await client.create_payment_link(AMOUNT, "Blue", KEY, is_new=True)
        assert link["url"].startswith("https://pay.bar.example/b/")
        assert "pay.bar.example" in client.page_hosts
        await client.close()


async def test_a_link_of_the_other_mode_is_none_whatever_it_says_of_itself():
    async with a_desk(FakeStripe(livemode=True)) as desk:
        desk.fake.mangle = with_page(b"https://buy.stripe.com/test_")
        with pytest.raises(WrongLinkError):
            await desk.client.create_payment_link(AMOUNT, "Blue", KEY, is_new=True)


async def test_a_link_with_the_lines_that_were_asked_for_is_taken(fake):
    lines = {"line_items": {"data": [{"amount_total": 1495}]}}
    links = links_of(fake, lambda operation, answer: answer | (lines if operation is CREATE_LINK else {}))
    assert (await links.create(AMOUNT, "Blue", KEY))["id"] == LINK


async def test_a_price_that_was_not_asked_for_makes_no_link():
    async with a_desk(FakeStripe("classic", livemode=True)) as desk:
        desk.fake.mangle = lambda body: body.replace(b"1495", b"9900")
        with pytest.raises(PaymentRefusedError, match="1495"):
            await desk.client.create_payment_link(AMOUNT, "Blue", KEY)
        assert desk.account.links == {}


PAYMENTS = {
    "of another link": {"payment_link": "plink_2"},
    "of another mode": {"livemode": False},
    "of a negative amount": {"amount_total": -1495},
    "of a fraction": {"amount_total": 1495.0},
    "of a text": {"amount_total": "1495"},
    "of a truth": {"amount_total": True},
    "of more than there is": {"amount_total": 10**60},
    "of nothing": {"amount_total": None},
}


@pytest.mark.parametrize("lie", PAYMENTS.values(), ids=PAYMENTS.keys())
async def test_a_payment_that_cannot_be_is_no_answer(fake, lie):
    def changed(operation, answer):
        if operation is LIST_SESSIONS:
            return answer | {"data": [session | lie for session in answer["data"]]}
        return answer

    links = links_of(fake, changed)
    await links.create(AMOUNT, "Blue", KEY)
    fake.account.pay_link(LINK)
    for ask in (links.report, links.kill):
        with pytest.raises(PaymentError):
            await ask(LINK)


@pytest.mark.parametrize("lie", [{"active": True}, {"id": "plink_2"}], ids=str)
async def test_a_link_that_stays_active_or_is_another_one_is_not_taken_for_dead(fake, lie):
    links = links_of(fake, lambda operation, answer: answer | (lie if operation is UPDATE_LINK else {}))
    await links.create(AMOUNT, "Blue", KEY)
    with pytest.raises(PaymentNetworkError):
        await links.kill(LINK)


async def test_a_list_without_an_end_ends(fake):
    thing = {"id": LINK, "metadata": {}, "created": 1_800_000_000}
    links = StripeLinks(Fixed({"data": [thing], "has_more": True}), rest_of(fake), USD, live=True)
    with pytest.raises(PaymentNetworkError, match="no end"):
        await links.find(KEY)


class Fixed:
    """Answers the same to everything."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    async def do(self, operation, parameters, key=None):
        return copy.deepcopy(self.answer)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from(
    "id livemode active url currency metadata data has_more amount_total payment_status status payment_link "
    "line_items created".split()
)
answers = st.dictionaries(fields, anything) | st.builds(
    lambda thing: {"data": [thing], "has_more": False}, st.dictionaries(fields, anything)
)


one_fake = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@settings(one_fake, max_examples=100)
@given(answer=answers)
def test_whatever_is_answered_is_believed_or_is_a_payment_error(answer, fake):
    assert_believed_or_refused(answer, fake)


@pytest.mark.slow
@settings(one_fake, max_examples=400)
@given(answer=answers)
def test_so_is_whatever_else_may_be_answered(answer, fake):
    assert_believed_or_refused(answer, fake)


def assert_believed_or_refused(answer, fake):
    links = StripeLinks(Fixed(answer), rest_of(fake), USD, live=True)

    async def ask_all():
        for ask in (
            lambda: links.create(AMOUNT, "Blue", KEY),
            lambda: links.find(KEY),
            lambda: links.report(LINK),
            lambda: links.kill(LINK),
        ):
            with contextlib.suppress(PaymentError):
                await ask()

    asyncio.run(ask_all())


async def status_of(checkout: Checkout) -> PaymentStatus:
    outcome = await checkout.check()
    assert outcome
    return outcome.status


async def test_a_page_that_asks_for_another_amount_is_closed_before_it_is_paid(fake):
    async with a_desk(fake) as desk:
        store: dict = {}
        begin(GUEST, store)
        line = Line(item="Martini", unit_price=AMOUNT)
        change(GUEST, store, lambda session: ledger.with_line(session, line))
        checkout = Checkout(GUEST, store, desk.client, lambda event: None)
        link = (await checkout.open_link("Blue")).link
        page = fake.account.open_page(link.payment_id)
        assert await status_of(checkout) is PaymentStatus.PENDING
        fake.account.sessions[page]["amount_total"] = 99900
        assert await status_of(checkout) is PaymentStatus.CANCELLED
        assert fake.account.sessions[page]["status"] == "expired"
        session = load(GUEST, store)
        assert session.link is None
        assert session.payment.needs_reconciliation
        assert session.payment.tab_total == AMOUNT


async def test_a_refusal_of_any_length_is_one_short_line(fake):
    async with a_desk(fake) as desk:
        fake.mangle = lambda body: body.replace(b"No such payment link", b"No\\n" + b"x" * 500_000)
        for ask in (desk.client.look_at, lambda link: rest_of(fake).do(GET_LINK, {"id": link})):
            with pytest.raises(PaymentError) as caught:
                await ask("plink_404")
            assert len(str(caught.value)) <= MOST_CHARACTERS
            assert str(caught.value).isprintable()
        fake.mangle = lambda body: body
