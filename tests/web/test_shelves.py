"""What one keeps for oneself: bookmarks, likes, pins, and lists; and the ways on through a feed."""

import re
from collections.abc import Callable

from tests.web.conftest import Browser, join

from parvis.web.door import Door


async def test_a_bookmark_is_kept_and_found_by_its_owner_alone(
    browser: Browser, another: Callable[[], Browser]
) -> None:
    await join(browser, "ada")
    await browser.post("/posts", data={"text": "worth keeping"})
    [post] = set(re.findall(r'data-post="(\d+)"', (await browser.get("/@ada")).text))
    async with another() as ben:
        await join(ben, "ben")
        await ben.post(f"/posts/{post}/bookmark")
        assert "worth keeping" in (await ben.get("/bookmarks")).text
        await ben.post(f"/posts/{post}/unbookmark")
        assert "worth keeping" not in (await ben.get("/bookmarks")).text
        await ben.post(f"/posts/{post}/like")
        assert "worth keeping" in (await ben.get("/likes")).text
        assert "Ben" in (await browser.get(f"/@ada/{post}/likes")).text
    assert "worth keeping" not in (await browser.get("/bookmarks")).text


async def test_a_pinned_post_stands_first_on_the_profile(browser: Browser) -> None:
    await join(browser, "ada")
    await browser.post("/posts", data={"text": "stand here"})
    [post] = set(re.findall(r'data-post="(\d+)"', (await browser.get("/@ada")).text))
    await browser.post(f"/posts/{post}/pin")
    assert 'class="post pinned"' in (await browser.get("/@ada")).text
    await browser.post(f"/posts/{post}/unpin")
    assert 'class="post pinned"' not in (await browser.get("/@ada")).text


async def test_a_list_is_made_filled_read_and_deleted(browser: Browser, another: Callable[[], Browser]) -> None:
    async with another() as ben:
        await join(ben, "ben")
        await ben.post("/posts", data={"text": "from the bakery"})
        await join(browser, "ada")
        follow = re.findall(r'formaction="(/accounts/\d+/follow)"', (await browser.get("/@ben")).text)[0]
        await browser.post(follow)
        made = await browser.post("/lists", data={"title": "Bakers"})
        listing = made.url.path.removesuffix("/members")
        assert "Ben" in (await browser.post(f"{listing}/add", data={"handle": "@ben"})).text
        assert "from the bakery" in (await browser.get(listing)).text
        assert (await ben.get(listing)).status_code == 404
        assert "Bakers" in (await browser.get("/lists")).text
        await browser.post(f"{listing}/delete")
        assert "Bakers" not in (await browser.get("/lists")).text


async def test_a_feed_goes_on_in_both_directions(browser: Browser) -> None:
    await join(browser, "ada")
    for number in range(45):
        await browser.post("/posts", data={"text": f"number {number:02}."})
    first = (await browser.get("/")).text
    assert 'class="newer" hidden' in first
    older = (await browser.get(re.findall(r'href="([^"]+)" rel="next"', first)[0])).text
    assert "number 24." in older
    assert "number 25." not in older
    newer = (await browser.get(re.findall(r'href="([^"]+)" rel="prev"', older)[0])).text
    assert "number 25." in newer
    assert "number 24." not in newer


async def test_a_stretch_has_an_address_of_its_own_whatever_comes_before_it(browser: Browser) -> None:
    await join(browser, "ada")
    for number in range(25):
        await browser.post("/posts", data={"text": f"number {number:02}."})
    first = (await browser.get("/")).text
    here = re.findall(r'data-from="([^"]+)"', first)[0]
    await browser.post("/posts", data={"text": "meanwhile"})
    again = (await browser.get(here)).text
    entries = re.compile(r'data-entry="(\d+)"')
    assert entries.findall(again) == entries.findall(first)
    newer = re.findall(r'href="([^"]+)" rel="prev"', first)[0]
    assert entries.findall((await browser.get(newer)).text) == entries.findall((await browser.get("/")).text)[:1]


async def test_every_post_at_home_says_why_it_is_there(browser: Browser) -> None:
    await join(browser, "ada")
    await browser.post("/posts", data={"text": "here"})
    assert "You said it." in (await browser.get("/")).text
    assert "It was said here in public." in (await browser.get("/local")).text


async def test_the_first_answers_can_be_peeked_at(browser: Browser) -> None:
    await join(browser, "ada")
    await browser.post("/posts", data={"text": "a question"})
    [post] = set(re.findall(r'data-post="(\d+)"', (await browser.get("/@ada")).text))
    await browser.post("/posts", data={"text": "an answer", "reply_to": post})
    told = await browser.get(f"/posts/{post}/answers", headers={"accept": "application/json"})
    assert "an answer" in told.json()["html"]


async def test_a_collection_is_made_filled_shown_and_left(
    browser: Browser, another: Callable[[], Browser], door: Door
) -> None:
    async with another() as ben:
        await join(ben, "ben")
        await join(browser, "ada")
        made = await browser.post("/collections", data={"name": "Night bakers"})
        collection = made.url.path.removesuffix("/edit")
        whole = f"@ben@{door.settings.domain}"
        assert "Ben" in (await browser.post(f"{collection}/add", data={"handle": whole})).text
        assert (await browser.get(f"/{whole}")).status_code == 200
        assert (await browser.post(f"{collection}/add", data={"handle": "@ben"})).status_code == 422
        assert (await browser.post(f"{collection}/add", data={"handle": "@nobody"})).status_code == 422
        assert "Night bakers" in (await ben.get("/@ada")).text
        assert "Night bakers" in (await ben.get("/collections")).text
        assert (await ben.get(f"{collection}/edit")).status_code == 403
        [leaving] = re.findall(rf'action="({collection}/leave/\d+)"', (await ben.get(collection)).text)
        assert "Night bakers" not in (await ben.post(leaving)).text
        assert "Ben" not in (await browser.get(collection)).text
        hidden = {"name": "Day bakers", "description": "Who sleep at night."}
        assert "Who sleep at night." in (await browser.post(collection, data=hidden)).text
        assert "Day bakers" not in (await ben.get("/@ada")).text
        assert "Day bakers" not in (await ben.get("/@ada/collections")).text
        await browser.post(f"{collection}/delete")
        assert (await browser.get(collection)).status_code == 404
