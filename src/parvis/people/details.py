"""Details: what an account's row says of it in one number and one short JSON text.

Every post that is read brings its author's row along, so what is seldom other than usual shares a column: a yes or no
is a bit of `traits` (zero for most), and what few members fill in stands in `details` (empty for most), unfolded only
when somebody asks.
"""

import enum
import functools
from typing import Final

import msgspec

from parvis.core.errors import Invalid
from parvis.core.ids import AccountId
from parvis.core.text import one_line

MOST_FIELDS: Final = 4
FIELD_LENGTH: Final = 255  # characters of a name, and of a value
ALT_LENGTH: Final = 150  # of what an avatar or a header shows


class Trait(enum.IntFlag):
    """What is unusual about an account. The bits are kept in the store: never give one another meaning."""

    LOCKED = 1  # it approves its followers one by one
    AUTOMATED = 2  # a member says that a program posts here
    UNDISCOVERED = 4  # it wants no place in the directory or among suggestions
    UNINDEXED = 8  # its posts want no place in search
    DISCREET = 16  # it shows nobody whom it follows and who follows it
    UNCRAWLED = 32  # search engines of others are asked to leave it out
    MEMORIAL = 64  # who it belonged to has died


class ProfileField(msgspec.Struct, frozen=True, array_like=True):
    """A line of a profile; `verified_at` (ms) is when the address in it was seen to link back."""

    name: str
    value: str
    verified_at: int | None = None


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """What few members fill in."""

    fields: tuple[ProfileField, ...] = ()
    moving_avatar: str = ""  # the name of a blob: what the avatar is a moment of
    avatar_alt: str = ""
    header_alt: str = ""
    moved_to: AccountId | None = None  # under which account the member goes on
    had: tuple[AccountId, ...] = ()  # other accounts of the member, which may move here
    show_media: bool = True  # a tab of the profile
    show_media_replies: bool = True
    show_featured: bool = True


NONE: Final = Details()

_decoder = msgspec.json.Decoder(Details)
_encoder = msgspec.json.Encoder()


@functools.lru_cache(maxsize=2048)
def unfolded(text: str) -> Details:
    """The details in this text of the store."""
    return _decoder.decode(text) if text else NONE


def folded(details: Details) -> str:
    """The text that the store keeps of them: empty when nothing is filled in."""
    return "" if details == NONE else _encoder.encode(details).decode()


def checked_fields(fields: tuple[ProfileField, ...], known: tuple[ProfileField, ...] = ()) -> tuple[ProfileField, ...]:
    """The fields on one line each, without the empty ones; a value that was verified before stays so.

    Raises:
        Invalid: there are too many, one is too long, or one has no name.
    """
    kept = []
    verified = {field.value: field.verified_at for field in known}
    for field in fields:
        name, value = one_line(field.name), one_line(field.value)
        if len(name) > FIELD_LENGTH or len(value) > FIELD_LENGTH:
            raise Invalid("A field has at most {limit} characters.", field="fields", limit=FIELD_LENGTH)
        if value and not name:
            raise Invalid("A field needs a name.", field="fields")
        if name:
            kept.append(ProfileField(name, value, verified.get(value)))
    if len(kept) > MOST_FIELDS:
        raise Invalid("A profile has at most {limit} fields.", field="fields", limit=MOST_FIELDS)
    return tuple(kept)


def checked_alt(words: str, field: str) -> str:
    """What a picture of the profile shows, on one line.

    Raises:
        Invalid: it is too long.
    """
    line = one_line(words)
    if len(line) > ALT_LENGTH:
        raise Invalid("The description is longer than {limit} characters.", field=field, limit=ALT_LENGTH)
    return line
