"""Polls: looked at, and voted in. A poll has the id of its status."""

from typing import Annotated

import msgspec
from msgspec import Meta

from parvis.api.account_entity import emoji_entity
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.poll_entity import Poll, poll_entity
from parvis.core import errors
from parvis.core.ids import PostId
from parvis.posts import polls

endpoints = Endpoints("polls")


class One(msgspec.Struct, frozen=True):
    """One poll."""

    id: Id


class Ballot(msgspec.Struct, frozen=True):
    """Which answers to choose, by their positions."""

    id: Id
    choices: Annotated[tuple[Annotated[int, Meta(ge=-1, le=1000)], ...], Meta(max_length=40)]


async def _poll(ctx: Ctx, given: str) -> Poll:
    post = await polls.get_polled(ctx.tx, ctx.viewer, PostId(int(given)))
    if post.more is None or post.more.poll is None:
        raise errors.NotFound("Record not found")
    return poll_entity(post.more.poll, post.ties, tuple(emoji_entity(one, ctx.urls) for one in post.more.emojis))


@endpoints.get("/api/v1/polls/{id}", scope="read:statuses", who="anyone")
async def get_poll(ctx: Ctx, given: One) -> Poll:
    """One poll."""
    return await _poll(ctx, given.id)


@endpoints.post("/api/v1/polls/{id}/votes", scope="write:statuses", refuses=(403,))
async def vote_in_poll(ctx: Ctx, given: Ballot) -> Poll:
    """Choose answers."""
    await polls.vote(ctx.tx, ctx.member, PostId(int(given.id)), given.choices)
    return await _poll(ctx, given.id)
