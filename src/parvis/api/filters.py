"""Filters, version 2: what one does not want to meet, by words and by statuses."""

from collections.abc import Sequence
from typing import Annotated, cast

import msgspec
from msgspec import UNSET, Meta, UnsetType

from parvis.api.answer import Empty
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.filter_entity import Filter, FilterAction, FilterContext, FilterKeyword, FilterStatus
from parvis.core import clock
from parvis.core.ids import PostId
from parvis.timelines import filters
from parvis.timelines.filters import Keyword, KeywordWish, Pick, Wish

endpoints = Endpoints("filters")

Title = Annotated[str, Meta(max_length=1000, description="256 characters at most.")]
Phrase = Annotated[str, Meta(max_length=2000, description="512 characters at most.")]
Contexts = Annotated[tuple[FilterContext, ...], Meta(max_length=20)]
Lifetime = Annotated[int, Meta(ge=0, le=10**11, description="Seconds until it ends; 0 or null: never.")]


class One(msgspec.Struct, frozen=True):
    """One filter, keyword or filtered status."""

    id: Id


class OfFilter(msgspec.Struct, frozen=True):
    """One filter."""

    filter_id: Id


class KeywordAttributes(msgspec.Struct, frozen=True):
    """A keyword to add, or (with its id) to change or to take away."""

    id: Id | None = None
    keyword: Phrase | None = None
    whole_word: bool | None = None
    destroy: bool = msgspec.field(name="_destroy", default=False)


Attributes = Annotated[tuple[KeywordAttributes, ...], Meta(max_length=1000)]


class NewFilter(msgspec.Struct, frozen=True):
    """A filter to be made."""

    title: Title = ""
    context: Contexts = ()
    filter_action: FilterAction = "warn"
    expires_in: Lifetime | None = None
    keywords_attributes: Attributes = ()


class FilterChange(msgspec.Struct, frozen=True):
    """What of a filter should change."""

    id: Id
    title: Title | None = None
    context: Contexts | None = None
    filter_action: FilterAction | None = None
    expires_in: Lifetime | UnsetType | None = UNSET
    keywords_attributes: Attributes = ()


class NewKeyword(msgspec.Struct, frozen=True):
    """A keyword to add."""

    filter_id: Id
    keyword: Phrase = ""
    whole_word: bool = True


class KeywordChange(msgspec.Struct, frozen=True):
    """What of a keyword should change."""

    id: Id
    keyword: Phrase | None = None
    whole_word: bool | None = None


class NewFilterStatus(msgspec.Struct, frozen=True):
    """A status to filter."""

    filter_id: Id
    status_id: Id


def filter_entity(one: filters.Filter) -> Filter:
    """The filter with all that it looks for."""
    return Filter(
        id=str(one.id),
        title=one.title,
        context=cast(tuple[FilterContext, ...], one.contexts),
        expires_at=clock.iso(one.expires_at) if one.expires_at is not None else None,
        filter_action=cast(FilterAction, one.action),
        keywords=tuple(keyword_entity(keyword) for keyword in one.keywords),
        statuses=tuple(pick_entity(pick) for pick in one.posts),
    )


def keyword_entity(keyword: Keyword) -> FilterKeyword:
    """What a filter looks for."""
    return FilterKeyword(str(keyword.id), keyword.keyword, keyword.whole_word)


def pick_entity(pick: Pick) -> FilterStatus:
    """A status that a filter names."""
    return FilterStatus(str(pick.id), str(pick.post_id))


def life(given: int | UnsetType | None) -> int | None:
    """Seconds as the room wants them: 0 for never, None to leave things as they are."""
    return None if given is UNSET else given or 0


def _wishes(given: Sequence[KeywordAttributes]) -> list[KeywordWish]:
    return [
        KeywordWish(
            id=int(one.id) if one.id else None, keyword=one.keyword, whole_word=one.whole_word, gone=one.destroy
        )
        for one in given
    ]


@endpoints.get("/api/v2/filters", scope="read:filters")
async def get_filters(ctx: Ctx) -> tuple[Filter, ...]:
    """One's filters."""
    return tuple(filter_entity(one) for one in await filters.filters_of(ctx.tx, ctx.member.id))


@endpoints.post("/api/v2/filters", scope="write:filters")
async def create_filter(ctx: Ctx, given: NewFilter) -> Filter:
    """Make a filter."""
    wish = Wish(
        title=given.title, contexts=given.context, action=given.filter_action, expires_in=life(given.expires_in)
    )
    return filter_entity(await filters.make_filter(ctx.tx, ctx.member, wish, _wishes(given.keywords_attributes)))


@endpoints.get("/api/v2/filters/{id}", scope="read:filters")
async def get_filter(ctx: Ctx, given: One) -> Filter:
    """One filter."""
    return filter_entity(await filters.get_filter(ctx.tx, ctx.member, int(given.id)))


@endpoints.put("/api/v2/filters/{id}", scope="write:filters")
async def update_filter(ctx: Ctx, given: FilterChange) -> Filter:
    """Change a filter and its keywords."""
    wish = Wish(
        title=given.title, contexts=given.context, action=given.filter_action, expires_in=life(given.expires_in)
    )
    return filter_entity(
        await filters.edit_filter(ctx.tx, ctx.member, int(given.id), wish, _wishes(given.keywords_attributes))
    )


@endpoints.delete("/api/v2/filters/{id}", scope="write:filters")
async def delete_filter(ctx: Ctx, given: One) -> Empty:
    """Delete a filter."""
    await filters.delete_filter(ctx.tx, ctx.member, int(given.id))
    return Empty()


@endpoints.get("/api/v2/filters/{filter_id}/keywords", scope="read:filters")
async def get_filter_keywords(ctx: Ctx, given: OfFilter) -> tuple[FilterKeyword, ...]:
    """What a filter looks for."""
    found = await filters.get_filter(ctx.tx, ctx.member, int(given.filter_id))
    return tuple(keyword_entity(keyword) for keyword in found.keywords)


@endpoints.post("/api/v2/filters/{filter_id}/keywords", scope="write:filters")
async def add_filter_keyword(ctx: Ctx, given: NewKeyword) -> FilterKeyword:
    """Have a filter look for one more word or phrase."""
    wish = KeywordWish(keyword=given.keyword, whole_word=given.whole_word)
    return keyword_entity(await filters.add_keyword(ctx.tx, ctx.member, int(given.filter_id), wish))


@endpoints.get("/api/v2/filters/keywords/{id}", scope="read:filters")
async def get_filter_keyword(ctx: Ctx, given: One) -> FilterKeyword:
    """One keyword of a filter."""
    return keyword_entity(await filters.get_keyword(ctx.tx, ctx.member, int(given.id)))


@endpoints.put("/api/v2/filters/keywords/{id}", scope="write:filters")
async def update_filter_keyword(ctx: Ctx, given: KeywordChange) -> FilterKeyword:
    """Change a keyword."""
    wish = KeywordWish(keyword=given.keyword, whole_word=given.whole_word)
    return keyword_entity(await filters.edit_keyword(ctx.tx, ctx.member, int(given.id), wish))


@endpoints.delete("/api/v2/filters/keywords/{id}", scope="write:filters")
async def delete_filter_keyword(ctx: Ctx, given: One) -> Empty:
    """Have a filter look for this no more."""
    await filters.drop_keyword(ctx.tx, ctx.member, int(given.id))
    return Empty()


@endpoints.get("/api/v2/filters/{filter_id}/statuses", scope="read:filters")
async def get_filter_statuses(ctx: Ctx, given: OfFilter) -> tuple[FilterStatus, ...]:
    """Which statuses a filter names."""
    found = await filters.get_filter(ctx.tx, ctx.member, int(given.filter_id))
    return tuple(pick_entity(pick) for pick in found.posts)


@endpoints.post("/api/v2/filters/{filter_id}/statuses", scope="write:filters")
async def add_filter_status(ctx: Ctx, given: NewFilterStatus) -> FilterStatus:
    """Have a filter name one more status."""
    made = await filters.add_pick(ctx.tx, ctx.member, int(given.filter_id), PostId(int(given.status_id)))
    return pick_entity(made)


@endpoints.get("/api/v2/filters/statuses/{id}", scope="read:filters")
async def get_filter_status(ctx: Ctx, given: One) -> FilterStatus:
    """One status that a filter names."""
    return pick_entity(await filters.get_pick(ctx.tx, ctx.member, int(given.id)))


@endpoints.delete("/api/v2/filters/statuses/{id}", scope="write:filters")
async def delete_filter_status(ctx: Ctx, given: One) -> FilterStatus:
    """Have a filter name a status no more; the answer is what it named."""
    return pick_entity(await filters.drop_pick(ctx.tx, ctx.member, int(given.id)))
