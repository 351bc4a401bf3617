"""Streams on a real sound server: what is played arrives, at any rate, and stops when told."""

import time

import numpy as np
import pytest
import soundfile

from kiosk.voice import sound_devices
from kiosk.voice.sound_devices import MicrophoneStream, SoundError, SpeakerStream, look_again
from tests.sound_server import sound_server

pytestmark = pytest.mark.needs("portaudio", "pulseaudio")

RATE = 16000
TONE_HZ = 440
# PulseAudio takes 384 kHz at most: whoever wants more gets the device's own rate, and converts.
RATE_NO_DEVICE_HAS = 400_000


@pytest.fixture
def server(monkeypatch):
    with sound_server() as running:
        for name in running.CHANGED:
            monkeypatch.setenv(name, running.environment[name])
        look_again()
        yield running


def tone(rate: int, secs: float) -> bytes:
    moments = np.arange(round(rate * secs)) / rate
    return (8000 * np.sin(2 * np.pi * TONE_HZ * moments)).astype(np.int16).tobytes()


def loudest_hz(samples: np.ndarray, rate: int) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(samples))) * rate / len(samples))


@pytest.mark.parametrize("rate", [RATE, RATE_NO_DEVICE_HAS])
def test_the_microphone_hears_what_is_said_at_the_rate_that_was_asked_for(server, tmp_path, rate):
    soundfile.write(tmp_path / "tone.wav", np.frombuffer(tone(48000, 1.0), dtype=np.int16), 48000)
    pieces: list[bytes] = []
    stream = MicrophoneStream(None, rate, pieces.append)
    server.say(tmp_path / "tone.wav")
    stream.close()
    heard = np.frombuffer(b"".join(pieces), dtype=np.int16)
    loud = heard[np.abs(heard) > 1000]
    assert loudest_hz(heard, rate) == pytest.approx(TONE_HZ, abs=4)
    assert len(loud) > 0.5 * rate


@pytest.mark.parametrize("rate", [RATE, RATE_NO_DEVICE_HAS])
def test_the_speaker_plays_without_a_gap(server, tmp_path, rate):
    with server.recording(tmp_path / "heard.wav"):
        stream = SpeakerStream(None, rate)
        for start in range(0, 2 * rate, rate // 10):
            stream.play(tone(rate, 3.0)[2 * start : 2 * (start + rate // 10)])
        while stream.waiting_secs:
            time.sleep(0.02)
        time.sleep(0.3)
        stream.close()
    heard, played_rate = soundfile.read(tmp_path / "heard.wav", dtype="int16")
    [loud] = np.nonzero(np.abs(heard) > 1000)
    assert (loud[-1] - loud[0]) / played_rate == pytest.approx(2.0, abs=0.15)
    assert np.diff(loud).max() < 0.01 * played_rate
    assert loudest_hz(heard[loud[0] : loud[-1]], played_rate) == pytest.approx(TONE_HZ, abs=2)


def test_a_voice_that_is_hushed_is_not_heard_to_its_end(server, tmp_path):
    with server.recording(tmp_path / "heard.wav"):
        stream = SpeakerStream(None, RATE)
        stream.play(tone(RATE, 5.0))
        while stream.waiting_secs > 4.5:
            time.sleep(0.01)
        stream.hush()
        assert stream.waiting_secs == 0
        time.sleep(0.5)
        stream.close()
    heard, played_rate = soundfile.read(tmp_path / "heard.wav", dtype="int16")
    [loud] = np.nonzero(np.abs(heard) > 1000)
    assert (loud[-1] - loud[0]) / played_rate < 1.0


def test_a_voice_that_pauses_goes_on_where_it_was_and_no_longer_than_told(server, tmp_path):
    with server.recording(tmp_path / "heard.wav"):
        stream = SpeakerStream(None, RATE)
        stream.play(tone(RATE, 2.0))
        for still_to_come, secs in ((1.6, 0.5), (1.2, 60.0)):
            while stream.waiting_secs > still_to_come:
                time.sleep(0.01)
            stream.hold(secs)
        time.sleep(0.5)
        left = stream.waiting_secs
        time.sleep(0.3)
        assert stream.waiting_secs == left > 0.5
        stream.hold(0.0)
        while stream.waiting_secs:
            time.sleep(0.02)
        time.sleep(0.3)
        stream.close()
    heard, played_rate = soundfile.read(tmp_path / "heard.wav", dtype="int16")
    loud = np.abs(heard) > 1000
    # A sine is that loud for 92 % of its time; a pause begins and ends with a slope.
    assert np.count_nonzero(loud) / played_rate == pytest.approx(2.0 * 0.92, abs=0.08)
    assert np.diff(np.nonzero(loud)[0]).max() / played_rate > 0.3


def test_a_device_that_works_is_alive_and_one_that_is_not_there_is_named(server):
    stream = SpeakerStream(None, RATE)
    time.sleep(0.3)
    assert stream.is_alive(1.0)
    stream.close()
    server.stop()
    look_again()
    with pytest.raises(SoundError, match="output device cannot be opened"):
        SpeakerStream(None, RATE)
    with pytest.raises(SoundError, match="KIOSK_MICROPHONE"):
        sound_devices.check("no such thing", None)
