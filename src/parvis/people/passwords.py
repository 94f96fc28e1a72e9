"""Passwords: hashed and verified with Argon2id in threads of their own, two at a time.

A plain password flows in, a hash or a verdict flows out; the plain one is kept nowhere. Verifying takes as long for
somebody unknown as for somebody known. Never call this while a transaction is open.
"""

import asyncio
import functools
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import argon2

from parvis.core.errors import Invalid, Unavailable

T = TypeVar("T")

SHORTEST: Final = 8  # characters
LONGEST: Final = 200
MOST_WAITING: Final = 200

# About 50 ms on one core of the machine it was measured on; RFC 9106 and OWASP both ask for less than this or as much.
_hasher = argon2.PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1)
_threads = ThreadPoolExecutor(2, thread_name_prefix="parvis-password")
_waiting = 0


async def hash_password(plain: str) -> str:
    """The password's hash, salted: never the same twice.

    Raises:
        Invalid: the password is too short or too long.
        Unavailable: too many wait already.
    """
    check_password(plain)
    return await _in_thread(lambda: _hasher.hash(_bytes(plain)))


async def verify(password_hash: str | None, plain: str) -> bool:
    """Whether the password is the one that was hashed. Without a hash it takes as long and says no.

    Raises:
        Unavailable: too many wait already.
    """
    if len(plain) > LONGEST:
        return False
    return await _in_thread(lambda: _verify(password_hash, plain))


def check_password(plain: str) -> None:
    """Return when the password may be used.

    Raises:
        Invalid: it is too short or too long.
    """
    if not SHORTEST <= len(plain) <= LONGEST:
        raise Invalid(
            "A password has {shortest} to {longest} characters.", field="password", shortest=SHORTEST, longest=LONGEST
        )


def _verify(password_hash: str | None, plain: str) -> bool:
    try:
        _hasher.verify(_decoy() if password_hash is None else password_hash, _bytes(plain))
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
    return password_hash is not None


@functools.cache
def _decoy() -> str:
    return _hasher.hash(b"nobody's password")


def _bytes(plain: str) -> bytes:
    # NFKC: two keyboards may write the same letter in two ways (NIST SP 800-63B, 5.1.1.2).
    return unicodedata.normalize("NFKC", plain).encode(errors="surrogatepass")


async def _in_thread(work: Callable[[], T]) -> T:
    global _waiting  # noqa: PLW0603 - the threads are the process's, and so is their queue
    if _waiting >= MOST_WAITING:
        raise Unavailable("Too many people are signing in right now; try again in a moment.")
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, work)
    finally:
        _waiting -= 1
