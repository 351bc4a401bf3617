"""What `doctor --cloud` says of services that answer, refuse the key or hang; and that it leaves nothing behind."""

import json

import pytest
from pydantic import SecretStr

from kiosk.cloud_check import examine, try_link
from kiosk.menu import Menu
from kiosk.payments.provider import PaymentError
from kiosk.payments.stripe_mcp import StripeMCPClient
from kiosk.settings import Settings, find_assets
from tests.fakes.cartesia import KEY as CARTESIA_KEY
from tests.fakes.cartesia import FakeCartesia
from tests.fakes.gemini import KEY as GEMINI_KEY
from tests.fakes.gemini import FakeGemini
from tests.fakes.stripe import FakeStripe
from tests.payments.stripe_desk import settings_for

MENU = Menu.load(find_assets() / "menu.toml")


@pytest.fixture
def kept(tmp_path):
    """Where the kiosk keeps its tabs and its journal."""
    return tmp_path / "kiosk.db"


@pytest.fixture
def lines(capsys, cache_dir, kept):
    """What the doctor says, a line a part, and its exit status."""

    def examined(settings=None, **limits):
        own = {"store_url": f"sqlite:///{kept}", "cache_dir": cache_dir}
        status = examine((settings or Settings()).model_copy(update=own), realtime=False, **limits)
        out, _ = capsys.readouterr()
        return {line.split()[1]: line for line in out.splitlines()} | {"status": status}

    return examined


def of_gemini(fake, key=GEMINI_KEY):
    return {"gemini_api_key": SecretStr(key), "gemini_base_url": fake.url}


def of_cartesia(fake, key=CARTESIA_KEY):
    return {"cartesia_api_key": SecretStr(key), "cartesia_url": fake.url}


def test_services_that_answer_are_told_with_their_figures_and_nothing_is_left_behind(lines, cache_dir, kept):
    with FakeStripe() as stripe, FakeGemini() as gemini, FakeCartesia(cache_dir, transcripts=["Can I pay?"]) as speech:
        found = lines(settings_for(stripe, **of_gemini(gemini), **of_cartesia(speech)))
        assert [line.split()[0] for part, line in found.items() if part != "status"] == ["ok"] * 4
        assert '"Can I pay?" was heard as "Can I pay?"' in found["ears"]
        assert "called add_to_order_with_balance: first word after" in found["bartender"]
        assert "whole answer after" in found["bartender"]
        assert "first sound after" in found["voice"]
        assert "a link for $13.00 made in" in found["payments"]
        assert found["status"] == 0
        assert gemini.asked
        assert speech.said
        assert [link["active"] for link in stripe.account.links.values()] == [False]
    assert not kept.exists()


def test_services_without_a_key_are_skipped(lines):
    found = lines()
    assert [line.split()[0] for part, line in found.items() if part != "status"] == ["skipped"] * 4
    assert found["bartender"].endswith("no GEMINI_API_KEY")
    assert found["status"] == 0


def test_keys_that_are_refused_are_told_with_the_next_step_and_never_shown(lines, cache_dir):
    with FakeStripe() as stripe, FakeGemini() as gemini, FakeCartesia(cache_dir) as speech:
        wrong = {**of_gemini(gemini, "AIza-of-nobody"), **of_cartesia(speech, "sk_car_nobodys")}
        found = lines(settings_for(stripe, "rk_test_nobodys", **wrong))
    for part, key in (("ears", "CARTESIA_API_KEY"), ("bartender", "GEMINI_API_KEY"), ("voice", "CARTESIA_API_KEY")):
        assert found[part].startswith("limited")
        assert "the key is refused" in found[part]
        assert f"Check network and {key}" in found[part]
    assert "refuses the key" in found["payments"]
    assert "nobody" not in str(found)


@pytest.mark.slow
def test_a_service_that_hangs_is_told_in_bounded_time_and_the_others_have_their_figures(lines, cache_dir):
    with FakeGemini() as gemini, FakeCartesia(cache_dir) as speech:
        speech.go_wrong("stt", "silent")
        speech.go_wrong("tts", "silent")
        found = lines(Settings(**of_gemini(gemini), **of_cartesia(speech)))
    assert "Cartesia: no answer in time" in found["ears"]
    assert "Cartesia: no answer in time" in found["voice"]
    assert found["bartender"].startswith("ok")


@pytest.mark.slow
def test_a_gemini_that_hangs_is_told_in_bounded_time(lines):
    with FakeGemini() as gemini:
        gemini.go_wrong("silent", "silent", "silent", "silent")
        found = lines(Settings(**of_gemini(gemini)))
    assert found["bartender"].startswith("limited")
    assert "Check network and GEMINI_API_KEY" in found["bartender"]


def test_a_conversation_without_an_end_is_given_up(lines):
    with FakeGemini() as gemini:
        gemini.go_wrong("silent")
        found = lines(Settings(**of_gemini(gemini)), limit_secs=0.5)["bartender"]
    assert "Gemini: no answer in time" in found


def test_a_bartender_that_takes_no_order_is_told(lines):
    with FakeGemini() as gemini:
        gemini.will_answer({"text": "What a lovely evening."})
        found = lines(Settings(**of_gemini(gemini)))["bartender"]
    assert found.startswith("limited")
    assert "KIOSK_GEMINI_MODEL" in found


def test_a_link_whose_answer_was_lost_is_found_and_made_inactive(lines):
    with FakeStripe() as stripe:
        stripe.go_wrong("PostPaymentLinks", "cut_after")
        assert lines(settings_for(stripe))["payments"].startswith("ok")
        assert [link["active"] for link in stripe.account.links.values()] == [False]


async def test_a_link_that_the_kiosk_does_not_learn_of_is_made_inactive_all_the_same():
    with FakeStripe() as stripe:
        stripe.go_wrong("PostPaymentLinks", "cut_after")
        client = StripeMCPClient(max_retries=0, settings=settings_for(stripe))
        with pytest.raises(PaymentError, match="made no link"):
            await try_link(client, MENU)
        assert [link["active"] for link in stripe.account.links.values()] == [False]


def test_with_a_live_key_no_link_is_made(lines):
    with FakeStripe(livemode=True) as stripe:
        found = lines(settings_for(stripe))["payments"]
        assert found.startswith("skipped")
        assert "no link is made with a live key" in found
        assert stripe.steps == []


def test_a_live_key_that_nobody_has_allowed_is_refused_and_never_sent(lines):
    with FakeStripe(livemode=True) as stripe:
        found = lines(settings_for(stripe).model_copy(update={"stripe_live": False}))
        assert found["payments"].startswith("MISSING")
        assert found["status"] == 1
        assert stripe.steps == []


def test_machines_are_told_the_same_as_json(capsys):
    assert examine(Settings(), as_json=True, realtime=False) == 0
    assert {finding["verdict"] for finding in json.loads(capsys.readouterr().out)} == {"skipped"}


@pytest.mark.parametrize("language", ["de", pytest.param("es", marks=pytest.mark.slow)])
def test_a_guest_of_another_language_asks_in_it(lines, cache_dir, language):
    with FakeCartesia(cache_dir, transcripts=["Something"]) as speech:
        found = lines(Settings(language=language, **of_cartesia(speech)))["ears"]
    assert {"de": "Kann ich bezahlen?", "es": "¿Puedo pagar?"}[language] in found
