"""Records every third dialogue of tests/dialogues, 40 in all, in the voices of Flite, for the tests of spoken ones.

    apt-get install flite && uv run scripts/record_dialogues.py

None of these voices is Maya's own. They are clean: no room, no other people.
"""

import re
import subprocess
import tempfile
from pathlib import Path

import soundfile
import soxr

from kiosk.bartender.notices import Notice, as_said
from kiosk.voice.house_ears import SAMPLE_RATE
from tests.bartender.dialogues import FOLDER, Dialogue, recordings_of, written
from tests.bartender.menus import BAR

VOICES = ("slt", "rms", "awb")
MANY = 40
# Flite reads these as no English speaker would.
_SOUNDS_LIKE = {r"\bipa(s?)\b": r"i p a\1", "daiquiri": "dackery"}


def main() -> None:
    """Record them anew."""
    spoken = [
        dialogue
        for dialogue in written()
        if dialogue.menu is BAR and dialogue.category != "traps" and not _has_notice(dialogue)
    ]
    for number, dialogue in enumerate(spoken[:: len(spoken) // MANY][:MANY]):
        files = recordings_of(dialogue)
        files[0].parent.mkdir(parents=True, exist_ok=True)
        for turn, file in zip(dialogue.turns, files, strict=True):
            _record(turn["guest"], VOICES[number % len(VOICES)], file)
    print(f"{sum(1 for _ in (FOLDER / 'spoken').iterdir())} dialogues in {FOLDER / 'spoken'}")


def _has_notice(dialogue: Dialogue) -> bool:
    """Whether something is touched in it rather than said."""
    return any(isinstance(as_said(turn["guest"]), Notice) for turn in dialogue.turns)


def _record(said: str, voice: str, file: Path) -> None:
    for written_as, sounds_like in _SOUNDS_LIKE.items():
        said = re.sub(written_as, sounds_like, said)
    with tempfile.NamedTemporaryFile(suffix=".wav") as sound:
        subprocess.run(["flite", "-voice", voice, "-t", said, sound.name], check=True)
        samples, rate = soundfile.read(sound.name, dtype="float32")
    soundfile.write(file, soxr.resample(samples, rate, SAMPLE_RATE), SAMPLE_RATE, format="OGG", subtype="VORBIS")


if __name__ == "__main__":
    main()
