"""What one thinks of others without telling them: endorsements, private notes, and whole domains out of one's sight."""

from typing import Annotated

import msgspec
from msgspec import Meta

from parvis.api.account_entity import Account, Relationship
from parvis.api.accounts import Acquaintances, One, TiePage, get_other, tied
from parvis.api.answer import Empty
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.paging import link
from parvis.api.relations import bond
from parvis.core.ids import AccountId
from parvis.people import regard

endpoints = Endpoints("relations")


class Noted(msgspec.Struct, frozen=True):
    """About whom, and what."""

    id: Id
    comment: Annotated[str, Meta(max_length=10_000)] = ""


class Domain(msgspec.Struct, frozen=True):
    """A domain."""

    domain: Annotated[str, Meta(min_length=1, max_length=300)]


class DomainPage(TiePage, frozen=True, kw_only=True):
    """Which page of the domains that one blocks."""

    limit: Annotated[int, Meta(ge=1, description="How many; 200 at most.")] = 100


async def _endorse(ctx: Ctx, given: One) -> Relationship:
    other = AccountId(int(given.id))
    await regard.endorse(ctx.tx, ctx.member, other)
    return await bond(ctx, other)


async def _unendorse(ctx: Ctx, given: One) -> Relationship:
    other = AccountId(int(given.id))
    await regard.unendorse(ctx.tx, ctx.member, other)
    return await bond(ctx, other)


@endpoints.post("/api/v1/accounts/{id}/endorse", scope="write:accounts", refuses=(404, 422))
async def endorse_account(ctx: Ctx, given: One) -> Relationship:
    """Show an account that one follows on one's profile."""
    return await _endorse(ctx, given)


@endpoints.post("/api/v1/accounts/{id}/unendorse", scope="write:accounts", refuses=(404,))
async def unendorse_account(ctx: Ctx, given: One) -> Relationship:
    """Show an account on one's profile no longer."""
    return await _unendorse(ctx, given)


@endpoints.post("/api/v1/accounts/{id}/pin", scope="write:accounts", refuses=(404, 422))
async def pin_account(ctx: Ctx, given: One) -> Relationship:
    """Endorse an account, by the older name."""
    return await _endorse(ctx, given)


@endpoints.post("/api/v1/accounts/{id}/unpin", scope="write:accounts", refuses=(404,))
async def unpin_account(ctx: Ctx, given: One) -> Relationship:
    """Take an endorsement back, by the older name."""
    return await _unendorse(ctx, given)


@endpoints.get("/api/v1/endorsements", scope="read:accounts", pages=True)
async def get_endorsements(ctx: Ctx, given: TiePage) -> tuple[Account, ...]:
    """Whom one endorses, latest first."""
    return tied(ctx, await regard.endorsed_by(ctx.tx, ctx.member, ctx.member.id, given.span()), given)


@endpoints.get("/api/v1/accounts/{id}/endorsements", scope="read:accounts", who="anyone", pages=True)
async def get_account_endorsements(ctx: Ctx, given: Acquaintances) -> tuple[Account, ...]:
    """Whom an account endorses, latest first."""
    other = await get_other(ctx, given.id)
    return tied(ctx, await regard.endorsed_by(ctx.tx, ctx.viewer, other.id, given.span()), given)


@endpoints.post("/api/v1/accounts/{id}/note", scope="write:accounts", refuses=(404, 422))
async def note_account(ctx: Ctx, given: Noted) -> Relationship:
    """Write a note about an account that only oneself can read; an empty one is forgotten."""
    other = AccountId(int(given.id))
    await regard.note(ctx.tx, ctx.member, other, given.comment)
    return await bond(ctx, other)


@endpoints.get("/api/v1/domain_blocks", scope="read:blocks", pages=True)
async def get_domain_blocks(ctx: Ctx, given: DomainPage) -> tuple[str, ...]:
    """The domains that one blocks, latest first."""
    found = await regard.shunned_by(ctx.tx, ctx.member, given.span())
    link(ctx, [one.id for one in found], "since_id", of=given.page(regard.LONGEST_PAGE))
    return tuple(one.domain for one in found)


@endpoints.post("/api/v1/domain_blocks", scope="write:blocks", refuses=(422,))
async def block_domain(ctx: Ctx, given: Domain) -> Empty:
    """Have nothing of a domain in one's feeds and notifications; follows across it end."""
    await regard.shun(ctx.tx, ctx.member, given.domain, own=ctx.urls.host)
    return Empty()


@endpoints.delete("/api/v1/domain_blocks", scope="write:blocks", refuses=(422,))
async def unblock_domain(ctx: Ctx, given: Domain) -> Empty:
    """Block a domain no longer."""
    await regard.unshun(ctx.tx, ctx.member, given.domain)
    return Empty()
