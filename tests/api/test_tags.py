from sqlalchemy import bindparam, insert
from tests.api.conftest import Caller, World

from parvis.store import tables
from parvis.store.statement import Statement

LINKED = Statement(insert(tables.post_links).values(url=bindparam("url"), post_id=bindparam("post")))


async def test_a_followed_hashtag_comes_home(ada: Caller, ben: Caller, world: World) -> None:
    said = await ben.say("#Sea")
    tag = await ada.post("/api/v1/tags/SEA/follow")
    today, *before = tag.pop("history")
    assert (today["uses"], today["accounts"], len(before)) == ("1", "1", 6)
    assert tag == {
        "id": "sea",
        "name": "sea",
        "url": "http://localhost:8000/tags/sea",
        "following": True,
        "featuring": False,
    }
    (status,) = await ada.get("/api/v1/timelines/home")
    assert status["id"] == said["id"]
    assert status["because"] == {"kind": "tag", "account_id": ben.id, "tag": "sea"}
    await ada.post("/api/v1/tags/shore/follow")
    answer = await world.client.get("/api/v1/followed_tags?limit=1", headers={"Authorization": f"Bearer {ada.token}"})
    assert [one["name"] for one in answer.json()] == ["shore"]
    second = await ada.get(answer.links["next"]["url"])
    assert [one["name"] for one in second] == ["sea"]
    assert (await ada.post("/api/v1/tags/sea/unfollow"))["following"] is False
    assert (await ada.get("/api/v1/tags/sea"))["following"] is False
    assert await ada.get("/api/v1/timelines/home") == []
    assert "following" not in (await world.client.get("/api/v1/tags/sea")).json()
    for wrong in ("1234", "a b", "a%2Fb"):
        await ada.get(f"/api/v1/tags/{wrong}", 404)


async def test_hashtags_are_shown_on_a_profile(ada: Caller, ben: Caller, world: World) -> None:
    await ada.say("#Sea and #shore")
    assert [one["name"] for one in await ada.get("/api/v1/featured_tags/suggestions")] == ["sea", "shore"]
    made = await ada.post("/api/v1/featured_tags", data={"name": "Sea"})
    assert made["statuses_count"] == "1"
    assert (made["name"], made["url"]) == ("sea", "http://localhost:8000/@ada/tagged/sea")
    assert (await ada.post("/api/v1/tags/shore/feature"))["featuring"] is True
    assert [one["name"] for one in await ben.get(f"/api/v1/accounts/{ada.id}/featured_tags")] == ["sea", "shore"]
    assert await ada.ask("DELETE", f"/api/v1/featured_tags/{made['id']}") == {}
    await ada.ask("DELETE", f"/api/v1/featured_tags/{made['id']}", 404)
    assert (await ada.post("/api/v1/tags/shore/unfeature"))["featuring"] is False
    assert await ada.get("/api/v1/featured_tags") == []
    for wrong in ("", "1 2", "!"):
        await ada.post("/api/v1/featured_tags", 422, json={"name": wrong})


async def test_a_hashtags_timeline_takes_others_beside_it(ada: Caller) -> None:
    both, one = await ada.say("#a #b"), await ada.say("#b")
    path = "/api/v1/timelines/tag/a"
    assert [status["id"] for status in await ada.get(f"{path}?any[]=b")] == [one["id"], both["id"]]
    assert [status["id"] for status in await ada.get(f"{path}?all[]=b&local=true")] == [both["id"]]
    assert await ada.get(f"{path}?none[]=b") == []
    assert await ada.get(f"{path}?remote=true") == []
    assert [status["id"] for status in await ada.get(f"/api/v1/accounts/{ada.id}/statuses?tagged=a")] == [both["id"]]


async def test_what_is_said_about_a_page_is_a_timeline(ada: Caller, ben: Caller, world: World) -> None:
    url = "https://example.org/page"
    said, hidden = await ada.say("look"), await ada.say("look", visibility="unlisted")
    async with world.store.transaction() as tx:
        for one in (said, hidden):
            await tx.run(LINKED, url=url, post=int(one["id"]))
    found = await ben.get("/api/v1/timelines/link", params={"url": url})
    assert [status["id"] for status in found] == [said["id"]]
    assert await ben.get("/api/v1/timelines/link", params={"url": url, "max_id": said["id"]}) == []
    await ben.get("/api/v1/timelines/link", 404, params={"url": "https://example.org/other"})
    await ben.get("/api/v1/timelines/link", 422)
