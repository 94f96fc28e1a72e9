"""Whom one may meet: the directory, suggestions, and familiar faces among an account's followers."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from parvis.api.account_entity import Account, account_entity
from parvis.api.accounts import One, Several, get_other
from parvis.api.answer import Empty
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.paging import Limit80
from parvis.core.ids import AccountId
from parvis.people import directory

endpoints = Endpoints("directory")

SOURCES: dict[directory.Reason, Literal["past_interactions", "staff", "global"]] = {
    "friends_of_friends": "past_interactions",
    "most_followed": "global",
}


class Part(msgspec.Struct, frozen=True):
    """Which part of the directory."""

    order: Literal["active", "new"] = "active"
    local: bool = False
    limit: Limit80 = 40
    offset: Annotated[int, Meta(ge=0)] = 0


class Few(msgspec.Struct, frozen=True):
    """How many."""

    limit: Limit80 = 40


class Suggestion(msgspec.Struct, frozen=True):
    """Somebody to follow, and why."""

    source: Annotated[Literal["past_interactions", "staff", "global"], Meta(description="The older word.")]
    sources: tuple[directory.Reason, ...]
    account: Account


class FamiliarFollowers(msgspec.Struct, frozen=True):
    """Which followers of an account one follows too."""

    id: str
    accounts: tuple[Account, ...]


@endpoints.get("/api/v1/directory", who="anyone")
async def get_directory(ctx: Ctx, given: Part) -> tuple[Account, ...]:
    """Who wants to be found."""
    found = await directory.directory(
        ctx.tx, ctx.viewer, order=given.order, local=given.local, skipped=given.offset, most=min(given.limit, 80)
    )
    return tuple(account_entity(one, ctx.urls) for one in found)


@endpoints.get("/api/v2/suggestions", scope="read")
async def get_suggestions(ctx: Ctx, given: Few) -> tuple[Suggestion, ...]:
    """Whom one may like to follow, and why."""
    found = await directory.suggestions_for(ctx.tx, ctx.member, min(given.limit, 80))
    return tuple(Suggestion(SOURCES[one.reason], (one.reason,), account_entity(one.account, ctx.urls)) for one in found)


@endpoints.get("/api/v1/suggestions", scope="read")
async def get_suggested_accounts(ctx: Ctx, given: Few) -> tuple[Account, ...]:
    """Whom one may like to follow."""
    found = await directory.suggestions_for(ctx.tx, ctx.member, min(given.limit, 80))
    return tuple(account_entity(one.account, ctx.urls) for one in found)


@endpoints.delete("/api/v1/suggestions/{id}", scope="read write:accounts")
async def delete_suggestion(ctx: Ctx, given: One) -> Empty:
    """Do not suggest an account again."""
    await directory.pass_over(ctx.tx, ctx.member, AccountId(int(given.id)))
    return Empty()


@endpoints.get("/api/v1/accounts/familiar_followers", scope="read:follows", bodily=True)
async def get_familiar_followers(ctx: Ctx, given: Several) -> tuple[FamiliarFollowers, ...]:
    """Which followers of these accounts one follows too."""
    ids = list(dict.fromkeys(AccountId(int(one)) for one in given.id))
    found = await directory.familiar_followers(ctx.tx, ctx.member, ids)
    return tuple(
        FamiliarFollowers(str(one), tuple(account_entity(each, ctx.urls) for each in found[one])) for one in ids
    )


@endpoints.get("/api/v1/accounts/{id}/identity_proofs", scope="read:accounts", who="anyone")
async def get_identity_proofs(ctx: Ctx, given: One) -> tuple[Empty, ...]:
    """Proofs of identity, as older clients know them: none, by definition."""
    await get_other(ctx, given.id)
    return ()
