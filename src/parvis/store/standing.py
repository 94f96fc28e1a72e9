"""What stands: a thing that was found, the ids that it depends on, and whether it is as it was, without a query.

As long as none of those ids stirred in the store (`store.witness`: on SQLite) and its hour has not come, the thing is
exactly what would be found anew.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from typing import Generic, TypeVar

import msgspec

from parvis.store.transaction import Tx
from parvis.store.witness import Moment

T = TypeVar("T")


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


def stand(page: T, ids: Iterable[int], until: int | None, moment: Moment) -> Standing[T]:
    """The page as it can be remembered: found at this moment, and depending on these ids."""
    return Standing(page, array("q", sorted(set(ids))), until, moment)
