"""Web push, from a subscription through the API to a push service that answers on a real socket."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any

import http_ece
import msgspec
import pytest
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tests.api.conftest import Caller, World
from tests.conftest import BOTH

from parvis.api.push_entity import push_letter
from parvis.core.ids import AccountId
from parvis.core.outbound import Outbound
from parvis.notifications import couriers
from parvis.notifications.envelope import base64url, from_base64, key_of, point_of
from parvis.notifications.pushes import PUSH
from parvis.people import restraining
from parvis.people.restraints import Restraint
from parvis.store.jobs import Runner
from parvis.store.letters import COUNTS

SECRET = b"a secret of 16 b"


class Service:
    """A push service, and the browser that it pushes to."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.status = 201
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.app = Starlette(routes=[Route("/push/{who}", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        self.got.append((dict(request.headers), await request.body()))
        return Response(status_code=self.status)

    def subscription(self, *, standard: bool, who: str = "me") -> dict[str, Any]:
        point = base64url(point_of(self.key.public_key()))
        keys = {"p256dh": point, "auth": base64url(SECRET)}
        return {"endpoint": f"{self.address}/push/{who}", "keys": keys, "standard": standard}

    def read(self, headers: dict[str, str], body: bytes) -> Any:
        """What the browser sees."""
        if headers["content-encoding"] == "aes128gcm":
            words = http_ece.decrypt(body, private_key=self.key, auth_secret=SECRET, version="aes128gcm")
        else:
            assert headers["content-encoding"] == "aesgcm"
            salt = from_base64(headers["encryption"].removeprefix("salt="))
            dh = from_base64(headers["crypto-key"].split(";")[0].removeprefix("dh="))
            words = http_ece.decrypt(body, salt=salt, private_key=self.key, dh=dh, auth_secret=SECRET, version="aesgcm")
        return msgspec.json.decode(words)

    def statement(self, headers: dict[str, str], server_key: str) -> dict[str, Any]:
        """What the instance says of itself to the service, its signature checked."""
        kind, _, said = headers["authorization"].partition(" ")
        if kind == "vapid":
            parts = dict(part.strip().split("=", 1) for part in said.split(","))
            assert parts["k"] == server_key
            said = parts["t"]
        else:
            assert kind == "WebPush"
            assert headers["crypto-key"].endswith(f"p256ecdsa={server_key}")
        public = key_of(from_base64(server_key))
        return dict(jwt.decode(said, ECKey(public, public)).claims)


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Service(f"http://127.0.0.1:{listening.getsockname()[1]}")
        server = uvicorn.Server(uvicorn.Config(made.app, log_level="warning", lifespan="off"))
        serving = asyncio.create_task(server.serve([listening]))
        yield made
        server.should_exit = True
        await serving


class Post(msgspec.Struct):
    """The world, with couriers that run."""

    world: World
    runner: Runner

    async def settle(self) -> None:
        await self.world.settle()
        await self.runner.settle()


@contextlib.asynccontextmanager
async def couriers_running(world: World, allowed: str) -> AsyncIterator[Post]:
    settings = msgspec.structs.replace(world.settings, outbound_allow=allowed)
    outbound = Outbound(settings)
    runner = Runner(world.store, [couriers.kind(settings, outbound, push_letter(settings))])
    running = asyncio.create_task(runner.run())
    yield Post(world, runner)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await outbound.close()


@pytest.fixture
async def post(world: World) -> AsyncIterator[Post]:
    async with couriers_running(world, "127.0.0.1") as opened:
        yield opened


async def waiting(world: World) -> int:
    """How many pushes are still to be carried."""
    async with world.store.reading() as tx:
        return sum(row[1] for row in await tx.all(COUNTS) if row[0] == PUSH)


@BOTH
@pytest.mark.parametrize("standard", [True, False])
async def test_a_mention_is_pushed_so_that_only_the_browser_reads_it(
    ada: Caller, ben: Caller, post: Post, service: Service, *, standard: bool
) -> None:
    asked = {"subscription": service.subscription(standard=standard), "data": {"alerts": {"mention": True}}}
    made = await ada.post("/api/v1/push/subscription", json=asked)
    assert made["standard"] is standard
    assert made["alerts"]["mention"] is True
    assert made["alerts"]["favourite"] is False
    assert made["endpoint"] == asked["subscription"]["endpoint"]
    await ben.say("@ada look at <this>")
    said = await ada.say("hello")
    await ben.post(f"/api/v1/statuses/{said['id']}/favourite")
    await post.settle()
    ((headers, body),) = service.got  # the like was not asked for
    told = (await ada.get("/api/v1/notifications?types[]=mention"))[0]
    assert service.read(headers, body) == {
        "access_token": ada.token,
        "preferred_locale": "en",
        "notification_id": int(told["id"]),
        "notification_type": "mention",
        "icon": told["account"]["avatar"],
        "title": "Ben mentioned you",
        "body": "@ada look at <this>",
    }
    claims = service.statement(headers, made["server_key"])
    assert claims["aud"] == service.address
    assert claims["sub"].startswith(("http://", "https://", "mailto:"))
    assert headers["ttl"] == "172800"


async def test_a_subscription_is_one_for_each_token_and_can_be_changed_and_ended(
    ada: Caller, ben: Caller, world: World, post: Post, service: Service
) -> None:
    await ada.get("/api/v1/push/subscription", 404)
    await ada.ask("PUT", "/api/v1/push/subscription", 404, json={"data": {"alerts": {"mention": True}}})
    form = {
        "subscription[endpoint]": f"{service.address}/push/form",
        "subscription[keys][p256dh]": base64url(point_of(service.key.public_key())),
        "subscription[keys][auth]": base64url(SECRET),
        "data[alerts][follow]": "true",
        "data[alerts][admin.sign_up]": "1",
        "data[policy]": "followed",
    }
    made = await ada.post("/api/v1/push/subscription", data=form)
    assert made["alerts"]["follow"] is made["alerts"]["admin.sign_up"] is True
    assert made["policy"] == "followed"
    assert await ada.get("/api/v1/push/subscription") == made
    await ben.post(f"/api/v1/accounts/{ada.id}/follow")
    await post.settle()
    assert service.got == []  # ada does not follow ben
    changed = await ada.ask("PUT", "/api/v1/push/subscription", json={"data": {"alerts": {"mention": True}}})
    assert (changed["policy"], changed["alerts"]["follow"], changed["id"]) == ("all", False, made["id"])
    again = await ada.post("/api/v1/push/subscription", json={"subscription": service.subscription(standard=True)})
    assert again["id"] != made["id"]
    assert await ada.ask("DELETE", "/api/v1/push/subscription") == {}
    assert await ada.ask("DELETE", "/api/v1/push/subscription") == {}
    await ada.get("/api/v1/push/subscription", 404)
    instance = await ada.get("/api/v2/instance")
    assert instance["configuration"]["vapid"]["public_key"] == made["server_key"]


async def test_wrong_keys_and_addresses_and_scopes_are_refused(ada: Caller, world: World, service: Service) -> None:
    good = service.subscription(standard=True)
    for wrong in (
        good | {"endpoint": "ftp://push.example/x"},
        good | {"keys": good["keys"] | {"p256dh": "AAAA"}},
        good | {"keys": good["keys"] | {"auth": "AAAA"}},
        {"keys": good["keys"]},
    ):
        await ada.post("/api/v1/push/subscription", 422, json={"subscription": wrong})
    other = await world.member("cleo", scopes="read write")
    await other.post("/api/v1/push/subscription", 403, json={"subscription": good})


async def test_a_service_that_knows_the_subscription_no_more_ends_it_and_a_busy_one_is_asked_again(
    ada: Caller, ben: Caller, post: Post, service: Service
) -> None:
    asked = {"subscription": service.subscription(standard=True), "data": {"alerts": {"mention": True}}}
    await ada.post("/api/v1/push/subscription", json=asked)
    for busy in (429, 503):
        service.status = busy
        await ben.say(f"@ada {busy}")
        await post.settle()
        await ada.get("/api/v1/push/subscription")
    assert await waiting(post.world) == 2
    service.status = 410
    await ben.say("@ada gone")
    await post.settle()
    await ada.get("/api/v1/push/subscription", 404)


async def test_an_address_inside_is_never_called(ada: Caller, ben: Caller, world: World, service: Service) -> None:
    async with couriers_running(world, "") as post:
        asked = {"subscription": service.subscription(standard=True), "data": {"alerts": {"mention": True}}}
        await ada.post("/api/v1/push/subscription", json=asked)
        await ben.say("@ada hello")
        await post.settle()
        assert service.got == []
        await ada.get("/api/v1/push/subscription", 404)


async def test_what_was_taken_back_or_kept_aside_is_not_pushed(
    ada: Caller, ben: Caller, world: World, service: Service
) -> None:
    asked = {"subscription": service.subscription(standard=True), "data": {"alerts": {"mention": True}}}
    await ada.post("/api/v1/push/subscription", json=asked)
    await ben.say("@ada psst", visibility="direct")  # waits: ada does not know ben
    said = await ben.say("@ada hello")
    await world.settle()
    assert await waiting(world) == 1
    await ben.ask("DELETE", f"/api/v1/statuses/{said['id']}")
    async with couriers_running(world, "127.0.0.1") as post:
        await post.settle()
    assert service.got == []
    assert await waiting(world) == 0


async def test_an_app_is_told_the_key_when_it_registers(ada: Caller, world: World) -> None:
    app = await ada.post("/api/v1/apps", json={"client_name": "An app", "redirect_uris": "https://app.example/"})
    assert len(from_base64(app["vapid_key"])) == 65


@BOTH
async def test_nothing_is_pushed_to_who_is_locked_out(ada: Caller, ben: Caller, post: Post, service: Service) -> None:
    asked = {"subscription": service.subscription(standard=True), "data": {"alerts": {"mention": True}}}
    await ada.post("/api/v1/push/subscription", json=asked)
    async with post.world.store.transaction() as tx:
        await restraining.lay(tx, AccountId(int(ada.id)), Restraint.DISABLED)
    await ben.say("@ada still there?")
    await post.settle()
    assert service.got == []
    assert await waiting(post.world) == 0
