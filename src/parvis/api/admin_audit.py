"""The audit log, for moderators: who did what to whom."""

import msgspec

from parvis.api.account_entity import Moment
from parvis.api.admin_accounts import LONGEST, AdminPaging
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.paging import link
from parvis.core import clock
from parvis.moderation import audit

endpoints = Endpoints("admin")


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An act; nobody's account is the command line."""

    id: str
    created_at: Moment
    account_id: str | None
    verb: str
    subject: str
    detail: str


@endpoints.get("/api/parvis/v1/admin/audit_log", scope="admin:read", pages=True)
async def list_audit_log(ctx: Ctx, given: AdminPaging) -> tuple[AuditEntry, ...]:
    """What moderators, administrators and the command line did, the latest first."""
    found = await audit.entries(ctx.tx, ctx.member, given.page(LONGEST))
    link(ctx, [one.id for one in found], of=given.page(LONGEST))
    return tuple(
        AuditEntry(
            id=str(one.id),
            created_at=clock.iso(one.created_at),
            account_id=str(one.actor_id) if one.actor_id else None,
            verb=one.verb,
            subject=one.subject,
            detail=one.detail,
        )
        for one in found
    )
