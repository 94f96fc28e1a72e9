"""Like a post and take the like back; both can be said twice."""

from sqlalchemy import BigInteger, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from parvis.core.ids import AccountId, PostId
from parvis.events import PostLiked, PostUnliked
from parvis.people import standing
from parvis.people.accounts import Account
from parvis.posts import acts
from parvis.store.statement import Statement
from parvis.store.tables import likes, posts
from parvis.store.transaction import Tx

_post = bindparam("post", type_=BigInteger)
_account = bindparam("account", type_=BigInteger)
_ADD = Statement(
    insert(likes)
    .values(account_id=_account, post_id=_post, id=bindparam("id", type_=BigInteger))
    .on_conflict_do_nothing()
)
_HOLD = Statement(select(posts.c.id).where(posts.c.id == _post).with_for_update(key_share=True))
_REMOVE = Statement(delete(likes).where(likes.c.account_id == _account, likes.c.post_id == _post))


async def like(tx: Tx, account: Account, post_id: PostId) -> PostId:
    """Like a post (what a repost passes on); its id.

    Raises:
        NotFound: the account may not see it.
        Forbidden: the account may not act now.
    """
    standing.require(account, "like")
    target = await acts.target_of(tx, account, post_id)
    if await tx.run(_ADD, account=account.id, post=target.id, id=tx.new_id("likes")):
        await tx.run(acts.COUNT_LIKES, post=target.id, change=1)
        tx.emit(PostLiked(target.id, account.id))
    return target.id


async def withdraw(tx: Tx, account_id: AccountId, post_id: PostId) -> None:
    """Take a like back that an account gave, whether it may still see the post or not."""
    await tx.run(_HOLD, post=post_id)  # as whoever deletes the post does first
    if await tx.run(_REMOVE, account=account_id, post=post_id):
        await tx.run(acts.COUNT_LIKES, post=post_id, change=-1)
        tx.emit(PostUnliked(post_id, account_id))


async def unlike(tx: Tx, account: Account, post_id: PostId) -> PostId:
    """Take the like back, if there was one; the id of the post.

    Raises:
        NotFound: the account may not see it.
    """
    target = await acts.target_of(tx, account, post_id)
    if await tx.run(_REMOVE, account=account.id, post=target.id):
        await tx.run(acts.COUNT_LIKES, post=target.id, change=-1)
        tx.emit(PostUnliked(target.id, account.id))
    return target.id
