"""Posts as Mastodon's clients know them (statuses), with Parvis's `origin`, `maker` and, in home, `because`."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal, cast

import msgspec
from msgspec import UNSET, Meta, Raw, UnsetType

from parvis.api.account_entity import (
    VISIBILITY,
    Account,
    Address,
    Emoji,
    Moment,
    Visibility,
    account_json,
    emoji_entity,
)
from parvis.api.answer import encode
from parvis.api.card_entity import PreviewCard, card_entity
from parvis.api.door import Urls
from parvis.api.filter_entity import FilterResult, filter_result
from parvis.api.media_entity import MediaAttachment, media_entity
from parvis.api.poll_entity import Poll, poll_entity
from parvis.core import clock
from parvis.posts import post as posts
from parvis.posts.post import Post
from parvis.timelines.home import Because as Reason

MOST_WRITTEN = 4096  # encoded statuses kept, about 2.5 kB each

Origin = Annotated[
    Literal["human", "assisted", "generated"], Meta(description="Parvis: who wrote or drew it. Set by the system.")
]


class StatusMention(msgspec.Struct, frozen=True):
    """Somebody named in a status."""

    id: str
    username: str
    acct: str
    url: Address


class StatusTag(msgspec.Struct, frozen=True):
    """A hashtag in a status."""

    name: str
    url: Address


class StatusApplication(msgspec.Struct, frozen=True):
    """The app that a status was written with."""

    name: str
    website: str | None = None


class Because(msgspec.Struct, frozen=True):
    """Why a status is in one's home, and the account that it is owed to."""

    kind: Literal["own", "followed", "reposted", "tag"]
    account_id: str
    tag: Annotated[str | UnsetType, Meta(description="The followed hashtag that it is owed to.")] = UNSET


class QuoteApproval(msgspec.Struct, frozen=True):
    """Who may quote a status, and whether the caller may."""

    automatic: tuple[Literal["public", "followers", "following", "unsupported_policy"], ...]
    manual: tuple[Literal["public", "followers", "following", "unsupported_policy"], ...]
    current_user: Literal["automatic", "manual", "denied", "unknown"]


class Quote(msgspec.Struct, frozen=True):
    """What a status quotes, if it may be shown; within a quoted status, only its id."""

    state: Literal[
        "pending",
        "accepted",
        "rejected",
        "revoked",
        "deleted",
        "unauthorized",
        "blocked_account",
        "blocked_domain",
        "muted_account",
    ]
    quoted_status: "Status | UnsetType | None" = UNSET
    quoted_status_id: str | UnsetType | None = UNSET


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """A post, a reply, or (with `reblog`) a repost."""

    id: str
    created_at: Moment
    edited_at: Moment | None = None
    in_reply_to_id: str | None = None
    in_reply_to_account_id: str | None = None
    sensitive: bool
    spoiler_text: str
    visibility: Visibility
    language: str | None
    uri: Address
    url: Address
    replies_count: int
    reblogs_count: int
    favourites_count: int
    quotes_count: int = 0
    content: Annotated[str, Meta(description="Safe HTML.")]
    reblog: "Status | None" = None
    application: StatusApplication | None = None
    account: Account
    media_attachments: tuple[MediaAttachment, ...] = ()
    mentions: tuple[StatusMention, ...] = ()
    tags: tuple[StatusTag, ...] = ()
    emojis: tuple[Emoji, ...] = ()
    card: PreviewCard | None = None
    poll: Poll | None = None
    quote: Quote | None = None
    quote_approval: QuoteApproval | None = None
    favourited: bool | UnsetType = UNSET
    reblogged: bool | UnsetType = UNSET
    muted: Annotated[bool | UnsetType, Meta(description="Whether its conversation is.")] = UNSET
    bookmarked: bool | UnsetType = UNSET
    pinned: Annotated[bool | UnsetType, Meta(description="Only where the caller could pin it.")] = UNSET
    filtered: tuple[FilterResult, ...] | UnsetType = UNSET
    origin: Origin
    maker: Annotated[str, Meta(description="Parvis: the model that made or helped it; empty when human.")] = ""
    because: Annotated[Because | UnsetType, Meta(description="Parvis, in home: why it is there.")] = UNSET
    text: Annotated[str | UnsetType, Meta(description="The words as written; only when deleted.")] = UNSET


class Context(msgspec.Struct, frozen=True):
    """What came before a status in its thread, and after."""

    ancestors: tuple[Status, ...]
    descendants: tuple[Status, ...]


class StatusSource(msgspec.Struct, frozen=True):
    """A status as its author wrote it."""

    id: str
    text: str
    spoiler_text: str


_APPROVALS = {
    (policy, quotable): QuoteApproval(
        (policy,) if policy in ("public", "followers") else (),  # type: ignore[arg-type] # its own words
        (),
        "automatic" if quotable else "denied",
    )
    for policy in posts.QUOTE_POLICIES
    for quotable in (True, False)
}
"""What is told of who may quote."""


def quote_entity(quote: posts.Quote, urls: Urls, *, shallow: bool = False) -> Quote:
    """What a post quotes; a `shallow` one only names it."""
    state = cast(Any, quote.state)
    if shallow:
        return Quote(state, quoted_status_id=str(quote.quoted_id) if quote.post is not None else None)
    return Quote(state, quoted_status=status_entity(quote.post, urls, shallow=True) if quote.post is not None else None)


def status_entity(
    post: Post,
    urls: Urls,
    *,
    because: Because | UnsetType = UNSET,
    text: str | UnsetType = UNSET,
    shallow: bool = False,
) -> Status:
    """The post as its viewer (who was named when it was read) sees it; a `shallow` one only names what it quotes."""
    author = post.author
    more = post.more
    ties = post.ties
    known = not ties & posts.SIGNED_OUT
    proper = post.repost_of or post
    emojis = tuple(emoji_entity(emoji, urls) for emoji in more.emojis) if more is not None and more.emojis else ()
    identifier = str(post.id)
    address = f"{urls.profile}{author.acct}/{identifier}"
    return Status(
        id=identifier,
        created_at=clock.iso(post.created_at),
        edited_at=clock.iso(post.edited_at) if post.edited_at else None,
        in_reply_to_id=str(post.reply_to_id) if post.reply_to_id else None,
        in_reply_to_account_id=str(post.reply_to_author_id) if post.reply_to_author_id else None,
        sensitive=post.sensitive,
        spoiler_text=post.warning,
        visibility=VISIBILITY[post.visibility],
        language=post.language,
        uri=address,
        url=address,
        replies_count=post.replies_count,
        reblogs_count=post.reposts_count,
        favourites_count=post.likes_count,
        quotes_count=more.quotes_count if more is not None else 0,
        content=urls.html(post.html),
        reblog=status_json(post.repost_of, urls) if post.repost_of is not None else None,
        application=StatusApplication(post.app_name, post.app_website or None) if post.app_name else None,
        account=cast(Account, account_json(author, urls)),
        media_attachments=tuple(media_entity(media, urls) for media in post.media) if post.media else (),
        mentions=tuple(
            StatusMention(str(mention.id), mention.handle, mention.acct, urls.profile + mention.acct)
            for mention in post.mentions
        )
        if post.mentions
        else (),
        tags=tuple(StatusTag(tag, urls.tagged(tag)) for tag in post.tags) if post.tags else (),
        emojis=emojis,
        card=card_entity(more.card, urls) if more is not None and more.card is not None else None,
        poll=poll_entity(more.poll, ties, emojis) if more is not None and more.poll is not None else None,
        quote=quote_entity(more.quote, urls, shallow=shallow) if more is not None and more.quote is not None else None,
        quote_approval=_APPROVALS[proper.quote_policy, proper.quotable],
        favourited=post.liked if known else UNSET,
        reblogged=post.reposted if known else UNSET,
        muted=post.muted if known else UNSET,
        bookmarked=post.bookmarked if known else UNSET,
        pinned=post.pinned if ties & posts.OWN and post.repost_of is None and post.visibility != "mentioned" else UNSET,
        filtered=(tuple(filter_result(match) for match in post.filtered) if post.filtered else ()) if known else UNSET,
        origin=cast(Origin, post.origin),
        maker=post.maker,
        because=because,
        text=text,
    )


_written: dict[tuple[object, ...], Raw] = {}


def status_json(post: Post, urls: Urls, because: Because | UnsetType = UNSET) -> Status:
    """The same, already encoded: a feed's posts are read by many, and seldom change between two readers.

    What is not in the key is what only an edit changes, and an edit changes `edited_at`.
    """
    if post.repost_of is not None or post.more is not None:
        return status_entity(post, urls, because=because)
    key = (
        urls,
        post.id,
        post.edited_at,
        post.likes_count,
        post.reposts_count,
        post.replies_count,
        post.ties,
        post.filtered,
        post.reply_to_id,
        post.reply_to_author_id,
        post.author,
        urls.emojis.version,
        because,
    )
    found = _written.get(key)
    if found is None:
        found = Raw(encode(status_entity(post, urls, because=because)))
        if len(_written) >= MOST_WRITTEN:
            del _written[next(iter(_written))]  # the oldest
        _written[key] = found
    return cast(Status, found)


def because_entity(reason: Reason) -> Because:
    """Why a status is in home."""
    return Because(cast(Any, reason.kind), str(reason.account), reason.tag or UNSET)


def status_entities(posts: Iterable[Post], urls: Urls) -> tuple[Status, ...]:
    """Several, in the order given."""
    return tuple(status_json(post, urls) for post in posts)
