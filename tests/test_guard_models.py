"""`guard fetch`, as an operator runs it, from a hub on loopback; and what the doctor says of llm-guard."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.hub import FakeHub

pytestmark = pytest.mark.needs("llm-guard")

ROOT = Path(__file__).parents[1]


@pytest.fixture
def hub(small_models):
    injection, toxicity = small_models
    with FakeHub({"bar/injection": injection, "bar/toxicity": toxicity}) as running:
        yield running


def kiosk(hub, tmp_path, *arguments, injection="bar/injection@v1"):
    environment = os.environ | {
        "HF_ENDPOINT": hub.url,
        "HF_HOME": str(tmp_path / "hf"),
        "KIOSK_MODELS_DIR": str(tmp_path / "models"),
        "KIOSK_STORE_URL": f"sqlite:///{tmp_path}/kiosk.db",
        "KIOSK_GUARD_INJECTION_MODEL": injection,
        "KIOSK_GUARD_TOXICITY_MODEL": "bar/toxicity",
    }
    return subprocess.run(
        [sys.executable, ROOT / "run_kiosk.py", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )


def test_both_models_are_fetched_once_and_loaded_without_a_network(hub, tmp_path):
    before = json.loads(kiosk(hub, tmp_path, "doctor", "--json").stdout)
    [finding] = [finding for finding in before if finding["part"] == "guard"]
    assert finding["verdict"] == "limited"
    assert "guard fetch" in finding["text"]

    fetched = kiosk(hub, tmp_path, "guard", "fetch")
    assert fetched.returncode == 0, fetched.stderr
    assert "llm-guard has loaded them" in fetched.stdout
    weights = tmp_path / "models" / "bar--injection" / "model.safetensors"
    assert stat.S_IMODE(weights.stat().st_mode) == 0o600
    assert not list((tmp_path / "models").glob(".*"))
    assert "bar/toxicity/model.safetensors" in hub.served

    served = list(hub.served)
    again = kiosk(hub, tmp_path, "guard", "fetch")
    assert (again.returncode, hub.served) == (0, served)

    after = json.loads(kiosk(hub, tmp_path, "doctor", "--json").stdout)
    [finding] = [finding for finding in after if finding["part"] == "guard"]
    assert finding["verdict"] == "ok"
    assert finding["text"].startswith("llm-guard judges a sentence in ")


@pytest.mark.parametrize("trouble", ["unknown", "away"])
def test_a_model_that_cannot_be_fetched_is_one_clear_line(hub, tmp_path, trouble):
    if trouble == "away":
        hub.go_away()
    result = kiosk(hub, tmp_path, "guard", "fetch", injection="nobody/nothing")
    assert result.returncode == 2
    assert result.stderr.startswith("run_kiosk.py: nobody/nothing cannot be fetched: ")
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "models" / "nobody--nothing").exists()
