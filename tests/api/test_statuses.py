from tests.api.conftest import Caller, World


async def test_a_status_is_written_read_and_deleted(ada: Caller, world: World) -> None:
    said = await ada.say("Hello #Square", spoiler_text="mild", language="en")
    assert (said["account"]["id"], said["visibility"], said["origin"]) == (ada.id, "public", "human")
    assert said["spoiler_text"] == "mild"
    assert said["sensitive"]
    assert said["tags"] == [{"name": "square", "url": "http://localhost:8000/tags/square"}]
    assert 'href="http://localhost:8000/tags/square"' in said["content"]
    assert said["url"] == f"http://localhost:8000/@ada/{said['id']}"
    read = (await world.client.get(f"/api/v1/statuses/{said['id']}")).json()
    assert read["content"] == said["content"]
    gone = await ada.ask("DELETE", f"/api/v1/statuses/{said['id']}")
    assert gone["text"] == "Hello #Square"
    await ada.get(f"/api/v1/statuses/{said['id']}", 404)


async def test_the_same_idempotency_key_gives_the_same_status(ada: Caller) -> None:
    first, second = [
        await ada.post("/api/v1/statuses", json={"status": "once"}, headers={"Idempotency-Key": "k"}) for _ in range(2)
    ]
    assert first["id"] == second["id"]


async def test_a_status_for_those_mentioned_does_not_exist_for_others(ada: Caller, ben: Caller, world: World) -> None:
    said = await ada.say("psst @ben", visibility="direct")
    assert said["mentions"][0]["acct"] == "ben"
    await ben.get(f"/api/v1/statuses/{said['id']}")
    eve = await world.member("eve")
    for path in ("", "/context"):
        await eve.get(f"/api/v1/statuses/{said['id']}{path}", 404)
        assert (await world.client.get(f"/api/v1/statuses/{said['id']}{path}")).status_code == 404
    for act in ("favourite", "reblog", "unfavourite", "unreblog"):
        await eve.post(f"/api/v1/statuses/{said['id']}/{act}", 404)
    assert await eve.get(f"/api/v1/statuses?id[]={said['id']}") == []


async def test_a_thread_has_what_came_before_and_after(ada: Caller, ben: Caller) -> None:
    first = await ada.say("one")
    second = await ben.say("two", in_reply_to_id=first["id"])
    third = await ada.say("three", in_reply_to_id=second["id"])
    assert (second["in_reply_to_id"], second["in_reply_to_account_id"]) == (first["id"], ada.id)
    context = await ada.get(f"/api/v1/statuses/{second['id']}/context")
    assert [one["id"] for one in context["ancestors"]] == [first["id"]]
    assert [one["id"] for one in context["descendants"]] == [third["id"]]


async def test_favourites_and_reblogs_count_once_and_can_be_taken_back(ada: Caller, ben: Caller) -> None:
    said = await ada.say("like me")
    path = f"/api/v1/statuses/{said['id']}"
    await ben.post(f"{path}/favourite")
    liked = await ben.post(f"{path}/favourite")
    assert (liked["favourites_count"], liked["favourited"]) == (1, True)
    assert (await ben.post(f"{path}/unfavourite"))["favourites_count"] == 0
    passed = await ben.post(f"{path}/reblog")
    assert passed["reblog"]["id"] == said["id"]
    assert passed["reblog"]["reblogs_count"] == 1
    assert passed["reblog"]["reblogged"]
    assert passed["account"]["id"] == ben.id
    assert (await ben.post(f"/api/v1/statuses/{passed['id']}/favourite"))["reblog"]["favourited"]
    back = await ben.post(f"{path}/unreblog")
    assert (back["id"], back["reblogged"]) == (said["id"], False)


async def test_what_breaks_a_rule_is_refused_with_a_reason(ada: Caller, ben: Caller) -> None:
    for wrong in (
        {"status": ""},
        {"status": "x" * 501},
        {"status": "x", "visibility": "everyone"},
        {"status": "x", "media_ids": ["1"]},
        {"status": "x", "scheduled_at": "3030-01-01T00:00:00Z"},
    ):
        refused = await ada.post("/api/v1/statuses", 422, json=wrong)
        assert refused["error"]
    await ada.post("/api/v1/statuses", 404, json={"status": "x", "in_reply_to_id": "5"})
    said = await ada.say("mine")
    await ben.ask("DELETE", f"/api/v1/statuses/{said['id']}", 404)
    await ada.get("/api/v1/statuses/none", 404)
