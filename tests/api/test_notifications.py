from tests.api.conftest import Caller, World


async def test_who_does_what_is_told_newest_first_and_paged(ada: Caller, ben: Caller, world: World) -> None:
    said = await ada.say("hello")
    await ben.post(f"/api/v1/accounts/{ada.id}/follow")
    await world.settle()
    await ben.post(f"/api/v1/statuses/{said['id']}/favourite")
    await world.settle()
    await ben.post(f"/api/v1/statuses/{said['id']}/reblog")
    await world.settle()
    reply = await ben.say("@ada yes", in_reply_to_id=said["id"])
    await world.settle()
    told = await ada.get("/api/v1/notifications")
    assert [one["type"] for one in told] == ["mention", "reblog", "favourite", "follow"]
    assert {one["account"]["id"] for one in told} == {ben.id}
    assert [one.get("status", {}).get("id") for one in told] == [reply["id"], said["id"], said["id"], None]
    first = await world.client.get("/api/v1/notifications?limit=3", headers={"Authorization": f"Bearer {ada.token}"})
    rest = await world.client.get(first.links["next"]["url"], headers={"Authorization": f"Bearer {ada.token}"})
    assert [one["id"] for one in first.json() + rest.json()] == [one["id"] for one in told]
    assert [one["type"] for one in await ada.get("/api/v1/notifications?types[]=follow&types[]=poll")] == ["follow"]
    assert await ada.get("/api/v1/notifications?types[]=poll") == []
    kept = await ada.get("/api/v1/notifications?exclude_types[]=mention&exclude_types[]=reblog")
    assert [one["type"] for one in kept] == ["favourite", "follow"]
    assert (await ada.get(f"/api/v1/notifications/{told[0]['id']}"))["id"] == told[0]["id"]
    await ben.get(f"/api/v1/notifications/{told[0]['id']}", 404)


async def test_notifications_are_read_dismissed_and_cleared(ada: Caller, ben: Caller, world: World) -> None:
    for number in range(3):
        said = await ada.say(f"number {number}")
        await ben.post(f"/api/v1/statuses/{said['id']}/favourite")
        await world.settle()
    newest, middle, _ = [one["id"] for one in await ada.get("/api/v1/notifications")]
    assert (await ada.get("/api/v1/notifications/unread_count"))["count"] == 3
    marked = await ada.post("/api/v1/markers", json={"notifications": {"last_read_id": middle}})
    assert marked["notifications"]["last_read_id"] == middle
    assert (await ada.get("/api/v1/notifications/unread_count"))["count"] == 1
    assert await ada.get("/api/v1/markers?timeline[]=home") == {}
    assert (await ada.get("/api/v1/markers?timeline[]=notifications"))["notifications"]["version"] == 1
    await ada.post(f"/api/v1/notifications/{newest}/dismiss")
    assert len(await ada.get("/api/v1/notifications")) == 2
    await ada.post("/api/v1/notifications/clear")
    assert await ada.get("/api/v1/notifications") == []


async def test_search_finds_accounts_hashtags_and_addresses(ada: Caller, ben: Caller) -> None:
    said = await ben.say("about #Foxes")

    async def found(words: str, **more: str) -> tuple[list[str], list[str], list[str]]:
        answer = await ada.get("/api/v2/search", params={"q": words} | more)
        return (
            [one["id"] for one in answer["accounts"]],
            [one["id"] for one in answer["statuses"]],
            [one["name"] for one in answer["hashtags"]],
        )

    assert await found("be") == ([ben.id], [], [])
    assert await found("#foxes") == ([], [], ["foxes"])
    assert await found("foxes", type="accounts") == ([], [], [])
    assert await found(said["url"]) == ([], [said["id"]], [])
    assert await found(said["account"]["url"]) == ([ben.id], [], [])
    await ada.get("/api/v2/search", 422)


async def test_what_is_not_there_yet_is_an_empty_list(ada: Caller) -> None:
    for path in ("v1/filters", "v2/filters", "v1/lists", "v1/announcements", "v1/followed_tags", "v1/follow_requests"):
        assert await ada.get(f"/api/{path}") == []
