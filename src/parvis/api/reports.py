"""Reports: what a member tells the moderators."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from parvis.api.account_entity import Account, Moment, account_entity
from parvis.api.door import Urls
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.core import clock
from parvis.core.ids import AccountId, PostId
from parvis.moderation import reports
from parvis.people import accounts
from parvis.people.accounts import get_account

endpoints = Endpoints("reports")


class NewReport(msgspec.Struct, frozen=True):
    """Who is reported, and why."""

    account_id: Id
    status_ids: Annotated[tuple[Id, ...], Meta(max_length=100)] = ()
    comment: Annotated[str, Meta(max_length=reports.COMMENT_LENGTH)] = ""
    forward: bool = False
    category: Literal["spam", "legal", "violation", "other"] = "other"
    rule_ids: Annotated[tuple[Id, ...], Meta(max_length=50)] = ()
    collection_ids: Annotated[tuple[Id, ...], Meta(max_length=50, description="Not kept.")] = ()


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A report as it was filed."""

    id: str
    action_taken: bool
    action_taken_at: Moment | None
    category: Literal["spam", "legal", "violation", "other"]
    comment: str
    forwarded: bool
    created_at: Moment
    status_ids: tuple[str, ...]
    rule_ids: tuple[str, ...] | None
    collection_ids: tuple[str, ...] = ()
    target_account: Account


@endpoints.post("/api/v1/reports", scope="write:reports", refuses=(404,), pace="20/hour")
async def file_report(ctx: Ctx, given: NewReport) -> Report:
    """Report an account, and statuses of theirs, to the moderators."""
    filed = await reports.file(
        ctx.tx,
        ctx.member,
        reports.Filing(
            target=AccountId(int(given.account_id)),
            posts=tuple(PostId(int(post)) for post in given.status_ids),
            comment=given.comment,
            category=given.category,
            rules=tuple(int(rule) for rule in given.rule_ids),
            forward=given.forward,
        ),
    )
    return report_entity(filed, await get_account(ctx.tx, filed.target_id), ctx.urls)


def report_entity(filed: reports.Report, target: accounts.Account, urls: Urls) -> Report:
    """The report, with whom it is about."""
    return Report(
        id=str(filed.id),
        action_taken=filed.resolved_at is not None,
        action_taken_at=clock.iso(filed.resolved_at) if filed.resolved_at else None,
        category=filed.category,
        comment=filed.comment,
        forwarded=filed.forward,
        created_at=clock.iso(filed.created_at),
        status_ids=tuple(str(post) for post in filed.posts),
        rule_ids=tuple(str(rule) for rule in filed.rules) or None,
        target_account=account_entity(target, urls),
    )
