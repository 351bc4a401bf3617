"""What Maya is doing, in a word, for those who do not read faces."""

from pygame import Rect, Surface

from kiosk.display.avatar import AURAS, Mood
from kiosk.display.drawing import box, label
from kiosk.display.theme import WHITE, Fonts

# The bars beside the word: how many, how often a second they jump, and how high each is in turn.
BARS, JUMPS_A_SECOND = 4, 8
_HEIGHTS = (0.35, 0.8, 0.5, 1.0, 0.6, 0.9, 0.3, 0.7)


def bars(now: float, mood: Mood) -> tuple[float, ...]:
    """How high the bars are at `now`, as shares of the highest; they move only while she works."""
    if mood not in (Mood.LISTENING, Mood.THINKING):
        return (0.3,) * BARS
    jump = int(now * JUMPS_A_SECOND)
    return tuple(_HEIGHTS[(jump + 3 * number) % len(_HEIGHTS)] for number in range(BARS))


def draw_status(target: Surface, fonts: Fonts, unit: float, mood: Mood, word: str, heights: tuple[float, ...]) -> None:
    """The `word` for `mood` with its bars, at the right of `target`."""
    area, colour, size = target.get_rect(), AURAS[mood], 34 * unit
    pad = round(26 * unit)
    bar, gap = round(9 * unit), round(7 * unit)
    beside = BARS * (bar + gap) + round(8 * unit)
    width = min(area.width, fonts.get(size, "SemiBold").size(word)[0] + beside + 2 * pad)
    pill = Rect(area.right - width, 0, width, round(76 * unit))
    pill.centery = area.centery
    box(target, pill, (0, 0, 0, 200), pill.height / 2)
    for number, height in enumerate(heights):
        tall = round(40 * unit * height)
        box(target, Rect(pill.left + pad + number * (bar + gap), pill.centery - tall // 2, bar, tall), colour, bar / 2)
    text = Rect(pill.left + pad + beside, pill.top, pill.width - 2 * pad - beside, pill.height)
    label(target, fonts, word, text, size, weight="SemiBold", colour=WHITE)
