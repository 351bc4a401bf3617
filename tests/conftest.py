"""What tests of several rooms share: parts that may be missing, a PostgreSQL that is really there."""

import contextlib
import logging
import os
import sys
import threading
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings as hypothesis_settings

from kiosk.menu import Menu
from kiosk.settings import Settings, find_assets
from kiosk.voice import language_model
from tests.parts import PARTS, hidden, missing
from tests.state.postgres import find_programs, fresh_database, running_cluster

# How long an example takes is the machine's business; speed is looked at in benchmarks/. A change is judged by the same
# examples each time; `--hypothesis-profile search` looks for others.
hypothesis_settings.register_profile("search", deadline=None)
hypothesis_settings.register_profile("same", hypothesis_settings.get_profile("search"), derandomize=True)
hypothesis_settings.load_profile("same")


def pytest_addoption(parser):
    parser.addoption(
        "--parts",
        choices=["found", "hidden", "required"],
        default="found",
        help="PortAudio, PostgreSQL, llm-guard …: use what is found (default), hide all, or fail where one is missing",
    )


def pytest_configure(config):
    # The processes of xdist are started where the parts are hidden.
    if config.getoption("parts") == "hidden" and not hasattr(config, "workerinput"):
        here = contextlib.ExitStack()
        here.enter_context(hidden())
        config.add_cleanup(here.close)


def pytest_collection_modifyitems(items):
    for item in items:
        if unknown := _needs(item) - PARTS.keys():
            raise pytest.UsageError(f"{item.nodeid} needs {', '.join(unknown)}: not in tests/parts.py")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    if why := missing(_needs(item)):
        is_required = item.config.getoption("parts") == "required"
        (pytest.fail if is_required else pytest.skip)(why)


def _needs(item) -> set[str]:
    return {part for marker in item.iter_markers("needs") for part in marker.args}


@pytest.fixture(scope="session")
def postgres_cluster():
    """A server of the tests' own, which a test may stop if it starts it again."""
    programs = find_programs()
    assert programs, "not installed"
    assert PARTS["postgresql"].is_here(), "hidden: the test has to say that it needs it"
    with running_cluster(programs) as cluster:
        yield cluster


@pytest.fixture
def postgres_url(postgres_cluster):
    """A database of this test's own."""
    with fresh_database(postgres_cluster.url) as url:
        yield url


@pytest.fixture(autouse=True)
def _settings_of_nobody(monkeypatch, cache_dir, errors_log):
    """Neither the environment nor a .env file of whoever runs the tests counts in them, nor what their kiosk keeps."""
    for name in os.environ:
        if name.startswith(("KIOSK_", "STRIPE_", "MAYA_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("KIOSK_CACHE_DIR", str(cache_dir))
    # Half a second and 150 MB each; those who ask for Whisper load it once.
    monkeypatch.setenv("KIOSK_STT", "sphinx")
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("KIOSK_LOG_FILE", str(errors_log))


@pytest.fixture(scope="session")
def errors_log(tmp_path_factory) -> Path:
    """Where the kiosks that a worker starts keep their errors."""
    return tmp_path_factory.mktemp("log") / "errors.log"


@pytest.fixture(scope="session")
def common_folder(tmp_path_factory) -> Path:
    """One for all processes of this run."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(autouse=True)
def _logging_as_it_was():
    """A command that a test runs in this process configures the log for good."""
    before = logging.root.handlers[:], logging.root.level, sys.excepthook, threading.excepthook
    yield
    logging.root.handlers[:], logging.root.level, sys.excepthook, threading.excepthook = before
    logging.captureWarnings(False)


@pytest.fixture(scope="session")
def cache_dir(common_folder) -> Path:
    """Where every process of this run keeps the recogniser's model of a menu, which takes seconds to make."""
    return common_folder / "cache"


@pytest.fixture
def fresh_cache(tmp_path, cache_dir) -> Path:
    """A cache of this test's own, that holds the recogniser's model of the default menu and nothing else."""
    model = language_model.build(Menu.load(find_assets() / "menu.toml"), cache_dir).language_model.parent
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / model.name).symlink_to(model)
    return tmp_path / "cache"


@pytest.fixture(scope="session")
def small_models(common_folder) -> tuple[Path, Path]:
    """Made once for all workers."""
    from tests.security.small_models import make_both

    folder = common_folder / "models"
    with FileLock(f"{folder}.lock"):
        if not (folder / "toxicity" / "tokenizer.json").exists():
            make_both(folder)
    return folder / "injection", folder / "toxicity"
