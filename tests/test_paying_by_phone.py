"""The whole way to a payment by the command line, with Stripe's protocol and somebody's phone at the other end."""

import contextlib
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pygame
import pytest
import zxingcpp

from kiosk.cli import main
from tests.fakes.stripe import FakeStripe

ROOT = Path(__file__).parent.parent
TALK = "a martini please\nfifteen percent tip\nI would like to pay\n"


class Kiosk:
    """Kiosks, one after the other, over one store and one Stripe; one that is to be killed has a process of its own."""

    def __init__(self, folder: Path, stripe: FakeStripe, by: str = "auto") -> None:
        self.folder = folder
        self.store = f"sqlite:///{folder / 'tabs.db'}"
        self.settings = {
            "KIOSK_STORE_URL": self.store,
            "STRIPE_SECRET_KEY": stripe.key,
            "STRIPE_MCP_URL": stripe.mcp_url,
            "STRIPE_API_URL": stripe.url,
            "KIOSK_STRIPE_LIVE": str(stripe.livemode),
            "KIOSK_STRIPE_BY": by,
        }

    def start(self, talk: str, *options: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(ROOT / "run_kiosk.py"), *self._replay(talk, *options)]
        return subprocess.Popen(command, env={**os.environ, **self.settings}, stderr=subprocess.DEVNULL, text=True)

    def talk(self, talk: str, *options: str) -> None:
        self._run(self._replay(talk, *options))

    def _replay(self, talk: str, *options: str) -> list[str]:
        script = self.folder / "talk.txt"
        script.write_text(talk)
        return ["replay", str(script), "--out", str(self.folder / "out"), "--pay", "--store", self.store, *options]

    def _run(self, command: list[str]) -> str:
        with pytest.MonkeyPatch.context() as here, contextlib.redirect_stdout(io.StringIO()) as printed:
            for name, value in self.settings.items():
                here.setenv(name, value)
            assert main(command) == 0
        return printed.getvalue()

    def left(self, name: str) -> Any:
        text = (self.folder / "out" / name).read_text()
        return json.loads(text) if name.endswith(".json") else [json.loads(line) for line in text.splitlines()]

    def said(self) -> str:
        return " ".join(turn["said"] for turn in self.left("transcript.json"))

    def tabs(self) -> str:
        return self._run(["tabs"])


@contextlib.contextmanager
def as_soon_as(happened: Callable[[], bool], act: Callable[[], object]) -> Iterator[None]:
    """Beside what is done meanwhile, somebody who waits for something to happen, and then acts."""
    over = threading.Event()

    def wait() -> None:
        while not over.wait(0.02):
            if happened():
                act()
                return

    waiting = threading.Thread(target=wait)
    waiting.start()
    try:
        yield
    finally:
        over.set()
        waiting.join()


@pytest.fixture
def stripe():
    with FakeStripe() as fake:
        yield fake


@pytest.fixture
def live_stripe():
    with FakeStripe(livemode=True) as fake:
        yield fake


def was_asked(stripe: FakeStripe, step: str, times: int = 1) -> Callable[[], bool]:
    return lambda: stripe.steps.count(step) >= times


def pay_the_link(stripe: FakeStripe) -> None:
    (link,) = stripe.account.links
    stripe.account.pay_link(link)


def assert_paid_once(kiosk: Kiosk, stripe: FakeStripe) -> None:
    assert [charge.amount for charge in stripe.account.charges] == [1495]
    state = kiosk.left("state.json")
    assert (state["tab"], state["tip"], state["order"]) == ("0.00", "0.00", [])
    assert (state["payment_status"], state["balance"]) == ("completed", "987.00")
    assert "Your payment has arrived. Thank you" in kiosk.said()
    assert kiosk.said().count("has arrived") == 1
    changes = [event for event in kiosk.left("events.jsonl") if event["event"] == "payment_changed"]
    assert [(change["status"], change["amount"]) for change in changes] == [("succeeded", "14.95")]
    assert kiosk.tabs().startswith("No open tabs")


def test_a_guest_orders_tips_and_pays_and_maya_says_thank_you(tmp_path, stripe):
    kiosk = Kiosk(tmp_path, stripe)
    with as_soon_as(was_asked(stripe, "GetCheckoutSessions"), lambda: pay_the_link(stripe)):
        kiosk.talk(TALK)
    assert_paid_once(kiosk, stripe)


@pytest.mark.slow
def test_a_guest_pays_where_only_rest_takes_the_key(tmp_path, stripe):
    stripe.mcp_status = 401
    kiosk = Kiosk(tmp_path, stripe)
    with as_soon_as(was_asked(stripe, "GetCheckoutSessions"), lambda: pay_the_link(stripe)):
        kiosk.talk(TALK)
    assert_paid_once(kiosk, stripe)


@pytest.mark.slow
def test_by_rest_a_kiosk_that_is_killed_before_the_answer_finds_its_link_and_thanks(tmp_path, stripe):
    kiosk = Kiosk(tmp_path, stripe, "rest")
    stripe.go_wrong("PostPaymentLinks", "slow", secs=10.0)
    killed = kiosk.start(TALK)
    with killed, as_soon_as(lambda: bool(stripe.account.links), killed.kill):
        killed.wait(timeout=60)
    assert killed.returncode < 0
    stripe.go_right()
    asked = stripe.steps.count("GetPaymentLinks")
    with as_soon_as(was_asked(stripe, "GetPaymentLinks", asked + 1), lambda: pay_the_link(stripe)):
        kiosk.talk("thank you\n", "--resume")
    assert len(stripe.account.links) == 1
    assert_paid_once(kiosk, stripe)


@pytest.mark.slow
def test_a_connection_that_is_cut_after_the_link_was_made_costs_nothing(tmp_path, stripe):
    kiosk = Kiosk(tmp_path, stripe)
    stripe.go_wrong("PostPaymentLinks", "cut_after")
    stripe.go_wrong("GetCheckoutSessions", "cut_before", times=2)
    with as_soon_as(was_asked(stripe, "GetCheckoutSessions", 3), lambda: pay_the_link(stripe)):
        kiosk.talk(TALK)
    assert len(stripe.account.links) == 1
    assert_paid_once(kiosk, stripe)


@pytest.mark.slow
def test_stripe_may_go_away_while_the_phone_pays(tmp_path, stripe):
    kiosk = Kiosk(tmp_path, stripe)

    def pay_in_the_dark():
        stripe.go_away()
        pay_the_link(stripe)
        stripe.come_back()

    with as_soon_as(was_asked(stripe, "GetCheckoutSessions"), pay_in_the_dark):
        kiosk.talk(TALK)
    assert_paid_once(kiosk, stripe)


@pytest.mark.slow
@pytest.mark.parametrize("is_on_record", [True, False])
def test_a_kiosk_that_is_killed_between_link_and_payment_goes_on_and_thanks(tmp_path, stripe, is_on_record):
    kiosk = Kiosk(tmp_path, stripe)
    if not is_on_record:
        # Stripe has made the link, and its answer never reaches the kiosk.
        stripe.go_wrong("PostPaymentLinks", "slow", secs=10.0)
    killed = kiosk.start(TALK)
    is_there = was_asked(stripe, "GetCheckoutSessions") if is_on_record else lambda: bool(stripe.account.links)
    with killed, as_soon_as(is_there, killed.kill):
        killed.wait(timeout=60)
    assert killed.returncode < 0
    stripe.go_right()
    with as_soon_as(was_asked(stripe, "initialize", 2), lambda: pay_the_link(stripe)):
        kiosk.talk("thank you\n", "--resume")
    assert len(stripe.account.links) == 1
    assert_paid_once(kiosk, stripe)


@pytest.mark.slow
def test_in_test_mode_a_simulated_payment_is_called_one(tmp_path, stripe):
    kiosk = Kiosk(tmp_path, stripe)
    stripe.go_away()
    kiosk.talk(TALK)
    assert "It's simulated, no money moves." in kiosk.said()
    services = [event for event in kiosk.left("events.jsonl") if event["event"] == "service_changed"]
    assert [event["where"] for event in services if event["stage"] == "payments"] == ["cloud", "house"]
    assert stripe.account.charges == []


@pytest.mark.slow
def test_with_live_keys_the_guest_pays_at_the_bar_when_stripe_is_away(tmp_path, live_stripe):
    kiosk = Kiosk(tmp_path, live_stripe)
    live_stripe.go_away()
    kiosk.talk(TALK)
    assert "pay at the bar" in kiosk.said()
    assert "arrived" not in kiosk.said()
    state = kiosk.left("state.json")
    assert (state["tab"], state["total"], state["payment_status"]) == ("13.00", "14.95", "at_bar")
    assert "14.95  pays at the bar" in kiosk.tabs()


@pytest.mark.slow
def test_a_link_that_is_not_stripe_s_is_no_picture_and_nobody_hears_it(tmp_path, live_stripe):
    kiosk = Kiosk(tmp_path, live_stripe)
    live_stripe.mangle = lambda body: body.replace(b"https://buy.stripe.com/", b"https://buy.stripe.com@evil.example/")
    kiosk.talk(TALK)
    assert "pay at the bar" in kiosk.said()
    left = [path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file() and path.suffix != ".db"]
    assert not any(b"evil" in content for content in left)
    assert not [event for event in kiosk.left("events.jsonl") if event["event"] == "payment_link_ready"]
    picture = pygame.surfarray.array3d(pygame.image.load(tmp_path / "out" / "final.png")).swapaxes(0, 1)
    assert zxingcpp.read_barcodes(np.ascontiguousarray(picture)) == []
    assert not any(link["active"] for link in live_stripe.account.links.values())
    assert kiosk.left("state.json")["total"] == "14.95"
