"""Which lines of an order a guest means who describes them: "the dirty martini", "the lemonade without mint"."""

from collections.abc import Iterable
from typing import Protocol, TypeVar


class _Described(Protocol):
    @property
    def item(self) -> str: ...
    @property
    def modifiers(self) -> tuple[str, ...]: ...
    @property
    def without(self) -> tuple[str, ...]: ...


_Line = TypeVar("_Line", bound=_Described)


def meant_lines(
    lines: Iterable[_Line], item: str, told: tuple[str, ...] | None, without: tuple[str, ...] = ()
) -> list[_Line]:
    """The lines of `item` that a description means: with just the modifiers `told`, or with these among others.

    Nothing told, or nothing that fits, means all of them; an empty description those without modifiers.

    Parameters:
        without: what the description says is left out; of several that fit else, those of just these are meant.
    """
    alike = [line for line in lines if line.item == item]
    if without:
        alike = [line for line in alike if set(without) <= set(line.without)] or alike
        alike = [line for line in alike if set(without) == set(line.without)] or alike
    if told is None:
        return alike
    exact = [line for line in alike if set(line.modifiers) == set(told)]
    fitting = exact or [line for line in alike if told and set(told) <= set(line.modifiers)] or alike
    return [line for line in fitting if set(line.without) == set(without)] or fitting
