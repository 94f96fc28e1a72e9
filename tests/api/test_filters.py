import pytest
from tests.api.conftest import Caller, World

from parvis.timelines import filling


async def test_filters_are_made_changed_and_applied(ada: Caller, ben: Caller, world: World) -> None:
    await ada.post(f"/api/v1/accounts/{ben.id}/follow")
    said = await ben.say("Plenty of Fish")
    given = {
        "title": "Sea",
        "context[]": ["home", "thread"],
        "filter_action": "warn",
        "expires_in": "3600",
        "keywords_attributes[0][keyword]": "fish",
        "keywords_attributes[0][whole_word]": "true",
        "keywords_attributes[1][keyword]": "crab",
    }
    made = await ada.post("/api/v2/filters", data=given)
    fish, crab = made["keywords"]
    assert (made["context"], made["filter_action"], made["statuses"]) == (["home", "thread"], "warn", [])
    assert made["expires_at"] is not None
    assert (fish["keyword"], fish["whole_word"], crab["whole_word"]) == ("fish", True, True)
    for path in ("/api/v1/timelines/home", "/api/v1/timelines/public", f"/api/v1/accounts/{ben.id}/statuses"):
        (status,) = await ada.get(path)
        (result,) = status["filtered"]
        assert (result["filter"]["id"], result["keyword_matches"], result["status_matches"]) == (
            made["id"],
            ["Fish"],
            None,
        )
        assert "keywords" not in result["filter"]
    assert (await ada.get(f"/api/v1/statuses/{said['id']}"))["filtered"] != []
    assert (await ben.get(f"/api/v1/statuses/{said['id']}"))["filtered"] == []
    path = f"/api/v2/filters/{made['id']}"
    change = {"filter_action": "hide", "keywords_attributes": [{"id": crab["id"], "_destroy": True}]}
    changed = await ada.ask("PUT", path, json=change)
    assert (changed["filter_action"], changed["keywords"], changed["expires_at"]) == (
        "hide",
        [fish],
        made["expires_at"],
    )
    assert (await ada.ask("PUT", path, json={"expires_in": None}))["expires_at"] is None
    assert await ada.get("/api/v1/timelines/home") == []
    assert len(await ada.get("/api/v1/timelines/public")) == 1
    assert await ada.ask("DELETE", path) == {}
    assert len(await ada.get("/api/v1/timelines/home")) == 1
    await ada.get(path, 404)


async def test_keywords_and_statuses_of_a_filter_have_addresses_of_their_own(ada: Caller, ben: Caller) -> None:
    said = await ben.say("hello")
    made = await ada.post("/api/v2/filters", json={"title": "x", "context": ["home"]})
    path = f"/api/v2/filters/{made['id']}"
    keyword = await ada.post(f"{path}/keywords", json={"keyword": "one", "whole_word": False})
    assert await ada.get(f"{path}/keywords") == [keyword]
    one = f"/api/v2/filters/keywords/{keyword['id']}"
    assert await ada.get(one) == keyword
    assert (await ada.ask("PUT", one, json={"keyword": "two"})) == keyword | {"keyword": "two"}
    await ben.get(one, 404)
    assert await ada.ask("DELETE", one) == {}
    named = await ada.post(f"{path}/statuses", json={"status_id": said["id"]})
    assert named == {"id": named["id"], "status_id": said["id"]}
    assert await ada.get(f"{path}/statuses") == [named]
    (result,) = (await ada.get(f"/api/v1/statuses/{said['id']}"))["filtered"]
    assert (result["status_matches"], result["keyword_matches"]) == ([said["id"]], None)
    one = f"/api/v2/filters/statuses/{named['id']}"
    assert await ada.get(one) == named
    await ben.ask("DELETE", one, 404)
    await ada.ask("DELETE", one)
    await ada.get(one, 404)


async def test_older_clients_know_each_keyword_as_a_filter(ada: Caller) -> None:
    made = await ada.post("/api/v1/filters", json={"phrase": "fish", "context": ["home"], "irreversible": True})
    assert made == {
        "id": made["id"],
        "phrase": "fish",
        "context": ["home"],
        "whole_word": True,
        "expires_at": None,
        "irreversible": True,
    }
    path = f"/api/v1/filters/{made['id']}"
    changed = await ada.ask("PUT", path, json={"phrase": "crab", "context": ["public"], "whole_word": False})
    assert changed == made | {"phrase": "crab", "context": ["public"], "whole_word": False}
    (whole,) = await ada.get("/api/v2/filters")
    assert (whole["title"], whole["filter_action"]) == ("crab", "hide")
    await ada.post(f"/api/v2/filters/{whole['id']}/keywords", json={"keyword": "lobster"})
    assert [one["phrase"] for one in await ada.get("/api/v1/filters")] == ["crab", "lobster"]
    assert (await ada.ask("PUT", path, json={"phrase": "prawn"}))["phrase"] == "prawn"
    await ada.ask("PUT", path, 422, json={"phrase": "prawn", "context": ["home"]})
    await ada.ask("DELETE", path)
    (left,) = await ada.get("/api/v1/filters")
    await ada.ask("DELETE", f"/api/v1/filters/{left['id']}")
    assert await ada.get("/api/v2/filters") == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "A filter needs a name."),
        ({"title": "x"}, "Say where the filter shall hold."),
        ({"title": "x", "context": []}, "Say where the filter shall hold."),
        ({"title": "x", "context": ["nowhere"]}, "Invalid enum value 'nowhere'"),
        ({"title": "x", "context": ["home"], "filter_action": "burn"}, "Invalid enum value 'burn'"),
        (
            {"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": " "}]},
            "A filter looks for words, not for nothing.",
        ),
    ],
)
async def test_a_filter_that_breaks_a_rule_is_refused(ada: Caller, wrong: dict[str, object], said: str) -> None:
    assert said in (await ada.post("/api/v2/filters", 422, json=wrong))["error"]


async def test_a_wall_of_which_filters_hide_more_than_is_read_at_once_goes_on(
    ada: Caller, ben: Caller, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "MOST_ROUNDS", 1)
    given = {"title": "sea", "context[]": "account", "filter_action": "hide", "keywords_attributes[0][keyword]": "fish"}
    await ada.post("/api/v2/filters", data=given)
    for text in ("the oldest", "a fish", "the newest"):
        await ben.say(text)
    path, read = f"/api/v1/accounts/{ben.id}/statuses?limit=2", []
    while path:
        answer = await world.client.get(path, headers={"Authorization": f"Bearer {ada.token}"})
        read += [one["content"] for one in answer.json()]
        path = answer.links["next"]["url"] if "next" in answer.links else ""
    assert read == ["<p>the newest</p>", "<p>the oldest</p>"]
