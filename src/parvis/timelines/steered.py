"""Home as its member steers it: without whom exclusive lists hold, with followed hashtags, through their filters.

A member and a page flow in, sights or items flow out. Who set nothing reads `home` and pays nothing. For the others two
pages are read, each full or at its end: home's own, and what was said in public under the hashtags that they follow;
what is nearest in either is the page. One that came out short is read on, a bounded number of times.
"""

from typing import Any, Final

import msgspec
from sqlalchemy import Select, func, literal_column, select, true

from parvis.core.ids import PostId
from parvis.people.accounts import Account
from parvis.posts.glimpse import glimpses
from parvis.posts.page import FIRST, Page, after, before, most
from parvis.posts.visibility import met, muting, viewer, visible
from parvis.store.statement import Statement
from parvis.store.tables import post_tags, posts, tag_follows
from parvis.store.transaction import Tx
from parvis.timelines import home
from parvis.timelines.home import Because, Item, Recipe, Sight
from parvis.timelines.judging import judged
from parvis.timelines.taste import Taste, taste_of

MOST_ROUNDS: Final = 5

_each = post_tags.alias("each")
_said = posts.alias("said")


def _of_each(*, forward: bool) -> Select[Any]:
    """The nearest few posts under one hashtag within the page."""
    order = _each.c.post_id.asc() if forward else _each.c.post_id.desc()
    return (
        select(_each.c.post_id)
        .join_from(_each, _said, _said.c.id == _each.c.post_id)
        .where(
            _each.c.tag == tag_follows.c.tag,
            _each.c.post_id > after,
            _each.c.post_id < before,
            _said.c.visibility == literal_column("'public'"),
            _said.c.author_id != viewer,
            visible(_said),
            met(_said),
            ~muting(viewer, _said.c.author_id),
        )
        .order_by(order)
        .limit(most)
    )


def _under_followed(engine: str, *, forward: bool) -> Statement[tuple[Any, ...]]:
    """SQLite has no LATERAL; an IN that looks at the row beside it does the same."""
    mine = tag_follows.c.account_id == viewer
    if engine == "postgresql":
        each = _of_each(forward=forward).correlate(tag_follows).lateral("near")
        post = each.c.post_id
        query = select(post, func.min(tag_follows.c.tag)).select_from(tag_follows).join(each, true()).where(mine)
    else:
        post = post_tags.c.post_id
        nearest = _of_each(forward=forward).correlate(tag_follows)
        query = (
            select(post, func.min(tag_follows.c.tag))
            .select_from(tag_follows)
            .join(post_tags, (post_tags.c.tag == tag_follows.c.tag) & post.in_(nearest))
            .where(mine)
        )
    return Statement(query.group_by(post).order_by(post.asc() if forward else post.desc()).limit(most))


_UNDER_FOLLOWED = {
    engine: {forward: _under_followed(engine, forward=forward) for forward in (False, True)}
    for engine in ("sqlite", "postgresql")
}


async def timeline(tx: Tx, viewer: Account, page: Page = FIRST) -> list[Item]:
    """A page of home as the member set it, newest first, each post whole; private words are read as messages."""
    return await home.read_whole(tx, viewer, await glimpsed(tx, viewer, page, home.ALOUD))


async def glimpsed(tx: Tx, viewer: Account, page: Page = FIRST, recipe: Recipe = home.FOLLOWING) -> list[Sight]:
    """A page of home as the member set it, newest first, for whoever has the posts themselves from before."""
    if not viewer.tastes:
        return await home.glimpsed(tx, viewer, page, recipe)
    taste = await taste_of(tx, viewer)
    kept: list[Sight] = []
    missing = page.most
    for _ in range(MOST_ROUNDS):
        found = await _both(tx, viewer, page, taste, recipe)
        fit = await _sift(tx, viewer, found, taste)
        kept = fit[-missing:] + kept if page.forward else kept + fit[:missing]
        missing -= min(len(fit), missing)
        if not missing or not found:
            break
        last = found[0 if page.forward else -1].glimpse.id
        page = msgspec.structs.replace(page.beyond(last), limit=page.longest)
    return kept


async def _both(tx: Tx, viewer: Account, page: Page, taste: Taste, recipe: Recipe) -> list[Sight]:
    horizon = tx.horizon("posts")  # before either is read: what the second finds later, the first may lack
    sights = await home.glimpsed(tx, viewer, page, recipe)
    if not taste.tags:
        return sights
    found = {sight.glimpse.id: sight for sight in await _from_tags(tx, viewer, page)}
    found |= {sight.glimpse.id: sight for sight in sights}  # who is followed gets the credit
    ordered = [found[one] for one in sorted(found, reverse=True) if one < horizon]
    return ordered[-page.most :] if page.forward else ordered[: page.most]


async def _from_tags(tx: Tx, viewer: Account, page: Page) -> list[Sight]:
    rows = await tx.all(
        _UNDER_FOLLOWED[tx.engine][page.forward],
        viewer=viewer.id,
        now=tx.now,
        **page.bounds(tx, "posts"),
    )
    tags: dict[PostId, str] = dict(rows)
    seen = await glimpses(tx, viewer, list(tags))
    return [Sight(glimpse, Because("tag", glimpse.author, tags[one])) for one, glimpse in seen.items()]


async def _sift(tx: Tx, viewer: Account, found: list[Sight], taste: Taste) -> list[Sight]:
    near = [sight for sight in found if sight.because.kind == "own" or sight.because.account not in taste.apart]
    left = await judged(tx, viewer, (sight.glimpse for sight in near), "home")
    return [
        sight._replace(filtered=left[sight.glimpse.id]) if left[sight.glimpse.id] else sight
        for sight in near
        if sight.glimpse.id in left
    ]
