"""What an endpoint answers beside a plain Struct, and the one translation of a refusal into Mastodon's error shape."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from parvis.api.sentences import told
from parvis.core import errors

JSON = b"application/json; charset=utf-8"
HTML = b"text/html; charset=utf-8"
TEXT = b"text/plain; charset=utf-8"
EVENTS = b"text/event-stream; charset=utf-8"

Headers = tuple[tuple[bytes, bytes], ...]

encode = msgspec.json.Encoder().encode


class Detail(msgspec.Struct, frozen=True):
    """What is wrong with one field."""

    error: Annotated[str, Meta(description="A word for programs, such as ERR_INVALID.")]
    description: str


class Told(msgspec.Struct, frozen=True):
    """What is wrong with the input, one level deeper."""

    error: str
    details: dict[str, tuple[Detail, ...]]


class Error(msgspec.Struct, frozen=True):
    """Why a request was refused, in words that may be shown."""

    error: Annotated[str | Told, Meta(description="A sentence, or for OAuth a code of RFC 6749.")]
    error_description: str | UnsetType = UNSET
    details: Annotated[
        dict[str, tuple[Detail, ...]] | UnsetType, Meta(description="By field, when the input breaks a rule.")
    ] = UNSET
    code: Annotated[str | UnsetType, Meta(description="Parvis's own word for the kind of refusal.")] = UNSET


class Empty(msgspec.Struct, frozen=True):
    """An answer that says only that it was done."""


class Answer(msgspec.Struct, frozen=True):
    """A whole answer: for statuses other than 200, other types than JSON, and streams."""

    body: bytes = b""
    status: int = 200
    media_type: bytes = JSON
    headers: Headers = ()
    stream: AsyncGenerator[bytes] | None = None


class Refusal(errors.Refused):
    """A refusal whose status and words the protocol dictates (OAuth, Mastodon's fixed sentences)."""

    def __init__(self, status: int, error: str, description: str = "", headers: Headers = ()) -> None:
        super().__init__(error)
        self.answer = Answer(
            encode(Error(error, description or UNSET)),
            status,
            headers=headers,
        )


def redirect(location: str) -> Answer:
    """Send the browser elsewhere with a GET."""
    return Answer(status=303, media_type=TEXT, headers=((b"location", location.encode("ascii", "xmlcharrefreplace")),))


Manner = Literal["plain", "nested", "oauth"]
"""How an endpoint refuses: in Mastodon's shape; with what is wrong with the input one level deeper, as clients read it
of collections; or in the shape of RFC 6749, where `error` is a code."""


def refusal(refused: errors.Refused, language: str = "en", manner: Manner = "plain") -> Answer:
    """The refusal in the endpoint's manner and the caller's language (for OAuth in English, as RFC 6749 has it)."""
    if isinstance(refused, Refusal):
        return refused.answer
    headers: Headers = ()
    if isinstance(refused, errors.TooFast):
        headers = ((b"retry-after", str(refused.after).encode()),)
    elif isinstance(refused, errors.Unauthenticated):
        headers = ((b"www-authenticate", b'Bearer realm="Parvis"'),)
    sentence = told(refused, "en" if manner == "oauth" else language)
    if manner == "oauth":
        code = refused.code if refused.code != "invalid" else "invalid_request"
        error = Error(code, sentence, _details(refused, sentence))
    elif manner == "nested" and isinstance(refused, errors.Invalid):
        error = Error(Told(sentence, {refused.field or "base": (Detail("ERR_INVALID", sentence),)}))
    else:
        error = Error(sentence, details=_details(refused, sentence), code=refused.code)
    return Answer(encode(error), refused.status, headers=headers)


def _details(refused: errors.Refused, sentence: str) -> dict[str, tuple[Detail, ...]] | UnsetType:
    if not isinstance(refused, errors.Invalid):
        return UNSET
    return {refused.field: (Detail("ERR_INVALID", sentence),)} if refused.field else {}


def dressed(result: Any, status: int = 200) -> Answer:
    """An endpoint's result as an answer, with its declared status."""
    return result if isinstance(result, Answer) else Answer(encode(result), status)
