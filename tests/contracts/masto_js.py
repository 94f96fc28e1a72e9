"""A web client in Chromium, on `masto` (the library under Elk and Phanpy) and from another origin than the instance.

    python -m tests.contracts.masto_js

It registers, signs a member in by the code flow with PKCE over the real page of consent, reads, posts, and listens.
"""

import asyncio
import pathlib
import sys
import tempfile
from typing import Any

from playwright.async_api import Page
from tests.contracts.instance import Place, opened
from tests.contracts.packages import chromium, fetched, site
from tests.rig import PASSWORD, open_member

from parvis.people import relations
from parvis.people.accounts import Account
from parvis.posts.drafts import Draft, PollDraft
from parvis.posts.likes import like
from parvis.posts.publish import publish

HERE = pathlib.Path(__file__).parent
PACKAGE = "masto@7.12.0"


async def sign_in(page: Page, there: str, place: Place) -> None:
    """From the client's page over the instance's, and back."""
    await page.goto(there)
    await page.wait_for_function("globalThis.ready")
    await page.fill("#instance", place.url)
    await page.click("#enter button")
    await page.fill("#login", "ada")
    await page.fill("#password", PASSWORD)
    await page.click("form.sheet button.sun")
    await page.click("button[value=allow]")
    await page.wait_for_url(f"{there}/?*")
    await page.wait_for_function("document.querySelector('#state').textContent === 'in'")


async def flow(page: Page, name: str, *given: Any) -> Any:
    """What a flow of the client's page hands back."""
    return await page.evaluate("([name, given]) => flows[name](...given)", [name, given])


async def say(place: Place, account: Account, words: str, **more: Any) -> str:
    """Somebody else publishes."""
    async with place.house.store.transaction() as tx:
        return str(await publish(tx, account, Draft(words, **more)))


async def work_through(page: Page, place: Place) -> None:
    """The main flows; each must find what is there."""
    async with place.house.store.transaction() as tx:
        ben = await open_member(tx, "ben")
    said = [await say(place, ben, f"number {number}") for number in range(5)]
    assert await flow(page, "who") == ["ada", "ada", "public"]
    assert await flow(page, "follow", "ben")
    assert await flow(page, "home") == [said[:1:-1], said[1::-1], []]

    await flow(page, "listen")
    while place.house.live.seats < 1:  # noqa: ASYNC110 - nobody tells when somebody sits down
        await asyncio.sleep(0.02)
    await page.wait_for_timeout(300)  # the second stream is asked for over the same socket
    heard = await say(place, ben, "Hear this #live")
    await page.wait_for_function("heard.length >= 2")
    assert sorted(await page.evaluate("heard")) == [["tag", heard], ["update", heard]]

    mine, alt, shown = await flow(page, "post", "A picture #field")
    assert (alt, shown) == ("A pink field", True)
    assert await flow(page, "like", heard) == [True, heard, True, [heard], [heard]]
    asked = await say(place, ben, "Which?", poll=PollDraft(("this", "that"), lasts=3_600_000))
    assert await flow(page, "vote", asked) == [True, [1], 1]
    before, after, versions, edited = await flow(page, "edit", mine, "A better picture #field")
    assert (before, "A better picture" in after, versions, edited) == ("A picture #field", True, 2, True)
    await place.house.settle()
    assert await flow(page, "search", "field") == [[], 1, ["field"]]
    assert (await flow(page, "search", "ben"))[0] == ["ben"]
    async with place.house.store.transaction() as tx:
        await relations.follow(tx, ben, place.account.id)
        await like(tx, ben, int(mine))
    await place.house.settle()
    groups, people, unread = await flow(page, "notified")
    assert (sorted(groups), people, unread) == ([["favourite", 1], ["follow", 1]], ["ben"], 2)
    await flow(page, "stop")


async def main() -> int:
    """Fetch, serve, drive; 0 when everything went well."""
    with tempfile.TemporaryDirectory(prefix="parvis-masto-") as folder:
        shelf = await fetched(pathlib.Path(folder), PACKAGE)
        pages = {"/": (HERE / "masto_js.html").read_bytes(), "/masto_js.js": (HERE / "masto_js.js").read_bytes()}
        async with opened() as place:
            with site(shelf, pages) as there:
                async with chromium() as page:
                    await sign_in(page, there, place)
                    await work_through(page, place)
    print(f"{PACKAGE}: all flows, from {there} against {place.url}")  # noqa: T201 - a script says how it went
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
