"""What is taken out of messages, and what is left alone."""

import json
import logging
import string
from urllib.parse import quote, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.security.encryption import EncryptionManager
from kiosk.security.redaction import redacted
from tests.security.cards import card

WORD = "HIDEMEabcdefghijklmnop0123456789"
# What a variable, a header, an option or a setting that holds a secret is called.
NAMES = (
    "GEMINI_API_KEY",
    "CARTESIA_API_KEY",
    "STRIPE_SECRET_KEY",
    "MAYA_MASTER_KEY",
    "KIOSK_OPERATOR_PIN",
    "access_token",
    "refreshToken",
    "client_secret",
    "gemini_key",
    "apiKey",
    "x-goog-api-key",
    "X-API-Key",
    "db_password",
    "PGPASSWORD_OLD",
    "Proxy-Authorization",
)
# How a name and its value may be written.
FORMS = (
    "{name}={value}",
    "export {name}='{value}'",
    "{name}: {value}",
    '{name} = "{value}"',
    '{{"{name}": "{value}"}}',
    "{{'{name}': '{value}'}}",
    "{{b'{name}': b'{value}'}}",
    "[(b'{name}', b'{value}'), (b'accept', b'*/*')]",
    '{{\\"{name}\\": \\"{value}\\"}}',
    '{{\\\\\\"{name}\\\\\\":\\\\\\"{value}\\\\\\"}}',
    "--{name} {value}",
    "--{name}={value}",
    "['kiosk', '--{name}', '{value}']",
    "curl -H '{name}: {value}' https://api.example",
    "https://api.example/?a=1&{name}={value}&b=2",
    "%7B%22{name}%22%3A%22{value}%22%7D",
    "{{&quot;{name}&quot;: &quot;{value}&quot;}}",
    "“{name}”: “{value}”",
    "„{name}“: „{value}“",
    "«{name}» = «{value}»",
    "{name} -> {value}",
    "{name}=['{value}', '{value}']",
    '{{"{name}": ["a", "{value}"], "b": 1}}',
    "<{name}>{value}</{name}>",
    "Settings({name}=SecretStr('{value}'))",
    "ValueError: ('{name}', '{value}')",
    "the {name} {value} is refused",
    "the {name} is {value}",
    "{name}: Bearer {value}",
    "'{name}': 'Basic {value}'",
    "{name}\n  Input should be a string [type=string_type, input_value='{value}', input_type=str]",
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_a_secret_is_known_by_its_name_in_any_quoting(form, name):
    hidden = redacted(form.format(name=name, value=WORD))
    assert "HIDEME" not in hidden
    assert "0123456789" not in hidden
    assert "…" in hidden


@pytest.mark.parametrize(
    "message",
    [
        f"key=AIza{WORD}xyz",
        f"MY_AIza{WORD}",
        f"the key AQ.Ab8{WORD} is refused",
        f"GET /v1beta/models?key={WORD}",
        f"https://generativelanguage.googleapis.com/v1beta/models?key=AIza{WORD}xyz&alt=sse",
        f"using sk_live_{WORD} now",
        f"a_rk_test_{WORD}",
        f"pi_3Nabc_secret_{WORD}",
        f"sk_car_{WORD}",
        f"whsec_{WORD}",
        f"hf_{WORD}",
        f"eyJhbGci{WORD}.eyJzdWI{WORD}.{WORD}",
        f"bearer {WORD}",
        f"{WORD}01234567890=",
        f"postgresql://maya:{WORD}@db.bar.example/maya",
        f"postgresql+psycopg://maya:p@ss{WORD}@db.bar.example/maya",
        f"redis://:{WORD}@cache",
        f"pay at https://buy.stripe.com/test_{WORD}?x=1",
        f"https://checkout.stripe.com/c/pay/cs_test_{WORD}",
        f"-----BEGIN EC PRIVATE KEY-----\n{WORD}\n{WORD}\n-----END EC PRIVATE KEY-----",
    ],
)
def test_a_secret_is_known_by_its_shape(message):
    assert "HIDEME" not in redacted(message)
    assert "…" in redacted(message)


def test_what_was_encrypted_is_hidden_too():
    assert redacted(EncryptionManager(None).encrypt("the guest's own key")) == "gAAAAA…"


@pytest.mark.parametrize(
    "message",
    [
        "the store is at sqlite:////var/lib/maya-kiosk/kiosk.db",
        "session bar-0123456789ab: 2 Martinis, tab 26.00, balance 974.00",
        "no link for 13.00 of idempotency_key=visit-0123456789ab-1",
        "stt in the cloud: the key is refused",
        "GEMINI_API_KEY: the key is refused",
        "no CARTESIA_API_KEY: Maya hears and speaks in the house",
        "CARTESIA_API_KEY is set, but the packages for the cloud are not installed",
        "Settings(gemini_api_key=None, cartesia_api_key=SecretStr('**********'))",
        "prompt_tokens: 120, max_tokens=256, token_count=12, max_token=12",
        "{'llm_first_token': 350.5, 'first_token': '120ms'}",
        "https://docs.stripe.com/mcp",
        "1234567890123 is no card",
        "paid at 1763740000.123456",
        "token 5 of 10",
        "my secret is fresh lime",
    ],
)
def test_what_is_no_secret_stays(message):
    assert redacted(message) == message


SECRET = st.text(string.ascii_letters + string.digits + "_-", min_size=12, max_size=60).filter(
    lambda text: any(map(str.isdigit, text)) and any(map(str.isalpha, text))
)
NAME = st.sampled_from(NAMES)


@given(NAME, SECRET)
def test_what_libraries_make_of_names_and_values_holds_no_secret(name, secret):
    value = f"{secret}#"[:-1]
    written = (
        str({name: value}),
        str([(name.encode(), value.encode())]),
        repr(json.dumps({"headers": {name: value}})),
        json.dumps(json.dumps(json.dumps({name: value}))),
        urlencode({name: value}),
        quote(json.dumps({name: value})),
        logging.LogRecord("http", 20, "", 0, "sent %s=%r with %s", (name, value, {name: value}), None).getMessage(),
        logging.LogRecord("http", 20, "", 0, "%s %s", (name, value), None).getMessage(),
        str(KeyError(name, value)),
    )
    for message in written:
        assert value not in redacted(message), message


@given(st.text(string.printable, min_size=1).map(lambda text: text.replace("\\", "")))
def test_a_quoted_password_is_hidden_whatever_is_in_it(password):
    shown = json.dumps({"password": f"start {password} end", "user": "maya"})
    assert redacted(shown) == '{"password": "…", "user": "maya"}'


@given(st.text("0123456789", min_size=12, max_size=18), st.sampled_from(["", " ", "-"]))
def test_a_card_number_is_hidden(digits, between):
    number = card(digits)
    written = between.join(number[start : start + 4] for start in range(0, len(number), 4))
    assert redacted(f"card {written}, please") == "card …, please"


PIECES = st.sampled_from(
    [
        *NAMES,
        WORD,
        "=",
        ": ",
        '"',
        "'",
        "\\",
        "\n",
        " ",
        ", ",
        "…",
        "Bearer ",
        "AIza",
        "4242 4242 ",
        "four two ",
        "://",
        "@",
    ]
)


@given(st.text() | st.lists(PIECES, max_size=30).map("".join))
@example("the KEY: BEARER Aa0000")
@example("A0KEY: BEARER Aa0000")
def test_any_text_can_be_redacted_again_without_change(text):
    once = redacted(text)
    assert redacted(once) == once
