"""The menu as a language model is told of it: what there is, in which sizes, with which choices, at which price now."""

from datetime import datetime
from typing import Any

from kiosk.menu import Choice, Item, Menu, Offer
from kiosk.money import as_number

Told = dict[str, Any]


def menu_told(menu: Menu, at: datetime) -> Told:
    """All of `menu`, by category, at the prices of the moment `at`; money as JSON numbers."""
    return {
        "bar": menu.bar.name,
        "currency": menu.bar.currency.code,
        "categories": [
            {"name": name, "items": [_item(menu, item, at) for item in menu.items if item.category == name]}
            for name in menu.categories
        ],
        "modifiers": [
            {"name": modifier.name, "price": as_number(modifier.price)}
            | ({"multiply": float(modifier.multiply)} if modifier.multiply != 1 else {})
            | ({"counted": True} if modifier.counted else {})
            for modifier in menu.listed_modifiers
        ],
        "choices": [_choice(choice) for choice in menu.choices],
        "offers": [_offer(offer) for offer in menu.offers if offer.holds(at)],
    }


def _item(menu: Menu, item: Item, at: datetime) -> Told:
    chosen = {option for choice in menu.choices_of(item) for option in choice.options}
    told: Told = {
        "name": item.name,
        "price": as_number(menu.price_of(item, at)),
        "modifiers": [modifier.name for modifier in menu.allowed_modifiers(item) if modifier.name not in chosen],
    }
    if item.sizes:
        told["sizes"] = [
            {"name": size.name, "price": as_number(menu.price_of(item, at, size.name))}
            | ({"default": True} if size is item.usual_size else {})
            for size in item.sizes
        ]
    if choices := [choice.name for choice in menu.choices if choice in menu.choices_of(item)]:
        told["choices"] = choices
    if item.contains:
        told["contains"] = list(item.contains)
    if item.allergens is not None:
        told["allergens"] = list(item.allergens)
    if not item.alcohol:
        told["alcohol"] = False
    if offers := menu.offers_of(item, at):
        told |= {"offers": [offer.name for offer in offers], "usual_price": as_number(menu.price_of(item))}
    return told


def _choice(choice: Choice) -> Told:
    return {
        "name": choice.name,
        "of": list(choice.of),
        "options": list(choice.options),
        "required": choice.required,
        "default": choice.default,
    }


def _offer(offer: Offer) -> Told:
    told: Told = {"name": offer.name, "on": list(offer.on), "until": f"{offer.ends:%H:%M}"}
    if offer.price is not None:
        return told | {"price": as_number(offer.price)}
    return told | {"multiply": float(offer.multiply or 1)}
