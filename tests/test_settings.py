"""Settings are read from the environment, and one that cannot be is named."""

import pytest

from kiosk.settings import Settings, SettingsError, load_settings


@pytest.mark.parametrize(
    ("listed", "domains"),
    [
        (None, ()),
        ("", ()),
        ("pay.bar.example", ("pay.bar.example",)),
        (" Pay.Bar.example , checkout.bar.example,", ("pay.bar.example", "checkout.bar.example")),
    ],
)
def test_the_bar_s_own_domains_at_stripe_are_listed_with_commas(monkeypatch, listed, domains):
    if listed is not None:
        monkeypatch.setenv("KIOSK_STRIPE_DOMAINS", listed)
    assert Settings().stripe_domains == domains


@pytest.mark.parametrize(
    "listed",
    [
        "https://pay.bar.example",
        "pay.bar.example/",
        "pay.bar.example:443",
        "me@bar.example",
        "127.0.0.1",
        "localhost",
        "*",
    ],
)
def test_what_is_no_domain_is_refused_with_the_name_of_the_variable(monkeypatch, listed):
    monkeypatch.setenv("KIOSK_STRIPE_DOMAINS", listed)
    with pytest.raises(SettingsError, match=r"^KIOSK_STRIPE_DOMAINS: .* is not a domain like pay\.bar\.example$"):
        load_settings()
