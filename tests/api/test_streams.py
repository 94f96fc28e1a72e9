"""Each of Mastodon's streams, over one WebSocket: what arrives, what does not, and who may listen."""

import json
from typing import Any

import pytest
from tests.api.conftest import Caller, World
from tests.api.test_streaming import bearer, heard
from websockets.asyncio.client import ClientConnection, connect

from parvis.events import AnnouncementDeleted, AnnouncementReacted, NotificationsMerged, PostEdited


async def subscribe(socket: ClientConnection, **wish: str) -> None:
    await socket.send(json.dumps({"type": "subscribe"} | wish))


async def marked(socket: ClientConnection, ada: Caller) -> list[dict[str, Any]]:
    """All that came until a post of one's own, made now, comes home."""
    mark = await ada.say("mark")
    found = []
    while (message := await heard(socket))["event"] != "update" or message["payload"]["id"] != mark["id"]:
        found.append(message)
    return found


async def test_a_list_streams_its_members_posts_to_its_owner(
    ada: Caller, ben: Caller, world: World, address: str
) -> None:
    eve = await world.member("eve")
    for one in (ben, eve):
        await ada.post(f"/api/v1/accounts/{one.id}/follow")
    made = await ada.post("/api/v1/lists", json={"title": "x", "replies_policy": "none", "exclusive": True})
    await ada.post(f"/api/v1/lists/{made['id']}/accounts", json={"account_ids": [ben.id]})
    url = f"ws://{address}/api/v1/streaming?access_token={ada.token}&stream=list&list={made['id']}"
    async with connect(url) as socket:
        await subscribe(socket, stream="user")
        await subscribe(socket, stream="nonsense")
        assert await heard(socket) == {"error": "Unknown stream type", "status": 400}
        of_eve = await eve.say("eve's")
        await ben.say("an answer", in_reply_to_id=of_eve["id"])
        said = await ben.say("ben's")
        came = await marked(socket, ada)
        assert [(one["stream"], one["payload"]["id"]) for one in came] == [
            (["user"], of_eve["id"]),
            (["list", made["id"]], said["id"]),
        ]
        await ben.ask("DELETE", f"/api/v1/statuses/{said['id']}")
        gone = await heard(socket)
        assert (gone["event"], gone["payload"]) == ("delete", said["id"])


async def test_direct_messages_stream_as_conversations(ada: Caller, ben: Caller, world: World, address: str) -> None:
    async with connect(f"ws://{address}/api/v1/streaming?access_token={ben.token}&stream=direct") as socket:
        await ada.say("not for ben", visibility="direct")
        said = await ada.say("psst @ben", visibility="direct")
        message = await heard(socket)
        assert (message["event"], message["stream"]) == ("conversation", ["direct"])
        found = json.loads(message["payload"])
        assert (found["unread"], found["last_status"]["id"], found["accounts"][0]["id"]) == (True, said["id"], ada.id)


async def test_filters_hold_in_streams_from_the_moment_they_change(
    ada: Caller, ben: Caller, world: World, address: str
) -> None:
    await ada.post(f"/api/v1/accounts/{ben.id}/follow")
    url = f"ws://{address}/api/v1/streaming?access_token={ada.token}&stream=user"
    async with connect(url) as socket:
        await subscribe(socket, stream="public")
        given = {
            "title": "f",
            "context": ["home"],
            "filter_action": "hide",
            "keywords_attributes": [{"keyword": "bad"}],
        }
        made = await ada.post("/api/v2/filters", json=given)
        assert await heard(socket) == {"stream": ["user"], "event": "filters_changed"}
        bad = await ben.say("so bad")
        (message,) = [one for one in await marked(socket, ada) if one["payload"]["account"]["id"] == ben.id]
        assert (message["stream"], message["payload"]["id"]) == (["public"], bad["id"])
        (result,) = message["payload"]["filtered"]
        assert (result["filter"]["id"], result["keyword_matches"]) == (made["id"], ["bad"])
        await ada.ask("DELETE", f"/api/v2/filters/{made['id']}")
        await ben.say("bad again")
        came = await marked(socket, ada)
        assert ["user"] in [one["stream"] for one in came if one["event"] == "update"]


async def test_a_followed_hashtag_comes_home_live(ada: Caller, ben: Caller, world: World, address: str) -> None:
    url = f"ws://{address}/api/v1/streaming?access_token={ada.token}&stream=user"
    async with connect(url) as socket:
        await ben.say("#sea, unfollowed")
        await ada.post("/api/v1/tags/sea/follow")
        said = await ben.say("#sea")
        await ben.say("hidden #sea", visibility="unlisted")
        assert [one["payload"]["id"] for one in await marked(socket, ada)] == [said["id"]]


async def test_an_edit_and_what_the_house_says_arrive(ada: Caller, ben: Caller, world: World, address: str) -> None:
    await ada.post(f"/api/v1/accounts/{ben.id}/follow")
    said = await ben.say("first")
    url = f"ws://{address}/api/v1/streaming?access_token={ada.token}&stream=user"
    async with connect(url) as socket:
        post = int(said["id"])
        await world.store.bus.publish(PostEdited(post, ben.account.id, post))
        message = await heard(socket)
        assert (message["event"], json.loads(message["payload"])["id"]) == ("status.update", said["id"])
        await world.store.bus.publish(AnnouncementReacted(5, "thumbsup", 2))
        message = await heard(socket)
        assert message["event"] == "announcement.reaction"
        assert json.loads(message["payload"]) == {"name": "thumbsup", "count": 2, "announcement_id": "5"}
        await world.store.bus.publish(AnnouncementDeleted(5))
        assert await heard(socket) == {"stream": ["user"], "event": "announcement.delete", "payload": "5"}
        await world.store.bus.publish(NotificationsMerged(ada.account.id))
        assert await heard(socket) == {"stream": ["user"], "event": "notifications_merged", "payload": "1"}


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"stream": "list"}, ("Missing list name parameter", 400)),
        ({"stream": "list", "list": "12345"}, ("Not authorized to stream this list", 401)),
        ({"stream": "hashtag"}, ("Missing tag name parameter", 400)),
        ({"stream": "user:notification"}, ("Access token does not have the required scopes", 401)),
    ],
)
async def test_a_wish_that_cannot_be_granted_is_answered(
    world: World, address: str, wish: dict[str, str], error: tuple[str, int]
) -> None:
    reader = await world.member("reader", "read:statuses")
    async with connect(f"ws://{address}/api/v1/streaming?access_token={reader.token}") as socket:
        await subscribe(socket, **wish)
        assert await heard(socket) == {"error": error[0], "status": error[1]}


async def test_without_the_scope_for_notifications_a_user_stream_has_none(
    ada: Caller, world: World, address: str
) -> None:
    reader = await world.member("reader", "read:statuses write")
    said = await reader.say("like me")
    async with connect(f"ws://{address}/api/v1/streaming?access_token={reader.token}&stream=user") as socket:
        await ada.post(f"/api/v1/statuses/{said['id']}/favourite")
        await world.settle()
        assert await marked(socket, reader) == []


async def test_streams_of_others_instances_are_quiet_and_lists_of_others_closed(
    ada: Caller, ben: Caller, world: World, address: str
) -> None:
    made = await ben.post("/api/v1/lists", json={"title": "x"})
    path = "/api/v1/streaming"
    assert (await world.client.get(f"{path}/list?list={made['id']}", headers=bearer(ada))).status_code == 401
    assert (await world.client.get(f"{path}?stream=list&list={made['id']}", headers=bearer(ada))).status_code == 401
    assert (await world.client.get(f"{path}?stream=user")).status_code == 401
    assert (await world.client.get(f"{path}?stream=nonsense")).status_code == 422
    async with connect(f"ws://{address}{path}?access_token={ada.token}&stream=public:remote") as socket:
        await subscribe(socket, stream="user")
        assert await marked(socket, ada) == []
