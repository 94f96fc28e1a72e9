"""The instance: what it is, what it allows, and that it lives."""

from weakref import WeakKeyDictionary

import msgspec
from sqlalchemy import BigInteger, bindparam, func, select

from parvis.api.account_entity import Emoji
from parvis.api.answer import TEXT, Answer
from parvis.api.endpoint import Ctx, Endpoints, Mode
from parvis.api.instance_entity import Instance, InstanceV1, Rule, instance_entity, instance_v1_entity
from parvis.core import clock
from parvis.notifications import push_keys
from parvis.store.database import Store
from parvis.store.statement import Statement
from parvis.store.tables import accounts

endpoints = Endpoints("instance")

FRESH = clock.MINUTE
MONTH = 30 * clock.DAY

COUNTS = Statement(
    select(
        select(func.count()).select_from(accounts).where(accounts.c.domain == "").scalar_subquery(),
        select(func.count())
        .select_from(accounts)
        .where(accounts.c.domain == "", accounts.c.last_post_at > bindparam("since", type_=BigInteger))
        .scalar_subquery(),
        select(func.coalesce(func.sum(accounts.c.posts_count), 0)).where(accounts.c.domain == "").scalar_subquery(),
    ),
    slow=True,
)


class Counts(msgspec.Struct, frozen=True):
    """How many members, how many of them posted within a month, how many posts."""

    members: int
    active: int
    posts: int


_known: WeakKeyDictionary[Store, tuple[int, Counts]] = WeakKeyDictionary()


async def counts_of(ctx: Ctx) -> Counts:
    """The instance's counts, at most a minute old: counting reads every account."""
    store, tx = ctx.door.store, ctx.tx
    moment, counts = _known.get(store, (0, None))
    if counts is None or moment + FRESH < tx.now:
        members, active, written = await tx.one(COUNTS, since=tx.now - MONTH)
        counts = Counts(members, active, int(written))
        _known[store] = (tx.now, counts)
    return counts


@endpoints.get("/api/v2/instance")
async def get_instance(ctx: Ctx) -> Instance:
    """What this instance is and allows."""
    counts = await counts_of(ctx)
    return instance_entity(ctx.door.settings, ctx.urls, counts.active, await push_keys.public_key(ctx.tx))


@endpoints.get("/api/v1/instance")
async def get_instance_v1(ctx: Ctx) -> InstanceV1:
    """The same, as older clients know it."""
    counts = await counts_of(ctx)
    push_key = await push_keys.public_key(ctx.tx)
    return instance_v1_entity(ctx.door.settings, ctx.urls, counts.members, counts.posts, push_key)


@endpoints.get("/api/v1/instance/peers", mode=Mode.ALONE)
async def get_peers(_ctx: Ctx) -> tuple[str, ...]:
    """The other instances that this one knows: none yet."""
    return ()


@endpoints.get("/api/v1/instance/rules", mode=Mode.ALONE)
async def get_rules(_ctx: Ctx) -> tuple[Rule, ...]:
    """The rules of the house."""
    return ()


@endpoints.get("/api/v1/custom_emojis", mode=Mode.ALONE)
async def get_custom_emojis(_ctx: Ctx) -> tuple[Emoji, ...]:
    """Custom emojis: none yet."""
    return ()


@endpoints.get("/health", mode=Mode.ALONE, media_type="text/plain")
async def get_health(_ctx: Ctx) -> Answer:
    """OK, when the server serves."""
    return Answer(b"OK", media_type=TEXT)
