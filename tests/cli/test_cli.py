"""The command as an operator types it: a process of its own, sentences out, a status that scripts can trust."""

import os
import pathlib
import subprocess
import sys

import pytest
from PIL import Image

from parvis.core.config import Settings
from parvis.events import Followed
from parvis.store import jobs
from parvis.store.opening import open_store
from parvis.store.schema import migrate

SOURCE = pathlib.Path(__file__).parents[2] / "src"


def parvis(data: pathlib.Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Type the command."""
    environment = {"PYTHONPATH": str(SOURCE), "PARVIS_DATA": str(data), "COLUMNS": "160", "HOME": os.environ["HOME"]}
    environment |= {f"PARVIS_{name.upper()}": value for name, value in settings.items()}
    return subprocess.run(  # noqa: S603 - our own interpreter and command
        [sys.executable, "-m", "parvis", *words], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("words", [(), ("serve",), ("demo",), ("models", "pull"), ("jobs", "retry"), ("settings",)])
def test_every_command_explains_itself(tmp_path: pathlib.Path, words: tuple[str, ...]) -> None:
    told = parvis(tmp_path, *words, "--help")
    assert told.returncode == 0
    assert "Usage" in told.stdout


def test_a_wrong_setting_is_told_in_a_sentence_and_without_a_trace(tmp_path: pathlib.Path) -> None:
    told = parvis(tmp_path, "settings", port="many")
    assert told.returncode == 1
    assert "docs/settings.md" in told.stderr
    assert "Traceback" not in told.stderr


def test_settings_show_what_is_set_but_no_secret(tmp_path: pathlib.Path) -> None:
    told = parvis(tmp_path, "settings", name="Le Parvis", ai_key="sesame")
    assert "Le Parvis" in told.stdout
    assert "sesame" not in told.stdout


def test_the_catalogue_says_what_is_here(tmp_path: pathlib.Path) -> None:
    told = parvis(tmp_path, "models", "list", models_folder=str(tmp_path))
    assert told.returncode == 0
    assert "Apache-2.0" in told.stdout


def test_a_model_that_nobody_knows_is_refused(tmp_path: pathlib.Path) -> None:
    told = parvis(tmp_path, "models", "pull", "gpt-9", models_folder=str(tmp_path))
    assert told.returncode == 1
    assert "gpt-9" in told.stderr


async def test_a_dead_letter_is_read_and_runs_again(tmp_path: pathlib.Path) -> None:
    settings = Settings(data=tmp_path)
    await migrate(settings)
    async with open_store(settings) as store:
        async with store.transaction() as tx:
            tx.enqueue("write", Followed(1, 2))
        async with store.transaction() as tx:
            (taken,) = await tx.all(jobs.TAKE, of_kind="write", now=tx.now, most=1, until=tx.now)
            await tx.run(
                jobs.PUT_BACK,
                job=taken.id,
                attempt=taken.attempts,
                until=tx.now,
                failed=1,
                problem="ValueError: the ink was dry",
                died=tx.now,
            )
    listed = parvis(tmp_path, "jobs", "list")
    assert "the ink was dry" in listed.stdout
    assert parvis(tmp_path, "jobs", "retry", str(taken.id)).returncode == 0
    again = parvis(tmp_path, "jobs", "retry", str(taken.id))
    assert again.returncode == 1
    assert "parvis jobs list" in again.stderr


async def test_an_emoji_is_added_listed_and_removed(tmp_path: pathlib.Path) -> None:
    await migrate(Settings(data=tmp_path))
    picture = tmp_path / "sun.png"
    Image.new("RGB", (40, 40), "gold").save(picture)
    assert "There is no custom emoji" in parvis(tmp_path, "emoji", "list").stdout
    added = parvis(tmp_path, "emoji", "add", "sun", str(picture), "--category", "Sky", "--unlisted")
    assert ":sun: can be written now" in added.stdout
    told = parvis(tmp_path, "emoji", "list").stdout
    assert "sun" in told
    assert "Sky" in told
    assert parvis(tmp_path, "emoji", "add", "sun", str(tmp_path / "none.png")).returncode == 1
    assert parvis(tmp_path, "emoji", "add", "no-code", str(picture)).returncode == 1
    assert "It is gone" in parvis(tmp_path, "emoji", "remove", "sun").stdout
    assert parvis(tmp_path, "emoji", "remove", "sun").returncode == 1
