"""Home as its member steers it: without whom exclusive lists hold, with followed hashtags, through their filters.

A member and a page flow in, items flow out. Who set nothing reads `home` and pays nothing. For the others two pages
are read, each full or at its end: home's own, and what was said in public under the hashtags that they follow; what is
nearest in either is the page. One that came out short is read on, a bounded number of times.
"""

from typing import Any, Final

import msgspec
from sqlalchemy import Select, func, literal_column, select, true

from parvis.core.ids import PostId
from parvis.people.accounts import Account
from parvis.posts.page import FIRST, Page, after, before, most
from parvis.posts.visibility import met, muting, seen_by, viewer, visible
from parvis.store.statement import Statement
from parvis.store.tables import post_tags, posts, tag_follows
from parvis.store.transaction import Tx
from parvis.timelines import home
from parvis.timelines.home import Because, Item
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
    """A page of home as the member set it, newest first."""
    if not viewer.tastes:
        return await home.timeline(tx, viewer, page)
    taste = await taste_of(tx, viewer)
    kept: list[Item] = []
    missing = page.most
    for _ in range(MOST_ROUNDS):
        found = await _both(tx, viewer, page, taste)
        fit = _sift(found, taste, tx.now)
        kept = fit[-missing:] + kept if page.forward else kept + fit[:missing]
        missing -= min(len(fit), missing)
        if not missing or not found:
            break
        last = found[0 if page.forward else -1].post.id
        page = msgspec.structs.replace(page.beyond(last), limit=page.longest)
    return kept


async def _both(tx: Tx, viewer: Account, page: Page, taste: Taste) -> list[Item]:
    items = await home.timeline(tx, viewer, page)
    if not taste.tags:
        return items
    found = {item.post.id: item for item in await _from_tags(tx, viewer, page)}
    found |= {item.post.id: item for item in items}  # who is followed gets the credit
    ordered = [found[one] for one in sorted(found, reverse=True)]
    return ordered[-page.most :] if page.forward else ordered[: page.most]


async def _from_tags(tx: Tx, viewer: Account, page: Page) -> list[Item]:
    rows = await tx.all(
        _UNDER_FOLLOWED[tx.engine][page.forward],
        viewer=viewer.id,
        after=page.after,
        before=page.before,
        most=page.most,
        now=tx.now,
    )
    tags: dict[PostId, str] = dict(rows)
    seen = await seen_by(tx, viewer, tags)
    return [Item(post, Because("tag", post.author.id, tags[one])) for one, post in seen.items()]


def _sift(items: list[Item], taste: Taste, now: int) -> list[Item]:
    near = [item for item in items if item.because.kind == "own" or item.because.account not in taste.apart]
    posts = {post.id: post for post in taste.sift((item.post for item in near), now, "home")}
    return [Item(posts[item.post.id], item.because) for item in near if item.post.id in posts]
