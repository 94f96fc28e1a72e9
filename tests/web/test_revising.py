"""Polls, quotes, changes and posts for later, on the pages and without a script."""

import datetime as dt
import re
from collections.abc import Callable

from tests.web.conftest import Browser, join

from parvis.core.ids import PostId
from parvis.moderation import actions
from parvis.posts.visibility import get_post
from parvis.store.database import Store


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


async def test_what_was_said_before_an_edit_can_be_read(browser: Browser, another: Callable[[], Browser]) -> None:
    await join(browser, "ada")
    said = await browser.post("/posts", data={"text": "tpyo"})
    number = said.url.path.rpartition("/")[2]
    assert "tpyo" in (await browser.get(f"/posts/{number}/edit")).text
    changed = await browser.post(f"/posts/{number}/edit", data={"text": "typo"})
    assert f'href="/posts/{number}/history"' in changed.text
    history = (await browser.get(f"/posts/{number}/history")).text
    assert history.index("tpyo") < history.index("typo")
    async with another() as ben:
        await join(ben, "ben")
        assert (await ben.get(f"/posts/{number}/edit")).status_code == 404
        assert (await ben.post(f"/posts/{number}/edit", data={"text": "mine"})).status_code == 404


async def test_a_picture_is_described_anew_and_aimed_at(browser: Browser, a_picture: bytes) -> None:
    await join(browser, "ada")
    files = {"pictures": ("a.png", a_picture, "image/png")}
    said = await browser.post("/posts", data={"text": "look", "focus_1": "0.00,0.80"}, files=files)
    number = said.url.path.rpartition("/")[2]
    page = (await browser.get(f"/posts/{number}/edit")).text
    assert '<option value="0.00,0.80" selected>' in page
    [picture] = re.findall(r'name="media_alt_(\d+)"', page)
    given = {f"media_alt_{picture}": "A quay", f"media_focus_{picture}": "0.20,-0.80"}
    refused = await browser.post(f"/posts/{number}/edit", data={"text": "x" * 600, **given})
    assert refused.status_code == 422
    assert 'value="A quay"' in refused.text
    assert '<option value="0.20,-0.80" selected>' in refused.text
    shown = (await browser.post(f"/posts/{number}/edit", data={"text": "look", **given})).text
    assert 'data-alt="A quay" data-fx="6" data-fy="9"' in shown
    kept = (await browser.post(f"/posts/{number}/edit", data={"text": "look again"})).text
    assert 'data-alt="A quay" data-fx="6" data-fy="9"' in kept


async def test_a_picture_aimed_at_more_finely_than_forms_tell_stays_as_it_is(
    browser: Browser, a_picture: bytes, store: Store
) -> None:
    await join(browser, "ada")
    files = {"pictures": ("a.png", a_picture, "image/png")}
    said = await browser.post("/posts", data={"text": "look", "focus_1": "0.1234,-0.5678"}, files=files)
    number = said.url.path.rpartition("/")[2]
    page = (await browser.get(f"/posts/{number}/edit")).text
    [(name, value)] = re.findall(r'name="(media_focus_\d+)".*?<option value="([^"]+)" selected', page)
    await browser.post(f"/posts/{number}/edit", data={"text": "look", name: value})
    async with store.reading() as tx:
        post = await get_post(tx, None, PostId(int(number)))
    assert post.edited_at is None
    assert [(each.focus_x, each.focus_y) for each in post.media] == [(0.1234, -0.5678)]


async def test_what_moderators_mark_does_not_become_the_posts_own(browser: Browser, store: Store) -> None:
    await join(browser, "ada")
    said = await browser.post("/posts", data={"text": "a tpyo"})
    number = PostId(int(said.url.path.rpartition("/")[2]))
    async with store.transaction() as tx:
        post = await get_post(tx, None, number)
        await actions.act(tx, None, post.author.id, "sensitive")
    assert "a typo" in (await browser.post(f"/posts/{number}/edit", data={"text": "a typo"})).text
    async with store.transaction() as tx:
        assert (await get_post(tx, None, number)).sensitive
        await actions.release(tx, None, post.author.id, "sensitive")
        assert not (await get_post(tx, None, number)).sensitive


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
