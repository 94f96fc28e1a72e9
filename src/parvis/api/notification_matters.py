"""What notifications carry beside accounts and statuses: reports, warnings; and what the caller's filters say of them.

Each kind of matter is fetched in one query, and only when a notification of that kind is there.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeVar

import msgspec

from parvis.api.collection_entity import collection_entity
from parvis.api.door import Urls
from parvis.api.reports import report_entity
from parvis.api.strikes import warning_entity
from parvis.moderation import reports, strikes
from parvis.notifications import inbox
from parvis.people import accounts, collections
from parvis.people.accounts import accounts_by_ids
from parvis.posts.post import Post
from parvis.store.transaction import Tx
from parvis.timelines.taste import taste_of

Row = TypeVar("Row", bound=inbox.Told[Post])

CONTEXT = "notifications"
COLLECTED = frozenset(("collected", "collection_edit"))
STAFF = frozenset(("moderator", "admin"))

Matters = dict[int, dict[str, Any]]
"""More fields of a notification, by its id."""

NOTHING: Final[dict[str, Any]] = {}


async def matters_of(tx: Tx, urls: Urls, member: accounts.Account, rows: Iterable[inbox.Told[Any]]) -> Matters:
    """What these notifications are about, where it is neither an account nor a status."""
    about = [row for row in rows if row.about_id is not None]
    if not about:
        return {}
    found: Matters = {}
    warned = await strikes.several(tx, [_about(row) for row in about if row.kind == "warning"])
    for row in about:
        if row.kind == "warning" and (strike := warned.get(_about(row))) is not None:
            found[row.id] = {"moderation_warning": warning_entity(strike, member, urls)}
    shared = await collections.several(tx, member, [_about(row) for row in about if row.kind in COLLECTED])
    for row in about:
        if row.kind in COLLECTED and (collection := shared.get(_about(row))) is not None:
            found[row.id] = {"collection": collection_entity(collection, urls)}
    if member.role in STAFF:
        filed = await reports.several(tx, [_about(row) for row in about if row.kind == "report"])
        targets = await accounts_by_ids(tx, {report.target_id for report in filed.values()})
        for row in about:
            if row.kind == "report" and (report := filed.get(_about(row))) is not None:
                found[row.id] = {"report": report_entity(report, targets[report.target_id], urls)}
    return found


async def heeded(tx: Tx, member: accounts.Account, rows: Sequence[Row]) -> Sequence[Row]:
    """The notifications whose posts the member's filters do not hide, each post with the filters that it meets."""
    taste = await taste_of(tx, member)
    if not taste.sieves:
        return rows
    kept: list[Row] = []
    for row in rows:
        if row.post is None:
            kept.append(row)
            continue
        post = taste.judged(row.post, tx.now)
        if not taste.hides(post, CONTEXT):
            kept.append(msgspec.structs.replace(row, post=post))
    return kept


def _about(row: inbox.Told[Any]) -> int:
    return row.about_id or 0
