"""Quiet: threads of which a member wants no more notifications. Reading them goes on as before."""

from sqlalchemy import BigInteger, ColumnElement, bindparam, delete
from sqlalchemy.dialects.postgresql import insert

from parvis.core.ids import PostId
from parvis.people import standing
from parvis.people.accounts import Account
from parvis.posts import acts
from parvis.posts.visibility import there_is
from parvis.store.statement import Statement
from parvis.store.tables import thread_mutes
from parvis.store.transaction import Tx

_account = bindparam("account", type_=BigInteger)
_thread = bindparam("thread", type_=BigInteger)
_MUTE = Statement(
    insert(thread_mutes)
    .values(account_id=_account, thread_id=_thread, id=bindparam("id", type_=BigInteger))
    .on_conflict_do_nothing()
)
_UNMUTE = Statement(
    delete(thread_mutes).where(thread_mutes.c.account_id == _account, thread_mutes.c.thread_id == _thread)
)


def muting_thread(member: ColumnElement[int], thread: ColumnElement[int]) -> ColumnElement[bool]:
    """A condition: the member wants to hear nothing of the thread."""
    return there_is(thread_mutes, thread_mutes.c.account_id == member, thread_mutes.c.thread_id == thread)


async def mute_thread(tx: Tx, account: Account, post_id: PostId) -> None:
    """Hear nothing more of the thread that the post is in.

    Raises:
        NotFound: the account may not see it.
        Forbidden: the account may not act now.
    """
    standing.require(account, "mute")
    target = await acts.target_of(tx, account, post_id)
    await tx.run(_MUTE, account=account.id, thread=target.thread_id, id=tx.new_id())


async def unmute_thread(tx: Tx, account: Account, post_id: PostId) -> None:
    """Hear of the thread again.

    Raises:
        NotFound: the account may not see the post.
    """
    target = await acts.target_of(tx, account, post_id)
    await tx.run(_UNMUTE, account=account.id, thread=target.thread_id)
