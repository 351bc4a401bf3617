"""Stripe's REST interface by its own rules: a request that may have been done is repeated under its key, done once."""

from decimal import Decimal

import pytest

from kiosk.payments.provider import PaymentNetworkError, PaymentRefusedError, RateLimitedError
from kiosk.payments.stripe_api import CREATE_LINK, LIST_LINKS
from kiosk.payments.stripe_rest import KeyRefusedError, RestApi, SpentKeyError
from tests.fakes.faults import BY_STATUS, KINDS
from tests.fakes.stripe import FakeStripe
from tests.payments.stripe_desk import a_desk

KEY = "visit-1_1763700000"
AMOUNT = Decimal("14.95")
LINE = {"price_data": {"currency": "usd", "unit_amount": 1495, "product_data": {"name": "Blue"}}, "quantity": 1}
A_LINK = {"line_items": [LINE]}


@pytest.fixture(scope="module")
def stripe():
    with FakeStripe() as fake:
        yield fake


@pytest.fixture
def fake(stripe):
    stripe.begin_anew()
    return stripe


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def rest(fake, pauses):
    async def pause(secs):
        pauses.append(secs)

    return RestApi(fake.url, fake.key, sleep=pause)


def keys_of(fake, step="PostPaymentLinks"):
    return [asked.key for asked in fake.asked_by_rest if asked.step == step]


@pytest.mark.parametrize("kind", [*BY_STATUS, "500_after", "cut_before", "cut_after"])
async def test_what_stripe_could_not_do_is_asked_again_under_the_same_key_and_made_once(fake, rest, pauses, kind):
    fake.go_wrong("PostPaymentLinks", kind, times=2)
    link = await rest.do(CREATE_LINK, A_LINK, KEY)
    assert list(fake.account.links) == [link["id"]]
    assert set(keys_of(fake)) == {KEY}
    assert len(pauses) == 2
    assert 0.25 <= pauses[0] <= 0.5 <= pauses[1] <= 1.0


async def test_three_tries_are_all(fake, rest):
    fake.go_wrong("PostPaymentLinks", "429", times=9)
    with pytest.raises(RateLimitedError):
        await rest.do(CREATE_LINK, A_LINK, KEY)
    assert fake.steps[-3:] == ["PostPaymentLinks"] * 3


async def test_who_is_asked_to_come_back_after_the_time_of_a_call_is_told_so_at_once(fake, rest, pauses):
    fake.go_wrong("PostPaymentLinks", "429_later", times=9)
    with pytest.raises(RateLimitedError):
        await rest.do(CREATE_LINK, A_LINK, KEY)
    assert pauses == []


async def test_what_was_lost_stays_unknown_whatever_the_last_try_says(fake, rest):
    fake.go_wrong("PostPaymentLinks", "cut_after")
    fake.go_wrong("PostPaymentLinks", "429", times=9)
    with pytest.raises(PaymentNetworkError) as caught:
        await rest.do(CREATE_LINK, A_LINK, KEY)
    assert not caught.value.outcome_is_known
    assert len(fake.account.links) == 1


async def test_a_refusal_is_final_and_has_stripe_s_words(fake, rest, pauses):
    cheap = {"line_items": [LINE | {"price_data": LINE["price_data"] | {"unit_amount": 10}}]}
    with pytest.raises(PaymentRefusedError, match=r"at least \$0.50"):
        await rest.do(CREATE_LINK, cheap, KEY)
    assert pauses == []
    # What was refused was not begun: its key is as good as new.
    await rest.do(CREATE_LINK, A_LINK, KEY)


async def test_a_failure_that_stripe_replays_is_not_asked_for_a_third_time_and_the_next_key_is_another(fake, rest):
    fake.break_down(made=False)
    with pytest.raises(SpentKeyError):
        await rest.do(CREATE_LINK, A_LINK, KEY)
    assert keys_of(fake) == [KEY, KEY]
    await rest.do(CREATE_LINK, A_LINK, KEY)
    assert keys_of(fake)[2:] == [f"{KEY}-2"]


async def test_a_key_that_was_used_for_something_else_is_not_used_again(fake, rest):
    await rest.do(CREATE_LINK, A_LINK, KEY)
    other = {"line_items": [LINE | {"quantity": 2}]}
    with pytest.raises(SpentKeyError, match="same parameters"):
        await rest.do(CREATE_LINK, other, KEY)
    await rest.do(CREATE_LINK, other, KEY)


async def test_a_key_of_another_account_or_without_permission_is_told_in_stripe_s_words(fake):
    with pytest.raises(KeyRefusedError, match=r"HTTP 401.*Invalid API Key"):
        await RestApi(fake.url, "rk_test_other").do(LIST_LINKS, {})
    with FakeStripe(permissions=frozenset()) as poor, pytest.raises(KeyRefusedError, match="rak_payment_link_read"):
        await RestApi(poor.url, poor.key).do(LIST_LINKS, {})


@pytest.mark.parametrize("made", [True, False])
async def test_after_a_failure_that_stripe_replays_the_guest_is_shown_one_link_all_the_same(fake, made):
    async with a_desk(fake, by="rest") as desk:
        fake.break_down(made=made)
        link = await desk.client.create_payment_link(AMOUNT, "Blue", KEY, is_new=True)
        assert list(fake.account.links) == [link["payment_id"]]
        assert keys_of(fake) == [KEY, KEY] if made else [KEY, KEY, f"{KEY}-2"]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_fault_that_goes_by_makes_one_link(fake, kind):
    async with a_desk(fake, by="rest", timeout=8.0) as desk:
        fake.go_wrong("PostPaymentLinks", kind, secs=0.2)
        link = await desk.client.create_payment_link(AMOUNT, "Blue", KEY, is_new=True)
        assert list(fake.account.links) == [link["payment_id"]]
