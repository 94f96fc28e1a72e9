"""A client that says anything: raw bytes over a real socket, and what hypothesis makes of the pages' addresses.

Nothing here is polite. A request is written as it stands, the head of the answer is read, and the line is cut.
"""

import contextlib
import socket
from typing import Any
from urllib.parse import quote, quote_plus

import msgspec
from hypothesis import strategies as st

from parvis.api.map import endpoints
from parvis.web.addresses import ACTORS, READERS

PATIENCE = 20  # seconds
HEAD = 64 * 1024

HOSTILE = (
    "\0",
    "a\0b",
    "é" * 300,
    "\u202e\u2066x",
    "\U0001f469\u200d\U0001f680",
    "x" * 70_000,
    "%s{0}{name}",
    "{{ 7*7 }}",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "' OR 1=1 --",
    "../../etc/passwd",
    "//evil.example/",
    "#\u0130\ufdfa",
    "@ada@[::1]",
    "-1",
    "0",
    "9" * 18,
    "9" * 19,
    "9" * 5000,
    "1e400",
    "NaN",
    "null",
    "\u0661\u0662",
)
TEXTS = st.one_of(st.text(max_size=60), st.sampled_from(HOSTILE))
RAW = st.sampled_from(
    (b"%00", b"%ff%fe", b"%ed%a0%80", b"%2e%2e%2f", b"..", b"%2f%2f", b"%", b"%zz", b"\xe9\xff", b"%0d%0aX:1", b"*")
)
JUNK = st.one_of(TEXTS.map(lambda text: quote(text[:3000], safe="", errors="replace").encode()), RAW)
"""What may stand in one part of an address, as it is sent."""
HEADER = st.one_of(
    st.binary(max_size=80),
    TEXTS.map(lambda text: text[:2000].encode("utf-8", "replace")),
).map(lambda value: bytes(byte for byte in value if byte not in b"\r\n\0"))

FIELDS = (
    *("handle", "name", "email", "password", "next", "login", "text", "media", "alt_1", "media_alt_1", "pictures"),
    *("reply_to", "warning", "visibility", "key", "bio", "language", "avatar", "header", "look", "prompt", "style"),
)
QUERIES = ("max_id", "next", "q", "text", "media", "reply_to", "channels", "posts", "saved")
READ = (
    *(path for path, _ in READERS),
    *(
        "/live",
        "/faces/{account}.svg",
        "/faces/{account}/wide.svg",
        "/faces/{account}.png",
        "/faces/{account}/wide.png",
        "/static/{digest}/{path}",
        "/media/{name}",
        "/{path}",
    ),
)
NAMED = (b"Accept", b"Accept-Language", b"Referer", b"User-Agent", b"Origin", b"X-Forwarded-For")
ACTED = tuple(path for path, _ in ACTORS)
COOKIES = st.lists(
    st.tuples(st.sampled_from((b"parvis_session=", b"parvis_language=", b"parvis_look=", b"")), HEADER).map(b"".join),
    max_size=2,
)
TYPES = st.one_of(
    st.sampled_from(
        (
            b"application/x-www-form-urlencoded",
            b"application/json",
            b"multipart/form-data",
            b"multipart/form-data; boundary=",
            b"text/plain; charset=utf-16",
            b"",
        )
    ),
    HEADER,
)
CHARSETS = st.sampled_from(
    (b"", b"utf-8", b"utf-7", b"utf-16", b"unicode_escape", b"punycode", b"idna", b"hex", b"none")
)


class Message(msgspec.Struct, frozen=True):
    """A request as it is sent; `path` includes the query."""

    method: bytes
    path: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def wire(self, host: str) -> bytes:
        """Its bytes."""
        lines = [b"%b %b HTTP/1.1" % (self.method, self.path), b"Host: " + host.encode(), b"Connection: close"]
        lines += [b"%b: %b" % header for header in self.headers]
        if self.body:
            lines.append(b"Content-Length: %d" % len(self.body))
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.body


def asked(host: str, raw: bytes) -> int:
    """The status that raw bytes are answered with; 0 where the line is cut instead."""
    name, _, port = host.partition(":")
    with socket.create_connection((name, int(port)), timeout=PATIENCE) as line:
        head = b""
        with contextlib.suppress(ConnectionError):  # it had heard enough; its answer may still be there
            line.sendall(raw)
        with contextlib.suppress(ConnectionError):
            while b"\r\n\r\n" not in head and len(head) < HEAD and (piece := line.recv(HEAD)):
                head += piece
    return int(head[9:12]) if head.startswith(b"HTTP/1.1 ") else 0


def _multipart(draw: Any, fields: list[tuple[str, str]]) -> tuple[bytes, bytes]:
    boundary = b"fence"
    parts = []
    for name, value in fields:
        file = (
            b'; filename="%b"' % draw(st.sampled_from((b"a.png", b"", b"\xff", b"../../x")))
            if draw(st.booleans())
            else b""
        )
        body = draw(st.binary(max_size=200)) if file else value.encode("utf-8", "replace")
        parts.append(
            b'--fence\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n%b\r\n' % (name.encode(), file, body)
        )
    whole = b"".join(parts) + draw(st.sampled_from((b"--fence--\r\n", b"--fence", b"")))
    charset = draw(CHARSETS)
    return b"multipart/form-data; boundary=%b%b" % (boundary, b"; charset=" + charset if charset else b""), whole


@st.composite
def messages(draw: Any, cookie: str, known: tuple[int, ...]) -> Message:
    """A request to one of the pages' addresses, by somebody signed in or not, with anything in every place."""
    method = draw(st.sampled_from((b"GET", b"GET", b"POST", b"POST", b"HEAD", b"OPTIONS", b"PUT")))
    pattern = draw(st.sampled_from(ACTED if method == b"POST" else READ))
    numbers = st.sampled_from([str(one).encode() for one in known])
    path = b""
    for part in pattern.split("{"):
        name, closed, rest = part.partition("}")
        path += (draw(st.one_of(numbers, st.just(b"ada"), JUNK)) + rest.encode()) if closed else name.encode()
    queries = draw(st.lists(st.tuples(st.sampled_from(QUERIES), st.one_of(numbers, JUNK)), max_size=3))
    if queries:
        path += b"?" + b"&".join(name.encode() + b"=" + value for name, value in queries)
    path = path.replace(b" ", b"%20")

    headers = [(b"Sec-Fetch-Site", b"same-origin")]
    signed_in = draw(st.booleans()) and not path.startswith(b"/sign-out")
    cookies = [*([b"parvis_session=" + cookie.encode()] if signed_in else []), *draw(COOKIES)]
    if cookies:
        headers.append((b"Cookie", b"; ".join(cookies)))
    named = st.tuples(st.sampled_from(NAMED), st.one_of(HEADER, st.just(b"application/json")))
    headers += draw(st.lists(named, max_size=3, unique_by=lambda header: header[0]))
    body = b""
    if method in (b"POST", b"PUT"):
        fields = draw(st.lists(st.tuples(st.sampled_from(FIELDS), TEXTS), max_size=6))
        way = draw(st.integers(0, 5))
        if way == 0:
            kind, body = draw(TYPES), draw(st.binary(max_size=300))
        elif way <= 2:
            kind, body = _multipart(draw, fields)
        else:
            kind = b"application/x-www-form-urlencoded"
            body = "&".join(f"{name}={quote_plus(value, errors='replace')}" for name, value in fields).encode()
        headers.append((b"Content-Type", kind))
    return Message(method, path, tuple(headers), body)


BODIES = st.one_of(
    st.binary(max_size=200),
    st.sampled_from(
        (
            b"[" * 100_000,
            b'{"a":' * 50_000,
            b'{"status": "\\ud800", "visibility": "public"}',
            b'{"status": "a\\u0000b"}',
            b'{"status": "\xff\xfe"}',
            b'{"status": "once", "status": 2}',
            b'{"status": 1e400, "media_ids": {"0": []}}',
            b'{"id": 99999999999999999999999999, "limit": -1}',
            b"null",
            b"[]",
            b"status[[[[[[[[a=1",
            b"status[]=1&status[a]=2&media_ids[][]=3",
            b"status=%ED%A0%80&spoiler_text=%00",
            b"&".join([b"media_ids[]=1"] * 1000),
        )
    ),
)
SAID = (
    "status",
    "media_ids[]",
    "poll[options][]",
    "in_reply_to_id",
    "spoiler_text",
    "language",
    "q",
    "limit",
    "max_id",
)
MEANT = (
    *SAID,
    "display_name",
    "note",
    "source[language]",
    "fields_attributes[0][name]",
    "file",
    "description",
    "focus",
)


@st.composite
def calls(draw: Any, token: str, known: tuple[int, ...]) -> Message:
    """A request to one of the API's addresses, in any encoding, well or badly formed."""
    endpoint = draw(st.sampled_from([one for one in endpoints() if "/streaming/" not in one.path]))
    numbers = st.sampled_from([str(one).encode() for one in known])
    path = b""
    for part in endpoint.path.split("{"):
        name, closed, rest = part.partition("}")
        path += (draw(st.one_of(numbers, JUNK)) + rest.encode()) if closed else name.encode()
    names = st.sampled_from((*MEANT, "id[]", "acct", "types[]", "timeline[]", "a[b][c][d][e]", "client_id", "state"))
    queries = draw(st.lists(st.tuples(names, st.one_of(numbers, JUNK)), max_size=3))
    if queries:
        path += b"?" + b"&".join(name.encode() + b"=" + value for name, value in queries)
    headers = [(b"Authorization", b"Bearer " + token.encode() if draw(st.integers(0, 3)) else draw(HEADER))]
    if draw(st.booleans()):
        headers.append((b"Idempotency-Key", draw(HEADER)))
    if draw(st.booleans()):
        kind, body = draw(TYPES), draw(BODIES)
    else:
        kind, body = _multipart(draw, draw(st.lists(st.tuples(st.sampled_from(MEANT), TEXTS), max_size=5)))
    headers.append((b"Content-Type", kind))
    return Message(endpoint.method.encode(), path.replace(b" ", b"%20"), tuple(headers), body)
