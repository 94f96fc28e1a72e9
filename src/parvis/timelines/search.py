"""Search in posts: words in any script, "phrases", #hashtags, -exclusions, and the operators Mastodon's members know.

What somebody typed flows in; posts flow out, the latest first. One finds what is public of authors who want to be
found, and what concerns oneself: what one wrote, likes, keeps, or is mentioned in. Never what one may not see, and
nothing by whom one mutes. Each look is one query over a bounded number of
matches (two at most), and one for the posts.
"""

import datetime as dt
import re
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, Integer, Text, bindparam, func, literal_column, or_, select

from parvis.core import clock, ids, terms
from parvis.core.ids import PostId
from parvis.people.accounts import Account, find_by_handle
from parvis.people.details import Trait
from parvis.posts.page import ABOVE_ALL
from parvis.posts.post import Post
from parvis.posts.text import fold_tag
from parvis.posts.visibility import NOBODY, in_order, met, muting, there_is, viewer, visible
from parvis.store.finding import documents, expression, matches
from parvis.store.statement import Statement, among_words
from parvis.store.tables import accounts, bookmarks, likes, post_mentions, post_tags, posts
from parvis.store.transaction import Tx

SPARE: Final = 12  # matches beyond those wanted that are looked at first; nine in ten posts may be shown to anyone
LOOKED_AT_ONCE: Final = 60  # matches, at most, that the loop waits for
LOOKED_AT: Final = (400, 4000)  # then more, while too few of them may be shown
LONGEST: Final = 500  # characters of what is asked
MOST_PHRASES: Final = 16
MOST_FOUND: Final = 40
HAS: Final = {
    "media": "media",
    "image": "picture",
    "images": "picture",
    "video": "film",
    "videos": "film",
    "audio": "sound",
    "poll": "poll",
    "polls": "poll",
    "link": "link",
    "links": "link",
    "embed": "link",
}
IS: Final = {"reply": "reply", "sensitive": "sensitive"}
_PART = re.compile(r'(-?)(?:(from|has|is|in|before|after|during|language):)?("[^"]*"|\S+)', re.IGNORECASE)
_HASHTAG = re.compile(r"#\w+")


class Asked(msgspec.Struct):
    """What was typed, read: phrases of terms, whose posts, between which moments (ms), and where."""

    wanted: list[list[str]] = []
    unwanted: list[list[str]] = []
    tags: list[str] = []  # hashtags that a post must have, folded
    authors: list[tuple[str, bool]] = []  # a handle, and whether it is wanted
    since: int = 0
    until: int | None = None
    where: str = "all"  # all, library, public

    @property
    def is_a_word(self) -> bool:
        """Whether one whole word is all that is looked for, which takes no time: nothing need be intersected."""
        (first, *others) = (term for phrase in (*self.wanted, *self.unwanted) for term in phrase)
        return not others and not first.endswith("*")


_none = literal_column("0", Integer)
_own = or_(
    posts.c.author_id == viewer,
    there_is(likes, likes.c.account_id == viewer, likes.c.post_id == posts.c.id),
    there_is(bookmarks, bookmarks.c.account_id == viewer, bookmarks.c.post_id == posts.c.id),
    there_is(post_mentions, post_mentions.c.account_id == viewer, post_mentions.c.post_id == posts.c.id),
)
_open = (
    (posts.c.visibility == literal_column("'public'"))
    & (accounts.c.traits.bitwise_and(literal_column(str(int(Trait.UNINDEXED)))) == _none)
    & met(posts)
)
_where = bindparam("where", type_=Integer)
_tags_wanted = bindparam("tags_wanted", type_=Integer)
_has_tags = (
    select(func.count())
    .select_from(post_tags)
    .where(post_tags.c.post_id == posts.c.id, among_words(post_tags.c.tag, "tags"))
    .correlate(posts)
    .scalar_subquery()
)
_latest = (
    select(documents.c.rowid)
    .where(
        matches("expression"),
        documents.c.rowid > bindparam("after", type_=BigInteger),
        documents.c.rowid < bindparam("before", type_=BigInteger),
    )
    .order_by(documents.c.rowid.desc())
    .limit(bindparam("looked_at", type_=Integer))
    .subquery("latest")
)
_found = (
    select(posts.c.id)
    .select_from(_latest)
    .join(posts, posts.c.id == _latest.c.rowid)
    .join(accounts, accounts.c.id == posts.c.author_id)
    .where(
        or_((_where != literal_column("1")) & _open, (_where != literal_column("2")) & _own),
        or_(_tags_wanted == _none, _has_tags == _tags_wanted),
        visible(posts, author=accounts),
        ~muting(viewer, posts.c.author_id),
    )
    .order_by(posts.c.id.desc())
    .limit(bindparam("most", type_=Integer))
    .offset(bindparam("skipped", type_=Integer))
)
_AT_ONCE = Statement(_found)  # the latest few posts with a word lie side by side in its index
_FOUND = Statement(_found, slow=True)
_WHERE: Final = {"all": 0, "library": 1, "public": 2}

_beginning = bindparam("beginning", type_=Text)
_met_in_public = (posts.c.visibility == literal_column("'public'"), visible(posts), met(posts))
_use = post_tags.alias("use")
_so_begun = (
    select(post_tags.c.tag)
    .where(post_tags.c.tag >= _beginning, post_tags.c.tag < bindparam("beyond", type_=Text))
    .distinct()
    .subquery("so_begun")
)
_TAGS = Statement(
    select(_so_begun.c.tag)
    .where(
        there_is(_use, _use.c.tag == _so_begun.c.tag, there_is(posts, posts.c.id == _use.c.post_id, *_met_in_public)),
    )
    .order_by(_so_begun.c.tag)
    .limit(bindparam("most", type_=Integer))
    .offset(bindparam("skipped", type_=Integer)),
    slow=True,
)


def read(typed: str) -> Asked:
    """What somebody typed. Operators that make no sense are looked for as words."""
    asked = Asked()
    for minus, operator, value in _PART.findall(typed[:LONGEST]):
        if not operator or not _operate(asked, operator.lower(), value.strip('"'), wanted=not minus):
            words = terms.asked_for(f"{operator} {value}")
            if not words:
                continue
            if not minus and not operator and _HASHTAG.fullmatch(value):
                asked.tags.append(fold_tag(value[1:]))
            phrases = [words] if minus or value.startswith(('"', "#")) else _words(value) or [words]
            (asked.unwanted if minus else asked.wanted).extend(phrases)
    asked.tags = list(dict.fromkeys(asked.tags))[:MOST_PHRASES]
    del asked.wanted[MOST_PHRASES:], asked.unwanted[MOST_PHRASES:], asked.authors[MOST_PHRASES:]
    return asked


def _words(value: str) -> list[list[str]]:
    """The parts of a word each for itself, but for scripts without spaces: their pairs follow each other."""
    return [found for part in re.split(r"[\W_]+", value) if (found := terms.asked_for(part))]


def _operate(asked: Asked, operator: str, value: str, *, wanted: bool) -> bool:
    phrases = asked.wanted if wanted else asked.unwanted
    kind = value.lower()
    if operator == "from" and value:
        asked.authors.append((value.removeprefix("@"), wanted))
    elif operator == "has" and kind in HAS:
        phrases.append([terms.sign(HAS[kind])])
    elif operator == "is" and kind in IS:
        phrases.append([terms.sign(IS[kind])])
    elif operator == "language" and kind.isalpha():
        phrases.append([terms.sign("in", kind)])
    elif operator == "in" and kind in _WHERE and wanted:
        asked.where = kind
    elif operator in {"before", "after", "during"} and wanted and (day := _day(value)) is not None:
        if operator in {"after", "during"}:
            asked.since = max(asked.since, day + clock.DAY * (operator == "after"))
        if operator in {"before", "during"}:
            until = day + clock.DAY * (operator == "during")
            asked.until = until if asked.until is None else min(asked.until, until)
    else:
        return False
    return True


def _day(value: str) -> int | None:
    try:
        moment = dt.datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=dt.UTC)
    except ValueError:
        return None
    return max(0, int(moment.timestamp() * 1000))


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Which of what is found: of one author, between two ids, how many, and how many are passed over."""

    author: int | None = None
    max_id: int | None = None
    min_id: int | None = None
    limit: int = 20
    offset: int = 0


WHOLE: Final = Span()


async def search_posts(tx: Tx, member: Account, typed: str, span: Span = WHOLE) -> list[Post]:
    """The posts that were asked for, the latest first, whole."""
    return await in_order(tx, member, [(one,) for one in await posts_found(tx, member, typed, span)])


async def posts_found(tx: Tx, member: Account, typed: str, span: Span = WHOLE) -> list[PostId]:
    """The same, not yet read."""
    asked = read(typed)
    if span.author is not None:
        asked.wanted.append([terms.sign("by", span.author)])
    for handle, wanted in asked.authors:
        if handle.lower() == "me":
            found: Account | None = member
        else:
            found = await find_by_handle(tx, *handle.partition("@")[::2])
        if found is not None:
            (asked.wanted if wanted else asked.unwanted).append([terms.sign("by", found.id)])
        elif wanted:
            return []
    if not asked.wanted:
        return []
    until = ABOVE_ALL if asked.until is None else ids.at(asked.until)
    most = max(1, min(span.limit, MOST_FOUND))
    first = most + max(0, span.offset) + SPARE
    rows: list[tuple[Any, ...]] = []
    for looked_at in (first, *LOOKED_AT):
        rows = await tx.all(
            _AT_ONCE if looked_at <= LOOKED_AT_ONCE and asked.is_a_word else _FOUND,
            expression=expression(tx.engine, asked.wanted, asked.unwanted),
            viewer=member.id,
            now=tx.now,
            where=_WHERE[asked.where],
            tags=asked.tags,
            tags_wanted=len(asked.tags),
            after=max(ids.at(asked.since) - 1, span.min_id or 0),
            before=min(until, span.max_id or ABOVE_ALL),
            looked_at=looked_at,
            most=most,
            skipped=max(0, span.offset),
        )
        if len(rows) == most:
            break
    return [row[0] for row in rows]


async def search_tags(tx: Tx, typed: str, *, limit: int = 20, offset: int = 0) -> list[str]:
    """Hashtags of posts that anyone may come across and that begin so, in order; the exact one is the first."""
    beginning = fold_tag(typed.strip().lstrip("#"))
    if not beginning:
        return []
    rows = await tx.all(
        _TAGS,
        beginning=beginning,
        beyond=beginning + "\U0010ffff",
        viewer=NOBODY,
        most=max(1, min(limit, MOST_FOUND)),
        skipped=offset,
    )
    return [row[0] for row in rows]
