"""What is taken out of messages, and what is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.security.encryption import EncryptionManager
from kiosk.security.redaction import redacted

WORD = "HIDEMEabcdefghijklmnop0123456789"


@pytest.mark.parametrize(
    "message",
    [
        f"key=AIza{WORD}xyz",
        f"https://generativelanguage.googleapis.com/v1beta/models?key=AIza{WORD}xyz&alt=sse",
        f"STRIPE_SECRET_KEY=rk_test_{WORD}",
        f"using sk_live_{WORD} now",
        f"{{'X-API-Key': 'sk_car_{WORD}'}}",
        f"whsec_{WORD}",
        f"Authorization: Bearer {WORD}",
        f"headers={{'authorization': 'bearer {WORD}'}}",
        f'"api_key": "{WORD}"',
        f"password={WORD}",
        f"postgresql://maya:{WORD}@db.bar.example/maya",
        f"pay at https://buy.stripe.com/test_{WORD}?x=1",
        f"https://checkout.stripe.com/c/pay/cs_test_{WORD}",
    ],
)
def test_a_secret_is_hidden(message):
    assert "HIDEME" not in redacted(message)
    assert "…" in redacted(message)


def test_what_was_encrypted_is_hidden_too():
    assert redacted(EncryptionManager(None).encrypt("the guest's own key")) == "gAAAAA…"


@pytest.mark.parametrize(
    "message",
    [
        "the store is at sqlite:////var/lib/maya-kiosk/kiosk.db",
        "session bar-0123456789ab: 2 Martinis, tab 26.00, balance 974.00",
        "stt in the cloud: the key is refused",
        "https://docs.stripe.com/mcp",
        "1234567890123 is no card",
        "paid at 1763740000.123456",
        "token 5 of 10",
    ],
)
def test_what_is_no_secret_stays(message):
    assert redacted(message) == message


def card(digits: str) -> str:
    """`digits` with the check digit of a card."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        digit = int(char) * (2 if place % 2 == 0 else 1)
        total += digit - 9 * (digit > 9)
    return digits + str(-total % 10)


@given(st.text("0123456789", min_size=12, max_size=18), st.sampled_from(["", " ", "-"]))
def test_a_card_number_is_hidden_but_for_its_last_digits(digits, between):
    number = card(digits)
    written = between.join(number[start : start + 4] for start in range(0, len(number), 4))
    assert number[:-4] not in redacted(f"card {written}, please").replace(" ", "").replace("-", "")


@given(st.text())
def test_any_text_can_be_redacted_again_without_change(text):
    once = redacted(text)
    assert redacted(once) == once
