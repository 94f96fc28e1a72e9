"""Hostile input at every door of a real server: it is answered or refused, and never an accident.

schemathesis reads the document that the server itself serves and holds the answers to it; the pages are asked by a
client of ours that has no manners. Everything is derandomised: what fails once fails again.
"""

import asyncio
import re
import socket
import sys
import tempfile
from collections.abc import AsyncIterator

import msgspec
import pytest
from benchmarks.members import register, token_for
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as trials
from tests.cast import members
from tests.conftest import BOTH
from tests.journeys.wire import Message, asked, calls, messages

from parvis.ai.fake import FakeModels
from parvis.app import Serving, open_house
from parvis.core.config import Settings
from parvis.people.sessions import start_session
from parvis.posts.drafts import Draft
from parvis.posts.publish import publish

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance"
)
STREAMS = "^/api/v1/streaming/(?!health)"  # they never end; their promises stand in tests/api/test_streaming.py
SEED = "20"
PATIENT = pytest.mark.timeout(900)  # some 300 endpoints, each asked some 20 ways; more by `make conformance`


class Place(msgspec.Struct, frozen=True):
    """A running instance, and what one of its members holds."""

    host: str
    token: str
    cookie: str
    known: tuple[int, ...]  # ids that exist


@pytest.fixture
async def place(settings: Settings) -> AsyncIterator[Place]:
    """A whole instance on a real socket, where somebody has said something."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # asyncio sees no TCP in it, and leaves it off
        host = f"127.0.0.1:{listening.getsockname()[1]}"
        async with open_house(msgspec.structs.replace(settings, url=f"http://{host}"), FakeModels()) as house:
            (ada,) = await members(house.store, "ada")
            async with house.store.transaction() as tx:
                app = await register(tx)
                token, cookie = await token_for(tx, app, ada), await start_session(tx, ada)
                post = await publish(tx, ada, Draft("Good morning, @ada! #sea"))
            server = Serving(house)
            serving = asyncio.create_task(server.serve([listening]))
            yield Place(host, token, cookie, (ada.id, post))
            server.should_exit = True
            await serving


async def fuzzed(place: Place, *options: str) -> str:
    """What schemathesis says of the served document; its last words, when it found something."""
    with tempfile.TemporaryDirectory() as folder:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", "--no-color", "run"),
            f"http://{place.host}/api/parvis/v1/openapi.json",
            *("--checks", CHECKS, "--exclude-path-regex", STREAMS, "--seed", SEED, "--generation-deterministic"),
            *("--request-timeout", "20", "--warnings", "off", "--continue-on-failure"),
            *("--suppress-health-check", "all", *options),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=folder,
        )
        assert process.stdout is not None
        said = (await process.stdout.read()).decode()
        assert await process.wait() == 0, said[-12_000:]
        return said


@PATIENT
@BOTH
async def test_the_document_is_true_for_a_member(place: Place) -> None:
    said = await fuzzed(place, "--header", f"Authorization: Bearer {place.token}", "--max-examples", "1")
    generated = re.search(r"(\d+) generated", said)
    assert generated is not None, said
    assert int(generated[1]) > 1000, said


@PATIENT
async def test_the_document_is_true_for_a_stranger(place: Place) -> None:
    await fuzzed(place, "--max-examples", "1", "--phases", "coverage,fuzzing")


@BOTH
@pytest.mark.parametrize("door", ["pages", "api"])
async def test_no_address_has_an_accident(place: Place, engine: str, door: str) -> None:
    anything = messages(place.cookie, place.known) if door == "pages" else calls(place.token, place.known)

    @trials(
        max_examples=500 if engine == "sqlite" else 300,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(anything)
    def ask(message: Message) -> None:
        raw = message.wire(place.host)
        assert asked(place.host, raw) < 500, raw[:4000]

    await asyncio.to_thread(ask)
