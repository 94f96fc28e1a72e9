"""Judging by glimpses: which filters posts meet that are not read, because what they say was judged before.

Glimpses flow in; out flow, for each that a member's filters do not hide in a context, the filters that it meets. What a
text met is remembered under its mark and the taste's version, so that only what is new to either is read, in one query.
"""

from collections.abc import Iterable

from parvis.core.ids import PostId
from parvis.people.accounts import Account
from parvis.posts.glimpse import Glimpse
from parvis.posts.post import Match
from parvis.posts.visibility import seen_by
from parvis.store.transaction import Tx
from parvis.timelines.taste import taste_of

ALWAYS = 0  # the moment at which every filter is alive that ever was
JUDGEMENT_BYTES = 400


async def judged(
    tx: Tx, member: Account | None, found: Iterable[Glimpse], context: str = ""
) -> dict[PostId, tuple[Match, ...]]:
    """Those that the member's filters leave in this context, in their order, each with the filters that it meets."""
    taste = await taste_of(tx, member)
    if not taste.sieves:
        return {glimpse.id: () for glimpse in found}
    glimpses = list(found)
    met: dict[PostId, tuple[Match, ...]] = {}
    for glimpse in glimpses:
        known = None if glimpse.rare else tx.memory.find((judged, taste.version, glimpse.mark))
        if known is not None:
            met[glimpse.id] = known
    unread = [glimpse for glimpse in glimpses if glimpse.id not in met]
    seen = await seen_by(tx, member, [glimpse.id for glimpse in unread])
    for glimpse in unread:
        if glimpse.id not in seen:
            continue
        met[glimpse.id] = taste.matches(seen[glimpse.id], ALWAYS)
        if not glimpse.rare:
            tx.memory.keep((judged, taste.version, glimpse.mark), met[glimpse.id], JUDGEMENT_BYTES)
    left: dict[PostId, tuple[Match, ...]] = {}
    for glimpse in glimpses:
        matches = met.get(glimpse.id)
        if matches:
            matches = tuple([one for one in matches if one.expires_at is None or one.expires_at > tx.now])
        if matches is not None and not taste.leaves_out(matches, glimpse.authors, context):
            left[glimpse.id] = matches
    return left
