"""Who is on the square: accounts that spoke in public lately, for a visitor to see and a member to follow.

A viewer flows in, accounts flow out, the most followed first; nobody the viewer follows already, blocks or mutes, and
nobody suspended. One query over the latest public posts, however large the world is.
"""

from sqlalchemy import BigInteger, Integer, and_, bindparam, or_, select

from parvis.people.accounts import COLUMNS, Account
from parvis.people.restraints import Restraint, without
from parvis.posts.visibility import NOBODY, following, there_is, unblocked, viewer
from parvis.store.statement import Statement
from parvis.store.tables import accounts, mutes, posts
from parvis.store.transaction import Tx

LATEST = 300  # posts that are looked at
MOST = 20

_latest = (
    select(posts.c.author_id)
    .where(posts.c.visibility == "public", posts.c.repost_of_id.is_(None))
    .order_by(posts.c.id.desc())
    .limit(LATEST)
    .subquery()
)
_known = or_(
    following(viewer, accounts.c.id),
    there_is(
        mutes,
        mutes.c.muter_id == viewer,
        mutes.c.muted_id == accounts.c.id,
        or_(mutes.c.until.is_(None), mutes.c.until > bindparam("now", type_=BigInteger)),
    ),
)
COMPANY = Statement(
    select(*COLUMNS)
    .where(
        accounts.c.id.in_(select(_latest.c.author_id)),
        accounts.c.id != viewer,
        accounts.c.suspended_at.is_(None),
        without(accounts, Restraint.LIMITED),
        and_(~_known, unblocked(viewer, accounts.c.id)),
    )
    .order_by(accounts.c.followers_count.desc(), accounts.c.id)
    .limit(bindparam("most", type_=Integer)),
    Account,
)


async def company_of(tx: Tx, member: Account | None, most: int = 4) -> list[Account]:
    """Who spoke lately that this member (None: a visitor) does not follow yet; 20 at most."""
    return await tx.all(COMPANY, viewer=NOBODY if member is None else member.id, now=tx.now, most=min(most, MOST))
