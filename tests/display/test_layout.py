import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygame import Rect

from kiosk.display.layout import Layout
from kiosk.tips import MOST

sizes = st.tuples(st.integers(480, 3840), st.integers(480, 3840))


def overlap(boxes: list[Rect]) -> bool:
    return any(a.colliderect(b) for number, a in enumerate(boxes) for b in boxes[number + 1 :])


@given(sizes, st.floats(1, 1.6), st.integers(1, MOST))
def test_no_box_lies_on_another_or_beyond_its_room(size, caption_scale, tips):
    layout = Layout.of(size, caption_scale)
    on_panel = [layout.order, layout.tips, layout.totals, layout.buttons]
    on_stage = [layout.notice, layout.tab, layout.status, layout.captions]
    assert not overlap([layout.stage, layout.panel])
    assert not overlap(on_panel)
    assert not overlap([layout.tab, layout.status, layout.captions])
    assert all(layout.panel.contains(box) for box in on_panel)
    assert all(layout.stage.contains(box) for box in on_stage)
    assert not overlap([*layout.tip_buttons(tips)])
    assert all(layout.tips.contains(button) for button in layout.tip_buttons(tips))
    assert not overlap([*layout.action_buttons()])


@pytest.mark.parametrize("tips", range(1, MOST + 1))
@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)])
def test_every_button_is_large_enough_for_a_finger(size, tips):
    layout = Layout.of(size)
    for button in [*layout.tip_buttons(tips), *layout.action_buttons()]:
        assert min(button.size) >= 88
