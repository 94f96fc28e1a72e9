"""What a member uploads, whatever it is: a picture is prepared at once, a film or a sound is looked at and made later.

Bytes flow in from any door; what is kept of them flows out, and then, in a transaction, the row that waits for a post.
Only a few uploads are in memory at once: the others wait on the disk.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from weakref import WeakKeyDictionary

import msgspec

from parvis.core.config import Settings
from parvis.people.accounts import Account
from parvis.posts import films, media, pictures, processing
from parvis.posts.films import Seen
from parvis.posts.post import Media
from parvis.store.blobs import Blobs
from parvis.store.transaction import Tx

AT_ONCE = 3  # uploads in memory

_places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class Taken(msgspec.Struct, frozen=True):
    """What is kept of an upload; `seen` where it has yet to be made playable."""

    stored: media.Stored
    seen: Seen | None = None


class Cover(msgspec.Struct, frozen=True):
    """A picture that stands for something else, and its colours."""

    stored: media.Stored
    colours: tuple[str, ...]


@contextlib.asynccontextmanager
async def place() -> AsyncIterator[None]:
    """Wait until one more upload may be in memory."""
    async with _places.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)):
        yield


async def take(blobs: Blobs, settings: Settings, data: bytes) -> Taken:
    """Keep a picture, a film or a sound.

    Raises:
        TooLarge: it has more bytes, pixels or seconds than the settings allow.
        Invalid: it is nothing that we take.
        Unavailable: films cannot be taken here.
    """
    container = await pictures.in_thread(films.container_of, data)
    if container is None:
        return Taken(await media.keep(blobs, await media.prepare(data, settings)))
    seen = await films.look(data, container, settings)
    return Taken(await processing.keep_raw(blobs, data, seen), seen)


async def take_cover(blobs: Blobs, settings: Settings, data: bytes) -> Cover:
    """Keep a picture that stands for something else.

    Raises:
        TooLarge, Invalid: as `take`.
    """
    prepared = await media.prepare(data, settings, cover=True)
    return Cover(await media.keep(blobs, prepared), await pictures.in_thread(films.colours, prepared.preview))


async def add(
    tx: Tx,
    account: Account,
    taken: Taken,
    *,
    alt: str = "",
    focus: tuple[float, float] = (0.0, 0.0),
    cover: Cover | None = None,
) -> Media:
    """Give what was taken to an account, to be posted within a day; what has to be made playable is, meanwhile.

    Raises:
        Invalid: the description is too long, or the focus lies outside.
    """
    if taken.seen is None:
        added = await media.add_media(tx, account, taken.stored, alt=alt, focus=focus)
    else:
        added = await processing.add_raw(tx, account, taken.stored, taken.seen, alt=alt, focus=focus)
    return added if cover is None else await media.show_with(tx, account, added.id, cover.stored, cover.colours)
