"""What many take up today, people to meet, and hashtags as one's own."""

import re
from collections.abc import Callable

from tests.cast import members
from tests.web.conftest import Browser, join

from parvis.people.accounts import find_by_handle
from parvis.timelines import trends
from parvis.timelines.hashtags import bonds_with
from parvis.web.door import Door

CROWD = ("ben", "cleo", "dan")


async def _crowd(another: Callable[[], Browser], posts: tuple[str, ...] = ()) -> None:
    """Three members say something about the sea, and like these posts."""
    for handle in CROWD:
        async with another() as one:
            await join(one, handle)
            await one.post("/posts", data={"text": f"{handle} says #sea"})
            for post in posts:
                await one.post(f"/posts/{post}/like")


async def test_what_many_take_up_is_shown_to_all(door: Door, browser: Browser, another: Callable[[], Browser]) -> None:
    await join(browser, "ada")
    await browser.post("/posts", data={"text": "The tide is low #sea"})
    [post] = set(re.findall(r'data-post="(\d+)"', (await browser.get("/@ada")).text))
    await _crowd(another, (post,))
    async with door.store.transaction() as tx:
        await trends.keep(tx, await trends.measured(tx))
    async with another() as visitor:
        page = (await visitor.get("/explore")).text
        assert "The tide is low" in page
        assert "#sea" in page
        assert 'class="spark"' in page
        assert "4 people in two days" in (await visitor.get("/explore/tags")).text
        assert "Ben" in (await visitor.get("/explore/people")).text


async def test_a_hashtag_is_followed_and_shown_on_the_profile(door: Door, browser: Browser) -> None:
    await join(browser, "ada")
    for verb in ("follow", "feature"):
        assert (await browser.post(f"/tags/Sea/{verb}")).url.path == "/tags/sea"
    page = (await browser.get("/tags/sea")).text
    assert 'formaction="/tags/sea/unfollow"' in page
    assert 'formaction="/tags/sea/unfeature"' in page
    assert "#sea" in (await browser.get("/explore/tags")).text
    for verb in ("unfollow", "unfeature"):
        await browser.post(f"/tags/sea/{verb}")
    async with door.store.reading() as tx:
        bond = (await bonds_with(tx, await find_by_handle(tx, "ada"), ["sea"]))["sea"]
    assert (bond.following, bond.featuring) == (False, False)


async def test_whom_one_passed_over_is_suggested_no_more(browser: Browser, another: Callable[[], Browser]) -> None:
    async with another() as ben, another() as cleo:
        await join(ben, "ben")
        await join(cleo, "cleo")
        await cleo.post(re.findall(r'formaction="(/accounts/\d+/follow)"', (await cleo.get("/@ben")).text)[0])
    await join(browser, "ada")
    dismiss = re.findall(r'formaction="(/accounts/\d+/dismiss)"', (await browser.get("/explore/people")).text)
    assert dismiss
    await browser.post(dismiss[0])
    assert dismiss[0] not in (await browser.get("/explore/people")).text


async def test_a_search_may_be_for_one_kind_alone(door: Door, browser: Browser, another: Callable[[], Browser]) -> None:
    await _crowd(another)
    await members(door.store, *(f"seagull{number}" for number in range(7)))
    await join(browser, "ada")
    all_kinds = (await browser.get("/search?q=sea")).text
    assert "#sea" in all_kinds
    assert all_kinds.partition("<aside")[0].count("data-person") == 5
    assert 'href="/search?q=sea&amp;in=people&amp;skipped=0"' in all_kinds
    people = (await browser.get("/search?q=sea&in=people")).text
    assert "@seagull6" in people
    assert "ben says" not in people
    tags = (await browser.get("/search?q=sea&in=tags")).text
    assert "3 people in two days" in tags
    assert "@seagull6" not in tags.partition("<aside")[0]
    posts = (await browser.get("/search?q=sea&in=posts")).text
    assert "ben says" in posts
    assert 'name="in" value="posts"' in posts
    async with another() as stranger:
        page = (await stranger.get("/search?q=sea")).text
        assert "ben says" not in page.partition("<aside")[0]
        assert "Sign in to search in posts, too" in page
