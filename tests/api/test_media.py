import io
import pathlib
import subprocess
from typing import Any

import pytest
from PIL import Image
from tests.api.conftest import Caller, World

from parvis.posts import ffmpeg


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


def recorded(tmp_path: pathlib.Path, name: str, *arguments: str) -> bytes:
    path = tmp_path / name
    command = [ffmpeg.program(), "-v", "error", "-y", *arguments, str(path)]
    subprocess.run(command, check=True)  # noqa: S603 - our own words
    return path.read_bytes()


SEEN = ("-f", "lavfi", "-i", "testsrc=size=64x48:rate=10:duration=1")
HEARD = ("-f", "lavfi", "-i", "sine=frequency=440:duration=1")


async def test_a_film_is_told_of_at_once_and_ready_later(
    world: World, ada: Caller, ben: Caller, tmp_path: pathlib.Path
) -> None:
    film = recorded(tmp_path, "a.webm", *SEEN, *HEARD, "-c:v", "libvpx", "-c:a", "libvorbis")
    given = {"file": ("a.webm", film, "video/webm")}
    waiting = await ada.post("/api/v2/media", 202, files=given, data={"description": "Bars", "focus": "0.5,0.0"})
    assert (waiting["type"], waiting["url"], waiting["description"]) == ("video", None, "Bars")
    path = f"/api/v1/media/{waiting['id']}"
    assert (await ada.get(path, 206))["url"] is None
    refused = await ada.post("/api/v1/statuses", 422, json={"status": "x", "media_ids": [waiting["id"]]})
    assert "have not finished processing" in refused["error"]
    assert (await ada.ask("PUT", path, 206, data={"description": "Colours"}))["description"] == "Colours"
    await world.settle()
    ready = await ada.get(path)
    assert (ready["description"], ready["type"]) == ("Colours", "video")
    assert ready["url"].endswith(".mp4")
    assert ready["preview_url"].endswith(".jpg")
    assert ready["blurhash"]
    meta = ready["meta"]
    assert (meta["original"]["width"], meta["original"]["height"], meta["original"]["frame_rate"]) == (64, 48, "10/1")
    assert meta["original"]["duration"] == pytest.approx(1, abs=0.2)
    assert meta["original"]["bitrate"] > 0
    assert (meta["small"]["size"], meta["focus"]["x"], meta["audio_encode"]) == ("64x48", 0.5, "aac")
    said = await ada.say("", media_ids=[ready["id"]])
    assert said["media_attachments"] == [ready]
    await ada.ask("DELETE", path, 422)
    await ben.ask("DELETE", path, 404)


async def test_the_older_way_waits_until_it_can_be_heard(ada: Caller, tmp_path: pathlib.Path) -> None:
    sound = recorded(tmp_path, "a.mp3", *HEARD)
    cover = ("cover.png", picture(), "image/png")
    told = await ada.post("/api/v1/media", files={"file": ("a.mp3", sound, "audio/mpeg"), "thumbnail": cover})
    assert (told["type"], told["meta"]["small"]["size"]) == ("audio", "40x30")
    assert told["meta"]["original"]["duration"] == pytest.approx(1, abs=0.2)
    assert "width" not in told["meta"]["original"]
    other = await ada.post("/api/v1/media", files=file(picture()))
    refused = await ada.post("/api/v1/statuses", 422, json={"status": "x", "media_ids": [told["id"], other["id"]]})
    assert "already contains" in refused["error"]


async def test_a_moving_gif_is_a_gifv_and_what_is_unwanted_goes(
    world: World, ada: Caller, tmp_path: pathlib.Path
) -> None:
    told = await ada.post("/api/v2/media", 202, files={"file": ("a.gif", recorded(tmp_path, "a.gif", *SEEN))})
    assert told["type"] == "gifv"
    await world.settle()
    path = f"/api/v1/media/{told['id']}"
    before = await ada.get(path)
    changed = await ada.ask("PUT", path, files={"thumbnail": ("t.png", picture(90, 60))})
    assert changed["preview_url"] != before["preview_url"]
    assert changed["meta"]["small"]["size"] == "90x60"
    assert await ada.ask("DELETE", path) == {}
    await ada.get(path, 404)
    await ada.ask("DELETE", path, 404)
    await world.settle()
    assert not [one for one in (world.settings.data / "blobs").rglob("*") if one.is_file()]


async def test_what_can_be_neither_seen_nor_heard_is_refused(ada: Caller, tmp_path: pathlib.Path) -> None:
    sound = recorded(tmp_path, "a.mp3", *HEARD)
    for data in (b"ID3" + bytes(900), b"\x00\x00\x00\x18ftypisom" + bytes(900), b"#EXTM3U\nfile:///etc/passwd\n"):
        await ada.post("/api/v2/media", 422, files={"file": ("a.mp4", data, "video/mp4")})
    assert (await ada.post("/api/v2/media", 202, files={"file": ("x", sound)}))["type"] == "audio"


async def test_the_limits_are_told(ada: Caller) -> None:
    for path in ("/api/v1/instance", "/api/v2/instance"):
        limits = (await ada.get(path))["configuration"]["media_attachments"]
        assert {"video/mp4", "video/webm", "audio/mpeg", "image/gif"} < set(limits["supported_mime_types"])
        assert limits["video_size_limit"] == 64 * 1024 * 1024
        assert limits["video_frame_rate_limit"] == 120


async def test_a_large_file_waits_on_the_disk_and_goes_with_its_request(ada: Caller) -> None:
    grain = Image.effect_noise((1400, 1400), 90).convert("RGB")
    out = io.BytesIO()
    grain.save(out, "PNG")
    large = out.getvalue()
    assert len(large) > 1024 * 1024
    told = await ada.post("/api/v2/media", files={"file": ("a.png", large)}, data={"description": "Grain"})
    assert (told["description"], told["meta"]["original"]["width"]) == ("Grain", 1400)
    await ada.post("/api/v2/media", 422, files={"file": ("a.png", large[:-4000])}, data={"focus": "x"})
    await ada.post("/api/v2/media", 422, data={"file": "y" * 400_000})
    broken = b"--x\r\nContent-Disposition: form-data; name=file; filename=a.png\r\n\r\n" + large
    await ada.post("/api/v2/media", 422, content=broken, headers={"content-type": "multipart/form-data; boundary=x"})
    await ada.post(
        "/api/v2/media", 413, content=bytes(67 << 20), headers={"content-type": "multipart/form-data; boundary=x"}
    )
