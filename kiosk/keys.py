"""`keys`: what is encrypted in the store, put under a new master key."""

from kiosk.errors import OperatorError
from kiosk.program import program
from kiosk.security.encryption import EncryptionError, get_encryption_manager
from kiosk.settings import Settings
from kiosk.state import manager
from kiosk.state.errors import DamagedError, InvalidSessionError
from kiosk.state.store import open_store, without_password


class KeysError(OperatorError):
    """Keys that cannot be rotated."""


def rotate(settings: Settings) -> None:
    """Put what is encrypted of every visit under the newest key of MAYA_MASTER_KEY, and print how many there were.

    Raises:
        EncryptionError: one of them is no key.
        KeysError: there is no master key, or some were encrypted under one that is no longer known.
    """
    if settings.master_key is None:
        raise KeysError("MAYA_MASTER_KEY is not set: set it to the new key, a comma, and the old one")
    get_encryption_manager()
    rotated, unreadable, damaged = 0, [], 0
    with open_store(settings.store_url) as store:
        for session_id in list(store):
            try:
                rotated += manager.rotate_secrets(session_id, store)
            except EncryptionError:
                unreadable.append(session_id)
            except (DamagedError, InvalidSessionError):
                damaged += 1
    print(f"{rotated} visits' secrets are under the newest master key, in {without_password(settings.store_url)}")
    if damaged:
        print(f"{damaged} visits' documents cannot be read, and were passed by: {program()} tabs")
    if unreadable:
        raise KeysError(
            f"{len(unreadable)} visits' secrets are under a master key that is not in MAYA_MASTER_KEY "
            f"(first {unreadable[0]}): add it at the end, after a comma"
        )
    print("Older keys can be taken out of MAYA_MASTER_KEY now.")
