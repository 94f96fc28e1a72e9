"""Keys that open doors: random, shown once, and kept only as their SHA-256.

A key has 256 bits of chance, so a fast hash is enough: there is nothing to guess from a stolen table.
"""

import hashlib
import secrets
from typing import Final

LONGEST: Final = 200  # characters; anything longer was not made here


def new_key() -> str:
    """A fresh key: 43 characters that fit in a cookie, a header and an address."""
    return secrets.token_urlsafe(32)


def hash_of(key: str) -> bytes:
    """What the store keeps of a key (32 bytes). What cannot be a key gives the hash of nothing, which no key has."""
    return hashlib.sha256(key.encode(errors="replace") if len(key) <= LONGEST else b"").digest()
