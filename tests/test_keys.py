"""A new master key, as an operator brings it in."""

import pytest
from cryptography.fernet import Fernet

from kiosk.cli import USAGE_ERROR, main
from kiosk.security.encryption import get_encryption_manager
from kiosk.state import manager
from kiosk.state.store import open_store
from tests.state.vandal import DAMAGED, damage

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
GUESTS = ("bar-0123456789ab", "bar-0123456789ac")


@pytest.fixture
def under(monkeypatch, tmp_path):
    """Sets the master keys; returns the store's address."""

    def set_keys(keys):
        monkeypatch.setenv("MAYA_MASTER_KEY", keys)
        get_encryption_manager.cache_clear()

    monkeypatch.setenv("KIOSK_STORE_URL", f"sqlite:///{tmp_path / 'tabs.db'}")
    yield set_keys
    get_encryption_manager.cache_clear()


@pytest.fixture
def store(under, tmp_path):
    """Two guests with keys of their own, and one without."""
    under(OLD)
    with open_store(f"sqlite:///{tmp_path / 'tabs.db'}") as opened:
        for number, guest in enumerate(GUESTS):
            manager.set_api_keys(guest, opened, f"AIza-{number}", f"sk_car_{number}")
        manager.initialize_state("bar-0123456789ad", opened)
        yield opened


def test_after_a_rotation_the_old_key_is_not_needed(under, store, capsys):
    under(f"{NEW},{OLD}")
    assert main(["keys", "rotate"]) == 0
    assert "2 visits' secrets are under the newest master key" in capsys.readouterr().out
    under(NEW)
    assert manager.get_api_keys(GUESTS[1], store) == {"gemini_key": "AIza-1", "cartesia_key": "sk_car_1"}


def test_what_is_kept_of_a_conversation_is_rotated_too(under, store, capsys):
    under(OLD)
    manager.update_conversation_state("bar-0123456789ad", store, {"last_words": "surprise me"})
    under(f"{NEW},{OLD}")
    assert main(["keys", "rotate"]) == 0
    assert "3 visits' secrets" in capsys.readouterr().out
    under(NEW)
    assert manager.get_conversation_state("bar-0123456789ad", store)["last_words"] == "surprise me"


def test_keys_that_cannot_be_read_are_told_and_kept(under, store, capsys):
    under(NEW)
    assert main(["keys", "rotate"]) == USAGE_ERROR
    assert "2 visits' secrets are under a master key that is not in MAYA_MASTER_KEY" in capsys.readouterr().err
    under(OLD)
    assert manager.has_valid_keys(GUESTS[0], store)


def test_a_document_that_cannot_be_read_is_passed_by(under, store, tmp_path, capsys):
    under(f"{NEW},{OLD}")
    damage(f"sqlite:///{tmp_path / 'tabs.db'}", GUESTS[0], DAMAGED["torn"])
    assert main(["keys", "rotate"]) == 0
    told = capsys.readouterr().out
    assert "1 visits' secrets are under the newest master key" in told
    assert "1 visits' documents cannot be read" in told


def test_without_a_master_key_there_is_nothing_to_rotate_to(under, monkeypatch, capsys):
    monkeypatch.delenv("MAYA_MASTER_KEY", raising=False)
    assert main(["keys", "rotate"]) == USAGE_ERROR
    assert "MAYA_MASTER_KEY is not set" in capsys.readouterr().err
