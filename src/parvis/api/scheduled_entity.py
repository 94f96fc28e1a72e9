"""A scheduled status as Mastodon's clients know it."""

from typing import Annotated

import msgspec
from msgspec import Meta

from parvis.api.account_entity import VISIBILITY, Moment, Visibility
from parvis.api.door import Urls
from parvis.api.media_entity import MediaAttachment, media_entity
from parvis.core import clock
from parvis.posts.scheduled import Scheduled


class ScheduledPoll(msgspec.Struct, frozen=True):
    """The poll that it will have."""

    options: tuple[str, ...]
    expires_in: int
    multiple: bool
    hide_totals: bool


class ScheduledParams(msgspec.Struct, frozen=True, kw_only=True):
    """What was given when it was scheduled."""

    text: str
    poll: ScheduledPoll | None
    media_ids: tuple[str, ...] | None
    sensitive: bool | None
    spoiler_text: str | None
    visibility: Visibility
    in_reply_to_id: Annotated[int | None, Meta(description="A number here, as in Mastodon.")]
    language: str | None
    application_id: int
    scheduled_at: None = None
    idempotency: str | None
    with_rate_limit: bool = False
    quoted_status_id: str | None
    quote_approval_policy: str | None


class ScheduledStatus(msgspec.Struct, frozen=True):
    """A status that is published later."""

    id: str
    scheduled_at: Moment
    params: ScheduledParams
    media_attachments: tuple[MediaAttachment, ...] = ()


def scheduled_entity(kept: Scheduled, urls: Urls) -> ScheduledStatus:
    """The scheduled post."""
    draft = kept.draft
    poll = draft.poll
    return ScheduledStatus(
        str(kept.id),
        clock.iso(kept.publish_at),
        ScheduledParams(
            text=draft.text,
            poll=ScheduledPoll(poll.options, poll.lasts // clock.SECOND, poll.multiple, poll.hide_totals)
            if poll
            else None,
            media_ids=tuple(str(one) for one in draft.media) or None,
            sensitive=draft.sensitive,
            spoiler_text=draft.warning,
            visibility=VISIBILITY[draft.visibility],
            in_reply_to_id=draft.reply_to,
            language=draft.language,
            application_id=kept.app_id or 0,
            idempotency=kept.key,
            quoted_status_id=str(draft.quotes) if draft.quotes is not None else None,
            quote_approval_policy=draft.quote_policy,
        ),
        tuple(media_entity(one, urls) for one in kept.media),
    )
