"""A posted form, read within bounds: what a browser sends flows in, fields and files flow out.

The body is never read beyond what the address takes. Texts are UTF-8 and hold nothing that the store could not keep.
Files lie in temporary files until the form is closed.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from parvis.core.errors import Invalid, TooLarge
from parvis.core.text import keepable

MOST_FIELDS = 40
LARGEST_FIELD = 64 * 1024  # bytes
MOST_BYTES = 256 * 1024  # of a form without files
ENVELOPE = 4 * 1024  # bytes around a file


async def read_form(request: Request, *, files: int = 0, file_bytes: int = 0) -> FormData:
    """The form, with at most so many files of at most so many bytes; empty when the body is none.

    Raises:
        Invalid: it is broken, or has too many parts.
        TooLarge: it has more bytes than that.
    """
    most = MOST_BYTES + files * (file_bytes + ENVELOPE)
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and (len(length) > len(str(most)) or int(length) > most):
        raise TooLarge("This is larger than what is taken here.")
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if options.get(b"charset", b"utf-8").lower() != b"utf-8":
        raise Invalid("The form could not be read.")
    try:
        async with aclosing(_bounded(request, most)) as stream:
            if kind == b"multipart/form-data":
                form = await MultiPartParser(
                    request.headers, stream, max_files=files, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD
                ).parse()
            elif kind == b"application/x-www-form-urlencoded":
                form = await FormParser(
                    request.headers, stream, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD
                ).parse()
            else:
                return FormData()
    except (MultiPartException, FormParserError, ClientDisconnect, ValueError) as broken:
        raise Invalid("The form could not be read.") from broken
    return FormData(
        [(keepable(name), keepable(value) if isinstance(value, str) else value) for name, value in form.multi_items()]
    )


async def _bounded(request: Request, most: int) -> AsyncGenerator[bytes]:
    size = 0
    async with aclosing(request.stream()) as stream:
        async for chunk in stream:
            size += len(chunk)
            if size > most:
                raise TooLarge("This is larger than what is taken here.")
            yield chunk
