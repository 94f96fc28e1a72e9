"""Statuses written, scheduled, edited, asked about and quoted, as Mastodon's clients do it."""

import datetime as dt
from typing import Any

from tests.api.conftest import Caller, World


async def test_a_poll_is_asked_in_a_form_and_voted_in(ada: Caller, ben: Caller, world: World) -> None:
    form = {
        "status": "what?",
        "poll[options][]": ["tea", "coffee"],
        "poll[expires_in]": "600",
        "poll[multiple]": "true",
    }
    said = await ada.post("/api/v1/statuses", data=form | {"poll[multiple]": "true", "poll[hide_totals]": "on"})
    poll = said["poll"]
    assert (poll["id"], poll["voted"], poll["own_votes"], poll["multiple"]) == (said["id"], True, [], True)
    assert poll["options"] == [{"title": "tea", "votes_count": None}, {"title": "coffee", "votes_count": None}]
    voted = await ben.post(f"/api/v1/polls/{poll['id']}/votes", json={"choices": ["1", "0"]})
    assert (voted["votes_count"], voted["voters_count"], voted["own_votes"], voted["voted"]) == (2, 1, [0, 1], True)
    refused = await ben.post(f"/api/v1/polls/{poll['id']}/votes", 422, json={"choices": [1]})
    assert refused["error"] == "Validation failed: You have already voted on this poll"
    stranger = (await world.client.get(f"/api/v1/polls/{poll['id']}")).json()
    assert "voted" not in stranger
    assert "own_votes" not in stranger
    plain = await ada.say("no poll")
    await ada.get(f"/api/v1/polls/{plain['id']}", 404)
    assert plain["poll"] is None


async def test_the_instance_tells_the_limits(world: World) -> None:
    configuration = (await world.client.get("/api/v2/instance")).json()["configuration"]
    assert configuration["polls"] == {
        "max_options": 4,
        "max_characters_per_option": 50,
        "min_expiration": 300,
        "max_expiration": 31 * 86400,
    }
    assert configuration["accounts"]["max_pinned_statuses"] == 5


async def test_an_edit_has_a_history(ada: Caller, ben: Caller, world: World) -> None:
    said = await ada.say("first", spoiler_text="mind")
    path = f"/api/v1/statuses/{said['id']}"
    assert len(await ben.get(f"{path}/history")) == 1
    edited = await ada.ask("PUT", path, json={"status": "second"})
    assert (edited["spoiler_text"], edited["sensitive"], edited["content"]) == ("", False, "<p>second</p>")
    assert edited["edited_at"] >= edited["created_at"]
    again = await ada.ask("PUT", path, json={"status": "second"})
    assert again["edited_at"] == edited["edited_at"]
    first, second = (await world.client.get(f"{path}/history")).json()
    assert (first["content"], first["spoiler_text"], first["created_at"]) == (
        "<p>first</p>",
        "mind",
        said["created_at"],
    )
    assert (second["content"], second["created_at"]) == ("<p>second</p>", edited["edited_at"])
    assert first["account"]["id"] == ada.id
    assert (await ada.get(f"{path}/source"))["text"] == "second"
    for answer in (await ben.ask("PUT", path, 404, json={"status": "x"}), await ben.get(f"{path}/source", 404)):
        assert "error" in answer
    await ada.ask("PUT", path, 422, json={"status": ""})


async def test_a_warning_alone_is_what_there_is_to_say(ada: Caller) -> None:
    said = await ada.say("", spoiler_text="only this")
    assert (said["content"], said["spoiler_text"]) == ("<p>only this</p>", "")


async def test_a_status_begins_as_its_author_prefers(ada: Caller) -> None:
    source = {"source": {"privacy": "unlisted", "sensitive": True, "language": "fr", "quote_policy": "nobody"}}
    await ada.ask("PATCH", "/api/v1/accounts/update_credentials", json=source)
    said = await ada.say("bonjour")
    assert (said["visibility"], said["sensitive"], said["language"]) == ("unlisted", True, "fr")
    assert said["quote_approval"] == {"automatic": [], "manual": [], "current_user": "automatic"}
    given = {"visibility": "public", "sensitive": False, "language": "en", "quote_approval_policy": "followers"}
    other = await ada.say("hello", **given)
    assert (other["visibility"], other["sensitive"], other["language"]) == ("public", False, "en")
    assert other["quote_approval"]["automatic"] == ["followers"]


async def test_a_status_names_only_whom_it_should(ada: Caller, ben: Caller) -> None:
    refused = await ada.post("/api/v1/statuses", 422, json={"status": "hi @ben", "allowed_mentions": []})
    assert [account["id"] for account in refused["unexpected_accounts"]] == [ben.id]
    said = await ada.say("hi @ben", allowed_mentions=[ben.id])
    assert [mention["id"] for mention in said["mentions"]] == [ben.id]


def later(minutes: int) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)).isoformat()


async def test_a_status_is_scheduled_moved_and_taken_back(ada: Caller, ben: Caller) -> None:
    poll = {"options": ["a", "b"], "expires_in": 600}
    given: dict[str, Any] = {"status": "later", "poll": poll, "visibility": "private", "scheduled_at": later(60)}
    kept = await ada.post("/api/v1/statuses", json=given, headers={"Idempotency-Key": "k"})
    assert kept == await ada.post("/api/v1/statuses", json=given, headers={"Idempotency-Key": "k"})
    params = kept["params"]
    assert (params["text"], params["visibility"], params["scheduled_at"]) == ("later", "private", None)
    assert params["poll"] == poll | {"multiple": False, "hide_totals": False}
    path = f"/api/v1/scheduled_statuses/{kept['id']}"
    assert await ada.get("/api/v1/scheduled_statuses") == [kept] == [await ada.get(path)]
    await ben.get(path, 404)
    moved = await ada.ask("PUT", path, json={"scheduled_at": later(120)})
    assert moved["scheduled_at"] > kept["scheduled_at"]
    await ada.ask("PUT", path, 422, json={"scheduled_at": later(1)})
    await ada.ask("PUT", path, 422, json={"scheduled_at": "soon"})
    assert await ada.ask("DELETE", path) == {}
    assert await ada.get("/api/v1/scheduled_statuses") == []
    await ada.post("/api/v1/statuses", 422, json=given | {"scheduled_at": later(2)})
    assert (await ada.say("at once", scheduled_at=later(-10)))["content"] == "<p>at once</p>"


async def test_a_quote_holds_what_it_quotes_and_that_only_names_its_own(ada: Caller, ben: Caller) -> None:
    first = await ada.say("first")
    second = await ben.say("second", quoted_status_id=first["id"])
    third = await ada.say("third", quoted_status_id=second["id"])
    assert third["quote"]["state"] == "accepted"
    inner = third["quote"]["quoted_status"]
    assert inner["id"] == second["id"]
    assert inner["quote"] == {"state": "accepted", "quoted_status_id": first["id"]}
    assert (await ada.get(f"/api/v1/statuses/{first['id']}"))["quotes_count"] == 1
    assert [one["id"] for one in await ada.get(f"/api/v1/statuses/{first['id']}/quotes")] == [second["id"]]
    path = f"/api/v1/statuses/{first['id']}/quotes/{second['id']}/revoke"
    await ben.post(path, 403)
    revoked = await ada.post(path)
    assert (revoked["id"], revoked["quote"]) == (second["id"], {"state": "revoked", "quoted_status": None})
    closed = await ada.ask(
        "PUT", f"/api/v1/statuses/{first['id']}/interaction_policy", json={"quote_approval_policy": "nobody"}
    )
    assert closed["quote_approval"] == {"automatic": [], "manual": [], "current_user": "automatic"}
    assert (await ben.get(f"/api/v1/statuses/{first['id']}"))["quote_approval"]["current_user"] == "denied"
    refused = await ben.post("/api/v1/statuses", 404, json={"status": "again", "quoted_status_id": first["id"]})
    assert refused["error"] == "The post you are trying to quote does not appear to exist."


async def test_shelves_and_crowds_are_paged_by_their_own_ids(ada: Caller, ben: Caller, world: World) -> None:
    posts = [(await ada.say(f"number {number}"))["id"] for number in range(3)]
    for post in (posts[2], posts[0], posts[1]):
        kept = await ben.post(f"/api/v1/statuses/{post}/bookmark")
        assert kept["bookmarked"]
        await ben.post(f"/api/v1/statuses/{post}/favourite")
    for path in ("/api/v1/bookmarks", "/api/v1/favourites"):
        headers = {"Authorization": f"Bearer {ben.token}"}
        answer = await world.client.get(path, params={"limit": 2}, headers=headers)
        assert [one["id"] for one in answer.json()] == [posts[1], posts[0]]
        following = answer.links["next"]["url"].removeprefix("http://localhost:8000")
        assert [one["id"] for one in await ben.get(following)] == [posts[2]]
    await ben.post(f"/api/v1/statuses/{posts[0]}/reblog")
    for crowd in ("favourited_by", "reblogged_by"):
        found = (await world.client.get(f"/api/v1/statuses/{posts[0]}/{crowd}")).json()
        assert [account["id"] for account in found] == [ben.id]
    await ben.post(f"/api/v1/statuses/{posts[0]}/unbookmark")
    assert len(await ben.get("/api/v1/bookmarks")) == 2


async def test_what_binds_one_to_a_status_is_told_to_members_only(ada: Caller, ben: Caller, world: World) -> None:
    said = await ada.say("hello")
    path = f"/api/v1/statuses/{said['id']}"
    assert (await ada.post(f"{path}/pin"))["pinned"]
    assert [one["id"] for one in await ben.get(f"/api/v1/accounts/{ada.id}/statuses?pinned=true")] == [said["id"]]
    assert (await ben.post(f"{path}/pin", 422))["error"].startswith("Validation failed: Someone else's post")
    assert (await ada.post(f"{path}/mute"))["muted"]
    assert not (await ada.post(f"{path}/unmute"))["muted"]
    seen = await ben.get(path)
    assert "pinned" not in seen
    assert (seen["bookmarked"], seen["muted"], seen["filtered"]) == (False, False, [])
    stranger = (await world.client.get(path)).json()
    assert not stranger.keys() & {"favourited", "reblogged", "bookmarked", "muted", "pinned", "filtered"}
    assert stranger["quote_approval"]["current_user"] == "denied"
    assert seen["application"] == {"name": "Test app", "website": None}


async def test_a_repost_goes_to_whom_it_is_meant_for(ada: Caller, ben: Caller, world: World) -> None:
    said = await ada.say("hello")
    passed = await ben.post(f"/api/v1/statuses/{said['id']}/reblog", data={"visibility": "private"})
    assert passed["visibility"] == "private"
    assert (await world.client.get(f"/api/v1/statuses/{passed['id']}")).status_code == 404
    assert (await world.client.get(f"/api/v1/statuses/{said['id']}/reblogged_by")).json() == []


async def test_what_its_author_goes_on_with_comes_first(ada: Caller, ben: Caller) -> None:
    first = (await ada.say("first"))["id"]
    by_ben = (await ben.say("an answer", in_reply_to_id=first))["id"]
    by_ada = (await ada.say("going on", in_reply_to_id=first))["id"]
    context = await ada.get(f"/api/v1/statuses/{first}/context")
    assert [one["id"] for one in context["descendants"]] == [by_ada, by_ben]


async def test_a_deleted_status_leaves_its_pictures_to_be_posted_anew(ada: Caller) -> None:
    said = await ada.say("what?", poll={"options": ["a", "b"], "expires_in": 600})
    gone = await ada.ask("DELETE", f"/api/v1/statuses/{said['id']}")
    assert (gone["text"], [option["title"] for option in gone["poll"]["options"]]) == ("what?", ["a", "b"])
