import msgspec
from tests.api.conftest import Caller, World
from tests.posts.test_emojis import add, drawn

from parvis.api.account_entity import account_json
from parvis.api.door import Urls
from parvis.posts.emojis import Shelf
from parvis.store.blobs import open_blobs


async def test_emoji_are_listed_and_told_where_they_are_used(world: World, ada: Caller) -> None:
    assert await ada.get("/api/v1/custom_emojis") == []
    blobs = open_blobs(world.settings)
    moving, still = await add(world.store, blobs, "wave", drawn("GIF", 3), category="Sea")
    await add(world.store, blobs, "boat", drawn())
    told = await ada.get("/api/v1/custom_emojis")
    assert [one["shortcode"] for one in told] == ["boat", "wave"]
    media = "http://localhost:8000/media/"
    wave = {"shortcode": "wave", "url": media + moving, "static_url": media + still, "visible_in_picker": True}
    assert told[1] == wave | {"category": "Sea"}
    said = await ada.say("a :wave: and a :whale:")
    assert said["emojis"] == [told[1]]
    assert (await ada.say("nothing"))["emojis"] == []


async def test_names_have_emoji_too(world: World, ada: Caller) -> None:
    await add(world.store, open_blobs(world.settings), "wave", drawn())
    shelf = Shelf()
    urls = Urls(world.settings, shelf)
    named = msgspec.structs.replace(ada.account, name="Ada :wave:")
    assert b'"emojis":[]' in bytes(account_json(named, urls))
    await shelf.look(world.store)
    assert b'"emojis":[{"shortcode":"wave"' in bytes(account_json(named, urls))
    assert b'"emojis":[]' in bytes(account_json(ada.account, urls))
