"""Pass a post on to one's followers, and take that back; both can be said twice."""

from sqlalchemy import BigInteger, bindparam, literal_column, select
from sqlalchemy.dialects.postgresql import insert

from parvis.core.errors import Forbidden
from parvis.core.ids import PostId
from parvis.events import Reposted
from parvis.people import activity, standing
from parvis.people.accounts import Account
from parvis.posts import acts, delete
from parvis.posts.heads import raise_head
from parvis.store.statement import Statement
from parvis.store.tables import posts
from parvis.store.transaction import Tx

_GIVEN = ("id", "author_id", "visibility", "thread_id", "repost_of_id")
_ADD = Statement(
    insert(posts)
    .values(
        {name: bindparam(name, type_=posts.c[name].type) for name in _GIVEN} | {"origin": literal_column("'human'")}
    )
    .on_conflict_do_nothing()
)
_MINE = Statement(
    select(posts.c.id).where(
        posts.c.repost_of_id == bindparam("post", type_=BigInteger),
        posts.c.author_id == bindparam("author", type_=BigInteger),
    )
)


async def repost(tx: Tx, account: Account, post_id: PostId, *, visibility: str | None = None) -> PostId:
    """Pass a post on; the id of the repost. What only followers may see, only its author passes on.

    A `visibility` (public, unlisted, followers) tells whom to pass it on to; None: to all who may see the post.

    Raises:
        NotFound: the account may not see it.
        Forbidden: it is not for passing on.
    """
    standing.require(account, "repost")
    target = await acts.target_of(tx, account, post_id)
    if not target.counted and not (target.visibility == "followers" and target.author_id == account.id):
        raise Forbidden("This post is not for passing on.")
    repost_id = PostId(tx.new_id("posts"))
    wanted = visibility if visibility and target.counted else target.visibility
    given = dict(zip(_GIVEN, (repost_id, account.id, wanted, repost_id, target.id), strict=True))
    if not await tx.run(_ADD, **given):
        mine: PostId = await tx.value(_MINE, post=target.id, author=account.id)
        return mine
    await raise_head(tx, account.id, repost_id)
    await tx.run(acts.COUNT_REPOSTS, post=target.id, change=1)
    if acts.is_counted(wanted):
        await activity.count_post(tx, account.id)
    tx.emit(Reposted(repost_id, account.id, target.id))
    return repost_id


async def unrepost(tx: Tx, account: Account, post_id: PostId) -> PostId:
    """Take one's repost of this post back, if there is one; the id of the post.

    Raises:
        NotFound: the account may not see the post.
    """
    target = await acts.target_of(tx, account, post_id)
    mine: PostId | None = await tx.value(_MINE, post=target.id, author=account.id)
    if mine is not None:
        await delete.delete(tx, account, mine)
    return target.id
