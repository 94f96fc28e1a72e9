"""A hand on a page: a pointer, a thumb, or ten fingers on keys; and the words that stand there in either language.

What is pressed, ticked and filled in is found by its role and its name, as a screen reader finds it. Keys come to it by
Tab alone, it must be seen to have the focus when they do, and only then is it worked.
"""

import asyncio
import contextlib
import functools
import pathlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

import pytest
from babel.messages.pofile import read_po
from playwright.async_api import FilePayload, Locator, Response, expect
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.house import House
from tests.journeys.visitor import Visitor
from tests.rig import open_member

from parvis.core.words import FOLDER, words_of
from parvis.people.accounts import Account
from parvis.people.sessions import start_session
from parvis.store.transaction import Tx
from parvis.web.visit import COOKIE

Name = str | re.Pattern[str]
Role = Literal["button", "link", "checkbox", "switch", "radio", "tab", "menuitem"]
Tool = Literal["pointer", "thumb", "keys"]
TOO_BAD = 400  # the first status that is a refusal
DATES = {"date", "time", "datetime-local", "month", "week"}

LONG = 100  # characters; more are pasted
FAR = 40  # times to look where the focus is, on the way to something; what Tab cannot reach is never found
STEPS = """(target) => {
  const focused = document.activeElement;
  if (focused === target) return 0;
  const group = (radio) => [...(radio.form ?? document).querySelectorAll(`input[type=radio][name="${radio.name}"]`)];
  // of radio buttons with one name Tab comes to the one that is chosen, or to the first
  const passed = (stop) => stop.type === 'radio' && stop !== (group(stop).find((one) => one.checked) ?? group(stop)[0]);
  const stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
    .filter((stop) => stop === target || stop === focused || (stop.tabIndex >= 0 && !stop.disabled
      && stop.checkVisibility({ visibilityProperty: true }) && !stop.closest('[inert]') && !passed(stop)));
  const steps = stops.indexOf(target) - stops.indexOf(focused);
  return steps || 1;
}"""  # how many presses of Tab it is about; fewer than none for Shift and Tab
SHOWS_FOCUS = """(target) => {
  const shows = (element, pseudo) => {
    const style = element && getComputedStyle(element, pseudo);
    return Boolean(style) && (style.outlineStyle !== 'none' || style.boxShadow !== 'none');
  };
  // a switch or a chip whose box is hidden shows it beside the box
  const near = [target, target.nextElementSibling, target.parentElement, target.closest('label')];
  return near.some((element) => shows(element) || shows(element, '::before') || shows(element, '::after'));
}"""
FITS = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
OPTIONS = "(select) => [select.selectedIndex, [...select.options].map((option) => option.label.trim())]"


class Manner(NamedTuple):
    """A window, a language, and what the page is worked with."""

    window: dict[str, Any]
    language: str
    tool: Tool


ON_A_PHONE: dict[str, Any] = {"viewport": PHONE, "is_mobile": True, "has_touch": True}
AT_A_DESK: dict[str, Any] = {"viewport": DESK}
MANNERS = {
    "phone-en": Manner(ON_A_PHONE, "en", "thumb"),
    "phone-fr": Manner(ON_A_PHONE, "fr", "keys"),
    "desk-en": Manner(AT_A_DESK, "en", "pointer"),
    "desk-fr": Manner(AT_A_DESK, "fr", "keys"),
}
"""Both widths in both languages; each width and each language by hand, and by keys alone."""
PAIRS = (("phone-en", "desk-fr"), ("phone-fr", "desk-en"))
"""Two manners that have both widths, both languages, a hand and keys between them."""
LOCALES = {"en": "en-GB", "fr": "fr-FR"}


class Hand:
    """Works pages in one manner, and notes the addresses that answered."""

    def __init__(self, visitor: Visitor, manner: str, come: Callable[[], Awaitable[Visitor]], walk: int) -> None:
        self.visitor = visitor
        self.walk = walk  # which one it is
        self.page = visitor.page
        self.house: House = visitor.house
        self.manner = manner
        self.language = MANNERS[manner].language
        self.tool = MANNERS[manner].tool
        self.walked: set[tuple[str, str]] = set()
        self._come = come
        visitor.context.on("response", self._note)
        self.page.on("filechooser", lambda _: None)  # or one may open before it is waited for, and is never told of

    def handle(self, name: str) -> str:
        """A handle that only this walk uses, in this manner: all go through one house."""
        return f"{name}_{self.walk}_{self.manner.replace('-', '_')}"

    def say(self, sentence: str, plural: str = "", num: int = 0, **given: Any) -> str:
        """A sentence of the catalogue as it stands on this member's pages; one that no catalogue knows is an error."""
        assert sentence in _catalogue(), f"The catalogue has no {sentence!r}."
        words = words_of(self.language)
        said = words.ngettext(sentence, plural, num) if plural else words.gettext(sentence)
        return said % (given | ({"num": num} if plural else {})) if given or plural else said

    async def enter(self, handle: str, **application: Any) -> Account:
        """Open an account behind the house's back, and have its session in this browser: the walk begins inside."""
        async with self.house.behind() as tx:
            account = await open_member(tx, self.handle(handle), language=self.language, **application)
            session = await start_session(tx, account)
        cookie = {"name": COOKIE, "value": session, "url": self.house.url}
        await self.visitor.context.add_cookies([cookie])  # type: ignore[list-item] # a cookie as Playwright takes it
        return account

    async def neighbour(self, tx: Tx, handle: str, **application: Any) -> Account:
        """Open an account for somebody who does not come themselves."""
        return await open_member(tx, self.handle(handle), **application)

    async def another(self) -> "Hand":
        """A second member's hand, in a window of their own and in the same manner; what it walks is noted here."""
        hand = Hand(await self._come(), self.manner, self._come, self.walk)
        hand.walked = self.walked
        return hand

    async def go(self, path: str) -> None:
        """Open a page of the house by its address."""
        await self.visitor.go(path)

    async def press(self, name: Name, on: Locator | None = None, role: Role = "button") -> None:
        """Press a button."""
        await self._work(self.find(role, name, on), "Enter")

    async def follow(self, name: Name, on: Locator | None = None) -> None:
        """Follow a link."""
        await self.press(name, on, "link")

    async def unfold(self, name: Name, on: Locator | None = None) -> None:
        """Open what a heading folds away, or a menu."""
        summary = (on or self._stage()).locator("summary").filter(visible=True)
        named = summary.filter(has_text=name).or_(summary.and_(self.page.get_by_label(name)))
        await self._work(named.first, "Enter")

    async def tick(self, name: Name, on: Locator | None = None, role: Role = "checkbox") -> None:
        """Tick a box, or turn a switch; or take either back."""
        await self._work(self.find(role, name, on), "Space")

    async def choose(self, name: Name, on: Locator | None = None) -> None:
        """Choose one of several that exclude each other."""
        target = self.find("radio", name, on)
        if self.tool != "keys":
            await self._work(target, "")
            return
        await self._tab_to_one_of(target)
        for _ in range(20):
            if await target.is_checked():
                return
            await self.page.keyboard.press("ArrowDown")
        pytest.fail(f"{name} is not chosen by arrows.")

    async def pick(self, label: Name, option: str, on: Locator | None = None) -> None:
        """Pick from a list that drops down."""
        target = self._field(label, on)
        if self.tool != "keys":
            await target.select_option(label=option)
            return
        await self._tab_to(target)
        now, options = await target.evaluate(OPTIONS)
        steps = options.index(option) - now
        for _ in range(abs(steps)):
            await self.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")

    async def write(self, label: Name, text: str, on: Locator | None = None) -> None:
        """Put words into a field, in place of those it had."""
        target = self._field(label, on)
        if self.tool != "keys" or await target.get_attribute("type") in DATES:
            await target.fill(text)  # a date's own sections are the browser's affair
            return
        await self._tab_to(target)
        await self.page.keyboard.press("ControlOrMeta+a")
        await self.page.keyboard.press("Delete")
        put = self.page.keyboard.insert_text if len(text) > LONG else self.page.keyboard.type
        await put(text)

    async def complete(self, label: Name, begun: str, option: str, on: Locator | None = None) -> None:
        """Begin something in a field, and take what is offered for it."""
        await self.write(label, begun, on)
        offered = self._stage().get_by_role("option").filter(has_text=option).first
        await expect(offered).to_be_visible()
        if self.tool != "keys":
            await self._work(offered, "")
            return
        for _ in range(FAR):
            if await offered.get_attribute("aria-selected") == "true":
                await self.page.keyboard.press("Enter")
                return
            await self.page.keyboard.press("ArrowDown")
        pytest.fail(f"{option} is not chosen by arrows.")

    async def give(self, label: Name, file: FilePayload, on: Locator | None = None) -> None:
        """Give a file to a field."""
        target = self._field(label, on)
        if self.tool != "keys":
            await target.set_input_files(file)
            return
        await self._tab_to(target)
        async with self.page.expect_file_chooser() as chooser:
            await self.page.keyboard.press("Space")
        await (await chooser.value).set_files(file)

    async def fetch(self, name: Name, on: Locator | None = None) -> pathlib.Path:
        """Follow a link that leads to a file; the file."""
        async with self.page.expect_download() as told:
            await self.follow(name, on)
        file = await told.value
        self.walked.add(("GET", urlsplit(file.url).path))
        return await file.path()

    async def arrives(self, heading: Name) -> None:
        """Wait until a page with this heading stands, and fits: who presses what leads away waits, as people do."""
        await expect(self.page.locator("h1")).to_have_text(heading)
        await self.page.wait_for_load_state()  # its sheets are here, too
        assert await self.page.evaluate(FITS), f"{self.page.url} is wider than its window."

    async def sees(self, words: Name, on: Locator | None = None) -> None:
        """Wait until words stand on the page, for all to see."""
        await expect((on or self.page).get_by_text(words).filter(visible=True).first).to_be_visible()

    async def misses(self, words: Name, on: Locator | None = None) -> None:
        """Wait until words stand nowhere on the page."""
        await expect((on or self.page).get_by_text(words).filter(visible=True)).to_have_count(0)

    @contextlib.asynccontextmanager
    async def sending(self, path: str) -> AsyncIterator[None]:
        """Wait, at the end of the block, until what is sent to an address that matches a glob is answered, and well."""
        async with self.page.expect_response(lambda answer: self._is_to(answer, path)) as told:
            yield
        assert (await told.value).status < TOO_BAD

    @contextlib.asynccontextmanager
    async def leaving(self) -> AsyncIterator[None]:
        """Wait, at the end of the block, until another page stands, or the same anew."""
        async with self.page.expect_navigation():
            yield

    def find(self, role: Role, name: Name, on: Locator | None = None) -> Locator:
        """A control, by role and whole name; within the dialog that lies over the page, if one does."""
        return (on or self._stage()).get_by_role(role, name=name, exact=True).filter(visible=True).first

    def _field(self, label: Name, on: Locator | None) -> Locator:
        return (on or self._stage()).get_by_label(label, exact=True).first

    def _stage(self) -> Locator:
        return self.page.locator("dialog:modal, body:not(:has(dialog:modal))").last

    async def _work(self, target: Locator, key: str) -> None:
        if self.tool == "keys":
            await self._tab_to(target)
            await self.page.keyboard.press(key)
        elif self.tool == "thumb":
            await target.tap()
        else:
            await target.click()

    async def _tab_to(self, target: Locator) -> None:
        await expect(target).to_be_visible()
        for _ in range(FAR):
            steps = await target.evaluate(STEPS)
            if not steps:
                assert await target.evaluate(SHOWS_FOCUS), f"{target} has the focus, unseen."
                return
            await self._tab(steps)
        pytest.fail(f"Tab does not come to {target} on {self.page.url}.")

    async def _tab_to_one_of(self, target: Locator) -> None:
        name = await target.get_attribute("name")
        for _ in range(FAR):
            if await self.page.evaluate("(name) => document.activeElement.name === name", name):
                return
            await self._tab(await target.evaluate(STEPS))
        pytest.fail(f"Tab does not come to any {name} on {self.page.url}.")

    async def _tab(self, steps: int) -> None:
        key = "Tab" if steps > 0 else "Shift+Tab"
        presses = max(1, abs(steps) - 2)  # an estimate: the last ones are looked at one by one
        await asyncio.gather(*(self.page.keyboard.press(key) for _ in range(presses)))

    def _is_to(self, answer: Response, path: str) -> bool:
        shape = re.escape(path).replace(r"\*", "[^/]+")
        return answer.request.method == "POST" and bool(re.fullmatch(shape, urlsplit(answer.url).path))

    def _note(self, answer: Response) -> None:
        if answer.status < TOO_BAD:
            self.walked.add((answer.request.method, urlsplit(answer.url).path))


@functools.cache
def _catalogue() -> set[str]:
    with (FOLDER / "words.fr.po").open("rb") as file:
        messages = read_po(file, locale="fr")
    return {message.id if isinstance(message.id, str) else message.id[0] for message in messages}
