"""NodeInfo 2.0: what serves here, for whoever asks before they speak its language; clients choose a dialect by it."""

import msgspec

from parvis import __version__
from parvis.api.endpoint import Ctx, Endpoints, Mode
from parvis.api.instance import counts_of

endpoints = Endpoints("instance")

SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/2.0"


class Link(msgspec.Struct, frozen=True):
    """Where a document of this schema is."""

    href: str
    rel: str = SCHEMA


class Links(msgspec.Struct, frozen=True):
    """The documents there are."""

    links: tuple[Link, ...]


class Software(msgspec.Struct, frozen=True):
    """What serves here."""

    name: str = "parvis"
    version: str = __version__


class Services(msgspec.Struct, frozen=True):
    """Other networks that are read from or written to: none."""

    inbound: tuple[str, ...] = ()
    outbound: tuple[str, ...] = ()


class Users(msgspec.Struct, frozen=True, rename="camel"):
    """How many members, and how many of them posted within a month."""

    total: int
    active_month: int


class Usage(msgspec.Struct, frozen=True, rename="camel"):
    """How much goes on."""

    users: Users
    local_posts: int


class Upstream(msgspec.Struct, frozen=True):
    """Whose API is spoken."""

    name: str = "mastodon"


class Extra(msgspec.Struct, frozen=True, rename="camel"):
    """What the schema leaves open."""

    node_name: str
    node_description: str
    upstream: Upstream = Upstream()


class NodeInfo(msgspec.Struct, frozen=True, rename="camel"):
    """The document."""

    usage: Usage
    open_registrations: bool
    metadata: Extra
    version: str = "2.0"
    software: Software = Software()
    protocols: tuple[str, ...] = ()  # activitypub, once this instance federates
    services: Services = Services()


@endpoints.get("/.well-known/nodeinfo", mode=Mode.ALONE)
async def get_links(ctx: Ctx) -> Links:
    """Where the document is."""
    return Links((Link(f"{ctx.urls.base}/nodeinfo/2.0"),))


@endpoints.get("/nodeinfo/2.0")
async def get_nodeinfo(ctx: Ctx) -> NodeInfo:
    """What serves here, and how much goes on."""
    counts, settings = await counts_of(ctx), ctx.door.settings
    return NodeInfo(
        usage=Usage(Users(counts.members, counts.active), counts.posts),
        open_registrations=settings.registration == "open",
        metadata=Extra(settings.name, settings.description),
    )
