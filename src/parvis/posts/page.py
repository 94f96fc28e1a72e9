"""Pages of anything that is ordered by its id, as Mastodon's apps ask for them.

`max_id` walks back, `since_id` bounds how far, `min_id` walks forward from where one was, so that no gap opens. A page
is always newest first, whichever way it was found.
"""

from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Integer, Select, bindparam

from parvis.core import ids
from parvis.store.statement import Statement
from parvis.store.transaction import Feed, Tx

T = TypeVar("T")

LONGEST = 40
DEFAULT = 20
ABOVE_ALL = ids.ABOVE_ALL


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Which page. Any number is taken: a limit outside 1 to `longest` is brought within."""

    max_id: int | None = None  # only older ones
    since_id: int | None = None  # only newer ones, the newest of them
    min_id: int | None = None  # only newer ones, the oldest of them
    limit: int = DEFAULT
    longest: int = LONGEST

    @property
    def most(self) -> int:
        """How many it holds at most."""
        return max(1, min(self.limit, self.longest))

    @property
    def before(self) -> int:
        """Its ids are smaller than this."""
        return ABOVE_ALL if self.max_id is None else max(0, min(self.max_id, ABOVE_ALL))

    @property
    def after(self) -> int:
        """Its ids are larger than this."""
        return max(0, min(max(self.since_id or 0, self.min_id or 0), ABOVE_ALL))

    @property
    def forward(self) -> bool:
        """Whether it is filled from its oldest end."""
        return self.min_id is not None

    def bounds(self, tx: Tx, feed: Feed | None = None) -> dict[str, int]:
        """The parameters `before`, `after` and `most` of a statement that reads it; of a feed, below its horizon."""
        below = self.before if feed is None else min(self.before, tx.horizon(feed))
        return {"before": below, "after": self.after, "most": self.most}

    def beyond(self, last: int) -> "Page":
        """The same page, going on where `last` ended."""
        if self.forward:
            return msgspec.structs.replace(self, min_id=max(last, self.after))
        return msgspec.structs.replace(self, max_id=min(last, self.before))


FIRST = Page()

before = bindparam("before", type_=BigInteger)
after = bindparam("after", type_=BigInteger)
most = bindparam("most", type_=Integer)


class Paged(Generic[T]):
    """A select, read a page at a time by the id it is ordered by; of a feed, what is settled of it.

    It is `slow` where few of the rows that are walked may fit.
    """

    def __init__(
        self,
        query: Select[Any],
        by: ColumnElement[Any],
        into: Any = None,
        *,
        feed: Feed | None = None,
        slow: bool = False,
    ) -> None:
        self._feed = feed
        bounded = query.where(by < before, by > after).limit(most)
        self.back: Statement[T] = Statement(bounded.order_by(by.desc()), into, slow=slow)
        self._forward: Statement[T] = Statement(bounded.order_by(by.asc()), into, slow=slow)

    async def read(self, tx: Tx, page: Page, **parameters: Any) -> list[T]:
        """The page's rows, newest first, in one query."""
        if not page.forward:
            return await tx.all(self.back, **parameters, **page.bounds(tx, self._feed))
        rows = await tx.all(self._forward, **parameters, **page.bounds(tx, self._feed))
        rows.reverse()
        return rows
