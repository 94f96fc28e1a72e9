"""Tickets: what the server must remember between two steps of a member, sealed and kept in the page itself.

A Struct flows in and out as text. A ticket is good for ten minutes, for one purpose, and only as it was given.
"""

import base64
from typing import Final, TypeVar

import msgspec

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import Invalid
from parvis.core.seal import Broken, seal_for

T = TypeVar("T", bound=msgspec.Struct)

LIFETIME: Final = 10 * clock.MINUTE


def ticket(settings: Settings, purpose: str, content: msgspec.Struct) -> str:
    """The content as a ticket."""
    until = clock.now() + LIFETIME
    sealed = seal_for(settings, purpose).close(until.to_bytes(8) + msgspec.msgpack.encode(content))
    return base64.urlsafe_b64encode(sealed).decode()


def read_ticket(settings: Settings, purpose: str, text: str, kind: type[T]) -> T:
    """What a ticket holds.

    Raises:
        Invalid: it is none of ours, or too old.
    """
    try:
        content = seal_for(settings, purpose).open(base64.urlsafe_b64decode(text.encode()))
        if int.from_bytes(content[:8]) >= clock.now():
            return msgspec.msgpack.decode(content[8:], type=kind)
    except (Broken, ValueError, msgspec.MsgspecError):
        pass
    raise Invalid("This took too long. Begin again.")
