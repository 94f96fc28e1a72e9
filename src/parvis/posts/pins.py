"""Pins: up to five posts of one's own that stand on one's profile for whoever may see them."""

from sqlalchemy import BigInteger, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from parvis.core.errors import Invalid
from parvis.core.ids import PostId
from parvis.people import standing
from parvis.people.accounts import Account, lock_accounts
from parvis.posts.post import Post
from parvis.posts.visibility import get_post
from parvis.store.statement import Statement
from parvis.store.tables import pins
from parvis.store.transaction import Tx

MOST = 5

_post = bindparam("post", type_=BigInteger)
_account = bindparam("account", type_=BigInteger)
_OTHERS = Statement(select(func.count()).where(pins.c.account_id == _account, pins.c.post_id != _post))
_PIN = Statement(
    insert(pins)
    .values(account_id=_account, post_id=_post, id=bindparam("id", type_=BigInteger))
    .on_conflict_do_nothing()
)
_UNPIN = Statement(delete(pins).where(pins.c.account_id == _account, pins.c.post_id == _post))


async def pin(tx: Tx, account: Account, post_id: PostId) -> None:
    """Have one's post stand on one's profile; it may stand there already.

    Raises:
        NotFound: the account may not see it.
        Invalid: it is not the account's own, a repost, only for those mentioned, or one too many.
        Forbidden: the account may not act now.
    """
    standing.require(account, "pin")
    post = await get_post(tx, account, post_id)
    _check(post, account)
    await lock_accounts(tx, (account.id,))  # two at once are counted one after the other
    if await tx.value(_OTHERS, account=account.id, post=post.id) >= MOST:
        raise Invalid("Up to {most} posts can be pinned. Unpin one first.", most=MOST)
    await tx.run(_PIN, account=account.id, post=post.id, id=tx.new_id())


async def unpin(tx: Tx, account: Account, post_id: PostId) -> None:
    """Have the post stand there no more, if it does."""
    await tx.run(_UNPIN, account=account.id, post=post_id)


def _check(post: Post, account: Account) -> None:
    if post.repost_of is not None:
        raise Invalid("A repost cannot be pinned.")
    if post.author.id != account.id:
        raise Invalid("Only your own posts can be pinned.")
    if post.visibility == "mentioned":
        raise Invalid("A post for those mentioned alone cannot be pinned.")
