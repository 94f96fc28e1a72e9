"""What a status said before, as Mastodon's clients know it."""

from collections.abc import Sequence
from typing import cast

import msgspec

from parvis.api.account_entity import Account, Emoji, Moment, account_json, emoji_entity
from parvis.api.door import Urls
from parvis.api.media_entity import MediaAttachment, media_entity
from parvis.api.status_entity import Quote, quote_entity
from parvis.core import clock
from parvis.posts.edit import Version
from parvis.posts.post import Post


class EditOption(msgspec.Struct, frozen=True):
    """A possible answer then."""

    title: str


class EditPoll(msgspec.Struct, frozen=True):
    """What a status asked then."""

    options: tuple[EditOption, ...]


class StatusEdit(msgspec.Struct, frozen=True, kw_only=True):
    """A status as it was for a while."""

    content: str
    spoiler_text: str
    sensitive: bool
    created_at: Moment
    account: Account
    media_attachments: tuple[MediaAttachment, ...] = ()
    emojis: tuple[Emoji, ...] = ()
    poll: EditPoll | None = None
    quote: Quote | None = None


def history_entity(post: Post, before: Sequence[Version], urls: Urls) -> tuple[StatusEdit, ...]:
    """All that it said, oldest first; the last is what it says now."""
    more = post.more
    poll = more.poll if more is not None else None
    now = Version(
        post.text,
        post.html,
        post.warning,
        post.sensitive,
        post.media,
        poll.options if poll is not None else None,
        post.edited_at if post.edited_at is not None else post.created_at,
    )
    emojis = tuple(emoji_entity(one, urls) for one in more.emojis) if more is not None else ()
    quote = quote_entity(more.quote, urls) if more is not None and more.quote is not None else None
    return tuple(
        StatusEdit(
            content=urls.html(version.html),
            spoiler_text=version.warning,
            sensitive=version.sensitive,
            created_at=clock.iso(version.said_at),
            account=cast(Account, account_json(post.author, urls)),
            media_attachments=tuple(media_entity(one, urls) for one in version.media),
            emojis=emojis,
            poll=EditPoll(tuple(EditOption(title) for title in version.options)) if version.options else None,
            quote=quote,
        )
        for version in (*before, now)
    )
