"""What a client asks of the member's habits: defaults for posting and reading."""

import msgspec

from parvis.api.account_entity import VISIBILITY, Visibility
from parvis.api.endpoint import Ctx, Endpoints
from parvis.people.preferences import preferences_of

endpoints = Endpoints("preferences")


class Preferences(msgspec.Struct, frozen=True):
    """Defaults for posting and reading."""

    language: str | None = msgspec.field(name="posting:default:language")
    visibility: Visibility = msgspec.field(name="posting:default:visibility")
    sensitive: bool = msgspec.field(name="posting:default:sensitive")
    quotes: str = msgspec.field(name="posting:default:quote_policy")
    media: str = msgspec.field(name="reading:expand:media")
    spoilers: bool = msgspec.field(name="reading:expand:spoilers")
    gifs: bool = msgspec.field(name="reading:autoplay:gifs")


@endpoints.get("/api/v1/preferences", scope="read:accounts")
async def get_preferences(ctx: Ctx) -> Preferences:
    """One's defaults for posting and reading."""
    preferred = await preferences_of(ctx.tx, ctx.member.id)
    return Preferences(
        language=preferred.language or ctx.member.language or None,
        visibility=VISIBILITY[preferred.visibility],
        sensitive=preferred.sensitive,
        quotes=preferred.quotes,
        media=preferred.media,
        spoilers=preferred.unfold_warnings,
        gifs=preferred.play_gifs,
    )
