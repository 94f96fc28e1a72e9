"""What is read over and over: each load's prepared requests, and what one of them is to cost at most."""

import random
import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

import msgspec
from sqlalchemy import Integer, bindparam, select

from benchmarks.load import get
from parvis.people.accounts import find_by_handle
from parvis.store.database import Store
from parvis.store.statement import Statement
from parvis.store.tables import accounts, posts

SEED = 11
_WORD = re.compile(r"[^\W\d_]{4,}")
_FROM = Statement(select(posts.c.text).where(posts.c.id >= bindparam("place")).order_by(posts.c.id).limit(1))
_BOUNDS = Statement(
    select(
        select(posts.c.id).order_by(posts.c.id).limit(1).scalar_subquery(),
        select(posts.c.id).order_by(posts.c.id.desc()).limit(1).scalar_subquery(),
    )
)
_SOME = Statement(select(accounts.c.handle).order_by(accounts.c.posts_count.desc()).limit(bindparam("most", Integer)))


class Read(NamedTuple):
    """A load: its name, its requests, and the bar in µs of the server's CPU on SQLite (None: there is none)."""

    name: str
    requests: Sequence[bytes]
    bar: int | None = None


class Cast(NamedTuple):
    """Tokens of who reads: members with nothing set, with filters, and with notifications in many groups."""

    readers: Sequence[str]
    sifters: Sequence[str]
    told: Sequence[str]


async def reads(store: Store, cast: Cast, handles: Sequence[str]) -> list[Read]:
    """The loads; `handles` are the members whose profiles are read."""
    chance = random.Random(SEED)
    readers = cast.readers
    async with store.reading() as tx:
        first, last = await tx.one(_BOUNDS)
        texts = [await tx.value(_FROM, place=chance.randrange(first, last)) for _ in range(len(readers))]
        members = [await find_by_handle(tx, handle) for handle in handles]
    words = [chance.choice(found) for text in texts if (found := _WORD.findall(text or ""))]
    return [
        Read("home, with filters", [get("/api/v1/timelines/home?limit=20", one) for one in cast.sifters], 1000),
        Read(
            "an account's statuses, 20",
            [
                get(f"/api/v1/accounts/{member.id}/statuses?limit=20", reader)
                for member, reader in zip(members, readers, strict=False)
                if member is not None
            ],
            1000,
        ),
        Read(
            "search for a word, 20 statuses",
            [
                get(f"/api/v2/search?type=statuses&limit=20&q={quote(word)}", reader)
                for word, reader in zip(words, readers, strict=False)
            ],
            1000,
        ),
        Read("notifications v2, 40 groups", [get("/api/v2/notifications", one) for one in cast.told], 1000),
    ]


async def some_handles(store: Store, most: int) -> list[str]:
    """Members who write much."""
    async with store.reading() as tx:
        return [row[0] for row in await tx.all(_SOME, most=most)]


def decoded(body: bytes) -> Any:
    """An answer's JSON."""
    return msgspec.json.decode(body)
