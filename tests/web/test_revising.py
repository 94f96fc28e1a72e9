"""Polls, quotes and posts for later, on the pages and without a script."""

import datetime as dt
import re
from collections.abc import Callable

from tests.web.conftest import Browser, join


async def test_one_votes_once_and_sees_how_the_square_answered(
    browser: Browser, another: Callable[[], Browser]
) -> None:
    await join(browser, "ada")
    asked = await browser.post("/posts", data={"text": "Which?", "option_1": "Moon", "option_2": "Sun"})
    path = asked.url.path
    post = path.rpartition("/")[2]
    async with another() as ben:
        await join(ben, "ben")
        assert f'action="/posts/{post}/vote"' in (await ben.get(path)).text
        voted = await ben.post(f"/posts/{post}/vote", data={"choice": "1"}, headers={"accept": "application/json"})
        assert "100%" in voted.json()["html"]
        again = await ben.post(f"/posts/{post}/vote", data={"choice": "0"}, headers={"accept": "application/json"})
        assert again.json()["message"] == "You have voted in this poll already."
        assert f'action="/posts/{post}/vote"' not in (await ben.get(path)).text


async def test_a_post_is_quoted(browser: Browser) -> None:
    await join(browser, "ada")
    first = await browser.post("/posts", data={"text": "said before"})
    number = first.url.path.rpartition("/")[2]
    assert "said before" in (await browser.get(f"/compose?quote={number}")).text
    quoting = await browser.post("/posts", data={"text": "as I said", "quote": number})
    assert f'data-quoted="{number}"' in quoting.text


async def test_a_post_for_later_waits_and_can_be_taken_back(browser: Browser) -> None:
    await join(browser, "ada")
    later = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)).isoformat()
    waiting = await browser.post("/posts", data={"text": "in two hours", "at": later})
    assert waiting.url.path == "/scheduled"
    assert "in two hours" in waiting.text
    assert "in two hours" not in (await browser.get("/@ada")).text
    [address] = re.findall(r'action="(/scheduled/\d+/delete)"', waiting.text)
    assert "in two hours" not in (await browser.post(address)).text
    assert (await browser.post("/posts", data={"text": "x", "at": "soon"})).status_code == 422


async def test_what_waits_is_moved_to_another_hour_and_nothing_is_lost_by_a_wrong_one(browser: Browser) -> None:
    await join(browser, "ada")
    now = dt.datetime.now(dt.UTC)
    waiting = await browser.post("/posts", data={"text": "later", "at": (now + dt.timedelta(hours=2)).isoformat()})
    [path] = re.findall(r'action="(/scheduled/\d+)"', waiting.text)
    moved = await browser.post(path, data={"at": "3020-05-05T12:00:00+00:00"})
    assert moved.status_code == 422
    assert "later" in moved.text
    moved = await browser.post(path, data={"at": f"{now.year + 2}-05-05T12:00:00+00:00"})
    assert f'data-moment="{now.year + 2}-05-05T12:00:00' in moved.text


async def test_a_thread_does_not_wait_and_no_word_of_it_is_lost(browser: Browser) -> None:
    await join(browser, "ada")
    later = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)).isoformat()
    refused = await browser.post("/posts", data={"text": "first of two", "more": "second of two", "at": later})
    assert refused.status_code == 422
    assert "first of two" in refused.text
    assert "first of two" not in (await browser.get("/scheduled")).text
