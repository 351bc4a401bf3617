from decimal import Decimal

import numpy as np
import pygame
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from kiosk.display.avatar import Mood
from kiosk.display.scene import Scene
from kiosk.display.tab_overlay import balance_colour
from kiosk.display.texts import Texts
from kiosk.events import (
    CancelTouched,
    Heard,
    HelloTouched,
    Level,
    Listening,
    Mouth,
    Notice,
    OrderChanged,
    OrderLine,
    PaymentChanged,
    PaymentLinkReady,
    PaymentStatus,
    PayTouched,
    Saying,
    ServiceChanged,
    SessionEnded,
    SessionStarted,
    Speaking,
    StartOverTouched,
    Thinking,
    TipChanged,
    TipTouched,
)
from kiosk.money import USD, Currency
from kiosk.settings import find_assets
from tests.sampling import sampled

SIZES = [(1920, 1080), (1080, 1920), (1280, 800), (800, 480)]
LINK = PaymentLinkReady("https://pay.invalid/simulated/plink_simabc123", "plink_simabc123", Decimal("42.55"), True)


def scene_of(size=(1280, 800), *events) -> Scene:
    scene = Scene(size, find_assets())
    for event in (SessionStarted("visit-1", "MOK 5-ha", "USD", Decimal(1000)), *events):
        scene.apply(event, 0.0)
    return scene


def pixels(scene: Scene, now: float = 100.0) -> np.ndarray:
    return pygame.surfarray.array3d(scene.draw(now)).swapaxes(0, 1).copy()


def an_order(lines: int = 2, price: str = "13.00") -> OrderChanged:
    ordered = tuple(OrderLine(f"Martini {number}", 1, ("dirty",), Decimal(price)) for number in range(lines))
    return OrderChanged(ordered, Decimal(price) * lines, Decimal(1000) - Decimal(13) * lines)


@pytest.mark.parametrize("size", SIZES[:3])
def test_a_phone_reads_the_code_from_the_whole_picture(size):
    found = zxingcpp.read_barcodes(np.ascontiguousarray(pixels(scene_of(size, an_order(), LINK))))
    assert [code.text for code in found] == [LINK.url]


def test_touches_mean_what_stands_there_and_only_with_a_tab():
    scene = scene_of()
    tips, (start_over, pay) = scene.layout.tip_buttons(3), scene.layout.action_buttons()
    assert scene.touch(tips[0].center, 0) is None
    scene.apply(an_order(), 0)
    assert [scene.touch(tip.center, 0) for tip in tips] == [TipTouched(10), TipTouched(15), TipTouched(20)]
    assert scene.touch(pay.center, 0) == PayTouched()
    assert scene.touch(start_over.center, 0) == StartOverTouched()
    assert scene.touch(scene.layout.stage.center, 0) == HelloTouched()
    assert scene.touch(scene.layout.panel.topleft, 0) is None
    scene.apply(Speaking(True), 0)
    assert scene.touch(scene.layout.stage.center, 0) is None
    scene.apply(LINK, 0)
    assert scene.touch(tips[0].center, 0) is None
    assert scene.touch(scene.layout.cancel_button().center, 0) == CancelTouched()


@pytest.mark.parametrize("tips", [(18,), (5, 12), (10, 15, 20), (10, 12, 18, 25), (5, 10, 15, 20, 25)])
def test_the_buttons_are_the_tips_of_the_menu(tips):
    scene = scene_of()
    scene.apply(SessionStarted("visit-2", "MOK 5-ha", "USD", Decimal(1000), tips), 0)
    scene.apply(an_order(), 0)
    buttons = scene.layout.tip_buttons(len(tips))
    assert [scene.touch(button.center, 0) for button in buttons] == [TipTouched(tip) for tip in tips]
    before = pixels(scene)
    scene.apply(TipChanged(tips[-1], Decimal("1.00"), Decimal("27.00")), 0)
    after = pixels(scene)
    changed = [(before != after)[box.top : box.bottom, box.left : box.right].any() for box in buttons]
    assert changed == [tip == tips[-1] for tip in tips]


def test_a_balance_is_low_by_the_worth_of_the_currency():
    assert balance_colour(Decimal(900), Currency("JPY")) == balance_colour(Decimal(9), USD)
    assert balance_colour(Decimal(90_000), Currency("JPY")) == balance_colour(Decimal(900), USD)
    assert balance_colour(Decimal(0), Currency("JPY")) == balance_colour(Decimal(0), USD)


def test_nothing_of_a_guest_is_left_when_the_visit_ends():
    fresh = scene_of()
    used = scene_of(
        (1280, 800), an_order(), TipChanged(15, Decimal("3.90"), Decimal("29.90")), Heard("a martini", True), LINK
    )
    used.apply(Saying("Coming up", 4), 1)
    for scene in (fresh, used):
        scene.apply(SessionEnded("visit-1"), 2)
        scene.apply(SessionStarted("visit-2", "MOK 5-ha", "USD", Decimal(1000)), 3)
    assert np.array_equal(pixels(fresh), pixels(used))


def test_what_is_left_out_and_what_is_wished_stand_on_the_line():
    def drawn(*ways):
        scene = scene_of()
        scene.apply(OrderChanged((OrderLine("Lemonade", 1, *ways),), Decimal(3), Decimal(997)), 0)
        return pixels(scene, 200.0)

    plain, said = drawn((), Decimal(3)), drawn(("no mint", "“cold”"), Decimal(3))
    assert np.array_equal(drawn((), Decimal(3), ("mint",), "cold"), said)
    assert not np.array_equal(plain, said)


@pytest.mark.parametrize("size", sampled(map(pytest.param, SIZES), every=3))
def test_too_much_of_everything_stays_in_its_room(size):
    lines = tuple(
        OrderLine(
            "Very long drink name that goes on", 99, ("with a lot of everything, twice", "neat"), Decimal("999999.99")
        )
        for _ in range(30)
    )
    scene = scene_of(size)
    before = pixels(scene)
    scene.apply(OrderChanged(lines, Decimal("999999.99"), Decimal("999999.99")), 0)
    after = pixels(scene)
    changed = np.argwhere((before != after).any(axis=2))
    # The invitation before Maya goes, and she glances at the order.
    face = scene.layout.stage.inflate(-scene.layout.stage.width // 2, 0)
    allowed = [scene.layout.panel, scene.layout.tab, scene.layout.captions, face]
    assert all(any(box.collidepoint(x, y) for box in allowed) for y, x in changed)
    after = pixels(scene, 200.0)
    scene.apply(Heard("mhm " * 80, True), 0)
    scene.apply(Saying("Ein unglaublich langer Satz ohne Ende und Grenzen " * 8, 200), 0)
    scene.apply(Notice("trouble", "No microphone is connected; please tell the staff " * 4, Level.WARNING), 0)
    spoken = np.argwhere((after != pixels(scene, 200.0)).any(axis=2))
    allowed = [scene.layout.captions, scene.layout.notice]
    assert all(any(box.collidepoint(x, y) for box in allowed) for y, x in spoken)


def test_maya_s_face_follows_the_conversation():
    scene = scene_of()
    assert scene.mood(0) is Mood.ATTRACT
    for event, mood in (
        (Listening(True), Mood.LISTENING),
        (Thinking(), Mood.THINKING),
        (Speaking(True), Mood.SPEAKING),
        (Speaking(False), Mood.ATTRACT),
    ):
        scene.apply(event, 0)
        assert scene.mood(0) is mood
    paid = PaymentChanged(PaymentStatus.SUCCEEDED, "plink_1", Decimal(13), Decimal(0), Decimal(987), True)
    scene.apply(paid, 0)
    assert scene.mood(1) is Mood.HAPPY
    assert scene.mood(60) is Mood.ATTRACT


@pytest.mark.parametrize("size", SIZES)
def test_whoever_comes_near_is_invited_until_they_speak_or_have_ordered(size):
    scene = scene_of(size)
    words, steps = scene.layout.captions, scene.layout.panel

    def seen(room):
        return pixels(scene)[room.top : room.bottom, room.left : room.right]

    invited, shown_steps = seen(words), seen(steps)
    scene.apply(Heard("hello", True), 0)
    scene.apply(Saying("Hi there!", 9), 0)
    assert not np.array_equal(invited, seen(words))
    assert np.array_equal(shown_steps, seen(steps))
    scene.apply(an_order(), 0)
    assert not np.array_equal(shown_steps, seen(steps))
    scene.apply(SessionEnded("visit-1"), 1)
    scene.apply(SessionStarted("visit-2", "MOK 5-ha", "USD", Decimal(1000)), 1)
    assert np.array_equal(invited, seen(words))


def test_a_line_that_comes_or_changes_is_lit_up_for_a_while_and_the_others_are_not():
    scene = scene_of((1920, 1080))
    martini, beer = OrderLine("Martini", 1, (), Decimal(13)), OrderLine("Tap Beer", 2, (), Decimal(5))
    scene.apply(OrderChanged((martini, beer), Decimal(23), Decimal(977)), 0)
    ground = pixels(scene, 50)
    scene.apply(OrderChanged((martini, OrderLine("Tap Beer", 3, (), Decimal(5))), Decimal(28), Decimal(972)), 100)
    lit = np.argwhere((ground != pixels(scene, 100.5)).any(axis=2))
    order = scene.layout.order
    beside = range(order.left - 10, order.left - 2)
    rows = {int(y) for y, x in lit if x in beside}
    assert rows
    assert min(rows) > order.top + 64 + 88
    assert max(rows) < order.top + 64 + 14 + 2 * 88 + 10
    left = np.argwhere((ground != pixels(scene, 103)).any(axis=2))
    assert not any(x in beside for _, x in left)


def test_a_notice_about_a_guest_goes_with_the_guest_and_one_about_the_kiosk_stays():
    scene = scene_of()
    room = scene.layout.notice

    def seen():
        return pixels(scene)[room.top : room.bottom, room.left : room.right]

    scene.apply(Notice("microphone", "I can't hear you just now.", Level.WARNING), 0)
    deaf = seen()
    scene.apply(Notice("pay_at_bar", "Please pay at the bar.", Level.WARNING, of_visit=True), 0)
    assert not np.array_equal(deaf, seen())
    scene.apply(SessionEnded("visit-1"), 1)
    assert np.array_equal(deaf, seen())


def test_what_maya_does_is_said_in_a_word_beside_the_tab():
    scene = scene_of()
    room = scene.layout.status
    looks = []
    for event in (Speaking(True), Listening(True), Thinking()):
        scene.apply(event, 0)
        looks.append(pixels(scene)[room.top : room.bottom, room.left : room.right])
    speaking, listening, thinking = looks
    assert not np.array_equal(speaking, listening)
    assert not np.array_equal(listening, thinking)


def test_the_mouth_moves_with_the_voice():
    scene = scene_of()
    shut = pixels(scene)
    scene.apply(Mouth(0.9), 0)
    assert not np.array_equal(shut, pixels(scene))


def test_a_payment_leaves_the_screen_when_it_is_withdrawn():
    scene = scene_of((1280, 800), an_order())
    without = pixels(scene)
    scene.apply(LINK, 0)
    assert not np.array_equal(without, pixels(scene))
    scene.apply(PaymentChanged(PaymentStatus.CANCELLED, "plink_1", Decimal(26), Decimal(26), Decimal(974), True), 0)
    assert np.array_equal(without, pixels(scene))


def test_all_animations_are_over_when_the_scene_says_so():
    scene = scene_of((1280, 800), an_order())
    assert scene.settled_at(0.0) > 0.0
    settled = scene.settled_at(0.0)
    assert scene.settled_at(settled) == settled


# **Feature: stripe-payment, Property 7: Balance Color Selection**
@given(st.decimals(-1000, 1000, places=2))
def test_every_balance_has_one_colour(balance):
    expected = "#FF4444" if balance <= 0 else "#FFA500" if balance < 50 else "#FFFFFF"
    assert balance_colour(balance) == expected


@pytest.mark.parametrize("size", SIZES)
def test_large_captions_stay_in_their_room(size):
    scene = Scene(size, find_assets(), caption_scale=1.6)
    scene.apply(SessionStarted("visit-1", "MOK 5-ha", "USD", Decimal(1000)), 0.0)
    before = pixels(scene)
    scene.apply(Heard("two martinis on the rocks please", True), 0)
    scene.apply(Saying("Coming up: two Martinis on the rocks. Your tab is $26. " * 3, 90), 0)
    changed = np.argwhere((before != pixels(scene)).any(axis=2))
    assert len(changed)
    assert all(scene.layout.captions.collidepoint(x, y) for y, x in changed)


@pytest.mark.parametrize("stage", ["stt", "llm"])
def test_a_guest_of_another_language_is_told_while_the_house_has_only_english(stage):
    scene = Scene((1280, 800), find_assets(), language="de")
    quiet = pixels(scene)
    scene.apply(ServiceChanged(stage, "house", "no answer in time"), 0.0)
    told = pixels(scene)
    scene.apply(ServiceChanged(stage, "cloud", "the cloud answers again"), 0.0)
    assert scene.notice is None
    assert (pixels(scene) == quiet).all()
    scene.apply(ServiceChanged(stage, "house", "no answer in time"), 0.0)
    assert scene.notice == Texts.load(find_assets(), "de").only_english
    assert (pixels(scene) == told).all()
    assert (told != quiet).any()
    scene.apply(ServiceChanged("payments", "house", "simulated"), 0.0)
    assert scene.notice == Texts.load(find_assets(), "de").only_english


@pytest.mark.parametrize("stage", ["tts", "payments"])
def test_voice_and_payments_in_the_house_are_no_matter_of_the_language(stage):
    scene = Scene((1280, 800), find_assets(), language="de")
    scene.apply(ServiceChanged(stage, "house", "no key"), 0.0)
    assert scene.notice == Texts.load(find_assets(), "de").offline
