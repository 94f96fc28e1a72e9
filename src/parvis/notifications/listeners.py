"""What becomes a notification, and what takes one back.

Events flow in, tellings flow out (`telling`, `audiences`). What no longer holds is forgotten, unless it holds again.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, Text, bindparam, delete, select

from parvis.core.ids import AccountId, PostId
from parvis.events import (
    AccountOpened,
    AccountWarned,
    Blocked,
    Collected,
    CollectionEdited,
    Event,
    Followed,
    FollowRequested,
    FollowRequestEnded,
    PollEnded,
    PostEdited,
    PostLiked,
    PostPublished,
    PostQuoted,
    PostUnliked,
    QuoteRevoked,
    ReportFiled,
    Reposted,
    TiesSevered,
    Uncollected,
    Unfollowed,
)
from parvis.notifications.audiences import AUDIENCES
from parvis.notifications.telling import Telling, account, actor, post, tell
from parvis.store.jobs import Kind, listener
from parvis.store.statement import Statement
from parvis.store.tables import follows, likes, notifications, posts
from parvis.store.transaction import Tx

_AUTHOR = Statement(select(posts.c.author_id).where(posts.c.id == post))
_STILL_LIKED = Statement(select(likes.c.id).where(likes.c.account_id == actor, likes.c.post_id == post))
_STILL_FOLLOWED = Statement(
    select(follows.c.id).where(follows.c.follower_id == actor, follows.c.followee_id == account)
)
_TAKE_BACK = Statement(
    delete(notifications).where(
        notifications.c.account_id == account, notifications.c.subject == bindparam("subject", type_=Text)
    )
)
_TAKE_BACK_ALL = Statement(
    delete(notifications).where(
        notifications.c.account_id == account, notifications.c.actor_id == bindparam("actor", type_=BigInteger)
    )
)


async def notify_of_post(tx: Tx, event: PostPublished) -> None:
    """Tell those whom the post mentions, the one whom it answers, and who waits for its author, once each."""
    if event.mentioned or event.reply_to is not None:
        await _tell(tx, "mention", event.author, f"mention:{event.post}", post=event.post)
    await _tell(tx, "post", event.author, f"post:{event.post}", post=event.post)


async def notify_quoted(tx: Tx, event: PostQuoted) -> None:
    """Tell the author of the post that another one shows, while it may."""
    await _tell(tx, "quote", event.author, _quote(event.post), post=event.post)


async def notify_liked(tx: Tx, event: PostLiked) -> None:
    """Tell the author, while the like stands."""
    subject = _like(event.account, event.post)
    await _tell(tx, "like", event.account, subject, post=event.post, group=f"like-{event.post}-")


async def notify_reposted(tx: Tx, event: Reposted) -> None:
    """Tell the author, while the repost stands; it goes with the repost, whose id it bears."""
    subject = f"repost:{event.author}:{event.original}"
    await _tell(tx, "repost", event.author, subject, post=event.post, group=f"repost-{event.original}-")


async def notify_followed(tx: Tx, event: Followed) -> None:
    """Tell the one who is followed, while the follow stands."""
    await _tell(tx, "follow", event.follower, _follow(event.follower), account=event.followee, group="follow-")


async def notify_asked(tx: Tx, event: FollowRequested) -> None:
    """Tell a locked account who asks to follow it, while they ask."""
    await _tell(tx, "follow_request", event.follower, _request(event.follower), account=event.followee)


async def notify_edited(tx: Tx, event: PostEdited) -> None:
    """Tell those who passed the post on, or quoted it, that it says something else now; and whom it mentions anew."""
    for one in event.mentioned:
        await _tell(tx, "mention", event.author, f"mention:{event.post}", post=event.post, account=one)
    await _tell(tx, "edit", event.author, f"edit:{event.post}", post=event.post)
    await _tell(tx, "quoted_edit", event.author, f"quoted_edit:{event.post}", post=event.post)


async def notify_poll_ended(tx: Tx, event: PollEnded) -> None:
    """Tell those who voted, and its author, how the poll came out."""
    await _tell(tx, "poll", event.author, f"poll:{event.post}", post=event.post)


async def notify_signed_up(tx: Tx, event: AccountOpened) -> None:
    """Tell the moderators of somebody new."""
    await _tell(tx, "sign_up", event.account, f"sign_up:{event.account}", group="sign_up-")


async def notify_reported(tx: Tx, event: ReportFiled) -> None:
    """Tell the moderators of the report."""
    await _tell(tx, "report", event.account, f"report:{event.report}", about=event.report)


async def notify_warned(tx: Tx, event: AccountWarned) -> None:
    """Tell the account what the moderators did, or wrote."""
    await _tell(tx, "warning", event.account, f"warning:{event.strike}", account=event.account, about=event.strike)


async def notify_severed(tx: Tx, event: TiesSevered) -> None:
    """Tell the account that follows of theirs ended by what others did."""
    details = {"kind": event.kind, "name": event.name, "followers": event.followers, "following": event.following}
    subject = f"severance:{event.kind}:{event.name}:{tx.now}"
    await _tell(tx, "severance", event.account, subject, account=event.account, details=details)


async def notify_collected(tx: Tx, event: Collected) -> None:
    """Tell the account that somebody put it into a collection, while it is there."""
    subject = f"collected:{event.collection}"
    await _tell(tx, "collected", event.by, subject, account=event.account, about=event.collection)


async def notify_collection_edited(tx: Tx, event: CollectionEdited) -> None:
    """Tell those in the collection that it says something else now."""
    subject = f"collection_edit:{event.collection}"
    await _tell(tx, "collection_edit", event.by, subject, about=event.collection)


async def take_back_like(tx: Tx, event: PostUnliked) -> None:
    """Forget that the post was liked, unless it is again."""
    author = await tx.value(_AUTHOR, post=event.post)
    if author is not None and await tx.value(_STILL_LIKED, actor=event.account, post=event.post) is None:
        await tx.run(_TAKE_BACK, account=author, subject=_like(event.account, event.post))


async def take_back_follow(tx: Tx, event: Unfollowed) -> None:
    """Forget that the account was followed, unless it is again."""
    if await tx.value(_STILL_FOLLOWED, actor=event.follower, account=event.followee) is None:
        await tx.run(_TAKE_BACK, account=event.followee, subject=_follow(event.follower))


async def take_back_request(tx: Tx, event: FollowRequestEnded) -> None:
    """Forget that somebody asked to follow."""
    await tx.run(_TAKE_BACK, account=event.followee, subject=_request(event.follower))


async def take_back_quote(tx: Tx, event: QuoteRevoked) -> None:
    """Forget that the post was quoted, and what its author was told of it since."""
    await tx.run(_TAKE_BACK, account=event.quoted_author, subject=_quote(event.post))
    await tx.run(_TAKE_BACK, account=event.author, subject=f"quoted_edit:{event.quoted}")


async def take_back_collected(tx: Tx, event: Uncollected) -> None:
    """Forget that the account was put into the collection."""
    for subject in (f"collected:{event.collection}", f"collection_edit:{event.collection}"):
        await tx.run(_TAKE_BACK, account=event.account, subject=subject)


async def take_back_between(tx: Tx, event: Blocked) -> None:
    """Forget what either told the other."""
    await tx.run(_TAKE_BACK_ALL, account=event.blocker, actor=event.blocked)
    await tx.run(_TAKE_BACK_ALL, account=event.blocked, actor=event.blocker)


async def _tell(tx: Tx, kind: str, who: AccountId, subject: str, **told: Any) -> None:
    await tell(tx, Telling(kind=kind, actor=who, subject=subject, **told), AUDIENCES[kind])


def _like(who: AccountId, liked: PostId) -> str:
    return f"like:{who}:{liked}"


def _quote(quoting: PostId) -> str:
    return f"quote:{quoting}"


def _follow(who: AccountId) -> str:
    return f"follow:{who}"


def _request(who: AccountId) -> str:
    return f"follow_request:{who}"


def _always(_event: Event) -> bool:
    return True


LISTENERS: tuple[tuple[type[Event], Kind, Callable[[Any], bool]], ...] = (
    (PostPublished, listener(notify_of_post, PostPublished), _always),
    (PostQuoted, listener(notify_quoted, PostQuoted), _always),
    (QuoteRevoked, listener(take_back_quote, QuoteRevoked), _always),
    (PostLiked, listener(notify_liked, PostLiked), _always),
    (Reposted, listener(notify_reposted, Reposted), _always),
    (Followed, listener(notify_followed, Followed), _always),
    (FollowRequested, listener(notify_asked, FollowRequested), _always),
    (PollEnded, listener(notify_poll_ended, PollEnded), _always),
    (PostEdited, listener(notify_edited, PostEdited), _always),
    (AccountOpened, listener(notify_signed_up, AccountOpened), _always),
    (ReportFiled, listener(notify_reported, ReportFiled), _always),
    (AccountWarned, listener(notify_warned, AccountWarned), _always),
    (TiesSevered, listener(notify_severed, TiesSevered), _always),
    (Collected, listener(notify_collected, Collected), _always),
    (CollectionEdited, listener(notify_collection_edited, CollectionEdited), _always),
    (PostUnliked, listener(take_back_like, PostUnliked), _always),
    (Unfollowed, listener(take_back_follow, Unfollowed), _always),
    (FollowRequestEnded, listener(take_back_request, FollowRequestEnded), _always),
    (Uncollected, listener(take_back_collected, Uncollected), _always),
    (Blocked, listener(take_back_between, Blocked), _always),
)
