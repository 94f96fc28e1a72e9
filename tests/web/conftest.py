"""A running instance behind the pages, and browsers without JavaScript: they keep cookies and follow redirects."""

import functools
import io
from collections.abc import AsyncIterator, Callable

import httpx2
import pytest
from PIL import Image
from starlette.applications import Starlette
from tests.cast import say

from parvis import web
from parvis.ai import fake
from parvis.core.config import Settings
from parvis.core.ids import AccountId
from parvis.events import PostPublished
from parvis.notifications.listeners import notify_of_post
from parvis.people.accounts import find_by_handle
from parvis.people.pace import Pace
from parvis.posts.visibility import get_post
from parvis.store.blobs import open_blobs
from parvis.store.database import Store
from parvis.timelines.conversations import file_message
from parvis.timelines.live import Live
from parvis.web.door import Door

Browser = httpx2.AsyncClient
HOST = "http://localhost:8000"


@pytest.fixture
def door(settings: Settings, store: Store) -> Door:
    """The rooms behind the pages, with scripted models."""
    return Door(
        settings=settings,
        store=store,
        blobs=open_blobs(settings),
        models=fake.FakeModels(),
        live=Live(store),
        pace=Pace(enabled=settings.rate_limits, store=store),
    )


def browser_of(door: Door) -> Browser:
    """A browser before these pages."""
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=Starlette(routes=web.routes(door))),
        base_url=HOST,
        headers={"sec-fetch-site": "same-origin", "accept-language": "en"},
        follow_redirects=True,
    )


@pytest.fixture
def another(door: Door) -> Callable[[], Browser]:
    """Opens one more browser."""
    return functools.partial(browser_of, door)


@pytest.fixture
async def browser(another: Callable[[], Browser]) -> AsyncIterator[Browser]:
    """A visitor's browser."""
    async with another() as opened:
        yield opened


async def join(browser: Browser, handle: str) -> None:
    """Open an account by the form, and be signed in."""
    form = {"handle": handle, "name": handle.title(), "email": "", "password": "a long password", "next": "/"}
    answer = await browser.post("/sign-up", data=form)
    assert answer.status_code == 200, answer.text


async def mention(store: Store, author: str, text: str, visibility: str = "mentioned") -> None:
    """Have somebody say something to those whom it names, and have it arrive, with the notification of it."""
    async with store.reading() as tx:
        found = await find_by_handle(tx, author)
    assert found is not None
    post = await say(store, found, text, visibility=visibility)
    async with store.transaction() as tx:
        named = tuple(AccountId(each.id) for each in (await get_post(tx, found, post)).mentions)
        published = PostPublished(post, found.id, post, mentioned=named, visibility=visibility)
        await file_message(tx, published)
        await notify_of_post(tx, published)


@pytest.fixture
def a_picture() -> bytes:
    """A small picture."""
    data = io.BytesIO()
    Image.new("RGB", (64, 48), "#456").save(data, "PNG")
    return data.getvalue()
