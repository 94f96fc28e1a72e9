"""Messages, who asks to follow, what is found, and who finds whom: over the pages."""

import re
from collections.abc import Callable

from tests.web.conftest import Browser, join


async def test_who_locks_the_door_is_asked_and_lets_in(browser: Browser, another: Callable[[], Browser]) -> None:
    await join(browser, "ada")
    saved = await browser.post(
        "/settings/privacy", data={"locked": "on", "found": "on", "visibility": "followers", "quotes": "nobody"}
    )
    assert re.search(r'name="locked" checked', saved.text)
    assert not re.search(r'name="searched" checked', saved.text)
    assert '<option value="followers" selected>' in (await browser.get("/")).text
    async with another() as ben:
        await join(ben, "ben")
        follow = re.findall(r'formaction="(/accounts/\d+/follow)"', (await ben.get("/@ada")).text)[0]
        await ben.post(follow)
        waiting = (await browser.get("/requests")).text
        assert "Ben" in waiting
        [grant] = re.findall(r'formaction="(/requests/\d+/grant)"', waiting)
        assert "Ben" not in (await browser.post(grant)).text
        assert "You follow" in (await ben.get("/@ada")).text


async def test_search_without_an_answer_says_so(browser: Browser) -> None:
    await join(browser, "ada")
    assert "Nothing was found" in (await browser.get("/search?q=zzzzz")).text
    assert "Ada" in (await browser.get("/search?q=ad")).text
