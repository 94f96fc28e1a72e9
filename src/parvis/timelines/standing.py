"""Pages that stand: what a page of home depends on, and whether it is as it was, without a query.

A page flows in with the ids of every account and post that could change it; as long as none of them stirred in the
store (`store.witness`: on SQLite) and no mute ran out, it is exactly what would be found anew.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from typing import Generic, TypeVar

import msgspec
from sqlalchemy import select

from parvis.people.accounts import Account
from parvis.posts.visibility import viewer
from parvis.store.statement import Statement
from parvis.store.tables import follows
from parvis.store.transaction import Tx
from parvis.store.witness import Moment

T = TypeVar("T")

MOST_FOLLOWED = 2000  # of whom so many may speak, what they say is asked for each time
_FOLLOWED = Statement(select(follows.c.followee_id).where(follows.c.follower_id == viewer))


class Standing(msgspec.Struct, Generic[T]):
    """A page, the ids that it depends on in order, when it ends by the clock alone (ms), and when it was right last."""

    page: T
    ids: "array[int]"
    until: int | None
    moment: Moment

    def stands(self, tx: Tx) -> bool:
        """Whether the page is what would be found now."""
        moment, stirred = tx.moment(), tx.stirred_since(self.moment)
        if moment is None or stirred is None or (self.until is not None and self.until <= tx.now):
            return False
        if any(self._names(one) for one in stirred):
            return False
        self.moment = moment
        return True

    @property
    def size(self) -> int:
        """Bytes, without the page."""
        return 300 + self.ids.itemsize * len(self.ids)

    def _names(self, one: int) -> bool:
        place = bisect_left(self.ids, one)
        return place < len(self.ids) and self.ids[place] == one


async def standing(tx: Tx, member: Account, page: T, ids: Iterable[int], until: int | None) -> Standing[T] | None:
    """The page as it can be remembered, depending on these ids and on all whom the member follows.

    None where the store cannot tell who stirred, and of a member who follows very many.
    """
    moment = tx.moment()
    if moment is None or member.following_count > MOST_FOLLOWED:
        return None
    circle = [row[0] for row in await tx.all(_FOLLOWED, viewer=member.id)]
    return Standing(page, array("q", sorted({member.id, *circle, *ids})), until, moment)
