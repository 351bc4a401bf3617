"""A menu that has all that a menu can have."""

from pathlib import Path

from kiosk.menu import Menu

RICH = """
[bar]
name = "Corner"
legal_age = 21
notes = true
serve = "when_ordered"
tax = { name = "Sales tax", rate = "8.875" }

[[items]]
name = "Lemonade"
category = "Soft drinks"
sizes = [ { name = "small", price = "2.00" }, { name = "large", price = "3.00", default = true } ]
contains = ["mint", "lime"]
modifiers = []
alcohol = false
allergens = ["citrus"]
plural = "Glasses of Lemonade"

[[items]]
name = "Fries"
category = "Sides"
sizes = [ { name = "Small", price = "2.50" }, { name = "large", price = "4.00" } ]
modifiers = []
alcohol = false

[[items]]
name = "Latte"
category = "Coffees"
price = "4.00"
modifiers = ["extra shot"]

[[items]]
name = "Espresso"
category = "Coffees"
price = "3.00"
modifiers = ["extra shot", "guacamole"]

[[items]]
name = "Pale Ale"
category = "Beers"
price = "6.01"
modifiers = []

[[items]]
name = "Guacamole"
category = "Sides"
price = "2.00"
modifiers = []

[[modifiers]]
name = "extra shot"
price = "0.75"
counted = true

[[modifiers]]
name = "oat milk"
synonyms = ["oat"]
price = "0.50"

[[modifiers]]
name = "guacamole"
price = "1.00"

[[choices]]
name = "milk"
of = ["Latte"]
from = ["whole milk", "Oat milk"]
required = true

[[choices]]
name = "beans"
of = ["Coffees"]
from = ["house blend", "single origin"]
default = "house blend"

[[offers]]
name = "Happy hour"
days = ["mon", "fri"]
from = "17:00"
to = "19:00"
on = ["Beers"]
multiply = "0.5"

[[offers]]
name = "Night owl"
days = ["fri"]
from = "22:00"
to = "02:00"
on = ["Lemonade"]
price = "1.50"
"""


def menu_of(tmp_path: Path, text: str = RICH) -> Menu:
    """The menu of the TOML in `text`."""
    path = tmp_path / "menu.toml"
    path.write_text(text)
    return Menu.load(path)
