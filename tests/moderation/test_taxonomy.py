from tests.api.conftest import Caller
from tests.conftest import BOTH

from parvis.moderation import taxonomy


@BOTH
async def test_a_hashtag_is_judged(ada: Caller, ben: Caller, mod: Caller) -> None:
    await ada.say("#sea #sun")
    await ben.say("#Sea")
    (sea, sun) = await mod.get("/api/v1/admin/trends/tags")
    assert (sea["name"], sea["requires_review"], sea["trendable"]) == ("sea", True, False)
    assert sea["history"][0]["accounts"] == "2"
    assert sun["name"] == "sun"
    approved = await mod.post("/api/v1/admin/trends/tags/sea/approve")
    assert (approved["requires_review"], approved["trendable"]) == (False, True)
    assert (await mod.post("/api/v1/admin/trends/tags/sea/reject"))["trendable"] is False
    changed = await mod.ask("PUT", "/api/v1/admin/tags/sea", json={"usable": False, "trendable": True})
    assert (changed["usable"], changed["listable"], changed["trendable"]) == (False, True, True)
    assert (await mod.get("/api/v1/admin/tags/sea"))["usable"] is False
    assert [tag["name"] for tag in await mod.get("/api/v1/admin/tags?limit=1")] == ["sea"]
    assert [tag["name"] for tag in await mod.get("/api/v1/admin/tags?max_id=sea")] == ["sun"]
    await mod.get("/api/v1/admin/tags/never_used", 404)


@BOTH
async def test_a_status_is_judged(ada: Caller, ben: Caller, mod: Caller) -> None:
    status = await ada.say("good")
    await ada.say("unseen")
    await ben.post(f"/api/v1/statuses/{status['id']}/favourite")
    (told,) = await mod.get("/api/v1/admin/trends/statuses")
    assert (told["id"], told["requires_review"]) == (status["id"], True)
    approved = await mod.post(f"/api/v1/admin/trends/statuses/{status['id']}/approve")
    assert (approved["id"], approved["requires_review"]) == (status["id"], False)
    await mod.post("/api/v1/admin/trends/statuses/1/reject", 404)


@BOTH
async def test_a_publisher_is_judged(mod: Caller) -> None:
    assert await mod.get("/api/v1/admin/trends/links") == []
    assert await mod.get("/api/v1/admin/trends/links/publishers") == []
    told = await mod.post("/api/v1/admin/trends/links/publishers/News.example/approve")
    assert (told["domain"], told["trendable"], told["requires_review"]) == ("news.example", True, False)
    assert taxonomy.host_of("https://www.news.example/a?b") == "news.example"
