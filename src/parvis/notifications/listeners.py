"""What becomes a notification, and what takes one back.

Events flow in, rows and `Notified` flow out. Nobody is told of what they did themselves, nor by those they block, are
blocked by, or mute. Each listener looks at what is so when it runs, not at what was so when it was called, since jobs
may overtake each other: a like taken back quickly leaves nothing, one given again stays.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, Text, and_, bindparam, delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from parvis.core.ids import AccountId, PostId
from parvis.events import (
    Blocked,
    Event,
    Followed,
    Notified,
    PostLiked,
    PostPublished,
    PostUnliked,
    Reposted,
    Unfollowed,
)
from parvis.posts.visibility import now, there_is, unblocked
from parvis.store.jobs import Kind, listener
from parvis.store.statement import Statement
from parvis.store.tables import accounts, follows, likes, mutes, notifications, post_mentions, posts
from parvis.store.transaction import Tx

_actor = bindparam("actor", type_=BigInteger)
_post = bindparam("post", type_=BigInteger)
_account = bindparam("account", type_=BigInteger)

_listens = and_(  # the row of `accounts` is somebody here who wants to hear of the actor
    accounts.c.id != _actor,
    accounts.c.domain == "",
    accounts.c.suspended_at.is_(None),
    unblocked(accounts.c.id, _actor),
    ~there_is(
        mutes,
        mutes.c.muter_id == accounts.c.id,
        mutes.c.muted_id == _actor,
        mutes.c.notifications,
        or_(mutes.c.until.is_(None), mutes.c.until > now),
    ),
)
_ADDRESSED = Statement(
    select(accounts.c.id)
    .join_from(post_mentions, accounts, accounts.c.id == post_mentions.c.account_id)
    .where(post_mentions.c.post_id == _post, _listens)
    .order_by(accounts.c.id)
)
_LIKED = Statement(
    select(accounts.c.id)
    .join_from(likes, posts, posts.c.id == likes.c.post_id)
    .join(accounts, accounts.c.id == posts.c.author_id)
    .where(likes.c.post_id == _post, likes.c.account_id == _actor, _listens)
)
_origin = posts.alias("origin")
_PASSED_ON = Statement(
    select(accounts.c.id)
    .join_from(posts, _origin, _origin.c.id == posts.c.repost_of_id)
    .join(accounts, accounts.c.id == _origin.c.author_id)
    .where(posts.c.id == _post, _listens)
)
_FOLLOWED = Statement(
    select(accounts.c.id)
    .join_from(follows, accounts, accounts.c.id == follows.c.followee_id)
    .where(follows.c.follower_id == _actor, follows.c.followee_id == _account, _listens)
)
_COLUMNS = ("id", "account_id", "kind", "actor_id", "post_id", "subject")
_ADD = Statement(
    insert(notifications)
    .values({name: bindparam(name, type_=notifications.c[name].type) for name in _COLUMNS})
    .on_conflict_do_nothing()
)
_AUTHOR = Statement(select(posts.c.author_id).where(posts.c.id == _post))
_STILL_LIKED = Statement(select(likes.c.id).where(likes.c.account_id == _actor, likes.c.post_id == _post))
_STILL_FOLLOWED = Statement(
    select(follows.c.id).where(follows.c.follower_id == _actor, follows.c.followee_id == _account)
)
_TAKE_BACK = Statement(
    delete(notifications).where(
        notifications.c.account_id == _account, notifications.c.subject == bindparam("subject", type_=Text)
    )
)
_TAKE_BACK_ALL = Statement(
    delete(notifications).where(notifications.c.account_id == _account, notifications.c.actor_id == _actor)
)


async def notify_addressed(tx: Tx, event: PostPublished) -> None:
    """Tell those whom the post mentions, and the one whom it answers, once each."""
    for (account,) in await tx.all(_ADDRESSED, post=event.post, actor=event.author, now=tx.now):
        await _tell(
            tx, account, kind="mention", actor_id=event.author, post_id=event.post, subject=f"mention:{event.post}"
        )


async def notify_liked(tx: Tx, event: PostLiked) -> None:
    """Tell the author, while the like stands."""
    for (account,) in await tx.all(_LIKED, post=event.post, actor=event.account, now=tx.now):
        await _tell(
            tx,
            account,
            kind="like",
            actor_id=event.account,
            post_id=event.post,
            subject=_like(event.account, event.post),
        )


async def notify_reposted(tx: Tx, event: Reposted) -> None:
    """Tell the author, while the repost stands; it goes with the repost, whose id it bears."""
    for (account,) in await tx.all(_PASSED_ON, post=event.post, actor=event.author, now=tx.now):
        await _tell(
            tx,
            account,
            kind="repost",
            actor_id=event.author,
            post_id=event.post,
            subject=f"repost:{event.author}:{event.original}",
        )


async def notify_followed(tx: Tx, event: Followed) -> None:
    """Tell the one who is followed, while the follow stands."""
    for (account,) in await tx.all(_FOLLOWED, account=event.followee, actor=event.follower, now=tx.now):
        await _tell(tx, account, kind="follow", actor_id=event.follower, post_id=None, subject=_follow(event.follower))


async def take_back_like(tx: Tx, event: PostUnliked) -> None:
    """Forget that the post was liked, unless it is again."""
    author = await tx.value(_AUTHOR, post=event.post)
    if author is not None and await tx.value(_STILL_LIKED, actor=event.account, post=event.post) is None:
        await tx.run(_TAKE_BACK, account=author, subject=_like(event.account, event.post))


async def take_back_follow(tx: Tx, event: Unfollowed) -> None:
    """Forget that the account was followed, unless it is again."""
    if await tx.value(_STILL_FOLLOWED, actor=event.follower, account=event.followee) is None:
        await tx.run(_TAKE_BACK, account=event.followee, subject=_follow(event.follower))


async def take_back_between(tx: Tx, event: Blocked) -> None:
    """Forget what either told the other."""
    await tx.run(_TAKE_BACK_ALL, account=event.blocker, actor=event.blocked)
    await tx.run(_TAKE_BACK_ALL, account=event.blocked, actor=event.blocker)


async def _tell(tx: Tx, account: AccountId, **told: Any) -> None:
    notification = tx.new_id()
    if await tx.run(_ADD, id=notification, account_id=account, **told):
        tx.emit(Notified(notification, account))


def _like(actor: AccountId, post: PostId) -> str:
    return f"like:{actor}:{post}"


def _follow(actor: AccountId) -> str:
    return f"follow:{actor}"


def _addresses(event: PostPublished) -> bool:
    return bool(event.mentioned) or event.reply_to is not None


def _always(_event: Event) -> bool:
    return True


LISTENERS: tuple[tuple[type[Event], Kind, Callable[[Any], bool]], ...] = (
    (PostPublished, listener(notify_addressed, PostPublished), _addresses),
    (PostLiked, listener(notify_liked, PostLiked), _always),
    (Reposted, listener(notify_reposted, Reposted), _always),
    (Followed, listener(notify_followed, Followed), _always),
    (PostUnliked, listener(take_back_like, PostUnliked), _always),
    (Unfollowed, listener(take_back_follow, Unfollowed), _always),
    (Blocked, listener(take_back_between, Blocked), _always),
)
