"""Hashtags as Mastodon's clients know them."""

from collections.abc import Iterable, Mapping
from typing import Annotated
from urllib.parse import quote

import msgspec
from msgspec import UNSET, Meta, UnsetType

from parvis.api.account_entity import Address
from parvis.api.door import Urls
from parvis.api.endpoint import Ctx
from parvis.core import clock
from parvis.core.ids import moment_of
from parvis.people.accounts import Account
from parvis.timelines import hashtags
from parvis.timelines.hashtags import Bond
from parvis.timelines.trends import Day, weeks_of


class TagHistory(msgspec.Struct, frozen=True):
    """How a hashtag was used on a day."""

    day: str
    uses: str
    accounts: str


class Tag(msgspec.Struct, frozen=True):
    """A hashtag."""

    id: str
    name: str
    url: Address
    history: tuple[TagHistory, ...] = ()
    following: Annotated[bool | UnsetType, Meta(description="For who is signed in.")] = UNSET
    featuring: Annotated[bool | UnsetType, Meta(description="For who is signed in.")] = UNSET


class FeaturedTag(msgspec.Struct, frozen=True):
    """A hashtag on a profile."""

    id: str
    name: str
    url: Address
    statuses_count: str
    last_status_at: str | None


def history_of(week: Iterable[Day]) -> tuple[TagHistory, ...]:
    """A week's counts, today first."""
    return tuple(TagHistory(str(one.day // clock.SECOND), str(one.uses), str(one.accounts)) for one in week)


def tag_entity(name: str, urls: Urls, bond: Bond | None = None, week: Iterable[Day] = ()) -> Tag:
    """The hashtag, its week, and (for who is signed in) how they stand to it."""
    return Tag(
        name,
        name,
        urls.tagged(name),
        history_of(week),
        following=bond.following if bond is not None else UNSET,
        featuring=bond.featuring if bond is not None else UNSET,
    )


async def tag_entities(
    ctx: Ctx, names: Iterable[str], weeks: Mapping[str, Iterable[Day]] | None = None
) -> tuple[Tag, ...]:
    """The hashtags as who asks stands to them, in the order given; their weeks are counted unless they are known."""
    wanted = list(names)
    weeks = await weeks_of(ctx.tx, wanted) if weeks is None else weeks
    bonds = await hashtags.bonds_with(ctx.tx, ctx.viewer, wanted) if ctx.viewer is not None else {}
    return tuple(tag_entity(name, ctx.urls, bonds.get(name), weeks[name]) for name in wanted)


def featured_entity(featured: hashtags.Featured, owner: Account, urls: Urls) -> FeaturedTag:
    """The hashtag on its owner's profile."""
    last = featured.last_post_id
    return FeaturedTag(
        str(featured.id),
        featured.tag,
        f"{urls.profile}{owner.acct}/tagged/{quote(featured.tag)}",
        str(featured.posts_count),
        clock.iso(moment_of(last))[:10] if last is not None else None,
    )
