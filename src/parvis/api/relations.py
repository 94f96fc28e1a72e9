"""What one account does about another: follow, block, mute, and take each back."""

from typing import Annotated

import msgspec
from msgspec import Meta

from parvis.api.account_entity import Account, MutedAccount, Relationship, muted_entity, relationship_entity
from parvis.api.accounts import One, TiePage, tied
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id, Language
from parvis.api.paging import link
from parvis.core import clock
from parvis.core.ids import AccountId
from parvis.people import circles, relations, requests

endpoints = Endpoints("relations")


class Following(msgspec.Struct, frozen=True):
    """Whom to follow, and how."""

    id: Id
    reblogs: bool | None = None
    notify: bool | None = None
    languages: Annotated[tuple[Language, ...], Meta(max_length=20)] | None = None


class Muting(msgspec.Struct, frozen=True):
    """Whom to mute, and for how long."""

    id: Id
    notifications: bool = True
    duration: Annotated[int, Meta(ge=0, le=10 * 366 * 86400, description="Seconds; 0: until taken back.")] = 0


async def bond(ctx: Ctx, other: AccountId) -> Relationship:
    """What binds the caller to this account now."""
    return relationship_entity(await relations.relationship(ctx.tx, ctx.member, other))


@endpoints.post("/api/v1/accounts/{id}/follow", scope="write:follows")
async def follow_account(ctx: Ctx, given: Following) -> Relationship:
    """Follow an account, or change how one does; a locked one is asked."""
    other = AccountId(int(given.id))
    wishes = {"reposts": given.reblogs, "notify": given.notify, "languages": given.languages}
    said = {name: wish for name, wish in wishes.items() if wish is not None}
    await relations.follow(ctx.tx, ctx.member, other, **said)
    return await bond(ctx, other)


@endpoints.post("/api/v1/accounts/{id}/unfollow", scope="write:follows")
async def unfollow_account(ctx: Ctx, given: One) -> Relationship:
    """Stop following an account."""
    other = AccountId(int(given.id))
    await relations.unfollow(ctx.tx, ctx.member, other)
    return await bond(ctx, other)


@endpoints.post("/api/v1/accounts/{id}/remove_from_followers", scope="write:follows")
async def remove_from_followers(ctx: Ctx, given: One) -> Relationship:
    """Have an account follow one no longer."""
    other = AccountId(int(given.id))
    await relations.send_away(ctx.tx, ctx.member, other)
    return await bond(ctx, other)


@endpoints.post("/api/v1/accounts/{id}/block", scope="write:blocks")
async def block_account(ctx: Ctx, given: One) -> Relationship:
    """Block an account: neither sees the other any more."""
    other = AccountId(int(given.id))
    await relations.block(ctx.tx, ctx.member, other)
    return await bond(ctx, other)


@endpoints.post("/api/v1/accounts/{id}/unblock", scope="write:blocks")
async def unblock_account(ctx: Ctx, given: One) -> Relationship:
    """Take a block back."""
    other = AccountId(int(given.id))
    await relations.unblock(ctx.tx, ctx.member, other)
    return await bond(ctx, other)


@endpoints.post("/api/v1/accounts/{id}/mute", scope="write:mutes")
async def mute_account(ctx: Ctx, given: Muting) -> Relationship:
    """Hide an account's posts from one's feeds, perhaps for a while."""
    other = AccountId(int(given.id))
    until = ctx.tx.now + given.duration * clock.SECOND if given.duration else None
    await relations.mute(ctx.tx, ctx.member, other, until=until, notifications=given.notifications)
    return await bond(ctx, other)


@endpoints.post("/api/v1/accounts/{id}/unmute", scope="write:mutes")
async def unmute_account(ctx: Ctx, given: One) -> Relationship:
    """Take a mute back."""
    other = AccountId(int(given.id))
    await relations.unmute(ctx.tx, ctx.member, other)
    return await bond(ctx, other)


@endpoints.get("/api/v1/blocks", scope="read:blocks", pages=True)
async def get_blocks(ctx: Ctx, given: TiePage) -> tuple[Account, ...]:
    """Whom one blocks, latest first."""
    return tied(ctx, await circles.blocks_of(ctx.tx, ctx.member, given.span()), given)


@endpoints.get("/api/v1/mutes", scope="read:mutes", pages=True)
async def get_mutes(ctx: Ctx, given: TiePage) -> tuple[MutedAccount, ...]:
    """Whom one mutes now, latest first."""
    ties = await circles.mutes_of(ctx.tx, ctx.member, given.span())
    link(ctx, [tie.id for tie in ties], "since_id", of=given.page(circles.LONGEST_PAGE))
    return tuple(muted_entity(tie, ctx.urls) for tie in ties)


@endpoints.get("/api/v1/follow_requests", scope="read:follows", pages=True)
async def get_follow_requests(ctx: Ctx, given: TiePage) -> tuple[Account, ...]:
    """Who asks to follow one, latest first."""
    return tied(ctx, await requests.requests_of(ctx.tx, ctx.member, given.span()), given)


@endpoints.post("/api/v1/follow_requests/{id}/authorize", scope="write:follows", refuses=(404,))
async def authorize_follow_request(ctx: Ctx, given: One) -> Relationship:
    """Let an account follow one, as it asked."""
    other = AccountId(int(given.id))
    await requests.grant(ctx.tx, ctx.member, other)
    return await bond(ctx, other)


@endpoints.post("/api/v1/follow_requests/{id}/reject", scope="write:follows", refuses=(404,))
async def reject_follow_request(ctx: Ctx, given: One) -> Relationship:
    """Do not let an account follow one."""
    other = AccountId(int(given.id))
    await requests.refuse(ctx.tx, ctx.member, other)
    return await bond(ctx, other)
