from kiosk.voice.clock import ConversationClock


def test_the_clock_stands_still_until_it_is_started():
    clock = ConversationClock()
    clock.skip(5)
    assert clock.get_time() == 0


def test_skipped_time_counts_and_time_never_runs_backwards():
    clock = ConversationClock()
    clock.start()
    before = clock.seconds
    clock.skip(2.5)
    clock.skip(-100)
    after = clock.seconds
    assert after >= before + 2.5
    clock.start()
    assert clock.seconds >= after
