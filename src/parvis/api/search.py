"""Search: accounts by the beginning of a name, hashtags by name, and whatever an address of this instance names."""

import re
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from sqlalchemy import Text, bindparam, select

from parvis.api.account_entity import Account
from parvis.api.accounts import found_accounts
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.paging import Limit40
from parvis.api.sifting import sifted
from parvis.api.status_entity import Status, status_entities
from parvis.api.tag_entity import Tag, tag_entities
from parvis.core.ids import PostId
from parvis.posts import visibility
from parvis.posts.text import fold_tag
from parvis.store.statement import Statement
from parvis.store.tables import post_tags, posts

endpoints = Endpoints("search")

PATH = re.compile(r"/@([\w.@:-]+)(?:/([0-9]{1,18}))?/?")
KNOWN_TAG = Statement(
    select(post_tags.c.tag)
    .join_from(post_tags, posts, posts.c.id == post_tags.c.post_id)
    .where(post_tags.c.tag == bindparam("tag", type_=Text), posts.c.visibility == "public")
    .limit(1)
)


class Search(msgspec.Struct, frozen=True):
    """What was found."""

    accounts: tuple[Account, ...]
    statuses: tuple[Status, ...]
    hashtags: tuple[Tag, ...]


class Wanted(msgspec.Struct, frozen=True):
    """What to look for."""

    q: Annotated[str, Meta(min_length=1, max_length=500)]
    type: Literal["accounts", "hashtags", "statuses"] | None = None
    resolve: bool = False
    following: bool = False
    account_id: Id | None = None
    exclude_unreviewed: bool = False
    limit: Limit40 = 20
    offset: Annotated[int, Meta(ge=0, le=1000)] = 0


@endpoints.get("/api/v2/search", scope="read:search", who="anyone")
async def search(ctx: Ctx, given: Wanted) -> Search:
    """Accounts, statuses and hashtags."""
    accounts: tuple[Account, ...] = ()
    statuses: tuple[Status, ...] = ()
    tags: tuple[Tag, ...] = ()
    words = given.q.strip()
    if given.offset:
        return Search(accounts, statuses, tags)
    named = PATH.fullmatch(words.removeprefix(ctx.urls.base)) if words.startswith(ctx.urls.base) else None
    if given.type in {None, "accounts"} and not (named and named[2]) and not words.startswith("#"):
        accounts = await found_accounts(ctx, named[1] if named else words, given.limit)
    if given.type in {None, "statuses"} and named and named[2]:
        posts = await visibility.seen_by(ctx.tx, ctx.viewer, [PostId(int(named[2]))])
        statuses = status_entities(await sifted(ctx, posts.values()), ctx.urls)
    if given.type in {None, "hashtags"} and not named and not words.startswith("@"):
        tag = fold_tag(words.lstrip("#"))
        if await ctx.tx.value(KNOWN_TAG, tag=tag):
            tags = await tag_entities(ctx, [tag])
    return Search(accounts, statuses, tags)
