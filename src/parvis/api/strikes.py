"""Strikes against oneself: what a moderator did and why, and one's appeal."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from parvis.api.account_entity import Account, Moment, account_entity
from parvis.api.answer import Empty
from parvis.api.door import Urls
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.core import clock
from parvis.moderation import actions, strikes
from parvis.people import accounts

endpoints = Endpoints("strikes")

Action = Literal["none", "disable", "mark_statuses_as_sensitive", "delete_statuses", "sensitive", "silence", "suspend"]
ACTIONS: dict[str, Action] = {
    "none": "none",
    "disable": "disable",
    "sensitive": "sensitive",
    "limit": "silence",
    "suspend": "suspend",
    "delete": "delete_statuses",
    "mark": "mark_statuses_as_sensitive",
}


class One(msgspec.Struct, frozen=True):
    """One strike."""

    id: Id


class Plea(msgspec.Struct, frozen=True):
    """Why a strike should be looked at again."""

    id: Id
    text: Annotated[str, Meta(min_length=1, max_length=strikes.APPEAL_LENGTH)]


class Appeal(msgspec.Struct, frozen=True):
    """What one said against it, and what became of that."""

    text: str
    state: str


class AccountWarning(msgspec.Struct, frozen=True, kw_only=True):
    """What a moderator did, and why."""

    id: str
    action: Action
    text: str
    status_ids: tuple[str, ...] | None
    created_at: Moment
    target_account: Account
    appeal: Appeal | None


def warning_entity(strike: strikes.Strike, target: accounts.Account, urls: Urls) -> AccountWarning:
    """A strike as its owner is told of it."""
    return AccountWarning(
        id=str(strike.id),
        action=ACTIONS[strike.action],
        text=strike.text,
        status_ids=tuple(str(post) for post in strike.posts) or None,
        created_at=clock.iso(strike.created_at),
        target_account=account_entity(target, urls),
        appeal=Appeal(strike.appeal.text, strike.appeal.state) if strike.appeal else None,
    )


@endpoints.get("/api/parvis/v1/strikes", scope="read:accounts")
async def list_strikes(ctx: Ctx) -> tuple[AccountWarning, ...]:
    """What moderators did to one, the latest first."""
    found = await strikes.strikes_of(ctx.tx, ctx.member)
    return tuple(warning_entity(one, ctx.member, ctx.urls) for one in found)


@endpoints.post("/api/parvis/v1/strikes/{id}/appeal", scope="write:accounts", refuses=(404, 409))
async def appeal(ctx: Ctx, given: Plea) -> Empty:
    """Ask for a strike to be looked at again, once, within twenty days."""
    await strikes.appeal(ctx.tx, ctx.member, int(given.id), given.text)
    return Empty()


@endpoints.post("/api/parvis/v1/admin/strikes/{id}/approve_appeal", scope="admin:write:accounts", refuses=(404,))
async def approve_appeal(ctx: Ctx, given: One) -> Empty:
    """Agree with an appeal: what the strike laid on the account is lifted."""
    await actions.decide_appeal(ctx.tx, ctx.member, int(given.id), approved=True)
    return Empty()


@endpoints.post("/api/parvis/v1/admin/strikes/{id}/reject_appeal", scope="admin:write:accounts", refuses=(404,))
async def reject_appeal(ctx: Ctx, given: One) -> Empty:
    """Disagree with an appeal: the strike stands."""
    await actions.decide_appeal(ctx.tx, ctx.member, int(given.id), approved=False)
    return Empty()
