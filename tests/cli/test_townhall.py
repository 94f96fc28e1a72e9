"""What an operator tells the community, beside a running instance."""

import asyncio
import pathlib

from tests.cli.test_cli import parvis
from tests.conftest import BOTH

from parvis.core.config import Settings
from parvis.moderation import announcements, house
from parvis.moderation.work import KINDS
from parvis.store.jobs import Runner
from parvis.store.opening import open_store


@BOTH
async def test_what_is_announced_waits_for_the_instance_to_tell_it(settings: Settings) -> None:
    def run(*words: str) -> str:
        told = parvis(settings.data, *words, database=settings.database)
        assert told.returncode == 0, told.stderr
        return str(told.stdout)

    assert "to be published" in run("announce", "publish", "Hello #square")
    run("announce", "publish", "Later", "--at", "2099-01-01T00:00:00Z")
    async with open_store(settings) as store:
        runner = Runner(store, KINDS)
        running = asyncio.create_task(runner.run())
        await runner.settle()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        async with store.reading() as tx:
            (shown,) = await announcements.current(tx, None)
    assert shown.announcement.text == "Hello #square"
    listed = run("announce", "list")
    assert "shown" in listed
    assert "due 2099" in listed
    run("announce", "end", str(shown.announcement.id))
    async with open_store(settings) as store, store.reading() as tx:
        assert await announcements.current(tx, None) == []


async def test_rules_and_texts_are_written(settings: Settings, tmp_path: pathlib.Path) -> None:
    def run(*words: str) -> str:
        told = parvis(settings.data, *words)
        assert told.returncode == 0, told.stderr
        return str(told.stdout)

    run("rules", "add", "Be kind.", "--hint", "Please.")
    async with open_store(settings) as store, store.reading() as tx:
        (rule,) = await house.rules_of(tx)
    assert (rule.text, rule.hint) == ("Be kind.", "Please.")
    run("rules", "translate", str(rule.id), "fr", "Soyez aimables.")
    assert "fr" in run("rules", "list")
    file = tmp_path / "about.md"
    file.write_text("# Ours\n")
    run("texts", "write", "about", str(file))
    assert "<h1>Ours</h1>" in run("texts", "show", "about")
    assert parvis(settings.data, "texts", "show", "nothing").returncode == 1
