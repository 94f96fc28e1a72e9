"""Trends: hashtags, statuses and links that many take up today."""

from collections.abc import Iterable
from typing import Annotated

import msgspec
from msgspec import Meta

from parvis.api.card_entity import PreviewCard, card_entity
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.paging import Limit40
from parvis.api.sifting import sifted
from parvis.api.status_entity import Status, status_entities
from parvis.api.tag_entity import Tag, TagHistory, history_of, tag_entities
from parvis.timelines import trends

endpoints = Endpoints("trends")

Offset = Annotated[int, Meta(ge=0, le=1000)]


class Part(msgspec.Struct, frozen=True):
    """Which part of the list."""

    limit: Limit40 = 10
    offset: Offset = 0


class StatusPart(msgspec.Struct, frozen=True):
    """Which part of the list."""

    limit: Limit40 = 20
    offset: Offset = 0


class TrendsLink(PreviewCard, frozen=True, kw_only=True):
    """A page that trends."""

    history: tuple[TagHistory, ...]


async def _tags(ctx: Ctx, given: Part) -> tuple[Tag, ...]:
    found = await trends.trending_tags(ctx.tx, limit=given.limit, offset=given.offset)
    return await tag_entities(ctx, [one.subject for one in found], {one.subject: one.week for one in found})


@endpoints.get("/api/v1/trends/tags", who="anyone")
async def get_trending_tags(ctx: Ctx, given: Part) -> tuple[Tag, ...]:
    """Hashtags that trend, with the counts of a week."""
    return await _tags(ctx, given)


@endpoints.get("/api/v1/trends", who="anyone")
async def get_trends(ctx: Ctx, given: Part) -> tuple[Tag, ...]:
    """The same at the address of old clients."""
    return await _tags(ctx, given)


@endpoints.get("/api/v1/trends/statuses", who="anyone")
async def get_trending_statuses(ctx: Ctx, given: StatusPart) -> tuple[Status, ...]:
    """Statuses that trend."""
    posts = await trends.trending_posts(ctx.tx, ctx.viewer, limit=given.limit, offset=given.offset)
    return status_entities(await sifted(ctx, posts, "public"), ctx.urls)


@endpoints.get("/api/v1/trends/links", who="anyone")
async def get_trending_links(ctx: Ctx, given: Part) -> tuple[TrendsLink, ...]:
    """Pages that trend, with the counts of a week."""
    found: Iterable[trends.Link] = await trends.trending_links(ctx.tx, limit=given.limit, offset=given.offset)
    return tuple(
        TrendsLink(**msgspec.structs.asdict(card_entity(one.card, ctx.urls)), history=history_of(one.week))
        for one in found
    )
