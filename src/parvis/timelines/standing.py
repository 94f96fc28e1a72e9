"""Pages of home that stand: what such a page depends on beside what it shows is all whom its member follows."""

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import select

from parvis.people.accounts import Account
from parvis.posts.visibility import viewer
from parvis.store.standing import Standing, stand
from parvis.store.statement import Statement
from parvis.store.tables import follows
from parvis.store.transaction import Tx

T = TypeVar("T")

MOST_FOLLOWED = 2000  # of whom so many may speak, what they say is asked for each time
_FOLLOWED = Statement(select(follows.c.followee_id).where(follows.c.follower_id == viewer))


async def standing(tx: Tx, member: Account, page: T, ids: Iterable[int], until: int | None) -> Standing[T] | None:
    """The page as it can be remembered, depending on these ids and on all whom the member follows.

    None where the store cannot tell who stirred, and of a member who follows very many.
    """
    moment = tx.moment()
    if moment is None or member.following_count > MOST_FOLLOWED:
        return None
    circle = [row[0] for row in await tx.all(_FOLLOWED, viewer=member.id)]
    return stand(page, (member.id, *circle, *ids), until, moment)
