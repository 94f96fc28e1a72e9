"""The studio, for apps: have a picture drawn, watch, cancel, try again, keep; and the day's allowance."""

from typing import Annotated

import msgspec
from msgspec import Meta

from parvis.api.account_entity import Moment
from parvis.api.door import Urls
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.media_entity import MediaAttachment, media_entity
from parvis.core import clock
from parvis.people import allowances
from parvis.studio import drawings

endpoints = Endpoints("studio")


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """One try at a picture."""

    id: str
    prompt: str
    seed: int
    width: int
    height: int
    state: Annotated[drawings.State, Meta(description="queued, drawing, drawn, kept, cancelled or failed.")]
    share: Annotated[float, Meta(description="How much is done, 0 to 1.")]
    preview_url: str | None
    url: str | None
    description: str
    undrawn: Annotated[tuple[str, ...], Meta(description="Words of the prompt that the picture does not show.")]
    credits: tuple[str, ...]
    maker: str
    problem: Annotated[str, Meta(description="Why it failed; empty otherwise.")]
    media_id: Annotated[str | None, Meta(description="The picture to attach, once kept.")]
    created_at: Moment


class NewDrawing(msgspec.Struct, frozen=True):
    """What to draw."""

    prompt: Annotated[str, Meta(min_length=1, max_length=1000)]
    size: drawings.Size = "landscape"
    seed: Annotated[int, Meta(ge=0, lt=2**31)] | None = None


class One(msgspec.Struct, frozen=True):
    """One drawing."""

    id: Id


class Allowance(msgspec.Struct, frozen=True):
    """Units of AI work for today (UTC): how many there are, spent, held for work under way, and left."""

    daily: int
    spent: int
    held: int
    remaining: int


def drawing_entity(drawing: drawings.Drawing, urls: Urls) -> Drawing:
    """The drawing with its addresses."""
    return Drawing(
        id=str(drawing.id),
        prompt=drawing.prompt,
        seed=drawing.seed,
        width=drawing.width,
        height=drawing.height,
        state=drawing.state,
        share=drawing.share,
        preview_url=urls.media + drawing.preview if drawing.preview else None,
        url=urls.media + drawing.result if drawing.result else None,
        description=drawing.description,
        undrawn=tuple(drawing.undrawn),
        credits=tuple(drawing.credits),
        maker=drawing.maker,
        problem=drawing.problem,
        media_id=str(drawing.media_id) if drawing.media_id else None,
        created_at=clock.iso(drawing.created_at),
    )


@endpoints.post("/api/parvis/v1/drawings", scope="write:media", refuses=(402, 403, 409))
async def start_drawing(ctx: Ctx, given: NewDrawing) -> Drawing:
    """Queue a drawing; its charge is held until it is drawn or given up."""
    drawing = await drawings.start(
        ctx.tx,
        ctx.member,
        given.prompt,
        seed=given.seed,
        size=given.size,
        daily=ctx.door.settings.ai_daily_units,
    )
    return drawing_entity(drawing, ctx.urls)


@endpoints.get("/api/parvis/v1/drawings", scope="write:media")
async def get_drawings(ctx: Ctx) -> tuple[Drawing, ...]:
    """One's latest drawings, newest first."""
    return tuple(drawing_entity(drawing, ctx.urls) for drawing in await drawings.drawings_of(ctx.tx, ctx.member))


@endpoints.get("/api/parvis/v1/drawings/{id}", scope="write:media")
async def get_drawing(ctx: Ctx, given: One) -> Drawing:
    """One's own drawing."""
    return drawing_entity(await drawings.get_drawing(ctx.tx, ctx.member, int(given.id)), ctx.urls)


@endpoints.post("/api/parvis/v1/drawings/{id}/cancel", scope="write:media")
async def cancel_drawing(ctx: Ctx, given: One) -> Drawing:
    """Give a drawing up; what is not finished is not charged."""
    return drawing_entity(await drawings.cancel(ctx.tx, ctx.member, int(given.id)), ctx.urls)


@endpoints.post("/api/parvis/v1/drawings/{id}/retry", scope="write:media", refuses=(402, 403, 409))
async def retry_drawing(ctx: Ctx, given: One) -> Drawing:
    """Draw the same words once more, with another seed: a new drawing."""
    return drawing_entity(
        await drawings.retry(ctx.tx, ctx.member, int(given.id), daily=ctx.door.settings.ai_daily_units), ctx.urls
    )


@endpoints.post("/api/parvis/v1/drawings/{id}/keep", scope="write:media", refuses=(409,))
async def keep_drawing(ctx: Ctx, given: One) -> MediaAttachment:
    """Keep a finished drawing as a picture to attach."""
    return media_entity(await drawings.keep(ctx.tx, ctx.member, int(given.id)), ctx.urls)


@endpoints.get("/api/parvis/v1/allowance", scope="read:accounts")
async def get_allowance(ctx: Ctx) -> Allowance:
    """What is left of today's allowance of AI work."""
    left = await allowances.remaining(ctx.tx, ctx.member, daily=ctx.door.settings.ai_daily_units)
    return Allowance(left.daily, left.spent, left.held, left.left)
