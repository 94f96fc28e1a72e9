"""Where a post arrives, and for whom: the channels of the hub that it belongs to, decided for each who listens.

A post, and what is known of each reader (how they stand to it, their taste, their lists), flow in; for each reader the
channels that show it, and the post as they see it, flow out. The rules are those of the timelines, one by one.
"""

from collections.abc import Collection, Iterable
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Integer, bindparam, select, type_coerce

from parvis.core.ids import AccountId
from parvis.posts.post import Post
from parvis.posts.visibility import there_is
from parvis.store.statement import Statement, among
from parvis.store.tables import list_members, lists
from parvis.store.transaction import Tx
from parvis.timelines.audience import Reader
from parvis.timelines.taste import Taste

CONTEXTS = {"home": "home", "list": "home", "public": "public", "tag": "public", "thread": "thread"}
"""Where a member's filters hold, by the kind of channel."""

_other = list_members.alias("other")
_HOLDING = Statement(
    select(
        list_members.c.list_id,
        lists.c.replies,
        type_coerce(
            there_is(
                _other,
                _other.c.list_id == lists.c.id,
                _other.c.account_id == bindparam("answered", type_=BigInteger),
            ),
            Integer,
        ),
    )
    .join_from(list_members, lists, lists.c.id == list_members.c.list_id)
    .where(list_members.c.account_id == bindparam("author", type_=BigInteger), among(list_members.c.list_id, "lists"))
)


class Holding(msgspec.Struct, frozen=True):
    """A list that holds the author: whose answers it shows, and whether it holds the one who is answered too."""

    replies: str
    answered: bool


Holdings = dict[str, Holding]  # by channel


def channels_of(post: Post) -> list[str]:
    """Where the post may arrive: a repost in homes and lists only; in the square only what is said to everyone."""
    if post.repost_of is not None:
        return ["home"]
    channels = ["home", f"thread:{post.thread_id}"]
    if post.visibility == "public" and not post.author.limited:
        channels += [f"tag:{tag}" for tag in post.tags]
        if post.reply_to_author_id in (None, post.author.id):
            channels.append("public")
    return channels


async def holdings_of(tx: Tx, post: Post, listened: Collection[int]) -> Holdings:
    """Those of the lists that are listened to that hold the author."""
    if not listened:
        return {}
    answered = post.reply_to_author_id or AccountId(0)
    rows: list[Any] = await tx.all(_HOLDING, author=post.author.id, answered=answered, lists=list(listened))
    return {f"list:{one}": Holding(replies, bool(both)) for one, replies, both in rows}


def fitting(post: Post, reader: Reader, taste: Taste, channels: Iterable[str], holdings: Holdings) -> tuple[str, ...]:
    """Those of the channels that show this (judged) post to this reader."""
    return tuple(
        channel
        for channel in channels
        if _shows(post, reader, taste, channel, holdings)
        and not (post.filtered and taste.hides(post, CONTEXTS.get(channel.partition(":")[0], "")))
    )


def _shows(post: Post, reader: Reader, taste: Taste, channel: str, holdings: Holdings) -> bool:
    kind = channel.partition(":")[0]
    if kind == "thread":
        return True
    if reader.muted:
        return False
    if kind == "home":
        apart = post.author.id in taste.apart and post.author.id != taste.account
        near = reader.near and not reader.aside
        return not apart and (near or (bool(taste.tags) and _under_followed(post, taste)))
    if kind == "list":
        return _on_list(post, reader, holdings[channel])
    return True


def _under_followed(post: Post, taste: Taste) -> bool:
    return (
        post.repost_of is None
        and post.visibility == "public"
        and not post.author.limited
        and post.author.id != taste.account
        and not taste.tags.isdisjoint(post.tags)
    )


def _on_list(post: Post, reader: Reader, holding: Holding) -> bool:
    if not reader.near or post.visibility == "mentioned":  # followed, but not for such posts
        return False
    if post.repost_of is not None or post.reply_to_author_id in (None, post.author.id, reader.account):
        return True
    return (holding.replies == "followed" and not reader.aside) or (holding.replies == "list" and holding.answered)


def as_seen(post: Post, reader: Reader) -> Post:
    """The shared post with what differs for this reader."""
    if post.repost_of is not None:
        inner = as_seen(post.repost_of, reader)
        return msgspec.structs.replace(post, repost_of=inner, ties=reader.ties)
    more = reader.carried or post.more
    if reader.sees_parent:
        return msgspec.structs.replace(post, ties=reader.ties, more=more)
    return msgspec.structs.replace(post, ties=reader.ties, more=more, reply_to_id=None, reply_to_author_id=None)
