"""Regard: what a member says of others without telling them: endorsing, a private note, shunning a whole domain.

Endorsed are some of those whom one follows, shown on one's profile. A note is for its writer's eyes alone. Who lives
on a shunned domain is out of one's feeds and notifications, and follows across it are gone.
"""

import msgspec
from sqlalchemy import BigInteger, Integer, Text, bindparam, delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from parvis.core.errors import Invalid
from parvis.core.ids import AccountId
from parvis.core.text import keepable
from parvis.events import Unfollowed
from parvis.people import ties
from parvis.people.accounts import Account
from parvis.people.circles import ENDORSED, FIRST, Span, Tie, bounds
from parvis.people.preferences import checked_domain
from parvis.people.relations import require_account
from parvis.people.ties import me, other
from parvis.store.statement import Statement
from parvis.store.tables import accounts, endorsements, follows, notes, shunned_domains
from parvis.store.transaction import Tx

NOTE_LENGTH = 2000
MOST_SHUNNED = 1000
LONGEST_PAGE = 200  # of domains


class Shunned(msgspec.Struct, frozen=True):
    """A domain that a member shuns; `id` orders the list."""

    id: int
    domain: str


_domain = bindparam("of_domain", type_=Text)
ENDORSE = Statement(
    insert(endorsements)
    .values({name: bindparam(name, type_=BigInteger) for name in ("account_id", "endorsed_id", "id")})
    .on_conflict_do_nothing()
)
_noted = insert(notes).values({column.name: bindparam(column.name, type_=column.type) for column in notes.columns})
NOTE = Statement(
    _noted.on_conflict_do_update(index_elements=["writer_id", "about_id"], set_={"words": _noted.excluded.words})
)
FORGET_NOTE = Statement(delete(notes).where(notes.c.writer_id == me, notes.c.about_id == other))
SHUN = Statement(
    insert(shunned_domains)
    .values({column.name: bindparam(column.name, type_=column.type) for column in shunned_domains.columns})
    .on_conflict_do_nothing()
)
UNSHUN = Statement(
    delete(shunned_domains).where(shunned_domains.c.account_id == me, shunned_domains.c.domain == _domain)
)
SHUNNED = Statement(
    select(shunned_domains.c.id, shunned_domains.c.domain)
    .where(
        shunned_domains.c.account_id == me,
        shunned_domains.c.id < bindparam("before", type_=BigInteger),
        shunned_domains.c.id > bindparam("after", type_=BigInteger),
    )
    .order_by(shunned_domains.c.id.desc())
    .limit(bindparam("most", type_=Integer)),
    Shunned,
)
ACROSS = Statement(
    select(follows.c.follower_id, follows.c.followee_id)
    .join_from(follows, accounts, or_(accounts.c.id == follows.c.follower_id, accounts.c.id == follows.c.followee_id))
    .where(
        or_(follows.c.follower_id == me, follows.c.followee_id == me),
        accounts.c.id != me,
        accounts.c.domain == _domain,
    )
)


async def endorse(tx: Tx, account: Account, endorsed: AccountId) -> None:
    """Show the other on one's profile.

    Raises:
        NotFound: there is no such account.
        Invalid: one does not follow it.
    """
    await ties.hold_both(tx, account.id, endorsed)
    if await tx.first(ties.KNOWN, me=account.id, other=endorsed) is None:
        raise Invalid("Follow them first: then you can recommend them.")
    await tx.run(ENDORSE, account_id=account.id, endorsed_id=endorsed, id=tx.new_id())


async def unendorse(tx: Tx, account: Account, endorsed: AccountId) -> None:
    """Show the other on one's profile no longer.

    Raises:
        NotFound: there is no such account.
    """
    await require_account(tx, endorsed)
    await tx.run(ties.UNENDORSE, me=account.id, other=endorsed)


async def endorsed_by(tx: Tx, viewer: Account | None, account_id: AccountId, span: Span = FIRST) -> list[Tie]:
    """Whom the account endorses, as the viewer may see it, latest first."""
    return await tx.all(ENDORSED, whose=account_id, viewer=viewer.id if viewer else 0, **bounds(span))


async def note(tx: Tx, account: Account, about: AccountId, words: str) -> None:
    """Write down something about the other, for oneself; without words, forget what was written.

    Raises:
        NotFound: there is no such account.
        Invalid: it is too long.
    """
    await require_account(tx, about)
    words = keepable(words).strip()
    if len(words) > NOTE_LENGTH:
        raise Invalid("A note has at most {limit} characters.", field="comment", limit=NOTE_LENGTH)
    if words:
        await tx.run(NOTE, writer_id=account.id, about_id=about, words=words)
    else:
        await tx.run(FORGET_NOTE, me=account.id, other=about)


async def shun(tx: Tx, account: Account, domain: str, *, own: str = "") -> None:
    """Want nothing to do with a whole domain; follows across it end. `own` is this instance's.

    Raises:
        Invalid: it is no domain, it is this instance's own, or there are too many.
    """
    folded = checked_domain(domain)
    if folded == own.partition(":")[0]:
        raise Invalid("You cannot block the instance that you live on.", field="domain")
    if len(await tx.all(SHUNNED, me=account.id, before=(1 << 63) - 1, after=0, most=MOST_SHUNNED)) == MOST_SHUNNED:
        raise Invalid("At most {limit} domains.", field="domain", limit=MOST_SHUNNED)
    await tx.run(SHUN, account_id=account.id, domain=folded, id=tx.new_id())
    for follower, followee in await tx.all(ACROSS, me=account.id, of_domain=folded):
        await ties.hold_both(tx, follower, followee)
        if await ties.untie(tx, follower, followee):
            tx.emit(Unfollowed(follower, followee))


async def unshun(tx: Tx, account: Account, domain: str) -> None:
    """Shun the domain no longer. Follows that this ended do not come back.

    Raises:
        Invalid: it is no domain.
    """
    await tx.run(UNSHUN, me=account.id, of_domain=checked_domain(domain))


async def shunned_by(tx: Tx, account: Account, span: Span = FIRST) -> list[Shunned]:
    """The domains that the account shuns, latest first."""
    return await tx.all(SHUNNED, me=account.id, **bounds(span, LONGEST_PAGE))
