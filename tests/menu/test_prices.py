"""What one costs is the sum of its parts."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.menu import Menu
from kiosk.menu.entries import Choice, Item, Modifier
from kiosk.menu.offers import Offer
from kiosk.settings import find_assets

BAR = Menu.load(find_assets() / "menu.toml").bar
CENTS = st.integers(0, 5_000).map(lambda cents: Decimal(cents) / 100)
MOMENTS = st.integers(0, 7 * 24 * 60 - 1).map(lambda minute: datetime(2026, 11, 23) + timedelta(minutes=minute))
TIMES = st.times().map(lambda time: time.replace(second=0, microsecond=0, tzinfo=None))


@st.composite
def bars(draw):
    """A menu of one item with two sizes, an extra, a counted one, a choice, and an offer at some time."""
    small, large, extra, shot, oat = (draw(CENTS) for _ in range(5))
    sizes = [{"name": "small", "price": small}, {"name": "large", "price": large, "default": True}]
    item = Item.model_validate({"name": "Latte", "category": "Coffee", "sizes": sizes})
    modifiers = [
        Modifier(name="cream", price=extra),
        Modifier(name="shot", price=shot, counted=True),
        Modifier(name="oat", price=oat),
    ]
    choice = Choice.model_validate({"name": "milk", "of": ["Latte"], "from": ["oat", "whole"]})
    begins, ends = draw(TIMES), draw(TIMES)
    price = draw(st.none() | CENTS)
    fields = {"price": price} if price is not None else {"multiply": draw(st.sampled_from(["0.5", "0.333", "1.25"]))}
    if begins == ends:
        begins, ends = begins.replace(hour=1), ends.replace(hour=2)
    offer = Offer.model_validate({"name": "O", "on": ["Coffee"], "from": begins, "to": ends, **fields})
    return Menu(BAR, [item], modifiers, [choice], [offer])


@settings(max_examples=60)
@given(bars(), st.lists(st.sampled_from(["small", "large", "cream", "shot", "oat", "whole"]), max_size=8), MOMENTS)
def test_a_price_is_that_of_the_size_or_the_offer_and_of_each_thing_that_is_done_to_it(menu, said, at):
    (item,) = menu.items
    made = menu.resolve_modifiers(item, said)
    sizes = {size.name: size.price for size in item.sizes}
    parts = [spoken.modifier for spoken in made if spoken.modifier.name not in sizes]
    (size,) = [spoken.modifier.name for spoken in made if spoken.modifier.name in sizes]
    assert size == next((name for name in reversed(said) if name in sizes), "large")
    assert sum(part.name == "shot" for part in parts) == said.count("shot")
    assert sum(part.name in ("oat", "whole") for part in parts) == bool({"oat", "whole"} & set(said))
    own = sizes[size]
    if menu.offers[0].holds(at):
        own = BAR.currency.amount(menu.offers[0].of(own))
    assert menu.unit_price(item, made, at) == own + sum(part.price for part in parts)
    assert menu.unit_price(item, made) == sizes[size] + sum(part.price for part in parts)


@settings(max_examples=60)
@given(TIMES, TIMES, st.sets(st.sampled_from(["mon", "wed", "sun"]), min_size=1), MOMENTS)
def test_an_offer_holds_for_as_long_as_its_hours_say_on_each_of_its_days(begins, ends, days, monday):
    if begins == ends:
        return
    fields = {"name": "O", "on": ["A"], "from": begins, "to": ends, "days": sorted(days), "price": 1}
    offer = Offer.model_validate(fields)
    half_hours = [monday.replace(hour=0, minute=0) + timedelta(minutes=7 * step) for step in range(24 * 60)]
    held = sum(offer.holds(moment) for moment in half_hours)
    minutes = (ends.hour * 60 + ends.minute - begins.hour * 60 - begins.minute) % (24 * 60) or 24 * 60
    assert abs(held * 7 - minutes * len(days)) <= 14 * len(days)


def test_every_price_of_the_default_bar_is_as_it_was():
    menu = Menu.load(Path(find_assets()) / "menu.toml")
    assert all(menu.price_of(item) == menu.unit_price(item, ()) == item.price for item in menu.items)
