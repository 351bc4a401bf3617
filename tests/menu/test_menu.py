from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.menu import Menu, MenuError, NotAllowedError, normalise
from kiosk.settings import find_assets

DEFAULT = Menu.load(find_assets() / "menu.toml")

COFFEE = """
[[items]]
name = "Latte"
price = "4.50"
category = "Coffee"
[[items]]
name = "Iced Mocha"
price = "5.00"
category = "Coffee"
[[items]]
name = "Iced Mochi"
price = "5.00"
category = "Coffee"
[[modifiers]]
name = "small"
group = "size"
[[modifiers]]
name = "large"
group = "size"
price = "0.50"
[[modifiers]]
name = "sugar"
amounts = ["a bit of", "lots of"]
"""


def menu_of(tmp_path: Path, text: str) -> Menu:
    path = tmp_path / "menu.toml"
    path.write_text(text)
    return Menu.load(path)


def test_the_default_bar_has_twenty_items_at_its_prices():
    prices = {item.name: item.price for item in DEFAULT.items}
    assert len(prices) == 20
    assert prices["Martini"] == 13
    assert prices["Soda"] == 3
    assert DEFAULT.categories == ("Cocktails", "Beers", "Spirits", "Soft drinks")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("old fashion", "Old Fashioned"),
        ("two", None),
        ("martinis", "Martini"),
        ("a Negroni", "Negroni"),
        ("whiskies", "Whiskey"),
        ("iced tee", "Iced Tea"),
        ("the cosmos", "Cosmopolitan"),
        ("mojito", None),
    ],
)
def test_an_item_is_found_by_what_a_guest_calls_it(said, meant):
    match = DEFAULT.find(said)
    assert (match.item.name if match.item else None) == meant


def test_two_items_that_are_equally_near_are_both_named(tmp_path):
    match = menu_of(tmp_path, COFFEE).find("iced moch")
    assert match.ambiguous
    assert {item.name for item in match.alternatives} == {"Iced Mocha", "Iced Mochi"}


def test_a_name_that_is_not_on_the_menu_comes_with_the_nearest():
    match = DEFAULT.find("marteeny")
    assert match.item is None or match.item.name == "Martini"
    assert not DEFAULT.find("caipirinha").ambiguous


@given(st.sampled_from(DEFAULT.items), st.sampled_from(["", "a ", "the "]), st.booleans())
def test_every_name_finds_its_own_item_in_any_case(item, article, shout):
    for name in (item.name, *item.synonyms):
        said = f"{article}{name}"
        assert DEFAULT.find(said.upper() if shout else said).item == item


@given(st.text(max_size=40))
@example("𝗔 𝓜𝓪𝓻𝓽𝓲𝓷𝓲")
def test_no_text_breaks_the_search(text):
    DEFAULT.find(text)
    DEFAULT.find_modifier(text)
    assert normalise(normalise(text)) == normalise(text)


def test_the_last_modifier_of_a_group_wins(tmp_path):
    menu = menu_of(tmp_path, COFFEE)
    latte = menu.items[0]
    chosen = menu.resolve_modifiers(latte, ["small", "a bit of sugar", "large"])
    assert [spoken.text for spoken in chosen] == ["a bit of sugar", "large"]
    assert menu.unit_price(latte, chosen) == Decimal("5.00")


def test_a_double_doubles_a_spirit():
    gin = DEFAULT.find("gin").item
    assert gin
    assert DEFAULT.unit_price(gin, DEFAULT.resolve_modifiers(gin, ["double", "neat"])) == 16


def test_a_modifier_that_an_item_does_not_take_is_refused_with_those_it_does():
    beer = DEFAULT.find("ipa").item
    assert beer
    with pytest.raises(NotAllowedError, match="with a chaser"):
        DEFAULT.resolve_modifiers(beer, ["dirty"])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "items: the menu has no items"),
        ("items = 3", "items: write each entry as"),
        ("[[drinks]]", "unknown section 'drinks'"),
        ("[[items]]\nname='A'\nprice='1'", "items, 'A': category: field required"),
        ("[[items]]\nname='A'\nprice='-1'\ncategory='C'", "items, 'A': price: '-1' is negative"),
        ("[[items]]\nname='A'\nprice='cheap'\ncategory='C'", "items, 'A': price: 'cheap' is not an amount"),
        ("[[items]]\nprice='1'\ncategory='C'", "items, entry 1: name: field required"),
        ("[[items]]\nname='A'\nprice='1'\ncategory='C'\ncolour='red'", "items, 'A': colour: extra inputs"),
        ("[[items]]\nname='A'\nprice='1'\ncategory='C'\nmodifiers=['hot']", "'hot' is not one of the modifiers"),
        ("[[items]]\nname='A b'\nprice='1'\ncategory='C'\n" * 2, "items, 'A b': name: 'A b' is already taken"),
        (
            "[[items]]\nname='Ouza'\nprice='1'\ncategory='C'\n"
            "[[items]]\nname='Ouzo'\nprice='1'\ncategory='C'\nplural='Ouza'",
            "items, 'Ouzo': plural: 'Ouza' is already taken by 'Ouza'",
        ),
        ("name = ", "not a TOML file"),
        ("[bar]\ncurrency='IRR'", "bar: currency: 'IRR' (Iranian Rial) cannot be had: Stripe does not charge"),
        ("[bar]\ncurrency='dollars'", "bar: currency: 'dollars' is not a currency of ISO 4217"),
        ("[bar]\ncurrency=840", "bar: currency: '840' is not a currency"),
        ("[bar]\ntips=[]", "bar: tips: write 1 to 5 different whole percentages"),
        ("[bar]\ntips=[5,10,12,15,18,20]", "bar: tips: write 1 to 5 different whole percentages"),
        ("[bar]\ntips=[15,15]", "bar: tips: write 1 to 5 different whole percentages"),
        ("[bar]\ntips=[0,10]", "bar: tips: write 1 to 5 different whole percentages"),
        ("[bar]\ntips=[12.5]", "bar: tips: write 1 to 5 different whole percentages"),
        ("[bar]\ntips=15", "bar: tips: write 1 to 5 different whole percentages"),
        ("[bar]\ncredit='much'", "bar: credit: 'much' is not an amount of money"),
        ("[bar]\ncredit='-5'", "bar: credit: '-5' is negative"),
        ("[bar]\ncurrency='JPY'\ncredit='0.4'", "bar: credit: with nothing to spend no guest can order"),
    ],
)
def test_a_wrong_entry_is_one_line_that_names_file_entry_and_field(tmp_path, text, complaint):
    with pytest.raises(MenuError) as refusal:
        menu_of(tmp_path, text)
    message = str(refusal.value)
    assert complaint in message
    assert message.startswith(str(tmp_path / "menu.toml"))
    assert "\n" not in message


ITEM = "[[items]]\nname = 'A'\ncategory = 'C'\n"
HOSTILE = {
    "a price of 3,000 digits": (f"{ITEM}price = {'9' * 3_000}", "is more than 999999999.99"),
    "a price of 3,000 digits in quotes": (f"{ITEM}price = '{'9' * 3_000}'", "is more than 999999999.99"),
    "a price of 5,000 digits": (f"{ITEM}price = {'9' * 5_000}", "line 4 is too long"),
    "a price too long for Python": (f"{ITEM}price = 0x{'f' * 3_900}", "thousands of digits is not an amount"),
    "a price with an endless exponent": (f"{ITEM}price = '1e-999999999999999999999'", "is not an amount"),
    "a price of lists": (f"{ITEM}price = {'[' * 300}{']' * 300}", "is not an amount"),
    "a price that modifiers make endless": (
        f"{ITEM}price = 999999999\n[[modifiers]]\nname = 'double'\nmultiply = 2",
        "items, 'A': price: with what is done to it, it can be more than 999999999.99",
    ),
    "a factor without end": ("[[modifiers]]\nname = 'B'\nmultiply = '1e400'", "multiply: '1e400' is more than 1000"),
    "a factor too long for Python": (f"[[modifiers]]\nname = 'B'\nmultiply = 0x{'f' * 3_900}", "is not a number"),
    "a factor that is no number": ("[[modifiers]]\nname = 'B'\nmultiply = nan", "nan is not a positive number"),
    "a name of tables": (f"[[items]]\nname = {'{a = ' * 400}1{'}' * 400}", "nested too deeply"),
    "a name of brackets": (f"[[items]]\nname = {'[' * 100_000}", "line 2 is too long"),
    "a name too long for Python": (
        f"[[items]]\nname = 0x{'f' * 3_900}",
        "entry 1: name: input should be a valid string",
    ),
    "a key of 8,000 parts": (f"{'.'.join(['a'] * 8_000)} = 1", "line 1 is too long"),
    "a key of 1,000 parts": (f"{'.'.join(['a'] * 1_000)} = 1", "line 1 is too long, or has too many dots"),
    "a key of two lines": (f'{ITEM}price = 1\n"a\\nb" = 1', "a b: extra inputs"),
    "a key of 3,000 letters": (f"{'k' * 3_000} = 1", "expected bar, items, modifiers"),
    "ten megabytes": ("# beer\n" * 1_500_000, "larger than 256 KB"),
    "a hundred synonyms too many": (f"{ITEM}price = 1\nsynonyms = {['x'] * 200}", "at most 100 items"),
    "a name of two lines": ('[[items]]\nname = "A\\nB"', r"'A\nB' has a character that cannot be seen, '\n'"),
    "a name with a bell": ('[[items]]\nname = "A\\u0007B"', r"has a character that cannot be seen, '\x07'"),
    "a name that turns the line around": (
        '[[items]]\nname = "A"\nprice = 1\ncategory = "C\\u202eD"',
        r"items, 'A': category: 'C\u202eD' has a character that cannot be seen, '\u202e'",
    ),
    "a name with a hidden break": ('[bar]\nname = "M\\u200bO"', r"bar: name: 'M\u200bO' has a character"),
    "a pile of accents": (f'[bar]\nname = "Z{"̴" * 9}"', "has a character that cannot be seen"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_menu_is_refused_in_one_short_line(tmp_path, case):
    text, complaint = HOSTILE[case]
    with pytest.raises(MenuError) as refusal:
        menu_of(tmp_path, text)
    message = str(refusal.value)
    assert complaint in message
    assert message.startswith(str(tmp_path / "menu.toml"))
    assert "\n" not in message
    assert len(message) <= 500


@pytest.mark.parametrize(
    "name", ["Jalapeño-Käse", "Crème brûlée", "عرق", "日本酒", "Piña 🍹 Colada", "Gin  &\u00a0Tonic"]
)
def test_a_name_may_be_written_as_people_write(tmp_path, name):
    menu = menu_of(tmp_path, f"[[items]]\nname = '{name}'\ncategory = 'C'\nprice = 1")
    assert menu.items[0].name == " ".join(name.split())
    assert menu.find(name).item == menu.items[0]


def bar_with(tmp_path: Path, fields: str, price: str = "12.00"):
    item = f"[[items]]\nname='Sake'\ncategory='Drinks'\nprice='{price}'"
    double = "[[modifiers]]\nname='half'\nmultiply='0.5'\n[[modifiers]]\nname='ice'"
    return menu_of(tmp_path, f"[bar]\n{fields}\n{item}\n{double}")


@pytest.mark.parametrize(
    ("fields", "price", "unit_price", "half"),
    [
        ("", "12.50", "12.50", "6.25"),
        ("currency = 'JPY'", "555", "555", "278"),
        ("currency = 'KRW'", "6500.00", "6500", "3250"),
        ("currency = 'KWD'", "2.505", "2.505", "1.253"),
        ("currency = 'HUF'", "1500", "1500.00", "750.00"),
    ],
)
def test_prices_have_the_decimals_of_the_bar_s_currency(tmp_path, fields, price, unit_price, half):
    menu = bar_with(tmp_path, fields, price)
    sake = menu.items[0]
    assert str(sake.price) == unit_price
    assert str(menu.unit_price(sake, ())) == unit_price
    assert str(menu.unit_price(sake, menu.resolve_modifiers(sake, ["half", "ice"]))) == half


@pytest.mark.parametrize(
    ("fields", "credit", "large_order"),
    [
        ("", "1000.00", "100.00"),
        ("currency = 'EUR'", "1000.00", "100.00"),
        ("currency = 'JPY'", "100000", "10000"),
        ("currency = 'KRW'", "1000000", "100000"),
        ("currency = 'KWD'", "1000.000", "100.000"),
        ("currency = 'HUF'", "1000000.00", "100000.00"),
        ("credit = '5000'", "5000.00", "500.00"),
        # Who may spend little is not asked about each drink.
        ("credit = '20.00'", "20.00", "100.00"),
        ("currency = 'KRW'\ncredit = 50_000", "50000", "100000"),
    ],
)
def test_what_a_guest_may_spend_and_what_is_read_back_first_follow_from_credit_and_currency(
    tmp_path, fields, credit, large_order
):
    bar = bar_with(tmp_path, fields).bar
    assert (str(bar.opening_credit), str(bar.large_order)) == (credit, large_order)


def test_tips_are_those_of_the_menu_in_its_order(tmp_path):
    assert bar_with(tmp_path, "").bar.tips == (10, 15, 20)
    assert bar_with(tmp_path, "tips = [18, 12]").bar.tips == (18, 12)


def test_a_missing_menu_is_one_line(tmp_path):
    with pytest.raises(MenuError, match="cannot be read: No such file"):
        Menu.load(tmp_path / "none.toml")
