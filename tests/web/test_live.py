"""The stream of an open page: what arrives, for whom, in which words."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable

import msgspec
import pytest
from starlette.requests import Request
from starlette.responses import StreamingResponse
from tests.cast import SOON
from tests.web.conftest import Browser, join, mention

from parvis.core.errors import TooFast
from parvis.core.ids import AccountId, PostId
from parvis.events import AnswerGrew
from parvis.notifications.inbox import notifications_of
from parvis.people.accounts import appoint, find_by_handle
from parvis.web import live
from parvis.web.door import Door
from parvis.web.live import Gallery

Lines = AsyncIterator[str]


@pytest.fixture
async def carried(door: Door) -> AsyncIterator[None]:
    """The live room carries events while the test runs."""
    running = asyncio.create_task(door.live.run())
    await asyncio.sleep(0)
    yield
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def listen(door: Door, browser: Browser, query: str) -> Lines:
    """The events of a stream that this browser opens, once it has its seat."""
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/live",
        "query_string": query.encode(),
        "headers": [(b"cookie", cookie.encode())],
        "client": ("127.0.0.1", 1),
    }
    response = await live.endpoint(door)(Request(scope))
    assert isinstance(response, StreamingResponse)
    assert response.media_type == "text/event-stream"
    body = aiter(response.body_iterator)
    assert str(bytes(await anext(body)), "utf-8").startswith("retry:")

    async def events() -> Lines:
        async for line in body:
            yield str(bytes(line), "utf-8")

    return events()


async def next_event(lines: Lines, kind: str) -> dict[str, object]:
    """The next event of this kind."""
    async with asyncio.timeout(SOON):
        async for line in lines:
            name, _, data = line.partition("\n")
            if name == f"event: {kind}":
                return dict(msgspec.json.decode(data.removeprefix("data: ")))
    raise AssertionError(kind)


async def _seated(door: Door, lines: Lines, kind: str) -> asyncio.Task[dict[str, object]]:
    before = door.live.seats
    waiting = asyncio.create_task(next_event(lines, kind))
    for _ in range(20):  # turns of the loop, not of the clock
        await asyncio.sleep(0)
    assert door.live.seats == before + 1
    return waiting


@pytest.mark.usefixtures("carried")
async def test_a_hashtag_without_letters_is_no_channel(door: Door, browser: Browser) -> None:
    lines = await listen(door, browser, "channels=public,tag:%23")
    waiting = await _seated(door, lines, "post")
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


@pytest.mark.usefixtures("carried")
async def test_a_post_arrives_rendered_for_whoever_follows(door: Door, another: Callable[[], Browser]) -> None:
    async with another() as ada, another() as ben:
        await join(ada, "ada")
        await join(ben, "ben")
        follow = re.findall(r'formaction="(/accounts/\d+/follow)"', (await ben.get("/@ada")).text)[0]
        await ben.post(follow)
        waiting = await _seated(door, await listen(door, ben, "channels=home"), "post")
        message = {"text": "@ben in private", "visibility": "mentioned"}
        said = await ada.post("/posts", data=message, headers={"Accept": "application/json"})
        assert said.json()["html"] == ""
        await ada.post("/posts", data={"text": "it arrives"})
        told = await waiting
        assert "it arrives" in str(told["html"])
        assert told["channels"] == ["home"]
        assert isinstance(told["id"], str)


@pytest.mark.usefixtures("carried")
async def test_counts_move_on_the_pages_that_show_the_post(door: Door, browser: Browser) -> None:
    await join(browser, "ada")
    posted = await browser.post("/posts", data={"text": "count me"})
    post = posted.url.path.rpartition("/")[2]
    waiting = await _seated(door, await listen(door, browser, f"channels=&posts={post}"), "counts")
    await browser.post(f"/posts/{post}/like")
    told = await waiting
    assert (told["id"], told["likes"]) == (post, 1)


@pytest.mark.usefixtures("carried")
async def test_the_assistants_answer_grows_in_the_thread(door: Door, browser: Browser) -> None:
    await join(browser, "ada")
    posted = await browser.post("/posts", data={"text": "what is going on?"})
    post = int(posted.url.path.rpartition("/")[2])
    waiting = await _seated(door, await listen(door, browser, f"channels=thread:{post}"), "answer")
    await door.store.bus.publish(AnswerGrew(PostId(post), PostId(post), AccountId(1), 0, "Quite a lot"))
    told = await waiting
    assert (told["question"], told["position"], told["text"]) == (str(post), 0, "Quite a lot")


async def test_a_visitor_hears_only_what_is_public(door: Door, another: Callable[[], Browser]) -> None:
    async with another() as ada, another() as visitor:
        await join(ada, "ada")
        secret = await ada.post("/posts", data={"text": "for mine", "visibility": "followers"})
        post = secret.url.path.rpartition("/")[2]
        lines = await listen(door, visitor, f"channels=home,notifications,public,thread:{post}")
        waiting = await _seated(door, lines, "post")
        [seat] = door.live._seats.all  # noqa: SLF001 - what was joined is not told to anyone
        assert seat.channels == {"public"}
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


@pytest.mark.usefixtures("carried")
async def test_a_private_word_is_told_by_its_chat_and_not_by_the_bell(
    door: Door, another: Callable[[], Browser]
) -> None:
    async with another() as ada, another() as ben:
        await join(ada, "ada")
        await join(ben, "ben")
        [follow] = set(re.findall(r'formaction="(/accounts/\d+/follow)"', (await ada.get("/@ben")).text))
        await ada.post(follow)
        lines = await listen(door, ada, "channels=direct")
        assert await next_event(lines, "conversation") == {"unread": 0, "newest": "0"}
        await mention(door.store, "ben", "@ada psst")
        assert (await next_event(lines, "conversation"))["unread"] == 1
        await mention(door.store, "ben", "@ada aloud", "public")
        rung = await next_event(lines, "notification")
        async with door.store.reading() as tx:
            reader = await find_by_handle(tx, "ada")
            assert reader is not None
            aloud, psst = await notifications_of(tx, reader)
        assert rung["id"] == str(aloud.id) != str(psst.id)


def test_one_reader_holds_a_bounded_number_of_streams(door: Door) -> None:
    gallery = Gallery(door)
    with gallery.place("a"):
        for _ in range(live.MOST_OF_ONE - 1):
            gallery.open["a"] += 1
        with pytest.raises(TooFast), gallery.place("a"):
            pass
        with gallery.place("b"):
            assert gallery.open["b"] == 1


async def test_a_stream_ends_when_its_member_signs_out(
    door: Door, browser: Browser, carried: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "CHECKED_EVERY", 0.0)
    await join(browser, "ada")
    lines = await listen(door, browser, "channels=home")
    assert await _after_silence(door, lines) == [": beat\n\n"]
    async with door.store.transaction() as tx:
        ada = await find_by_handle(tx, "ada")
        assert ada is not None
        await appoint(tx, ada.id, "moderator")
    assert await _after_silence(door, lines) == []  # as it does when they may hear more, or less
    lines = await listen(door, browser, "channels=home")
    assert await _after_silence(door, lines) == [": beat\n\n"]
    await browser.post("/sign-out")
    assert await _after_silence(door, lines) == []


async def _after_silence(door: Door, lines: Lines) -> list[str]:
    """What the stream says when nothing came for a while."""
    waiting = asyncio.create_task(anext(lines, ""))
    for _ in range(20):  # turns of the loop, not of the clock
        await asyncio.sleep(0)
    for _ in range(2):
        door.live.beat()
    async with asyncio.timeout(SOON):
        return [line] if (line := await waiting) else []


@pytest.mark.usefixtures("carried")
async def test_the_desk_hears_of_reports_and_nobody_else_does(door: Door, another: Callable[[], Browser]) -> None:
    async with another() as ada, another() as mona:
        await join(ada, "ada")
        await join(mona, "mona")
        async with door.store.transaction() as tx:
            mona_is = await find_by_handle(tx, "mona")
            assert mona_is is not None
            await appoint(tx, mona_is.id, "moderator")
        lines = await listen(door, mona, "channels=")
        waiting = await _seated(door, lines, "desk")
        deaf = await _seated(door, await listen(door, ada, "channels=desk"), "desk")
        await ada.post("/@mona/report", data={"category": "spam", "comment": "Again"})
        told = await waiting
        assert (told["open"], told["filed"], deaf.done()) == (1, True, False)
        deaf.cancel()
        await asyncio.gather(deaf, return_exceptions=True)
        await mona.post(f"/desk/reports/{told['id']}/resolve")
        told = await next_event(lines, "desk")
        assert (told["open"], told["filed"]) == (0, False)
