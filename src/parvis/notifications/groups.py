"""Notifications in groups: what many did about one thing is shown once.

A page is walked over notifications, newest first, each group standing where its newest one of the page stands; what is
told of the group itself (how many, who lately) looks beyond the page. A group may stand on several pages, and each says
which of its notifications it covers. Four queries, whatever the page holds.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
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
from sqlalchemy.sql.functions import FunctionElement

from parvis.core.errors import NotFound
from parvis.core.ids import AccountId, PostId
from parvis.notifications import inbox
from parvis.notifications.inbox import COLUMNS, EVERYTHING, WHATEVER, Choice, Notification, heard_of, waiting
from parvis.notifications.kinds import TOGETHER
from parvis.people.accounts import Account, accounts_by_ids
from parvis.posts.page import ABOVE_ALL, FIRST, Page, Paged, after, before
from parvis.posts.visibility import seen_by, there_is, viewer
from parvis.store.statement import Statement, among_words
from parvis.store.tables import accounts, notifications
from parvis.store.transaction import Tx

SAMPLE: Final = 8  # accounts told of a group
MOST_COUNTED: Final = 100
ALONE: Final = "ungrouped-"


class Covered(msgspec.Struct, frozen=True):
    """Which of a group's notifications a page covers: its newest and oldest there."""

    newest: int
    oldest: int


class Group(msgspec.Struct, frozen=True):
    """A group as a page shows it; `shown` is one of its notifications, with the post that it is about."""

    key: str
    shown: Notification
    newest: int  # its latest notification's id, wherever that stands
    many: int
    actors: tuple[Account, ...]  # the latest, first
    covered: Covered | None = None  # only on a page


class _Facts(msgspec.Struct):
    many: int
    newest: int
    actors: list[AccountId]
    page_newest: int | None
    page_oldest: int | None


_n = notifications.c
_nearer = notifications.alias("nearer")
_doer = accounts.alias("doer")
_grouped = and_(_n.group_key != literal_column("''"), among_words(_n.kind, "grouped"))


def _first_of_its_group(*nearer: ColumnElement[bool]) -> ColumnElement[bool]:
    """No notification of the same group stands nearer to the page's beginning."""
    return or_(
        ~_grouped,
        ~there_is(
            _nearer.join(_doer, _doer.c.id == _nearer.c.actor_id),
            _nearer.c.account_id == viewer,
            _nearer.c.group_key == _n.group_key,
            _nearer.c.group_key != literal_column("''"),
            *nearer,
            heard_of(_doer),
        ),
    )


_whole = waiting(*COLUMNS, _n.actor_id)
_BACK: Paged[tuple[Any, ...]] = Paged(
    _whole.where(_first_of_its_group(_nearer.c.id > _n.id, _nearer.c.id < before)), _n.id
)
_FORWARD: Paged[tuple[Any, ...]] = Paged(
    _whole.where(_first_of_its_group(_nearer.c.id < _n.id, _nearer.c.id > after)), _n.id
)

_lowest = bindparam("lowest", type_=BigInteger)
_highest = bindparam("highest", type_=BigInteger)


def _of_all(told: FunctionElement[Any]) -> ColumnElement[Any]:
    """This of all notifications in the group."""
    return told.over(partition_by=_nearer.c.group_key)


_counted = (
    select(
        _nearer.c.group_key,
        _nearer.c.actor_id,
        _nearer.c.id,
        func.row_number().over(partition_by=_nearer.c.group_key, order_by=_nearer.c.id.desc()).label("place"),
        func.count().over(partition_by=_nearer.c.group_key).label("many"),
        func.max(_nearer.c.id).over(partition_by=_nearer.c.group_key).label("newest"),
        func.max(case((_nearer.c.id <= _highest, _nearer.c.id)))
        .over(partition_by=_nearer.c.group_key)
        .label("page_newest"),
        func.min(case((_nearer.c.id >= _lowest, _nearer.c.id)))
        .over(partition_by=_nearer.c.group_key)
        .label("page_oldest"),
    )
    .join_from(_nearer, _doer, _doer.c.id == _nearer.c.actor_id)
    .where(
        _nearer.c.account_id == viewer,
        among_words(_nearer.c.group_key, "keys"),
        _nearer.c.group_key != literal_column("''"),
        heard_of(_doer),
    )
    .subquery("counted")
)
_FACTS = Statement(
    select(
        _counted.c.group_key,
        _counted.c.actor_id,
        _counted.c.many,
        _counted.c.newest,
        _counted.c.page_newest,
        _counted.c.page_oldest,
    )
    .where(_counted.c.place <= SAMPLE)
    .order_by(_counted.c.id.desc())
)
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
) -> list[Group]:
    """A page of the member's notifications, those of these kinds in groups, in four queries."""
    paged = _FORWARD if page.forward else _BACK
    rows = await paged.read(
        tx, page, viewer=member.id, now=tx.now, grouped=sorted(TOGETHER & set(grouped)), **choice.parameters
    )
    if not rows:
        return []
    lowest, highest = rows[-1][0], rows[0][0]
    if len(rows) < page.most:  # the last page: it covers all that there is on its side
        lowest, highest = (lowest, page.before - 1) if page.forward else (page.after + 1, highest)
    return await _whole_groups(tx, member, rows, choice, grouped=grouped, covered=(lowest, highest))


async def get_group(tx: Tx, member: Account, key: str) -> Group:
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
    found = await _whole_groups(tx, member, rows, WHATEVER, grouped=grouped)
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
        inside = page.after < group.newest < page.before
        return [(group.newest, group.shown.actor)] if inside else []
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
    rows: Sequence[tuple[Any, ...]],
    choice: Choice,
    *,
    grouped: Collection[str],
    covered: tuple[int, int] | None = None,
) -> list[Group]:
    """The groups that these rows (`COLUMNS`, then the actor's id) stand for."""
    keys = {row[5] for row in rows if row[5] and row[1] in grouped}
    facts = await _facts_of(tx, member, keys, choice, covered)
    actors = {row[-1] for row in rows}.union(*(fact.actors for fact in facts.values()))
    people = await accounts_by_ids(tx, actors)
    posts = await seen_by(tx, member, {PostId(row[2]) for row in rows if row[2] is not None})
    found = []
    for row in rows:
        number, post_id, who = row[0], row[2], people.get(row[-1])
        if who is None or (post_id is not None and post_id not in posts):
            continue
        shown = inbox.notification_from(row, who, posts[post_id].shown if post_id is not None else None)
        fact = facts.get(row[5]) if row[5] in keys else None
        if fact is None:
            own = Covered(number, number) if covered else None
            found.append(Group(f"{ALONE}{number}", shown, number, 1, (who,), own))
            continue
        sample = tuple(people[one] for one in fact.actors if one in people)
        own = Covered(fact.page_newest or number, fact.page_oldest or number) if covered else None
        found.append(Group(row[5], shown, fact.newest, fact.many, sample, own))
    return found


async def _facts_of(
    tx: Tx, member: Account, keys: Iterable[str], choice: Choice, covered: tuple[int, int] | None
) -> dict[str, _Facts]:
    wanted = list(keys)
    if not wanted:
        return {}
    lowest, highest = covered or (0, ABOVE_ALL)
    facts: dict[str, _Facts] = {}
    for key, who, many, newest, page_newest, page_oldest in await tx.all(
        _FACTS,
        viewer=member.id,
        now=tx.now,
        keys=wanted,
        lowest=lowest,
        highest=highest,
        from_actor=choice.actor,
    ):
        fact = facts.setdefault(key, _Facts(many, newest, [], page_newest, page_oldest))
        fact.actors.append(who)
    return facts


def _no_group() -> NotFound:
    return NotFound("There is no such notification.")
