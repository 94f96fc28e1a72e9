"""Chats: all that a member and the same few others said to each other alone, whichever thread it belongs to.

A chat is every conversation (see `conversations`) of a member with the same company: apps begin threads as they like,
and people talk to people. What is said in it is addressed to all who are in it, and to nobody else.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, Text, bindparam, delete, func, select, true, update

from parvis.core.config import Settings
from parvis.core.errors import Forbidden, Invalid, NotFound
from parvis.core.ids import AccountId
from parvis.events import PostPublished
from parvis.people import relations, standing
from parvis.people.accounts import Account
from parvis.posts.drafts import Draft, require_content
from parvis.posts.page import FIRST, Page, Paged
from parvis.posts.post import Post
from parvis.posts.prose import Unexpected
from parvis.posts.publish import publish
from parvis.posts.visibility import get_post, in_order, there_is
from parvis.store.statement import Statement
from parvis.store.tables import conversation_posts, conversations
from parvis.store.transaction import Tx
from parvis.timelines.conversations import Conversation, company_key, file_own, whole
from parvis.timelines.taste import taste_of

MOST_COMPANY: Final = 20  # people in a chat that is begun here, beside oneself

_c = conversations.c
_member = bindparam("member", type_=BigInteger)
_company = bindparam("company", type_=Text)
_of_company = (_c.account_id == _member, _c.company == _company)
_later = conversations.alias("later")
_any = conversations.alias("any")
_asked = conversations.alias("asked")


def _same(other: Any) -> tuple[Any, ...]:
    return (other.c.account_id == _member, other.c.company == _c.company)


_latest = select(_c.id, there_is(_any, *_same(_any), _any.c.unread).label("unread"), _c.company, _c.last_post_id).where(
    _c.account_id == _member, ~there_is(_later, *_same(_later), _later.c.last_post_id > _c.last_post_id)
)
_PAGE: Paged[tuple[Any, ...]] = Paged(_latest, _c.last_post_id)
_WITH = Statement(_latest.where(_c.company == _company))
_ONE = Statement(
    _latest.where(
        _c.company
        == select(_asked.c.company)
        .where(_asked.c.account_id == _member, _asked.c.id == bindparam("conversation", type_=BigInteger))
        .scalar_subquery()
    )
)
_SAID: Paged[tuple[Any, ...]] = Paged(
    select(conversation_posts.c.post_id)
    .join_from(conversations, conversation_posts, conversation_posts.c.conversation_id == _c.id)
    .where(*_of_company),
    conversation_posts.c.post_id,
)
_NEWEST = Statement(select(func.max(_c.last_post_id)).where(_c.account_id == _member))
_READ = Statement(
    update(conversations)
    .where(*_of_company, _c.unread, _c.last_post_id <= bindparam("upto", type_=BigInteger))
    .values(unread=~true())
)
_DELETE = Statement(delete(conversations).where(*_of_company))


class Said(msgspec.Struct, frozen=True):
    """A stretch of a chat, the oldest first; `before` tells where the one before it ends, if there is any."""

    posts: list[Post]
    before: int | None


async def chats_of(tx: Tx, member: Account, page: Page = FIRST) -> list[Conversation]:
    """A page of the member's chats, each as its latest conversation; pages go by the ids of their latest messages."""
    return await whole(tx, member, await _PAGE.read(tx, page, member=member.id))


async def get_chat(tx: Tx, member: Account, conversation_id: int) -> Conversation:
    """The chat to which one of the member's conversations belongs.

    Raises:
        NotFound: there is none.
    """
    found = await whole(tx, member, await tx.all(_ONE, member=member.id, conversation=conversation_id))
    if not found:
        raise NotFound("There is no such conversation.")
    return found[0]


async def find_chat_with(tx: Tx, member: Account, others: Sequence[AccountId]) -> Conversation | None:
    """The member's chat with these and nobody else; None when they never spoke, or it was thrown away."""
    rows = await tx.all(_WITH, member=member.id, company=company_key(others))
    return next(iter(await whole(tx, member, rows)), None)


async def said_in(tx: Tx, member: Account, chat: Conversation, page: Page = FIRST) -> Said:
    """What was said in a chat, as far as the member may see it."""
    rows = await _SAID.read(tx, page, member=member.id, company=chat.key)
    taste = await taste_of(tx, member)
    posts = [taste.judged(post, tx.now) for post in await in_order(tx, member, rows)]
    full = len(rows) >= page.most and not page.forward
    return Said(posts[::-1], rows[-1][0] if full else None)


async def latest_message(tx: Tx, member: Account) -> int:
    """The id of what was said last in any chat of the member's; 0 where nothing was."""
    newest: int | None = await tx.value(_NEWEST, member=member.id)
    return newest or 0


async def read_chat(tx: Tx, member: Account, chat: Conversation) -> None:
    """Have read what was said in a chat up to its latest message: what came since is still to read."""
    await tx.run(_READ, member=member.id, company=chat.key, upto=chat.last_post_id)


async def throw_chat_away(tx: Tx, member: Account, chat: Conversation) -> None:
    """Throw the member's view of a chat away; a further message begins it anew."""
    await tx.run(_DELETE, member=member.id, company=chat.key)


async def reaches(tx: Tx, member: Account, company: Sequence[Account]) -> bool:
    """Whether anybody among these would read what the member says to them."""
    others = [one for one in _there(company) if one.id != member.id]
    ties = await relations.relationships(tx, member, [one.id for one in others])
    alone = [one.id for one in company] == [member.id]
    return alone or any(not ties[one.id].blocking and not ties[one.id].blocked_by for one in others)


def _there(company: Sequence[Account]) -> list[Account]:
    return [one for one in company if not standing.is_put_out(one)]


async def tell(
    tx: Tx, member: Account, company: Sequence[Account], draft: Draft, *, key: str | None, settings: Settings
) -> tuple[int, Post]:
    """Say something to these alone, after what was said between them last; the conversation it is filed in, and it.

    It goes to those of them who are not put out, and is said between these.

    Raises:
        Invalid: the draft breaks a rule, or names somebody who is not among them.
        Forbidden: none of them would read it, or the member may not post now.
    """
    require_content(draft.text, something=bool(draft.media))
    if not await reaches(tx, member, company):
        raise Forbidden("Nobody in this conversation would read it now.")
    others = [one for one in _there(company) if one.id != member.id]
    chat = await find_chat_with(tx, member, [one.id for one in others])
    if chat is None and len(others) > MOST_COMPANY:
        raise Invalid("A conversation is begun with up to {most} people.", field="to", most=MOST_COMPANY)
    addressed = msgspec.structs.replace(
        draft,
        text=" ".join([*(f"@{one.acct}" for one in others), draft.text]),
        visibility="mentioned",
        reply_to=chat.last.id if chat and chat.last else None,
        allowed=tuple(one.id for one in others),
    )
    try:
        post_id = await publish(tx, member, addressed, key=key, settings=settings)
    except Unexpected as unexpected:
        raise Invalid("It names somebody who is not in this conversation, and who would read it.") from unexpected
    post = await get_post(tx, member, post_id)
    filed = await file_own(tx, PostPublished(post.id, member.id, post.thread_id, visibility="mentioned"))
    return filed, post
