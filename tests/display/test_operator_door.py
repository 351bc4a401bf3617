"""The operator's way out opens to a long press and the PIN, and to nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.display.operator_door import CANCEL, CLEAR, HOLD_SECS, IDLE_SECS, LOCKED_SECS, TRIES, OperatorDoor
from kiosk.display.texts import Texts
from kiosk.settings import find_assets

TEXTS = Texts.load(find_assets())
SIZE = (1920, 1080)
CORNER = (20, 20)


class Operator:
    """Somebody at the screen, and the time."""

    def __init__(self, pin: str | None = "4711") -> None:
        self.door = OperatorDoor(SIZE, 1.0, pin, TEXTS)
        self.now = 100.0

    def hold(self, secs: float = HOLD_SECS, position: tuple[int, int] = CORNER) -> bool:
        self.door.press(position, self.now)
        self.now += secs
        opened = self.door.is_open(self.now)
        self.door.release()
        return opened

    def type(self, *keys: str) -> None:
        for key in keys:
            self.door.press(self.door.keys()[key].center, self.now)


def test_the_pin_ends_the_kiosk():
    operator = Operator()
    assert operator.hold()
    operator.type(*"4711")
    assert operator.door.is_unlocked


@pytest.mark.parametrize(("secs", "position"), [(HOLD_SECS - 0.1, CORNER), (60.0, (960, 540))])
def test_a_short_touch_or_another_place_opens_nothing(secs, position):
    assert not Operator().hold(secs, position)


def test_the_corner_is_the_operator_s_and_the_rest_too_once_the_pad_is_open():
    operator = Operator()
    assert not operator.door.press((600, 400), operator.now)
    assert operator.door.press(CORNER, operator.now)
    operator.now += HOLD_SECS
    assert operator.door.press((600, 400), operator.now)


def test_without_a_pin_there_is_no_such_way():
    assert not Operator(None).hold(60.0)


@given(st.text("0123456789", min_size=4, max_size=12).filter(lambda typed: typed[:4] != "4711"))
def test_no_other_digits_end_it(typed):
    operator = Operator()
    operator.hold()
    operator.type(*typed[:4])
    assert not operator.door.is_unlocked


def test_a_slip_is_cleared_and_the_pad_is_closed_by_hand_or_by_itself():
    operator = Operator()
    operator.hold()
    operator.type("4", "7", CLEAR, *"4711")
    assert operator.door.is_unlocked
    operator.type(CANCEL)
    assert not operator.door.is_open(operator.now)
    operator.hold()
    operator.now += IDLE_SECS
    assert not operator.door.is_open(operator.now)


def test_after_three_wrong_pins_the_pad_stays_away_for_a_minute():
    operator = Operator()
    operator.hold()
    for _ in range(TRIES):
        operator.type(*"0000")
    assert not operator.door.is_open(operator.now)
    assert not operator.hold()
    operator.now += LOCKED_SECS
    assert operator.hold()


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (1280, 800)])
def test_every_key_is_on_the_screen_and_apart_from_the_others(size):
    unit = min(size) / 1080
    keys = list(OperatorDoor(size, unit, "4711", TEXTS).keys().values())
    assert all(key.left >= 0 and key.right <= size[0] and key.top >= 0 and key.bottom <= size[1] for key in keys)
    assert not any(a.colliderect(b) for number, a in enumerate(keys) for b in keys[number + 1 :])
    assert all(min(key.size) >= 88 * unit for key in keys)
