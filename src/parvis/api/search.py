"""Search: accounts by handle or name, statuses by their words, hashtags, and what an address of this instance names."""

import re
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from parvis.api.account_entity import Account
from parvis.api.accounts import found_accounts
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.paging import Limit40
from parvis.api.status_entity import Status
from parvis.api.tag_entity import Tag, tag_entities
from parvis.api.written import statuses_seen
from parvis.core import errors
from parvis.core.ids import PostId
from parvis.timelines.search import Span, posts_found, search_tags

endpoints = Endpoints("search")

PATH = re.compile(r"/@([\w.@:-]+)(?:/([0-9]{1,18}))?/?")


class Search(msgspec.Struct, frozen=True):
    """What was found."""

    accounts: tuple[Account, ...]
    statuses: tuple[Status, ...]
    hashtags: tuple[Tag, ...]


class Wanted(msgspec.Struct, frozen=True):
    """What to look for."""

    q: Annotated[str, Meta(min_length=1, max_length=500)]
    type: Literal["accounts", "hashtags", "statuses"] | None = None
    resolve: Annotated[bool, Meta(description="Without effect: there are no other servers yet.")] = False
    following: Annotated[bool, Meta(description="Accounts that one follows, and no others.")] = False
    account_id: Annotated[Id | None, Meta(description="Only statuses of this account.")] = None
    exclude_unreviewed: Annotated[bool, Meta(description="Without effect: hashtags are not reviewed.")] = False
    max_id: Id | None = None
    min_id: Id | None = None
    limit: Limit40 = 20
    offset: Annotated[int, Meta(ge=0, le=1000)] = 0


@endpoints.get("/api/v2/search", scope="read:search", who="anyone")
async def search(ctx: Ctx, given: Wanted) -> Search:
    """Accounts, statuses and hashtags."""
    words = given.q.strip()
    if ctx.viewer is None and (given.offset or given.resolve):
        raise errors.Unauthenticated("Who is not signed in sees only the first page of a search.")
    named = PATH.fullmatch(words.removeprefix(ctx.urls.base)) if words.startswith(ctx.urls.base) else None
    asked = {given.type} if given.type else {"accounts", "statuses", "hashtags"}
    offset = given.offset if given.type else 0  # as Mastodon does: pages are of one kind
    accounts: tuple[Account, ...] = ()
    statuses: tuple[Status, ...] = ()
    tags: tuple[Tag, ...] = ()
    if "accounts" in asked and not (named and named[2]) and not words.startswith("#"):
        who = named[1] if named else words
        accounts = await found_accounts(ctx, who, given.limit, following=given.following, offset=offset)
    if "statuses" in asked and not words.startswith("@") and (named is None or named[2]):
        statuses = await _statuses(ctx, given, words, named[2] if named else None, offset)
    if "hashtags" in asked and not named and not words.startswith("@"):
        tags = await tag_entities(ctx, await search_tags(ctx.tx, words, limit=given.limit, offset=offset))
    return Search(accounts, statuses, tags)


async def _statuses(ctx: Ctx, given: Wanted, words: str, named: str | None, offset: int) -> tuple[Status, ...]:
    if named:
        found = [PostId(int(named))]
    elif ctx.viewer is None:
        return ()
    else:
        span = Span(
            author=int(given.account_id) if given.account_id else None,
            max_id=int(given.max_id) if given.max_id else None,
            min_id=int(given.min_id) if given.min_id else None,
            limit=given.limit,
            offset=offset,
        )
        found = await posts_found(ctx.tx, ctx.viewer, words, span)
    return await statuses_seen(ctx, found)
