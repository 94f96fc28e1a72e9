"""Of whom the caller wants to hear, and whom their policy kept aside."""

from typing import Annotated

import msgspec
from msgspec import Meta

from parvis.api.account_entity import Account, Moment, account_entity
from parvis.api.answer import Empty
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.notifications import LONGEST, One
from parvis.api.paging import Paging, link
from parvis.api.status_entity import Status, status_entity
from parvis.core import clock
from parvis.notifications import policies, requests
from parvis.notifications.policies import Pending, Policy, Verdict

endpoints = Endpoints("notifications")


class Summary(msgspec.Struct, frozen=True):
    """What was kept aside."""

    pending_requests_count: int
    pending_notifications_count: int


class NotificationPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of notifications from some."""

    for_not_following: Verdict
    for_not_followers: Verdict
    for_new_accounts: Verdict
    for_private_mentions: Verdict
    for_limited_accounts: Verdict
    summary: Summary


class NotificationPolicyV1(msgspec.Struct, frozen=True, kw_only=True):
    """The same as older clients know it: whose notifications are kept aside."""

    filter_not_following: bool
    filter_not_followers: bool
    filter_new_accounts: bool
    filter_private_mentions: bool
    summary: Summary


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What to change of it."""

    for_not_following: Verdict | None = None
    for_not_followers: Verdict | None = None
    for_new_accounts: Verdict | None = None
    for_private_mentions: Verdict | None = None
    for_limited_accounts: Verdict | None = None


class WantedV1(msgspec.Struct, frozen=True, kw_only=True):
    """What to change of it, as older clients say it."""

    filter_not_following: bool | None = None
    filter_not_followers: bool | None = None
    filter_new_accounts: bool | None = None
    filter_private_mentions: bool | None = None


class NotificationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who was kept aside."""

    id: str
    created_at: Moment
    updated_at: Moment
    notifications_count: str
    account: Account
    last_status: Status | None


class RequestPage(Paging, frozen=True, kw_only=True):
    """Which page of them."""

    limit: Annotated[int, Meta(ge=1, description="How many; 80 at most.")] = 40


class Several(msgspec.Struct, frozen=True):
    """Several requests."""

    id: Annotated[tuple[Id, ...], Meta(max_length=100)] = ()


class Merged(msgspec.Struct, frozen=True):
    """Whether all that was let in has come to the rest."""

    merged: bool


def _entity(policy: Policy, pending: Pending) -> NotificationPolicy:
    return NotificationPolicy(
        **{f"for_{whom}": found for whom, found in msgspec.structs.asdict(policy).items()},
        summary=Summary(pending.requests, pending.notifications),
    )


def _entity_v1(policy: Policy, pending: Pending) -> NotificationPolicyV1:
    return NotificationPolicyV1(
        filter_not_following=policy.not_following != "accept",
        filter_not_followers=policy.not_followers != "accept",
        filter_new_accounts=policy.new_accounts != "accept",
        filter_private_mentions=policy.private_mentions != "accept",
        summary=Summary(pending.requests, pending.notifications),
    )


def _request(request: requests.Request, ctx: Ctx) -> NotificationRequest:
    return NotificationRequest(
        id=str(request.id),
        created_at=clock.iso(request.created_at),
        updated_at=clock.iso(request.updated_at),
        notifications_count=str(request.many),
        account=account_entity(request.actor, ctx.urls),
        last_status=status_entity(request.last_post, ctx.urls) if request.last_post is not None else None,
    )


@endpoints.get("/api/v2/notifications/policy", scope="read:notifications")
async def get_policy(ctx: Ctx) -> NotificationPolicy:
    """The caller's policy."""
    return _entity(await policies.policy_of(ctx.tx, ctx.member), await policies.pending(ctx.tx, ctx.member))


@endpoints.patch("/api/v2/notifications/policy", scope="write:notifications")
async def change_policy(ctx: Ctx, given: Wanted) -> NotificationPolicy:
    """Change parts of it."""
    wanted = {
        whom.removeprefix("for_"): verdict
        for whom, verdict in msgspec.structs.asdict(given).items()
        if verdict is not None
    }
    policy = await policies.change_policy(ctx.tx, ctx.member, **wanted)
    return _entity(policy, await policies.pending(ctx.tx, ctx.member))


@endpoints.get("/api/v1/notifications/policy", scope="read:notifications")
async def get_policy_v1(ctx: Ctx) -> NotificationPolicyV1:
    """The caller's policy, as older clients know it."""
    return _entity_v1(await policies.policy_of(ctx.tx, ctx.member), await policies.pending(ctx.tx, ctx.member))


async def _change_v1(ctx: Ctx, given: WantedV1) -> NotificationPolicyV1:
    wanted: dict[str, Verdict] = {
        whom.removeprefix("filter_"): "filter" if aside else "accept"
        for whom, aside in msgspec.structs.asdict(given).items()
        if aside is not None
    }
    policy = await policies.change_policy(ctx.tx, ctx.member, **wanted)
    return _entity_v1(policy, await policies.pending(ctx.tx, ctx.member))


@endpoints.put("/api/v1/notifications/policy", scope="write:notifications")
async def put_policy_v1(ctx: Ctx, given: WantedV1) -> NotificationPolicyV1:
    """Change parts of it, as older clients do."""
    return await _change_v1(ctx, given)


@endpoints.patch("/api/v1/notifications/policy", scope="write:notifications")
async def patch_policy_v1(ctx: Ctx, given: WantedV1) -> NotificationPolicyV1:
    """Change parts of it, as older clients do."""
    return await _change_v1(ctx, given)


@endpoints.get("/api/v1/notifications/requests", scope="read:notifications", pages=True)
async def get_requests(ctx: Ctx, given: RequestPage) -> tuple[NotificationRequest, ...]:
    """Who was kept aside, and is neither let in nor sent away yet."""
    found = await requests.requests_of(ctx.tx, ctx.member, given.page(LONGEST))
    link(ctx, [request.id for request in found])
    return tuple(_request(request, ctx) for request in found)


@endpoints.get("/api/v1/notifications/requests/merged", scope="read:notifications")
async def get_merged(ctx: Ctx) -> Merged:
    """Whether all that was let in has come to the rest: here it comes at once."""
    del ctx
    return Merged(merged=True)


@endpoints.get("/api/v1/notifications/requests/{id}", scope="read:notifications")
async def get_request(ctx: Ctx, given: One) -> NotificationRequest:
    """One of them."""
    return _request(await requests.get_request(ctx.tx, ctx.member, int(given.id)), ctx)


@endpoints.post("/api/v1/notifications/requests/accept", scope="write:notifications")
async def accept_requests(ctx: Ctx, given: Several) -> Empty:
    """Let several in."""
    await requests.accept(ctx.tx, ctx.member, [int(one) for one in given.id])
    return Empty()


@endpoints.post("/api/v1/notifications/requests/dismiss", scope="write:notifications")
async def dismiss_requests(ctx: Ctx, given: Several) -> Empty:
    """Send several away."""
    await requests.dismiss(ctx.tx, ctx.member, [int(one) for one in given.id])
    return Empty()


@endpoints.post("/api/v1/notifications/requests/{id}/accept", scope="write:notifications")
async def accept_request(ctx: Ctx, given: One) -> Empty:
    """Let somebody in."""
    request = await requests.get_request(ctx.tx, ctx.member, int(given.id))
    await requests.accept(ctx.tx, ctx.member, [request.id])
    return Empty()


@endpoints.post("/api/v1/notifications/requests/{id}/dismiss", scope="write:notifications")
async def dismiss_request(ctx: Ctx, given: One) -> Empty:
    """Send somebody away."""
    request = await requests.get_request(ctx.tx, ctx.member, int(given.id))
    await requests.dismiss(ctx.tx, ctx.member, [request.id])
    return Empty()
