"""Rules for what members write about themselves: handles, names, words, languages and e-mail addresses.

Text as it came flows in; the same text as it is kept flows out, or Invalid with a sentence that names the rule.
"""

import re
from typing import Final

from parvis.core.errors import Invalid
from parvis.core.text import keepable, one_line

NAME_LENGTH: Final = 50  # characters
BIO_LENGTH: Final = 500
EMAIL_LENGTH: Final = 254  # RFC 5321

HANDLE_LENGTH: Final = 30
HANDLE = re.compile(r"[A-Za-z0-9_]{1,30}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_EMAIL = re.compile(r"[^\s@\x00-\x1f\x7f,;<>]{1,64}@[^\s@\x00-\x1f\x7f,;<>/]+\.[^\s@\x00-\x1f\x7f,;<>/.]{2,}")

RESERVED: Final = frozenset(
    """
    about abuse account accounts admin administrator all anonymous api app apps assets auth authorize avatar avatars
    channel channels config contact demo docs drawing drawings error everyone explore feed health help here home host
    hostmaster inbox info instance internal legal local login logout mail mailer_daemon me media member members metrics
    mod moderator moderators mcp nobody noreply no_reply notification notifications null oauth official operator outbox
    owner parvis policy postmaster posts press privacy profile public root search security self settings share sharing
    signin signout signup sitemap square staff static status statuses streaming studio support system tag tags team
    terms thread threads timeline timelines trends trust undefined user users webfinger webmaster welcome well_known
    world www you
    """.split()  # noqa: SIM905 - a list literal of a hundred words is a hundred lines
)
"""Handles that only the instance itself may open: addresses of pages, and words that pass for the operator's voice."""


def checked_handle(handle: str, *, official: bool = False) -> str:
    """The handle as it stands; only an official account may bear a reserved one.

    Raises:
        Invalid: it breaks a rule.
    """
    if not HANDLE.fullmatch(handle):
        raise Invalid("A handle has 1 to 30 letters from A to Z, digits or underscores.", field="handle")
    if not official and handle.lower() in RESERVED:
        raise Invalid("The handle @{handle} is kept for the instance itself.", field="handle", handle=handle)
    return handle


def checked_name(name: str) -> str:
    """The display name on one line.

    Raises:
        Invalid: it is too long.
    """
    line = one_line(name)
    if len(line) > NAME_LENGTH:
        raise Invalid("A name has at most {limit} characters.", field="name", limit=NAME_LENGTH)
    return line


def checked_bio(bio: str) -> str:
    """What an account says about itself.

    Raises:
        Invalid: it is too long.
    """
    words = keepable(bio).strip()
    if len(words) > BIO_LENGTH:
        raise Invalid("A bio has at most {limit} characters.", field="bio", limit=BIO_LENGTH)
    return words


def checked_language(language: str) -> str:
    """A language tag in the form of BCP 47, e.g. `en` or `pt-BR`.

    Raises:
        Invalid: it has another form.
    """
    if not _LANGUAGE.fullmatch(language):
        raise Invalid("A language is a tag such as en or fr.", field="language")
    return language


def checked_email(email: str) -> str:
    """The address folded to lower case, without space around it.

    Raises:
        Invalid: it does not look like one.
    """
    folded = email.strip().lower() if len(email) <= EMAIL_LENGTH else ""
    if not _EMAIL.fullmatch(folded) or keepable(folded) != folded:
        raise Invalid("This does not look like an e-mail address.", field="email")
    return folded
