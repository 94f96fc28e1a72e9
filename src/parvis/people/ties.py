"""Ties: the rows behind a follow and a request to follow, with their counters, for the verbs that make and end them.

A counter changes in the same transaction as the row that it counts, and only when that row did. Two accounts are locked
first, in the order of their ids, so that a follow and a block at the same moment on PostgreSQL can neither both hold
nor wait for each other.
"""

from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, Boolean, Column, Table, Text, and_, bindparam, case, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from parvis.core.errors import NotFound
from parvis.core.ids import AccountId
from parvis.events import Followed, FollowRequested, FollowRequestEnded
from parvis.people.accounts import Held, lock_accounts
from parvis.people.rules import checked_language
from parvis.store.statement import Statement
from parvis.store.tables import accounts, endorsements, follow_requests, follows
from parvis.store.transaction import Tx

MOST_LANGUAGES: Final = 20


class Manner(msgspec.Struct, frozen=True):
    """How one follows: what home shows of the other, and whether one is told of each new post."""

    reposts: bool = True  # home shows what they pass on
    notify: bool = False
    languages: tuple[str, ...] = ()  # home shows these alone; none: all

    @property
    def picky(self) -> bool:
        """Whether home hides something of theirs."""
        return not self.reposts or bool(self.languages)


USUAL: Final = Manner()

me = bindparam("me", type_=BigInteger)
other = bindparam("other", type_=BigInteger)
_step = bindparam("step", type_=BigInteger)


def spelt(languages: tuple[str, ...]) -> str:
    """The languages as the store keeps them: `,en,fr,`, or nothing."""
    return f",{','.join(languages)}," if languages else ""


def languages_in(text: str) -> tuple[str, ...]:
    """The languages that `spelt` wrote."""
    return tuple(text.strip(",").split(",")) if text else ()


def checked_languages(languages: tuple[str, ...]) -> tuple[str, ...]:
    """The languages, each once.

    Raises:
        Invalid: one has no such form.
    """
    return tuple(dict.fromkeys(checked_language(one.lower()) for one in languages[:MOST_LANGUAGES]))


def _manner(reposts: Any, notify: Any, languages: str) -> Manner:
    return Manner(bool(reposts), bool(notify), languages_in(languages))


def _given(table: Table) -> dict[str, Any]:
    return {column.name: bindparam(column.name, type_=column.type) for column in table.columns}


def _between(table: Table) -> Any:
    return and_(table.c.follower_id == me, table.c.followee_id == other)


def _manner_of(table: Table) -> tuple[Column[Any], ...]:
    return table.c.reposts, table.c.notify, table.c.languages


KNOWN = Statement(select(*_manner_of(follows)).where(_between(follows)), _manner)
FOLLOW = Statement(insert(follows).values(_given(follows)).on_conflict_do_nothing())
CHANGE = Statement(
    update(follows)
    .where(_between(follows))
    .values(
        reposts=bindparam("with_reposts", type_=Boolean),
        notify=bindparam("with_notify", type_=Boolean),
        languages=bindparam("with_languages", type_=Text),
        picky=bindparam("with_picky", type_=Boolean),
    )
)
UNFOLLOW = Statement(delete(follows).where(_between(follows)))
UNENDORSE = Statement(delete(endorsements).where(endorsements.c.account_id == me, endorsements.c.endorsed_id == other))
COUNT = Statement(
    update(accounts)
    .where(or_(accounts.c.id == me, accounts.c.id == other))
    .values(
        following_count=accounts.c.following_count + case((accounts.c.id == me, _step), else_=0),
        followers_count=accounts.c.followers_count + case((accounts.c.id == other, _step), else_=0),
    )
)
ASKED = Statement(select(*_manner_of(follow_requests)).where(_between(follow_requests)), _manner)
_asked = insert(follow_requests).values(_given(follow_requests))
ASK = Statement(
    _asked.on_conflict_do_update(
        index_elements=["follower_id", "followee_id"],
        set_={name: _asked.excluded[name] for name in ("reposts", "notify", "languages")},
    )
)
DROP = Statement(
    delete(follow_requests).where(_between(follow_requests)).returning(*_manner_of(follow_requests)), _manner
)


async def hold_both(tx: Tx, mine: AccountId, others: AccountId) -> Held:
    """Hold both accounts until the commit; how the other one stands.

    Raises:
        NotFound: there is no such account.
    """
    found = await lock_accounts(tx, (mine, others))
    if others not in found:
        raise no_account()
    return found[others]


async def tie(tx: Tx, follower: AccountId, followee: AccountId, manner: Manner = USUAL) -> None:
    """Make and count the follow, unless there is one."""
    if await tx.run(FOLLOW, **_row(tx, follower, followee, manner), picky=manner.picky):
        await tx.run(COUNT, me=follower, other=followee, step=1)
        tx.emit(Followed(follower, followee))


async def change(tx: Tx, follower: AccountId, followee: AccountId, manner: Manner) -> None:
    """Follow in another manner from now on."""
    await tx.run(
        CHANGE,
        me=follower,
        other=followee,
        with_reposts=manner.reposts,
        with_notify=manner.notify,
        with_languages=spelt(manner.languages),
        with_picky=manner.picky,
    )


async def untie(tx: Tx, follower: AccountId, followee: AccountId) -> bool:
    """Remove the follow and uncount it, and what hung on it; whether there was one."""
    if not await tx.run(UNFOLLOW, me=follower, other=followee):
        return False
    await tx.run(COUNT, me=follower, other=followee, step=-1)
    await tx.run(UNENDORSE, me=follower, other=followee)
    return True


async def ask(tx: Tx, follower: AccountId, followee: AccountId, manner: Manner) -> None:
    """Ask to follow; asking again only changes the manner."""
    known = await tx.first(ASKED, me=follower, other=followee)
    await tx.run(ASK, **_row(tx, follower, followee, manner))
    if known is None:
        tx.emit(FollowRequested(follower, followee))


async def drop_request(tx: Tx, follower: AccountId, followee: AccountId) -> Manner | None:
    """Remove the request to follow, if there is one: in which manner it asked."""
    dropped = await tx.first(DROP, me=follower, other=followee)
    if dropped is not None:
        tx.emit(FollowRequestEnded(follower, followee))
    return dropped


def _row(tx: Tx, follower: AccountId, followee: AccountId, manner: Manner) -> dict[str, Any]:
    return {
        "follower_id": follower,
        "followee_id": followee,
        "id": tx.new_id(),
        "reposts": manner.reposts,
        "notify": manner.notify,
        "languages": spelt(manner.languages),
    }


def no_account() -> NotFound:
    """Nobody has this id."""
    return NotFound("This account does not exist.")
