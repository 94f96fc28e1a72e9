"""Who stirred: what this process saw being written into its SQLite file, so that what it remembers may stand.

As a row of a watched table is written here, SQLite tells (its preupdate hook, so that no verb can forget); whose it is
becomes known with the commit. What other processes commit is known only to have happened, by `PRAGMA data_version`. So
whoever remembers what they found, at which moment, and of which accounts and posts, learns whether it is as it was.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import apsw

WHOSE: Final = {
    "accounts": ("id",),
    "blocks": ("blocker_id", "blocked_id"),
    "bookmarks": ("account_id",),
    "follows": ("follower_id",),
    "heads": ("author_id",),
    "likes": ("account_id",),
    "mutes": ("muter_id",),
    "pins": ("account_id",),
    "post_mentions": ("account_id",),
    "posts": ("id",),
    "shunned_domains": ("account_id",),
    "thread_mutes": ("account_id",),
}
"""The watched tables, and which columns name the account or the post that a row is about."""
TOLD: Final = {"notifications": ("account_id",)}
"""Watched too, but noted as the negative of the id: being told something changes nothing but what one was told."""
KEPT: Final = 256  # ids noted last; since before them, anybody may have stirred


class Moment(NamedTuple):
    """A state of the store: what others had written by then, and how many ids were noted here."""

    others: int
    noted: int


class Witness:
    """Watches the connection that writes."""

    def __init__(self, writer: apsw.Connection) -> None:
        self._writer = writer
        self._places: dict[str, list[int]] = {}
        for table, names in (WHOSE | TOLD).items():
            columns = [row[1] for row in writer.execute(f"PRAGMA table_info({table})")]
            self._places[table] = [columns.index(name) for name in names if name in columns]
        self._pending: set[int] = set()
        self._journal: list[int] = []
        self._noted = 0
        self._others = self._look()
        writer.preupdate_hook(self._note)

    def begun(self) -> Moment:
        """The latest moment that is known without looking; a transaction that begins now sees it, or a later one."""
        return Moment(self._others, self._noted)

    def others(self) -> int | None:
        """The version of what others have written by now; None while a thread has the connection."""
        try:
            self._others = self._look()
        except apsw.ThreadingViolationError:
            return None
        return self._others

    def stirred_since(self, moment: Moment) -> Sequence[int] | None:
        """The ids that were noted since; None when they are too many."""
        count = self._noted - moment.noted
        return None if count > len(self._journal) else self._journal[len(self._journal) - count :]

    def committed(self) -> None:
        """What was noted has happened: call it before anything else can run."""
        self._noted += len(self._pending)
        self._journal += self._pending
        del self._journal[:-KEPT]
        self._pending.clear()

    def rolled_back(self) -> None:
        """What was noted has not happened."""
        self._pending.clear()

    def _look(self) -> int:
        return int(self._writer.execute("PRAGMA data_version").get)

    def _note(self, row: apsw.PreUpdate) -> None:
        table = row.table_name
        for place in self._places.get(table, ()):
            for values in (row.old, row.new):
                if values is not None and isinstance(one := values[place], int):
                    self._pending.add(-one if table in TOLD else one)
