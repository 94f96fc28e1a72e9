"""Notifications in groups: what many did about one thing is shown once.

A page is walked over notifications, newest first, each group standing where its newest one of the page stands; what is
told of the group itself (how many, who lately) looks beyond the page. A group may stand on several pages, and each says
which of its notifications it covers. Three queries, whatever the page holds.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any, Final, Generic

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    Text,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from parvis.core.errors import NotFound
from parvis.core.ids import AccountId, PostId
from parvis.notifications import inbox
from parvis.notifications.inbox import COLUMNS, EVERYTHING, WHATEVER, Choice, Seen, Told, heard_of, waiting
from parvis.notifications.kinds import TOGETHER
from parvis.people.accounts import Account, accounts_by_ids
from parvis.posts.page import ABOVE_ALL, FIRST, Page, Paged, after, before
from parvis.posts.post import Post
from parvis.posts.visibility import seen_by, there_is, viewer
from parvis.store.statement import Joined, Statement, among, among_words
from parvis.store.tables import notifications
from parvis.store.transaction import Tx

SAMPLE: Final = 8  # accounts told of a group
MOST_COUNTED: Final = 100
ALONE: Final = "ungrouped-"

Look = Callable[[Tx, Account, Sequence[PostId]], Awaitable[dict[PostId, Seen]]]
"""How posts are looked at: whole, or as glimpses."""


class Covered(msgspec.Struct, frozen=True):
    """Which of a group's notifications a page covers: its newest and oldest there."""

    newest: int
    oldest: int


class Group(msgspec.Struct, Generic[Seen], frozen=True):
    """A group as a page shows it; `shown` is one of its notifications, with the post that it is about."""

    key: str
    shown: Told[Seen]
    newest: int  # its latest notification's id, wherever that stands
    many: int
    actors: tuple[AccountId, ...]  # the latest, first
    covered: Covered | None = None  # only on a page


_n = notifications.c
_nearer = notifications.alias("nearer")
_grouped = and_(_n.group_key != literal_column("''"), among_words(_n.kind, "grouped"))


def _in_group(beside: FromClause, *conditions: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    """This row of `notifications` is heard of, and in the same group."""
    return (
        beside.c.account_id == viewer,
        beside.c.group_key == _n.group_key,
        beside.c.group_key != literal_column("''"),
        *conditions,
        heard_of(beside.c.actor_id),
    )


def _first_of_its_group(*nearer: ColumnElement[bool]) -> ColumnElement[bool]:
    """No notification of the same group stands nearer to the page's beginning."""
    return or_(~_grouped, ~there_is(_nearer, *_in_group(_nearer, *nearer)))


_whole = waiting(*COLUMNS)
_BACK: Paged[tuple[Any, ...]] = Paged(
    _whole.where(_first_of_its_group(_nearer.c.id > _n.id, _nearer.c.id < before)), _n.id, feed="notifications"
)
_FORWARD: Paged[tuple[Any, ...]] = Paged(
    _whole.where(_first_of_its_group(_nearer.c.id < _n.id, _nearer.c.id > after)), _n.id, feed="notifications"
)
_latest = (
    select((cast(_nearer.c.id, String) + literal_column("':'") + cast(_nearer.c.actor_id, String)).label("maker"))
    .where(*_in_group(_nearer))
    .order_by(_nearer.c.id.desc())
    .limit(literal_column(str(SAMPLE)))
    .correlate(notifications)
    .subquery("latest")
)
_FACTS = Statement(
    select(
        _n.group_key,
        func.count(),
        func.max(_nearer.c.id),
        func.max(case((_nearer.c.id <= bindparam("highest", type_=BigInteger), _nearer.c.id))),
        func.min(case((_nearer.c.id >= bindparam("lowest", type_=BigInteger), _nearer.c.id))),
        select(Joined(_latest.c.maker)).scalar_subquery(),
    )
    .select_from(notifications)
    .join(_nearer, and_(*_in_group(_nearer)))
    .where(among(_n.id, "ids"))
    .group_by(_n.id, _n.group_key)
)
READ: Final = (_BACK.back, _FACTS)
"""What the newest page of groups is read by."""
_key = case((_grouped, _n.group_key), else_=literal(ALONE) + cast(_n.id, String))
_unread: Select[Any] = (
    waiting(_key.label("key"))
    .where(_n.id > func.coalesce(inbox.read_to, 0))
    .distinct()
    .limit(bindparam("most", type_=Integer))
)
_UNREAD = Statement(select(func.count()).select_from(_unread.subquery()))
_of_group = and_(_n.group_key == bindparam("key", type_=Text), _n.group_key != literal_column("''"))
_IN_GROUP: Paged[tuple[Any, ...]] = Paged(waiting(_n.id, _n.actor_id).where(_of_group), _n.id)
_DISMISS = Statement(delete(notifications).where(_n.account_id == viewer, _of_group))


async def groups_of(
    tx: Tx,
    member: Account,
    page: Page = FIRST,
    choice: Choice = EVERYTHING,
    grouped: Collection[str] = TOGETHER,
) -> list[Group[Post]]:
    """A page of the member's notifications, those of these kinds in groups, each post whole, in three queries."""
    return await groups_looked_at(tx, member, page, choice, grouped, seen_by)


async def groups_looked_at(  # noqa: PLR0917 - as `groups_of`, and how posts are looked at
    tx: Tx, member: Account, page: Page, choice: Choice, grouped: Collection[str], look: Look[Seen]
) -> list[Group[Seen]]:
    """The same, with what this look sees of each post."""
    paged = _FORWARD if page.forward else _BACK
    rows = await paged.read(
        tx, page, viewer=member.id, now=tx.now, grouped=sorted(TOGETHER & set(grouped)), **choice.parameters
    )
    if not rows:
        return []
    lowest, highest = rows[-1][0], rows[0][0]
    if len(rows) < page.most:  # the last page: it covers all that there is on its side
        lowest, highest = (lowest, page.before - 1) if page.forward else (page.after + 1, highest)
    return await _whole_groups(tx, member, rows, choice, look, grouped=grouped, covered=(lowest, highest))


async def get_group(tx: Tx, member: Account, key: str) -> Group[Post]:
    """One group, or the one notification that stands alone under this key.

    Raises:
        NotFound: there is none.
    """
    grouped: Collection[str] = TOGETHER
    if key.startswith(ALONE):
        number = key.removeprefix(ALONE)
        if not number.isdecimal() or int(number) >= ABOVE_ALL:
            raise _no_group()
        page, grouped = Page(max_id=int(number) + 1, since_id=int(number) - 1, limit=1), ()
    else:
        newest = await _IN_GROUP.read(tx, Page(limit=1), viewer=member.id, now=tx.now, key=key, **WHATEVER.parameters)
        if not newest:
            raise _no_group()
        page = Page(max_id=newest[0][0] + 1, since_id=newest[0][0] - 1, limit=1)
    rows = await _BACK.read(tx, page, viewer=member.id, now=tx.now, grouped=sorted(grouped), **WHATEVER.parameters)
    found = await _whole_groups(tx, member, rows, WHATEVER, seen_by, grouped=grouped)
    if not found:
        raise _no_group()
    return found[0]


async def actors_of(tx: Tx, member: Account, key: str, page: Page = FIRST) -> list[tuple[int, Account]]:
    """Who made a group, the latest first, each with the notification's id.

    Raises:
        NotFound: there is no such group.
    """
    if key.startswith(ALONE):
        group = await get_group(tx, member, key)
        rows: list[tuple[Any, ...]] = [(group.newest, group.shown.actor_id)]
        rows = rows if page.after < group.newest < page.before else []
    else:
        rows = await _IN_GROUP.read(tx, page, viewer=member.id, now=tx.now, key=key, **WHATEVER.parameters)
        if not rows:
            await get_group(tx, member, key)
    found = await accounts_by_ids(tx, {row[1] for row in rows})
    return [(row[0], found[row[1]]) for row in rows if row[1] in found]


async def dismiss_group(tx: Tx, member: Account, key: str) -> None:
    """Forget all notifications of a group, if there are any."""
    number = key.removeprefix(ALONE)
    if number == key:
        await tx.run(_DISMISS, viewer=member.id, key=key)
    elif number.isdecimal() and int(number) < ABOVE_ALL:
        await inbox.dismiss(tx, member, int(number))


async def unread_groups(
    tx: Tx,
    member: Account,
    choice: Choice = EVERYTHING,
    grouped: Collection[str] = TOGETHER,
    most: int = MOST_COUNTED,
) -> int:
    """How many groups have something newer than the last that was read, counted up to a bound."""
    count: int = await tx.value(
        _UNREAD,
        viewer=member.id,
        now=tx.now,
        most=most,
        grouped=sorted(TOGETHER & set(grouped)),
        **choice.parameters,
    )
    return count


async def _whole_groups(
    tx: Tx,
    member: Account,
    rows: Sequence[Sequence[Any]],
    choice: Choice,
    look: Look[Seen],
    *,
    grouped: Collection[str],
    covered: tuple[int, int] | None = None,
) -> list[Group[Seen]]:
    """The groups that these rows stand for."""
    posts = await look(tx, member, inbox.posts_in(rows))
    told: list[Told[Seen]] = [Told(**inbox.told_in(row, posts)) for row in rows if row[3] is None or row[3] in posts]
    lowest, highest = covered or (0, ABOVE_ALL)
    ids = [one.id for one in told if one.group_key and one.kind in grouped]
    facts = {
        row[0]: row[1:]
        for row in (
            await tx.all(
                _FACTS,
                ids=ids,
                viewer=member.id,
                now=tx.now,
                lowest=lowest,
                highest=highest,
                from_actor=choice.actor,
            )
            if ids
            else ()
        )
    }
    return [_group(one, facts.get(one.group_key) if one.kind in grouped else None, covered) for one in told]


def _group(one: Told[Seen], facts: Sequence[Any] | None, covered: tuple[int, int] | None) -> Group[Seen]:
    if facts is None:
        own = Covered(one.id, one.id) if covered else None
        return Group(f"{ALONE}{one.id}", one, one.id, 1, (one.actor_id,), own)
    many, newest, page_newest, page_oldest, makers = facts
    latest = sorted(makers.split(","), reverse=True)  # ids made since 2018 have as many digits
    own = Covered(page_newest or one.id, page_oldest or one.id) if covered else None
    actors = tuple([AccountId(int(maker.partition(":")[2])) for maker in latest])
    return Group(one.group_key, one, newest, many, actors, own)


def _no_group() -> NotFound:
    return NotFound("There is no such notification.")
