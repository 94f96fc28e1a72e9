"""What few posts carry (a poll, a quote, a card, custom emoji, quotes of it), fetched only where a row says so.

A row of `posts` says in the bits of `extras` what else there is. Posts as one query read them flow in; those with
extras flow out whole, in one further query for all of them, and one more read where they quote. What is quoted is read
as its reader may see it, and so, once more, is what that quotes in turn: doors only name it.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Integer, Text, and_, bindparam, cast, literal_column, or_, select
from sqlalchemy import type_coerce as coerce

from parvis.core.ids import AccountId, PostId
from parvis.posts.post import Card, Emoji, More, Poll, Post, Quote
from parvis.store.statement import Statement, among
from parvis.store.tables import blocks, follows, mutes, polls, posts, quotes, votes
from parvis.store.transaction import Tx

POLL: Final = 1
QUOTE: Final = 2  # it quotes
CARD: Final = 4
EMOJIS: Final = 8
QUOTED: Final = 16  # it was quoted
BY_FOLLOWERS: Final = 32  # only its author's followers may quote it; without either bit, everybody
BY_NOBODY: Final = 64  # only its author may quote it

DEPTH: Final = 2  # a post, what it quotes, and whether what that quotes may be named

Read = Callable[[Iterable[PostId]], Awaitable[dict[PostId, Post]]]

_viewer = bindparam("viewer", type_=BigInteger)
_now = bindparam("now", type_=BigInteger)


def _is_there(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(column.is_not(None), Integer)


_MORE = Statement(
    select(
        posts.c.id,
        posts.c.extras,
        posts.c.quotes_count,
        _is_there(follows.c.id),
        coerce(posts.c.card, Text),
        coerce(posts.c.emojis, Text),
        quotes.c.quoted_id,
        quotes.c.quoted_author_id,
        quotes.c.state,
        _is_there(blocks.c.id),
        _is_there(mutes.c.id),
        coerce(polls.c.options, Text),
        coerce(polls.c.tallies, Text),
        polls.c.voters_count,
        cast(polls.c.multiple, Integer),
        cast(polls.c.hide_totals, Integer),
        polls.c.expires_at,
        coerce(votes.c.choices, Text),
    )
    .select_from(posts)
    .outerjoin(
        follows,
        and_(
            posts.c.extras.op("&")(literal_column(str(BY_FOLLOWERS))) != literal_column("0"),
            follows.c.follower_id == _viewer,
            follows.c.followee_id == posts.c.author_id,
        ),
    )
    .outerjoin(quotes, quotes.c.post_id == posts.c.id)
    .outerjoin(blocks, and_(blocks.c.blocker_id == _viewer, blocks.c.blocked_id == quotes.c.quoted_author_id))
    .outerjoin(
        mutes,
        and_(
            mutes.c.muter_id == _viewer,
            mutes.c.muted_id == quotes.c.quoted_author_id,
            or_(mutes.c.until.is_(None), mutes.c.until > _now),
        ),
    )
    .outerjoin(polls, polls.c.post_id == posts.c.id)
    .outerjoin(votes, and_(votes.c.post_id == polls.c.post_id, votes.c.account_id == _viewer))
    .where(among(posts.c.id, "ids"))
)

_words = msgspec.json.Decoder(tuple[str, ...])
_numbers = msgspec.json.Decoder(tuple[int, ...])
_card = msgspec.json.Decoder(Card)
_emojis = msgspec.json.Decoder(tuple[Emoji, ...])


async def dressed(
    tx: Tx, viewer_id: AccountId, found: Mapping[PostId, Post], extras: Mapping[PostId, int], read: Read
) -> dict[PostId, Post]:
    """The posts with what else they carry. `extras` has the bits of those to read; `read` reads what they quote."""
    ids = [post_id for post_id, bits in extras.items() if bits != BY_NOBODY]
    rows = {row[0]: row for row in await tx.all(_MORE, ids=ids, viewer=viewer_id, now=tx.now)} if ids else {}
    wanted = {row[6] for row in rows.values() if row[6] is not None and row[8] == "accepted"}
    quoted = await read(wanted) if wanted else {}
    more = {post_id: _more(rows[post_id], tx.now, quoted) if post_id in rows else _CLOSED for post_id in extras}
    return {entry: _with(post, more) for entry, post in found.items()}


_CLOSED = More(quote_policy="nobody")


def _with(post: Post, more: Mapping[PostId, More]) -> Post:
    if post.repost_of is not None:
        shown = _with(post.repost_of, more)
        return post if shown is post.repost_of else msgspec.structs.replace(post, repost_of=shown)
    found = more.get(post.id)
    return post if found is None else msgspec.structs.replace(post, more=found)


def _more(row: Sequence[Any], now: int, quoted: Mapping[PostId, Post]) -> More:
    _, bits, quotes_count, follows_author, card, emojis, quoted_id, quoted_author, state, blocks_it, mutes_it = row[:11]
    quote = None
    if state is not None:
        post = quoted.get(quoted_id)
        told = state_of(state, quoted_id, visible=post is not None, blocked=blocks_it, muted=mutes_it)
        quote = Quote(told, quoted_id, quoted_author, post if told in SHOWING else None)
    return More(
        _poll(row, now) if row[11] is not None else None,
        quote,
        _card.decode(card) if card is not None else None,
        _emojis.decode(emojis) if emojis is not None else (),
        quotes_count,
        "nobody" if bits & BY_NOBODY else "followers" if bits & BY_FOLLOWERS else "public",
        bool(follows_author),
    )


SHOWING: Final = frozenset({"accepted", "muted_account"})
"""The states of a quote in which what it quotes is shown."""


def state_of(state: str, quoted_id: PostId | None, *, visible: bool, blocked: bool, muted: bool) -> str:
    """The state of a quote for a reader, who may see what it quotes or not, and blocks or mutes its author or not."""
    if state != "accepted":
        return state
    if quoted_id is None:
        return "deleted"
    if blocked:
        return "blocked_account"
    if not visible:
        return "unauthorized"
    return "muted_account" if muted else "accepted"


def _poll(row: Sequence[Any], now: int) -> Poll:
    options, tallies, voters_count, multiple, hide_totals, expires_at, choices = row[11:18]
    return Poll(
        row[0],
        _words.decode(options),
        _numbers.decode(tallies),
        voters_count,
        bool(multiple),
        bool(hide_totals),
        expires_at,
        expires_at <= now,
        _numbers.decode(choices) if choices is not None else (),
    )
