"""Who meets a post where: every viewer, times each visibility, times each endpoint that can show one.

The table is complete: an endpoint whose answer can hold a status and that is not in it fails a test.
"""

import asyncio
import contextlib
import json
import types
import typing
from collections.abc import Awaitable, Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import msgspec
from msgspec import inspect
from sqlalchemy import bindparam, insert
from tests.api.conftest import Caller, World
from tests.cast import ALL, NONE, OPEN, SEES
from websockets.asyncio.client import ClientConnection, connect

from parvis.api import map as api_map
from parvis.api.status_entity import Status
from parvis.api.streams import CHANNELS
from parvis.store import tables
from parvis.store.statement import Statement

VISIBILITIES = {"public": "public", "unlisted": "unlisted", "followers": "private", "mentioned": "direct"}
LINK = "https://example.org/page"
SILENCE = 1.0  # seconds
FEEDS = SEES | {"muting": NONE}  # who is muted is not met in feeds
NEAR = dict.fromkeys(SEES, NONE) | {"author": ALL, "follower": OPEN | {"followers"}}
SAID_TO_ALL = {who: sees & {"public"} for who, sees in FEEDS.items()}
TOLD = dict.fromkeys(SEES, NONE) | {"author": ALL, "mentioned": ALL}  # the author, of who liked them
ASIDE = dict.fromkeys(SEES, NONE) | {"mentioned": {"mentioned"}}  # what a stranger says in private waits to be let in
PRIVATELY = dict.fromkeys(SEES, NONE) | {"author": {"mentioned"}, "mentioned": {"mentioned"}}
OWN = dict.fromkeys(SEES, NONE) | {"author": ALL}
MEMBERS = {who: (NONE if who == "nobody" else sees) for who, sees in SEES.items()}


class Stage(msgspec.Struct):
    """The posts by visibility, who looks, and what is asked about."""

    world: World
    viewers: dict[str, Caller | None]
    author: Caller
    start: str
    posts: dict[str, str]
    lists: dict[str, str]

    async def ask(self, who: str, method: str, path: str) -> Any:
        viewer = self.viewers[who]
        headers = {"Authorization": f"Bearer {viewer.token}"} if viewer else {}
        return await self.world.client.request(method, path, headers=headers)

    async def found(self, who: str, path: str) -> set[str]:
        """Those of the posts that the answer to this GET holds, wherever in it."""
        answer = await self.ask(who, "GET", path)
        if answer.status_code in (401, 404, 422):
            return set()
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return {name for name, post in self.posts.items() if holds(answer.json(), post)}


def holds(answer: Any, post: str) -> bool:
    """Whether a status of this id is anywhere in the answer."""
    if isinstance(answer, dict):
        return ("visibility" in answer and answer.get("id") == post) or any(holds(one, post) for one in answer.values())
    return isinstance(answer, list) and any(holds(one, post) for one in answer)


Table = Mapping[str, AbstractSet[str]]
Probe = Callable[[Stage, str], Awaitable[set[str]]]


def page(path: str) -> Probe:
    """What one page holds."""

    async def probe(stage: Stage, who: str) -> set[str]:
        several = "&".join(f"id[]={post}" for post in stage.posts.values())
        named = {"author": stage.author.id, "start": stage.start, "list": stage.lists.get(who), "several": several}
        return await stage.found(who, path.format(**named))

    return probe


def each(method: str, path: str) -> Probe:
    """Which posts are there for who asks for them one by one: whatever else is said, it is not that there is none."""

    async def probe(stage: Stage, who: str) -> set[str]:
        found = set()
        for name, post in stage.posts.items():
            answer = await stage.ask(who, method, path.format(id=post, start=stage.start))
            if answer.status_code not in (401, 404):
                found.add(name)
                if answer.status_code == 200 and path.endswith("statuses/{id}"):
                    assert post in answer.text
        return found

    return probe


async def by_notification(stage: Stage, who: str) -> set[str]:
    """What one's notifications hold, each asked for by its id."""
    answer = await stage.ask(who, "GET", "/api/v1/notifications?include_filtered=true")
    found = set()
    for one in answer.json() if answer.status_code == 200 else ():
        whole = (await stage.ask(who, "GET", f"/api/v1/notifications/{one['id']}")).json()
        found |= {name for name, post in stage.posts.items() if holds(whole, post)}
    return found


async def by_group(stage: Stage, who: str) -> set[str]:
    """The same of groups."""
    answer = await stage.ask(who, "GET", "/api/v2/notifications?include_filtered=true")
    found = set()
    for one in answer.json()["notification_groups"] if answer.status_code == 200 else ():
        whole = (await stage.ask(who, "GET", f"/api/v2/notifications/{one['group_key']}")).json()
        found |= {name for name, post in stage.posts.items() if holds(whole, post)}
    return found


async def by_request(stage: Stage, who: str) -> set[str]:
    """What is kept aside, each asked for by its id."""
    answer = await stage.ask(who, "GET", "/api/v1/notifications/requests")
    found = set()
    for one in answer.json() if answer.status_code == 200 else ():
        whole = (await stage.ask(who, "GET", f"/api/v1/notifications/requests/{one['id']}")).json()
        found |= {name for name, post in stage.posts.items() if holds(whole, post)}
    return found


async def by_conversation(stage: Stage, who: str) -> set[str]:
    """What conversations hold once they are read."""
    answer = await stage.ask(who, "GET", "/api/v1/conversations")
    found = set()
    for one in answer.json() if answer.status_code == 200 else ():
        whole = (await stage.ask(who, "POST", f"/api/v1/conversations/{one['id']}/read")).json()
        found |= {name for name, post in stage.posts.items() if holds(whole, post)}
    return found


async def by_address(stage: Stage, who: str) -> set[str]:
    """What a search for its address finds."""
    found = set()
    for name, post in stage.posts.items():
        url = f"{stage.world.settings.url}/@author/{post}"
        answer = await stage.ask(who, "GET", f"/api/v2/search?q={url}&type=statuses")
        if answer.status_code == 200 and holds(answer.json(), post):
            found.add(name)
    return found


SHOWN: tuple[tuple[str, Probe, Table], ...] = (
    ("GET /api/v1/statuses/{id}", each("GET", "/api/v1/statuses/{id}"), SEES),
    ("GET /api/v1/statuses/{id}/context", page("/api/v1/statuses/{start}/context"), SEES),
    ("GET /api/v1/statuses/{id}/history", each("GET", "/api/v1/statuses/{id}/history"), SEES),
    ("GET /api/v1/statuses/{id}/favourited_by", each("GET", "/api/v1/statuses/{id}/favourited_by"), SEES),
    ("GET /api/v1/statuses/{id}/reblogged_by", each("GET", "/api/v1/statuses/{id}/reblogged_by"), SEES),
    ("GET /api/v1/statuses/{id}/source", each("GET", "/api/v1/statuses/{id}/source"), OWN),
    ("GET /api/v1/statuses/{id}/quotes", page("/api/v1/statuses/{start}/quotes"), FEEDS),
    ("GET /api/v1/statuses", page("/api/v1/statuses?{several}"), SEES),
    ("GET /api/v1/accounts/{id}/statuses", page("/api/v1/accounts/{author}/statuses"), SEES),
    (
        "GET /api/v1/accounts/{id}/statuses",
        page("/api/v1/accounts/{author}/statuses?pinned=true"),
        {who: sees - {"mentioned"} for who, sees in SEES.items()},  # what is said to a few cannot be pinned
    ),
    ("GET /api/v1/timelines/home", page("/api/v1/timelines/home"), NEAR),
    ("GET /api/v1/timelines/public", page("/api/v1/timelines/public?local=true"), SAID_TO_ALL),
    ("GET /api/v1/timelines/tag/{hashtag}", page("/api/v1/timelines/tag/tag"), SAID_TO_ALL),
    ("GET /api/v1/timelines/link", page(f"/api/v1/timelines/link?url={LINK}"), SAID_TO_ALL),
    ("GET /api/v1/timelines/list/{list_id}", page("/api/v1/timelines/list/{list}"), NEAR | {"author": NONE}),
    ("GET /api/v1/timelines/direct", page("/api/v1/timelines/direct"), PRIVATELY),
    ("GET /api/v1/conversations", page("/api/v1/conversations"), PRIVATELY),
    ("POST /api/v1/conversations/{id}/read", by_conversation, PRIVATELY),
    ("GET /api/v1/bookmarks", page("/api/v1/bookmarks"), MEMBERS),
    ("GET /api/v1/favourites", page("/api/v1/favourites"), MEMBERS),
    ("GET /api/v1/notifications", page("/api/v1/notifications?include_filtered=true"), TOLD),
    ("GET /api/v1/notifications/{id}", by_notification, TOLD),
    ("GET /api/v2/notifications", page("/api/v2/notifications?include_filtered=true"), TOLD),
    ("GET /api/v2/notifications/{group_key}", by_group, TOLD),
    ("GET /api/v1/notifications/requests", page("/api/v1/notifications/requests"), ASIDE),
    ("GET /api/v1/notifications/requests/{id}", by_request, ASIDE),
    ("GET /api/v2/search", by_address, SEES),
    ("POST /api/v1/statuses/{id}/favourite", each("POST", "/api/v1/statuses/{id}/favourite"), MEMBERS),
    ("POST /api/v1/statuses/{id}/unfavourite", each("POST", "/api/v1/statuses/{id}/unfavourite"), MEMBERS),
    ("POST /api/v1/statuses/{id}/bookmark", each("POST", "/api/v1/statuses/{id}/bookmark"), MEMBERS),
    ("POST /api/v1/statuses/{id}/unbookmark", each("POST", "/api/v1/statuses/{id}/unbookmark"), MEMBERS),
    ("POST /api/v1/statuses/{id}/mute", each("POST", "/api/v1/statuses/{id}/mute"), MEMBERS),
    ("POST /api/v1/statuses/{id}/unmute", each("POST", "/api/v1/statuses/{id}/unmute"), MEMBERS),
    ("POST /api/v1/statuses/{id}/reblog", each("POST", "/api/v1/statuses/{id}/reblog"), MEMBERS),
    ("POST /api/v1/statuses/{id}/unreblog", each("POST", "/api/v1/statuses/{id}/unreblog"), MEMBERS),
    ("POST /api/v1/statuses/{id}/pin", each("POST", "/api/v1/statuses/{id}/pin"), MEMBERS),
    ("POST /api/v1/statuses/{id}/unpin", each("POST", "/api/v1/statuses/{id}/unpin"), MEMBERS),
    (
        "POST /api/v1/statuses/{id}/quotes/{quoting_status_id}/revoke",
        each("POST", "/api/v1/statuses/{start}/quotes/{id}/revoke"),
        MEMBERS,
    ),
    ("PUT /api/v1/statuses/{id}", each("PUT", "/api/v1/statuses/{id}"), OWN),
    (
        "PUT /api/v1/statuses/{id}/interaction_policy",
        each("PUT", "/api/v1/statuses/{id}/interaction_policy"),
        OWN,
    ),  # the last: it changes what they say
)
"""Every endpoint that can show somebody's post, how it is asked, and who finds what by it."""

ELSEWHERE = {
    "POST /api/v1/statuses": "answers one's own new post",
    "DELETE /api/v1/statuses/{id}": "one's own alone: tests/api/test_statuses.py",
    "GET /api/v1/trends/statuses": "public, and through the last look: tests/timelines/test_trends.py",
    "GET /api/v1/annual_reports": "there is none to show",
    "GET /api/v1/annual_reports/{year}": "there is none to show",
}
"""Endpoints that answer statuses and are proven elsewhere, or show only what the caller wrote just now."""


def answers_statuses(kind: Any, seen: set[type]) -> bool:
    """Whether a status is anywhere in what this type holds."""
    if isinstance(kind, inspect.StructType):
        if kind.cls is Status:
            return True
        if kind.cls in seen:
            return False
        seen.add(kind.cls)
        return any(answers_statuses(field.type, seen) for field in kind.fields)
    inner = [getattr(kind, name) for name in ("type", "item_type", "value_type") if hasattr(kind, name)]
    inner += [*getattr(kind, "types", ()), *getattr(kind, "item_types", ())]
    return any(answers_statuses(one, seen) for one in inner)


def kinds_of(output: Any) -> tuple[Any, ...]:
    """What an endpoint may answer, one by one."""
    return typing.get_args(output) if isinstance(output, types.UnionType) else (output,)


def test_every_endpoint_that_can_show_a_post_is_in_the_table() -> None:
    showing = {
        f"{one.method} {one.path}"
        for one in api_map.endpoints()
        if "/admin/" not in one.path
        and any(answers_statuses(inspect.type_info(kind), set()) for kind in kinds_of(one.output))
    }
    named = {endpoint for endpoint, _, _ in SHOWN} | ELSEWHERE.keys()
    assert not showing - named
    assert named <= {f"{one.method} {one.path}" for one in api_map.endpoints()}


async def staged(world: World) -> Stage:
    """Everyone as they stand to the author, who then says one thing to each audience."""
    people = {who: await world.member(who) for who in SEES if who != "nobody"}
    author = people["author"]
    lists = {}
    for who, one in people.items():
        lists[who] = (await one.post("/api/v1/lists", json={"title": who}))["id"]
        if who not in ("author", "mentioned"):
            await one.post(f"/api/v1/accounts/{author.id}/follow")
            await one.post(f"/api/v1/lists/{lists[who]}/accounts", json={"account_ids": [author.id]})
    start = (await author.say("the beginning"))["id"]
    posts = {}
    for name, visibility in VISIBILITIES.items():
        words = f"{name} #tag @mentioned @blocked @blocking"
        said = await author.say(words, visibility=visibility, in_reply_to_id=start, quoted_status_id=start)
        posts[name] = said["id"]
        if name != "mentioned":
            await author.post(f"/api/v1/statuses/{said['id']}/pin")
        async with world.store.transaction() as tx:
            await tx.run(LINKED, url=LINK, post=int(said["id"]))
    await world.settle()
    for who, one in people.items():
        for name, post in posts.items():
            if name != "mentioned" or who in ("author", "mentioned", "blocked", "blocking"):
                for way in ("bookmark", "favourite"):
                    await one.post(f"/api/v1/statuses/{post}/{way}")
    await people["stranger"].post(f"/api/v1/accounts/{author.id}/unfollow")
    await author.post(f"/api/v1/accounts/{people['blocked'].id}/block")
    await people["blocking"].post(f"/api/v1/accounts/{author.id}/block")
    await people["muting"].post(f"/api/v1/accounts/{author.id}/mute")
    await world.settle()
    return Stage(world, {**people, "nobody": None}, author, start, posts, lists)


LINKED = Statement(insert(tables.post_links).values(url=bindparam("url"), post_id=bindparam("post")))


async def test_everyone_meets_what_the_table_says_wherever_a_post_can_be_shown(world: World) -> None:
    stage = await staged(world)
    wrong = []
    for endpoint, probe, table in SHOWN:
        for who in SEES:
            found = await probe(stage, who)
            if found != table[who]:
                wrong.append((endpoint, who, f"too much: {found - table[who]}", f"missing: {table[who] - found}"))
    assert not wrong, "\n".join(map(str, wrong))


STREAMED: dict[str, Table] = {
    "user": NEAR,
    "public": SAID_TO_ALL,
    "public:local": SAID_TO_ALL,
    "public:remote": dict.fromkeys(SEES, NONE),
    "hashtag&tag=tag": SAID_TO_ALL,
    "hashtag:local&tag=tag": SAID_TO_ALL,
    "list&list={list}": NEAR | {"author": NONE},
    "direct": PRIVATELY,
}
"""Every stream that can carry a post (`public:media` and its like carry a part of the same), and who hears what."""


async def heard_by(socket: ClientConnection, posts: dict[str, str]) -> set[str]:
    """Those of the posts that come before a silence."""
    found = set()
    with contextlib.suppress(TimeoutError):
        while True:
            message = json.loads(await asyncio.wait_for(socket.recv(), SILENCE))
            if message.get("event") in {"update", "conversation"}:
                found |= {name for name, post in posts.items() if holds(json.loads(message["payload"]), post)}
    return found


async def test_everyone_hears_what_the_table_says_on_every_stream(world: World, address: str) -> None:
    stage = await staged(world)
    async with contextlib.AsyncExitStack() as stack:
        sockets = {}
        for stream in STREAMED:
            for who, viewer in stage.viewers.items():
                named = stream.format(list=stage.lists.get(who))
                token = f"&access_token={viewer.token}" if viewer else ""
                if viewer or not named.startswith(("user", "direct", "list")):
                    url = f"ws://{address}/api/v1/streaming?stream={named}{token}"
                    sockets[stream, who] = await stack.enter_async_context(connect(url))
        posts = {}
        for name, visibility in VISIBILITIES.items():
            words = f"{name} #tag @mentioned @blocked @blocking"
            said = await stage.author.say(words, visibility=visibility, in_reply_to_id=stage.start)
            posts[name] = said["id"]
        await world.settle()
        found = await asyncio.gather(*(heard_by(socket, posts) for socket in sockets.values()))
    wrong = [
        (stream, who, heard, STREAMED[stream][who])
        for (stream, who), heard in zip(sockets, found, strict=True)
        if heard != STREAMED[stream][who]
    ]
    assert not wrong, "\n".join(map(str, wrong))


def test_every_stream_is_in_the_table() -> None:
    named = {stream.partition("&")[0] for stream in STREAMED}
    assert named == {name for name in CHANNELS if "media" not in name} - {"user:notification"}
