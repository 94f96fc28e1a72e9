"""Seals: what must be read again, and by this instance alone, kept or handed out encrypted.

Bytes flow in, sealed bytes flow out. Each purpose has a key of its own, derived (HKDF, RFC 5869) from the instance's
secret, so that what was sealed for one is nothing to another. The cipher is AES-256-GCM: what was changed does not
open.
"""

import contextlib
import functools
import os
import pathlib
import secrets
import tempfile
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from parvis.core.config import Settings, WrongSetting

FILE: Final = "secret"
SECRET: Final = 32  # bytes
NONCE: Final = 12


class Broken(Exception):  # noqa: N818 - what was given is not what was sealed
    """This was not sealed here for this purpose, or was changed since."""


class Seal:
    """Seals and opens for one purpose."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        self._cipher = AESGCM(HKDF(SHA256(), 32, None, purpose.encode()).derive(secret))

    def close(self, content: bytes, about: bytes = b"") -> bytes:
        """The content, sealed; `about` must be said again to open it (whose it is, say)."""
        nonce = secrets.token_bytes(NONCE)
        return nonce + self._cipher.encrypt(nonce, content, about)

    def open(self, sealed: bytes, about: bytes = b"") -> bytes:
        """What was sealed.

        Raises:
            Broken: it was not sealed so.
        """
        try:
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], about)
        except (InvalidTag, ValueError) as wrong:
            raise Broken from wrong


def seal_for(settings: Settings, purpose: str) -> Seal:
    """The instance's seal for this purpose."""
    return _seal(settings.secret, settings.data, purpose)


@functools.lru_cache(maxsize=64)
def _seal(secret: str, folder: pathlib.Path, purpose: str) -> Seal:
    return Seal(secret.encode() if secret else _secret_in(folder), purpose)


def _secret_in(folder: pathlib.Path) -> bytes:
    """The secret in the data folder, made at first use; of two processes that make it at once, one wins.

    Raises:
        WrongSetting: the file was changed.
    """
    path = folder / FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=folder, prefix=FILE)  # readable by its owner only
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(SECRET))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(part, path)
        pathlib.Path(part).unlink()
    secret = path.read_bytes()
    if len(secret) != SECRET:
        raise WrongSetting(f"The file {FILE} in the data folder is broken: it has {SECRET} bytes.")
    return secret
