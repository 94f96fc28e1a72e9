"""Sealing: what has to be kept in the database and read again, under a key that the database does not have.

The key is a file in the data folder that only the operator's own account may read, made at first need. Processes that
share a database share it too: each host has a copy. Sealed words flow out and open again, for the same purpose only.
"""

import contextlib
import functools
import os
import pathlib
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from parvis.core.config import Settings, WrongSetting

FILE: Final = "secret.key"
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12


class Vault:
    """Seals and opens under the key in one folder."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._cipher = AESGCM(_key_in(folder))

    def seal(self, words: bytes, purpose: str) -> bytes:
        """The words, sealed: another 28 bytes long, and never twice the same."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, words, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """The words that were sealed for this purpose.

        Raises:
            WrongSetting: they were sealed under another key.
        """
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], purpose.encode())
        except InvalidTag as other:
            raise WrongSetting(
                f"The file {FILE} in the data folder is not the one that this database was begun with. "
                "Copy it here from where the instance ran before."
            ) from other


def vault_of(settings: Settings) -> Vault:
    """The vault whose key is in the data folder."""
    return _vault_in(settings.data.resolve())


@functools.lru_cache(maxsize=64)
def _vault_in(folder: pathlib.Path) -> Vault:
    return Vault(folder)


def _key_in(folder: pathlib.Path) -> bytes:
    """The key; when several processes make it at once, the first one's."""
    path = folder / FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"{FILE}.{secrets.token_hex(8)}"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)  # whole, or not at all
        fresh.unlink()
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise WrongSetting(f"The file {FILE} in the data folder is broken: it has {KEY_BYTES} bytes.")
    return key
