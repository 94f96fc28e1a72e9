"""An instance for clients that nobody here wrote: open to anyone, unhurried, with something in it, on a real socket."""

import asyncio
import contextlib
import pathlib
import socket
import tempfile
from collections.abc import AsyncIterator

import msgspec
from benchmarks.members import REDIRECT
from tests.rig import open_member

from parvis.ai.fake import FakeModels
from parvis.app import House, Serving, open_house
from parvis.core.config import Settings
from parvis.people import apps, grants, scopes
from parvis.people.accounts import Account
from parvis.store.transaction import Tx

CONTACT = "operator@parvis.example"


class Place(msgspec.Struct, frozen=True):
    """A running instance, and a member's token with every scope."""

    url: str
    house: House
    account: Account
    token: str


async def whole_token(tx: Tx, account: Account) -> str:
    """A token that may do everything, got as an app gets it."""
    everything = " ".join(scopes.KNOWN)
    registration = apps.Registration(name="Everything", redirect_uris=(REDIRECT,), scopes=everything)
    app = await apps.register_app(tx, registration)
    asked = grants.Request(client_id=app.app.client_id, redirect_uri=REDIRECT, scopes=everything)
    code = await grants.authorise(tx, account, asked)
    token = await grants.exchange(tx, client_id=app.app.client_id, secret=app.secret, code=code, redirect_uri=REDIRECT)
    return token.key


@contextlib.asynccontextmanager
async def opened(port: int = 0) -> AsyncIterator[Place]:
    """Serve a fresh instance on this port of localhost (0: any) until the block ends."""
    with (
        tempfile.TemporaryDirectory(prefix="parvis-contract-") as folder,
        socket.create_server(("127.0.0.1", port)) as listening,
    ):
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # asyncio sees no TCP in it, and leaves it off
        url = f"http://localhost:{listening.getsockname()[1]}"
        settings = Settings(data=pathlib.Path(folder), models="none", rate_limits=False, url=url, contact=CONTACT)
        async with open_house(settings, FakeModels()) as house:
            async with house.store.transaction() as tx:
                ada = await open_member(tx, "ada")
                token = await whole_token(tx, ada)
            server = Serving(house)
            serving = asyncio.create_task(server.serve([listening]))
            yield Place(url, house, ada, token)
            server.should_exit = True
            await serving
