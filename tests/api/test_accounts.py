import pytest
from tests.api.conftest import Caller, World


async def test_ones_own_account_carries_its_source(ada: Caller) -> None:
    me = await ada.get("/api/v1/accounts/verify_credentials")
    assert (me["id"], me["username"], me["acct"], me["kind"]) == (ada.id, "ada", "ada", "person")
    assert me["source"]["privacy"] == "public"
    assert me["url"] == "http://localhost:8000/@ada"


async def test_an_account_is_found_by_id_name_and_beginning(ada: Caller, ben: Caller, world: World) -> None:
    assert (await ada.get(f"/api/v1/accounts/{ben.id}"))["username"] == "ben"
    for name in ("ben", "@ben", "ben@localhost:8000", "BEN"):
        assert (await ada.get("/api/v1/accounts/lookup", params={"acct": name}))["id"] == ben.id
    assert [one["id"] for one in await ada.get("/api/v1/accounts/search", params={"q": "be"})] == [ben.id]
    assert [one["id"] for one in await ada.get(f"/api/v1/accounts?id[]={ben.id}&id[]=1&id[]={ada.id}")] == [
        ben.id,
        ada.id,
    ]
    await ada.get("/api/v1/accounts/1", 404)
    await ada.get("/api/v1/accounts/nobody", 404)
    await ada.get("/api/v1/accounts/lookup?acct=nobody", 404)


async def test_a_profile_is_edited_and_what_is_left_out_stays(ada: Caller) -> None:
    await ada.ask("PATCH", "/api/v1/accounts/update_credentials", json={"display_name": "Ada L.", "note": "Sums & <b>"})
    edited = await ada.ask("PATCH", "/api/v1/accounts/update_credentials", data={"source[language]": "fr"})
    assert edited["display_name"] == "Ada L."
    assert edited["note"] == "<p>Sums &amp; &lt;b&gt;</p>"
    assert edited["source"]["note"] == "Sums & <b>"
    assert edited["source"]["language"] == "fr"


async def test_following_blocking_and_muting_show_in_the_relationship(ada: Caller, ben: Caller) -> None:
    async def bond() -> set[str]:
        (found,) = await ada.get("/api/v1/accounts/relationships", params={"id[]": ben.id})
        return {key for key, value in found.items() if value is True}

    assert (await ada.post(f"/api/v1/accounts/{ben.id}/follow"))["following"]
    assert await bond() == {"following", "showing_reblogs"}
    assert (await ben.get(f"/api/v1/accounts/relationships?id[]={ada.id}"))[0]["followed_by"]
    muted = await ada.post(f"/api/v1/accounts/{ben.id}/mute", data={"duration": "60", "notifications": "0"})
    assert (muted["muting"], muted["muting_notifications"]) == (True, False)
    assert muted["muting_expires_at"].endswith("Z")
    assert [one["id"] for one in await ada.get("/api/v1/mutes")] == [ben.id]
    await ada.post(f"/api/v1/accounts/{ben.id}/unmute")
    await ada.post(f"/api/v1/accounts/{ben.id}/block")
    assert await bond() == {"blocking"}
    assert [one["id"] for one in await ada.get("/api/v1/blocks")] == [ben.id]
    await ada.post(f"/api/v1/accounts/{ben.id}/unblock")
    assert await bond() == set()
    await ada.post(f"/api/v1/accounts/{ada.id}/follow", 422)
    await ada.post("/api/v1/accounts/7/follow", 404)


async def test_followers_are_paged_by_the_ids_in_the_link_header(ada: Caller, world: World) -> None:
    fans = [await world.member(f"fan{number}") for number in range(5)]
    for fan in fans:
        await fan.post(f"/api/v1/accounts/{ada.id}/follow")
    seen, path = [], f"/api/v1/accounts/{ada.id}/followers?limit=2"
    while path:
        answer = await world.client.get(path)
        seen += [one["id"] for one in answer.json()]
        path = answer.links["next"]["url"] if "next" in answer.links else ""
    assert seen == [fan.id for fan in reversed(fans)]


@pytest.mark.parametrize("path", ["/api/v1/accounts/verify_credentials", "/api/v1/preferences", "/api/v1/blocks"])
async def test_what_is_ones_own_needs_a_token(world: World, path: str) -> None:
    answer = await world.client.get(path)
    assert answer.status_code == 401
    assert answer.json()["error"] == "The access token is invalid"


async def test_the_last_page_of_an_accounts_statuses_says_so(ada: Caller) -> None:
    for number in range(3):
        await ada.say(f"number {number}")
    path = f"/api/v1/accounts/{ada.id}/statuses"
    full = await ada.client.get(path, params={"limit": 3})
    assert set(full.links) == {"next", "prev"}
    short = await ada.client.get(path, params={"limit": 4})
    assert set(short.links) == {"prev"}
