"""Conversations: what was said to a few alone, filed by who was there and which thread it belongs to.

A direct message is filed for its author and for each whom it reaches, so that everyone has a view of their own: they
read it, or throw it away, and nobody else's changes. Members and pages flow in, conversations flow out, whole, the
latest first.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Boolean, Text, bindparam, case, delete, func, select, true, update
from sqlalchemy.dialects.postgresql import insert

from parvis.core.errors import NotFound
from parvis.core.ids import AccountId, PostId
from parvis.events import ConversationGrew, PostDeleted, PostPublished
from parvis.people.accounts import Account, accounts_by_ids
from parvis.posts.page import FIRST, Page, Paged
from parvis.posts.post import Post
from parvis.posts.visibility import audience_of, seen_by, there_is
from parvis.store.statement import Statement
from parvis.store.tables import accounts, conversation_posts, conversations, post_mentions, posts
from parvis.store.transaction import Tx
from parvis.timelines.taste import taste_of


class Conversation(msgspec.Struct, frozen=True):
    """A conversation as one member sees it; `last` is None while they may not see the latest message."""

    id: int
    unread: bool
    company: tuple[Account, ...]
    others: tuple[AccountId, ...]  # who is in it beside the member: nobody where they speak to themselves
    last_post_id: PostId
    last: Post | None

    @property
    def key(self) -> str:
        """Who is in it beside the member, as its row says it."""
        return company_key(self.others)

    @property
    def hearing(self) -> tuple[Account, ...]:
        """Who is still there to hear what the member says in it: nobody where all the others left."""
        return tuple(one for one in self.company if one.id in self.others) if self.others else self.company


_c = conversations.c
_member = bindparam("member", type_=BigInteger)
_one = bindparam("conversation", type_=BigInteger)
_post = bindparam("post", type_=BigInteger)
_STANDS = Statement(select(posts.c.visibility).where(posts.c.id == _post).with_for_update(read=True, key_share=True))
_REACHED = Statement(
    select(post_mentions.c.account_id)
    .join_from(post_mentions, accounts, accounts.c.id == post_mentions.c.account_id)
    .where(post_mentions.c.post_id == _post, accounts.c.domain == "")
)
_add = insert(conversations).values(
    id=_one,
    account_id=_member,
    thread_id=bindparam("thread", type_=BigInteger),
    company=bindparam("company", type_=Text),
    last_post_id=_post,
    unread=bindparam("unread", type_=Boolean),
)
_later = _add.excluded.last_post_id > _c.last_post_id
_FILE = Statement(
    _add.on_conflict_do_update(
        index_elements=["account_id", "thread_id", "company"],
        set_={
            "last_post_id": case((_later, _add.excluded.last_post_id), else_=_c.last_post_id),
            "unread": case((_later, _add.excluded.unread), else_=_c.unread),
        },
    ).returning(_c.id)
)
_ADD_POST = Statement(insert(conversation_posts).values(conversation_id=_one, post_id=_post).on_conflict_do_nothing())
_rest = select(func.max(conversation_posts.c.post_id)).where(conversation_posts.c.conversation_id == _c.id)
_FORGET_EMPTY = Statement(
    delete(conversations).where(
        _c.last_post_id == _post, ~there_is(conversation_posts, conversation_posts.c.conversation_id == _c.id)
    )
)
_STEP_BACK = Statement(
    update(conversations).where(_c.last_post_id == _post).values(last_post_id=_rest.scalar_subquery())
)
_COLUMNS = (_c.id, _c.unread, _c.company, _c.last_post_id)
_PAGE: Paged[tuple[Any, ...]] = Paged(select(*_COLUMNS).where(_c.account_id == _member), _c.last_post_id)
_ONE = Statement(select(*_COLUMNS).where(_c.account_id == _member, _c.id == _one))
_READ = Statement(update(conversations).where(_c.account_id == _member, _c.id == _one).values(unread=~true()))
_DELETE = Statement(delete(conversations).where(_c.account_id == _member, _c.id == _one))


async def file_message(tx: Tx, event: PostPublished) -> None:
    """File a direct message for its author and for those whom it reaches."""
    if await tx.value(_STANDS, post=event.post) != "mentioned":
        return
    reached = {AccountId(row[0]) for row in await tx.all(_REACHED, post=event.post)} | {event.author}
    seeing = await audience_of(tx, event.post, reached)
    for account in sorted(seeing):
        filed = await _file(tx, account, event, reached)
        tx.emit(ConversationGrew(filed, account))


async def file_own(tx: Tx, event: PostPublished) -> int:
    """File a direct message for its author at once, who need not wait to see it; in which conversation it is now."""
    reached = {AccountId(row[0]) for row in await tx.all(_REACHED, post=event.post)} | {event.author}
    return await _file(tx, event.author, event, reached)


async def _file(tx: Tx, account: AccountId, event: PostPublished, reached: set[AccountId]) -> int:
    filed: int = await tx.value(
        _FILE,
        conversation=tx.new_id(),
        member=account,
        thread=event.thread,
        company=company_key(reached - {account}),
        post=event.post,
        unread=account != event.author,
    )
    await tx.run(_ADD_POST, conversation=filed, post=event.post)
    return filed


async def unfile_message(tx: Tx, event: PostDeleted) -> None:
    """Let conversations end with the message before one that is gone, and go where there is none."""
    await tx.run(_FORGET_EMPTY, post=event.post)
    await tx.run(_STEP_BACK, post=event.post)


async def conversations_of(tx: Tx, member: Account, page: Page = FIRST) -> list[Conversation]:
    """A page of the member's conversations; pages go by the ids of their latest messages."""
    return await whole(tx, member, await _PAGE.read(tx, page, member=member.id))


async def get_conversation(tx: Tx, member: Account, conversation_id: int) -> Conversation:
    """One of the member's conversations.

    Raises:
        NotFound: there is none, or it is somebody else's view of it.
    """
    found = await whole(tx, member, await tx.all(_ONE, member=member.id, conversation=conversation_id))
    if not found:
        raise NotFound("There is no such conversation.")
    return found[0]


async def read_conversation(tx: Tx, member: Account, conversation_id: int) -> Conversation:
    """Have read a conversation; as it is now.

    Raises:
        NotFound: there is none.
    """
    await tx.run(_READ, member=member.id, conversation=conversation_id)
    return await get_conversation(tx, member, conversation_id)


async def throw_away(tx: Tx, member: Account, conversation_id: int) -> None:
    """Throw the member's view of a conversation away; a further message begins it anew.

    Raises:
        NotFound: there is none.
    """
    if not await tx.run(_DELETE, member=member.id, conversation=conversation_id):
        raise NotFound("There is no such conversation.")


async def whole(tx: Tx, member: Account, rows: Iterable[tuple[Any, ...]]) -> list[Conversation]:
    """The conversations of these rows (id, unread, company, last post) with who is in them, and what was said last."""
    found = [(one, bool(unread), _ids(company), last) for one, unread, company, last in rows]
    if not found:
        return []
    seen = await seen_by(tx, member, [row[3] for row in found])
    taste = await taste_of(tx, member)
    known = await accounts_by_ids(tx, {account for row in found for account in row[2]})
    return [
        Conversation(
            one,
            unread,
            tuple(known[account] for account in company if account in known) or (member,),
            tuple(company),
            last,
            taste.judged(seen[last], tx.now) if last in seen else None,
        )
        for one, unread, company, last in found
    ]


def company_key(others: Iterable[AccountId]) -> str:
    """Who is in a conversation beside its member, as its row says it."""
    return " ".join(str(one) for one in sorted(others))


def _ids(company: str) -> list[AccountId]:
    return [AccountId(int(one)) for one in company.split()]
