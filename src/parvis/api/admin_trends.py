"""What may trend, for moderators: hashtags, statuses, links and their publishers, each approved or rejected."""

import base64
import binascii
from collections.abc import Iterable
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from msgspec import Meta

from parvis.api.account_entity import Moment
from parvis.api.card_entity import PreviewCard, card_entity
from parvis.api.door import Urls
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.status_entity import Status, status_entity
from parvis.core import clock
from parvis.core.ids import PostId
from parvis.moderation import taxonomy
from parvis.moderation.taxonomy import Verdict
from parvis.posts import visibility

endpoints = Endpoints("admin")

READ, WRITE = "admin:read", "admin:write"

Name = Annotated[str, Meta(min_length=1, max_length=100)]
LinkId = Annotated[str, Meta(min_length=1, max_length=3000, pattern=r"\A[A-Za-z0-9_-]+\Z")]


class Listed(msgspec.Struct, frozen=True):
    """How many, beginning where."""

    limit: Annotated[int, Meta(ge=1, le=taxonomy.MOST)] = 20
    offset: Annotated[int, Meta(ge=0, le=10_000)] = 0


class TagsListed(msgspec.Struct, frozen=True):
    """Which hashtags: those after this one, by name."""

    limit: Annotated[int, Meta(ge=1, le=taxonomy.MOST)] = 100
    max_id: Annotated[str, Meta(max_length=100)] = ""


class OneTag(msgspec.Struct, frozen=True):
    """A hashtag by its id, which is its name."""

    id: Name


class OneStatus(msgspec.Struct, frozen=True):
    """A status."""

    id: Id


class OneLink(msgspec.Struct, frozen=True):
    """A link by its id."""

    id: LinkId


class OnePublisher(msgspec.Struct, frozen=True):
    """A publisher by its host."""

    id: Annotated[str, Meta(min_length=1, max_length=253)]


class TagChange(msgspec.Struct, frozen=True):
    """What is decided of a hashtag; what is left out stays."""

    id: Name
    trendable: bool | None = None
    usable: bool | None = None
    listable: bool | None = None
    display_name: Name | None = None


class TagDay(msgspec.Struct, frozen=True):
    """How it was used on a day."""

    day: Annotated[str, Meta(description="Its beginning, in seconds since 1970.")]
    accounts: str
    uses: str


class AdminTag(msgspec.Struct, frozen=True, kw_only=True):
    """A hashtag as moderators see it."""

    id: str
    name: str
    url: str
    history: tuple[TagDay, ...]
    trendable: bool
    usable: bool
    listable: bool
    requires_review: bool


class TrendStatus(Status, frozen=True, kw_only=True):
    """A status that may trend."""

    requires_review: bool


class TrendLink(PreviewCard, frozen=True, kw_only=True):
    """A link that may trend."""

    id: str
    history: tuple[TagDay, ...]
    requires_review: bool


class Publisher(msgspec.Struct, frozen=True, kw_only=True):
    """A host whose pages are linked to."""

    id: str
    domain: str
    trendable: bool | None
    reviewed_at: Moment | None
    requested_review_at: Moment | None = None
    requires_review: bool


def _unjudged(verdict: Verdict | None) -> bool:
    return verdict is None or verdict.trendable is None


def _days(history: Iterable[taxonomy.Day]) -> tuple[TagDay, ...]:
    return tuple(TagDay(str(one.day // clock.SECOND), str(one.accounts), str(one.uses)) for one in history)


def _tag(tag: taxonomy.Tag, urls: Urls) -> AdminTag:
    verdict = tag.verdict
    return AdminTag(
        id=tag.name,
        name=tag.name,
        url=urls.tagged(tag.name),
        history=_days(tag.history),
        trendable=bool(verdict and verdict.trendable),
        usable=verdict.usable if verdict else True,
        listable=verdict.listable if verdict else True,
        requires_review=_unjudged(verdict),
    )


def _link(link: taxonomy.Link, urls: Urls) -> TrendLink:
    return TrendLink(
        **msgspec.structs.asdict(card_entity(link.card, urls)),
        id=base64.urlsafe_b64encode(link.card.url.encode()).decode().rstrip("="),
        history=_days(link.history),
        requires_review=_unjudged(link.verdict),
    )


def _publisher(publisher: taxonomy.Publisher) -> Publisher:
    verdict = publisher.verdict
    return Publisher(
        id=publisher.host,
        domain=publisher.host,
        trendable=verdict.trendable if verdict else None,
        reviewed_at=clock.iso(verdict.judged_at) if verdict else None,
        requires_review=_unjudged(verdict),
    )


async def _statuses(ctx: Ctx, ids: list[PostId]) -> tuple[TrendStatus, ...]:
    seen = await visibility.seen_by(ctx.tx, ctx.member, ids)
    given = await taxonomy.verdicts_on(ctx.tx, "post", [str(post) for post in ids])
    return tuple(
        TrendStatus(
            **msgspec.structs.asdict(status_entity(seen[post], ctx.urls)),
            requires_review=_unjudged(given.get(str(post))),
        )
        for post in ids
        if post in seen
    )


@endpoints.get("/api/v1/admin/trends/tags", scope=READ)
async def list_trending_tags(ctx: Ctx, given: Listed) -> tuple[AdminTag, ...]:
    """Hashtags much used lately, approved or not."""
    found = await taxonomy.used_lately(ctx.tx, ctx.member, given.limit, given.offset)
    return tuple(_tag(tag, ctx.urls) for tag in found)


async def _judge_tag(ctx: Ctx, name: str, **decided: Any) -> AdminTag:
    tag = await taxonomy.get_tag(ctx.tx, ctx.member, name)
    await taxonomy.judge(ctx.tx, ctx.member, "tag", tag.name, **decided)
    return _tag(await taxonomy.get_tag(ctx.tx, ctx.member, name), ctx.urls)


@endpoints.post("/api/v1/admin/trends/tags/{id}/approve", scope=WRITE, refuses=(404,))
async def approve_tag(ctx: Ctx, given: OneTag) -> AdminTag:
    """Let a hashtag trend."""
    return await _judge_tag(ctx, given.id, trendable=True)


@endpoints.post("/api/v1/admin/trends/tags/{id}/reject", scope=WRITE, refuses=(404,))
async def reject_tag(ctx: Ctx, given: OneTag) -> AdminTag:
    """Keep a hashtag from trending."""
    return await _judge_tag(ctx, given.id, trendable=False)


@endpoints.get("/api/v1/admin/trends/statuses", scope=READ)
async def list_trending_statuses(ctx: Ctx, given: Listed) -> tuple[TrendStatus, ...]:
    """Statuses much liked and passed on lately, approved or not."""
    return await _statuses(ctx, await taxonomy.liked_lately(ctx.tx, ctx.member, given.limit, given.offset))


async def _judge_status(ctx: Ctx, post_id: str, *, trendable: bool) -> TrendStatus:
    post = await taxonomy.judge_post(ctx.tx, ctx.member, PostId(int(post_id)), trendable=trendable)
    (status,) = await _statuses(ctx, [post])
    return status


@endpoints.post("/api/v1/admin/trends/statuses/{id}/approve", scope=WRITE, refuses=(404,))
async def approve_status(ctx: Ctx, given: OneStatus) -> TrendStatus:
    """Let a status trend."""
    return await _judge_status(ctx, given.id, trendable=True)


@endpoints.post("/api/v1/admin/trends/statuses/{id}/reject", scope=WRITE, refuses=(404,))
async def reject_status(ctx: Ctx, given: OneStatus) -> TrendStatus:
    """Keep a status from trending."""
    return await _judge_status(ctx, given.id, trendable=False)


@endpoints.get("/api/v1/admin/trends/links", scope=READ)
async def list_trending_links(ctx: Ctx, given: Listed) -> tuple[TrendLink, ...]:
    """Pages much linked to lately, approved or not."""
    found = await taxonomy.linked_lately(ctx.tx, ctx.member, given.limit, given.offset)
    return tuple(_link(link, ctx.urls) for link in found)


def _url(link_id: str) -> str:
    """The address that an id was made from; none for one that was not."""
    try:
        return base64.urlsafe_b64decode(link_id + "=" * (-len(link_id) % 4)).decode()
    except (binascii.Error, ValueError):
        return ""


@endpoints.post("/api/v1/admin/trends/links/{id}/approve", scope=WRITE, refuses=(404,))
async def approve_link(ctx: Ctx, given: OneLink) -> TrendLink:
    """Let a page trend."""
    return _link(await taxonomy.judge_link(ctx.tx, ctx.member, _url(given.id), trendable=True), ctx.urls)


@endpoints.post("/api/v1/admin/trends/links/{id}/reject", scope=WRITE, refuses=(404,))
async def reject_link(ctx: Ctx, given: OneLink) -> TrendLink:
    """Keep a page from trending."""
    return _link(await taxonomy.judge_link(ctx.tx, ctx.member, _url(given.id), trendable=False), ctx.urls)


@endpoints.get("/api/v1/admin/trends/links/publishers", scope=READ)
async def list_publishers(ctx: Ctx, given: Listed) -> tuple[Publisher, ...]:
    """Hosts whose pages were linked to lately, approved or not."""
    found = await taxonomy.publishers_lately(ctx.tx, ctx.member, given.limit + given.offset)
    return tuple(_publisher(publisher) for publisher in found[given.offset :])


async def _judge_publisher(ctx: Ctx, host: str, *, trendable: bool) -> Publisher:
    name = host.lower()
    verdict = await taxonomy.judge(ctx.tx, ctx.member, "publisher", name, trendable=trendable)
    return _publisher(taxonomy.Publisher(name, verdict))


@endpoints.post("/api/v1/admin/trends/links/publishers/{id}/approve", scope=WRITE)
async def approve_publisher(ctx: Ctx, given: OnePublisher) -> Publisher:
    """Let a host's pages trend."""
    return await _judge_publisher(ctx, given.id, trendable=True)


@endpoints.post("/api/v1/admin/trends/links/publishers/{id}/reject", scope=WRITE)
async def reject_publisher(ctx: Ctx, given: OnePublisher) -> Publisher:
    """Keep a host's pages from trending."""
    return await _judge_publisher(ctx, given.id, trendable=False)


@endpoints.get("/api/v1/admin/tags", scope=READ, pages=True)
async def list_tags(ctx: Ctx, given: TagsListed) -> tuple[AdminTag, ...]:
    """Every hashtag, by name."""
    found = await taxonomy.tags(ctx.tx, ctx.member, given.max_id, given.limit)
    if len(found) == given.limit:
        following = f'<{ctx.path}?limit={given.limit}&max_id={quote(found[-1].name)}>; rel="next"'
        ctx.headers.append((b"link", following.encode("latin-1")))
    return tuple(_tag(tag, ctx.urls) for tag in found)


@endpoints.get("/api/v1/admin/tags/{id}", scope=READ, refuses=(404,))
async def get_admin_tag(ctx: Ctx, given: OneTag) -> AdminTag:
    """One hashtag as moderators see it."""
    return _tag(await taxonomy.get_tag(ctx.tx, ctx.member, given.id), ctx.urls)


@endpoints.put("/api/v1/admin/tags/{id}", scope=WRITE, refuses=(404,))
async def update_tag(ctx: Ctx, given: TagChange) -> AdminTag:
    """Decide whether a hashtag may trend, be used, and be found."""
    return await _judge_tag(ctx, given.id, trendable=given.trendable, usable=given.usable, listable=given.listable)
