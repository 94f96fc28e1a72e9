"""Hashtags that begin with what somebody types, as far as everyone may see the posts that carry them."""

from sqlalchemy import BigInteger, Text, bindparam, func, select

from parvis.posts.visibility import for_everyone
from parvis.store.statement import Statement
from parvis.store.tables import post_tags, posts
from parvis.store.transaction import Tx

LOOKED_AT = 400  # uses

_uses = (
    select(post_tags.c.tag)
    .join_from(post_tags, posts, posts.c.id == post_tags.c.post_id)
    .where(
        post_tags.c.tag >= bindparam("lowest", type_=Text),
        post_tags.c.tag < bindparam("beyond", type_=Text),
        for_everyone(posts),
    )
    .limit(LOOKED_AT)
    .subquery()
)
_BEGINNING = Statement(
    select(_uses.c.tag)
    .group_by(_uses.c.tag)
    .order_by(func.count().desc(), _uses.c.tag)
    .limit(bindparam("most", type_=BigInteger))
)


async def beginning_with(tx: Tx, folded: str, most: int = 6) -> list[str]:
    """Hashtags that begin with the folded text, those used most first."""
    if not folded:
        return []
    return [row[0] for row in await tx.all(_BEGINNING, lowest=folded, beyond=folded + "\uffff", most=most)]
