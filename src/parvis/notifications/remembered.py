"""Grouped notifications as glimpses, for whoever has the posts from before; the newest page stands while nothing stirs.

What such a page says depends on what the member was told, on everybody who did it, and on the posts that it is about
with their authors; those that are hidden now count too, for they may come back. All their ids are remembered with the
page (`store.standing`), so that it takes no query as long as none of them stirred.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import BigInteger, bindparam, func, literal_column, null, select, union_all

from parvis.notifications.groups import Group, groups_looked_at
from parvis.notifications.inbox import EVERYTHING, Choice
from parvis.notifications.kinds import TOGETHER
from parvis.people.accounts import Account
from parvis.posts.glimpse import Glimpse, glimpses, mute_ends
from parvis.posts.page import FIRST, Page
from parvis.posts.visibility import entry, shown, viewer
from parvis.store.standing import Standing, stand
from parvis.store.statement import Statement, among_words
from parvis.store.tables import notifications
from parvis.store.transaction import Tx

MOST_CONCERNED: Final = 1000  # notifications that a page may depend on
GROUP_BYTES: Final = 2000  # what a remembered group takes


_n = notifications.c
_in_groups = among_words(_n.group_key, "keys")
_alone = (
    select(_n.actor_id, entry.c.id, entry.c.author_id, shown.c.id, shown.c.author_id, mute_ends)
    .select_from(notifications)
    .outerjoin(entry, entry.c.id == _n.post_id)
    .outerjoin(shown, shown.c.id == func.coalesce(entry.c.repost_of_id, entry.c.id))
    .where(_n.account_id == viewer, _n.id > bindparam("after", type_=BigInteger), ~_in_groups)
)
_together = select(_n.actor_id, null(), null(), null(), null(), mute_ends).where(
    _n.account_id == viewer, _n.group_key != literal_column("''"), _in_groups
)
CONCERNED = Statement(union_all(_alone, _together).limit(literal_column(str(MOST_CONCERNED + 1))))
"""Whoever and whatever a page depends on, shown or hidden: of the groups that it shows, all who made them."""


async def groups_glimpsed(
    tx: Tx,
    member: Account,
    page: Page = FIRST,
    choice: Choice = EVERYTHING,
    grouped: Collection[str] = TOGETHER,
) -> list[Group[Glimpse]]:
    """A page of the member's notifications as `groups_of` has it; the very same list as before, if it stands."""
    key = (groups_glimpsed, member.id, page, choice, frozenset(grouped))
    stood: Standing[list[Group[Glimpse]]] | None = tx.memory.find(key)
    if stood is not None and stood.stands(tx):
        return stood.page
    found = await groups_looked_at(tx, member, page, choice, grouped, glimpses)
    if found and page.max_id is None and not page.forward:
        stands = await _standing(tx, member, page, found)
        if stands is not None:
            tx.memory.keep(key, stands, stands.size + GROUP_BYTES * len(found))
    return found


async def _standing(
    tx: Tx, member: Account, page: Page, found: list[Group[Glimpse]]
) -> Standing[list[Group[Glimpse]]] | None:
    """The page as it can be remembered; None where the store cannot tell who stirred, and where it depends on many."""
    moment = tx.moment()
    if moment is None:
        return None
    after = page.after if len(found) < page.most else found[-1].shown.id - 1
    keys = [group.key for group in found]
    rows = await tx.all(CONCERNED, viewer=member.id, now=tx.now, after=after, keys=keys)
    if not 0 < len(rows) <= MOST_CONCERNED:
        return None
    ids = {one for row in rows for one in row[:-1]}
    ids |= {one for group in found if (post := group.shown.post) is not None for one in (post.id, *post.of)}
    return stand(found, ({member.id, -member.id} | ids) - {None}, rows[0][-1], moment)
