"""Hashtags as a member stands to them: followed ones, whose public posts come home, and those shown on their profile.

A member and the name of a hashtag flow in. Names are folded as posts fold them, so `#Été` and `#ÉTÉ` are one.
"""

from collections.abc import Iterable
from typing import Final

import msgspec
from sqlalchemy import BigInteger, Integer, Text, bindparam, delete, func, select, type_coerce
from sqlalchemy.dialects.postgresql import insert

from parvis.core.errors import Invalid, NotFound
from parvis.core.ids import AccountId
from parvis.people.accounts import Account, lock_accounts
from parvis.posts.page import Page, Paged
from parvis.posts.text import fold_tag, tokens
from parvis.posts.visibility import for_everyone, there_is
from parvis.store.statement import Statement, among_words
from parvis.store.tables import featured_tags, post_tags, posts, tag_follows
from parvis.store.transaction import Tx
from parvis.timelines import wishes

MOST_FOLLOWED: Final = 500
MOST_FEATURED: Final = 10
SUGGESTED: Final = 10
LOOKED_AT: Final = 5000  # latest posts of a member, for what they might feature


class Bond(msgspec.Struct, frozen=True):
    """How a member stands to a hashtag."""

    tag: str
    following: bool
    featuring: bool


class Followed(msgspec.Struct, frozen=True):
    """A hashtag that is followed; pages of them go by `id`."""

    id: int
    tag: str


class Featured(msgspec.Struct, frozen=True):
    """A hashtag on a profile, and how often its owner used it where everyone sees it; the last time by a post's id."""

    id: int
    tag: str
    posts_count: int
    last_post_id: int | None


_member = bindparam("member", type_=BigInteger)
_tag = bindparam("tag", type_=Text)
_FOLLOW = Statement(
    insert(tag_follows)
    .values(account_id=_member, tag=_tag, id=bindparam("id", type_=BigInteger))
    .on_conflict_do_nothing()
)
_UNFOLLOW = Statement(delete(tag_follows).where(tag_follows.c.account_id == _member, tag_follows.c.tag == _tag))
_FOLLOWED: Paged[Followed] = Paged(
    select(tag_follows.c.id, tag_follows.c.tag).where(tag_follows.c.account_id == _member), tag_follows.c.id, Followed
)
_COUNT_FOLLOWED = Statement(select(func.count()).select_from(tag_follows).where(tag_follows.c.account_id == _member))
_COUNT_FEATURED = Statement(
    select(func.count()).select_from(featured_tags).where(featured_tags.c.account_id == _member)
)
_FOLLOWING = Statement(
    select(tag_follows.c.tag).where(tag_follows.c.account_id == _member, among_words(tag_follows.c.tag, "tags"))
)
_FEATURING = Statement(
    select(featured_tags.c.tag).where(featured_tags.c.account_id == _member, among_words(featured_tags.c.tag, "tags"))
)
_FEATURE = Statement(
    insert(featured_tags)
    .values(account_id=_member, tag=_tag, id=bindparam("id", type_=BigInteger))
    .on_conflict_do_nothing()
)
_UNFEATURE = Statement(delete(featured_tags).where(featured_tags.c.account_id == _member, featured_tags.c.tag == _tag))
_UNFEATURE_ID = Statement(
    delete(featured_tags).where(
        featured_tags.c.account_id == _member, featured_tags.c.id == bindparam("id", type_=BigInteger)
    )
)
_open = for_everyone(posts)
_used = there_is(post_tags, post_tags.c.post_id == posts.c.id, post_tags.c.tag == featured_tags.c.tag)
_FEATURED = Statement(
    select(featured_tags.c.id, featured_tags.c.tag, func.count(posts.c.id).label("uses"), func.max(posts.c.id))
    .select_from(featured_tags)
    .outerjoin(posts, (posts.c.author_id == featured_tags.c.account_id) & _open & _used)
    .where(featured_tags.c.account_id == _member)
    .group_by(featured_tags.c.id, featured_tags.c.tag)
    .order_by(func.count(posts.c.id).desc(), featured_tags.c.id),
    Featured,
)
_latest = select(posts.c.id).where(posts.c.author_id == _member, _open).order_by(posts.c.id.desc()).limit(LOOKED_AT)
_OFTEN_USED = Statement(
    select(post_tags.c.tag)
    .where(
        post_tags.c.post_id.in_(_latest),
        ~there_is(featured_tags, featured_tags.c.account_id == _member, featured_tags.c.tag == post_tags.c.tag),
    )
    .group_by(post_tags.c.tag)
    .order_by(func.count().desc(), post_tags.c.tag)
    .limit(type_coerce(SUGGESTED, Integer))
)


def checked(name: str) -> str:
    """The hashtag of this name (with or without its #), folded.

    Raises:
        NotFound: nothing can be called so.
    """
    bare = name.strip().lstrip("#\uff03")
    pieces = tokens(f"#{bare}")
    if len(pieces) != 1 or pieces[0].kind != "tag":
        raise NotFound("There is no such hashtag.")
    return fold_tag(bare)


async def bonds_with(tx: Tx, member: Account | None, tags: Iterable[str]) -> dict[str, Bond]:
    """How the member stands to each of these (folded) hashtags, in two queries."""
    wanted = list(dict.fromkeys(tags))
    if member is None or not wanted:
        return {tag: Bond(tag, following=False, featuring=False) for tag in wanted}
    following = {row[0] for row in await tx.all(_FOLLOWING, member=member.id, tags=wanted)}
    featuring = {row[0] for row in await tx.all(_FEATURING, member=member.id, tags=wanted)}
    return {tag: Bond(tag, tag in following, tag in featuring) for tag in wanted}


async def follow_tag(tx: Tx, member: Account, name: str) -> str:
    """Have public posts with the hashtag come home; the hashtag, folded.

    Raises:
        Invalid: the member follows 500 already.
        NotFound: nothing can be called so.
    """
    tag = checked(name)
    await lock_accounts(tx, (member.id,))  # two at once are counted one after the other
    if await tx.value(_COUNT_FOLLOWED, member=member.id) >= MOST_FOLLOWED:
        raise Invalid("You follow {most} hashtags: that is as many as one can.", most=MOST_FOLLOWED)
    if await tx.run(_FOLLOW, member=member.id, tag=tag, id=tx.new_id()):
        await wishes.changed(tx, member.id)
    return tag


async def unfollow_tag(tx: Tx, member: Account, name: str) -> str:
    """Have them come no more; the hashtag, folded.

    Raises:
        NotFound: nothing can be called so.
    """
    tag = checked(name)
    if await tx.run(_UNFOLLOW, member=member.id, tag=tag):
        await wishes.changed(tx, member.id)
    return tag


async def followed_by(tx: Tx, member: Account, page: Page) -> list[Followed]:
    """A page of the hashtags that the member follows, the latest first."""
    return await _FOLLOWED.read(tx, page, member=member.id)


async def feature(tx: Tx, member: Account, name: str) -> str:
    """Show the hashtag on the member's profile; the hashtag, folded.

    Raises:
        Invalid: there are 10 already, or nothing can be called so.
    """
    try:
        tag = checked(name)
    except NotFound as unfit:
        raise Invalid("Nothing can be a hashtag that is called so.", field="name") from unfit
    await lock_accounts(tx, (member.id,))  # two at once are counted one after the other
    if (await bonds_with(tx, member, [tag]))[tag].featuring:
        return tag
    if await tx.value(_COUNT_FEATURED, member=member.id) >= MOST_FEATURED:
        raise Invalid("Your profile shows {most} hashtags. Take one away first.", most=MOST_FEATURED)
    await tx.run(_FEATURE, member=member.id, tag=tag, id=tx.new_id())
    return tag


async def unfeature(tx: Tx, member: Account, name: str) -> str:
    """Show it no more; the hashtag, folded.

    Raises:
        NotFound: nothing can be called so.
    """
    tag = checked(name)
    await tx.run(_UNFEATURE, member=member.id, tag=tag)
    return tag


async def unfeature_by_id(tx: Tx, member: Account, featured_id: int) -> None:
    """Show it no more.

    Raises:
        NotFound: the member features no hashtag under this id.
    """
    if not await tx.run(_UNFEATURE_ID, member=member.id, id=featured_id):
        raise NotFound("There is no such hashtag.")


async def featured_by(tx: Tx, account: AccountId) -> list[Featured]:
    """The hashtags on the account's profile, the most used first."""
    return await tx.all(_FEATURED, member=account)


async def often_used(tx: Tx, member: Account) -> list[str]:
    """Up to 10 hashtags that the member used most lately and does not feature yet."""
    return [row[0] for row in await tx.all(_OFTEN_USED, member=member.id)]
