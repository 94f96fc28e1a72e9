"""Who may see what, decided here and nowhere else, and the one query through which posts are read.

Ids flow in, posts as the viewer may see them flow out; what the viewer may not see is missing, exactly like what does
not exist. Whoever looks for posts in bulk composes `visible` into a statement of its own. Muted authors are not hidden
here: that is a matter of feeds.
"""

import functools
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
)

from parvis.core.errors import NotFound
from parvis.core.ids import AccountId, PostId
from parvis.people.accounts import COLUMNS, Account, columns_of
from parvis.people.restraints import Restraint, under
from parvis.posts import extras
from parvis.posts.post import (
    BOOKMARKED,
    LIKED,
    MUTED,
    OWN,
    PINNED,
    REPOSTED,
    SIGNED_OUT,
    Post,
    decode_media,
    decode_mentions,
    decode_tags,
)
from parvis.store.statement import Statement, among
from parvis.store.tables import (
    accounts,
    apps,
    blocks,
    bookmarks,
    follows,
    likes,
    mutes,
    pins,
    post_mentions,
    posts,
    shunned_domains,
    thread_mutes,
)
from parvis.store.transaction import Tx

NOBODY = AccountId(0)  # the viewer who is not signed in; no account has this id

viewer = bindparam("viewer", type_=BigInteger)
"""The viewer's id in statements that compose `visible`."""

now = bindparam("now", type_=BigInteger)
"""The moment, in ms, in statements that compose `muting`."""


def there_is(table: FromClause, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """`EXISTS` a row of this table; everything else named belongs to the statement around it."""
    return exists(select(literal_column("1")).select_from(table).where(*conditions).correlate_except(table))


def _met(table: Table, one: str, member: ColumnElement[Any], *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """There is such a row of the member. For the viewer it is asked first, once for a statement, if they have any."""
    found = there_is(table, table.c[one] == member, *conditions)
    return and_(there_is(table, table.c[one] == member), found) if member is viewer else found


def unblocked(member: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
    """Neither of the two blocks the other."""
    return and_(
        ~_met(blocks, "blocker_id", member, blocks.c.blocked_id == other),
        ~_met(blocks, "blocked_id", member, blocks.c.blocker_id == other),
    )


def following(member: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
    """The member follows the other."""
    return there_is(follows, follows.c.follower_id == member, follows.c.followee_id == other)


def shunning(member: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
    """The member shuns the domain where the other lives: asked only where they shun any."""
    abroad = accounts.alias("abroad")
    any_domain = there_is(shunned_domains, shunned_domains.c.account_id == member)
    lives_there: Select[Any] = select(literal_column("1")).where(
        shunned_domains.c.account_id == member,
        shunned_domains.c.domain == abroad.c.domain,
        abroad.c.id == other,
    )
    return and_(any_domain, exists(lives_there.correlate_except(shunned_domains, abroad)))


def muting(member: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
    """The member mutes the other at the moment `now`, or shuns their domain: for feeds, as `visible` does not ask."""
    muted = _met(
        mutes,
        "muter_id",
        member,
        mutes.c.muted_id == other,
        or_(mutes.c.until.is_(None), mutes.c.until > now),
    )
    return or_(muted, shunning(member, other))


def for_everyone(post: FromClause) -> ColumnElement[bool]:
    """The post is public or unlisted."""
    return or_(post.c.visibility == literal_column("'public'"), post.c.visibility == literal_column("'unlisted'"))


def showing(post: FromClause) -> ColumnElement[bool]:
    """The post shows a picture, a film or a sound; as its index says it."""
    return func.length(cast(post.c.media, Text)) > literal_column("2", Integer)


def visible(
    post: FromClause, member: ColumnElement[Any] = viewer, author: FromClause | None = None
) -> ColumnElement[bool]:
    """A condition: the member may see this row of `posts` (for a repost: that it was passed on; ask for both).

    `author` is the joined row of `accounts` where there is one, which saves a look.
    """
    suspended = accounts.alias("suspended")
    standing = (
        author.c.suspended_at.is_(None)
        if author is not None
        else ~there_is(suspended, suspended.c.id == post.c.author_id, suspended.c.suspended_at.is_not(None))
    )
    addressed = or_(
        for_everyone(post),
        there_is(post_mentions, post_mentions.c.account_id == member, post_mentions.c.post_id == post.c.id),
        and_(post.c.visibility == literal_column("'followers'"), following(member, post.c.author_id)),
    )
    return and_(standing, or_(post.c.author_id == member, and_(addressed, unblocked(member, post.c.author_id))))


def met(post: FromClause, member: ColumnElement[Any] = viewer) -> ColumnElement[bool]:
    """The member may come across the post where nobody looked for its author: who is limited is met by who follows."""
    limited = accounts.alias("limited")
    return or_(
        ~there_is(limited, limited.c.id == post.c.author_id, under(limited, Restraint.LIMITED)),
        post.c.author_id == member,
        following(member, post.c.author_id),
    )


entry = posts.alias("entry")  # what stands in a feed
shown = posts.alias("shown")  # what there is to read: what a repost passes on, or the entry itself
_writer = accounts.alias("writer")
_passer = accounts.alias("passer")
_parent = posts.alias("parent")
_again = posts.alias("again")


_NONE = literal_column("0", Integer)


def likes_it(member: ColumnElement[Any]) -> ColumnElement[bool]:
    """The member likes `shown`."""
    found = there_is(likes, likes.c.account_id == member, likes.c.post_id == shown.c.id)
    return and_(shown.c.likes_count > _NONE, found)


def passed_it_on(member: ColumnElement[Any]) -> ColumnElement[bool]:
    """The member passed `shown` on."""
    found = there_is(_again, _again.c.repost_of_id == shown.c.id, _again.c.author_id == member)
    return and_(shown.c.reposts_count > _NONE, found)


def sees_parent(member: ColumnElement[Any]) -> ColumnElement[bool]:
    """The member may see what `shown` answers."""
    return there_is(_parent, _parent.c.id == shown.c.reply_to_id, visible(_parent, member))


def ties_of(member: ColumnElement[Any]) -> ColumnElement[Any]:
    """What binds the member to `shown`, as the bits of `Post.ties`."""
    flags = (
        (LIKED, likes_it(member)),
        (REPOSTED, passed_it_on(member)),
        (BOOKMARKED, _met(bookmarks, "account_id", member, bookmarks.c.post_id == shown.c.id)),
        (MUTED, _met(thread_mutes, "account_id", member, thread_mutes.c.thread_id == shown.c.thread_id)),
        (PINNED, _met(pins, "account_id", member, pins.c.post_id == shown.c.id)),
        (OWN, shown.c.author_id == member),
    )
    bits = [cast(flag, Integer) * literal_column(str(bit), Integer) for bit, flag in flags]
    return sum(bits[1:], bits[0])


def answered_by(member: ColumnElement[Any]) -> ColumnElement[Any]:
    """What `shown` answers, if the member may see it."""
    return case((shown.c.reply_to_id.is_(None), null()), (sees_parent(member), shown.c.reply_to_id), else_=null())


_raw = (
    type_coerce(shown.c.mentions, Text),  # decoded here, and only when there is something
    type_coerce(shown.c.tags, Text),
    type_coerce(shown.c.media, Text),
)
_whole = (
    select(
        entry.c.id,
        entry.c.repost_of_id,
        entry.c.visibility.label("entry_visibility"),
        ties_of(viewer),
        *_raw,
        shown.c.id,
        shown.c.text,
        shown.c.html,
        shown.c.warning,
        type_coerce(shown.c.sensitive, Integer),
        shown.c.language,
        shown.c.visibility,
        shown.c.origin,
        shown.c.maker,
        shown.c.thread_id,
        answered_by(viewer),
        shown.c.reply_to_author_id,
        shown.c.likes_count,
        shown.c.reposts_count,
        shown.c.replies_count,
        shown.c.edited_at,
        apps.c.name,
        apps.c.website,
        shown.c.extras,
        *columns_of(_writer),
        *columns_of(_passer),
    )
    .select_from(entry)
    .join(shown, shown.c.id == func.coalesce(entry.c.repost_of_id, entry.c.id))
    .join(_writer, _writer.c.id == shown.c.author_id)
    .outerjoin(_passer, and_(entry.c.repost_of_id.is_not(None), _passer.c.id == entry.c.author_id))
    .outerjoin(apps, apps.c.id == shown.c.app_id)
    .where(among(entry.c.id, "ids"))
)
SEEN = Statement(_whole.where(visible(shown, author=_writer), or_(entry.c.repost_of_id.is_(None), visible(entry))))
WRITTEN = Statement(_whole)
_WRITER = 26  # where the writer's columns begin
_PASSER = _WRITER + len(COLUMNS)
_SHOWN = 7  # where the id of what there is to read stands
_EXTRAS = _WRITER - 1

AUDIENCE = Statement(
    select(accounts.c.id)
    .select_from(entry)
    .join(shown, shown.c.id == func.coalesce(entry.c.repost_of_id, entry.c.id))
    .join(accounts, among(accounts.c.id, "candidates"))
    .where(
        entry.c.id == bindparam("post", type_=BigInteger),
        accounts.c.suspended_at.is_(None),
        visible(shown, accounts.c.id),
        or_(entry.c.repost_of_id.is_(None), visible(entry, accounts.c.id)),
    )
)


async def seen_by(tx: Tx, member: Account | None, ids: Iterable[PostId]) -> dict[PostId, Post]:
    """Those of these posts that the member (None: someone not signed in) may see, whole, in one query."""
    return await _read(tx, NOBODY if member is None else member.id, ids)


async def shown_by(tx: Tx, author: AccountId, post_id: PostId) -> Post | None:
    """The post as its own author sees it: for whoever then decides whom to show it to. None when it is gone."""
    return (await _read(tx, author, (post_id,))).get(post_id)


async def written(tx: Tx, ids: Iterable[PostId]) -> dict[PostId, Post]:
    """Those of these posts that exist, whoever may see them: for moderators, whose role the caller has made sure of."""
    return await _written(tx, ids)


async def _written(tx: Tx, ids: Iterable[PostId], depth: int = extras.DEPTH) -> dict[PostId, Post]:
    rows = await tx.all(WRITTEN, ids=list(ids), viewer=NOBODY)
    found = {row[0]: _post(row, SIGNED_OUT) for row in rows}
    more = {row[_SHOWN]: row[_EXTRAS] for row in rows if row[_EXTRAS]} if depth else {}
    read = functools.partial(_written, tx, depth=depth - 1)
    return await extras.dressed(tx, NOBODY, found, more, read) if more else found


async def _read(tx: Tx, viewer_id: AccountId, ids: Iterable[PostId], depth: int = extras.DEPTH) -> dict[PostId, Post]:
    """The posts; at a `depth` of 0 without what few of them carry."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = await tx.all(SEEN, ids=wanted, viewer=viewer_id)
    unknown = 0 if viewer_id else SIGNED_OUT
    found = {row[0]: _post(row, unknown) for row in rows}
    more = {row[_SHOWN]: row[_EXTRAS] for row in rows if row[_EXTRAS]} if depth else {}
    if not more:
        return found
    return await extras.dressed(tx, viewer_id, found, more, functools.partial(_read, tx, viewer_id, depth=depth - 1))


async def get_post(tx: Tx, member: Account | None, post_id: PostId) -> Post:
    """The post.

    Raises:
        NotFound: there is none, or the member may not see it.
    """
    found = await seen_by(tx, member, (post_id,))
    if post_id not in found:
        raise NotFound("This post does not exist, or you may not see it.")
    return found[post_id]


async def in_order(tx: Tx, member: Account | None, rows: Sequence[Sequence[Any]]) -> list[Post]:
    """The posts whose ids come first in these rows, as `seen_by` gives them, in the rows' order."""
    ids = [row[0] for row in rows]
    seen = await seen_by(tx, member, ids)
    return [seen[post_id] for post_id in ids if post_id in seen]


async def audience_of(tx: Tx, post_id: PostId, candidates: Iterable[AccountId]) -> set[AccountId]:
    """Which of these accounts may see the post, in one query."""
    return {row[0] for row in await tx.all(AUDIENCE, post=post_id, candidates=list(candidates))}


def _post(row: Sequence[Any], unknown: int) -> Post:
    (
        entry_id,
        repost_of_id,
        entry_visibility,
        ties,
        mentions,
        tags,
        media,
        post_id,
        text,
        html,
        warning,
        sensitive,
        language,
        visibility,
        origin,
        maker,
        thread_id,
        reply_to_id,
        reply_to_author_id,
        likes_count,
        reposts_count,
        replies_count,
        edited_at,
        app_name,
        app_website,
        _,
    ) = row[:_WRITER]
    ties |= unknown
    author = Account(*row[_WRITER:_PASSER])
    post = Post(
        post_id,
        author,
        text,
        html,
        warning,
        bool(sensitive or author.restraints & Restraint.SENSITIVE),
        language,
        visibility,
        origin,
        maker,
        thread_id,
        reply_to_id,
        reply_to_author_id if reply_to_id is not None else None,
        None,
        decode_mentions(mentions) if mentions != "[]" else (),
        decode_tags(tags) if tags != "[]" else (),
        decode_media(media) if media != "[]" else (),
        likes_count,
        reposts_count,
        replies_count,
        edited_at,
        app_name,
        app_website,
        ties,
    )
    if repost_of_id is None:
        return post
    return Post(
        entry_id,
        Account(*row[_PASSER:]),
        "",
        "",
        "",
        False,
        None,
        entry_visibility,
        "human",
        "",
        entry_id,
        None,
        None,
        post,
        (),
        (),
        (),
        likes_count,
        reposts_count,
        replies_count,
        None,
        None,
        None,
        ties,
    )
