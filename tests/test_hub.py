"""Facts about models that are fetched from a hub."""

import hashlib

import pytest

from kiosk import hub
from kiosk.files import FileError
from tests.fakes.hub import COMMIT, FakeHub
from tests.full_disk import no_file_beyond

MODEL = "bar/ears"
WANTED = ("config.json", "model.bin")
WEIGHTS = bytes(range(256)) * 8000


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A hub that has the model, and a file that nobody wants."""
    folder = tmp_path / "at the hub"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "model.bin").write_bytes(WEIGHTS)
    (folder / "README.md").write_text("nobody asked")
    with FakeHub({MODEL: folder}) as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        yield running


@pytest.fixture
def here(tmp_path):
    """Where the model is to be."""
    return tmp_path / "models" / "bar--ears"


def names(folder) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_files_that_are_wanted_come_and_say_where_from(served, here):
    told: list[tuple[int, int]] = []
    hub.fetch(MODEL, WANTED, here, lambda done, total: told.append((done, total)))
    assert names(here) == {*WANTED, hub.SOURCE}
    assert (here / "model.bin").read_bytes() == WEIGHTS
    source = hub.source_of(here)
    assert source
    assert (source.id, source.commit, source.licence) == (MODEL, COMMIT, "mit")
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (len(WEIGHTS) + 2, len(WEIGHTS) + 2)
    assert hub.damage(here, thoroughly=True) == ""


def test_a_download_that_broke_goes_on_where_it_broke(served, here):
    served.breaks_after = 500_000
    with pytest.raises(hub.HubError, match="ask again: it goes on from there"):
        hub.fetch(MODEL, WANTED, here)
    assert not here.exists()
    served.breaks_after = None
    hub.fetch(MODEL, WANTED, here)
    assert served.ranges == ["", "bytes=500000-"]
    assert (here / "model.bin").read_bytes() == WEIGHTS
    assert names(here.parent) == {"bar--ears"}


def test_a_hub_that_falls_silent_is_not_waited_for(served, here):
    served.hangs = True
    with pytest.raises(hub.HubError, match="does not answer"):
        hub.fetch(MODEL, WANTED, here, silent_secs=0.2)


def test_what_came_garbled_is_thrown_away(served, here):
    served.garbles = True
    with pytest.raises(hub.HubError, match=r"model\.bin has a wrong checksum. Ask again"):
        hub.fetch(MODEL, WANTED, here)
    assert not here.exists()
    served.garbles = False
    hub.fetch(MODEL, WANTED, here)
    assert hashlib.sha256((here / "model.bin").read_bytes()).digest() == hashlib.sha256(WEIGHTS).digest()


@pytest.mark.parametrize("model", ["bar/nothing", f"{MODEL}@no-such-revision"])
def test_what_the_hub_does_not_have_is_said(served, here, model):
    with pytest.raises(hub.HubError, match="no such model"):
        hub.fetch(model, WANTED, here)


def test_a_hub_that_is_away_is_said(served, here):
    served.go_away()
    with pytest.raises(hub.HubError, match="does not answer"):
        hub.fetch(MODEL, WANTED, here)


def test_a_repository_of_something_else_is_said(served, here):
    with pytest.raises(hub.HubError, match="Is it such a model"):
        hub.fetch(MODEL, ["*.safetensors"], here)


def chosen(names, *wanted):
    return [file.name for file in hub._chosen([hub.HubFile(name, 1) for name in names], wanted)]


def test_names_that_lead_out_of_the_folder_are_never_written():
    assert chosen(["../model.bin", "onnx/model.bin", "/model.bin", "model.bin"], "*.bin", "*/*.bin") == ["model.bin"]


def test_of_two_forms_of_the_same_weights_one_is_fetched():
    assert chosen(["new.bin", "old.bin", "a.json"], "*.json", "new.bin|old.bin") == ["a.json", "new.bin"]
    assert chosen(["old.bin", "a.json"], "*.json", "new.bin|old.bin") == ["a.json", "old.bin"]


def test_no_room_for_a_download_is_said_and_leaves_no_half_model(served, tmp_path):
    with no_file_beyond(100), pytest.raises(FileError, match="cannot be written"):
        hub.fetch(MODEL, WANTED, tmp_path / "ears")
    assert not (tmp_path / "ears").exists()


def test_a_file_in_the_way_is_said(served, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="a file is in the way"):
        hub.fetch(MODEL, WANTED, tmp_path / "file" / "ears")


def test_a_model_that_was_cut_or_changed_is_noticed(served, here):
    hub.fetch(MODEL, WANTED, here)
    (here / "model.bin").write_bytes(WEIGHTS[:-1] + b"x")
    assert hub.damage(here) == ""
    assert hub.damage(here, thoroughly=True) == "model.bin is not what was fetched"
    (here / "model.bin").write_bytes(WEIGHTS[:-1])
    assert "2,047,999 bytes and should have 2,048,000" in hub.damage(here)
    (here / "model.bin").unlink()
    assert hub.damage(here) == "model.bin is missing"
    hub.fetch(MODEL, WANTED, here)
    assert hub.damage(here, thoroughly=True) == ""
