"""The script that installs llm-guard works where nothing is set up yet."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRACKED = ("pyproject.toml", "uv.lock", "README.md", "LICENSE", "kiosk", "assets", "scripts")


@pytest.fixture
def fresh_clone():
    # Not among pytest's folders, of which it keeps several: 1.7 GB.
    with tempfile.TemporaryDirectory() as folder:
        for name in TRACKED:
            source, target = ROOT / name, Path(folder) / name
            shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
        yield Path(folder)


# Where it could be installed for these tests, it can be installed again.
@pytest.mark.slow
@pytest.mark.needs("llm-guard")
def test_llm_guard_is_installed_into_a_fresh_clone_whichever_environment_is_active(fresh_clone, tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UV_PROJECT")}
    environment["VIRTUAL_ENV"] = str(tmp_path / "somebody's")
    done = subprocess.run(
        [fresh_clone / "scripts" / "install_guard.sh"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = "from importlib.metadata import version as v; print(v('torch'), v('llm-guard'), v('pipecat-ai'))"
    versions = subprocess.check_output([fresh_clone / ".venv" / "bin" / "python", "-c", found], text=True)
    assert versions.split()[0].endswith("+cpu")
