"""`models fetch` where llm-guard is installed, from a hub on loopback; and what the doctor says of llm-guard."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.doctor import examine
from kiosk.settings import Settings
from tests.fakes.hub import FakeHub

pytestmark = pytest.mark.needs("llm-guard")

ROOT = Path(__file__).parents[1]


@pytest.fixture
def hub(small_models):
    injection, toxicity = small_models
    with FakeHub({"bar/injection": injection, "bar/toxicity": toxicity}) as running:
        yield running


def kiosk(hub, tmp_path, *arguments, injection="bar/injection@v1", toxicity="bar/toxicity"):
    environment = os.environ | {
        "HF_ENDPOINT": hub.url,
        "HF_HOME": str(tmp_path / "hf"),
        "KIOSK_MODELS_DIR": str(tmp_path / "models"),
        "KIOSK_STORE_URL": f"sqlite:///{tmp_path}/kiosk.db",
        "KIOSK_GUARD_INJECTION_MODEL": injection,
        "KIOSK_GUARD_TOXICITY_MODEL": toxicity,
    }
    return subprocess.run(
        [sys.executable, ROOT / "run_kiosk.py", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )


@pytest.fixture
def found_by_the_doctor(tmp_path, capsys):
    """What it says of llm-guard."""
    settings = Settings(
        store_url="memory:",
        microphone="not there",
        speaker="not there",
        models_dir=tmp_path / "models",
        guard_injection_model="bar/injection@v1",
        guard_toxicity_model="bar/toxicity",
    )

    def found() -> str:
        examine(settings)
        (line,) = [line for line in capsys.readouterr().out.splitlines() if line.split()[1] == "guard"]
        return line

    return found


def test_both_models_are_fetched_and_loaded_without_a_network(hub, tmp_path, found_by_the_doctor):
    before = found_by_the_doctor()
    assert before.startswith("limited")
    assert "models fetch" in before

    fetched = kiosk(hub, tmp_path, "models", "fetch")
    assert fetched.returncode == 0, fetched.stderr
    assert "llm-guard has loaded them" in fetched.stdout
    weights = tmp_path / "models" / "bar--injection" / "model.safetensors"
    assert stat.S_IMODE(weights.stat().st_mode) == 0o600
    assert not list((tmp_path / "models").glob(".*"))
    assert "bar/toxicity/model.safetensors" in hub.served

    hub.go_away()
    after = found_by_the_doctor()
    assert after.startswith("ok")
    assert "llm-guard judges a sentence in " in after


def test_a_model_that_is_here_is_not_fetched_again(hub, tmp_path, small_models):
    here = tmp_path / "models" / "bar--injection"
    shutil.copytree(small_models[0], here)
    fetched = kiosk(hub, tmp_path, "models", "fetch", injection="bar/injection", toxicity="nobody/nothing")
    assert f"bar/injection is in {here}\n" in fetched.stdout
    assert fetched.stderr.startswith("run_kiosk.py: nobody/nothing cannot be fetched: ")
    assert hub.served == []


@pytest.mark.parametrize("trouble", ["unknown", "away"])
def test_a_model_that_cannot_be_fetched_is_one_clear_line(hub, tmp_path, trouble):
    if trouble == "away":
        hub.go_away()
    result = kiosk(hub, tmp_path, "models", "fetch", injection="nobody/nothing")
    assert result.returncode == 2
    assert result.stderr.startswith("run_kiosk.py: nobody/nothing cannot be fetched: ")
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "models" / "nobody--nothing").exists()
