"""The job that makes films, loops and sounds playable.

What was uploaded waits as a blob that no one is sent; out of it come the playable file, its preview and what is known
of it, and the row is `ready`, or it has `failed` and says no more. The work stops when the member takes the file back,
when it takes too long, and when the process ends; a killed one begins again, a few times.
"""

import asyncio
import time

import msgspec
from sqlalchemy import BigInteger, bindparam, func, select, update

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import Invalid, NotFound, TooFast, TooLarge
from parvis.core.ids import MediaId
from parvis.people.accounts import Account
from parvis.posts import ffmpeg, films, leftovers
from parvis.posts import media as posts_media
from parvis.posts.films import Made, Seen
from parvis.posts.post import Media
from parvis.store.blobs import HIDDEN, Blobs
from parvis.store.jobs import Kind, Work
from parvis.store.statement import Statement
from parvis.store.tables import media
from parvis.store.transaction import Tx

MAKE = "make_playable"
TICK = 1.0  # seconds between two looks at whether it is still wanted
MOST_TAKES = 3  # runs of one job, kills included, before it gives up
MOST_UNDER_WAY = 8  # of one account
LEASE = 30 * clock.SECOND


class Making(msgspec.Struct, frozen=True):
    """Make this playable; it came in this container format."""

    media: MediaId
    container: str


_this = (media.c.id == bindparam("media", type_=BigInteger), media.c.state == "processing")
_WAITING = Statement(select(*posts_media.COLUMNS).where(*_this), posts_media.shape)
_MADE = ("kind", "blob", "preview", "width", "height", "preview_width", "preview_height", "blurhash", "film")
_UNDER_WAY = Statement(
    select(func.count()).where(
        media.c.account_id == bindparam("account", type_=BigInteger), media.c.state == "processing"
    )
)
_READY = Statement(
    update(media)
    .where(*_this)
    .values({name: bindparam(f"new_{name}", type_=media.c[name].type) for name in _MADE} | {"state": "ready"})
)
_FAILED = Statement(update(media).where(*_this).values(state="failed"))


async def keep_raw(blobs: Blobs, data: bytes, seen: Seen) -> posts_media.Stored:
    """Keep what came until it is made playable."""
    blob = await blobs.put(data, HIDDEN)
    return posts_media.Stored(blob, "", seen.width, seen.height, 0, 0, "")


async def add_raw(
    tx: Tx,
    account: Account,
    stored: posts_media.Stored,
    seen: Seen,
    *,
    alt: str = "",
    focus: tuple[float, float] = (0.0, 0.0),
) -> Media:
    """Give it to an account, and have it made playable.

    Raises:
        TooFast: as many of the account's are being made as may be.
    """
    if await tx.value(_UNDER_WAY, account=account.id) >= MOST_UNDER_WAY:
        raise TooFast("Wait until what you uploaded is ready.", after=30)
    added = await posts_media.add_media(tx, account, stored, alt=alt, focus=focus, kind=seen.kind, state="processing")
    tx.enqueue(MAKE, Making(added.id, seen.container))
    return added


def kinds(settings: Settings, blobs: Blobs, tick: float = TICK) -> tuple[Kind, ...]:
    """The job."""
    maker = Maker(settings, blobs, tick)
    return (Kind(name=MAKE, payload=Making, run=maker.make, concurrency=1, attempts=MOST_TAKES + 1, lease=LEASE),)


class Maker:
    """What the job needs, and what it does with it."""

    def __init__(self, settings: Settings, blobs: Blobs, tick: float) -> None:
        self._settings = settings
        self._blobs = blobs
        self._tick = tick

    async def make(self, work: Work) -> None:
        """Make it playable, unless it is gone or was tried often enough."""
        found = await self._wanted(work)
        if found is None:
            return
        made = None
        if work.taken.attempts <= MOST_TAKES:
            try:
                made = await self._watch(work, found)
            except (ffmpeg.Broken, TimeoutError, TooLarge, Invalid, NotFound):
                made = None
            if made is None and await self._wanted(work) is None:
                return
        await self._end(work, found, made)

    async def _wanted(self, work: Work) -> Media | None:
        async with work.store.reading() as tx:
            return await tx.first(_WAITING, media=work.payload.media)

    async def _watch(self, work: Work, found: Media) -> Made | None:
        """Have it made, looking now and then whether it is still wanted; None once it is not."""
        making = asyncio.ensure_future(self._make(work.payload, found))
        renewed = time.monotonic()
        try:
            while not (await asyncio.wait({making}, timeout=self._tick))[0]:
                if await self._wanted(work) is None:
                    return None
                if time.monotonic() - renewed > LEASE / clock.SECOND / 3:
                    await work.renew()
                    renewed = time.monotonic()
            return await making
        finally:
            making.cancel()
            await asyncio.gather(making, return_exceptions=True)

    async def _make(self, payload: Making, found: Media) -> Made:
        data = await self._blobs.get(found.blob)
        with ffmpeg.scratch(self._settings) as folder:
            await asyncio.to_thread((folder / "in").write_bytes, data)
            del data
            return await films.make(folder, payload.container, self._settings)

    async def _coloured(self, work: Work, made: Made) -> Made:
        """A sound takes the colours of the cover that its member sent along."""
        current = await self._wanted(work)
        if made.kind != "sound" or current is None or not current.preview:
            return made
        colours = await asyncio.to_thread(films.colours, await self._blobs.get(current.preview))
        return msgspec.structs.replace(made, film=msgspec.structs.replace(made.film, colours=colours))

    async def _end(self, work: Work, found: Media, made: Made | None) -> None:
        """Write down what became of it; what came is forgotten."""
        names = []
        if made is not None:
            blob = await self._blobs.put(made.data, made.extension)
            poster = made.poster
            preview = await self._blobs.put(poster.preview, poster.preview_extension) if poster else ""
            names = [blob, preview]
            made = await self._coloured(work, made)
        async with work.ending() as tx:
            if made is None:
                await tx.run(_FAILED, media=found.id)
                return
            current = await tx.first(_WAITING, media=found.id)
            if current is None:
                leftovers.set_forgetting(tx, names)
                return
            poster = None if current.preview else made.poster  # the member's own comes first
            await tx.run(
                _READY,
                media=found.id,
                new_kind=made.kind,
                new_blob=names[0],
                new_preview=names[1] if poster else current.preview,
                new_width=made.width,
                new_height=made.height,
                new_preview_width=poster.preview_width if poster else current.preview_width,
                new_preview_height=poster.preview_height if poster else current.preview_height,
                new_blurhash=poster.blurhash if poster else current.blurhash,
                new_film=made.film,
            )
            leftovers.set_forgetting(tx, [found.blob, "" if poster else names[1]])
