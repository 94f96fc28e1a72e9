"""What nobody needs any more: pictures that no post took, keys that no retry will come with, bytes without a row.

The jobs keep themselves going: a sweep is set for a day later whenever something is added that may be left over.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import (
    JSON,
    BigInteger,
    Text,
    bindparam,
    cast,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from parvis.core import clock
from parvis.core.errors import TryAgain
from parvis.store.blobs import Blobs
from parvis.store.jobs import Kind, Work
from parvis.store.statement import Statement, among_words
from parvis.store.tables import accounts, cards, drawings, emojis, idempotency, media, post_links
from parvis.store.transaction import Tx

KEPT_FOR = clock.DAY
CARDS_KEPT_FOR = 30 * clock.DAY  # when no post has the link any more
SPARED = 120.0  # seconds between putting bytes and writing the row that names them, at most
SWEEP = "sweep_leftovers"
FORGET = "forget_blobs"

_before = bindparam("before", type_=BigInteger)
_SWEEP_MEDIA = Statement(
    delete(media)
    .where(media.c.post_id.is_(None), media.c.scheduled_id.is_(None), media.c.created_at < _before)
    .returning(media.c.blob, media.c.preview)
)
_SWEEP_KEYS = Statement(delete(idempotency).where(idempotency.c.created_at < _before))
_OLD_CARDS = Statement(select(cards.c.url, cards.c.card, cards.c.image).where(cards.c.fetched_at < _before).limit(500))
_LINKED = Statement(select(post_links.c.url).where(among_words(post_links.c.url, "urls")))
_SWEEP_CARDS = Statement(delete(cards).where(among_words(cards.c.url, "urls")))
_WAITING = Statement(
    select(
        or_(
            exists().where(media.c.post_id.is_(None), media.c.scheduled_id.is_(None)),
            exists().select_from(idempotency),
            exists().select_from(cards),
        )
    )
)
_details = cast(func.nullif(accounts.c.details, ""), Text().with_variant(JSON(), "postgresql"))
_BLOB_COLUMNS: tuple[Any, ...] = (
    media.c.blob,
    media.c.preview,
    accounts.c.avatar,
    accounts.c.header,
    _details.op("->>")(literal_column("'moving_avatar'")),
    drawings.c.preview,
    drawings.c.result,
    cards.c.image,
    emojis.c.blob,
    emojis.c.still,
)
_USED = Statement(
    union_all(*(select(column).where(among_words(column, "names")) for column in _BLOB_COLUMNS)), slow=True
)


class Forgotten(msgspec.Struct, frozen=True):
    """Blobs that nothing may need any more."""

    names: tuple[str, ...]


class Sweep(msgspec.Struct, frozen=True):
    """Look for leftovers."""


def set_sweep(tx: Tx) -> None:
    """Have leftovers looked for in a day; one look waits at a time."""
    tx.enqueue(SWEEP, Sweep(), run_at=tx.now + KEPT_FOR + clock.MINUTE, key=SWEEP)


def set_forgetting(tx: Tx, names: Iterable[str], *, after: int = 0) -> None:
    """Have the bytes under these names removed, `after` so many ms, but for what something else still uses."""
    tx.enqueue(FORGET, Forgotten(tuple(sorted(set(names) - {""}))), run_at=tx.now + after)


def kinds(blobs: Blobs, *, spared: float = SPARED) -> tuple[Kind, ...]:
    """The jobs that clear up after posts; bytes that were put within `spared` seconds are left for later."""

    async def sweep(work: Work) -> None:
        async with work.ending() as tx:
            await sweep_leftovers(tx)

    async def forget(work: Work) -> None:
        await forget_blobs(work, blobs, spared)

    return (
        Kind(name=SWEEP, payload=Sweep, run=sweep, concurrency=1),
        Kind(name=FORGET, payload=Forgotten, run=forget, concurrency=1),
    )


async def sweep_leftovers(tx: Tx) -> None:
    """Remove pictures that waited for a post, and keys that waited for a retry, for more than a day; old cards too."""
    before = tx.now - KEPT_FOR
    names = {name for row in await tx.all(_SWEEP_MEDIA, before=before) for name in row}
    await tx.run(_SWEEP_KEYS, before=before)
    names |= await _sweep_cards(tx)
    if names:
        set_forgetting(tx, names)
    if await tx.value(_WAITING):
        set_sweep(tx)


async def _sweep_cards(tx: Tx) -> set[str]:
    """Remove cards that no post shows any more; the names of their pictures."""
    old = await tx.all(_OLD_CARDS, before=tx.now - CARDS_KEPT_FOR)
    linked = {row[0] for row in await tx.all(_LINKED, urls=[card["url"] for _, card, _ in old if card])}
    idle = [(url, image) for url, card, image in old if not card or card["url"] not in linked]
    await tx.run(_SWEEP_CARDS, urls=[url for url, _ in idle])
    return {image for _, image in idle}


async def forget_blobs(work: Work, blobs: Blobs, spared: float) -> None:
    """Remove the bytes under those of the names that nothing uses: the same picture may be in another post.

    Raises:
        TryAgain: some were put a moment ago; who put them may not have said so in a row yet.
    """
    names: tuple[str, ...] = work.payload.names
    async with work.store.reading() as tx:
        used = {row[0] for row in await tx.all(_USED, names=list(names))}
    gone = [await blobs.delete(name, spared=spared) for name in names if name not in used]
    if not all(gone):
        raise TryAgain(spared)
