"""Heads: of each author, the newest post and how often they spoke, in a table small enough to ask many authors of.

Whoever adds or edits a row of `posts` raises its author's head in the same transaction. No post of an author has a
larger id than their head, and `turns` grows with each act: who remembers what a circle said need only add up its turns
to know whether anybody spoke since. A post that is deleted leaves the head where it was.
"""

from sqlalchemy import BigInteger, bindparam, case
from sqlalchemy.dialects.postgresql import insert

from parvis.core.ids import AccountId, PostId
from parvis.store.statement import Statement
from parvis.store.tables import heads
from parvis.store.transaction import Tx

_new = insert(heads).values(
    author_id=bindparam("author", type_=BigInteger), post_id=bindparam("post", type_=BigInteger)
)
_RAISE = Statement(
    _new.on_conflict_do_update(
        index_elements=["author_id"],
        set_={
            "post_id": case((heads.c.post_id > _new.excluded.post_id, heads.c.post_id), else_=_new.excluded.post_id),
            "turns": heads.c.turns + 1,
        },
    )
)


async def raise_head(tx: Tx, author: AccountId, post: PostId) -> None:
    """The author published this post, edited it, or passed something on with it."""
    await tx.run(_RAISE, author=author, post=post)
