"""Somebody at a browser, and everything that the pages complained of to them."""

from typing import Any

from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, Response
from tests.journeys.house import House

PASSWORD = "stones and pigeons"
TOO_BAD = 400  # the first status that is a refusal
NO_WORKER = "Service Worker registration blocked by Playwright"  # where a journey wants none


class Visitor:
    """Somebody at a browser: a context of their own, one page, and what the page complained of."""

    def __init__(self, context: BrowserContext, page: Page, house: House) -> None:
        self.context = context
        self.page = page
        self.house = house
        self.troubles: list[str] = []
        self.expected = 0  # the status of a refusal that the journey provokes
        self.scripts = True  # that the browser runs any
        self.forgiving = False  # while the house is away, by the journey's own doing
        page.on("console", self._console)
        page.on("pageerror", self._erred)
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    async def go(self, path: str) -> None:
        """Open a page of the house."""
        await self.page.goto(self.house.url + path)

    async def join(self, handle: str, name: str) -> None:
        """Open an account through the form."""
        await self.go("/sign-up")
        await self.page.fill("#handle", handle)
        await self.page.fill("#name", name)
        await self.page.fill("#password", PASSWORD)
        await self.page.click("form.sheet button.sun")
        await self.page.wait_for_url(self.house.url + "/")

    async def sign_in(self, handle: str) -> None:
        """Come back through the form."""
        await self.go("/sign-in")
        await self.page.fill("#login", handle)
        await self.page.fill("#password", PASSWORD)
        await self.page.click("form.sheet button.sun")
        await self.page.wait_for_url(self.house.url + "/")

    async def measure(self, script: str, given: Any = None) -> Any:
        """What a script finds on the page."""
        return await self.page.evaluate(script, given)

    def _erred(self, error: object) -> None:
        self._complain(f"error: {error}")

    def _console(self, message: ConsoleMessage) -> None:
        refusal = self.expected and f"status of {self.expected}" in message.text
        if message.type in ("error", "warning") and not refusal and message.text != NO_WORKER:
            self._complain(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        # a page that is left cuts its own stream and whatever it was loading; one without scripts preloads them in vain
        if "ERR_ABORTED" not in (request.failure or "") and not (request.failure == "csp" and not self.scripts):
            self._complain(f"failed: {request.method} {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= TOO_BAD and response.status != self.expected:
            self._complain(f"{response.status}: {response.request.method} {response.url}")

    def _complain(self, trouble: str) -> None:
        if not self.forgiving:
            self.troubles.append(f"{trouble} on {self.page.url}")
