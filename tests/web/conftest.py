"""A running instance behind the pages, and browsers without JavaScript: they keep cookies and follow redirects."""

import functools
import io
from collections.abc import AsyncIterator, Callable

import httpx2
import pytest
from PIL import Image
from starlette.applications import Starlette

from parvis import web
from parvis.ai import fake
from parvis.core.config import Settings
from parvis.people.pace import Pace
from parvis.store.blobs import open_blobs
from parvis.store.database import Store
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


@pytest.fixture
def a_picture() -> bytes:
    """A small picture."""
    data = io.BytesIO()
    Image.new("RGB", (64, 48), "#456").save(data, "PNG")
    return data.getvalue()
