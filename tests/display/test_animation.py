from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kiosk.display.animation import DURATION_SECS, LONGEST_SECS, Counter

amounts = st.integers(0, 10_000_000).map(lambda cents: Decimal(cents) / 100)
changes = st.lists(amounts, min_size=1, max_size=30)


def counter_after(values: list[Decimal], now: float = 10.0) -> Counter:
    counter = Counter(Decimal(0))
    for value in values:
        counter.change(value, now)
    return counter


# **Feature: stripe-payment, Property 6: Animation Queue Length Consistency**
@given(changes)
def test_every_change_is_one_animation_and_none_overlaps(values):
    counter = counter_after(values)
    assert [count.end for count in counter.queue] == values
    for earlier, later in zip(counter.queue, list(counter.queue)[1:], strict=False):
        assert earlier.end == later.start
        assert later.begins_at >= earlier.ends_at - 1e-9


@given(st.lists(st.tuples(amounts, st.floats(0, 3)), min_size=1, max_size=20))
def test_the_truth_is_on_the_screen_two_seconds_after_the_last_change(steps):
    counter, now = Counter(Decimal(0)), 0.0
    for value, pause in steps:
        now += pause
        counter.change(value, now)
    assert counter.ends_at(now) <= now + LONGEST_SECS + 1e-6
    assert counter.value(now + LONGEST_SECS + 1e-6) == steps[-1][0]


@given(amounts, amounts, st.lists(st.floats(0, 1), min_size=2, max_size=20))
def test_an_amount_counts_in_one_direction_and_ends_exactly(start, end, moments):
    counter = Counter(start)
    counter.change(end, 0.0)
    shown = [counter.value(moment * DURATION_SECS) for moment in sorted(moments)]
    assert shown == sorted(shown, reverse=end < start)
    assert all(min(start, end) <= value <= max(start, end) for value in shown)
    assert counter.value(DURATION_SECS) == end


@given(changes, st.floats(0, 3))
def test_the_pulse_stays_between_its_bounds(values, after):
    assert 1.0 <= counter_after(values).scale(10.0 + after) <= 1.1


def test_a_reset_is_shown_at_once():
    counter = counter_after([Decimal(5), Decimal(9)])
    counter.reset(Decimal(1000))
    assert counter.value(10.0) == 1000
    assert not counter.queue
