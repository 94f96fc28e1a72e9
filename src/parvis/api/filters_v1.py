"""Filters, version 1: every keyword of one's filters as a filter of its own, as older clients know them."""

from typing import cast

import msgspec
from msgspec import UNSET, UnsetType

from parvis.api.account_entity import Moment
from parvis.api.answer import Empty
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.api.filter_entity import FilterContext
from parvis.api.filters import Contexts, Lifetime, One, Phrase, life
from parvis.core import clock
from parvis.core.errors import Invalid
from parvis.timelines import filters
from parvis.timelines.filters import Filter, Keyword, KeywordWish, Wish

endpoints = Endpoints("filters")


class V1Filter(msgspec.Struct, frozen=True):
    """A phrase that one does not want to meet."""

    id: str
    phrase: str
    context: tuple[FilterContext, ...]
    whole_word: bool
    expires_at: Moment | None
    irreversible: bool


class NewV1Filter(msgspec.Struct, frozen=True):
    """A phrase to filter."""

    phrase: Phrase = ""
    context: Contexts = ()
    irreversible: bool = False
    whole_word: bool = True
    expires_in: Lifetime | None = None


class V1FilterChange(msgspec.Struct, frozen=True):
    """What of it should change."""

    id: Id
    phrase: Phrase | None = None
    context: Contexts | None = None
    irreversible: bool | None = None
    whole_word: bool | None = None
    expires_in: Lifetime | UnsetType | None = UNSET


def _entity(one: Filter, keyword: Keyword) -> V1Filter:
    return V1Filter(
        str(keyword.id),
        keyword.keyword,
        cast(tuple[FilterContext, ...], one.contexts),
        keyword.whole_word,
        clock.iso(one.expires_at) if one.expires_at is not None else None,
        one.action == "hide",
    )


async def _get(ctx: Ctx, given: str) -> tuple[Filter, Keyword]:
    keyword = await filters.get_keyword(ctx.tx, ctx.member, int(given))
    return await filters.get_filter(ctx.tx, ctx.member, keyword.filter_id), keyword


@endpoints.get("/api/v1/filters", scope="read:filters")
async def get_filters_v1(ctx: Ctx) -> tuple[V1Filter, ...]:
    """One's filters, a keyword each."""
    found = await filters.filters_of(ctx.tx, ctx.member.id)
    return tuple(_entity(one, keyword) for one in found for keyword in one.keywords)


@endpoints.post("/api/v1/filters", scope="write:filters")
async def create_filter_v1(ctx: Ctx, given: NewV1Filter) -> V1Filter:
    """Filter a phrase."""
    wish = Wish(
        title=given.phrase[: filters.LONGEST_TITLE],
        contexts=given.context,
        action="hide" if given.irreversible else "warn",
        expires_in=life(given.expires_in),
    )
    keyword = KeywordWish(keyword=given.phrase, whole_word=given.whole_word)
    made = await filters.make_filter(ctx.tx, ctx.member, wish, [keyword])
    return _entity(made, made.keywords[0])


@endpoints.get("/api/v1/filters/{id}", scope="read:filters")
async def get_filter_v1(ctx: Ctx, given: One) -> V1Filter:
    """One of them."""
    return _entity(*await _get(ctx, given.id))


@endpoints.put("/api/v1/filters/{id}", scope="write:filters")
async def update_filter_v1(ctx: Ctx, given: V1FilterChange) -> V1Filter:
    """Change one; where its filter looks for more than this phrase, only the phrase itself."""
    one, keyword = await _get(ctx, given.id)
    action = one.action if given.irreversible is None else ("hide" if given.irreversible else "warn")
    if given.irreversible is False and one.action == "blur":
        action = "blur"
    contexts = given.context if given.context is not None else one.contexts
    wider = contexts != one.contexts or action != one.action or given.expires_in is not UNSET
    if wider and len(one.keywords) > 1:
        raise Invalid(
            "These parameters cannot be changed from this application because they apply to more than one filter "
            "keyword. Use a more recent application or the web interface."
        )
    change = KeywordWish(id=keyword.id, keyword=given.phrase, whole_word=given.whole_word)
    wish = Wish(contexts=contexts, action=action, expires_in=life(given.expires_in))
    if len(one.keywords) == 1 and given.phrase and one.title == keyword.keyword:
        wish = msgspec.structs.replace(wish, title=given.phrase[: filters.LONGEST_TITLE])
    await filters.edit_filter(ctx.tx, ctx.member, one.id, wish, [change])
    return _entity(*await _get(ctx, given.id))


@endpoints.delete("/api/v1/filters/{id}", scope="write:filters")
async def delete_filter_v1(ctx: Ctx, given: One) -> Empty:
    """Filter the phrase no more."""
    one, keyword = await _get(ctx, given.id)
    if len(one.keywords) == 1 and not one.posts:
        await filters.delete_filter(ctx.tx, ctx.member, one.id)
    else:
        await filters.drop_keyword(ctx.tx, ctx.member, keyword.id)
    return Empty()
