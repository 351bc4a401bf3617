"""What an owner may write of sizes, choices, offers and the bar, and what he is told of what he may not."""

from decimal import Decimal

import pytest

from kiosk.menu import MenuError
from tests.menu.menus import menu_of

ITEM = "[[items]]\nname='Latte'\ncategory='Coffee'\n"
LATTE = f"{ITEM}price=4\n"


def test_everything_that_a_menu_may_say_is_read(tmp_path):
    menu = menu_of(tmp_path)
    bar = menu.bar
    assert (bar.legal_age, bar.notes, bar.serve) == (21, True, "when_ordered")
    assert bar.tax
    assert (bar.tax.name, bar.tax.rate, bar.tax.included) == ("Sales tax", Decimal("8.875"), False)
    lemonade, *_, guacamole = menu.items
    assert lemonade.price == 3
    assert lemonade.contains == ("mint", "lime")
    assert (lemonade.alcohol, lemonade.allergens, lemonade.more_than_one) == (False, ("citrus",), "Glasses of Lemonade")
    assert (guacamole.alcohol, guacamole.allergens) == (True, None)
    assert [choice.options for choice in menu.choices] == [("whole milk", "oat milk"), ("house blend", "single origin")]
    assert [offer.name for offer in menu.offers] == ["Happy hour", "Night owl"]


def test_a_bar_that_says_nothing_of_it_has_no_age_no_tax_and_takes_no_notes(tmp_path):
    bar = menu_of(tmp_path, LATTE).bar
    assert (bar.legal_age, bar.tax, bar.notes, bar.serve) == (None, None, False, "when_paid")


def sized(*sizes):
    return f"{ITEM}sizes = [{', '.join(sizes)}]"


SMALL, LARGE = "{name='small', price=1}", "{name='large', price=2, default=true}"


def choice(fields, name="milk"):
    return f"{LATTE}[[choices]]\nname='{name}'\n{fields}"


def offer(fields):
    return f"{LATTE}[[offers]]\nname='Happy'\n{fields}"


WRONG = [
    (ITEM, "items, 'Latte': price: field required, or sizes with a price each"),
    (f"{LATTE}sizes=[{SMALL}]", "items, 'Latte': price: each size has a price, so the item has none of its own"),
    (sized("{name='small'}"), "items, 'Latte': sizes.0.price: field required"),
    (sized("{name='small', price=-1}"), "items, 'Latte': sizes.0.price: -1 is negative"),
    (sized(SMALL, SMALL), "items, 'Latte': sizes: there are two of the name 'small'"),
    (sized(LARGE, LARGE.replace("large", "huge")), "items, 'Latte': sizes: only one can be the default"),
    (sized(*(f"{{name='s{n}', price=1}}" for n in range(11))), "items, 'Latte': sizes: tuple should have at most 10"),
    (choice("of=['Tea']\nfrom=['a']"), "choices, 'milk': of: 'Tea' is neither an item nor a category"),
    (choice("of=['latte']\nfrom=['a']"), "neither an item nor a category; is it 'Latte'?"),
    (choice("of=['Latte']\nfrom=[]"), "choices, 'milk': from: tuple should have at least 1 item"),
    (choice("of=['Latte']"), "choices, 'milk': from: field required"),
    (choice("of=['Latte']\nfrom=['oat']\ndefault='soy'"), "choices, 'milk': default: 'soy' is not one of its options"),
    (
        choice("of=['Coffee']\nfrom=['oat']") + "\n[[choices]]\nname='milk'\nof=['Latte']\nfrom=['soy']",
        "choices, 'milk': of: 'Latte' has another choice of that name",
    ),
    (
        f"{sized(SMALL)}\n[[choices]]\nname='size'\nof=['Latte']\nfrom=['a']",
        "choices, 'size': of: 'Latte' has sizes, which are one",
    ),
    (offer("on=['Beers']\nprice=1"), "offers, 'Happy': on: 'Beers' is neither an item nor a category"),
    (offer("on=['Coffee']"), "offers, 'Happy': entry: write either multiply or price"),
    (offer("on=['Coffee']\nprice=1\nmultiply=0.5"), "offers, 'Happy': entry: write either multiply or price"),
    (offer("on=['Coffee']\nprice=1\ndays=['funday']"), "offers, 'Happy': days.0: input should be 'mon', 'tue'"),
    (offer("on=['Coffee']\nprice=1\nfrom='25:00'"), "offers, 'Happy': from: '25:00' is not a time of day"),
    (offer("on=['Coffee']\nprice=1\nto='5 pm'"), "offers, 'Happy': to: '5 pm' is not a time of day"),
    (offer("on=['Coffee']\nprice=1\nto=1700"), "offers, 'Happy': to: 1700 is not a time of day"),
    (offer("on=['Coffee']\nprice=1\nfrom='09:00'\nto='9:00'"), "from and to are the same: it would never hold"),
    (offer("on=['Coffee']\nmultiply=0"), "offers, 'Happy': multiply: 0 is not a positive number"),
    ("[[modifiers]]\nname='shot'\ncounted=true\nmultiply=2", "it cannot multiply that of the drink"),
    ("[bar]\nlegal_age=0", "bar: legal_age: input should be greater than or equal to 1"),
    ("[bar]\nserve='later'", "bar: serve: input should be 'when_paid' or 'when_ordered'"),
    ("[bar]\ntax={name='VAT', rate='120'}", "bar: tax.rate: '120' is not a rate in per cent, from 0 to 100"),
    ("[bar]\ntax={name='VAT', rate='nan'}", "bar: tax.rate: 'nan' is not a rate"),
    ("[bar]\ntax={name='VAT', rate='some'}", "bar: tax.rate: 'some' is not a number"),
    ("[bar]\nnotes='perhaps'", "bar: notes: input should be a valid boolean"),
]


@pytest.mark.parametrize(("text", "complaint"), WRONG, ids=[complaint for _, complaint in WRONG])
def test_what_is_wrong_is_one_line_that_names_file_entry_and_field(tmp_path, text, complaint):
    with pytest.raises(MenuError) as refusal:
        menu_of(tmp_path, text)
    message = str(refusal.value)
    assert complaint in message
    assert message.startswith(f"{tmp_path / 'menu.toml'}: ")
    assert "\n" not in message
    assert len(message) <= 500


MANY_ITEMS = "".join(f"[[items]]\nname='Drink {n}'\nprice=1\ncategory='C'\n" for n in range(2_000))
HOSTILE = {
    "more choices than a person reads": (
        f"{MANY_ITEMS}" + "[[choices]]\nname='a'\nof=['C']\nfrom=['x']\n" * 101,
        "choices: 101 of them, and no more than 100 can be",
    ),
    "more offers than hours": (
        f"{MANY_ITEMS}" + "[[offers]]\nname='a'\non=['C']\nprice=1\n" * 101,
        "offers: 101 of them, and no more than 100 can be",
    ),
    "a hundred choices for each of two thousand drinks": (
        MANY_ITEMS + "".join(f"[[choices]]\nname='c{n}'\nof=['C']\nfrom=['x{n}']\n" for n in range(99))
        + "[[choices]]\nname='c0'\nof=['C']\nfrom=['y']\n",
        "choices, 'c0': of: 'Drink 0' has another choice of that name",
    ),
    "an offer that makes a price endless": (
        f"{LATTE}[[offers]]\nname='O'\non=['Latte']\nmultiply=1000\n[[modifiers]]\nname='a'\nmultiply=1000\n"
        "[[modifiers]]\nname='b'\nmultiply=1000\n",
        "items, 'Latte': price: with what is done to it, it can be more than 999999999.99",
    ),
    "options that together are endless": (
        f"{ITEM}price=1\nmodifiers=[]\n"
        + "".join(f"[[modifiers]]\nname='m{n}'\nprice=999999999\n" for n in range(2))
        + "".join(f"[[choices]]\nname='c{n}'\nof=['Latte']\nfrom=['m{n}']\n" for n in range(2)),
        "items, 'Latte': price: with what is done to it, it can be more than 999999999.99",
    ),
    "a counted modifier that is endless ten times": (
        f"{LATTE}[[modifiers]]\nname='gold leaf'\nprice=999999990\ncounted=true\n",
        "it can be more than 999999999.99",
    ),
    "a size that is a table of tables": (sized("{name={a={b=1}}, price=1}"), "sizes.0.name: input should be a valid"),
    "a size with a bell": (sized('{name="a\\u0007", price=1}'), "has a character that cannot be seen"),
    "a time of 3,000 digits": (offer(f"on=['Coffee']\nprice=1\nfrom={'9' * 3_000}"), "is not a time of day"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_menu_is_refused_in_one_short_line(tmp_path, case):
    text, complaint = HOSTILE[case]
    with pytest.raises(MenuError) as refusal:
        menu_of(tmp_path, text)
    message = str(refusal.value)
    assert complaint in message
    assert "\n" not in message
    assert len(message) <= 500
