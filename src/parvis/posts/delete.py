"""Delete a post and all that hangs on it: likes, reposts, mentions, tags, notifications, pictures. Replies stay."""

import msgspec
from sqlalchemy import BigInteger, bindparam, select
from sqlalchemy import delete as deletion

from parvis.core.errors import NotFound
from parvis.core.ids import PostId
from parvis.events import PostDeleted
from parvis.people import activity
from parvis.people.accounts import Account
from parvis.posts import acts, extras, media, quotes, retouches
from parvis.posts.visibility import for_everyone
from parvis.store.statement import Statement
from parvis.store.tables import posts
from parvis.store.transaction import Tx


class _Own(msgspec.Struct, frozen=True):
    id: PostId
    repost_of_id: PostId | None
    reply_to_id: PostId | None
    thread_id: PostId
    visibility: str
    media: list[object]
    extras: int
    edited_at: int | None


_post = bindparam("post", type_=BigInteger)
_OWN = Statement(
    select(
        posts.c.id,
        posts.c.repost_of_id,
        posts.c.reply_to_id,
        posts.c.thread_id,
        posts.c.visibility,
        posts.c.media,
        posts.c.extras,
        posts.c.edited_at,
    ).where(posts.c.id == _post, posts.c.author_id == bindparam("author", type_=BigInteger)),
    _Own,
)
_LOCK = Statement(select(posts.c.id).where(posts.c.id == _post).with_for_update())
_LOCK_COUNT = Statement(select(posts.c.id).where(posts.c.id == _post).with_for_update(key_share=True))
_DELETE = Statement(deletion(posts).where(posts.c.id == _post))
_REPOSTERS = Statement(select(posts.c.author_id).where(posts.c.repost_of_id == _post, for_everyone(posts)))


async def delete(tx: Tx, account: Account, post_id: PostId, *, with_media: bool = True) -> None:
    """Delete one's own post, or take one's own repost back.

    Not `with_media`, its pictures wait for a day to be posted anew.

    Raises:
        NotFound: the account has no such post.
    """
    own = await tx.first(_OWN, post=post_id, author=account.id)
    if own is None:
        raise NotFound("This post does not exist, or you may not see it.")
    # What is passed on is locked before the repost, as its own deletion does: two such never wait for each other.
    await (tx.run(_LOCK, post=own.id) if own.repost_of_id is None else tx.run(_LOCK_COUNT, post=own.repost_of_id))
    counted = acts.is_counted(own.visibility)
    if own.media or own.edited_at is not None:  # an edit may have taken out some that are kept
        await (media.forget_of(tx, own.id) if with_media else retouches.set_free(tx, own.id))
    await acts.count(
        tx,
        (acts.COUNT_REPLIES, own.reply_to_id if counted else None, -1),
        (acts.COUNT_QUOTES, await quotes.counted_by(tx, own.id) if own.extras & extras.QUOTE else None, -1),
    )
    reposters = []
    if own.repost_of_id is None:
        reposters = await tx.all(_REPOSTERS, post=own.id)
    if not await tx.run(_DELETE, post=own.id):
        raise NotFound("This post does not exist, or you may not see it.")
    if own.repost_of_id is not None:
        await tx.run(acts.COUNT_REPOSTS, post=own.repost_of_id, change=-1)
    await activity.count_gone_posts(tx, [row[0] for row in reposters] + [account.id] * counted)
    of = own.repost_of_id or (own.reply_to_id if counted else None)
    tx.emit(PostDeleted(own.id, account.id, own.thread_id, own.visibility, of))
