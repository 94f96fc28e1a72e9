"""What the assistant may read to answer: what the asker may see, it may see, and every reader of the answer may see.

A question flows in, its thread flows out, from the oldest post. An answer that everyone can read is made from posts
that everyone can read; only an answer to the asker alone may rest on what those two were shown. So nobody learns
through the assistant what they could not have read themselves.
"""

import msgspec
import regex
from sqlalchemy import BigInteger, Integer, bindparam, case, literal, or_, select

from parvis.assistant.answers import FOR_EVERYONE
from parvis.assistant.member import HANDLE
from parvis.assistant.prompts import Excerpt
from parvis.core.ids import PostId
from parvis.people.accounts import Account
from parvis.posts.post import Post
from parvis.posts.text import tokens
from parvis.posts.visibility import for_everyone, seen_by, visible
from parvis.store.statement import Statement
from parvis.store.tables import posts
from parvis.store.transaction import Tx

ENOUGH_SHARED = 3  # long words that an answer has in common with a post it relied on
MOST_POSTS = 60  # the first of the thread, and the newest before the question

_reader = bindparam("reader", type_=BigInteger)
READABLE = Statement(
    select(posts.c.id)
    .where(
        posts.c.thread_id == bindparam("thread", type_=BigInteger),
        posts.c.id < bindparam("question", type_=BigInteger),
        visible(posts),
        visible(posts, _reader),
        or_(for_everyone(posts), bindparam("private", type_=Integer) == literal(1)),
    )
    .order_by(case((posts.c.id == bindparam("thread", type_=BigInteger), 0), else_=1), posts.c.id.desc())
    .limit(MOST_POSTS)
)


class Thread(msgspec.Struct, frozen=True):
    """A question, and what may be read to answer it, the oldest first."""

    question: Post
    before: tuple[Post, ...]

    @property
    def near(self) -> frozenset[PostId]:
        """The posts that the question answers, one by one up to the first."""
        parents = {post.id: post.reply_to_id for post in self.before}
        found: set[PostId] = set()
        step = self.question.reply_to_id
        while step is not None and step in parents and step not in found:
            found.add(step)
            step = parents[step]
        return frozenset(found)


async def find_thread(tx: Tx, asker: Account, reader: Account, question_id: PostId) -> Thread | None:
    """The thread as both may read it, in three queries; None when the reader may not see the question."""
    question = (await seen_by(tx, reader, (question_id,))).get(question_id)
    if question is None or question.author.id != asker.id:
        return None
    private = question.visibility not in FOR_EVERYONE
    ids = [
        row[0]
        for row in await tx.all(
            READABLE,
            thread=question.thread_id,
            question=question_id,
            viewer=asker.id,
            reader=reader.id,
            private=int(private),
        )
    ]
    found = await seen_by(tx, asker, ids)
    return Thread(question, tuple(found[post_id] for post_id in sorted(found)))


def excerpt(post: Post) -> Excerpt:
    """The post as a model reads it. What stands behind a content warning is read with its warning."""
    words = f"({post.warning}) {post.text}" if post.warning else post.text
    return Excerpt(post.id, post.author.handle, words, tuple(picture.alt for picture in post.media if picture.alt))


def asked(post: Post) -> Excerpt:
    """The question, without the mention of the assistant."""
    words = "".join(
        piece.text
        for piece in tokens(post.text)
        if not (piece.kind == "mention" and piece.value.lower() == HANDLE and not piece.domain)
    )
    return msgspec.structs.replace(excerpt(post), text=words.strip(" ,:;\n\t"))


def relied_on(thread: Thread, words: str) -> list[Post]:
    """The posts that the answer shares most words with, but for the one just above the question, best first."""
    said = _long_words(words) - _long_words(thread.question.text)
    above = thread.question.reply_to_id
    shared = {
        post.id: len(said & _long_words(post.text))
        for post in thread.before
        if post.id != above and post.author.kind != "assistant"
    }
    ranked = sorted(thread.before, key=lambda post: -shared.get(post.id, 0))
    return [post for post in ranked if shared.get(post.id, 0) >= ENOUGH_SHARED]


def _long_words(words: str) -> set[str]:
    return set(regex.findall(r"\p{L}{5,}", words.casefold()))
