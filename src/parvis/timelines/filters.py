"""Filters: what a member does not want to meet in their feeds, or only behind a warning.

A member's words, posts and contexts flow in, filters flow out, whole. Every change gives the member's tastes a new
version; `taste` reads them from here and applies them.
"""

import itertools
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import JSON, BigInteger, Boolean, Text, bindparam, delete, func, insert, select, update

from parvis.core import clock
from parvis.core.errors import Invalid, NotFound
from parvis.core.ids import AccountId, PostId
from parvis.people.accounts import Account, lock_accounts
from parvis.posts.visibility import get_post
from parvis.store.statement import Statement, among
from parvis.store.tables import filter_keywords, filter_posts, filters
from parvis.store.transaction import Tx
from parvis.timelines import wishes

CONTEXTS: Final = ("home", "notifications", "public", "thread", "account")
ACTIONS: Final = ("warn", "hide", "blur")
LONGEST_TITLE: Final = 256
LONGEST_KEYWORD: Final = 512
MOST: Final = 200  # filters of one member
MOST_KEYWORDS: Final = 1000  # of one filter; as many posts
LONGEST_LIFE: Final = 100 * 366 * 86_400  # seconds


class Keyword(msgspec.Struct, frozen=True):
    """A word or phrase that a filter looks for, in any case; `whole_word`: not within a longer word."""

    id: int
    filter_id: int
    keyword: str
    whole_word: bool


class Pick(msgspec.Struct, frozen=True):
    """One post that a filter was pointed at."""

    id: int
    filter_id: int
    post_id: PostId


class Filter(msgspec.Struct, frozen=True):
    """A member's filter: where it holds, what it does, until when (ms), and what it looks for."""

    id: int
    account_id: AccountId
    title: str
    contexts: tuple[str, ...]
    action: str
    expires_at: int | None
    keywords: tuple[Keyword, ...] = ()
    posts: tuple[Pick, ...] = ()


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a member asks of a filter; None leaves it as it is. `expires_in` is seconds, 0 for never."""

    title: str | None = None
    contexts: tuple[str, ...] | None = None
    action: str | None = None
    expires_in: int | None = None


class KeywordWish(msgspec.Struct, frozen=True, kw_only=True):
    """A keyword to add, or (with an id) to change or take away."""

    id: int | None = None
    keyword: str | None = None
    whole_word: bool | None = None
    gone: bool = False


def _filter(  # noqa: PLR0917 - a row
    one: int, account: AccountId, title: str, contexts: Sequence[str], action: str, expires_at: int | None
) -> Filter:
    return Filter(one, account, title, tuple(contexts), action, expires_at)


_FIELDS = Filter.__struct_fields__[:6]
_c = filters.c
_owner = bindparam("owner", type_=BigInteger)
_one = bindparam("filter", type_=BigInteger)
_id = bindparam("one", type_=BigInteger)
_whole = select(*(_c[field] for field in _FIELDS))
_OF = Statement(_whole.where(_c.account_id == _owner).order_by(_c.id), _filter)
_ONE = Statement(_whole.where(_c.account_id == _owner, _c.id == _one), _filter)
_COUNT = Statement(select(func.count()).select_from(filters).where(_c.account_id == _owner))
_ADD = Statement(insert(filters).values({name: bindparam(name, type_=_c[name].type) for name in _FIELDS}))
_CHANGE = Statement(
    update(filters)
    .where(_c.id == _one)
    .values(
        title=bindparam("title", type_=Text),
        contexts=bindparam("contexts", type_=JSON),
        action=bindparam("action", type_=Text),
        expires_at=bindparam("expires_at", type_=BigInteger),
    )
)
_DELETE = Statement(delete(filters).where(_c.id == _one))

_k = filter_keywords.c
_KEYWORDS = Statement(
    select(_k.id, _k.filter_id, _k.keyword, _k.whole_word).where(among(_k.filter_id, "filters")).order_by(_k.id),
    Keyword,
)
_KEYWORD = Statement(
    select(_k.id, _k.filter_id, _k.keyword, _k.whole_word)
    .join_from(filter_keywords, filters, _c.id == _k.filter_id)
    .where(_k.id == _id, _c.account_id == _owner),
    Keyword,
)
_ADD_KEYWORD = Statement(
    insert(filter_keywords).values({name: bindparam(name, type_=_k[name].type) for name in Keyword.__struct_fields__})
)
_CHANGE_KEYWORD = Statement(
    update(filter_keywords)
    .where(_k.id == _id)
    .values(keyword=bindparam("keyword", type_=Text), whole_word=bindparam("whole_word", type_=Boolean))
)
_DELETE_KEYWORD = Statement(delete(filter_keywords).where(_k.id == _id))

_p = filter_posts.c
_POSTS = Statement(select(_p.id, _p.filter_id, _p.post_id).where(among(_p.filter_id, "filters")).order_by(_p.id), Pick)
_PICK = Statement(
    select(_p.id, _p.filter_id, _p.post_id)
    .join_from(filter_posts, filters, _c.id == _p.filter_id)
    .where(_p.id == _id, _c.account_id == _owner),
    Pick,
)
_ADD_POST = Statement(
    insert(filter_posts).values({name: bindparam(name, type_=_p[name].type) for name in Pick.__struct_fields__})
)
_DELETE_POST = Statement(delete(filter_posts).where(_p.id == _id))


async def filters_of(tx: Tx, owner: AccountId) -> list[Filter]:
    """The member's filters, whole, the oldest first; those that are over are there too."""
    return await _whole_of(tx, await tx.all(_OF, owner=owner))


async def get_filter(tx: Tx, owner: Account, filter_id: int) -> Filter:
    """One of the member's filters, whole.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    found = await _whole_of(tx, await tx.all(_ONE, owner=owner.id, filter=filter_id))
    if not found:
        raise NotFound("There is no such filter.")
    return found[0]


async def _whole_of(tx: Tx, found: Sequence[Filter]) -> list[Filter]:
    if not found:
        return []
    ids = [one.id for one in found]
    keywords = _by_filter(await tx.all(_KEYWORDS, filters=ids))
    picks = _by_filter(await tx.all(_POSTS, filters=ids))
    return [
        msgspec.structs.replace(one, keywords=tuple(keywords.get(one.id, ())), posts=tuple(picks.get(one.id, ())))
        for one in found
    ]


def _by_filter(rows: Sequence[Any]) -> dict[int, list[Any]]:
    ordered = sorted(rows, key=lambda row: (row.filter_id, row.id))
    return {key: list(group) for key, group in itertools.groupby(ordered, key=lambda row: row.filter_id)}


async def make_filter(tx: Tx, owner: Account, wish: Wish, keywords: Sequence[KeywordWish] = ()) -> Filter:
    """Make a filter with these keywords.

    Raises:
        Invalid: it has no title, no context or an unknown action, a keyword is empty, or there are too many.
    """
    blank = Filter(tx.new_id(), owner.id, "", (), "warn", None)
    made = _changed(tx, blank, msgspec.structs.replace(wish, title=wish.title or "", contexts=wish.contexts or ()))
    await lock_accounts(tx, (owner.id,))  # two at once are counted one after the other
    if await tx.value(_COUNT, owner=owner.id) >= MOST:
        raise Invalid("One keeps at most {limit} filters.", limit=MOST)
    await tx.run(_ADD, **{name: getattr(made, name) for name in _FIELDS})
    await _set_keywords(tx, made, keywords)
    await wishes.changed(tx, owner.id, filters=True)
    return await get_filter(tx, owner, made.id)


async def edit_filter(
    tx: Tx, owner: Account, filter_id: int, wish: Wish, keywords: Sequence[KeywordWish] = ()
) -> Filter:
    """Change what is given of a filter, and of its keywords.

    Raises:
        Invalid: something breaks a rule.
        NotFound: there is no such filter of theirs, or it has no such keyword.
    """
    old = await get_filter(tx, owner, filter_id)
    new = _changed(tx, old, wish)
    await tx.run(
        _CHANGE,
        filter=new.id,
        title=new.title,
        contexts=new.contexts,
        action=new.action,
        expires_at=new.expires_at,
    )
    await _set_keywords(tx, old, keywords)
    await wishes.changed(tx, owner.id, filters=True)
    return await get_filter(tx, owner, filter_id)


async def delete_filter(tx: Tx, owner: Account, filter_id: int) -> None:
    """Delete a filter.

    Raises:
        NotFound: there is no such filter of theirs.
    """
    found = await get_filter(tx, owner, filter_id)
    await tx.run(_DELETE, filter=found.id)
    await wishes.changed(tx, owner.id, filters=True)


async def _set_keywords(tx: Tx, of: Filter, wishes: Sequence[KeywordWish]) -> None:
    known = {one.id: one for one in of.keywords}
    if len(known) + len(wishes) > MOST_KEYWORDS:
        raise Invalid("A filter looks for at most {limit} words.", limit=MOST_KEYWORDS)
    for wish in wishes:
        if wish.id is None:
            if not wish.gone:
                await _add_keyword(tx, of.id, wish)
            continue
        if wish.id not in known:
            raise NotFound("The filter has no such word.")
        if wish.gone:
            await tx.run(_DELETE_KEYWORD, one=wish.id)
        else:
            await _change_keyword(tx, known[wish.id], wish)


async def _add_keyword(tx: Tx, filter_id: int, wish: KeywordWish) -> Keyword:
    whole = True if wish.whole_word is None else wish.whole_word
    made = Keyword(tx.new_id(), filter_id, _keyword(wish.keyword or ""), whole)
    await tx.run(_ADD_KEYWORD, **msgspec.structs.asdict(made))
    return made


async def _change_keyword(tx: Tx, old: Keyword, wish: KeywordWish) -> Keyword:
    new = Keyword(
        old.id,
        old.filter_id,
        old.keyword if wish.keyword is None else _keyword(wish.keyword),
        old.whole_word if wish.whole_word is None else wish.whole_word,
    )
    await tx.run(_CHANGE_KEYWORD, one=new.id, keyword=new.keyword, whole_word=new.whole_word)
    return new


async def add_keyword(tx: Tx, owner: Account, filter_id: int, wish: KeywordWish) -> Keyword:
    """Have a filter look for one more word.

    Raises:
        Invalid: it is empty or too long, or there are too many.
        NotFound: there is no such filter of theirs.
    """
    found = await get_filter(tx, owner, filter_id)
    if len(found.keywords) >= MOST_KEYWORDS:
        raise Invalid("A filter looks for at most {limit} words.", limit=MOST_KEYWORDS)
    made = await _add_keyword(tx, found.id, wish)
    await wishes.changed(tx, owner.id, filters=True)
    return made


async def get_keyword(tx: Tx, owner: Account, keyword_id: int) -> Keyword:
    """A keyword of one of the member's filters.

    Raises:
        NotFound: there is none.
    """
    found = await tx.first(_KEYWORD, one=keyword_id, owner=owner.id)
    if found is None:
        raise NotFound("The filter has no such word.")
    return found


async def edit_keyword(tx: Tx, owner: Account, keyword_id: int, wish: KeywordWish) -> Keyword:
    """Change a keyword.

    Raises:
        Invalid: it is empty or too long.
        NotFound: there is no such keyword of theirs.
    """
    changed = await _change_keyword(tx, await get_keyword(tx, owner, keyword_id), wish)
    await wishes.changed(tx, owner.id, filters=True)
    return changed


async def drop_keyword(tx: Tx, owner: Account, keyword_id: int) -> None:
    """Have a filter look for this word no more.

    Raises:
        NotFound: there is no such keyword of theirs.
    """
    found = await get_keyword(tx, owner, keyword_id)
    await tx.run(_DELETE_KEYWORD, one=found.id)
    await wishes.changed(tx, owner.id, filters=True)


async def add_pick(tx: Tx, owner: Account, filter_id: int, post_id: PostId) -> Pick:
    """Point a filter at one post.

    Raises:
        Invalid: it is pointed at it already, or at too many.
        NotFound: there is no such filter of theirs, or they may not see the post.
    """
    found = await get_filter(tx, owner, filter_id)
    post = await get_post(tx, owner, post_id)
    if any(pick.post_id == post.id for pick in found.posts):
        raise Invalid("The filter is pointed at this post already.")
    if len(found.posts) >= MOST_KEYWORDS:
        raise Invalid("A filter is pointed at up to {most} posts.", most=MOST_KEYWORDS)
    made = Pick(tx.new_id(), found.id, post.id)
    await tx.run(_ADD_POST, **msgspec.structs.asdict(made))
    await wishes.changed(tx, owner.id, filters=True)
    return made


async def get_pick(tx: Tx, owner: Account, pick_id: int) -> Pick:
    """A post that one of the member's filters is pointed at.

    Raises:
        NotFound: there is none.
    """
    found = await tx.first(_PICK, one=pick_id, owner=owner.id)
    if found is None:
        raise NotFound("The filter is not pointed at this post.")
    return found


async def drop_pick(tx: Tx, owner: Account, pick_id: int) -> Pick:
    """Point a filter at a post no more; what it was.

    Raises:
        NotFound: there is none.
    """
    found = await get_pick(tx, owner, pick_id)
    await tx.run(_DELETE_POST, one=found.id)
    await wishes.changed(tx, owner.id, filters=True)
    return found


def _changed(tx: Tx, old: Filter, wish: Wish) -> Filter:
    title = old.title if wish.title is None else wish.title.strip()
    contexts = old.contexts if wish.contexts is None else tuple(dict.fromkeys(wish.contexts))
    action = wish.action or old.action
    if not title:
        raise Invalid("A filter needs a name.", field="title")
    if len(title) > LONGEST_TITLE:
        raise Invalid("This is longer than {limit} characters.", field="title", limit=LONGEST_TITLE)
    if not contexts or not set(contexts) <= set(CONTEXTS):
        raise Invalid("Say where the filter shall hold.", field="context")
    if action not in ACTIONS:
        raise Invalid("Say what the filter shall do.", field="filter_action")
    expires_at = old.expires_at
    if wish.expires_in is not None:
        life = min(wish.expires_in, LONGEST_LIFE)
        expires_at = tx.now + life * clock.SECOND if life > 0 else None
    return Filter(old.id, old.account_id, title, contexts, action, expires_at)


def _keyword(given: str) -> str:
    keyword = given.strip()
    if not keyword:
        raise Invalid("A filter looks for words, not for nothing.", field="keyword")
    if len(keyword) > LONGEST_KEYWORD:
        raise Invalid("This is longer than {limit} characters.", field="keyword", limit=LONGEST_KEYWORD)
    return keyword
