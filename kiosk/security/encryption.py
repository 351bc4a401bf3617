"""Encryption of what is stored and must not be read by whoever finds the store: Fernet under master keys."""

import functools
from collections.abc import Callable

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from loguru import logger

from kiosk.errors import OperatorError
from kiosk.settings import load_settings


class EncryptionError(OperatorError, ValueError):
    """A master key that is none, or something that was encrypted under another."""


class EncryptionManager:
    """Encrypts and decrypts texts.

    Parameters:
        master_keys: keys, comma separated, the newest first: each 32 bytes in URL-safe base64, as
            `Fernet.generate_key` makes. The newest encrypts, any of them decrypts. None: one that ends with the
            process, so that what was encrypted is lost with it.

    Raises:
        EncryptionError: one of them is not such a key.
    """

    def __init__(self, master_keys: str | None) -> None:
        if not master_keys:
            logger.warning("MAYA_MASTER_KEY is not set: what is encrypted now cannot be read after a restart")
        keys = master_keys.split(",") if master_keys else [Fernet.generate_key().decode()]
        try:
            self._fernet = MultiFernet([Fernet(key.strip().encode()) for key in keys])
        except ValueError:
            raise EncryptionError(
                "MAYA_MASTER_KEY: not a key, or keys with commas between them; make one with "
                "python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
            ) from None

    def encrypt(self, text: str) -> str:
        """`text` as a token that only these keys open."""
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, token: str) -> str:
        """The text in `token`.

        Raises:
            EncryptionError: it was not made with one of these keys.
        """
        return self._opened(self._fernet.decrypt, token)

    def rotate(self, token: str) -> str:
        """`token`'s text under the newest key, with the moment at which it was first encrypted.

        Raises:
            EncryptionError: it was not made with one of these keys.
        """
        return self._opened(self._fernet.rotate, token)

    @staticmethod
    def _opened(work: Callable[[bytes], bytes], token: str) -> str:
        try:
            return work(token.encode()).decode()
        except InvalidToken:
            raise EncryptionError("what was encrypted cannot be read: MAYA_MASTER_KEY is not the one it was") from None


@functools.cache
def get_encryption_manager() -> EncryptionManager:
    """The process's own, under the MAYA_MASTER_KEY of its settings."""
    key = load_settings().master_key
    return EncryptionManager(key.get_secret_value() if key else None)
