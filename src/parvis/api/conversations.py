"""Conversations: read, thrown away, and (for older clients) message by message."""

import msgspec

from parvis.api.answer import Empty
from parvis.api.conversation_entity import Conversation, conversation_entity
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.paging import Paging, link
from parvis.api.status_entity import Status, status_entities
from parvis.timelines import conversations, direct

endpoints = Endpoints("conversations")


class One(msgspec.Struct, frozen=True):
    """One conversation."""

    id: Id


class ConversationPage(Paging, frozen=True, kw_only=True):
    """Which conversations; pages go by their latest statuses, as the Link header gives them."""


class DirectPage(Paging, frozen=True, kw_only=True):
    """Which page of direct messages."""


@endpoints.get("/api/v1/conversations", scope="read:statuses", pages=True)
async def get_conversations(ctx: Ctx, given: ConversationPage) -> tuple[Conversation, ...]:
    """One's conversations, the latest first."""
    found = await conversations.conversations_of(ctx.tx, ctx.member, given.page())
    link(ctx, [one.last_post_id for one in found], of=given.page())
    return tuple(conversation_entity(one, ctx.urls) for one in found)


@endpoints.delete("/api/v1/conversations/{id}", scope="write:conversations")
async def delete_conversation(ctx: Ctx, given: One) -> Empty:
    """Throw one's view of a conversation away."""
    await conversations.throw_away(ctx.tx, ctx.member, int(given.id))
    return Empty()


@endpoints.post("/api/v1/conversations/{id}/read", scope="write:conversations")
async def read_conversation(ctx: Ctx, given: One) -> Conversation:
    """Have read a conversation."""
    return conversation_entity(await conversations.read_conversation(ctx.tx, ctx.member, int(given.id)), ctx.urls)


@endpoints.get("/api/v1/timelines/direct", scope="read:statuses", pages=True)
async def direct_timeline(ctx: Ctx, given: DirectPage) -> tuple[Status, ...]:
    """Direct messages, newest first."""
    posts = await direct.messages(ctx.tx, ctx.member, given.page())
    link(ctx, [post.id for post in posts])
    return status_entities(posts, ctx.urls)
