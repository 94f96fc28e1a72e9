from tests.api.conftest import Caller, World


async def test_a_list_is_made_changed_filled_and_read(ada: Caller, ben: Caller, world: World) -> None:
    await ada.post(f"/api/v1/accounts/{ben.id}/follow")
    made = await ada.post("/api/v1/lists", data={"title": "Friends"})
    assert made == {"id": made["id"], "title": "Friends", "replies_policy": "list", "exclusive": False}
    path = f"/api/v1/lists/{made['id']}"
    assert await ada.post(f"{path}/accounts", data={"account_ids[]": [ben.id]}) == {}
    assert [one["id"] for one in await ada.get(f"{path}/accounts?limit=0")] == [ben.id]
    assert await ada.get(f"/api/v1/accounts/{ben.id}/lists") == [made]
    changed = await ada.ask("PUT", path, json={"title": "Close", "replies_policy": "none", "exclusive": True})
    assert changed == {"id": made["id"], "title": "Close", "replies_policy": "none", "exclusive": True}
    assert await ada.get("/api/v1/lists") == [await ada.get(path)]
    said = await ben.say("from ben")
    assert [one["id"] for one in await ada.get(f"/api/v1/timelines/list/{made['id']}")] == [said["id"]]
    assert await ada.ask("DELETE", f"{path}/accounts", json={"account_ids": [ben.id]}) == {}
    assert await ada.get(f"{path}/accounts") == []
    assert await ada.ask("DELETE", path) == {}
    await ada.get(path, 404)
    await ada.get(f"/api/v1/timelines/list/{made['id']}", 404)


async def test_a_list_is_its_owners_alone_and_breaks_no_rule(ada: Caller, ben: Caller) -> None:
    made = await ada.post("/api/v1/lists", data={"title": "Mine"})
    path = f"/api/v1/lists/{made['id']}"
    for way in ("", "/accounts"):
        await ben.get(path + way, 404)
    await ben.ask("PUT", path, 404, json={"title": "Yours"})
    await ben.get(f"/api/v1/timelines/list/{made['id']}", 404)
    await ada.post(f"{path}/accounts", 404, json={"account_ids": [ben.id]})
    for wrong in ({}, {"title": " "}):
        assert (await ada.post("/api/v1/lists", 422, json=wrong))["error"] == "A list needs a title."
    refused = await ada.post("/api/v1/lists", 422, json={"title": "x", "replies_policy": "all"})
    assert "Invalid enum value 'all'" in refused["error"]
