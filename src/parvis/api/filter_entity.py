"""Filters as Mastodon's clients know them, and what a status has that meets one."""

from typing import Annotated, Literal, cast

import msgspec
from msgspec import UNSET, Meta, UnsetType

from parvis.api.account_entity import Moment
from parvis.core import clock
from parvis.posts.post import Match

FilterContext = Literal["home", "notifications", "public", "thread", "account"]
FilterAction = Literal["warn", "hide", "blur"]


class FilterKeyword(msgspec.Struct, frozen=True):
    """A phrase that a filter looks for."""

    id: str
    keyword: str
    whole_word: bool


class FilterStatus(msgspec.Struct, frozen=True):
    """A status that a filter names."""

    id: str
    status_id: str


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """A filter of the member's."""

    id: str
    title: str
    context: tuple[FilterContext, ...]
    expires_at: Moment | None
    filter_action: FilterAction
    keywords: Annotated[tuple[FilterKeyword, ...] | UnsetType, Meta(description="Not in what was filtered.")] = UNSET
    statuses: tuple[FilterStatus, ...] | UnsetType = UNSET


class FilterResult(msgspec.Struct, frozen=True):
    """A filter that a status meets, and what in it does."""

    filter: Filter
    keyword_matches: tuple[str, ...] | None
    status_matches: tuple[str, ...] | None


def filter_result(match: Match) -> FilterResult:
    """The match."""
    return FilterResult(
        Filter(
            id=str(match.filter_id),
            title=match.title,
            context=cast(tuple[FilterContext, ...], match.contexts),
            expires_at=clock.iso(match.expires_at) if match.expires_at is not None else None,
            filter_action=cast(FilterAction, match.action),
        ),
        match.keywords or None,
        tuple(str(one) for one in match.posts) or None,
    )
