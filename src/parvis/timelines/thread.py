"""A conversation around one post: what it answers, up to the beginning, and what answers it.

Three queries, however long the thread is. Who may not see a post in the middle sees the rest without a trace of it.
"""

import msgspec
from sqlalchemy import BigInteger, Integer, bindparam, literal_column, select

from parvis.core.errors import NotFound
from parvis.core.ids import PostId
from parvis.people.accounts import Account
from parvis.posts.post import Post
from parvis.posts.visibility import seen_by
from parvis.store.statement import Statement
from parvis.store.tables import posts
from parvis.store.transaction import Tx
from parvis.timelines.taste import taste_of

MOST_ANCESTORS = 60
MOST_DESCENDANTS = 240
DEEPEST = 60


class Thread(msgspec.Struct, frozen=True):
    """A post among those around it.

    `ancestors` run from the first down to it; `descendants` depth first, each after what it answers, older before
    younger.
    """

    ancestors: list[Post]
    post: Post
    descendants: list[Post]


_post = bindparam("post", type_=BigInteger)
_depth = literal_column("0", Integer).label("depth")

_up = select(posts.c.id, posts.c.reply_to_id, _depth).where(posts.c.id == _post).cte("up", recursive=True)
_higher = posts.alias("higher")
_up = _up.union_all(
    select(_higher.c.id, _higher.c.reply_to_id, _up.c.depth + 1).where(
        _higher.c.id == _up.c.reply_to_id, _up.c.depth < MOST_ANCESTORS
    )
)
_ANCESTORS = Statement(select(_up.c.id).where(_up.c.depth > 0).order_by(_up.c.depth.desc()))

_down = select(posts.c.id, posts.c.reply_to_id, _depth).where(posts.c.id == _post).cte("down", recursive=True)
_lower = posts.alias("lower")
_down = _down.union_all(
    select(_lower.c.id, _lower.c.reply_to_id, _down.c.depth + 1).where(
        _lower.c.reply_to_id == _down.c.id, _down.c.depth < DEEPEST
    )
)
_DESCENDANTS = Statement(select(_down.c.id, _down.c.reply_to_id).limit(MOST_DESCENDANTS + 1))


async def thread(tx: Tx, member: Account | None, post_id: PostId) -> Thread:
    """The post and the conversation around it, as the member (None: someone not signed in) sees it.

    Of a very long one, the nearest 60 above and the first 240 below are there; what their filters hide is not.

    Raises:
        NotFound: there is no such post, or the member may not see it.
    """
    above = [row[0] for row in await tx.all(_ANCESTORS, post=post_id)]
    below = [(row[0], row[1]) for row in await tx.all(_DESCENDANTS, post=post_id) if row[0] != post_id]
    seen = await seen_by(tx, member, [*above, post_id, *(one for one, _ in below)])
    if post_id not in seen:
        raise NotFound("This post does not exist, or you may not see it.")
    taste = await taste_of(tx, member)
    return Thread(
        taste.sift([seen[one] for one in above if one in seen], tx.now, "thread"),
        taste.judged(seen[post_id], tx.now),
        taste.sift([seen[one] for one in _depth_first(post_id, below) if one in seen], tx.now, "thread"),
    )


def _depth_first(root: PostId, answers: list[tuple[PostId, PostId]]) -> list[PostId]:
    below: dict[PostId, list[PostId]] = {}
    for answer, answered in sorted(answers, reverse=True):
        below.setdefault(answered, []).append(answer)
    ordered: list[PostId] = []
    waiting = below.get(root, [])
    while waiting:
        one = waiting.pop()
        ordered.append(one)
        waiting.extend(below.get(one, ()))
    return ordered
