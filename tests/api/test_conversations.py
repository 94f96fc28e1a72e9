from tests.api.conftest import Caller, World


async def test_direct_messages_make_conversations(ada: Caller, ben: Caller, world: World) -> None:
    first = await ada.say("psst @ben", visibility="direct")
    await ada.say("public @ben")
    await world.settle()
    (found,) = await ben.get("/api/v1/conversations")
    assert (found["unread"], found["last_status"]["id"], [one["id"] for one in found["accounts"]]) == (
        True,
        first["id"],
        [ada.id],
    )
    path = f"/api/v1/conversations/{found['id']}"
    assert await ben.post(f"{path}/read") == found | {"unread": False}
    await ada.post(f"{path}/read", 404)
    assert [status["id"] for status in await ben.get("/api/v1/timelines/direct")] == [first["id"]]
    await ada.ask("DELETE", f"/api/v1/statuses/{first['id']}")
    await world.settle()
    assert await ben.get("/api/v1/conversations") == []
    second = await ben.say("hello @ada", visibility="direct")
    await world.settle()
    (found,) = await ben.get("/api/v1/conversations")
    assert (found["unread"], found["last_status"]["id"]) == (False, second["id"])
    assert await ben.ask("DELETE", f"/api/v1/conversations/{found['id']}") == {}
    await ben.ask("DELETE", f"/api/v1/conversations/{found['id']}", 404)
    assert len(await ada.get("/api/v1/conversations")) == 1
