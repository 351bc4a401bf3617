"""Stripe by its tools, by REST, and by REST where the tools refuse or are away."""

import contextlib
from decimal import Decimal

import pytest

from kiosk.payments.provider import PaymentRefusedError
from kiosk.payments.stripe_mcp import PaymentLinkCreationError, StripeUnavailableError
from kiosk.payments.stripe_rest import API_VERSION
from tests.fakes.stripe import FakeStripe
from tests.fakes.stripe_tools import BOTH_MODES
from tests.payments.stripe_desk import a_desk

KEY = "visit-1_1763700000"
AMOUNT = Decimal("14.95")

TWO_BARS = ({"stripe_context": "acct_1Other", "livemode": False, "name": "Other Bar"}, *BOTH_MODES)

# Where the tools do nothing, each for another reason.
UNFIT = {
    "which of two accounts": {"wants_context": True, "contexts": TWO_BARS},
    "no account": {"wants_context": True, "contexts": ()},
    "a person to approve": {"wants_person": "approval_required"},
    "a person to confirm": {"wants_person": "needs_confirmation"},
    "no such tools": {"tools": "other"},
}
unfit = pytest.mark.parametrize("options", UNFIT.values(), ids=UNFIT.keys())


async def made_paid_and_withdrawn(desk):
    """One link that is paid, and one that is withdrawn while its page is open on a phone."""
    link = await desk.client.create_payment_link(AMOUNT, "Blue", KEY, is_new=True)
    assert not link["is_simulated"]
    assert "may_have_twin" not in link
    assert await desk.client.check_payment_status(link["payment_id"], deadline=0) == "pending"
    desk.account.pay_link(link["payment_id"])
    assert (await desk.client.look_at(link["payment_id"])).paid == AMOUNT
    other = await desk.client.create_payment_link(AMOUNT, "Blue", "visit-1_1763700009", is_new=True)
    page = desk.account.open_page(other["payment_id"])
    assert await desk.client.cancel_payment_link(other["payment_id"]) is None
    assert desk.account.sessions[page]["status"] == "expired"
    assert len(desk.account.links) == 2
    assert [charge.amount for charge in desk.account.charges] == [1495]


async def test_the_account_that_the_tools_ask_for_is_the_only_one_of_the_mode():
    for livemode in (False, True):
        async with a_desk(FakeStripe(wants_context=True, livemode=livemode)) as desk:
            await made_paid_and_withdrawn(desk)
            assert {asked.step for asked in desk.fake.asked_by_rest} == {"PostCheckoutSessionsSessionExpire"}
            assert desk.fake.steps.count("list_available_accounts_or_orgs") == 1


@unfit
async def test_tools_that_want_what_a_kiosk_does_not_have_are_refused_where_they_are_the_only_way(options):
    async with a_desk(FakeStripe(**options, livemode=False)) as desk:
        with contextlib.suppress(PaymentRefusedError):
            link = await desk.client.create_payment_link(AMOUNT, "Blue", KEY, is_new=True)
            assert link["is_simulated"]
        assert desk.account.links == {}


@unfit
async def test_rest_stands_in_for_tools_that_want_what_a_kiosk_does_not_have(options):
    async with a_desk(FakeStripe(**options), by="auto") as desk:
        await made_paid_and_withdrawn(desk)


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
async def test_rest_stands_in_for_a_server_of_tools_that_is_away_or_takes_no_such_key(status):
    async with a_desk(FakeStripe(), by="auto") as desk:
        desk.fake.mcp_status = status
        await made_paid_and_withdrawn(desk)
        assert "by MCP" in await desk.client.examine()


@pytest.mark.parametrize("tools", ["hosted", "classic"])
async def test_rest_stands_in_for_tools_that_go_away_while_a_guest_pays(tools):
    async with a_desk(FakeStripe(tools), by="auto") as desk:
        first = await desk.client.create_payment_link(AMOUNT, "Blue", KEY, is_new=True)
        desk.fake.mcp_status = 503
        assert (await desk.client.create_payment_link(AMOUNT, "Blue", KEY))["payment_id"] == first["payment_id"]
        assert (await desk.client.look_at(first["payment_id"])).status == "pending"
        second = await desk.client.create_payment_link(AMOUNT, "Blue", "visit-1_1763700009", is_new=True)
        assert not second["is_simulated"]
        assert len(desk.account.links) == 2


async def test_tools_that_were_away_are_asked_again_after_five_minutes():
    async with a_desk(FakeStripe(), by="auto") as desk:
        desk.fake.mcp_status = 503
        assert "REST" in await desk.client.examine()
        desk.fake.mcp_status = None
        assert "REST" in await desk.client.examine()
        desk.skipped += 301
        assert "hosted tools" in await desk.client.examine()


async def test_by_rest_alone_no_tool_is_asked_and_each_request_says_its_version():
    async with a_desk(FakeStripe(), by="rest") as desk:
        await made_paid_and_withdrawn(desk)
        assert not {"initialize", "tools/list"} & set(desk.fake.steps)
        assert {asked.version for asked in desk.fake.asked_by_rest} == {API_VERSION}
        assert [asked.key for asked in desk.fake.asked_by_rest if asked.step == "PostPaymentLinks"] == [
            KEY,
            "visit-1_1763700009",
        ]


@pytest.mark.parametrize("by", ["auto", "mcp", "rest"])
async def test_the_first_reason_that_stripe_gives_is_told(by):
    async with a_desk(FakeStripe(), by=by) as desk:
        with pytest.raises(PaymentRefusedError, match=r"at least \$0.50"):
            await desk.client.create_payment_link(Decimal("0.49"), "Blue", KEY, is_new=True)


async def test_the_reason_is_stripe_s_where_the_tools_were_not_even_asked():
    async with a_desk(FakeStripe(wants_person="needs_confirmation"), by="auto") as desk:
        with pytest.raises(PaymentRefusedError, match=r"at least \$0.50"):
            await desk.client.create_payment_link(Decimal("0.49"), "Blue", KEY, is_new=True)


async def test_where_neither_way_is_open_both_reasons_are_told():
    async with a_desk(FakeStripe(permissions=frozenset()), by="auto") as desk:
        desk.fake.mcp_status = 401
        with pytest.raises(StripeUnavailableError, match=r"HTTP 401.*HTTP 403.*rak_payment_link_read"):
            await desk.client.examine()


async def test_with_a_live_key_and_no_way_no_link_is_made():
    async with a_desk(FakeStripe(livemode=True), by="auto") as desk:
        desk.fake.go_away()
        with pytest.raises(PaymentLinkCreationError) as caught:
            await desk.client.create_payment_link(AMOUNT, "Blue", KEY, is_new=True)
        assert (caught.value.code, caught.value.outcome_is_known) == ("STRIPE_UNAVAILABLE", True)


LACKING = {
    "rak_payment_link_write": (["rak_payment_link_read", "rak_checkout_session_write"], "lacks payment links: write."),
    "rak_checkout_session_write": (
        ["rak_payment_link_write", "rak_checkout_session_read"],
        "lacks checkout sessions: write.",
    ),
    "both of sessions": (["rak_payment_link_write"], "lacks checkout sessions: read, checkout sessions: write."),
}


@pytest.mark.parametrize("by", ["auto", "mcp", "rest"])
@pytest.mark.parametrize(("permissions", "words"), LACKING.values(), ids=LACKING.keys())
async def test_what_the_key_may_not_do_is_found_without_doing_anything(permissions, words, by):
    async with a_desk(FakeStripe(permissions=frozenset(permissions)), by=by) as desk:
        assert words in (await desk.client.inspect())[1]
        assert desk.account.links == {}


@pytest.mark.parametrize("by", ["auto", "mcp", "rest"])
async def test_a_key_with_the_two_permissions_that_payments_need_passes(by):
    async with a_desk(FakeStripe(), by=by) as desk:
        way, shortcomings = await desk.client.inspect()
        assert ("REST at" in way) == (by == "rest")
        assert shortcomings == ""
        assert desk.account.links == {}


@pytest.mark.parametrize("by", ["mcp", "rest"])
async def test_trouble_of_the_moment_is_told_to_the_doctor_and_stops_no_payment(by):
    async with a_desk(FakeStripe(), by=by) as desk:
        desk.fake.go_wrong("GetPaymentLinks", "500", times=3)
        with pytest.raises(StripeUnavailableError):
            await desk.client.inspect()
        desk.fake.go_wrong("GetPaymentLinks", "500", times=3)
        assert not (await desk.client.create_payment_link(AMOUNT, "Blue", KEY, is_new=True))["is_simulated"]
