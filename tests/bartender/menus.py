"""The two menus that the bartender's tests speak about."""

from pathlib import Path

from kiosk.menu import Menu

BAR = Menu.load(Path(__file__).parents[2] / "assets" / "menu.toml")
COFFEE = Menu.load(Path(__file__).parent / "coffee.toml")
