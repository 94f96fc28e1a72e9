import io
from typing import Any

from PIL import Image
from tests.api.conftest import Caller


def picture(width: int = 40, height: int = 30) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#3b4cca").save(out, "PNG")
    return out.getvalue()


def file(data: bytes) -> dict[str, Any]:
    return {"file": ("sky.png", data, "image/png")}


async def test_a_picture_is_uploaded_described_and_posted(ada: Caller, ben: Caller) -> None:
    await ada.post("/api/v1/media", files=file(picture()))
    kept = await ada.post("/api/v2/media", files=file(picture()), data={"description": "A sky"})
    assert (kept["type"], kept["description"], kept["origin"]) == ("image", "A sky", "human")
    assert kept["meta"]["original"] == {"width": 40, "height": 30, "size": "40x30", "aspect": 40 / 30}
    path = f"/api/v1/media/{kept['id']}"
    changed = await ada.ask("PUT", path, data={"focus": "0.5,-0.5"})
    assert (changed["description"], changed["meta"]["focus"]) == ("A sky", {"x": 0.5, "y": -0.5})
    assert (await ada.ask("PUT", path, json={"description": ""}))["description"] is None
    await ben.get(path, 404)
    assert (await ada.get(path))["id"] == kept["id"]
    said = await ada.say("look", media_ids=[kept["id"]])
    assert said["media_attachments"][0]["id"] == kept["id"]
    assert said["media_attachments"][0]["url"].startswith("http://localhost:8000/media/")
    assert [one["id"] for one in await ben.get(f"/api/v1/accounts/{ada.id}/statuses?only_media=1")] == [said["id"]]
    await ada.get(path, 404)


async def test_what_is_no_picture_is_refused(ada: Caller) -> None:
    await ada.post("/api/v2/media", 422, files=file(b"not a picture"))
    await ada.post("/api/v2/media", 422, data={"description": "nothing"})
    await ada.post("/api/v2/media", 422, data={"file": "text"})
    await ada.post("/api/v2/media", 422, files=file(picture()), data={"focus": "9,9x"})


async def test_a_profile_has_pictures(ada: Caller) -> None:
    me = await ada.ask("PATCH", "/api/v1/accounts/update_credentials", files={"avatar": ("me.png", picture())})
    assert "/media/" in me["avatar"]
    assert "/faces/" in me["header"]


async def test_a_drawing_is_asked_for_watched_and_called_off(ada: Caller, ben: Caller) -> None:
    before = await ada.get("/api/parvis/v1/allowance")
    drawing = await ada.post("/api/parvis/v1/drawings", json={"prompt": "a fox by the sea", "size": "square"})
    assert (drawing["state"], drawing["share"], drawing["media_id"]) == ("queued", 0.0, None)
    held = await ada.get("/api/parvis/v1/allowance")
    assert held["held"] == before["remaining"] - held["remaining"] > 0
    path = f"/api/parvis/v1/drawings/{drawing['id']}"
    await ben.get(path, 404)
    await ada.post(f"{path}/keep", 409)
    assert (await ada.post(f"{path}/cancel"))["state"] == "cancelled"
    assert (await ada.get(path))["state"] == "cancelled"
    assert await ada.get("/api/parvis/v1/allowance") == before
    again = await ada.post(f"{path}/retry")
    assert (again["prompt"], again["id"] == drawing["id"]) == ("a fox by the sea", False)
    assert {one["id"] for one in await ada.get("/api/parvis/v1/drawings")} >= {again["id"]}
    await ada.post("/api/parvis/v1/drawings", 422, json={"prompt": ""})
