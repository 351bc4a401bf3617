from kiosk.line_text import ways


def test_a_line_says_what_is_done_to_it_what_is_left_out_and_what_is_wished():
    modifiers = ("large", "extra shot", "oat milk", "extra shot")
    assert ways(modifiers, ("mint", "lime"), "in a cold glass") == (
        "large", "2 extra shots", "oat milk", "no mint", "no lime", "“in a cold glass”",
    )  # fmt: skip
    assert ways(()) == ()
