"""A large world to measure in: tens of thousands of members, a million posts, raised in minutes on either engine.

Numbers and perhaps a file of words flow in; rows flow out, in batches, straight through Statements into tables that
rooms own: no verb raises a million posts in minutes, and nothing else may write like this. Counters, threads, tags and
rendered text agree with the rows, as the verbs would have left them.
"""

import pathlib
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Table, bindparam, insert

from parvis.core import clock, terms
from parvis.posts import lexicon
from parvis.posts.text import parse, render, tags_of
from parvis.store import tables
from parvis.store.database import Store
from parvis.store.finding import document
from parvis.store.statement import Engine, Statement

SHARED = pathlib.Path(__file__).parents[2] / "shared" / "data" / "goemotions" / "train.tsv"
SPAN = 30 * clock.DAY  # the posts of the last month
BATCH = 20_000
LIMIT = 500  # graphemes of a post
FEW = 10  # follows of a member who is no reader
TAGGED = 0.05  # share of texts with a hashtag
TAGS = 200
Numbers = NDArray[np.int64]


class Said(msgspec.Struct, frozen=True):
    """A text as a post's row holds it."""

    text: str
    html: str
    tags: list[str]
    terms: list[str]


class BigWorld(msgspec.Struct, frozen=True):
    """What was raised."""

    readers: tuple[str, ...]  # handles of the members with the full number of follows
    members: int
    posts: int
    likes: int
    follows: int
    seconds: float


def _adding(table: Table, *columns: str) -> Statement[Any]:
    return Statement(insert(table).values({name: bindparam(name, type_=table.c[name].type) for name in columns}))


ACCOUNT = ("id", "handle", "handle_key", "name", "created_at", "posts_count", "followers_count", "following_count")
POST = (
    "id", "author_id", "text", "html", "language", "visibility", "origin", "thread_id", "reply_to_id",
    "reply_to_author_id", "tags", "likes_count", "replies_count",
)  # fmt: skip
ADD_ACCOUNT = _adding(tables.accounts, *ACCOUNT)
ADD_POST = _adding(tables.posts, *POST)
ADD_TAG = _adding(tables.post_tags, "tag", "post_id")
ADD_FOLLOW = _adding(tables.follows, "follower_id", "followee_id", "id")
ADD_HEAD = _adding(tables.heads, "author_id", "post_id", "turns")
ADD_LIKE = _adding(tables.likes, "account_id", "post_id", "id")


async def benchmark_world(
    store: Store,
    *,
    members: int = 50_000,
    posts: int = 1_000_000,
    follows: int = 200,
    readers: int = 100,
    words: pathlib.Path | None = SHARED,
    seed: int = 7,
) -> BigWorld:
    """Raise a large world in an empty, migrated store: the same one for the same numbers, words and seed.

    The first `readers` members follow `follows` others each, the rest a few. Posts spread over the last month, three in
    ten are replies, and there is about one like to a post. `words` is a file whose lines begin with a text and a tab;
    where there is none, words are made up.
    """
    begun = time.perf_counter()
    chance = np.random.default_rng(seed)
    now = clock.now()
    said = _texts(words, chance)
    drawn = _Drawn(
        chance, members=members, posts=posts, follows=min(follows, members - 1), readers=min(readers, members), now=now
    )
    await _fill(store, ADD_ACCOUNT, drawn.accounts())
    await _fill(store, ADD_FOLLOW, drawn.follow_rows())
    await _fill(store, ADD_POST, drawn.post_rows(said))
    await _fill(store, ADD_HEAD, drawn.head_rows())
    async with store.reading() as tx:
        engine = tx.engine
    await _fill(store, lexicon.added(engine), drawn.word_rows(said, engine))
    await _fill(store, ADD_TAG, drawn.tag_rows(said))
    await _fill(store, ADD_LIKE, drawn.like_rows())
    handles = tuple(f"member{number}" for number in range(min(readers, members)))
    return BigWorld(handles, members, posts, len(drawn.likes), len(drawn.follows), time.perf_counter() - begun)


async def _fill(store: Store, statement: Statement[Any], rows: Iterator[dict[str, Any]]) -> None:
    """Write rows in batches, each a transaction."""
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            await _write(store, statement, batch)
            batch = []
    await _write(store, statement, batch)


async def _write(store: Store, statement: Statement[Any], batch: list[dict[str, Any]]) -> None:
    async with store.transaction(durable=False) as tx:
        await tx.many(statement, batch)


class _Drawn:
    """All that chance decides, as arrays over members and over posts."""

    def __init__(
        self, chance: np.random.Generator, *, members: int, posts: int, follows: int, readers: int, now: int
    ) -> None:
        self.now = now
        born = now - 2 * SPAN
        self.account_ids: Numbers = ((born + np.arange(members, dtype=np.int64)) << 16) + 1
        weights = 1.0 / (10 + np.arange(members)) ** 0.7  # few write much, many write little
        chance.shuffle(weights)
        popular = np.cumsum(weights / weights.sum())

        def by_weight(count: int) -> Numbers:
            return np.minimum(np.searchsorted(popular, chance.random(count)), members - 1).astype(np.int64)

        moments = np.sort(chance.integers(now - SPAN, now, posts))
        self.post_ids: Numbers = (moments << 16) | (np.arange(posts, dtype=np.int64) & 1023)
        self.authors = by_weight(posts)
        self.parents = _parents(chance, posts)
        self.texts = chance.random(posts)
        self.visibilities = chance.choice(np.array(["public", "unlisted", "followers"]), posts, p=[0.9, 0.07, 0.03])
        self.replies = np.bincount(self.parents[self.parents >= 0], minlength=posts)
        self.likes = _pairs(
            np.repeat(np.arange(posts), chance.negative_binomial(0.5, 1 / 3, posts)), by_weight, members
        )
        self.like_counts = np.bincount(self.likes[:, 0], minlength=posts)
        full = np.stack([np.sort(chance.choice(members - 1, follows, replace=False)) for _ in range(readers)])
        full += full >= np.arange(readers)[:, None]  # nobody follows themselves
        few = _pairs(np.repeat(np.arange(readers, members), min(FEW, members - 1)), by_weight, members)
        few = few[few[:, 0] != few[:, 1]]
        own = np.stack([np.repeat(np.arange(readers), follows), full.ravel()], axis=1)
        self.follows: Numbers = np.concatenate([own, few])

    def accounts(self) -> Iterator[dict[str, Any]]:
        members = len(self.account_ids)
        counted = self.authors[self.visibilities != "followers"]
        posts = np.bincount(counted, minlength=members).tolist()
        following = np.bincount(self.follows[:, 0], minlength=members).tolist()
        followers = np.bincount(self.follows[:, 1], minlength=members).tolist()
        for number, account in enumerate(self.account_ids.tolist()):
            handle = f"member{number}"
            values = (account, handle, handle, f"Member {number}", account >> 16)
            yield dict(zip(ACCOUNT, (*values, posts[number], followers[number], following[number]), strict=True))

    def follow_rows(self) -> Iterator[dict[str, Any]]:
        first = (self.now - SPAN) << 16
        for place, (follower, followee) in enumerate(self.account_ids[self.follows].tolist()):
            yield {"follower_id": follower, "followee_id": followee, "id": first + place}

    def like_rows(self) -> Iterator[dict[str, Any]]:
        first = self.now << 16
        likers, liked = self.account_ids[self.likes[:, 1]].tolist(), self.post_ids[self.likes[:, 0]].tolist()
        for place, (account, post) in enumerate(zip(likers, liked, strict=True)):
            yield {"account_id": account, "post_id": post, "id": first - len(likers) + place}

    def post_rows(self, said: Sequence[Said]) -> Iterator[dict[str, Any]]:
        ids, authors = self.post_ids.tolist(), self.account_ids[self.authors].tolist()
        roots: list[int] = []
        chosen = self._chosen(said)
        rest = zip(
            self.parents.tolist(),
            chosen,
            self.visibilities.tolist(),
            self.like_counts.tolist(),
            self.replies.tolist(),
            strict=True,
        )
        for place, (parent, what, visibility, likes, replies) in enumerate(rest):
            answers = parent >= 0
            roots.append(roots[parent] if answers else ids[place])
            text = said[what]
            yield {
                "id": ids[place],
                "author_id": authors[place],
                "text": text.text,
                "html": text.html,
                "language": "en",
                "visibility": visibility,
                "origin": "human",
                "thread_id": roots[place],
                "reply_to_id": ids[parent] if answers else None,
                "reply_to_author_id": authors[parent] if answers else None,
                "tags": text.tags,
                "likes_count": likes,
                "replies_count": replies,
            }

    def word_rows(self, said: Sequence[Said], engine: Engine) -> Iterator[dict[str, Any]]:
        rows = zip(
            self.post_ids.tolist(),
            self.account_ids[self.authors].tolist(),
            self._chosen(said),
            self.parents.tolist(),
            strict=True,
        )
        for post, author, what, parent in rows:
            signs = terms.signs(author=author, language="en", reply=parent >= 0, sensitive=False, carries=())
            yield {"post": post, "words": document(engine, signs, said[what].terms)}

    def head_rows(self) -> Iterator[dict[str, Any]]:
        newest = dict(zip(self.account_ids[self.authors].tolist(), self.post_ids.tolist(), strict=True))
        turns = np.bincount(self.authors, minlength=len(self.account_ids)).tolist()
        for account, said in zip(self.account_ids.tolist(), turns, strict=True):
            if said:
                yield {"author_id": account, "post_id": newest[account], "turns": said}

    def tag_rows(self, said: Sequence[Said]) -> Iterator[dict[str, Any]]:
        for post, what in zip(self.post_ids.tolist(), self._chosen(said), strict=True):
            for tag in said[what].tags:
                yield {"tag": tag, "post_id": post}

    def _chosen(self, said: Sequence[Said]) -> list[int]:
        chosen: list[int] = (self.texts * len(said)).astype(np.int64).tolist()
        return chosen


def _parents(chance: np.random.Generator, posts: int) -> Numbers:
    """Which earlier post each one answers; -1 for none."""
    places = np.arange(posts, dtype=np.int64)
    parents = places - chance.geometric(1 / 300, posts)
    parents[(parents < 0) | (chance.random(posts) > 0.3)] = -1
    return parents


def _pairs(first: Numbers, second: Callable[[int], Numbers], width: int) -> Numbers:
    """Each of `first` with one of `second`, no pair twice, as rows of two."""
    keys = np.unique(first.astype(np.int64) * width + second(len(first)))
    return np.stack([keys // width, keys % width], axis=1)


def _texts(words: pathlib.Path | None, chance: np.random.Generator) -> list[Said]:
    """Distinct texts, rendered once each: those of the file, or made up."""
    if words is not None and words.is_file():
        lines = [line.split("\t")[0] for line in words.read_text("utf-8").splitlines()]
    else:
        lines = list(_made_up(chance, 5_000))
    said = []
    for line in filter(None, map(str.strip, lines)):
        tagged = f"{line} #topic{int(chance.integers(TAGS))}" if chance.random() < TAGGED else line
        text, pieces = parse(tagged[:LIMIT], LIMIT)
        said.append(Said(text, render(pieces, lambda piece: None), tags_of(pieces), terms.terms_of(text)))  # noqa: ARG005 - nobody is named
    return said


def _made_up(chance: np.random.Generator, count: int) -> Iterator[str]:
    """Sentences of words that no language has, as long as people's."""
    sounds = np.array(["ba", "co", "de", "fi", "lu", "ma", "no", "pe", "ra", "si", "ta", "vo"])
    vocabulary = np.array(["".join(sounds[chance.integers(0, 12, chance.integers(1, 5))]) for _ in range(5_000)])
    for _ in range(count):
        yield " ".join(vocabulary[chance.integers(0, 5_000, chance.integers(4, 28))]).capitalize() + "."
