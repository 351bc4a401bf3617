"""A kiosk without the extra `cloud` serves in the house, and says of a key in one line what it lacks."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
# As kiosks do: the rest of the doctor's findings are of no interest here, and would take a while.
STAGES = """
import json, os, sys
from kiosk import logs
from kiosk.menu import Menu
from kiosk.settings import load_settings
from kiosk.voice.services import stages_of

logs.configure("WARNING")
for keys in map(json.loads, sys.argv[1:]):
    os.environ.update(keys)
    settings = load_settings()
    stages = stages_of(settings, Menu.load(settings.menu), print)
    print(len(stages.cloud), *(type(stage).__name__ for stage in (stages.stt, stages.llm, stages.tts)))
    print([name for name in ("google.genai", "cartesia", "faiss") if name in sys.modules])
"""


@pytest.fixture
def run(fresh_cache):
    """Runs Python where the extra's modules cannot be found."""

    def without_cloud(*arguments, **keys):
        hidden = f"{os.environ.get('TESTS_HIDDEN_MODULES', '')} google.genai cartesia faiss"
        environment = os.environ | {
            "PYTHONPATH": str(ROOT / "tests" / "bare"),
            "TESTS_HIDDEN_MODULES": hidden,
            "KIOSK_CACHE_DIR": str(fresh_cache),
            "KIOSK_STORE_URL": "memory:",
            "KIOSK_MICROPHONE": "not there",
            "KIOSK_SPEAKER": "not there",
            "KIOSK_GUARD": "false",
        }
        return subprocess.run(
            [sys.executable, *arguments],
            env=environment | keys,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    return without_cloud


KEYS = {"GEMINI_API_KEY": "AIza-somebodys", "CARTESIA_API_KEY": "sk_car_somebodys"}
INSTALL = "the packages for the cloud are not installed, so the house serves: uv sync --inexact --no-dev --extra cloud"


def test_without_keys_nothing_is_missed_and_with_keys_the_house_serves_and_each_is_one_line(run):
    done = run("-c", STAGES, "{}", json.dumps(KEYS))
    assert done.stdout.splitlines() == ["0 SphinxSTTService HouseBrainLLMService EspeakTTSService", "[]"] * 2
    told = [line.partition("cloud_packages: ")[2] for line in done.stderr.splitlines() if "is set" in line]
    assert told == [f"{name} is set, but {INSTALL}" for name in sorted(KEYS)]
    assert "Traceback" not in done.stderr


def test_the_doctor_says_how_to_install_what_is_missing(run):
    done = run("run_kiosk.py", "doctor", "--json", **KEYS)
    found = {finding["part"]: finding for finding in json.loads(done.stdout)}
    for part, name in (("cloud", "GEMINI_API_KEY"), ("speech", "CARTESIA_API_KEY")):
        assert found[part]["verdict"] == "limited"
        assert found[part]["text"] == f"{name} is set, but {INSTALL}"
