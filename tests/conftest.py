"""What tests of several rooms share: a PostgreSQL that is really there."""

import os
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings as hypothesis_settings

from kiosk.security.guard import is_installed
from kiosk.settings import Settings
from tests.state.postgres import NOT_INSTALLED, find_programs, fresh_database, running_cluster

# How long an example takes is the machine's business; speed is looked at in benchmarks/.
hypothesis_settings.register_profile("maya", deadline=None)
hypothesis_settings.load_profile("maya")


@pytest.fixture(scope="session")
def postgres_cluster():
    """A server of the tests' own, which a test may stop if it starts it again."""
    programs = find_programs()
    if programs is None:
        pytest.skip(NOT_INSTALLED)
    with running_cluster(programs) as cluster:
        yield cluster


@pytest.fixture
def postgres_url(request):
    """A database of this test's own, on the server at KIOSK_TEST_POSTGRES_URL or else on the tests' own."""
    server = os.environ.get("KIOSK_TEST_POSTGRES_URL") or request.getfixturevalue("postgres_cluster").url
    with fresh_database(server) as url:
        yield url


@pytest.fixture(autouse=True)
def _settings_of_nobody(monkeypatch):
    """Neither the environment nor a .env file of whoever runs the tests counts in them."""
    for name in os.environ:
        if name.startswith(("KIOSK_", "STRIPE_", "MAYA_")) and name != "KIOSK_TEST_POSTGRES_URL":
            monkeypatch.delenv(name)
    monkeypatch.setitem(Settings.model_config, "env_file", None)


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory) -> Path:
    """Where this worker keeps the recogniser's model of a menu."""
    return tmp_path_factory.mktemp("speech")


@pytest.fixture(scope="session")
def small_models(tmp_path_factory) -> tuple[Path, Path]:
    """Made once for all workers."""
    if not is_installed():
        pytest.skip("llm-guard is not installed: scripts/install_guard.sh")
    from tests.security.small_models import make_both

    folder = tmp_path_factory.getbasetemp().parent / "models"
    with FileLock(f"{folder}.lock"):
        if not (folder / "toxicity" / "tokenizer.json").exists():
            make_both(folder)
    return folder / "injection", folder / "toxicity"
