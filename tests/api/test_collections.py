"""Collections through the API, what their members are told, and what this instance does not make."""

from tests.api.conftest import Caller, World


async def test_a_collection_is_made_read_and_left(ada: Caller, ben: Caller, world: World) -> None:
    cleo = await world.member("cleo")
    asked = {"name": "Good people", "tag_name": "#Square", "account_ids": [ben.id], "language": "en"}
    made = (await ada.post("/api/v1/collections", json=asked))["collection"]
    assert (made["name"], made["account_id"], made["item_count"], made["local"]) == ("Good people", ada.id, 1, True)
    assert made["tag"]["name"] == "square"
    assert made["items"][0]["account_id"] == ben.id
    item = (await ada.post(f"/api/v1/collections/{made['id']}/items", json={"account_id": cleo.id}))["collection_item"]
    assert (item["account_id"], item["state"]) == (cleo.id, "accepted")
    await ada.post(f"/api/v1/collections/{made['id']}/items", 422, json={"account_id": cleo.id})
    await ben.post(f"/api/v1/collections/{made['id']}/items", 403, json={"account_id": ben.id})
    whole = await ben.get(f"/api/v1/collections/{made['id']}")
    assert {one["id"] for one in whole["accounts"]} == {ada.id, ben.id, cleo.id}
    anonymous = await world.client.get(f"/api/v1/accounts/{ada.id}/collections")
    assert [one["id"] for one in anonymous.json()["collections"]] == [made["id"]]
    assert len((await ben.get(f"/api/v1/accounts/{ben.id}/in_collections"))["collections"]) == 1
    await ben.get(f"/api/v1/accounts/{ada.id}/in_collections", 403)
    changed = await ada.ask("PATCH", f"/api/v1/collections/{made['id']}", json={"description": "Read them"})
    assert changed["collection"]["description"] == "Read them"
    told = await ada.ask("PATCH", f"/api/v1/collections/{made['id']}", 422, json={"name": "n" * 41})
    assert list(told["error"]["details"]) == ["name"]
    told = await ada.post("/api/v1/collections", 422, json={})
    assert told["error"]["details"]["name"][0]["description"] == "Validation failed: name can't be blank"
    await world.settle()
    told = await ben.get("/api/v1/notifications?supported_types[]=mention")
    assert [one["type"] for one in told] == ["collection_update", "added_to_collection"]
    assert told[1]["collection"]["id"] == made["id"]
    assert told[1]["fallback"]["title"] == "Ada put you into a collection"
    assert "fallback" not in (await ben.get("/api/v1/notifications"))[1]
    headers = {
        "Authorization": f"Bearer {ben.token}"
    }  # the contract's groups know no collections, its notifications do
    page = await world.client.get("/api/v2/notifications?supported_types[]=mention", headers=headers)
    groups = page.json()["notification_groups"]
    assert groups[1]["collection"]["name"] == "Good people"
    assert groups[1]["fallback"]["title"] == "Ada put you into a collection"
    await ada.post(f"/api/v1/collections/{made['id']}/items/{item['id']}/revoke", 403)
    assert await cleo.post(f"/api/v1/collections/{made['id']}/items/{item['id']}/revoke") == {}
    await world.settle()
    assert await cleo.get("/api/v1/notifications") == []
    mine = made["items"][0]["id"]
    assert await ada.ask("DELETE", f"/api/v1/collections/{made['id']}/items/{mine}") == {}
    assert await ada.ask("DELETE", f"/api/v1/collections/{made['id']}") == {}
    await ada.get(f"/api/v1/collections/{made['id']}", 404)
    await world.settle()
    assert await ben.get("/api/v1/notifications") == []


async def test_collections_are_paged_by_offset_and_kept_to_their_scopes(ada: Caller, world: World) -> None:
    for number in range(3):
        await ada.post("/api/v1/collections", data={"name": f"Number {number}"})
    headers = {"Authorization": f"Bearer {ada.token}"}
    first = await world.client.get(f"/api/v1/accounts/{ada.id}/collections?limit=2", headers=headers)
    rest = await world.client.get(first.links["next"]["url"], headers=headers)
    names = [one["name"] for page in (first, rest) for one in page.json()["collections"]]
    assert names == ["Number 2", "Number 1", "Number 0"]
    assert "next" not in rest.links
    narrow = await world.member("dora", scopes="read:collections")
    await narrow.get(f"/api/v1/accounts/{narrow.id}/in_collections")
    await narrow.post("/api/v1/collections", 403, json={"name": "No"})


async def test_there_are_no_reports_of_a_year_and_nothing_is_on_its_way(ada: Caller) -> None:
    empty = await ada.get("/api/v1/annual_reports")
    assert empty == {"annual_reports": [], "accounts": [], "statuses": []}
    await ada.get("/api/v1/annual_reports/2025", 404)
    assert await ada.get("/api/v1/annual_reports/2025/state") == {"state": "ineligible"}
    await ada.post("/api/v1/annual_reports/2025/generate", 404)
    await ada.post("/api/v1/annual_reports/2025/read", 404)
    await ada.get("/api/v1_alpha/async_refreshes/abc", 404)
