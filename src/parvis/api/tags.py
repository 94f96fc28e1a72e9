"""Hashtags: follow them, and show them on one's profile."""

from typing import Annotated

import msgspec
from msgspec import Meta

from parvis.api.accounts import get_other
from parvis.api.answer import Empty
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.paging import Paging, link
from parvis.api.tag_entity import FeaturedTag, Tag, featured_entity, tag_entities
from parvis.timelines import hashtags

endpoints = Endpoints("tags")

MOST = 200
Name = Annotated[str, Meta(min_length=1, max_length=300, description="A hashtag, with or without its #.")]


class Named(msgspec.Struct, frozen=True):
    """A hashtag by its name."""

    name: Name


class Identified(msgspec.Struct, frozen=True):
    """A hashtag by its id, which is its name."""

    id: Name


class NewFeatured(msgspec.Struct, frozen=True):
    """A hashtag to show."""

    name: Annotated[str, Meta(max_length=300)] = ""


class One(msgspec.Struct, frozen=True):
    """One featured hashtag, or one account."""

    id: Id


class FollowedPage(Paging, frozen=True, kw_only=True):
    """Which of the hashtags that one follows; pages go by ids that only the Link header tells."""

    limit: Annotated[int, Meta(ge=1, description="How many; 200 at most.")] = 100


async def _tag(ctx: Ctx, name: str) -> Tag:
    (tag,) = await tag_entities(ctx, [name])
    return tag


@endpoints.get("/api/v1/tags/{name}", scope="read:follows", who="anyone")
async def get_tag(ctx: Ctx, given: Named) -> Tag:
    """A hashtag."""
    return await _tag(ctx, hashtags.checked(given.name))


@endpoints.post("/api/v1/tags/{name}/follow", scope="write:follows")
async def follow_tag(ctx: Ctx, given: Named) -> Tag:
    """Have public posts with a hashtag come home."""
    return await _tag(ctx, await hashtags.follow_tag(ctx.tx, ctx.member, given.name))


@endpoints.post("/api/v1/tags/{name}/unfollow", scope="write:follows")
async def unfollow_tag(ctx: Ctx, given: Named) -> Tag:
    """Have them come no more."""
    return await _tag(ctx, await hashtags.unfollow_tag(ctx.tx, ctx.member, given.name))


@endpoints.get("/api/v1/followed_tags", scope="read:follows", pages=True)
async def get_followed_tags(ctx: Ctx, given: FollowedPage) -> tuple[Tag, ...]:
    """Hashtags that one follows, the latest first."""
    found = await hashtags.followed_by(ctx.tx, ctx.member, given.page(MOST))
    link(ctx, [one.id for one in found], "since_id", of=given.page(MOST))
    return await tag_entities(ctx, [one.tag for one in found])


@endpoints.post("/api/v1/tags/{id}/feature", scope="write:accounts")
async def feature_tag(ctx: Ctx, given: Identified) -> Tag:
    """Show a hashtag on one's profile."""
    return await _tag(ctx, await hashtags.feature(ctx.tx, ctx.member, given.id))


@endpoints.post("/api/v1/tags/{id}/unfeature", scope="write:accounts")
async def unfeature_tag(ctx: Ctx, given: Identified) -> Tag:
    """Show it no more."""
    return await _tag(ctx, await hashtags.unfeature(ctx.tx, ctx.member, given.id))


async def _featured(ctx: Ctx) -> tuple[FeaturedTag, ...]:
    found = await hashtags.featured_by(ctx.tx, ctx.member.id)
    return tuple(featured_entity(one, ctx.member, ctx.urls) for one in found)


@endpoints.get("/api/v1/featured_tags", scope="read:accounts")
async def get_featured_tags(ctx: Ctx) -> tuple[FeaturedTag, ...]:
    """The hashtags on one's profile, the most used first."""
    return await _featured(ctx)


@endpoints.post("/api/v1/featured_tags", scope="write:accounts")
async def create_featured_tag(ctx: Ctx, given: NewFeatured) -> FeaturedTag:
    """Show a hashtag on one's profile."""
    tag = await hashtags.feature(ctx.tx, ctx.member, given.name)
    return next(one for one in await _featured(ctx) if one.name == tag)


@endpoints.delete("/api/v1/featured_tags/{id}", scope="write:accounts")
async def delete_featured_tag(ctx: Ctx, given: One) -> Empty:
    """Show it no more."""
    await hashtags.unfeature_by_id(ctx.tx, ctx.member, int(given.id))
    return Empty()


@endpoints.get("/api/v1/featured_tags/suggestions", scope="read:accounts")
async def suggest_featured_tags(ctx: Ctx) -> tuple[Tag, ...]:
    """Hashtags that one used most lately and does not show yet."""
    return await tag_entities(ctx, await hashtags.often_used(ctx.tx, ctx.member))


@endpoints.get("/api/v1/accounts/{id}/featured_tags", who="anyone")
async def get_account_featured_tags(ctx: Ctx, given: One) -> tuple[FeaturedTag, ...]:
    """The hashtags on an account's profile."""
    owner = await get_other(ctx, given.id)
    return tuple(featured_entity(one, owner, ctx.urls) for one in await hashtags.featured_by(ctx.tx, owner.id))
