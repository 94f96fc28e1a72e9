"""Reports for moderators: read, sorted, taken on, closed and opened again."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from parvis.api.admin_accounts import LONGEST, AdminPaging
from parvis.api.admin_entity import AdminReport, admin_report
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.paging import link
from parvis.core.ids import AccountId
from parvis.moderation import desk, reports
from parvis.moderation.reports import Report

endpoints = Endpoints("admin")

READ, WRITE = "admin:read:reports", "admin:write:reports"


class Filters(AdminPaging, frozen=True, kw_only=True):
    """Which reports."""

    resolved: bool = False
    account_id: Id | None = None
    target_account_id: Id | None = None


class One(msgspec.Struct, frozen=True):
    """One report."""

    id: Id


class Change(msgspec.Struct, frozen=True):
    """What a report is about, said more exactly."""

    id: Id
    category: Literal["spam", "legal", "violation", "other"] | None = None
    rule_ids: Annotated[tuple[Id, ...], Meta(max_length=50)] | UnsetType = UNSET


async def _answer(ctx: Ctx, report: Report) -> AdminReport:
    (case,) = await desk.cases(ctx.tx, [report])
    return admin_report(case, ctx.urls)


@endpoints.get("/api/v1/admin/reports", scope=READ, pages=True)
async def list_reports(ctx: Ctx, given: Filters) -> tuple[AdminReport, ...]:
    """Reports that are open, or resolved, the newest first."""
    found = await reports.listed(
        ctx.tx,
        ctx.member,
        given.page(LONGEST),
        resolved=given.resolved,
        account=AccountId(int(given.account_id)) if given.account_id else None,
        target=AccountId(int(given.target_account_id)) if given.target_account_id else None,
    )
    link(ctx, [report.id for report in found], of=given.page(LONGEST))
    return tuple(admin_report(case, ctx.urls) for case in await desk.cases(ctx.tx, found))


@endpoints.get("/api/v1/admin/reports/{id}", scope=READ, refuses=(404,))
async def get_report(ctx: Ctx, given: One) -> AdminReport:
    """One report."""
    return admin_report(await desk.get_case(ctx.tx, ctx.member, int(given.id)), ctx.urls)


@endpoints.put("/api/v1/admin/reports/{id}", scope=WRITE, refuses=(404,))
async def update_report(ctx: Ctx, given: Change) -> AdminReport:
    """Say more exactly what a report is about."""
    rules = None if given.rule_ids is UNSET else tuple(int(rule) for rule in given.rule_ids)
    return await _answer(
        ctx, await reports.update_report(ctx.tx, ctx.member, int(given.id), category=given.category, rules=rules)
    )


@endpoints.post("/api/v1/admin/reports/{id}/assign_to_self", scope=WRITE, refuses=(404,))
async def assign_report(ctx: Ctx, given: One) -> AdminReport:
    """Take a report on."""
    return await _answer(ctx, await reports.assign(ctx.tx, ctx.member, int(given.id)))


@endpoints.post("/api/v1/admin/reports/{id}/unassign", scope=WRITE, refuses=(404,))
async def unassign_report(ctx: Ctx, given: One) -> AdminReport:
    """Leave a report to another."""
    return await _answer(ctx, await reports.unassign(ctx.tx, ctx.member, int(given.id)))


@endpoints.post("/api/v1/admin/reports/{id}/resolve", scope=WRITE, refuses=(404,))
async def resolve_report(ctx: Ctx, given: One) -> AdminReport:
    """Close a report."""
    return await _answer(ctx, await reports.resolve(ctx.tx, ctx.member, int(given.id)))


@endpoints.post("/api/v1/admin/reports/{id}/reopen", scope=WRITE, refuses=(404,))
async def reopen_report(ctx: Ctx, given: One) -> AdminReport:
    """Open a closed report again."""
    return await _answer(ctx, await reports.reopen(ctx.tx, ctx.member, int(given.id)))
