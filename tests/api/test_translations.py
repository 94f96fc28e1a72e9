import io
import json

from PIL import Image
from tests.api.conftest import Caller, World
from tests.conftest import BOTH

from parvis.ai.absent import AbsentText
from parvis.ai.fake import FakeModels
from parvis.posts.drafts import Draft
from parvis.posts.publish import publish
from parvis.studio import translating


def model(world: World) -> FakeModels:
    models = world.door.models
    assert isinstance(models, FakeModels)
    return models


async def left(caller: Caller) -> int:
    told = await caller.get("/api/parvis/v1/allowance")
    assert told["held"] == 0
    return int(told["remaining"])


async def picture(ada: Caller) -> str:
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "PNG")
    kept = await ada.post("/api/v2/media", files={"file": ("a.png", out.getvalue())}, data={"description": "The sea"})
    return str(kept["id"])


@BOTH
async def test_a_status_is_translated_once_for_all(world: World, ada: Caller, ben: Caller) -> None:
    said = await ada.say(
        "Hello @ben, see https://x.example/a #sea <b>",
        spoiler_text="Water",
        language="en",
        media_ids=[await picture(ada)],
    )
    text = model(world).text
    text.enqueue(
        {"text": "Voir [[2]] [[3]], bonjour [[1]] <b>", "warning": "De l'eau", "options": [], "pictures": ["La mer"]}
    )
    before = await left(ben)
    told = await ben.post(f"/api/v1/statuses/{said['id']}/translate", json={"lang": "fr"})
    assert (told["language"], told["detected_source_language"], told["provider"]) == ("fr", "en", "fake-text")
    assert told["spoiler_text"] == "De l'eau"
    assert told["poll"] is None
    assert told["media_attachments"] == [{"id": said["media_attachments"][0]["id"], "description": "La mer"}]
    content = told["content"]
    assert content.startswith('<p>Voir <a href="https://x.example/a"')
    assert 'href="http://localhost:8000/@ben"' in content
    assert content.endswith("&lt;b&gt;</p>")
    given = json.loads(text.asked[-1].prompt[-1].content)
    assert given["text"] == "Hello [[1]], see [[2]] [[3]] <b>"
    assert await left(ben) == before - translating.UNITS
    assert await ada.post(f"/api/v1/statuses/{said['id']}/translate", json={"lang": "fr"}) == told
    assert len(text.asked) == 1
    assert await left(ben) == before - translating.UNITS


async def test_what_fails_is_not_charged(world: World, ada: Caller) -> None:
    said = await ada.say("The tide is low", language="en")
    text, path = model(world).text, f"/api/v1/statuses/{said['id']}/translate"
    before = await left(ada)
    text.fail()
    assert (await ada.post(path, 503, json={"lang": "fr"}))["error"] == "Service Unavailable"
    text.enqueue("no object")
    await ada.post(path, 503, json={"lang": "fr"})
    text.enqueue({"text": "", "warning": "", "options": [], "pictures": []})
    await ada.post(path, 503, json={"lang": "fr"})
    assert await left(ada) == before
    text.enqueue({"text": "La marée est basse", "warning": "", "options": [], "pictures": []})
    assert (await ada.post(path, json={"lang": "fr"}))["content"] == "<p>La marée est basse</p>"


async def test_a_mark_that_was_lost_comes_last(world: World, ada: Caller) -> None:
    said = await ada.say("See #sea", language="en")
    model(world).text.enqueue({"text": "Voir [[7]]", "warning": "", "options": [], "pictures": []})
    told = await ada.post(f"/api/v1/statuses/{said['id']}/translate", json={"lang": "fr"})
    assert told["content"].startswith("<p>Voir [[7]] <a href=")


async def test_only_public_statuses_in_another_language_are_translated(world: World, ada: Caller, ben: Caller) -> None:
    quiet = await ada.say("for friends", visibility="private", language="en")
    await ada.post(f"/api/v1/statuses/{quiet['id']}/translate", 403, json={"lang": "fr"})
    await ben.post(f"/api/v1/statuses/{quiet['id']}/translate", 404, json={"lang": "fr"})
    said = await ada.say("la mer", language="fr")
    for lang in ("fr", "fr-CA", "xx"):
        refused = await ada.post(f"/api/v1/statuses/{said['id']}/translate", 403, json={"lang": lang})
        assert refused["error"] == "This action is not allowed"
    await ada.post("/api/v1/statuses/1/translate", 404)
    await ada.client.post(f"/api/v1/statuses/{said['id']}/translate")
    assert model(world).text.asked == []


async def test_the_language_is_ones_own_and_heard_where_none_is_told(world: World, ada: Caller) -> None:
    async with world.store.transaction() as tx:
        said = await publish(tx, ada.account, Draft("je vois la mer"))
    model(world).text.enqueue({"text": "I see the sea", "warning": "", "options": [], "pictures": []})
    told = await ada.post(f"/api/v1/statuses/{said}/translate")
    assert (told["language"], told["detected_source_language"]) == ("en", "fr")


async def test_languages_are_told(world: World, ada: Caller) -> None:
    told = await ada.get("/api/v1/instance/translation_languages")
    assert "fr" in told["en"]
    assert "en" not in told["en"]
    assert set(told["und"]) == set(translating.LANGUAGES)
    assert (await ada.get("/api/v2/instance"))["configuration"]["translation"] == {"enabled": True}
    assert not translating.is_offered(AbsentText("None is fetched."))


async def test_a_poll_is_translated_with_its_status(world: World, ada: Caller) -> None:
    poll = {"options": ["Tea", "Coffee"], "expires_in": 3600}
    said = await ada.say("What will it be?", poll=poll, language="en")
    text = model(world).text
    text.enqueue({"text": "Que prendrez-vous ?", "warning": "", "options": ["Thé"], "pictures": []})
    told = await ada.post(f"/api/v1/statuses/{said['id']}/translate", json={"lang": "fr"})
    assert told["poll"] == {"id": said["poll"]["id"], "options": [{"title": "Thé"}, {"title": "Coffee"}]}
