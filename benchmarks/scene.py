"""What some loads need beside the world: filters that are set, and notifications that many made."""

import asyncio
from collections.abc import Sequence

from benchmarks.load import get, post, send
from benchmarks.reads import decoded
from benchmarks.server import Server

GROUPS = 40  # a default page of notifications
MAKERS = 170  # of those groups, together
PATIENCE = 60.0  # seconds until the jobs have told
FILTERS = (
    {"title": "hidden", "context": ["home"], "filter_action": "hide", "keyword": "horrible"},
    {"title": "warned of", "context": ["home"], "filter_action": "warn", "keyword": "love"},
)


async def set_filters(server: Server, tokens: Sequence[str]) -> None:
    """Each of these members hides one word at home and is warned of another, unless they have filters already."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    for token in tokens:
        _, body = await send(reader, writer, get("/api/v2/filters", token))
        for wish in FILTERS if not decoded(body) else ():
            words = [{"keyword": wish["keyword"], "whole_word": True}]
            rest = {name: value for name, value in wish.items() if name != "keyword"}
            status, body = await send(
                reader, writer, post("/api/v2/filters", token, rest | {"keywords_attributes": words})
            )
            assert status == 200, body
    writer.close()


async def make_heard(server: Server, tokens: Sequence[str], likers: Sequence[str]) -> None:
    """Each of these members says so much, and is liked by so many, that a page of notifications is full of groups."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    for token in tokens:
        said = []
        for number in range(GROUPS):
            status, body = await send(
                reader, writer, post("/api/v1/statuses", token, {"status": f"To be liked, number {number}."})
            )
            assert status == 200, body
            said.append(decoded(body)["id"])
        for number in range(MAKERS):
            path = f"/api/v1/statuses/{said[number % GROUPS]}/favourite"
            status, body = await send(reader, writer, post(path, likers[number // GROUPS], {}))
            assert status == 200, body
    async with asyncio.timeout(PATIENCE):
        for token in tokens:
            while True:
                _, body = await send(reader, writer, get("/api/v2/notifications", token))
                groups = decoded(body)["notification_groups"]
                if sum(group["notifications_count"] for group in groups) == MAKERS:
                    break
                await asyncio.sleep(0.2)
    writer.close()


async def write_beside(server: Server, tokens: Sequence[str], per_second: float) -> None:
    """Publish at this pace, in turns, until cancelled."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    time, number = asyncio.get_running_loop().time, 0
    due = time()
    try:
        while True:
            text = {"status": f"Said beside, number {number}."}
            status, body = await send(reader, writer, post("/api/v1/statuses", tokens[number % len(tokens)], text))
            assert status == 200, body
            number, due = number + 1, max(due + 1 / per_second, time() - 1)
            await asyncio.sleep(due - time())
    finally:
        writer.close()
