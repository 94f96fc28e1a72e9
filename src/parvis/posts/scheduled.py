"""Scheduled posts: drafts that are published at a time of their author's choosing, once each.

The draft waits as a row and a job with it; the job's transaction takes the row away and publishes, so that a process
that is killed in between has done neither. What the draft answered or quoted may be gone by then: it is published all
the same, without it, since what a member handed in is not lost.
"""

import msgspec
import structlog
from sqlalchemy import BigInteger, Text, bindparam, delete, func, insert, null, select, update

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import Forbidden, Invalid, NotFound
from parvis.core.ids import AccountId
from parvis.people import standing
from parvis.people.accounts import Account, get_account, lock_accounts
from parvis.posts import drafts, media, prose, publish, quotes
from parvis.posts.drafts import Draft
from parvis.posts.page import FIRST, Page, Paged
from parvis.posts.post import Media
from parvis.store import tables
from parvis.store.jobs import LISTENER_LEASE, Kind, Work
from parvis.store.statement import Statement, among
from parvis.store.tables import scheduled_posts
from parvis.store.transaction import Tx

SOONEST = 5 * clock.MINUTE
LATEST = 10 * 366 * clock.DAY
MOST = 300
MOST_A_DAY = 25
PUBLISH = "publish_scheduled"

log = structlog.get_logger()


class Scheduled(msgspec.Struct, frozen=True):
    """A draft that is published at `publish_at` (ms)."""

    id: int
    publish_at: int
    draft: Draft
    app_id: int | None
    key: str | None
    media: tuple[Media, ...] = ()


class Due(msgspec.Struct, frozen=True):
    """A draft that is due then, unless it was moved or taken back."""

    scheduled: int
    publish_at: int  # ms


_id = bindparam("scheduled", type_=BigInteger)
_account = bindparam("account", type_=BigInteger)
_columns = tuple(scheduled_posts.c[name] for name in ("id", "publish_at", "draft", "app_id", "key"))
_GIVEN = ("id", "account_id", "publish_at", "draft", "app_id", "key")
_ADD = Statement(
    insert(scheduled_posts).values({name: bindparam(name, type_=scheduled_posts.c[name].type) for name in _GIVEN})
)
_mine = select(*_columns).where(scheduled_posts.c.account_id == _account)
_PAGED: Paged[Scheduled] = Paged(_mine, scheduled_posts.c.id, lambda *row: _scheduled(row))
_ONE = Statement(
    _mine.where(scheduled_posts.c.id == _id).with_for_update(),
    lambda *row: _scheduled(row),
)
_WITH_KEY = Statement(
    select(*_columns).where(
        scheduled_posts.c.account_id == _account, scheduled_posts.c.key == bindparam("key", type_=Text)
    ),
    lambda *row: _scheduled(row),
)
_day = bindparam("day", type_=BigInteger)
_COUNT = Statement(
    select(
        func.count(),
        func.count().filter(scheduled_posts.c.publish_at >= _day, scheduled_posts.c.publish_at < _day + clock.DAY),
    ).where(scheduled_posts.c.account_id == _account, scheduled_posts.c.id != _id)
)
_MOVE = Statement(
    update(scheduled_posts).where(scheduled_posts.c.id == _id).values(publish_at=bindparam("moment", type_=BigInteger))
)
_REMOVE = Statement(delete(scheduled_posts).where(scheduled_posts.c.id == _id))
_OWNER = Statement(
    select(scheduled_posts.c.account_id).where(
        scheduled_posts.c.id == _id, scheduled_posts.c.publish_at == bindparam("moment", type_=BigInteger)
    )
)
_HOLD = Statement(
    update(tables.media)
    .where(among(tables.media.c.id, "ids"), tables.media.c.account_id == _account)
    .values(scheduled_id=_id)
)
_LET_GO = Statement(
    update(tables.media)
    .where(tables.media.c.scheduled_id == _id)
    .values(scheduled_id=null(), created_at=bindparam("moment", type_=BigInteger))
)
_HELD = Statement(select(tables.media.c.scheduled_id, *media.COLUMNS).where(among(tables.media.c.scheduled_id, "ids")))


async def schedule(
    tx: Tx,
    author: Account,
    draft: Draft,
    publish_at: int,
    *,
    app_id: int | None = None,
    key: str | None = None,
    settings: Settings = publish.DEFAULTS,
) -> Scheduled:
    """Have the draft published at that moment (ms). A key used before gives back what it scheduled then.

    Raises:
        Invalid: the draft breaks a rule, the moment is too near, or too many drafts wait.
        NotFound: it answers what the author may not see, or quotes what they may not quote.
        Forbidden: the author may not post now.
    """
    standing.require(author, "post")
    await lock_accounts(tx, (author.id,))
    if key is not None and (known := await tx.first(_WITH_KEY, account=author.id, key=publish.checked_key(key))):
        return (await _with_pictures(tx, [known]))[0]
    await _check(tx, author, draft, settings)
    scheduled_id = tx.new_id()
    await _require_room(tx, author, scheduled_id, publish_at)
    await tx.run(
        _ADD, id=scheduled_id, account_id=author.id, publish_at=publish_at, draft=draft, app_id=app_id, key=key
    )
    if draft.media:
        await tx.run(_HOLD, ids=list(draft.media), account=author.id, scheduled=scheduled_id)
    _set(tx, scheduled_id, publish_at)
    return await get_scheduled(tx, author, scheduled_id)


async def scheduled_of(tx: Tx, member: Account, page: Page = FIRST) -> list[Scheduled]:
    """A page of what the member scheduled, the latest first."""
    return await _with_pictures(tx, await _PAGED.read(tx, page, account=member.id))


async def get_scheduled(tx: Tx, member: Account, scheduled_id: int) -> Scheduled:
    """One of the member's scheduled posts, which stays so until the transaction ends.

    Raises:
        NotFound: they have no such one.
    """
    found = await tx.first(_ONE, scheduled=scheduled_id, account=member.id)
    if found is None:
        raise NotFound("There is no such post that waits for its hour.")
    return (await _with_pictures(tx, [found]))[0]


async def reschedule(tx: Tx, member: Account, scheduled_id: int, publish_at: int) -> Scheduled:
    """Have it published at another moment (ms).

    Raises:
        NotFound: they have no such one.
        Invalid: the moment is too near, or too many drafts wait for that day.
    """
    await lock_accounts(tx, (member.id,))
    known = await get_scheduled(tx, member, scheduled_id)
    await _require_room(tx, member, scheduled_id, publish_at)
    await tx.run(_MOVE, scheduled=scheduled_id, moment=publish_at)
    _set(tx, scheduled_id, publish_at)
    return msgspec.structs.replace(known, publish_at=publish_at)


async def unschedule(tx: Tx, member: Account, scheduled_id: int) -> None:
    """Take it back; its pictures can be posted for a day more.

    Raises:
        NotFound: they have no such one.
    """
    await get_scheduled(tx, member, scheduled_id)
    await _remove(tx, scheduled_id)


def kinds(settings: Settings) -> tuple[Kind, ...]:
    """The job that publishes what is due."""

    async def publish_due(work: Work) -> None:
        await _publish_due(work, settings)

    return (Kind(name=PUBLISH, payload=Due, run=publish_due, lease=LISTENER_LEASE),)


async def _publish_due(work: Work, settings: Settings) -> None:
    try:
        await _publish(work, settings)
    except NotFound:  # what it answers or quotes is gone
        await _publish(work, settings, alone=True)


async def _publish(work: Work, settings: Settings, *, alone: bool = False) -> None:
    due: Due = work.payload
    try:
        async with work.ending() as tx:
            owner: AccountId | None = await tx.value(_OWNER, scheduled=due.scheduled, moment=due.publish_at)
            if owner is None:
                return
            author = await get_account(tx, owner)
            known = await get_scheduled(tx, author, due.scheduled)
            await _remove(tx, due.scheduled)
            draft = msgspec.structs.replace(known.draft, reply_to=None, quotes=None) if alone else known.draft
            await publish.publish(tx, author, draft, app_id=known.app_id, settings=settings)
    except (Invalid, Forbidden) as refused:
        log.warning("scheduled.refused", scheduled=due.scheduled, why=str(refused))
        async with work.ending() as tx:
            await _remove(tx, due.scheduled)


def _scheduled(row: tuple[object, ...]) -> Scheduled:
    scheduled_id, publish_at, draft, app_id, key = row
    return msgspec.convert(
        {"id": scheduled_id, "publish_at": publish_at, "draft": draft, "app_id": app_id, "key": key}, Scheduled
    )


async def _with_pictures(tx: Tx, found: list[Scheduled]) -> list[Scheduled]:
    if not any(one.draft.media for one in found):
        return found
    held: dict[int, dict[int, Media]] = {}
    for scheduled_id, *picture in await tx.all(_HELD, ids=[one.id for one in found]):
        held.setdefault(scheduled_id, {})[picture[0]] = media.shape(*picture)
    return [
        msgspec.structs.replace(
            one, media=tuple(held[one.id][number] for number in one.draft.media if number in held.get(one.id, {}))
        )
        for one in found
    ]


async def _check(tx: Tx, author: Account, draft: Draft, settings: Settings) -> None:
    """Refuse now what could not be published later either."""
    drafts.check(draft)
    said = await prose.read(tx, draft.text, settings)
    drafts.require_content(said.text, something=bool(draft.media) or draft.quotes is not None)
    if draft.reply_to is not None:
        await publish.find_answered(tx, author, draft.reply_to)
    told = said.mentioned(author.id)
    if draft.quotes is not None:
        quoted = await quotes.find_quotable(tx, author, draft.quotes)
        quotes.narrowed(draft.visibility, quoted, told, author)
    if draft.allowed is not None and (unexpected := told - set(draft.allowed)):
        raise prose.Unexpected(sorted(unexpected))
    if draft.media:
        await media.unattached(tx, author, draft.media)


async def _require_room(tx: Tx, author: Account, scheduled_id: int, publish_at: int) -> None:
    if not SOONEST <= publish_at - tx.now <= LATEST:
        raise Invalid("A post can wait from five minutes to ten years.", field="scheduled_at")
    day = publish_at - publish_at % clock.DAY
    total, that_day = await tx.one(_COUNT, account=author.id, scheduled=scheduled_id, day=day)
    if total >= MOST:
        raise Invalid("Up to {limit} posts can wait.", limit=MOST)
    if that_day >= MOST_A_DAY:
        raise Invalid("Up to {limit} posts can wait for one day.", limit=MOST_A_DAY)


def _set(tx: Tx, scheduled_id: int, publish_at: int) -> None:
    tx.enqueue(PUBLISH, Due(scheduled_id, publish_at), run_at=publish_at)


async def _remove(tx: Tx, scheduled_id: int) -> None:
    await tx.run(_LET_GO, scheduled=scheduled_id, moment=tx.now)
    await tx.run(_REMOVE, scheduled=scheduled_id)
