"""What one does about others, as clients ask for it."""

from tests.api.conftest import Caller, World


async def bond(one: Caller, other: Caller) -> dict[str, object]:
    (found,) = await one.get("/api/v1/accounts/relationships", params={"id[]": other.id})
    return dict(found)


async def lock(one: Caller) -> None:
    await one.ask("PATCH", "/api/v1/accounts/update_credentials", json={"locked": True})


async def test_a_locked_account_answers_requests(ada: Caller, ben: Caller, world: World) -> None:
    cat = await world.member("cat")
    await lock(ada)
    for fan in (ben, cat):
        asked = await fan.post(f"/api/v1/accounts/{ada.id}/follow")
        assert (asked["following"], asked["requested"]) == (False, True)
    assert (await ada.get("/api/v1/accounts/verify_credentials"))["source"]["follow_requests_count"] == 2
    assert [one["id"] for one in await ada.get("/api/v1/follow_requests?limit=1")] == [cat.id]
    assert len(await ada.get("/api/v1/follow_requests?limit=1000")) == 2
    assert (await bond(ada, ben))["requested_by"]
    granted = await ada.post(f"/api/v1/follow_requests/{ben.id}/authorize")
    assert (granted["followed_by"], granted["requested_by"]) == (True, False)
    assert not (await ada.post(f"/api/v1/follow_requests/{cat.id}/reject"))["followed_by"]
    await ada.post(f"/api/v1/follow_requests/{cat.id}/authorize", 404)
    assert (await bond(ben, ada))["following"]
    assert await ada.get("/api/v1/follow_requests") == []
    await cat.post(f"/api/v1/accounts/{ada.id}/follow")
    assert not (await cat.post(f"/api/v1/accounts/{ada.id}/unfollow"))["requested"]


async def test_how_one_follows_is_told_and_changed(ada: Caller, ben: Caller) -> None:
    path = f"/api/v1/accounts/{ben.id}/follow"
    told = await ada.post(path, json={"reblogs": False, "notify": True, "languages": ["fr"]})
    assert (told["showing_reblogs"], told["notifying"], told["languages"]) == (False, True, ["fr"])
    told = await ada.post(path, data={"reblogs": "true"})
    assert (told["showing_reblogs"], told["notifying"], told["languages"]) == (True, True, ["fr"])
    assert not (await ben.post(f"/api/v1/accounts/{ada.id}/remove_from_followers"))["followed_by"]
    assert not (await bond(ada, ben))["following"]


async def test_endorsements_notes_and_domains(ada: Caller, ben: Caller) -> None:
    await ada.post(f"/api/v1/accounts/{ben.id}/endorse", 422)
    await ada.post(f"/api/v1/accounts/{ben.id}/follow")
    assert (await ada.post(f"/api/v1/accounts/{ben.id}/endorse"))["endorsed"]
    assert [one["id"] for one in await ada.get("/api/v1/endorsements")] == [ben.id]
    assert [one["id"] for one in await ben.get(f"/api/v1/accounts/{ada.id}/endorsements")] == [ben.id]
    assert not (await ada.post(f"/api/v1/accounts/{ben.id}/unpin"))["endorsed"]
    assert (await ada.post(f"/api/v1/accounts/{ben.id}/pin"))["endorsed"]
    assert not (await ada.post(f"/api/v1/accounts/{ben.id}/unendorse"))["endorsed"]
    assert (await ada.post(f"/api/v1/accounts/{ben.id}/note", json={"comment": "tall"}))["note"] == "tall"
    assert (await ada.post(f"/api/v1/accounts/{ben.id}/note"))["note"] == ""
    assert await ada.post("/api/v1/domain_blocks", data={"domain": "Bad.example"}) == {}
    assert await ada.get("/api/v1/domain_blocks?limit=1000") == ["bad.example"]
    assert await ada.ask("DELETE", "/api/v1/domain_blocks", params={"domain": "bad.example"}) == {}
    assert await ada.get("/api/v1/domain_blocks") == []
    await ada.post("/api/v1/domain_blocks", 422, data={"domain": "no domain"})


async def test_whom_one_may_meet(ada: Caller, ben: Caller, world: World) -> None:
    cat = await world.member("cat")
    await ada.post(f"/api/v1/accounts/{ben.id}/follow")
    await ben.post(f"/api/v1/accounts/{cat.id}/follow")
    (met,) = await ada.get("/api/v2/suggestions")
    assert (met["account"]["id"], met["sources"]) == (cat.id, ["friends_of_friends"])
    assert [one["id"] for one in await ada.get("/api/v1/suggestions")] == [cat.id]
    assert await ada.ask("DELETE", f"/api/v1/suggestions/{cat.id}") == {}
    assert await ada.get("/api/v2/suggestions") == []
    (familiar,) = await ada.get(f"/api/v1/accounts/familiar_followers?id[]={cat.id}")
    assert (familiar["id"], [one["id"] for one in familiar["accounts"]]) == (cat.id, [ben.id])
    assert [one["id"] for one in (await world.client.get("/api/v1/directory?order=new")).json()] == [
        cat.id,
        ben.id,
        ada.id,
    ]
    assert await ada.get(f"/api/v1/accounts/{ben.id}/identity_proofs") == []


async def test_who_hides_their_circle_shows_it_to_nobody_else(ada: Caller, ben: Caller) -> None:
    await ben.post(f"/api/v1/accounts/{ada.id}/follow")
    await ada.ask("PATCH", "/api/v1/accounts/update_credentials", json={"hide_collections": True})
    assert await ben.get(f"/api/v1/accounts/{ada.id}/followers") == []
    assert [one["id"] for one in await ada.get(f"/api/v1/accounts/{ada.id}/followers")] == [ben.id]


async def test_a_mute_that_ends_says_when(ada: Caller, ben: Caller) -> None:
    await ada.post(f"/api/v1/accounts/{ben.id}/mute", json={"duration": 3600})
    assert (await ada.get("/api/v1/mutes"))[0]["mute_expires_at"].endswith("Z")
    await ada.post(f"/api/v1/accounts/{ben.id}/mute")
    assert (await ada.get("/api/v1/mutes"))[0]["mute_expires_at"] is None


async def test_only_a_full_page_of_a_list_has_a_next(ada: Caller, ben: Caller, world: World) -> None:
    cat = await world.member("cat")
    post = (await ben.say("hear me"))["id"]
    ours = (await ada.post("/api/v1/lists", json={"title": "x"}))["id"]
    for one, other in ((ben, cat), (cat, ben)):
        for what in (f"accounts/{ada.id}/follow", f"statuses/{post}/favourite", f"statuses/{post}/reblog"):
            await one.post(f"/api/v1/{what}")
        for what in ("follow", "mute"):
            await ada.post(f"/api/v1/accounts/{one.id}/{what}")
        theirs = (await other.say("aye"))["id"]
        for what in (
            f"statuses/{theirs}/bookmark",
            f"statuses/{theirs}/favourite",
            f"tags/{other.account.handle}/follow",
        ):
            await ada.post(f"/api/v1/{what}")
        await ada.post("/api/v1/domain_blocks", json={"domain": f"{one.account.handle}.example"})
    await ada.post(f"/api/v1/lists/{ours}/accounts", json={"account_ids": [ben.id, cat.id]})
    for path in (
        f"accounts/{ada.id}/followers",
        f"accounts/{ada.id}/following",
        f"lists/{ours}/accounts",
        f"statuses/{post}/favourited_by",
        f"statuses/{post}/reblogged_by",
        "bookmarks",
        "domain_blocks",
        "favourites",
        "followed_tags",
        "mutes",
    ):
        for limit, there in ((2, {"next", "prev"}), (3, {"prev"})):
            headers = {"Authorization": f"Bearer {(ben if 'statuses' in path else ada).token}"}
            answer = await world.client.get(f"/api/v1/{path}?limit={limit}", headers=headers)
            assert len(answer.json()) == 2, path
            assert set(answer.links) == there, path
