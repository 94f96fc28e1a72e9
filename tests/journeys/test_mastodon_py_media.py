"""A client that nobody here wrote shows films and sounds, links to pages, and reads in another language."""

import asyncio
import io
import queue
import subprocess
import time
import warnings
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import msgspec
import pytest
from mastodon import Mastodon, MastodonAPIError, StreamListener
from PIL import Image
from tests.journeys.test_mastodon_py import serving, signed_in
from tests.outside import ALLOWED, Outside, outside

from parvis.ai.fake import FakeModels
from parvis.core.config import Settings
from parvis.posts import emojis, ffmpeg
from parvis.store.blobs import open_blobs
from parvis.store.opening import open_store

SOON = 60.0
SEEN = ("-f", "lavfi", "-i", "testsrc=size=64x48:rate=10:duration=1")
HEARD = ("-f", "lavfi", "-i", "sine=frequency=440:duration=1")


class Ear(StreamListener):
    """Keeps which statuses changed."""

    def __init__(self) -> None:
        self.changed: queue.Queue[Any] = queue.Queue()

    def on_status_update(self, status: Any) -> None:
        self.changed.put(status)


@pytest.fixture
async def there() -> AsyncIterator[Outside]:
    async with outside() as server:
        yield server


def picture(colour: str = "#d6336c") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    return out.getvalue()


def recorded(kind: str, *arguments: str) -> bytes:
    command = [ffmpeg.program(), "-v", "error", *arguments, "-f", kind, "pipe:1"]
    return subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603 - our own words


def ready(client: Mastodon, media: Any) -> Any:
    """The attachment once it can be played: an app asks again and again."""
    end = time.monotonic() + SOON
    while media.url is None:
        assert time.monotonic() < end
        time.sleep(0.1)
        media = client.media(media)
    return media


def journey(address: str, page: str) -> None:
    ada = signed_in(address, "ada")
    limits = ada.instance_v2().configuration
    assert "video/webm" in limits.media_attachments.supported_mime_types
    assert limits.translation.enabled

    film = recorded("webm", *SEEN, *HEARD, "-c:v", "libvpx", "-c:a", "libvorbis")
    waiting = ada.media_post(film, mime_type="video/webm", description="Bars", focus=(0.5, 0.0))
    assert (waiting.type, waiting.url) == ("video", None)
    with pytest.raises(MastodonAPIError, match="have not finished processing"):
        ada.status_post("too early", media_ids=[waiting])
    assert ada.media_update(waiting, description="Coloured bars").description == "Coloured bars"
    shown = ready(ada, waiting)
    assert (shown.description, shown.meta.original.width, shown.meta.original.frame_rate) == (
        "Coloured bars",
        64,
        "10/1",
    )
    part = httpx2.get(shown.url, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content, part.headers["content-type"]) == (206, b"ftyp", "video/mp4")
    assert ada.status_post("A film", media_ids=[shown]).media_attachments[0].url == shown.url

    sound = ada.media_post(
        recorded("mp3", *HEARD), mime_type="audio/mpeg", thumbnail=picture(), thumbnail_mime_type="image/png"
    )
    loop = ada.media_post(recorded("gif", *SEEN), mime_type="image/gif")
    assert (sound.type, loop.type) == ("audio", "gifv")
    sound, loop = ready(ada, sound), ready(ada, loop)
    assert sound.meta.colors.background.startswith("#")
    with pytest.raises(MastodonAPIError, match="already contains"):
        ada.status_post("both", media_ids=[sound, loop])
    assert ada.status_post("A sound", media_ids=[sound]).media_attachments[0].type == "audio"

    ear = Ear()
    stream = ada.stream_user(ear, run_async=True, reconnect_async=True)
    said = ada.status_post(f"Read this: {page} :sun:", language="en")
    assert [emoji.shortcode for emoji in said.emojis] == ["sun"]
    assert [emoji.shortcode for emoji in ada.custom_emojis()] == ["sun"]
    changed = ear.changed.get(timeout=SOON)
    stream.close()
    assert (changed.id, changed.card.title, changed.card.url) == (said.id, "The tide", page)
    assert httpx2.get(changed.card.image).status_code == 200
    assert ada.status_card(said).title == "The tide"

    told = ada.status_translate(said, lang="fr")
    assert (told.language, told.detected_source_language) == ("fr", "en")
    assert "Lisez ceci" in told.content
    frame = httpx2.get(f"{address}/api/oembed", params={"url": said.url}).json()
    assert f"{said.url}/embed" in frame["html"]
    assert "Read this" in httpx2.get(f"{said.url}/embed").text


async def test_mastodon_py_shows_what_moves_and_sounds(settings: Settings, there: Outside) -> None:
    there.put("/tide.png", picture("navy"), "image/png")
    page = there.put("/tide", '<title>The tide</title><meta property="og:image" content="/tide.png">')
    models = FakeModels()
    models.text.enqueue({"text": "Lisez ceci : [[1]] :sun:", "warning": "", "options": [], "pictures": []})
    async with open_store(settings) as store, store.transaction() as tx:
        names = await emojis.keep(open_blobs(settings), await emojis.draw(picture("gold")))
        await emojis.add(tx, "sun", *names)
    async with serving(msgspec.structs.replace(settings, outbound_allow=ALLOWED), models) as address:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            await asyncio.to_thread(journey, address, page)
