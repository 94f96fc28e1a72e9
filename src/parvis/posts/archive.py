"""The archive: all that a member said, made, kept and chose, in one ZIP that is written while it is sent.

An account flows in, pieces of the file flow out. Nothing of it is kept: each page of rows is read in a transaction of
its own, each picture in parts, so that the memory is bounded whatever the account holds. What changes meanwhile may be
in it or not. Lists of accounts have the form that other servers import.
"""

import csv
import io
import zipfile
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, Integer, bindparam, select

from parvis.core import clock
from parvis.core.errors import NotFound
from parvis.core.ids import PostId
from parvis.people import circles
from parvis.people.accounts import Account
from parvis.people.circles import Span, Tie
from parvis.people.details import unfolded
from parvis.posts import shelves
from parvis.posts.page import Page
from parvis.posts.post import Post
from parvis.posts.shelves import Kept
from parvis.posts.visibility import in_order, written
from parvis.store.blobs import Blobs
from parvis.store.database import Store
from parvis.store.statement import Statement
from parvis.store.tables import posts
from parvis.store.transaction import Tx

PAGE: Final = 40
PART: Final = 1 << 20  # bytes of a blob that are in memory at once
README: Final = """This is your archive of {place}, made on {moment}.

account.json             who you are here
posts.json               all that you said and passed on, newest first; its pictures are in media/
likes.json               what you like
bookmarks.json           what you keep
following_accounts.csv   whom you follow, in the form that other servers import
followers.csv            who follows you
muted_accounts.csv       whom you mute
blocked_accounts.csv     whom you block
"""

_MINE = Statement(
    select(posts.c.id)
    .where(
        posts.c.author_id == bindparam("author", type_=BigInteger),
        posts.c.id < bindparam("before", type_=BigInteger),
    )
    .order_by(posts.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)
_NEWEST = (1 << 63) - 1


class _Outlet(io.RawIOBase):
    """What the ZIP is written into: it keeps what is to be sent, and nothing more."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def drain(self) -> bytes:
        """What was written since the last time."""
        drained = b"".join(self._pieces)
        self._pieces.clear()
        return drained


async def archive_of(store: Store, blobs: Blobs, account: Account, place: str) -> AsyncGenerator[bytes]:
    """The account's archive, piece by piece; `place` is the instance's address."""
    outlet = _Outlet()
    pictures: dict[str, None] = {}
    moment = clock.iso(clock.now())
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README.format(place=place, moment=moment))
        archive.writestr("account.json", _json(_told(account)))
        for name, pages in (
            ("posts.json", _posts_of(store, account, place, pictures)),
            ("likes.json", _shelf_of(store, account, place, shelves.liked_by)),
            ("bookmarks.json", _shelf_of(store, account, place, shelves.bookmarks_of)),
        ):
            with archive.open(name, "w") as file:
                file.write(b"[")
                between = b"\n"
                async for page in pages:
                    for entry in page:
                        file.write(between + _json(entry))
                        between = b",\n"
                    yield outlet.drain()
                file.write(b"\n]\n")
        for name, head, read, row in LISTS:
            with archive.open(name, "w") as file:
                file.write(_csv([head]))
                async for ties in _ties_of(store, account, read):
                    file.write(_csv(row(tie) for tie in ties))
                    yield outlet.drain()
        for blob in pictures:
            async for piece in _copied(archive, outlet, blobs, blob):
                yield piece
    yield outlet.drain()


async def _copied(archive: zipfile.ZipFile, outlet: _Outlet, blobs: Blobs, blob: str) -> AsyncIterator[bytes]:
    entry = zipfile.ZipInfo(f"media/{blob}")  # pictures and films are squeezed already
    start = 0
    with archive.open(entry, "w", force_zip64=True) as file:
        while True:
            try:
                part = await blobs.part(blob, start, PART)
            except NotFound:  # swept meanwhile
                part = None
            if part is None:
                break
            file.write(part.data)
            start += len(part.data)
            yield outlet.drain()


async def _posts_of(
    store: Store, account: Account, place: str, pictures: dict[str, None]
) -> AsyncIterator[list[dict[str, Any]]]:
    """Pages of what the account said; the pictures in it are put where they are gathered."""
    before = _NEWEST
    while True:
        async with store.reading() as tx:
            rows = await tx.all(_MINE, author=account.id, before=before, most=PAGE)
            page = await _own(tx, account, rows)
        if not rows:
            return
        before = rows[-1][0]
        for post in page:
            pictures.update(dict.fromkeys(media.blob for media in post.media if media.blob))
        yield [_entry(post, place) for post in page]


async def _own(tx: Tx, account: Account, rows: Sequence[tuple[PostId]]) -> list[Post]:
    """What the account said and passed on; of one that is suspended, which nobody sees, its own words."""
    if account.suspended_at is None:
        return await in_order(tx, account, rows)
    words = await written(tx, (row[0] for row in rows))
    return [words[post] for (post,) in rows if post in words and words[post].repost_of is None]


async def _shelf_of(
    store: Store, account: Account, place: str, read: Callable[[Tx, Account, Page], Awaitable[list[Kept]]]
) -> AsyncIterator[list[dict[str, Any]]]:
    page = Page(limit=PAGE)
    while True:
        async with store.reading() as tx:
            kept = await read(tx, account, page)
        if not kept:
            return
        yield [{"url": _address(one.post, place), "author": one.post.author.acct} for one in kept]
        page = Page(limit=PAGE, max_id=kept[-1].id)


async def _ties_of(store: Store, account: Account, read: "_Ties") -> AsyncIterator[Sequence[Tie]]:
    span = Span(limit=circles.LONGEST_PAGE)
    while True:
        async with store.reading() as tx:
            ties = await read(tx, account, span)
        if not ties:
            return
        yield ties
        span = Span(limit=circles.LONGEST_PAGE, before=ties[-1].id)


_Ties = Callable[[Tx, Account, Span], Awaitable[Sequence[Tie]]]
LISTS: Final[tuple[tuple[str, tuple[str, ...], _Ties, Callable[[Tie], tuple[str, ...]]], ...]] = (
    (
        "following_accounts.csv",
        ("Account address", "Show boosts", "Notify on new posts", "Languages"),
        lambda tx, account, span: circles.following_of(tx, account, account, span),
        lambda tie: (tie.account.acct, "true", "false", ""),
    ),
    (
        "followers.csv",
        ("Account address",),
        lambda tx, account, span: circles.followers_of(tx, account, account, span),
        lambda tie: (tie.account.acct,),
    ),
    (
        "muted_accounts.csv",
        ("Account address", "Hide notifications"),
        circles.mutes_of,
        lambda tie: (tie.account.acct, "true"),
    ),
    ("blocked_accounts.csv", ("Account address",), circles.blocks_of, lambda tie: (tie.account.acct,)),
)


def _told(account: Account) -> dict[str, Any]:
    return {
        "handle": account.handle,
        "name": account.name,
        "bio": account.bio,
        "language": account.language,
        "since": clock.iso(account.created_at),
        "fields": [{"name": field.name, "value": field.value} for field in unfolded(account.details).fields],
    }


def _entry(post: Post, place: str) -> dict[str, Any]:
    """A post as the archive tells it."""
    about = {"url": _address(post, place), "at": clock.iso(post.created_at), "visibility": post.visibility}
    if post.repost_of is not None:
        return about | {"passed_on": _address(post.repost_of, place)}
    return about | {
        "text": post.text,
        "html": post.html,
        "warning": post.warning,
        "language": post.language,
        "origin": post.origin,
        "maker": post.maker,
        "answers": str(post.reply_to_id) if post.reply_to_id else None,
        "edited_at": clock.iso(post.edited_at) if post.edited_at else None,
        "media": [{"file": f"media/{media.blob}", "description": media.alt} for media in post.media],
        "likes": post.likes_count,
        "reposts": post.reposts_count,
        "replies": post.replies_count,
    }


def _address(post: Post, place: str) -> str:
    return f"{place}/@{post.author.acct}/{post.id}"


def _json(value: Any) -> bytes:
    return msgspec.json.encode(value)


def _csv(rows: Iterable[Iterable[str]]) -> bytes:
    lines = io.StringIO()
    csv.writer(lines).writerows(rows)
    return lines.getvalue().encode()
