"""Gathers an endpoint's input from wherever clients put it: path, query, JSON, urlencoded form or multipart.

Mastodon's clients send `media_ids[]=1`, `poll[options][]=a`, `"true"` and `true` in the same breath. Here all of it
becomes one dictionary, is bent to the shape that the endpoint's Struct declares, and is validated by msgspec once.
Every size is bounded before a byte is interpreted.
"""

import asyncio
import functools
import re
import tempfile
from collections.abc import AsyncGenerator, Callable, Mapping, MutableMapping
from contextlib import aclosing
from typing import Any, BinaryIO, cast
from urllib.parse import parse_qsl

import msgspec
from msgspec import inspect
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from parvis.api.endpoint import Endpoint, Nothing
from parvis.api.fields import Upload
from parvis.core import errors

MOST_FIELDS = 200
MOST_DEPTH = 4
MOST_QUERY = 8 * 1024
FORM_BYTES = 1024 * 1024  # of an endpoint that takes more, files go to the disk
ON_DISK = 256 * 1024  # bytes of a file that may be in memory
AT_A_TIME = 1024 * 1024  # bytes that are parsed at once, in a thread
UPLOADS = "parvis.uploads"
IN_THREAD = 128 * 1024  # a body larger than this is parsed outside the loop

NUMERIC = (inspect.IntType, inspect.FloatType, inspect.BoolType)
TRUE = frozenset(("true", "1", "on", "t", "yes"))
FALSE = frozenset(("false", "0", "off", "f", "no"))

Receive = Callable[[], Any]
Gathered = dict[str, Any]


async def gather(endpoint: Endpoint, scope: MutableMapping[str, Any], receive: Receive) -> Gathered:
    """What came in the query and the body, not yet looked at.

    Raises:
        Invalid: it is not what it says it is.
        TooLarge: the address or the body exceeds what this endpoint takes.
    """
    if endpoint.input is Nothing:
        return {}
    query: bytes = scope["query_string"]
    found: Gathered = {}
    if query:
        if len(query) > MOST_QUERY:
            raise errors.TooLarge("The address is too long.")
        found = nested(_pairs(query))
    if endpoint.method != "GET" or endpoint.bodily:
        found |= await read_body(endpoint, scope, receive)
    return found


def given_to(endpoint: Endpoint, found: Gathered, values: Mapping[str, str]) -> Any:
    """The endpoint's input Struct, from what was gathered and the values in the path.

    Raises:
        Invalid: something does not fit; the message names the field.
        NotFound: a part of the path cannot be what it stands for.
    """
    if endpoint.input is Nothing:
        return None
    try:
        return validated(found | dict(values), endpoint.input)
    except errors.Invalid as invalid:
        if invalid.field.partition(".")[0] in values:
            raise errors.NotFound("Record not found") from invalid
        raise


_MISSING = re.compile(r"Object missing required field `(\w+)`")


def validated(found: Gathered, into: type) -> Any:
    """The values in the shape of the Struct.

    Raises:
        Invalid: `field` says which does not fit.
    """
    kind = shape_of(into)
    try:
        return msgspec.convert(fit(found, kind), into, strict=False)
    except msgspec.ValidationError as error:
        reason, _, where = str(error).partition(" - at `")
        field = where.rstrip("`").removeprefix("$").lstrip(".")
        if (missing := _MISSING.fullmatch(reason)) is not None:
            field, reason = f"{field}.{missing[1]}".lstrip("."), "can't be blank"
        raise errors.Invalid("Validation failed: {where} {reason}", field, where=field, reason=reason) from error


@functools.cache
def shape_of(into: type) -> inspect.Type:
    """What msgspec knows of a type, read once."""
    return inspect.type_info(into)


def bare(kind: inspect.Type) -> inspect.Type:
    """The type without its description."""
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    return kind


def fit(value: Any, kind: inspect.Type) -> Any:
    """Bend what a form can say to what the type wants: blanks to nothing, one to a list of one, words to booleans.

    Raises:
        Invalid: a text with a NUL, which no engine keeps.
    """
    kind = bare(kind)
    if isinstance(value, str):
        return _fit_text(value, kind)
    if isinstance(kind, inspect.UnionType):
        rest = [part for part in kind.types if not isinstance(part, inspect.NoneType)]
        return fit(value, rest[0]) if len(rest) == 1 and value is not None else value
    if isinstance(kind, inspect.StructType) and isinstance(value, dict):
        return _fit_struct(value, kind)
    if isinstance(kind, inspect.ListType | inspect.VarTupleType | inspect.SetType):
        if isinstance(value, dict):  # fields_attributes[0][name]
            value = list(value.values())
        elif not isinstance(value, list):
            value = [value]
        return [fit(item, kind.item_type) for item in value]
    if isinstance(kind, inspect.StrType) and isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # clients that send ids as numbers
    return value


def _fit_text(value: str, kind: inspect.Type) -> Any:
    if "\0" in value:
        raise errors.Invalid("A text cannot contain a NUL character.")
    kind = bare(kind)
    if isinstance(kind, inspect.UnionType):
        rest = [part for part in kind.types if not isinstance(part, inspect.NoneType)]
        if not value and len(rest) < len(kind.types) and not (len(rest) == 1 and _may_be_blank(rest[0])):
            return None
        return _fit_text(value, rest[0]) if len(rest) == 1 else value
    if isinstance(kind, inspect.BoolType):
        lowered = value.lower()
        return True if lowered in TRUE else False if lowered in FALSE else value
    if isinstance(kind, inspect.ListType | inspect.VarTupleType | inspect.SetType):
        return [_fit_text(value, kind.item_type)]
    return value


def _may_be_blank(kind: inspect.Type) -> bool:
    """Whether an empty text says something: a description taken away, as opposed to an id left out."""
    kind = bare(kind)
    return isinstance(kind, inspect.StrType) and kind.pattern is None and not kind.min_length


def _fit_struct(value: dict[str, Any], kind: inspect.StructType) -> dict[str, Any]:
    bent = {}
    for field in kind.fields:
        if field.encode_name not in value:
            continue
        given = fit(value[field.encode_name], field.type)
        told_apart = field.default is msgspec.NODEFAULT and field.default_factory is msgspec.NODEFAULT  # from UNSET
        blank = given is None or (given == "" and isinstance(bare(field.type), NUMERIC))
        if blank and not field.required and not told_apart:
            continue  # a blank is as good as none
        bent[field.encode_name] = given
    return bent


# -- the body ----------------------------------------------------------------------------------------------------------


async def read_body(endpoint: Endpoint, scope: MutableMapping[str, Any], receive: Receive) -> Gathered:
    """The body's fields, whatever it is encoded in.

    Raises:
        Invalid: it is not what it says it is.
        TooLarge: it exceeds what this endpoint takes.
    """
    media_type, length = "", None
    for name, value in scope["headers"]:
        if name == b"content-type":
            media_type = value.decode("latin-1")
        elif name == b"content-length":
            length = int(value) if value.isdigit() else None
    if length is not None and length > endpoint.most_bytes:
        raise errors.TooLarge("This is larger than what is taken here.")
    if endpoint.most_bytes > FORM_BYTES and media_type.partition(";")[0].strip().lower() == "multipart/form-data":
        return nested(await read_multipart(receive, endpoint.most_bytes, media_type, scope))
    body = await read_bytes(receive, endpoint.most_bytes)
    if not body:
        return {}
    parse = functools.partial(parse_body, body, media_type)
    return await asyncio.to_thread(parse) if len(body) > IN_THREAD else parse()


async def read_multipart(
    receive: Receive, most: int, media_type: str, scope: MutableMapping[str, Any]
) -> list[tuple[str, Any]]:
    """The parts of a large form, parsed as they come: files go to the disk, and lie there until `let_go`.

    Raises:
        Invalid: the form is broken or has too many parts.
        TooLarge: it has more than `most` bytes.
    """
    form = _Form(media_type)
    scope[UPLOADS] = form
    waiting = bytearray()
    async with aclosing(_chunks(receive, most)) as chunks:
        async for chunk in chunks:
            waiting += chunk
            if len(waiting) > AT_A_TIME:
                await asyncio.to_thread(form.feed, bytes(waiting))
                waiting.clear()
    await asyncio.to_thread(form.feed, bytes(waiting))
    return form.finish()


def let_go(scope: MutableMapping[str, Any]) -> None:
    """Forget the files that came with a request, at its end."""
    if (form := scope.pop(UPLOADS, None)) is not None:
        form.close()


async def read_bytes(receive: Receive, most: int) -> bytes:
    """The whole body, never more than `most` bytes.

    Raises:
        TooLarge: there is more.
    """
    return b"".join([chunk async for chunk in _chunks(receive, most)])


async def _chunks(receive: Receive, most: int) -> AsyncGenerator[bytes]:
    size = 0
    while True:
        message: MutableMapping[str, Any] = await receive()
        if message["type"] == "http.disconnect":
            raise errors.Invalid("The request ended before its body did.")
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > most:
            raise errors.TooLarge("This is larger than what is taken here.")
        yield chunk
        if not message.get("more_body", False):
            return


def parse_body(body: bytes, media_type: str) -> Gathered:
    """The fields of a body of this media type; one without a type is read as a form."""
    kind = media_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        try:
            found = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise errors.Invalid("The body is no valid JSON.") from error
        if not isinstance(found, dict):
            raise errors.Invalid("The body must be a JSON object.")
        return found
    if kind == "multipart/form-data":
        return nested(parse_multipart(body, media_type))
    if kind in {"", "application/x-www-form-urlencoded"}:
        return nested(_pairs(body))
    raise errors.Invalid("The body must be JSON or a form.")


def _pairs(encoded: bytes) -> list[tuple[str, Any]]:
    try:
        return parse_qsl(
            encoded.decode("latin-1"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace"
        )
    except ValueError as error:
        raise errors.Invalid("There are too many fields.") from error


def parse_multipart(body: bytes, media_type: str) -> list[tuple[str, Any]]:
    """The parts of a multipart form: texts, and `Upload`s where a part has a file name.

    Raises:
        Invalid: the form is broken or has too many parts.
    """
    form = _Form(media_type)
    form.feed(body)
    return form.finish()


class _Form:
    """A multipart form as it comes. A file beyond `ON_DISK` bytes lies on the disk."""

    def __init__(self, media_type: str) -> None:
        _, options = parse_options_header(media_type)
        boundary = options.get(b"boundary")
        if not boundary:
            raise errors.Invalid("The multipart form names no boundary.")
        self._done: list[tuple[str, Any]] = []
        self._whole = False
        self._headers: dict[bytes, bytes] = {}
        self._name, self._value, self._data = bytearray(), bytearray(), bytearray()
        self._file: BinaryIO | None = None
        callbacks = {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._name.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_part_data": self._extend,
            "on_part_end": self._end,
            "on_end": self._complete,
        }
        self._parser = MultipartParser(boundary, callbacks)  # type: ignore[arg-type] # its TypedDict wants literals

    def feed(self, data: bytes) -> None:
        """Read on.

        Raises:
            Invalid: the form is broken or has too many parts.
        """
        try:
            self._parser.write(data)
        except (FormParserError, ValueError) as error:
            raise errors.Invalid("The multipart form is broken.") from error

    def finish(self) -> list[tuple[str, Any]]:
        """All its parts.

        Raises:
            Invalid: the form is broken or cut short.
        """
        try:
            self._parser.finalize()
        except (FormParserError, ValueError) as error:
            raise errors.Invalid("The multipart form is broken.") from error
        if not self._whole:
            raise errors.Invalid("The multipart form is cut short.")
        return self._done

    def close(self) -> None:
        """Give back what lies on the disk."""
        if self._file is not None:
            self._file.close()
        for _, part in self._done:
            if isinstance(part, Upload):
                part.close()

    def _complete(self) -> None:
        self._whole = True

    def _begin(self) -> None:
        if len(self._done) >= MOST_FIELDS:
            raise errors.Invalid("There are too many fields.")
        self._headers, self._data = {}, bytearray()

    def _end_header(self) -> None:
        self._headers[bytes(self._name).lower()] = bytes(self._value)
        self._name.clear()
        self._value.clear()

    def _extend(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(data[start:end])
            return
        self._data.extend(data[start:end])
        if len(self._data) > ON_DISK:
            if b"filename" not in self._headers.get(b"content-disposition", b""):
                raise errors.Invalid("A field is too long.")
            self._file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - it lives as long as the request
            self._file.write(self._data)
            self._data.clear()

    def _end(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        name = options.get(b"name", b"").decode(errors="replace")
        if b"filename" in options:
            kind = self._headers.get(b"content-type", b"").decode("latin-1")
            called = options[b"filename"].decode(errors="replace")[:255]
            self._done.append((name, Upload(bytes(self._data), called, kind[:255], self._file)))
            self._file = None
        else:
            self._done.append((name, self._data.decode(errors="replace")))


# -- names with brackets -----------------------------------------------------------------------------------------------


def nested(pairs: list[tuple[str, Any]]) -> Gathered:
    """`a[b][]=1` as `{"a": {"b": ["1"]}}`; `a[][]=1` as `{"a": ["1"]}`, since nothing is a list of lists.

    Raises:
        Invalid: two names contradict each other, or one is nested too deep.
    """
    found: Gathered = {}
    for name, value in pairs:
        if "[" not in name:
            found[name] = value
            continue
        beginning, _, rest = name.replace("[][]", "[]").partition("[")
        path = [beginning, *rest.replace("]", "").split("[")]
        if len(path) > MOST_DEPTH:
            raise errors.Invalid("A field is nested too deep.")
        _place(found, path, value)
    return found


def _place(found: Gathered, path: list[str], value: Any) -> None:
    here: Any = found
    for key, following in zip(path, [*path[1:], None], strict=True):
        last = following is None
        fresh: Any = value if last else ([] if following == "" else {})
        if key == "":
            if not isinstance(here, list):
                raise errors.Invalid("Two fields contradict each other.")
            if last or not here or not isinstance(here[-1], dict) or (following in here[-1]):
                here.append(fresh)
            here = here[-1]
        else:
            if not isinstance(here, dict):
                raise errors.Invalid("Two fields contradict each other.")
            if last:
                here[key] = value
            here = here.setdefault(key, fresh)
