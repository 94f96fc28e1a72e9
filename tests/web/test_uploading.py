"""Films and sounds in the composer, and posts in the reader's language."""

import io
import re
import wave
from collections.abc import Callable

from tests.web.conftest import Browser, join

from parvis.ai import fake
from parvis.web.door import Door

JSON = {"accept": "application/json"}


def _sound() -> bytes:
    """A second of silence."""
    data = io.BytesIO()
    with wave.open(data, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(8000)
        written.writeframes(bytes(16000))
    return data.getvalue()


async def test_a_sound_waits_with_every_word_until_it_is_playable(
    browser: Browser, another: Callable[[], Browser]
) -> None:
    await join(browser, "ada")
    a_sound = _sound()
    files = {"pictures": ("sea.wav", a_sound, "audio/wav")}
    page = await browser.post("/posts", data={"text": "listen to this"}, files=files)
    assert page.status_code == 409
    assert "listen to this" in page.text
    [kept] = re.findall(r'name="media" value="(\d+)"', page.text)
    told = (await browser.get(f"/uploads/{kept}", headers=JSON)).json()
    assert (told["kind"], told["state"]) == ("sound", "processing")
    async with another() as stranger:
        await join(stranger, "eve")
        assert (await stranger.get(f"/uploads/{kept}", headers=JSON)).status_code == 404
    assert "listen to this" not in (await browser.get("/@ada")).text


async def test_a_module_uploads_before_the_post_is_sent(browser: Browser, a_picture: bytes) -> None:
    await join(browser, "ada")
    sent = await browser.post("/uploads", files={"file": ("a.png", a_picture, "image/png")}, headers=JSON)
    assert sent.json()["state"] == "ready"
    await browser.post("/posts", data={"text": "look", "media": sent.json()["media"]})
    assert sent.json()["preview"] in (await browser.get("/@ada")).text
    assert (await browser.post("/uploads", files={"file": ("a", b"nothing", "video/mp4")})).status_code == 422


async def test_a_post_in_another_language_is_translated_by_model_and_says_so(door: Door, browser: Browser) -> None:
    await join(browser, "ada")
    await browser.post("/posts", data={"text": "Bonsoir la place", "spoken": "fr"})
    page = (await browser.get("/@ada")).text
    [path] = re.findall(r'action="(/posts/\d+/translate)"', page)
    models = door.models
    assert isinstance(models, fake.FakeModels)
    said = {"text": "Good evening, square", "warning": "", "options": [], "pictures": []}
    models.text.enqueue(said)
    for headers in (JSON, {}):  # the second is remembered
        answer = (await browser.post(path, headers=headers)).text
        assert "Good evening, square" in answer
        assert "Translated by AI" in answer
