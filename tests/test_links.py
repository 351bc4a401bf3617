"""A link becomes a code only if it leads to a page of those that are named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.links import is_page_of, is_web_page
from kiosk.payments.stripe_links import STRIPE_HOSTS

STRANGE = {
    "another scheme": "http://buy.stripe.com/test_1",
    "a script": "javascript:alert(1)//https://buy.stripe.com/",
    "a file": "file:///etc/passwd",
    "data": "data:text/html,<script>alert(1)</script>",
    "a network": "WIFI:T:WPA;S:bar;P:secret;;",
    "a call": "tel:+4990012345",
    "a telegram": "tg://resolve?domain=x",
    "a name before the host": "https://buy.stripe.com@evil.example/test_1",
    "a name and a secret before the host": "https://stripe:x@buy.stripe.com/test_1",
    "a domain behind the host": "https://buy.stripe.com.evil.example/test_1",
    "a name that ends alike": "https://evil-buy.stripe.com/test_1",
    "another host of Stripe's": "https://dashboard.stripe.com/test_1",
    "a port": "https://buy.stripe.com:443/test_1",
    "a dot at the end": "https://buy.stripe.com./test_1",
    "a backslash": "https://buy.stripe.com\\@evil.example/test_1",
    "a query for a path": "https://buy.stripe.com?@evil.example/",
    "a fragment for a path": "https://buy.stripe.com#@evil.example/",
    "capitals": "HTTPS://BUY.STRIPE.COM/TEST_1",
    "a letter that looks alike": "https://buy.stripе.com/test_1",
    "no host": "https:///buy.stripe.com/test_1",
    "no path": "https://buy.stripe.com",
    "a blank before it": " https://buy.stripe.com/test_1",
    "a line break in it": "https://buy.stripe.com/test_1\nWIFI:S:bar;;",
    "a tab that browsers take out": "https://buy.stripe.com\t.evil.example/test_1",
    "a NUL": "https://buy.stripe.com/test_\0",
    "a direction": "https://buy.stripe.com/\u202etset_1",
    "an accent": "https://buy.stripe.com/tést",
    "too much for a code": "https://buy.stripe.com/test_" + "1" * 300,
    "nothing": "",
}


@pytest.mark.parametrize("kind", STRANGE)
def test_whatever_is_no_page_of_stripe_s_is_none(kind):
    assert not is_page_of(STRANGE[kind], STRIPE_HOSTS)


@pytest.mark.parametrize("url", [None, 7, True, ["https://buy.stripe.com/test_1"], {}])
def test_what_is_no_text_is_no_link(url):
    assert not is_web_page(url)
    assert not is_page_of(url, STRIPE_HOSTS)


@pytest.mark.parametrize(
    "url",
    [
        "https://buy.stripe.com/test_8wM7sK2vQ3xR0fS6oo",
        "https://buy.stripe.com/8wM7sK2vQ3xR0fS6oo?prefilled_email=a%40b.example&locale=de#top",
        "https://checkout.stripe.com/c/pay/cs_test_a1b2c3#fidkdWxOYHwnPyd1blpxYHZxWjA0",
        "https://buy.stripe.com/@evil.example/",
    ],
)
def test_pages_of_stripe_s_are_some(url):
    assert is_page_of(url, STRIPE_HOSTS)


def test_a_domain_of_the_bar_s_own_is_one_where_it_is_named():
    url = "https://pay.bar.example/b/14k5nz"
    assert not is_page_of(url, STRIPE_HOSTS)
    assert is_page_of(url, STRIPE_HOSTS | {"pay.bar.example"})
    assert not is_page_of("https://evil.pay.bar.example/b/1", STRIPE_HOSTS | {"pay.bar.example"})


@given(st.text(max_size=40), st.sampled_from(["", "https://", "https://buy.stripe.com", "https://buy.stripe.com/"]))
def test_a_page_is_exactly_its_host_and_what_can_be_seen_behind_it(text, beginning):
    url = beginning + text
    if is_page_of(url, STRIPE_HOSTS):
        host, _, path = url.removeprefix("https://").partition("/")
        assert host in STRIPE_HOSTS
        assert all("!" <= char <= "~" for char in path)
