"""Encryption of what is stored and must not be read by whoever finds the store: Fernet under one master key."""

import functools

from cryptography.fernet import Fernet, InvalidToken
from loguru import logger

from kiosk.errors import OperatorError
from kiosk.settings import load_settings


class EncryptionError(OperatorError, ValueError):
    """A master key that is none, or something that was encrypted under another."""


class Encryption:
    """Encrypts and decrypts texts.

    Parameters:
        master_key: 32 bytes in URL-safe base64, as `Fernet.generate_key` makes; None: one that ends with
            the process, so that what was encrypted is lost with it.

    Raises:
        EncryptionError: the key is not such a key.
    """

    def __init__(self, master_key: str | None) -> None:
        if not master_key:
            logger.warning("MAYA_MASTER_KEY is not set: what is encrypted now cannot be read after a restart")
        try:
            self._fernet = Fernet(master_key.encode() if master_key else Fernet.generate_key())
        except ValueError:
            raise EncryptionError(
                "MAYA_MASTER_KEY: not a key; make one with "
                "python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
            ) from None

    def encrypt(self, text: str) -> str:
        """`text` as a token that only this key opens."""
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, token: str) -> str:
        """The text in `token`.

        Raises:
            EncryptionError: it was not made with this key.
        """
        try:
            return self._fernet.decrypt(token.encode()).decode()
        except InvalidToken:
            raise EncryptionError("what was encrypted cannot be read: MAYA_MASTER_KEY is not the one it was") from None


@functools.cache
def encryption() -> Encryption:
    """The process's own, under the MAYA_MASTER_KEY of its settings."""
    key = load_settings().master_key
    return Encryption(key.get_secret_value() if key else None)
