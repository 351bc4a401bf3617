"""Stripe's client against a server that speaks Stripe's protocol."""

import asyncio
from decimal import Decimal

import pytest
from pydantic import SecretStr

from kiosk.money import USD, Currency
from kiosk.payments.provider import PaidLink, PaymentRefusedError, RateLimitedError
from kiosk.payments.simulated import SimulatedPayments
from kiosk.payments.stripe_mcp import (
    PaymentLinkCreationError,
    StripeKeyError,
    StripeMCPClient,
    StripeUnavailableError,
    payments_of,
)
from kiosk.settings import Settings
from tests.fakes.faults import AFTER, BEFORE, Kind
from tests.fakes.stripe import LIVE_KEY, FakeStripe
from tests.fakes.stripe_account import Charge
from tests.payments.stripe_desk import a_desk, settings_for

KEY = "visit-1_1763700000"
AMOUNT = Decimal("14.95")
LINE = {"price_data": {"currency": "usd", "unit_amount": 100, "product_data": {"name": "x"}}, "quantity": 1}
A_LINK = {"line_items": [LINE]}

GENERATIONS = {
    "hosted": {},
    "hosted, flat parameters only": {"takes_nested": False},
    "hosted, with an account to name": {"wants_context": True},
    "hosted, with a confirmation": {"asks_further": True},
    "classic": {"tools": "classic"},
}
generations = pytest.mark.parametrize("options", GENERATIONS.values(), ids=GENERATIONS.keys())


@generations
@pytest.mark.parametrize("livemode", [False, True], ids=["test", "live"])
async def test_a_link_is_made_for_the_amount_paid_once_and_then_dead(options, livemode):
    async with a_desk(FakeStripe(**options, livemode=livemode)) as desk:
        assert await desk.client.is_available()
        link = await desk.client.create_payment_link(AMOUNT, "Blue: 1 x Martini", KEY)
        assert link["is_simulated"] is False
        assert link["url"].startswith("https://buy.stripe.com/")
        assert await desk.client.check_payment_status(link["payment_id"], deadline=0) == "pending"
        one, other = (desk.account.open_page(link["payment_id"]) for _ in range(2))
        desk.account.pay(one)
        assert await desk.client.check_payment_status(link["payment_id"]) == "succeeded"
        assert (await desk.client.look_at(link["payment_id"])).paid == AMOUNT
        with pytest.raises(Exception, match="open"):
            desk.account.pay(other)
        assert [charge.amount for charge in desk.account.charges] == [1495]


@generations
async def test_a_withdrawn_link_cannot_be_paid_not_even_on_a_page_that_is_open(options):
    async with a_desk(FakeStripe(**options)) as desk:
        link = await desk.client.create_payment_link(AMOUNT, "Blue", KEY)
        page = desk.account.open_page(link["payment_id"])
        assert await desk.client.cancel_payment_link(link["payment_id"]) is None
        with pytest.raises(Exception, match="expired"):
            desk.account.pay(page)
        with pytest.raises(Exception, match="new one"):
            desk.account.open_page(link["payment_id"])
        assert await desk.client.check_payment_status(link["payment_id"]) == "failed"


async def test_withdrawing_a_link_that_was_paid_says_what_was_paid():
    async with a_desk() as desk:
        link = await desk.client.create_payment_link(AMOUNT, "Blue", KEY)
        desk.account.pay_link(link["payment_id"], amount=1600)
        assert await desk.client.cancel_payment_link(link["payment_id"]) == Decimal("16.00")


@generations
async def test_the_same_key_gives_the_same_link(options):
    async with a_desk(FakeStripe(**options)) as desk:
        first = await desk.client.create_payment_link(AMOUNT, "Blue", KEY)
        assert await desk.client.create_payment_link(AMOUNT, "Blue", KEY) == first
        other = await desk.client.create_payment_link(AMOUNT, "Blue", "visit-1_1763700009")
        assert other["payment_id"] != first["payment_id"]


async def test_a_link_is_found_again_among_hundreds():
    async with a_desk() as desk:
        first = await desk.client.create_payment_link(AMOUNT, "Blue", KEY)
        for _ in range(250):
            desk.account.create_link(A_LINK)
        assert await desk.client.create_payment_link(AMOUNT, "Blue", KEY) == first


@pytest.mark.parametrize("kind", AFTER)
async def test_a_link_whose_answer_was_lost_is_found_and_not_made_again(kind):
    async with a_desk(timeout=1.0 if kind == "slow" else 15.0) as desk:
        await desk.client.is_available()
        desk.fake.go_wrong("PostPaymentLinks", kind, secs=3.0)
        link = await desk.client.create_payment_link(AMOUNT, "Blue", KEY, is_new=True)
        if kind == "slow":
            # All the time was used up: in test mode the guest sees a simulated link, and the other has to die.
            assert link["is_simulated"]
            assert link.get("may_have_twin")
            assert (await desk.client.cancel_attempt(KEY)).paid == ()
        payable = {each["id"] for each in desk.account.links.values() if each["active"]}
        never_shown = 1 if kind == "duplicate" else 0
        assert len(payable - {link["payment_id"]}) == never_shown


@pytest.mark.parametrize("kind", BEFORE)
async def test_a_try_that_failed_is_repeated_after_a_second(kind):
    async with a_desk() as desk:
        desk.fake.go_wrong("PostPaymentLinks", kind)
        link = await desk.client.create_payment_link(AMOUNT, "Blue", KEY, is_new=True)
        assert not link["is_simulated"]
        assert desk.pauses == [1.0]
        assert len(desk.account.links) == 1


async def test_tries_are_one_two_and_four_seconds_apart_and_then_over():
    async with a_desk(FakeStripe(livemode=True)) as desk:
        desk.fake.go_wrong("PostPaymentLinks", "429", times=9)
        with pytest.raises(PaymentLinkCreationError) as caught:
            await desk.client.create_payment_link(AMOUNT, "Blue", KEY, is_new=True)
        assert (caught.value.code, caught.value.outcome_is_known) == ("RATE_LIMITED", True)
        assert desk.pauses == [1.0, 2.0, 4.0]
        assert desk.fake.steps.count("PostPaymentLinks") == 4


async def test_the_number_of_tries_can_be_chosen():
    async with a_desk(FakeStripe(livemode=True)) as desk:
        desk.fake.go_wrong("PostPaymentLinks", "500", times=9)
        with pytest.raises(PaymentLinkCreationError):
            await desk.client.create_payment_link(AMOUNT, "Blue", KEY, max_retries=0)
        assert desk.pauses == []


async def test_tries_end_with_the_time_that_they_have_together():
    # Pauses of 1, 2 and 4 seconds do not fit into it together, however fast the machine is.
    async with a_desk(FakeStripe(livemode=True), timeout=6.9) as desk:
        desk.fake.go_wrong("PostPaymentLinks", "cut_after", times=9)
        desk.fake.go_wrong("GetPaymentLinks", "500", times=9)
        with pytest.raises(PaymentLinkCreationError) as caught:
            await desk.client.create_payment_link(AMOUNT, "Blue", KEY, is_new=True)
        assert not caught.value.outcome_is_known
        assert desk.pauses == [1.0, 2.0]


async def test_what_stripe_refuses_is_not_asked_again():
    async with a_desk() as desk:
        with pytest.raises(PaymentRefusedError, match=r"at least \$0.50"):
            await desk.client.create_payment_link(Decimal("0.49"), "Blue", KEY, is_new=True)
        assert desk.pauses == []


async def test_an_approval_by_a_person_is_not_waited_for():
    async with a_desk(FakeStripe(wants_person="approval_required")) as desk:
        with pytest.raises(PaymentRefusedError, match="approved by a person"):
            await desk.client.create_payment_link(AMOUNT, "Blue", KEY, is_new=True)


async def test_an_account_of_the_other_mode_is_refused():
    async with a_desk() as desk:
        desk.account.livemode = True
        with pytest.raises(PaymentRefusedError, match="not of test mode"):
            await desk.client.create_payment_link(AMOUNT, "Blue", KEY)


async def test_a_charge_in_another_currency_is_no_payment_of_the_tab():
    async with a_desk() as desk:
        link = await desk.client.create_payment_link(AMOUNT, "Blue", KEY)
        desk.account.pay_link(link["payment_id"])
        next(iter(desk.account.sessions.values()))["currency"] = "jpy"
        assert (await desk.client.look_at(link["payment_id"])).paid == 0


@generations
@pytest.mark.parametrize(
    ("code", "amount", "counted", "odd"),
    [
        ("USD", "14.95", 1495, "14.955"),
        ("EUR", "14.95", 1495, "14.955"),
        ("GBP", "0.30", 30, "0.305"),
        ("JPY", "1400", 1400, "14.50"),
        ("KRW", "7475", 7475, "7475.5"),
        ("KWD", "2.880", 2880, "2.881"),
        ("HUF", "1782.50", 178_250, "1782.505"),
        ("ISK", "990", 99_000, "990.50"),
        ("UGX", "25000", 2_500_000, "25000.50"),
    ],
)
async def test_an_amount_is_charged_in_the_units_that_stripe_counts_or_not_at_all(options, code, amount, counted, odd):
    async with a_desk(FakeStripe(**options), currency=Currency(code)) as desk:
        link = await desk.client.create_payment_link(Decimal(amount), "Blue", KEY)
        desk.account.pay_link(link["payment_id"])
        assert desk.account.charges == [Charge(link["payment_id"], counted, code.lower())]
        assert (await desk.client.look_at(link["payment_id"])).paid == Decimal(amount)
        with pytest.raises(PaymentRefusedError):
            await desk.client.create_payment_link(Decimal(odd), "Blue", "visit-1_2")


async def test_one_session_is_kept_open_for_many_calls():
    async with a_desk() as desk:
        link = await desk.client.create_payment_link(AMOUNT, "Blue", KEY)
        await asyncio.gather(*(desk.client.look_at(link["payment_id"]) for _ in range(5)))
        assert desk.fake.steps.count("initialize") == 1


async def test_a_session_that_broke_is_opened_again():
    async with a_desk() as desk:
        link = await desk.client.create_payment_link(AMOUNT, "Blue", KEY)
        desk.fake.go_away()
        assert await desk.client.check_payment_status(link["payment_id"], deadline=0) == "timeout"
        desk.fake.come_back()
        assert await desk.client.check_payment_status(link["payment_id"], deadline=0) == "pending"


async def test_a_link_that_nobody_pays_is_asked_about_fifteen_times_in_half_a_minute():
    async with a_desk() as desk:
        link = await desk.client.create_payment_link(AMOUNT, "Blue", KEY)
        assert await desk.client.check_payment_status(link["payment_id"]) == "timeout"
        assert desk.fake.steps.count("GetCheckoutSessions") == 15
        assert sum(desk.pauses) == 28.0


async def test_however_short_the_interval_there_are_fifteen_looks():
    async with a_desk() as desk:
        link = await desk.client.create_payment_link(AMOUNT, "Blue", KEY)
        assert await desk.client.check_payment_status(link["payment_id"], poll_interval=0.0) == "timeout"
        assert desk.fake.steps.count("GetCheckoutSessions") == 15


class Silent(SimulatedPayments):
    """A provider that never says how a link stands."""

    async def look_at(self, payment_id):
        await asyncio.Event().wait()
        return await super().look_at(payment_id)


async def test_no_look_outlasts_the_deadline():
    client = StripeMCPClient(settings=Settings(), simulated=Silent(None))
    link = await client.create_payment_link(AMOUNT, "Blue", KEY)
    async with asyncio.timeout(60):
        status = await client.check_payment_status(link["payment_id"], poll_timeout=600.0, deadline=0.2)
    assert status == "timeout"


async def test_a_poll_that_fails_settles_nothing_and_the_next_one_counts():
    async with a_desk() as desk:
        link = await desk.client.create_payment_link(AMOUNT, "Blue", KEY)
        desk.account.pay_link(link["payment_id"])
        desk.fake.go_wrong("GetCheckoutSessions", "500")
        assert await desk.client.check_payment_status(link["payment_id"]) == "succeeded"
        assert desk.pauses == [2.0]


async def test_a_poll_that_takes_too_long_is_given_up():
    async with a_desk() as desk:
        link = await desk.client.create_payment_link(AMOUNT, "Blue", KEY)
        desk.fake.go_wrong("GetCheckoutSessions", "slow", secs=3.0)
        status = await desk.client.check_payment_status(link["payment_id"], poll_timeout=0.2, deadline=0)
        assert status == "timeout"


async def test_availability_is_asked_once_in_half_a_minute_or_when_told():
    async with a_desk() as desk:
        for _ in range(3):
            assert await desk.client.is_available()
        assert desk.fake.steps.count("tools/list") == 1
        desk.fake.go_away()
        assert await desk.client.is_available()
        desk.client.invalidate_availability_cache()
        assert not await desk.client.is_available()
        desk.fake.come_back()
        assert not await desk.client.is_available()
        desk.half_a_minute_later()
        assert await desk.client.is_available()


async def test_a_refused_key_is_unavailable():
    async with a_desk() as desk:
        desk.fake.key = "rk_test_of_somebody_else"
        assert not await desk.client.is_available()
        with pytest.raises(StripeUnavailableError):
            await desk.client.look_at("plink_1")


async def test_a_server_without_payment_tools_is_unavailable():
    async with a_desk(FakeStripe("other")) as desk:
        assert not await desk.client.is_available()
        with pytest.raises(StripeUnavailableError, match=r"no tools .*: search_stripe_documentation"):
            await desk.client.examine()


async def test_a_rate_limit_is_told_apart():
    async with a_desk() as desk:
        link = await desk.client.create_payment_link(AMOUNT, "Blue", KEY)
        desk.fake.go_wrong("GetCheckoutSessions", "rate_limit_error")
        with pytest.raises(RateLimitedError):
            await desk.client.look_at(link["payment_id"])


async def test_in_test_mode_links_are_simulated_while_stripe_is_away():
    async with a_desk() as desk:
        desk.fake.go_away()
        link = await desk.client.create_payment_link(AMOUNT, "Blue", KEY, is_new=True)
        assert link["is_simulated"]
        assert "may_have_twin" not in link
        desk.simulated.pay(link["payment_id"])
        assert await desk.client.check_payment_status(link["payment_id"]) == "succeeded"


async def test_with_live_keys_nothing_is_ever_simulated():
    async with a_desk(FakeStripe(livemode=True)) as desk:
        desk.fake.go_away()
        with pytest.raises(PaymentLinkCreationError) as caught:
            await desk.client.create_payment_link(AMOUNT, "Blue", KEY, is_new=True)
        assert caught.value.code == "STRIPE_UNAVAILABLE"


async def test_an_attempt_that_was_paid_behind_the_kiosks_back_is_found():
    async with a_desk() as desk:
        link = await desk.client.create_payment_link(AMOUNT, "Blue", KEY)
        desk.account.pay_link(link["payment_id"])
        assert (await desk.client.cancel_attempt(KEY)).paid == (PaidLink(link["payment_id"], AMOUNT),)
        assert (await desk.client.cancel_attempt("visit-2_1763700000")).paid == ()


async def test_all_links_of_an_attempt_die_but_the_one_to_spare_and_all_that_were_paid_are_told():
    async with a_desk() as desk:
        await desk.client.is_available()
        for _ in range(2):
            desk.fake.go_wrong("PostPaymentLinks", "duplicate")
            await desk.client.create_payment_link(AMOUNT, "Blue", KEY, is_new=True)
        one, two, three, four = desk.account.links
        for link in (one, two):
            desk.account.pay_link(link)
        report = await desk.client.cancel_attempt(KEY, spare={three})
        assert {paid.payment_id for paid in report.paid} == {one, two}
        assert desk.account.links[three]["active"]
        assert not desk.account.links[four]["active"]


async def test_the_word_on_an_attempt_is_final_once_nothing_can_be_on_its_way():
    async with a_desk() as desk:
        link = await desk.client.create_payment_link(AMOUNT, "Blue", KEY)
        assert not (await desk.client.cancel_attempt(KEY, spare={link["payment_id"]})).is_final
        asked = len(desk.fake.steps)
        assert not (await desk.client.cancel_attempt(KEY)).is_final
        assert len(desk.fake.steps) == asked, "it was only just asked"
        desk.account.create_link({**A_LINK, "metadata": {"attempt_id": KEY}})
        desk.half_a_minute_later()
        desk.half_a_minute_later()
        assert (await desk.client.cancel_attempt(KEY)).is_final
        assert not any(link["active"] for link in desk.account.links.values())


async def test_a_link_may_have_a_twin_if_a_request_for_one_is_not_accounted_for():
    async with a_desk() as desk:
        assert "may_have_twin" not in await desk.client.create_payment_link(AMOUNT, "Blue", KEY, is_new=True)
        assert (await desk.client.create_payment_link(AMOUNT, "Blue", KEY)).get("may_have_twin"), "who knows who asked"
        expected: dict[Kind, bool | None] = {"500_after": None, "500": True, "cut_before": True}
        for number, (kind, may_have_twin) in enumerate(expected.items()):
            desk.fake.go_wrong("PostPaymentLinks", kind)
            link = await desk.client.create_payment_link(AMOUNT, "Blue", f"visit-1_176370001{number}", is_new=True)
            assert link.get("may_have_twin") == may_have_twin, kind


async def test_of_two_links_of_one_attempt_the_paid_one_counts_and_the_other_dies():
    async with a_desk() as desk:
        await desk.client.is_available()
        desk.fake.go_wrong("PostPaymentLinks", "duplicate")
        await desk.client.create_payment_link(AMOUNT, "Blue", KEY, is_new=True)
        one, other = desk.account.links
        desk.account.pay_link(one)
        assert (await desk.client.create_payment_link(AMOUNT, "Blue", KEY))["payment_id"] == one
        assert not desk.account.links[other]["active"]


@pytest.mark.parametrize("key", [LIVE_KEY, "sk_live_1", "pk_test_1", "nonsense"])
async def test_in_test_mode_no_other_key_is_ever_sent(key):
    with FakeStripe(livemode=True) as fake:
        with pytest.raises(StripeKeyError, match="test key"):
            StripeMCPClient(settings=settings_for(fake, key))
        assert fake.steps == []


@pytest.mark.parametrize("key", ["", "rk_test_1"])
def test_live_mode_takes_only_live_keys(key):
    with pytest.raises(StripeKeyError, match="live key"):
        StripeMCPClient(test_mode=False, settings=Settings(stripe_secret_key=SecretStr(key)))


@pytest.mark.parametrize("url", ["http://mcp.stripe.com", "ftp://127.0.0.1", "http://127.0.0.1.evil.example"])
def test_a_key_never_travels_unencrypted(url):
    with pytest.raises(StripeKeyError, match="unencrypted"):
        StripeMCPClient(settings=Settings(stripe_secret_key=SecretStr("rk_test_1"), stripe_mcp_url=url))


def test_the_key_and_the_addresses_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_live_1")
    with pytest.raises(StripeKeyError):
        StripeMCPClient()
    monkeypatch.setenv("STRIPE_SECRET_KEY", "rk_test_1")
    monkeypatch.setenv("STRIPE_MCP_URL", "http://10.0.0.1")
    with pytest.raises(StripeKeyError):
        StripeMCPClient()


def test_a_key_is_the_session_and_the_second():
    session_id, _, second = StripeMCPClient().generate_idempotency_key("visit-1").rpartition("_")
    assert session_id == "visit-1"
    assert second.isdigit()


def test_without_a_key_payments_are_simulated_and_a_live_kiosk_does_not_start():
    assert isinstance(payments_of(Settings(), USD, SimulatedPayments(None)), SimulatedPayments)
    with pytest.raises(StripeKeyError, match="KIOSK_STRIPE_LIVE"):
        payments_of(Settings(stripe_live=True), USD, SimulatedPayments(None))


def test_a_live_key_needs_the_setting(monkeypatch):
    monkeypatch.setenv("STRIPE_SECRET_KEY", "rk_live_1")
    with pytest.raises(StripeKeyError, match="KIOSK_STRIPE_LIVE=true"):
        payments_of(Settings(), USD, SimulatedPayments(None))
    monkeypatch.setenv("KIOSK_STRIPE_LIVE", "true")
    provider = payments_of(Settings(), USD, SimulatedPayments(None))
    assert isinstance(provider, StripeMCPClient)
    assert not provider.test_mode
