import re
from decimal import Decimal

import pytest

from kiosk.payments.provider import PaymentRefusedError
from kiosk.payments.simulated import SimulatedPayments

AMOUNT = Decimal("42.55")
OLD = "plink_sim4255c0123456789"


async def test_a_link_is_simulated_and_looks_like_a_link():
    link = await SimulatedPayments(None).create_payment_link(AMOUNT, "drinks", "guest_1")
    assert link["is_simulated"]
    assert re.fullmatch(r"(plink_|pi_)[a-zA-Z0-9]+", link["payment_id"])
    assert link["url"] == f"https://pay.invalid/simulated/{link['payment_id']}"


async def test_one_attempt_has_one_link_however_often_it_is_made():
    payments = SimulatedPayments(None)
    link = await payments.create_payment_link(AMOUNT, "drinks", "guest_1")
    assert await payments.create_payment_link(AMOUNT, "drinks", "guest_1") == link
    assert await SimulatedPayments(None).create_payment_link(AMOUNT, "drinks", "guest_1") == link
    assert await payments.create_payment_link(AMOUNT, "drinks", "guest_2") != link
    with pytest.raises(PaymentRefusedError):
        await payments.create_payment_link(AMOUNT * 2, "drinks", "guest_1")


async def test_a_link_pays_itself_once_it_is_old_enough():
    now = 100.0
    payments = SimulatedPayments(5.0, clock=lambda: now)
    link = await payments.create_payment_link(AMOUNT, "drinks", "guest_1")
    now = 104.9
    assert (await payments.look_at(link["payment_id"])).status == "pending"
    now = 105.0
    assert (await payments.look_at(link["payment_id"])).status == "succeeded"
    assert await payments.cancel_payment_link(link["payment_id"]) == AMOUNT


async def test_without_an_age_a_link_is_paid_only_when_someone_pays_it():
    payments = SimulatedPayments(None)
    link = await payments.create_payment_link(AMOUNT, "drinks", "guest_1")
    assert (await payments.look_at(link["payment_id"])).status == "pending"
    assert payments.pay(link["payment_id"])
    assert (await payments.look_at(link["payment_id"])).status == "succeeded"


async def test_a_cancelled_link_cannot_be_paid():
    payments = SimulatedPayments(0)
    link = await payments.create_payment_link(AMOUNT, "drinks", "guest_1")
    assert await payments.cancel_payment_link(link["payment_id"]) is None
    assert not payments.pay(link["payment_id"])
    assert (await payments.look_at(link["payment_id"])).status == "failed"


async def test_a_link_from_before_a_restart_is_as_old_as_its_first_question():
    now = 100.0
    payments = SimulatedPayments(5.0, clock=lambda: now)
    assert (await payments.look_at(OLD)).status == "pending"
    now = 105.0
    assert (await payments.look_at(OLD)).status == "succeeded"


async def test_a_provider_s_own_link_is_neither_judged_nor_called_dead():
    payments = SimulatedPayments(0)
    for ask in (payments.look_at, payments.cancel_payment_link):
        with pytest.raises(PaymentRefusedError):
            await ask("plink_1QxRealLink")
