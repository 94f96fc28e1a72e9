"""Writing: statuses published, scheduled and edited, and what clients send for it, in Mastodon's words."""

import datetime as dt
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from parvis.api.account_entity import Account, account_entity
from parvis.api.answer import Answer, encode
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id, Language, LongText, Sentence
from parvis.api.scheduled_entity import ScheduledStatus, scheduled_entity
from parvis.api.status_entity import Status, status_entity
from parvis.core import errors
from parvis.core.ids import AccountId, MediaId, PostId
from parvis.people.accounts import accounts_by_ids
from parvis.people.preferences import preferences_of
from parvis.posts import edit, prose, publish, scheduled, visibility
from parvis.posts.drafts import Draft, PollDraft
from parvis.posts.retouches import Retouch

endpoints = Endpoints("statuses")

VISIBILITIES = {"public": "public", "unlisted": "unlisted", "private": "followers", "direct": "mentioned"}
SECOND = 1000

Policy = Literal["public", "followers", "nobody"]
Seconds = Annotated[int, Meta(ge=0, le=10 * 366 * 86400)]
Moment = Annotated[str, Meta(max_length=40, description="RFC 3339.")]


class NewPoll(msgspec.Struct, frozen=True):
    """A question's possible answers, and for how many seconds they can be chosen."""

    options: Annotated[tuple[Sentence, ...], Meta(max_length=40)] = ()
    expires_in: Seconds = 0
    multiple: bool = False
    hide_totals: bool = False

    def draft(self) -> PollDraft:
        """The same in Parvis's words."""
        return PollDraft(self.options, self.expires_in * SECOND, self.multiple, self.hide_totals)


class Retouched(msgspec.Struct, frozen=True):
    """What to say of a picture from now on."""

    id: Id
    description: Sentence | None = None
    focus: Annotated[str, Meta(max_length=40, description="`x,y`, each from -1 to 1.")] | None = None

    def retouch(self) -> Retouch:
        """The same in Parvis's words."""
        focus = None
        if self.focus:
            try:
                x, _, y = self.focus.partition(",")
                focus = max(-1.0, min(1.0, float(x))), max(-1.0, min(1.0, float(y)))
            except ValueError:
                raise errors.Invalid("The focus lies between -1 and 1 on both axes.", field="focus") from None
        return Retouch(MediaId(int(self.id)), self.description, focus)


class NewStatus(msgspec.Struct, frozen=True):
    """What to say."""

    status: LongText = ""
    media_ids: Annotated[tuple[Id, ...], Meta(max_length=16)] = ()
    poll: NewPoll | None = None
    in_reply_to_id: Id | None = None
    sensitive: bool | None = None
    spoiler_text: Sentence = ""
    visibility: Literal["public", "unlisted", "private", "direct"] | None = None
    language: Language | None = None
    scheduled_at: Moment | None = None
    quoted_status_id: Id | None = None
    quote_approval_policy: Policy | None = None
    allowed_mentions: Annotated[tuple[Id, ...], Meta(max_length=100)] | None = None


class ChangedStatus(msgspec.Struct, frozen=True):
    """What it should say from now on; what is left out is gone from it."""

    id: Id
    status: LongText = ""
    media_ids: Annotated[tuple[Id, ...], Meta(max_length=16)] = ()
    media_attributes: Annotated[tuple[Retouched, ...], Meta(max_length=16)] = ()
    poll: NewPoll | None = None
    sensitive: bool = False
    spoiler_text: Sentence = ""
    language: Language | None = None
    quote_approval_policy: Policy | None = None


class Unexpected(msgspec.Struct, frozen=True):
    """Whom a status would have named that its author did not expect."""

    error: str
    unexpected_accounts: tuple[Account, ...]


def moment_of(text: str) -> int:
    """A moment as clients write it, in ms; one without a zone is UTC.

    Raises:
        Invalid: it is none.
    """
    try:
        moment = dt.datetime.fromisoformat(text.strip())
        return int((moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp() * SECOND)
    except (ValueError, OverflowError):
        raise errors.Invalid("Record invalid", field="scheduled_at") from None


def _words(text: str, warning: str) -> tuple[str, str]:
    """The words and the warning; a warning alone is what there is to say."""
    return (warning, "") if warning and not text.strip() else (text, warning)


async def _drafted(ctx: Ctx, given: NewStatus) -> Draft:
    """What is given, and where nothing is, what the member prefers."""
    preferred = await preferences_of(ctx.tx, ctx.member.id)
    text, warning = _words(given.status, given.spoiler_text)
    sensitive = preferred.sensitive if given.sensitive is None else given.sensitive
    allowed = given.allowed_mentions
    return Draft(
        text=text,
        media=tuple(MediaId(int(one)) for one in given.media_ids),
        reply_to=PostId(int(given.in_reply_to_id)) if given.in_reply_to_id else None,
        visibility=VISIBILITIES[given.visibility] if given.visibility else preferred.visibility,
        warning=warning,
        sensitive=sensitive or bool(given.spoiler_text),
        language=given.language or preferred.language or ctx.member.language or None,
        poll=given.poll.draft() if given.poll else None,
        quotes=PostId(int(given.quoted_status_id)) if given.quoted_status_id else None,
        quote_policy=given.quote_approval_policy or preferred.quotes,
        allowed=None if allowed is None else tuple(AccountId(int(one)) for one in allowed),
    )


@endpoints.post(
    "/api/v1/statuses",
    scope="write:statuses",
    headers=("Idempotency-Key",),
    refuses=(403, 404, 409, 413),
    output=Status,
    otherwise=ScheduledStatus,
)
async def create_status(ctx: Ctx, given: NewStatus) -> Status | ScheduledStatus | Answer:
    """Publish a status, or schedule it; the same Idempotency-Key within a day gives the same one."""
    try:
        return await _create(ctx, given)
    except prose.Unexpected as unexpected:  # nothing is written yet
        found = await accounts_by_ids(ctx.tx, unexpected.accounts)
        named = tuple(account_entity(found[one], ctx.urls) for one in unexpected.accounts)
        return Answer(encode(Unexpected(str(unexpected), named)), unexpected.status)


async def _create(ctx: Ctx, given: NewStatus) -> Status | ScheduledStatus:
    draft = await _drafted(ctx, given)
    options: dict[str, Any] = {
        "app_id": ctx.access.app_id if ctx.access else None,
        "key": ctx.header(b"idempotency-key") or None,
        "settings": ctx.door.settings,
    }
    moment = moment_of(given.scheduled_at) if given.scheduled_at else 0
    if moment > ctx.tx.now:
        kept = await scheduled.schedule(ctx.tx, ctx.member, draft, moment, **options)
        return scheduled_entity(kept, ctx.urls)
    post = await publish.publish(ctx.tx, ctx.member, draft, **options)
    return status_entity(await visibility.get_post(ctx.tx, ctx.member, post), ctx.urls)


@endpoints.put("/api/v1/statuses/{id}", scope="write:statuses", refuses=(403, 413))
async def edit_status(ctx: Ctx, given: ChangedStatus) -> Status:
    """Have one's own status say something else; what it said before is kept in its history."""
    text, warning = _words(given.status, given.spoiler_text)
    revision = edit.Revision(
        text=text,
        media=tuple(MediaId(int(one)) for one in given.media_ids),
        warning=warning,
        sensitive=given.sensitive or bool(given.spoiler_text),
        language=given.language,
        poll=given.poll.draft() if given.poll else None,
        quote_policy=given.quote_approval_policy,
        retouches=tuple(one.retouch() for one in given.media_attributes),
    )
    post_id = PostId(int(given.id))
    await edit.edit(ctx.tx, ctx.member, post_id, revision, settings=ctx.door.settings)
    return status_entity(await visibility.get_post(ctx.tx, ctx.member, post_id), ctx.urls)
