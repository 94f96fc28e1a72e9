"""Accounts for moderators: found by what only they see, let in, turned away, sanctioned and released."""

from typing import Annotated, Literal, cast

import msgspec
from msgspec import Meta

from parvis.api.admin_entity import AdminAccount, admin_account, admin_accounts
from parvis.api.answer import Empty
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.paging import Paging, link
from parvis.core.ids import AccountId, PostId
from parvis.moderation import actions, members
from parvis.moderation.members import Search, Status

endpoints = Endpoints("admin")

READ, WRITE = "admin:read:accounts", "admin:write:accounts"
LONGEST = 200
ROLES = {"-99": "member", "1": "moderator", "2": "admin", "3": "admin"}
ACTIONS: dict[str, actions.Action] = {
    "none": "none",
    "disable": "disable",
    "sensitive": "sensitive",
    "silence": "limit",
    "suspend": "suspend",
}

Words = Annotated[str, Meta(max_length=320)]
AdminLimit = Annotated[int, Meta(ge=1, le=LONGEST, description="How many at most.")]


class AdminPaging(Paging, frozen=True, kw_only=True):
    """Which page of a list of the desk."""

    limit: AdminLimit = 100


class FiltersV1(AdminPaging, frozen=True, kw_only=True):
    """Which accounts, as older clients ask."""

    local: bool = False
    remote: bool = False
    active: bool = False
    pending: bool = False
    disabled: bool = False
    silenced: bool = False
    suspended: bool = False
    sensitized: bool = False
    staff: bool = False
    by_domain: Words = ""
    username: Words = ""
    display_name: Words = ""
    email: Words = ""
    ip: Words = ""


class FiltersV2(AdminPaging, frozen=True, kw_only=True):
    """Which accounts."""

    origin: Literal["local", "remote"] | None = None
    status: Literal["active", "pending", "disabled", "silenced", "suspended", "sensitized"] | None = None
    permissions: Literal["staff"] | None = None
    role_ids: Annotated[tuple[Words, ...], Meta(max_length=20)] = ()
    invited_by: Id | None = None
    by_domain: Words = ""
    username: Words = ""
    display_name: Words = ""
    email: Words = ""
    ip: Words = ""


class One(msgspec.Struct, frozen=True):
    """One account."""

    id: Id


class Sanction(msgspec.Struct, frozen=True):
    """What to do to an account, and what to tell its owner."""

    id: Id
    type: Literal["none", "sensitive", "disable", "silence", "suspend"] = "none"
    report_id: Id | None = None
    warning_preset_id: Id | None = None
    text: Annotated[str, Meta(max_length=2000)] = ""
    send_email_notification: bool = False


class TakeDown(msgspec.Struct, frozen=True):
    """A status to delete, and what to tell its author."""

    id: Id
    text: Annotated[str, Meta(max_length=2000)] = ""
    report_id: Id | None = None


async def _answer(ctx: Ctx, account_id: str) -> AdminAccount:
    member = await members.get_member(ctx.tx, ctx.member, AccountId(int(account_id)))
    return admin_account(member, ctx.urls)


async def _found(ctx: Ctx, given: AdminPaging, search: Search) -> tuple[AdminAccount, ...]:
    page = await members.found(ctx.tx, ctx.member, search, given.page(LONGEST))
    link(ctx, [one.account.id for one in page], of=given.page(LONGEST))
    return admin_accounts(page, ctx.urls)


@endpoints.get("/api/v1/admin/accounts", scope=READ, pages=True)
async def list_accounts_v1(ctx: Ctx, given: FiltersV1) -> tuple[AdminAccount, ...]:
    """Accounts that the filters mean, the newest first."""
    statuses = ("pending", "disabled", "silenced", "suspended", "sensitized", "active")
    status = next((one for one in statuses if getattr(given, one)), "")
    search = Search(
        origin="local" if given.local and not given.remote else "remote" if given.remote and not given.local else "",
        status=cast(Status, status),
        staff=given.staff,
        handle=given.username,
        name=given.display_name,
        domain=given.by_domain,
        email=given.email,
        address=given.ip,
    )
    return await _found(ctx, given, search)


@endpoints.get("/api/v2/admin/accounts", scope=READ, pages=True)
async def list_accounts(ctx: Ctx, given: FiltersV2) -> tuple[AdminAccount, ...]:
    """Accounts that the filters mean, the newest first."""
    if given.invited_by is not None:  # nobody is invited here
        await members.found(ctx.tx, ctx.member, Search(), given.page(LONGEST))
        return ()
    search = Search(
        origin=given.origin or "",
        status=given.status or "",
        staff=given.permissions == "staff",
        roles=tuple(ROLES.get(role, role) for role in given.role_ids),
        handle=given.username,
        name=given.display_name,
        domain=given.by_domain,
        email=given.email,
        address=given.ip,
    )
    return await _found(ctx, given, search)


@endpoints.get("/api/v1/admin/accounts/{id}", scope=READ, refuses=(404,))
async def get_admin_account(ctx: Ctx, given: One) -> AdminAccount:
    """One account as moderators see it."""
    return await _answer(ctx, given.id)


@endpoints.delete("/api/v1/admin/accounts/{id}", scope=WRITE, refuses=(404,))
async def erase_account(ctx: Ctx, given: One) -> AdminAccount:
    """Erase a suspended account for good, with all that it posted."""
    erased = await members.erase(ctx.tx, ctx.member, AccountId(int(given.id)))
    return admin_account(erased, ctx.urls)


@endpoints.post("/api/v1/admin/accounts/{id}/approve", scope=WRITE, refuses=(404,))
async def approve_account(ctx: Ctx, given: One) -> AdminAccount:
    """Let in an account that waits."""
    await members.approve(ctx.tx, ctx.member, AccountId(int(given.id)))
    return await _answer(ctx, given.id)


@endpoints.post("/api/v1/admin/accounts/{id}/reject", scope=WRITE, refuses=(404,))
async def reject_account(ctx: Ctx, given: One) -> AdminAccount:
    """Turn away an account that waits."""
    rejected = await members.reject(ctx.tx, ctx.member, AccountId(int(given.id)))
    return admin_account(rejected, ctx.urls)


@endpoints.post("/api/v1/admin/accounts/{id}/action", scope=WRITE, refuses=(404,))
async def act_on_account(ctx: Ctx, given: Sanction) -> Empty:
    """Warn an account, disable, limit or suspend it, or mark its pictures as sensitive."""
    await actions.act(
        ctx.tx,
        ctx.member,
        AccountId(int(given.id)),
        ACTIONS[given.type],
        text=given.text,
        report_id=int(given.report_id) if given.report_id else None,
    )
    return Empty()


async def _release(ctx: Ctx, given: One, action: actions.Action) -> AdminAccount:
    await actions.release(ctx.tx, ctx.member, AccountId(int(given.id)), action)
    return await _answer(ctx, given.id)


@endpoints.post("/api/v1/admin/accounts/{id}/enable", scope=WRITE, refuses=(404,))
async def enable_account(ctx: Ctx, given: One) -> AdminAccount:
    """Let the owner sign in again."""
    return await _release(ctx, given, "disable")


@endpoints.post("/api/v1/admin/accounts/{id}/unsilence", scope=WRITE, refuses=(404,))
async def unsilence_account(ctx: Ctx, given: One) -> AdminAccount:
    """Limit an account no longer."""
    return await _release(ctx, given, "limit")


@endpoints.post("/api/v1/admin/accounts/{id}/unsuspend", scope=WRITE, refuses=(404,))
async def unsuspend_account(ctx: Ctx, given: One) -> AdminAccount:
    """Suspend an account no longer."""
    return await _release(ctx, given, "suspend")


@endpoints.post("/api/v1/admin/accounts/{id}/unsensitive", scope=WRITE, refuses=(404,))
async def unmark_account(ctx: Ctx, given: One) -> AdminAccount:
    """Mark an account's pictures as sensitive no longer."""
    return await _release(ctx, given, "sensitive")


@endpoints.post("/api/parvis/v1/admin/statuses/{id}/take_down", scope="admin:write:reports", refuses=(404,))
async def take_down_status(ctx: Ctx, given: TakeDown) -> Empty:
    """Delete a member's status, and tell them why."""
    report = int(given.report_id) if given.report_id else None
    await actions.take_down(ctx.tx, ctx.member, PostId(int(given.id)), text=given.text, report_id=report)
    return Empty()
