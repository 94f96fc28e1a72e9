"""What a client asks of the member's habits: defaults for posting and reading."""

import msgspec

from parvis.api.account_entity import Visibility
from parvis.api.endpoint import Ctx, Endpoints

endpoints = Endpoints("preferences")


class Preferences(msgspec.Struct, frozen=True):
    """Defaults for posting and reading."""

    language: str | None = msgspec.field(name="posting:default:language")
    visibility: Visibility = msgspec.field(default="public", name="posting:default:visibility")
    sensitive: bool = msgspec.field(default=False, name="posting:default:sensitive")
    quotes: str = msgspec.field(default="nobody", name="posting:default:quote_policy")
    media: str = msgspec.field(default="default", name="reading:expand:media")
    spoilers: bool = msgspec.field(default=False, name="reading:expand:spoilers")
    gifs: bool = msgspec.field(default=True, name="reading:autoplay:gifs")


@endpoints.get("/api/v1/preferences", scope="read:accounts")
async def get_preferences(ctx: Ctx) -> Preferences:
    """One's defaults for posting and reading."""
    return Preferences(language=ctx.member.language or None)
