"""The instance: what it is, what it allows, and that it lives."""

import functools
from typing import Annotated
from weakref import WeakKeyDictionary

import msgspec
from babel import Locale
from msgspec import Meta
from sqlalchemy import BigInteger, bindparam, func, select

from parvis.api.answer import TEXT, Answer
from parvis.api.endpoint import Ctx, Endpoints, Mode
from parvis.api.instance_entity import (
    DomainBlock,
    ExtendedDescription,
    Instance,
    InstanceV1,
    Language,
    Present,
    PrivacyPolicy,
    Rule,
    TermsOfService,
    Week,
    instance_entity,
    instance_v1_entity,
    rule_entity,
)
from parvis.core import clock, errors
from parvis.core.words import TONGUES, chosen_language
from parvis.moderation import activity, domains, house
from parvis.notifications import push_keys
from parvis.people.accounts import find_by_handle
from parvis.store.database import Store
from parvis.store.statement import Statement
from parvis.store.tables import accounts
from parvis.studio.translating import is_offered

endpoints = Endpoints("instance")

FRESH = clock.MINUTE
MONTH = 30 * clock.DAY

COUNTS = Statement(
    select(
        select(func.count()).select_from(accounts).where(accounts.c.domain == "").scalar_subquery(),
        select(func.count())
        .select_from(accounts)
        .where(accounts.c.domain == "", accounts.c.last_post_at > bindparam("since", type_=BigInteger))
        .scalar_subquery(),
        select(func.coalesce(func.sum(accounts.c.posts_count), 0)).where(accounts.c.domain == "").scalar_subquery(),
    ),
    slow=True,
)


class Counts(msgspec.Struct, frozen=True):
    """How many members, how many of them posted within a month, how many posts."""

    members: int
    active: int
    posts: int


_known: WeakKeyDictionary[Store, tuple[int, Counts]] = WeakKeyDictionary()


async def counts_of(ctx: Ctx) -> Counts:
    """The instance's counts, at most a minute old: counting reads every account."""
    store, tx = ctx.door.store, ctx.tx
    moment, counts = _known.get(store, (0, None))
    if counts is None or moment + FRESH < tx.now:
        members, active, written = await tx.one(COUNTS, since=tx.now - MONTH)
        counts = Counts(members, active, int(written))
        _known[store] = (tx.now, counts)
    return counts


async def _present(ctx: Ctx) -> Present:
    counts = await counts_of(ctx)
    handle = ctx.door.settings.contact_account
    return Present(
        counts.active,
        counts.members,
        counts.posts,
        len(await domains.peers(ctx.tx)),
        await house.rules_of(ctx.tx),
        await find_by_handle(ctx.tx, handle) if handle else None,
        await push_keys.public_key(ctx.tx),
        is_offered(ctx.door.models.text),
    )


@endpoints.get("/api/v2/instance")
async def get_instance(ctx: Ctx) -> Instance:
    """What this instance is and allows."""
    return instance_entity(ctx.door.settings, ctx.urls, await _present(ctx))


@endpoints.get("/api/v1/instance")
async def get_instance_v1(ctx: Ctx) -> InstanceV1:
    """The same, as older clients know it."""
    return instance_v1_entity(ctx.door.settings, ctx.urls, await _present(ctx))


@endpoints.get("/api/v1/instance/peers")
async def get_peers(ctx: Ctx) -> tuple[str, ...]:
    """The other instances of which this one knows accounts."""
    return tuple(await domains.peers(ctx.tx))


@endpoints.get("/api/v1/instance/rules")
async def get_rules(ctx: Ctx) -> tuple[Rule, ...]:
    """The rules of the house."""
    return tuple(rule_entity(rule) for rule in await house.rules_of(ctx.tx))


@endpoints.get("/api/v1/instance/extended_description", headers=("Accept-Language",))
async def get_extended_description(ctx: Ctx) -> ExtendedDescription:
    """What the operators say of the place, in the reader's language where it is written in it."""
    words = await house.text_of(ctx.tx, "about", _language(ctx))
    return ExtendedDescription(clock.iso(words.updated_at), words.html)


@endpoints.get("/api/v1/instance/privacy_policy", headers=("Accept-Language",))
async def get_privacy_policy(ctx: Ctx) -> PrivacyPolicy:
    """What is kept of members, and who sees it."""
    words = await house.text_of(ctx.tx, "privacy", _language(ctx))
    return PrivacyPolicy(clock.iso(words.updated_at), words.html)


def _terms(ctx: Ctx, words: house.Words) -> TermsOfService:
    return TermsOfService(words.day, words.day <= house.today(ctx.tx), words.html, words.next_day)


@endpoints.get("/api/v1/instance/terms_of_service", headers=("Accept-Language",))
async def get_terms(ctx: Ctx) -> TermsOfService:
    """What members agree to now."""
    return _terms(ctx, await house.text_of(ctx.tx, "terms", _language(ctx)))


class Dated(msgspec.Struct, frozen=True):
    """A day."""

    date: Annotated[str, Meta(pattern=r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]


@endpoints.get("/api/v1/instance/terms_of_service/{date}", headers=("Accept-Language",), refuses=(404,))
async def get_terms_of_day(ctx: Ctx, given: Dated) -> TermsOfService:
    """What members agreed to, or will, since a day."""
    return _terms(ctx, await house.terms_on(ctx.tx, given.date, _language(ctx)))


def _language(ctx: Ctx) -> str:
    accepted = ctx.header(b"accept-language") or (ctx.viewer.language if ctx.viewer else "")
    return chosen_language(accepted, ctx.door.settings.language)


@endpoints.get("/api/v1/instance/domain_blocks", scope="read", who="anyone", refuses=(401, 404))
async def list_public_domain_blocks(ctx: Ctx) -> tuple[DomainBlock, ...]:
    """The servers that this one bars, for whom the operator lets read of them."""
    shown_to = ctx.door.settings.barred_servers
    if shown_to == "nobody":
        raise errors.NotFound("The page you were looking for doesn't exist.")
    if shown_to == "members" and ctx.viewer is None:
        raise errors.Unauthenticated("This method requires an authenticated user")
    return tuple(
        DomainBlock(
            one.shown,
            one.digest,
            "suspend" if one.severity == "suspend" else "silence",
            one.public_comment or None,
        )
        for one in await domains.public_list(ctx.tx)
    )


@functools.cache
def _tongues() -> tuple[Language, ...]:
    return tuple(Language(code, Locale.parse(code).get_display_name("en") or code) for code in TONGUES)


@endpoints.get("/api/v1/instance/languages")
async def list_languages(_ctx: Ctx) -> tuple[Language, ...]:
    """The languages that a status may be said to be in."""
    return _tongues()


_weeks: WeakKeyDictionary[Store, tuple[int, tuple[Week, ...]]] = WeakKeyDictionary()


@endpoints.get("/api/v1/instance/activity")
async def get_activity(ctx: Ctx) -> tuple[Week, ...]:
    """Statuses, active members and registrations of the last twelve weeks, counted once an hour."""
    moment, weeks = _weeks.get(ctx.door.store, (0, ()))
    if not weeks or moment + clock.HOUR < ctx.tx.now:
        weeks = tuple(
            Week(str(one.start // clock.SECOND), str(one.posts), str(one.active), str(one.joined))
            for one in await activity.weeks(ctx.tx)
        )
        _weeks[ctx.door.store] = (ctx.tx.now, weeks)
    return weeks


@endpoints.get("/health", mode=Mode.ALONE, media_type="text/plain")
async def get_health(_ctx: Ctx) -> Answer:
    """OK, when the server serves."""
    return Answer(b"OK", media_type=TEXT)
