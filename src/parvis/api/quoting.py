"""Quotes: who quotes a status, who may, and leave taken back."""

import msgspec

from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.paging import Paging, link
from parvis.api.sifting import sifted
from parvis.api.status_entity import Status, status_entities, status_entity
from parvis.api.writing import Policy
from parvis.core.ids import PostId
from parvis.posts import quotes, visibility

endpoints = Endpoints("statuses")


class QuotePage(Paging, frozen=True, kw_only=True):
    """Whose quotes, and which page of them."""

    id: Id


class Revoked(msgspec.Struct, frozen=True):
    """Which status should not show one's own any more."""

    id: Id
    quoting_status_id: Id


class QuotePolicy(msgspec.Struct, frozen=True):
    """Who may quote a status from now on."""

    id: Id
    quote_approval_policy: Policy = "nobody"


@endpoints.get("/api/v1/statuses/{id}/quotes", scope="read:statuses", who="anyone", pages=True)
async def get_quotes(ctx: Ctx, given: QuotePage) -> tuple[Status, ...]:
    """The statuses that quote this one, the latest first."""
    found = await quotes.quotes_of(ctx.tx, ctx.viewer, PostId(int(given.id)), given.page())
    link(ctx, [post.id for post in found], of=given.page())
    return status_entities(await sifted(ctx, found), ctx.urls)


@endpoints.post("/api/v1/statuses/{id}/quotes/{quoting_status_id}/revoke", scope="write:statuses", refuses=(403,))
async def revoke_quote(ctx: Ctx, given: Revoked) -> Status:
    """Have a status not show one's own any more; the answer is that status."""
    quoting = await quotes.revoke(ctx.tx, ctx.member, PostId(int(given.id)), PostId(int(given.quoting_status_id)))
    return status_entity(quoting, ctx.urls)


@endpoints.put("/api/v1/statuses/{id}/interaction_policy", scope="write:statuses", refuses=(403,))
async def set_interaction_policy(ctx: Ctx, given: QuotePolicy) -> Status:
    """Say who may quote one's own status; quotes that exist stay."""
    await quotes.set_policy(ctx.tx, ctx.member, PostId(int(given.id)), given.quote_approval_policy)
    return status_entity(await visibility.get_post(ctx.tx, ctx.member, PostId(int(given.id))), ctx.urls)
