"""A member's taste: what they set for their feeds, ready to be applied to posts, and kept while its version holds.

An account flows in, a `Taste` flows out: compiled filters, whom exclusive lists hold, the hashtags that are followed.
Posts flow through `sift` and come out without what is hidden in a context, each with the filters that it meets. Who
set nothing has `PLAIN`, which costs no query and lets everything through as it is.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
from sqlalchemy import BigInteger, bindparam, select

from parvis.core.ids import AccountId, PostId
from parvis.people.accounts import Account
from parvis.posts.post import Match, Post
from parvis.store.statement import Statement
from parvis.store.tables import list_members, lists, tag_follows
from parvis.store.transaction import Tx
from parvis.timelines.filters import Filter, filters_of

KEPT: Final = 4096  # tastes of this process

_account = bindparam("account", type_=BigInteger)
_APART = Statement(
    select(list_members.c.account_id)
    .join_from(lists, list_members, list_members.c.list_id == lists.c.id)
    .where(lists.c.account_id == _account, lists.c.exclusive)
)
_TAGS = Statement(select(tag_follows.c.tag).where(tag_follows.c.account_id == _account))


class Phrase(msgspec.Struct, frozen=True):
    """A keyword as it is looked for: folded, and the pattern that decides once its letters were found."""

    folded: str
    pattern: re.Pattern[str]
    written: str


class Sieve(msgspec.Struct, frozen=True):
    """A filter, compiled."""

    filter: Filter
    phrases: tuple[Phrase, ...]
    posts: frozenset[PostId]

    def meets(self, post: Post, words: str, folded: str) -> Match | None:
        """How the post (whose words these are) meets the filter, if it does."""
        found = tuple(
            _as_written(match, words, folded, phrase)
            for phrase in self.phrases
            if phrase.folded in folded and (match := phrase.pattern.search(folded))
        )
        picked = tuple(one for one in dict.fromkeys((post.id, post.shown.id)) if one in self.posts)
        if not found and not picked:
            return None
        one = self.filter
        return Match(one.id, one.title, one.contexts, one.action, one.expires_at, found, picked)


class Taste(msgspec.Struct, frozen=True):
    """What one member set for their feeds."""

    account: AccountId = AccountId(0)
    version: int = 0
    sieves: tuple[Sieve, ...] = ()
    apart: frozenset[AccountId] = frozenset()  # whom exclusive lists hold
    tags: frozenset[str] = frozenset()  # followed

    def sift(self, posts: Iterable[Post], now: int, context: str = "") -> list[Post]:
        """The posts with the filters that they meet, without those that are hidden in this context.

        Without a context nothing is left out. What the member wrote themselves is never left out.
        """
        if not self.sieves:
            return list(posts)
        judged = (self.judged(post, now) for post in posts)
        return [post for post in judged if not self.hides(post, context)]

    def judged(self, post: Post, now: int) -> Post:
        """The post with the filters that it meets at this moment (ms)."""
        return self.with_matches(post, self.matches(post, now))

    @staticmethod
    def with_matches(post: Post, matches: tuple[Match, ...]) -> Post:
        """The post with these filters; a repost and what it passes on meet the same."""
        if not matches:
            return post
        inner = post.repost_of
        return msgspec.structs.replace(
            post,
            filtered=matches,
            repost_of=None if inner is None else msgspec.structs.replace(inner, filtered=matches),
        )

    def matches(self, post: Post, now: int) -> tuple[Match, ...]:
        """The filters that the post meets at this moment (ms), in whatever context."""
        words = _words_of(post.shown)
        folded = words.casefold()
        living = (sieve for sieve in self.sieves if sieve.filter.expires_at is None or sieve.filter.expires_at > now)
        return tuple(match for sieve in living if (match := sieve.meets(post, words, folded)) is not None)

    def hides(self, post: Post, context: str) -> bool:
        """Whether the post, judged before, has no place in this context."""
        return self.leaves_out(post.filtered, (post.author.id, post.shown.author.id), context)

    def leaves_out(self, matches: tuple[Match, ...], authors: Sequence[int | None], context: str) -> bool:
        """Whether what these wrote, and meets these filters, has no place in this context."""
        if not matches or self.account in authors:
            return False
        return any(match.action == "hide" and context in match.contexts for match in matches)


PLAIN: Final = Taste()
_kept: OrderedDict[int, Taste] = OrderedDict()  # by version: a number that no two tastes ever share


async def taste_of(tx: Tx, member: Account | None) -> Taste:
    """What the member (as they signed in) set for their feeds."""
    return PLAIN if member is None or not member.tastes else await taste_at(tx, member.id, member.tastes)


async def taste_at(tx: Tx, account: AccountId, version: int) -> Taste:
    """What the account set for its feeds, when their version is this."""
    if not version:
        return PLAIN
    found = _kept.get(version)
    if found is None:
        found = _kept[version] = await _read(tx, account, version)
        if len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


async def _read(tx: Tx, account: AccountId, version: int) -> Taste:
    return Taste(
        account,
        version,
        tuple(_sieve(one) for one in await filters_of(tx, account)),
        frozenset(row[0] for row in await tx.all(_APART, account=account)),
        frozenset(row[0] for row in await tx.all(_TAGS, account=account)),
    )


def _sieve(one: Filter) -> Sieve:
    bare = msgspec.structs.replace(one, keywords=(), posts=())
    phrases = tuple(_phrase(keyword.keyword, whole=keyword.whole_word) for keyword in one.keywords)
    return Sieve(bare, phrases, frozenset(pick.post_id for pick in one.posts))


def _phrase(written: str, *, whole: bool) -> Phrase:
    folded = written.casefold()
    pattern = re.escape(folded)
    if whole:
        pattern = (r"\b" if re.match(r"\w", folded) else "") + pattern + (r"\b" if re.search(r"\w\Z", folded) else "")
    return Phrase(folded, re.compile(pattern), written)


def _as_written(match: re.Match[str], words: str, folded: str, phrase: Phrase) -> str:
    """The match in the post's own letters, where folding left every letter in its place."""
    return words[match.start() : match.end()] if len(words) == len(folded) else phrase.written


def _words_of(post: Post) -> str:
    """Everything in the post that can be read."""
    parts: Sequence[str] = (post.warning, post.text, *(media.alt for media in post.media))
    more = post.more
    if more is not None and more.poll is not None:
        parts = (*parts, *more.poll.options)
    return "\n".join(part for part in parts if part)
