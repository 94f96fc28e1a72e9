"""What posts show: pictures, films, loops and sounds, as rows that wait for a post and then belong to it.

What was prepared (`pictures`) or is to be made playable (`films`, `processing`) flows in; blobs and a row flow out.
Preparing and keeping wait for threads and the disk, so they come before the transaction that writes the row. What no
post took is swept after a day.
"""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import BigInteger, Float, Integer, Text, bindparam, delete, insert, select, update

from parvis.core.config import Settings
from parvis.core.errors import Invalid, NotFound
from parvis.core.ids import AccountId, MediaId, PostId
from parvis.people.accounts import Account
from parvis.posts import leftovers
from parvis.posts.pictures import FACE_SIDE, PREVIEW_SIDE, Prepared, prepare, prepare_moving
from parvis.posts.post import Film, Media
from parvis.store.blobs import Blobs
from parvis.store.statement import Statement, among
from parvis.store.tables import media
from parvis.store.transaction import Tx

__all__ = [
    "FACE_SIDE",
    "PREVIEW_SIDE",
    "Prepared",
    "Stored",
    "Worn",
    "add_media",
    "attach",
    "describe",
    "discard",
    "find_unattached",
    "forget_of",
    "keep",
    "keep_worn",
    "prepare",
    "shape",
    "show_with",
    "unattached",
    "waiting_of",
]

Worn = Literal["avatar", "header"]  # what a member's pictures are

LONGEST_ALT = 1500
ALONE = frozenset({"film", "sound"})
"""Kinds of which a post holds one, and nothing beside it."""


class Stored(msgspec.Struct, frozen=True):
    """A picture whose bytes are kept."""

    blob: str
    preview: str
    width: int
    height: int
    preview_width: int
    preview_height: int
    blurhash: str


def shape(*row: Any) -> Media:
    """A row of `COLUMNS` as what it is."""
    found: Media = Media(*row)
    return found if found.film is None else msgspec.structs.replace(found, film=msgspec.convert(found.film, Film))


COLUMNS = tuple(media.c[field] for field in Media.__struct_fields__)
_account = bindparam("account", type_=BigInteger)
_GIVEN = (*Media.__struct_fields__, "account_id", "created_at")
_ADD = Statement(insert(media).values({name: bindparam(name, type_=media.c[name].type) for name in _GIVEN}))
_free = (
    among(media.c.id, "ids"),
    media.c.account_id == _account,
    media.c.post_id.is_(None),
    media.c.scheduled_id.is_(None),
)
_FREE = Statement(select(*COLUMNS).where(*_free), shape)
_ATTACH = Statement(update(media).where(*_free).values(post_id=bindparam("post", type_=BigInteger)))
_DESCRIBE = Statement(
    update(media)
    .where(
        media.c.id == bindparam("media", type_=BigInteger), media.c.account_id == _account, media.c.post_id.is_(None)
    )
    .values(
        alt=bindparam("given_alt", type_=Text),
        focus_x=bindparam("x", type_=Float),
        focus_y=bindparam("y", type_=Float),
    )
    .returning(*COLUMNS),
    shape,
)
_SHOW_WITH = Statement(
    update(media)
    .where(
        media.c.id == bindparam("media", type_=BigInteger), media.c.account_id == _account, media.c.post_id.is_(None)
    )
    .values(
        preview=bindparam("shown", type_=Text),
        preview_width=bindparam("wide", type_=Integer),
        preview_height=bindparam("high", type_=Integer),
        blurhash=bindparam("hashed", type_=Text),
        film=bindparam("played", type_=media.c.film.type),
    )
    .returning(*COLUMNS),
    shape,
)
_IS_HELD = Statement(
    select(media.c.post_id).where(media.c.id == bindparam("media", type_=BigInteger), media.c.account_id == _account)
)
_DISCARD = Statement(delete(media).where(*_free).returning(media.c.blob, media.c.preview))
_FORGET_OF = Statement(
    delete(media).where(media.c.post_id == bindparam("post", type_=BigInteger)).returning(media.c.blob, media.c.preview)
)
_FORGET_UNATTACHED = Statement(
    delete(media)
    .where(media.c.account_id == bindparam("account", type_=BigInteger), media.c.post_id.is_(None))
    .returning(media.c.blob, media.c.preview)
)


async def keep(blobs: Blobs, prepared: Prepared) -> Stored:
    """Keep a prepared picture's bytes; they survive a kill from here on."""
    blob = await blobs.put(prepared.data, prepared.extension)
    preview = await blobs.put(prepared.preview, prepared.preview_extension)
    return Stored(
        blob,
        preview,
        prepared.width,
        prepared.height,
        prepared.preview_width,
        prepared.preview_height,
        prepared.blurhash,
    )


async def keep_worn(blobs: Blobs, settings: Settings, part: Worn, data: bytes) -> dict[str, str]:
    """Keep what a member wears, made anew; the names of its blobs, as `edit_profile` takes them.

    A face is kept as small as it is shown; one that moves, as a moment of it too.

    Raises:
        TooLarge, Invalid: as `prepare` does.
    """
    if part == "header":
        prepared = await prepare(data, settings)
        return {part: await blobs.put(prepared.data, prepared.extension)}
    prepared = await prepare(data, settings, side=FACE_SIDE)
    face = await blobs.put(prepared.preview, prepared.preview_extension)
    moving = await prepare_moving(data)
    return {part: face, "moving_avatar": await blobs.put(moving, "webp") if moving else ""}


async def add_media(
    tx: Tx,
    account: Account,
    stored: Stored,
    *,
    alt: str = "",
    focus: tuple[float, float] = (0.0, 0.0),
    origin: str = "human",
    maker: str = "",
    kind: str = "picture",
    state: str = "ready",
) -> Media:
    """Give what is kept to an account, to be posted within a day.

    Raises:
        Invalid: the description is too long, or the focus lies outside.
    """
    _check(alt, focus)
    picture = Media(
        MediaId(tx.new_id()),
        kind,
        stored.blob,
        stored.preview,
        stored.width,
        stored.height,
        stored.preview_width,
        stored.preview_height,
        stored.blurhash,
        alt,
        *focus,
        origin,
        maker,
        state=state,
    )
    await tx.run(
        _ADD,
        **{name: getattr(picture, name) for name in Media.__struct_fields__},
        account_id=account.id,
        created_at=tx.now,
    )
    leftovers.set_sweep(tx)
    return picture


async def describe(
    tx: Tx, account: Account, media_id: MediaId, *, alt: str, focus: tuple[float, float] = (0.0, 0.0)
) -> Media:
    """Say what one's picture shows, while no post holds it.

    Raises:
        NotFound: the account has no such picture waiting.
        Invalid: the description is too long, or the focus lies outside.
    """
    _check(alt, focus)
    found = await tx.first(_DESCRIBE, media=media_id, account=account.id, given_alt=alt, x=focus[0], y=focus[1])
    if found is None:
        raise NotFound("There is no such picture waiting to be posted.")
    return found


async def show_with(
    tx: Tx, account: Account, media_id: MediaId, preview: Stored, colours: tuple[str, ...] = ()
) -> Media:
    """Have the preview of this picture stand for what one added, while no post holds it; a sound takes its `colours`.

    Raises:
        NotFound: the account has nothing such waiting.
    """
    before = await find_unattached(tx, account, media_id)
    if before is None:
        raise NotFound("There is no such picture waiting to be posted.")
    film = before.film
    if film is not None and before.kind == "sound":
        film = msgspec.structs.replace(film, colours=colours)
    changed = await tx.one(
        _SHOW_WITH,
        played=film,
        media=media_id,
        account=account.id,
        shown=preview.preview,
        wide=preview.preview_width,
        high=preview.preview_height,
        hashed=preview.blurhash,
    )
    leftovers.set_forgetting(tx, [before.preview, preview.blob])
    return changed


async def find_unattached(tx: Tx, account: Account, media_id: MediaId) -> Media | None:
    """What one added, while no post holds it; it need not be ready."""
    return await tx.first(_FREE, ids=[media_id], account=account.id)


async def waiting_of(tx: Tx, account: Account, ids: Sequence[MediaId]) -> list[Media]:
    """What one added of these, in their order, while no post holds it; it need not be ready."""
    found = {one.id: one for one in await tx.all(_FREE, ids=list(ids), account=account.id)} if ids else {}
    return [found[media_id] for media_id in dict.fromkeys(ids) if media_id in found]


async def unattached(tx: Tx, account: Account, ids: Sequence[MediaId]) -> tuple[Media, ...]:
    """The account's waiting pictures with these ids, in this order.

    Raises:
        Invalid: one of them is not there, not its own, in a post already or not ready, or they do not go together.
    """
    found = {picture.id: picture for picture in await tx.all(_FREE, ids=list(ids), account=account.id)}
    if len(found) != len(ids):
        raise Invalid("A picture is not there any more; add it again.", field="media")
    chosen = tuple(found[media_id] for media_id in ids)
    require_fit(chosen)
    return chosen


def require_fit(chosen: Sequence[Media]) -> None:
    """Return when one post can show all of these.

    Raises:
        Invalid: one is not ready, or they do not go together.
    """
    if any(picture.state != "ready" for picture in chosen):
        raise Invalid("It is being made playable. Post it in a moment.", field="media")
    if len(chosen) > 1 and any(picture.kind in ALONE for picture in chosen):
        raise Invalid("A film or a sound stands alone in its post.", field="media")


async def attach(tx: Tx, account: Account, post_id: PostId, ids: Sequence[MediaId]) -> None:
    """Put waiting pictures into a post.

    Raises:
        Invalid: another post took one meanwhile.
    """
    if await tx.run(_ATTACH, ids=list(ids), account=account.id, post=post_id) != len(ids):
        raise Invalid("A picture is not there any more; add it again.", field="media")


async def discard(tx: Tx, account: Account, media_id: MediaId) -> None:
    """Take back what one added, while no post holds it; what was being made of it stops.

    Raises:
        NotFound: the account has nothing such.
        Invalid: a post holds it.
    """
    gone = await tx.all(_DISCARD, ids=[media_id], account=account.id)
    if not gone and await tx.all(_IS_HELD, media=media_id, account=account.id):
        raise Invalid("A post shows this picture.")
    if not gone:
        raise NotFound("There is no such picture waiting to be posted.")
    leftovers.set_forgetting(tx, gone[0])


async def forget_of(tx: Tx, post_id: PostId) -> None:
    """Remove a post's pictures; their bytes follow once nothing else uses them."""
    names = [name for row in await tx.all(_FORGET_OF, post=post_id) for name in row]
    if names:
        leftovers.set_forgetting(tx, names)


async def forget_unattached_of(tx: Tx, account_id: AccountId) -> None:
    """Remove the account's pictures that no post took, as `forget_of` does."""
    names = {name for row in await tx.all(_FORGET_UNATTACHED, account=account_id) for name in row}
    if names:
        leftovers.set_forgetting(tx, names)


def _check(alt: str, focus: tuple[float, float]) -> None:
    if len(alt) > LONGEST_ALT:
        raise Invalid("The description is longer than {limit} characters.", field="description", limit=LONGEST_ALT)
    if not all(-1 <= value <= 1 for value in focus):
        raise Invalid("The focus lies between -1 and 1 on both axes.", field="focus")
