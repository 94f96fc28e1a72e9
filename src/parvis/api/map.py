"""Every endpoint of the API, listed, and the one route that serves them."""

import functools

from starlette.routing import BaseRoute

from parvis.api import (
    accounts,
    admin_accounts,
    admin_audit,
    admin_domains,
    admin_gate,
    admin_measures,
    admin_reports,
    admin_trends,
    announcements,
    collections,
    consent,
    conversations,
    directory,
    drawings,
    emojis,
    filters,
    filters_v1,
    instance,
    joining,
    later,
    lists,
    mailbox,
    markers,
    media,
    nodeinfo,
    notification_groups,
    notification_policy,
    notifications,
    oauth,
    oembed,
    openapi,
    own,
    polls,
    preferences,
    push,
    quoting,
    regard,
    relations,
    reports,
    scheduled,
    search,
    shelves,
    socket,
    statuses,
    streaming,
    strikes,
    tags,
    timelines,
    translations,
    trends,
    writing,
)
from parvis.api.answer import Answer, encode
from parvis.api.door import Door, House, Urls
from parvis.api.endpoint import Ctx, Endpoint, Endpoints, Mode
from parvis.api.router import ApiRoute
from parvis.api.telling import Teller
from parvis.core.config import Settings

document = Endpoints("instance")

NOUNS: tuple[Endpoints, ...] = (
    oauth.endpoints,
    consent.endpoints,
    joining.endpoints,
    mailbox.endpoints,
    own.endpoints,
    accounts.endpoints,
    relations.endpoints,
    regard.endpoints,
    directory.endpoints,
    statuses.endpoints,
    shelves.endpoints,
    writing.endpoints,
    scheduled.endpoints,
    quoting.endpoints,
    polls.endpoints,
    timelines.endpoints,
    lists.endpoints,
    conversations.endpoints,
    tags.endpoints,
    filters.endpoints,
    filters_v1.endpoints,
    media.endpoints,
    notifications.endpoints,
    notification_groups.endpoints,
    notification_policy.endpoints,
    push.endpoints,
    collections.endpoints,
    later.endpoints,
    markers.endpoints,
    search.endpoints,
    preferences.endpoints,
    streaming.endpoints,
    drawings.endpoints,
    emojis.endpoints,
    oembed.endpoints,
    translations.endpoints,
    trends.endpoints,
    reports.endpoints,
    strikes.endpoints,
    announcements.endpoints,
    admin_accounts.endpoints,
    admin_audit.endpoints,
    admin_reports.endpoints,
    admin_domains.endpoints,
    admin_gate.endpoints,
    admin_measures.endpoints,
    admin_trends.endpoints,
    instance.endpoints,
    nodeinfo.endpoints,
    document,
)


def endpoints() -> tuple[Endpoint, ...]:
    """Every endpoint."""
    return tuple(endpoint for noun in NOUNS for endpoint in noun.all)


@functools.cache
def _document(settings: Settings) -> bytes:
    return encode(openapi.document(settings, endpoints()))


@document.get("/api/parvis/v1/openapi.json", mode=Mode.ALONE, hidden=True)
async def get_document(ctx: Ctx) -> Answer:
    """The OpenAPI document of this API."""
    return Answer(_document(ctx.door.settings))


def routes(door: Door) -> list[BaseRoute]:
    """The API's one route."""
    urls = Urls(door.settings, door.emojis)
    house = House(door, urls, Teller(door, urls))
    listening = socket.Socket(house)
    return [ApiRoute(house, endpoints(), {"/api/v1/streaming": listening, "/api/v1/streaming/": listening})]
