"""Lists: make them, change them, and say whom they hold."""

from typing import Annotated

import msgspec
from msgspec import Meta

from parvis.api.account_entity import Account, account_entity
from parvis.api.answer import Empty
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.list_entity import List, RepliesPolicy, list_entity
from parvis.api.paging import Paging, link
from parvis.core.ids import AccountId
from parvis.timelines import lists

endpoints = Endpoints("lists")

Title = Annotated[str, Meta(max_length=1000, description="256 characters at most.")]


class One(msgspec.Struct, frozen=True):
    """One list, or one account."""

    id: Id


class NewList(msgspec.Struct, frozen=True):
    """A list to be made."""

    title: Title = ""
    replies_policy: RepliesPolicy = "list"
    exclusive: bool = False


class ListChange(msgspec.Struct, frozen=True):
    """What of a list should change."""

    id: Id
    title: Title | None = None
    replies_policy: RepliesPolicy | None = None
    exclusive: bool | None = None


class MembersPage(Paging, frozen=True, kw_only=True):
    """Which of a list's members; all of them with a limit of 0."""

    id: Id
    limit: Annotated[int, Meta(ge=0, description="How many, 80 at most; 0: all.")] = 40


class Members(msgspec.Struct, frozen=True):
    """Which accounts."""

    id: Id
    account_ids: Annotated[tuple[Id, ...], Meta(max_length=500)] = ()


def _ids(given: Members) -> list[AccountId]:
    return [AccountId(int(one)) for one in given.account_ids]


@endpoints.get("/api/v1/lists", scope="read:lists")
async def get_lists(ctx: Ctx) -> tuple[List, ...]:
    """One's lists."""
    return tuple(list_entity(one) for one in await lists.lists_of(ctx.tx, ctx.member))


@endpoints.post("/api/v1/lists", scope="write:lists")
async def create_list(ctx: Ctx, given: NewList) -> List:
    """Make a list."""
    made = await lists.make_list(
        ctx.tx, ctx.member, given.title, replies=given.replies_policy, exclusive=given.exclusive
    )
    return list_entity(made)


@endpoints.get("/api/v1/lists/{id}", scope="read:lists")
async def get_list(ctx: Ctx, given: One) -> List:
    """One list."""
    return list_entity(await lists.get_list(ctx.tx, ctx.member, int(given.id)))


@endpoints.put("/api/v1/lists/{id}", scope="write:lists")
async def update_list(ctx: Ctx, given: ListChange) -> List:
    """Change a list."""
    changed = await lists.edit_list(
        ctx.tx,
        ctx.member,
        int(given.id),
        title=given.title,
        replies=given.replies_policy,
        exclusive=given.exclusive,
    )
    return list_entity(changed)


@endpoints.delete("/api/v1/lists/{id}", scope="write:lists")
async def delete_list(ctx: Ctx, given: One) -> Empty:
    """Delete a list."""
    await lists.delete_list(ctx.tx, ctx.member, int(given.id))
    return Empty()


@endpoints.get("/api/v1/lists/{id}/accounts", scope="read:lists", pages=True)
async def get_list_accounts(ctx: Ctx, given: MembersPage) -> tuple[Account, ...]:
    """Whom a list holds."""
    page = given.page(80) if given.limit else None
    found = await lists.members_of(ctx.tx, ctx.member, int(given.id), page)
    if page is not None:
        link(ctx, [account.id for account in found], "since_id", of=page)
    return tuple(account_entity(account, ctx.urls) for account in found)


@endpoints.post("/api/v1/lists/{id}/accounts", scope="write:lists")
async def add_list_accounts(ctx: Ctx, given: Members) -> Empty:
    """Put accounts that one follows on a list."""
    await lists.add_members(ctx.tx, ctx.member, int(given.id), _ids(given))
    return Empty()


@endpoints.delete("/api/v1/lists/{id}/accounts", scope="write:lists")
async def remove_list_accounts(ctx: Ctx, given: Members) -> Empty:
    """Take accounts off a list."""
    await lists.drop_members(ctx.tx, ctx.member, int(given.id), _ids(given))
    return Empty()


@endpoints.get("/api/v1/accounts/{id}/lists", scope="read:lists")
async def get_account_lists(ctx: Ctx, given: One) -> tuple[List, ...]:
    """Which of one's lists hold an account."""
    found = await lists.lists_with(ctx.tx, ctx.member, AccountId(int(given.id)))
    return tuple(list_entity(one) for one in found)
