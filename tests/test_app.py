"""How the kiosk is wired, as settings and the doctor's measurement have it."""

import json
from dataclasses import asdict

import pytest
from pipecat.turns.user_mute import AlwaysUserMuteStrategy

from kiosk.app import ears_while_she_speaks
from kiosk.settings import Settings
from kiosk.voice.echo import DeafWhileLearning
from kiosk.voice.sound_check import SoundCheck

NEVER_HEARD = SoundCheck(None, None, has_canceller=True, heard_secs=0.0, echo_db=-70.0, has_sound=True)
HEARD = SoundCheck(None, None, has_canceller=True, heard_secs=3.0, echo_db=-30.0, has_sound=True)
HEADSET = SoundCheck(None, None, has_canceller=False, heard_secs=0.0, echo_db=-75.0, has_sound=True)
ELSEWHERE = SoundCheck("another", None, has_canceller=True, heard_secs=0.0, echo_db=-70.0, has_sound=True)


@pytest.mark.parametrize(
    ("barge_in", "measured", "has_canceller", "deaf"),
    [
        ("auto", None, False, [AlwaysUserMuteStrategy]),
        ("auto", NEVER_HEARD, True, [DeafWhileLearning]),
        ("auto", HEARD, False, [AlwaysUserMuteStrategy]),
        ("auto", HEADSET, False, []),
        ("auto", ELSEWHERE, False, [AlwaysUserMuteStrategy]),
        ("off", NEVER_HEARD, False, [AlwaysUserMuteStrategy]),
        ("on", None, False, []),
        ("on", HEARD, True, [DeafWhileLearning]),
    ],
)
def test_maya_listens_while_she_speaks_only_where_she_does_not_hear_herself(
    tmp_path, barge_in, measured, has_canceller, deaf
):
    if measured:
        (tmp_path / "sound_check.json").write_text(json.dumps(asdict(measured)))
    canceller, strategies = ears_while_she_speaks(Settings(cache_dir=tmp_path, barge_in=barge_in))
    assert (canceller is not None) == has_canceller
    assert [type(strategy) for strategy in strategies] == deaf


def test_a_measurement_that_cannot_be_read_counts_as_none(tmp_path):
    (tmp_path / "sound_check.json").write_text('{"heard_secs": 0')
    _, strategies = ears_while_she_speaks(Settings(cache_dir=tmp_path))
    assert [type(strategy) for strategy in strategies] == [AlwaysUserMuteStrategy]
