"""Libraries of the JavaScript world, fetched through its index's client, and a web site that hands them out."""

import asyncio
import contextlib
import functools
import http.server
import pathlib
import threading
from collections.abc import AsyncIterator, Iterator, Mapping

from playwright.async_api import ConsoleMessage, Error, Page, Response, async_playwright
from tests.journeys.conftest import PATIENCE, QUIET, find_browser
from tests.journeys.visitor import TOO_BAD

TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".html": "text/html"}


async def fetched(folder: pathlib.Path, *names: str) -> pathlib.Path:
    """The packages with what they stand on, none of their scripts run; where they are."""
    flags = ("--no-audit", "--no-fund", "--ignore-scripts", "--silent")
    fetching = await asyncio.create_subprocess_exec("npm", "install", "--prefix", str(folder), *flags, *names)
    assert await fetching.wait() == 0, names
    return folder / "node_modules"


class _Shelf(http.server.SimpleHTTPRequestHandler):
    """Hands files out, and pages of the test's own before them."""

    extensions_map = TYPES

    def __init__(self, *arguments: object, pages: Mapping[str, bytes], directory: str) -> None:
        self.pages = pages
        super().__init__(*arguments, directory=directory)

    def do_GET(self) -> None:
        page = self.pages.get(self.path.partition("?")[0])
        if page is None:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("content-type", TYPES[".js" if self.path.endswith(".js") else ".html"])
        self.send_header("content-length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextlib.contextmanager
def site(folder: pathlib.Path, pages: Mapping[str, bytes]) -> Iterator[str]:
    """A web site of another origin than any instance, with these pages and the folder's files; its address."""
    handler = functools.partial(_Shelf, pages=pages, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class Complaints(list[str]):
    """What a page complained of: errors on its console, of its scripts, and requests that were refused."""

    def said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.append(message.text)

    def erred(self, error: Error) -> None:
        self.append(str(error))

    def answered(self, response: Response) -> None:
        if response.status >= TOO_BAD:
            self.append(f"{response.status} {response.url}")


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator[Page]:
    """A page of a browser; whatever it complains of fails the caller in the end."""
    complaints = Complaints()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_browser(), args=QUIET)
        page = await browser.new_page(locale="en-GB")
        page.set_default_timeout(PATIENCE)
        page.on("console", complaints.said)
        page.on("pageerror", complaints.erred)
        page.on("response", complaints.answered)
        try:
            yield page
        except BaseException as error:
            error.add_note(f"The page complained: {complaints}")
            raise
        finally:
            await browser.close()
    assert not complaints, complaints
