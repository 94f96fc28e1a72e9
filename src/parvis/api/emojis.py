"""Custom emoji: which there are."""

from parvis.api.account_entity import Emoji, emoji_entity
from parvis.api.endpoint import Ctx, Endpoints
from parvis.posts import emojis

endpoints = Endpoints("emojis")


@endpoints.get("/api/v1/custom_emojis")
async def get_custom_emojis(ctx: Ctx) -> tuple[Emoji, ...]:
    """Every custom emoji, by category and name."""
    return tuple(emoji_entity(emoji, ctx.urls, listed=listed) for emoji, listed in await emojis.all_emojis(ctx.tx))
