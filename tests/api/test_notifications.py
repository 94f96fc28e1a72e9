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
    assert await found("#foxes") == ([], [said["id"]], ["foxes"])
    assert await found("foxes", type="accounts") == ([], [], [])
    assert await found(said["url"]) == ([], [said["id"]], [])
    assert await found(said["account"]["url"]) == ([ben.id], [], [])
    await ada.get("/api/v2/search", 422)


async def test_what_is_not_there_yet_is_an_empty_list(ada: Caller) -> None:
    for path in ("v1/filters", "v2/filters", "v1/lists", "v1/announcements", "v1/followed_tags", "v1/follow_requests"):
        assert await ada.get(f"/api/{path}") == []


async def test_groups_name_each_account_and_status_once(ada: Caller, ben: Caller, world: World) -> None:
    cleo = await world.member("cleo")
    said = await ada.say("hello")
    for one in (ben, cleo):
        await one.post(f"/api/v1/statuses/{said['id']}/favourite")
        await world.settle()
    reply = await ben.say("@ada yes", in_reply_to_id=said["id"])
    await world.settle()
    page = await ada.get("/api/v2/notifications")
    assert sorted(page) == ["accounts", "notification_groups", "statuses"]
    assert {one["id"] for one in page["accounts"]} == {ben.id, cleo.id}
    assert {one["id"] for one in page["statuses"]} == {said["id"], reply["id"]}
    mention, likes = page["notification_groups"]
    assert (mention["type"], mention["notifications_count"], mention["status_id"]) == ("mention", 1, reply["id"])
    assert mention["group_key"] == f"ungrouped-{mention['most_recent_notification_id']}"
    assert mention["sample_account_ids"] == [ben.id]
    assert (likes["type"], likes["notifications_count"], likes["status_id"]) == ("favourite", 2, said["id"])
    assert likes["group_key"].startswith(f"favourite-{said['id']}-")
    assert likes["sample_account_ids"] == [cleo.id, ben.id]
    assert likes["page_max_id"] == str(likes["most_recent_notification_id"]) > likes["page_min_id"]
    assert likes["latest_page_notification_at"] > said["created_at"]
    partial = await ada.get("/api/v2/notifications?expand_accounts=partial_avatars&types[]=favourite")
    assert [one["id"] for one in partial["accounts"]] == [cleo.id]
    assert [(one["id"], one["acct"], one["bot"]) for one in partial["partial_accounts"]] == [(ben.id, "ben", False)]
    apart = await ada.get("/api/v2/notifications?grouped_types[]=follow")
    assert [one["type"] for one in apart["notification_groups"]] == ["mention", "favourite", "favourite"]
    first = await world.client.get("/api/v2/notifications?limit=1", headers={"Authorization": f"Bearer {ada.token}"})
    rest = await world.client.get(first.links["next"]["url"], headers={"Authorization": f"Bearer {ada.token}"})
    assert [one["group_key"] for one in rest.json()["notification_groups"]] == [likes["group_key"]]
    assert (await ada.get("/api/v2/notifications/unread_count"))["count"] == 2
    assert (await ada.get("/api/v1/notifications/unread_count"))["count"] == 3
    assert (await ada.get("/api/v1/notifications?types[]=favourite"))[0]["group_key"] == likes["group_key"]
    one = await ada.get(f"/api/v2/notifications/{likes['group_key']}")
    assert one["notification_groups"][0]["notifications_count"] == 2
    assert "page_min_id" not in one["notification_groups"][0]
    made_by = await ada.get(f"/api/v2/notifications/{likes['group_key']}/accounts")
    assert [one["id"] for one in made_by] == [cleo.id, ben.id]
    await ben.get(f"/api/v2/notifications/{likes['group_key']}", 404)
    await ada.post(f"/api/v2/notifications/{likes['group_key']}/dismiss")
    await ada.get(f"/api/v2/notifications/{likes['group_key']}", 404)
    assert len((await ada.get("/api/v2/notifications"))["notification_groups"]) == 1


async def test_a_policy_keeps_aside_and_requests_are_let_in_or_sent_away(
    ada: Caller, ben: Caller, world: World
) -> None:
    usual = await ada.get("/api/v2/notifications/policy")
    assert usual == {
        "for_not_following": "accept",
        "for_not_followers": "accept",
        "for_new_accounts": "accept",
        "for_private_mentions": "filter",
        "for_limited_accounts": "filter",
        "summary": {"pending_requests_count": 0, "pending_notifications_count": 0},
    }
    changed = await ada.ask("PATCH", "/api/v2/notifications/policy", json={"for_not_following": "filter"})
    assert changed == usual | {"for_not_following": "filter"}
    await ada.ask("PATCH", "/api/v2/notifications/policy", 422, json={"for_not_following": "maybe"})
    old = await ada.get("/api/v1/notifications/policy")
    assert (old["filter_not_following"], old["filter_private_mentions"]) == (True, True)
    cleo = await world.member("cleo")
    for one in (ben, cleo):
        await one.say("hello @ada")
        await world.settle()
    assert await ada.get("/api/v1/notifications") == []
    assert [one["filtered"] for one in await ada.get("/api/v1/notifications?include_filtered=true")] == [True, True]
    assert (await ada.get("/api/v2/notifications/policy"))["summary"] == {
        "pending_requests_count": 2,
        "pending_notifications_count": 2,
    }
    of_cleo, of_ben = await ada.get("/api/v1/notifications/requests")
    assert (of_ben["account"]["id"], of_ben["notifications_count"]) == (ben.id, "1")
    assert of_cleo["last_status"]["account"]["id"] == cleo.id
    assert await ada.get(f"/api/v1/notifications/requests/{of_ben['id']}") == of_ben
    await ben.get(f"/api/v1/notifications/requests/{of_ben['id']}", 404)
    await ada.post("/api/v1/notifications/requests/1/accept", 404)
    assert await ada.post(f"/api/v1/notifications/requests/{of_ben['id']}/accept") == {}
    assert await ada.get("/api/v1/notifications/requests/merged") == {"merged": True}
    assert [one["account"]["id"] for one in await ada.get("/api/v1/notifications")] == [ben.id]
    await ada.post("/api/v1/notifications/requests/dismiss", data={"id[]": of_cleo["id"]})
    assert await ada.get("/api/v1/notifications/requests") == []
    assert len(await ada.get("/api/v1/notifications?include_filtered=true")) == 1
    back = await ada.ask("PUT", "/api/v1/notifications/policy", json={"filter_not_following": False})
    assert back["filter_not_following"] is False
