import msgspec
import pytest
from tests.api.conftest import Caller, World
from tests.conftest import BOTH

from parvis.core import clock
from parvis.core.errors import Forbidden, Invalid, NotFound
from parvis.moderation import announcements
from parvis.moderation.announcements import Notice


async def announce(world: World, text: str, due_at: int | None = None, **more: int) -> int:
    async with world.store.transaction() as tx:
        one = await announcements.announce(tx, None, Notice(text=text, **more), world.settings.domain, due_at)
    return one.id


@BOTH
async def test_an_announcement_is_read_put_away_and_told_apart(ada: Caller, world: World) -> None:
    status = await ada.say("a post")
    words = f"Hello @ada, see {status['url']} and #news\n\nhttps://parvis.example/"
    one = await announce(world, words)
    (told,) = await ada.get("/api/v1/announcements")
    assert (told["id"], told["read"], told["all_day"], told["reactions"]) == (str(one), False, False, [])
    assert [who["acct"] for who in told["mentions"]] == ["ada"]
    assert [tag["name"] for tag in told["tags"]] == ["news"]
    assert [post["id"] for post in told["statuses"]] == [status["id"]]
    assert '<a href="https://parvis.example/"' in told["content"]
    await ada.post(f"/api/v1/announcements/{one}/dismiss")
    assert await ada.get("/api/v1/announcements") == []
    (again,) = await ada.get("/api/v1/announcements?with_dismissed=true")
    assert again["read"] is True
    signed_out = (await world.client.get("/api/v1/announcements")).json()
    assert "read" not in signed_out[0]
    await ada.post("/api/v1/announcements/1/dismiss", 404)


@BOTH
async def test_reactions_are_counted_and_one_knows_ones_own(ada: Caller, ben: Caller, world: World) -> None:
    one = await announce(world, "Party!")
    path = f"/api/v1/announcements/{one}/reactions"
    for emoji in ("🎉", "🇫🇷", "👩‍🚀", "👍🏽", "❤️", "3️⃣"):
        await ada.ask("PUT", f"{path}/{emoji}")
    await ada.ask("PUT", f"{path}/🎉")
    await ben.ask("PUT", f"{path}/🎉")
    reactions = (await ben.get("/api/v1/announcements"))[0]["reactions"]
    assert reactions[0] == {"name": "🎉", "count": 2, "me": True}
    assert reactions[1] == {"name": "🇫🇷", "count": 1, "me": False}
    for wrong in ("a", "🎉🎉", "hello", "1", "blobcat"):
        await ada.ask("PUT", f"{path}/{wrong}", 422)
    await ben.ask("DELETE", f"{path}/🎉")
    await ben.ask("DELETE", f"{path}/🎉", 404)
    reactions = (await ben.get("/api/v1/announcements"))[0]["reactions"]
    assert reactions[0] == {"name": "🎉", "count": 1, "me": False}
    for emoji in ("😀", "😁"):
        await ada.ask("PUT", f"{path}/{emoji}")
    refused = await ada.ask("PUT", f"{path}/😂", 422)
    assert refused["error"] == "Limit of different reactions reached"
    await ben.ask("PUT", f"{path}/😁")  # one that is there already


@BOTH
async def test_an_announcement_is_said_in_other_words_and_keeps_its_reactions(world: World, ada: Caller) -> None:
    one = await announce(world, "The fair is in Jnue.")
    await ada.ask("PUT", f"/api/v1/announcements/{one}/reactions/👍")
    async with world.store.transaction() as tx:
        await announcements.rewrite(tx, None, one, "The #fair is in June, says @ada.", world.settings.domain)
        with pytest.raises(Invalid):
            await announcements.rewrite(tx, None, one, " ", world.settings.domain)
        with pytest.raises(NotFound):
            await announcements.rewrite(tx, None, 1, "x", world.settings.domain)
    (told,) = await ada.get("/api/v1/announcements")
    assert "June" in told["content"]
    assert ([tag["name"] for tag in told["tags"]], told["mentions"][0]["username"]) == (["fair"], "ada")
    assert told["reactions"][0]["name"] == "👍"


@BOTH
async def test_an_announcement_comes_when_it_is_due_and_goes_when_it_is_over(ada: Caller, world: World) -> None:
    async with world.store.transaction() as tx:
        now = tx.now
    one = await announce(world, "Later", now + clock.DAY)
    assert await ada.get("/api/v1/announcements") == []
    async with world.store.transaction() as tx:
        await announcements.publish_due(tx, one)  # too early
        assert [known.due_at for known in await announcements.every(tx, None)] == [now + clock.DAY]
        tx.now += 2 * clock.DAY
        await announcements.publish_due(tx, one)
    assert [told["id"] for told in await ada.get("/api/v1/announcements")] == [str(one)]
    async with world.store.transaction() as tx:
        await announcements.end(tx, None, one)
    assert await ada.get("/api/v1/announcements") == []
    short = await announce(world, "Short", ends_at=now + clock.HOUR)
    async with world.store.transaction() as tx:
        await announcements.withdraw_over(tx, short)  # not over yet
        assert len(await announcements.current(tx, None)) == 1
        tx.now += 2 * clock.HOUR
        await announcements.withdraw_over(tx, short)
        assert await announcements.current(tx, None) == []
        await announcements.remove(tx, None, short)
        assert [known.id for known in await announcements.every(tx, None)] == [one]


@BOTH
async def test_only_administrators_announce_and_only_what_fits(mod: Caller, boss: Caller, world: World) -> None:
    async with world.store.transaction() as tx:
        with pytest.raises(Forbidden):
            await announcements.announce(tx, mod.account, Notice(text="Hi"), "x")
        for wrong in (Notice(text=" "), Notice(text="x" * 5001), Notice(text="x", ends_at=tx.now - 1)):
            with pytest.raises(Invalid):
                await announcements.announce(tx, boss.account, wrong, "x")


@BOTH
async def test_any_number_of_announcements_is_read_in_three_queries(ada: Caller, world: World) -> None:
    for number in range(4):
        one = await announce(world, f"Number {number}")
        await ada.ask("PUT", f"/api/v1/announcements/{one}/reactions/🎉")
    async with world.store.reading() as tx:
        found = await announcements.current(tx, ada.account)
        assert len(found) == 4
        assert tx.queries <= 3
        assert msgspec.json.encode(found)
