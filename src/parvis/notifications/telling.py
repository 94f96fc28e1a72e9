"""Telling members what concerns them: who hears, what their policy says, in which group, once.

A Telling flows in; rows, `Notified` and pushes flow out, or requests of those who were kept aside. Nobody is told of
what they did themselves, nor by those they block, are blocked by, or mute. Five hundred are told in one transaction; a
job goes on with the rest.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    delete,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import insert

from parvis.core import clock
from parvis.core.ids import AccountId, PostId
from parvis.events import Notified
from parvis.notifications import kinds, pushes
from parvis.notifications.policies import Hearer, Verdict, columns, verdict
from parvis.people.restraints import Restraint, under
from parvis.posts.visibility import following, now, shunning, there_is, unblocked
from parvis.store.jobs import Kind, Work
from parvis.store.statement import Statement
from parvis.store.tables import (
    accounts,
    follows,
    mutes,
    notification_permissions,
    notification_policies,
    notification_requests,
    notifications,
    post_mentions,
    posts,
    thread_mutes,
)
from parvis.store.transaction import Tx

AT_ONCE: Final = 500
GROUP_HOURS: Final = 12  # from the first of a group, as long as there is one within so many hours
GO_ON = "tell_more"


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of: its kind, who did it, and what makes it one (`subject`), where somebody is told only once."""

    kind: str
    actor: AccountId
    subject: str
    post: PostId | None = None
    account: AccountId | None = None  # who is told, where it is one
    about: int | None = None  # a report, a strike, a collection
    details: dict[str, Any] | None = None
    group: str = ""  # what those told together have in common
    after: int = 0  # those up to this account are told already


actor = bindparam("actor", type_=BigInteger)
post = bindparam("post", type_=BigInteger)
account = bindparam("account", type_=BigInteger)
about = bindparam("about", type_=BigInteger)
said = posts.alias("said")
doer = accounts.alias("doer")
_passing = posts.alias("passing")
_topic = posts.alias("topic")
_tie = follows.alias("tie")
_named = post_mentions.alias("named")
_told = notifications.alias("told")
_earlier = notifications.alias("earlier")
_before = posts.alias("before")

_thread = (
    select(_topic.c.thread_id)
    .select_from(_passing.join(_topic, _topic.c.id == func.coalesce(_passing.c.repost_of_id, _passing.c.id)))
    .where(_passing.c.id == post)
    .scalar_subquery()
)
_listens = and_(  # the row of `accounts` is somebody here who wants to hear of the actor
    accounts.c.id > bindparam("after", type_=BigInteger),
    accounts.c.domain == "",
    accounts.c.suspended_at.is_(None),
    unblocked(accounts.c.id, actor),
    ~there_is(
        mutes,
        mutes.c.muter_id == accounts.c.id,
        mutes.c.muted_id == actor,
        mutes.c.notifications,
        or_(mutes.c.until.is_(None), mutes.c.until > now),
    ),
    ~shunning(accounts.c.id, actor),
    ~there_is(thread_mutes, thread_mutes.c.account_id == accounts.c.id, thread_mutes.c.thread_id == _thread),
    ~there_is(_told, _told.c.account_id == accounts.c.id, _told.c.subject == bindparam("subject", type_=Text)),
)
_answered = there_is(
    _before,
    _before.c.thread_id == said.c.thread_id,
    _before.c.author_id == accounts.c.id,
    _before.c.visibility == literal_column("'mentioned'"),
    there_is(_named, _named.c.post_id == _before.c.id, _named.c.account_id == actor),
)


def hearers(
    source: FromClause,
    *conditions: ColumnElement[bool],
    own: bool = False,
    worded: bool = False,
    theirs: ColumnElement[Any] | None = None,
) -> Statement[Hearer]:
    """Those of the rows of `accounts` in the source that are to be told, and what stands between them and the actor.

    `doer` is the actor's own row. With `own`, the actor hears of it too. With `worded`, the source has the post as
    `said`, and it may be private.
    With `theirs`, each is told of a post of their own that this column names.
    """
    facts: Select[Any] = select(
        accounts.c.id,
        accounts.c.role,
        *columns(),
        following(accounts.c.id, actor).label("follows"),
        select(_tie.c.id).where(_tie.c.follower_id == actor, _tie.c.followee_id == accounts.c.id).scalar_subquery(),
        there_is(
            notification_permissions,
            notification_permissions.c.account_id == accounts.c.id,
            notification_permissions.c.actor_id == actor,
        ).label("permitted"),
        (_answered if worded else false()).label("answered"),
        (said.c.visibility == literal_column("'mentioned'") if worded else false()).label("private"),
        doer.c.role,
        doer.c.created_at,
        under(doer, Restraint.LIMITED).label("limited"),
        select(func.max(_earlier.c.group_key))
        .where(
            _earlier.c.account_id == accounts.c.id,
            _earlier.c.group_key > bindparam("group", type_=Text),
            _earlier.c.group_key < bindparam("beyond", type_=Text),
            _earlier.c.group_key != literal_column("''"),
        )
        .scalar_subquery(),
        post if theirs is None else theirs,
    )
    return Statement(
        facts.select_from(
            source.join(doer, doer.c.id == actor).outerjoin(
                notification_policies, notification_policies.c.account_id == accounts.c.id
            )
        )
        .where(_listens, true() if own else accounts.c.id != actor, *conditions)
        .order_by(accounts.c.id)
        .limit(bindparam("most", type_=Integer)),
        Hearer,
    )


_COLUMNS = (
    "id",
    "account_id",
    "kind",
    "actor_id",
    "post_id",
    "subject",
    "about_id",
    "details",
    "filtered",
    "group_key",
)
ADD = Statement(
    insert(notifications)
    .values({name: bindparam(name, type_=notifications.c[name].type) for name in _COLUMNS})
    .on_conflict_do_nothing()
)
REPLACE = Statement(
    delete(notifications).where(
        notifications.c.account_id == account, notifications.c.subject == bindparam("subject", type_=Text)
    )
)
_ask = insert(notification_requests).values(
    {column.name: bindparam(column.name, type_=column.type) for column in notification_requests.columns}
)
ASK = Statement(
    _ask.on_conflict_do_update(index_elements=["account_id", "actor_id"], set_={"updated_at": _ask.excluded.updated_at})
)


async def tell(tx: Tx, telling: Telling, audience: Statement[Hearer]) -> None:
    """Tell those of the audience who are to hear of it and have not heard yet."""
    anew = telling.kind in kinds.REPLACING
    hearing = await tx.all(
        audience,
        actor=telling.actor,
        post=telling.post,
        account=telling.account,
        about=telling.about,
        subject="" if anew else telling.subject,
        group=telling.group,
        beyond=telling.group + "\uffff",
        after=telling.after,
        now=tx.now,
        most=AT_ONCE,
    )
    if anew:
        await tx.many(REPLACE, [{"account": hearer.account, "subject": telling.subject} for hearer in hearing])
    judged = [
        (hearer, verdict(telling.kind, hearer, tx.now))
        for hearer in {hearer.account: hearer for hearer in hearing}.values()
    ]
    rows = [_row(tx, telling, hearer, verdict_) for hearer, verdict_ in judged if verdict_ != "drop"]
    await tx.many(ADD, rows)
    await _ask_for(tx, telling, [row for row in rows if row["filtered"]])
    heard = {row["account_id"]: row["id"] for row in rows if not row["filtered"]}
    for account_id, notification in heard.items():
        tx.emit(Notified(notification, account_id))
    await pushes.send(tx, telling.kind, [hearer for hearer, _ in judged if hearer.account in heard], heard)
    if len(hearing) == AT_ONCE:
        tx.enqueue(GO_ON, msgspec.structs.replace(telling, after=hearing[-1].account))


def goes_on(audiences: dict[str, Statement[Hearer]]) -> Kind:
    """The job that tells those for whom one transaction was too small."""

    async def run(work: Work) -> None:
        async with work.ending() as tx:
            await tell(tx, work.payload, audiences[work.payload.kind])

    return Kind(name=GO_ON, payload=Telling, run=run, lease=15 * clock.SECOND)


def _row(tx: Tx, telling: Telling, hearer: Hearer, found: Verdict) -> dict[str, Any]:
    filtered = found == "filter"
    return {
        "id": tx.new_id("notifications"),
        "account_id": hearer.account,
        "kind": telling.kind,
        "actor_id": telling.actor,
        "post_id": hearer.post,
        "subject": telling.subject,
        "about_id": telling.about,
        "details": telling.details,
        "filtered": filtered,
        "group_key": "" if filtered or not telling.group else _group_key(telling.group, hearer.last_key, tx.now),
    }


def _group_key(group: str, last: str | None, moment: int) -> str:
    """The group's key: its hour, or that of the latest one while it is not older than twelve."""
    hour = moment // clock.HOUR
    if last is not None:
        before = int(last.rpartition("-")[2])
        hour = before if hour < before + GROUP_HOURS else hour
    return f"{group}{hour}"


async def _ask_for(tx: Tx, telling: Telling, kept_aside: Sequence[dict[str, Any]]) -> None:
    if telling.kind in kinds.ASKING:
        asking = [
            {"account_id": row["account_id"], "actor_id": telling.actor, "id": tx.new_id(), "updated_at": tx.now}
            for row in kept_aside
        ]
        await tx.many(ASK, asking)
