import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from kiosk.security.encryption import EncryptionError, EncryptionManager, get_encryption_manager
from kiosk.state import manager
from kiosk.state.errors import InvalidStateError

KEYS = ("gemini-AIza-1", "sk_car_2")


@pytest.fixture
def master_key(monkeypatch):
    """Sets the process's master key; each call another one."""

    def set_key():
        monkeypatch.setenv("MAYA_MASTER_KEY", Fernet.generate_key().decode())
        get_encryption_manager.cache_clear()

    set_key()
    yield set_key
    get_encryption_manager.cache_clear()


@given(st.text())
def test_what_is_encrypted_is_read_again_and_cannot_be_seen(text):
    one = EncryptionManager(Fernet.generate_key().decode())
    token = one.encrypt(text)
    assert one.decrypt(token) == text
    assert len(text) < 4 or text not in token
    with pytest.raises(EncryptionError, match="MAYA_MASTER_KEY"):
        EncryptionManager(Fernet.generate_key().decode()).decrypt(token)


@pytest.mark.parametrize("key", ["short", "ä" * 44, " " * 44])
def test_a_master_key_that_is_none_says_how_to_make_one(key):
    with pytest.raises(EncryptionError, match="generate_key"):
        EncryptionManager(key)


def test_without_a_master_key_everything_works_until_the_process_ends():
    once = EncryptionManager(None)
    assert once.decrypt(once.encrypt("text")) == "text"


def test_a_guests_keys_are_kept_encrypted(master_key):
    store = {}
    assert manager.get_api_keys("guest", store) is None
    manager.set_api_keys("guest", store, *KEYS)
    assert manager.get_api_keys("guest", store) == {"gemini_key": KEYS[0], "cartesia_key": KEYS[1]}
    assert manager.has_valid_keys("guest", store)
    assert not any(key in str(store) for key in KEYS)


def test_keys_that_were_kept_under_another_master_key_are_not_valid(master_key):
    store = {}
    manager.set_api_keys("guest", store, *KEYS)
    master_key()
    assert not manager.has_valid_keys("guest", store)
    with pytest.raises(EncryptionError):
        manager.get_api_keys("guest", store)


@pytest.mark.parametrize("key", ["", " ", "two words"])
def test_a_key_is_one_word(master_key, key):
    store = {}
    with pytest.raises(InvalidStateError):
        manager.set_api_keys("guest", store, key, "sk_car")
    assert not manager.has_valid_keys("guest", store)


def test_the_newest_of_several_keys_encrypts_and_any_of_them_decrypts():
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    token = EncryptionManager(old).encrypt("text")
    both = EncryptionManager(f"{new}, {old}")
    assert both.decrypt(token) == "text"
    assert EncryptionManager(new).decrypt(both.encrypt("text")) == "text"
    assert EncryptionManager(new).decrypt(both.rotate(token)) == "text"
    with pytest.raises(EncryptionError, match="MAYA_MASTER_KEY"):
        EncryptionManager(new).rotate(token)
