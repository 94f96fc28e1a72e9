import csv
import io
import zipfile
from collections.abc import Mapping

import msgspec
from PIL import Image
from tests.cast import follow, members, mute, say
from tests.conftest import BOTH

from parvis.core.config import Settings
from parvis.people.accounts import Account
from parvis.posts import media, pictures
from parvis.posts.archive import PAGE, archive_of
from parvis.posts.drafts import Draft
from parvis.posts.likes import like
from parvis.posts.publish import publish
from parvis.posts.reposts import repost
from parvis.posts.shelves import bookmark
from parvis.store.blobs import open_blobs
from parvis.store.database import Store

pytestmark = BOTH


def a_picture() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (64, 48), "#456").save(data, "PNG")
    return data.getvalue()


def rows_of(listed: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(listed.decode())))


async def archived(store: Store, settings: Settings, account: Account) -> Mapping[str, bytes]:
    pieces = [piece async for piece in archive_of(store, open_blobs(settings), account, settings.url)]
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


async def test_it_holds_all_that_a_member_said_and_nothing_of_others(store: Store, settings: Settings) -> None:
    ada, ben = await members(store, "ada", "ben")
    said = [await say(store, ada, f"number {number}") for number in range(PAGE + 5)]
    hidden = await say(store, ada, "for @ben alone", visibility="mentioned")
    theirs = await say(store, ben, "what ben says")
    async with store.transaction() as tx:
        passed = await repost(tx, ada, theirs)
        await like(tx, ada, theirs)
        await bookmark(tx, ada, theirs)
    files = await archived(store, settings, ada)
    posts = msgspec.json.decode(files["posts.json"])
    assert [int(post["url"].rpartition("/")[2]) for post in posts] == [passed, hidden, *reversed(said)]
    assert posts[0]["passed_on"].endswith(f"/@ben/{theirs}")
    assert "what ben says" not in files["posts.json"].decode()
    for shelf in ("likes.json", "bookmarks.json"):
        assert [one["author"] for one in msgspec.json.decode(files[shelf])] == ["ben"]


async def test_it_holds_the_pictures_and_the_lists(store: Store, settings: Settings) -> None:
    ada, ben, cleo = await members(store, "ada", "ben", "cleo")
    blobs = open_blobs(settings)
    stored = await media.keep(blobs, await pictures.prepare(a_picture(), settings))
    async with store.transaction() as tx:
        kept = await media.add_media(tx, ada, stored, alt="A grey square")
        await publish(tx, ada, Draft("Look", media=(kept.id,)))
        await follow(tx, ada, ben)
        await mute(tx, ada, cleo)
    files = await archived(store, settings, ada)
    (post,) = msgspec.json.decode(files["posts.json"])
    assert post["media"] == [{"file": f"media/{kept.blob}", "description": "A grey square"}]
    assert files[f"media/{kept.blob}"] == await blobs.get(kept.blob)
    assert rows_of(files["following_accounts.csv"])[1][0] == "ben"
    assert rows_of(files["muted_accounts.csv"]) == [["Account address", "Hide notifications"], ["cleo", "true"]]


async def test_a_member_with_nothing_has_an_archive_too(store: Store, settings: Settings) -> None:
    (ada,) = await members(store, "ada")
    files = await archived(store, settings, ada)
    assert msgspec.json.decode(files["posts.json"]) == []
    assert msgspec.json.decode(files["account.json"])["handle"] == "ada"
