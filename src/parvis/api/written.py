"""Statuses already written: each is encoded once for whoever sees it alike, and again only when something changed.

Glimpses flow in, encoded statuses flow out; read whole are only those that were not written before.
"""

from collections.abc import Iterable
from typing import Any

from msgspec import UNSET, Raw

from parvis.api.answer import encode
from parvis.api.endpoint import Ctx
from parvis.api.paging import link
from parvis.api.status_entity import Status, because_entity, status_entity
from parvis.core.ids import PostId
from parvis.posts.glimpse import Glimpse, glimpses
from parvis.posts.page import Page
from parvis.posts.post import Match
from parvis.posts.visibility import seen_by
from parvis.timelines.filling import Feed, glimpsed
from parvis.timelines.home import Because as Reason
from parvis.timelines.judging import judged
from parvis.timelines.taste import Taste, taste_of

KEY_BYTES = 500  # what a key takes beside what it leads to


async def written(ctx: Ctx, found: Iterable[tuple[Glimpse, Reason | None, tuple[Match, ...]]]) -> tuple[Status, ...]:
    """The statuses that these are glimpses of, each with why it is there and which filters it meets, already encoded.

    Read whole are only those that were not written before.
    """
    tx, urls = ctx.tx, ctx.urls
    find, emojis = tx.memory.find, urls.emojis.version  # those in names
    known: dict[PostId, Any] = {}
    wanted: dict[PostId, tuple[Glimpse, Reason | None, tuple[Match, ...], Any]] = {}
    for glimpse, reason, filtered in found:
        why = None if reason is None else (reason.kind, reason.tag)
        key = (urls, glimpse.mark, why, filtered, emojis)
        status = None if glimpse.rare else find(key)
        if status is None:
            wanted[glimpse.id] = glimpse, reason, filtered, key
        known[glimpse.id] = status
    if wanted:
        seen = await seen_by(tx, ctx.viewer, wanted)
        for post_id, (glimpse, reason, filtered, key) in wanted.items():
            if post_id not in seen:
                del known[post_id]
                continue
            because = UNSET if reason is None else because_entity(reason)
            json = encode(status_entity(Taste.with_matches(seen[post_id], filtered), urls, because=because))
            known[post_id] = Raw(json)
            if not glimpse.rare:
                tx.memory.keep(key, known[post_id], len(json) + KEY_BYTES)
    return tuple(known.values())


async def statuses_seen(ctx: Ctx, ids: Iterable[PostId], context: str = "") -> tuple[Status, ...]:
    """The statuses with these ids in their order, as far as the caller may see them, already encoded.

    Each with the caller's filters that it meets; with a context, without what those hide there.
    """
    seen = await glimpses(ctx.tx, ctx.viewer, list(ids))
    left = await judged(ctx.tx, ctx.viewer, seen.values(), context)
    return await written(ctx, [(seen[one], None, left[one]) for one in ids if one in left])


async def statuses_of(ctx: Ctx, page: Page, feed: Feed, *, ends: bool = False) -> tuple[Status, ...]:
    """A page of a feed, and the way to its neighbours.

    Of one that `ends`, a page that came out short is the last, for who has no filters that may have left it so.
    """
    found = await glimpsed(ctx.tx, ctx.viewer, page, feed)
    whole = ends and not (await taste_of(ctx.tx, ctx.viewer)).sieves
    link(ctx, [one.glimpse.id for one in found], of=page if whole else None)
    return await written(ctx, [(one.glimpse, None, one.filtered) for one in found])
