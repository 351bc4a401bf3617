from hypothesis import given
from hypothesis import strategies as st

from kiosk.display.avatar import GAZES, Mood, gaze
from kiosk.display.status import BARS, bars

moments = st.floats(0, 1e6)
# The whites reach 29 by 19 pixels from the middle, the irises 15: further than this, they would stand out.
MOST_RIGHT, MOST_DOWN = 12.0, 10.0


@given(moments, st.sampled_from(Mood))
def test_her_eyes_stay_in_her_face(now, mood):
    right, down = gaze(now, mood)
    assert abs(right) <= MOST_RIGHT
    assert abs(down) <= MOST_DOWN


@given(moments)
def test_she_looks_straight_at_a_guest_who_speaks(now):
    assert gaze(now, Mood.LISTENING) == (0, 0)


@given(moments)
def test_who_thinks_looks_up(now):
    assert gaze(now, Mood.THINKING)[1] < 0
    assert Mood.THINKING in GAZES


def test_her_eyes_wander_over_the_face_before_her():
    spots = {gaze(float(second), Mood.ATTRACT) for second in range(60)}
    assert len(spots) >= 5


@given(moments, st.sampled_from(Mood), st.tuples(st.floats(-9, 9), st.floats(-9, 9)))
def test_a_glance_goes_where_something_has_changed(now, mood, aside):
    assert gaze(now, mood, aside) == aside


@given(moments, st.sampled_from(Mood))
def test_the_bars_beside_the_word_never_leave_their_box(now, mood):
    heights = bars(now, mood)
    assert len(heights) == BARS
    assert all(0 < height <= 1 for height in heights)


def test_the_bars_move_while_she_works_and_only_then():
    def moves(mood):
        return len({bars(tick / 8, mood) for tick in range(16)}) > 1

    assert [mood for mood in Mood if moves(mood)] == [Mood.LISTENING, Mood.THINKING]
