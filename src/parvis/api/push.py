"""Web push: one subscription for each token."""

from typing import Annotated

import msgspec
from msgspec import Meta

from parvis.api.answer import Empty
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Url
from parvis.api.notification_entity import KINDS
from parvis.api.push_entity import WebPushSubscription, subscription_entity
from parvis.core.errors import Invalid, Unauthenticated
from parvis.notifications import push_keys, pushes

endpoints = Endpoints("push")

Key = Annotated[str, Meta(min_length=1, max_length=400, description="Base64.")]
Type = Annotated[str, Meta(max_length=60)]


class Keys(msgspec.Struct, frozen=True):
    """The browser's own."""

    p256dh: Key
    auth: Key


class Where(msgspec.Struct, frozen=True):
    """Where to push."""

    endpoint: Url
    keys: Keys
    standard: bool = False


class What(msgspec.Struct, frozen=True):
    """Of what to push, and of whom."""

    alerts: Annotated[dict[Type, bool], Meta(max_length=60)] = msgspec.field(default_factory=dict)
    policy: pushes.From = "all"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that are pushed."""
        return tuple(KINDS[name] for name, wanted in self.alerts.items() if wanted and name in KINDS)


class Subscribing(msgspec.Struct, frozen=True):
    """A subscription that is asked for."""

    subscription: Where
    data: What = What()


class Changing(msgspec.Struct, frozen=True):
    """What is pushed from now on."""

    data: What = What()


@endpoints.post("/api/v1/push/subscription", scope="push")
async def subscribe(ctx: Ctx, given: Subscribing) -> WebPushSubscription:
    """Push to this app, in place of what the token asked for before."""
    where = given.subscription
    if not where.endpoint.startswith(("https://", "http://")):
        raise Invalid("Validation failed: Endpoint is not a valid URL", field="subscription.endpoint")
    seal = push_keys.push_seal(ctx.door.settings)
    server_key = await push_keys.ensure_keys(ctx.tx, seal)
    wish = pushes.Wish(
        endpoint=where.endpoint,
        public_key=where.keys.p256dh,
        secret=where.keys.auth,
        standard=where.standard,
        alerts=given.data.kinds,
        policy=given.data.policy,
    )
    return subscription_entity(await pushes.subscribe(ctx.tx, ctx.member, _token(ctx), wish, seal), server_key)


@endpoints.get("/api/v1/push/subscription", scope="push", refuses=(404,))
async def get_subscription(ctx: Ctx) -> WebPushSubscription:
    """The token's subscription."""
    found = await pushes.subscription_of(ctx.tx, _token(ctx))
    return subscription_entity(found, await push_keys.public_key(ctx.tx))


@endpoints.put("/api/v1/push/subscription", scope="push", refuses=(404,))
async def change_subscription(ctx: Ctx, given: Changing) -> WebPushSubscription:
    """Have the token's subscription hear of other things; what is not named is pushed no more."""
    changed = await pushes.change(ctx.tx, _token(ctx), given.data.kinds, given.data.policy)
    return subscription_entity(changed, await push_keys.public_key(ctx.tx))


@endpoints.delete("/api/v1/push/subscription", scope="push")
async def unsubscribe(ctx: Ctx) -> Empty:
    """Push no more to this app."""
    await pushes.unsubscribe(ctx.tx, _token(ctx))
    return Empty()


def _token(ctx: Ctx) -> str:
    if ctx.token is None:
        raise Unauthenticated("The access token is invalid")
    return ctx.token
