from tests.api.conftest import Caller, World


async def walked(world: World, caller: Caller, path: str, rel: str) -> list[str]:
    """Every id from one end of a timeline to the other, by its Link headers."""
    headers = {"Authorization": f"Bearer {caller.token}"}
    seen: list[str] = []
    while path:
        answer = await world.client.get(path, headers=headers)
        assert answer.status_code == 200, answer.text
        page = [status["id"] for status in answer.json()]
        seen = seen + page if rel == "next" else page + seen
        path = answer.links[rel]["url"] if rel in answer.links else ""
    return seen


async def test_home_is_what_one_follows_and_says_why(ada: Caller, ben: Caller, world: World) -> None:
    eve = await world.member("eve")
    await ada.post(f"/api/v1/accounts/{ben.id}/follow")
    mine, hers = await ada.say("mine"), await ben.say("his")
    strange = await eve.say("a stranger's")
    passed = await ben.post(f"/api/v1/statuses/{strange['id']}/reblog")
    home = await ada.get("/api/v1/timelines/home")
    assert [status["id"] for status in home] == [passed["id"], hers["id"], mine["id"]]
    assert [status["because"] for status in home] == [
        {"kind": "reposted", "account_id": ben.id},
        {"kind": "followed", "account_id": ben.id},
        {"kind": "own", "account_id": ada.id},
    ]


async def test_every_timeline_is_walked_by_its_links_from_both_ends(ada: Caller, world: World) -> None:
    ids = [(await ada.say(f"#Été number {number}"))["id"] for number in range(7)]
    newest_first = ids[::-1]
    for path in (
        "/api/v1/timelines/home",
        "/api/v1/timelines/public",
        "/api/v1/timelines/tag/Été",
        f"/api/v1/accounts/{ada.id}/statuses",
    ):
        assert await walked(world, ada, f"{path}?limit=3", "next") == newest_first
        assert await walked(world, ada, f"{path}?limit=3&min_id=1", "prev") == newest_first


async def test_a_link_keeps_the_other_parameters(ada: Caller, world: World) -> None:
    said = await ada.say("with #tag")
    answer = await world.client.get("/api/v1/timelines/tag/tag?local=true&limit=1&max_id=999999999999999999")
    beginning = "http://localhost:8000/api/v1/timelines/tag/tag?local=true&limit=1"
    assert answer.headers["link"] == (
        f'<{beginning}&max_id={said["id"]}>; rel="next", <{beginning}&min_id={said["id"]}>; rel="prev"'
    )


async def test_an_accounts_statuses_are_filtered(ada: Caller, ben: Caller) -> None:
    said = await ben.say("from ben")
    own = await ada.say("own")
    reply = await ada.say("reply @ben", in_reply_to_id=said["id"])
    passed = await ada.post(f"/api/v1/statuses/{said['id']}/reblog")
    path = f"/api/v1/accounts/{ada.id}/statuses"

    async def ids(**filters: str) -> list[str]:
        return [status["id"] for status in await ben.get(path, params=filters)]

    assert await ids() == [passed["id"], reply["id"], own["id"]]
    assert await ids(exclude_replies="true") == [passed["id"], own["id"]]
    assert await ids(exclude_reblogs="1") == [reply["id"], own["id"]]
    assert await ids(only_media="true") == []
    assert await ids(pinned="true") == []


async def test_limits_are_kept(ada: Caller) -> None:
    for wrong in ("limit=0", "limit=x", "max_id=x", "max_id=1&max_id=99999999999999999999"):
        await ada.get(f"/api/v1/timelines/home?{wrong}", 422)
    for number in range(45):
        await ada.say(f"post {number}")
    assert len(await ada.get("/api/v1/timelines/home?limit=1000")) == 40


async def test_search_does_not_tell_the_hashtags_of_hidden_posts(ada: Caller, ben: Caller) -> None:
    await ada.say("#secretplan", visibility="private")
    assert (await ben.get("/api/v2/search?q=secretplan"))["hashtags"] == []
    await ada.say("#secretplan")
    assert [tag["name"] for tag in (await ben.get("/api/v2/search?q=secretplan"))["hashtags"]] == ["secretplan"]
