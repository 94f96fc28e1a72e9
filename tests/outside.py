"""A server of the outside world, on a real socket of this machine: it answers what a test put there."""

import asyncio
import contextlib
import datetime as dt
import ipaddress
import pathlib
import ssl
from collections.abc import AsyncIterator, Mapping

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ALLOWED = "127.0.0.0/8"
"""What `Settings.outbound_allow` says so that it can be called."""


class Page(msgspec.Struct):
    """An answer: status, headers, body; a hanging one never ends."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = {}
    hangs: bool = False


class Asked(msgspec.Struct):
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Outside:
    """The pages by path, and what was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[Asked] = []
        self.url = ""
        self._tasks: set[asyncio.Task[None]] = set()

    def put(
        self, path: str, body: bytes | str = b"", content_type: str = "text/html; charset=utf-8", status: int = 200
    ) -> str:
        """Have a page there; its address."""
        data = body.encode() if isinstance(body, str) else body
        self.pages[path] = Page(data, status, {"content-type": content_type})
        return self.url + path

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        """Have a redirect there; its address."""
        self.pages[path] = Page(status=status, headers={"location": to})
        return self.url + path

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [asked.path for asked in self.asked]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._one(reader, writer):
                    pass
        finally:
            self._tasks.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.asked.append(Asked(method, path, headers, body))
        page = self.pages.get(path.partition("?")[0], Page(b"nothing here", 404))
        if page.hangs:
            await asyncio.Event().wait()
        lines = [f"HTTP/1.1 {page.status} Said", f"content-length: {len(page.body)}"]
        lines += [f"{name}: {value}" for name, value in page.headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + (b"" if method == "HEAD" else page.body))
        await writer.drain()
        return True

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@contextlib.asynccontextmanager
async def outside(certificate: pathlib.Path | None = None) -> AsyncIterator[Outside]:
    """The server, until the block ends; with a certificate (`certify` makes one) it speaks TLS as `localhost`."""
    world = Outside()
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    server = await asyncio.start_server(world.answer, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    world.url = f"https://localhost:{port}" if context else f"http://127.0.0.1:{port}"
    try:
        yield world
    finally:
        server.close()
        await world.end()


def certify(folder: pathlib.Path) -> pathlib.Path:
    """A key and a certificate for `localhost`, signed by itself, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("::2"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
