"""Accounts: who they are, what they wrote, and whom they know."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from parvis.api import account_entity as entity
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Handle, Id
from parvis.api.paging import Limit80, Paging, link
from parvis.api.status_entity import Status
from parvis.api.written import statuses_of
from parvis.core import errors
from parvis.core.ids import AccountId
from parvis.people import accounts, circles, relations
from parvis.people.accounts import Account
from parvis.people.circles import Span, Tie
from parvis.people.lookup import look_up
from parvis.timelines import profiles as walls

endpoints = Endpoints("accounts")


class One(msgspec.Struct, frozen=True):
    """One account."""

    id: Id


class Several(msgspec.Struct, frozen=True):
    """Several accounts."""

    id: Annotated[tuple[Id, ...], Meta(max_length=80)] = ()


class Known(Several, frozen=True):
    """Several accounts, and whether the suspended among them count."""

    with_suspended: bool = False


class Named(msgspec.Struct, frozen=True):
    """An account by its name."""

    acct: Handle


class Wanted(msgspec.Struct, frozen=True):
    """The beginning of a handle or name."""

    q: Annotated[str, Meta(max_length=320)] = ""
    limit: Limit80 = 40
    offset: Annotated[int, Meta(ge=0, le=1000)] = 0
    resolve: bool = False
    following: bool = False


class Wall(Paging, frozen=True, kw_only=True):
    """Which of an account's statuses."""

    id: Id
    only_media: bool = False
    exclude_replies: bool = False
    exclude_reblogs: bool = False
    pinned: bool = False
    tagged: Annotated[str, Meta(max_length=100)] | None = None


class TiePage(Paging, frozen=True, kw_only=True):
    """Which page of a list of accounts; its ids are those of the ties, as the Link header gives them."""

    limit: Limit80 = 40

    def span(self) -> Span:
        """The part of the list that is asked for."""
        after = self.min_id or self.since_id
        return Span(
            before=int(self.max_id) if self.max_id else None, after=int(after) if after else None, limit=self.limit
        )


class Acquaintances(TiePage, frozen=True, kw_only=True):
    """Whose acquaintances, and which page of them."""

    id: Id


async def get_other(ctx: Ctx, given: str) -> Account:
    """The account of this id.

    Raises:
        NotFound: there is none, or it is not let in yet.
    """
    found = await accounts.get_account(ctx.tx, AccountId(int(given)))
    return shown(ctx, found)


def shown(ctx: Ctx, found: Account | None) -> Account:
    """The account, if the caller may know that it exists.

    Raises:
        NotFound: they may not.
    """
    if found is None or (found.awaited and (ctx.viewer is None or ctx.viewer.id != found.id)):
        raise errors.NotFound("Record not found")
    return found


@endpoints.get("/api/v1/accounts/lookup", scope="read:accounts", who="anyone", refuses=(404,))
async def lookup_account(ctx: Ctx, given: Named) -> entity.Account:
    """The account of this name."""
    handle, _, domain = given.acct.removeprefix("@").partition("@")
    domain = "" if domain == ctx.urls.host else domain
    return entity.account_entity(shown(ctx, await accounts.find_by_handle(ctx.tx, handle, domain)), ctx.urls)


@endpoints.get("/api/v1/accounts/search", scope="read:accounts", who="anyone")
async def search_accounts(ctx: Ctx, given: Wanted) -> tuple[entity.Account, ...]:
    """Accounts whose handle or name begins so."""
    return await found_accounts(ctx, given.q, given.limit, following=given.following, offset=given.offset)


async def found_accounts(
    ctx: Ctx, text: str, limit: int, *, following: bool = False, offset: int = 0
) -> tuple[entity.Account, ...]:
    """Accounts by handle or name, first those that the caller follows."""
    words = text.strip().removeprefix("@").removesuffix(f"@{ctx.urls.host}")
    if following and ctx.viewer is None:
        return ()
    found = await look_up(ctx.tx, ctx.viewer, words, following=following, limit=limit, offset=offset)
    return tuple(entity.account_entity(account, ctx.urls) for account in found)


@endpoints.get("/api/v1/accounts/relationships", scope="read:follows", bodily=True)
async def get_relationships(ctx: Ctx, given: Known) -> tuple[entity.Relationship, ...]:
    """What binds the caller to each of these accounts."""
    ids = [AccountId(int(one)) for one in given.id]
    bonds = await relations.relationships(ctx.tx, ctx.member, ids, suspended_too=given.with_suspended)
    return tuple(entity.relationship_entity(bonds[one]) for one in ids if one in bonds)


@endpoints.get("/api/v1/accounts", scope="read:accounts", who="anyone", bodily=True)
async def get_accounts(ctx: Ctx, given: Several) -> tuple[entity.Account, ...]:
    """Several accounts at once; those that do not exist are left out."""
    ids = [AccountId(int(one)) for one in given.id]
    found = await accounts.accounts_by_ids(ctx.tx, ids)
    met = {one: account for one, account in found.items() if not account.awaited}
    return tuple(entity.account_entity(met[one], ctx.urls) for one in ids if one in met)


@endpoints.get("/api/v1/accounts/{id}", scope="read:accounts", who="anyone")
async def get_account(ctx: Ctx, given: One) -> entity.Account:
    """One account."""
    other = await get_other(ctx, given.id)
    moved_to = await accounts.find_account(ctx.tx, gone) if (gone := other.more.moved_to) else None
    return entity.account_entity(other, ctx.urls, moved_to=moved_to)


@endpoints.get("/api/v1/accounts/{id}/statuses", scope="read:statuses", who="anyone", pages=True)
async def get_account_statuses(ctx: Ctx, given: Wall) -> tuple[Status, ...]:
    """What an account posted and passed on, as far as the caller may see it."""
    other, page = await get_other(ctx, given.id), given.page()
    wall = walls.wall(
        ctx.tx,
        ctx.viewer,
        other,
        replies=not given.exclude_replies,
        media=given.only_media,
        reposts=not given.exclude_reblogs,
        pinned=given.pinned,
        tag=given.tagged.removeprefix("#") if given.tagged else None,
    )
    return await statuses_of(ctx, page, wall, ends=True)


@endpoints.get("/api/v1/accounts/{id}/followers", scope="read:accounts", who="anyone", pages=True)
async def get_followers(ctx: Ctx, given: Acquaintances) -> tuple[entity.Account, ...]:
    """Who follows an account, newest first."""
    other = await get_other(ctx, given.id)
    return tied(ctx, await circles.followers_of(ctx.tx, ctx.viewer, other, given.span()), given)


@endpoints.get("/api/v1/accounts/{id}/following", scope="read:accounts", who="anyone", pages=True)
async def get_following(ctx: Ctx, given: Acquaintances) -> tuple[entity.Account, ...]:
    """Whom an account follows, newest first."""
    other = await get_other(ctx, given.id)
    return tied(ctx, await circles.following_of(ctx.tx, ctx.viewer, other, given.span()), given)


def tied(ctx: Ctx, ties: Sequence[Tie], given: TiePage) -> tuple[entity.Account, ...]:
    """A page of accounts, and the way to its neighbours."""
    link(ctx, [tie.id for tie in ties], "since_id", of=given.page(circles.LONGEST_PAGE))
    return tuple(entity.account_entity(tie.account, ctx.urls) for tie in ties)
