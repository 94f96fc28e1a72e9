"""The lexicon: which words stand in which post, and what else search may ask of it.

Whoever writes a post's words has them learnt in the same transaction, so that what is published is found at once, and
what is edited away is not. A post that is deleted takes its document along. Reposts have no words. What was published
before there was search is learnt by a job in small batches, and found as soon as its turn came.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Integer, Text, bindparam, exists, select, text, type_coerce

from parvis.core import terms
from parvis.core.ids import PostId
from parvis.posts.page import ABOVE_ALL
from parvis.posts.post import Media, decode_media
from parvis.store.finding import ADD, REMOVE, document, documents
from parvis.store.jobs import Kind, Work
from parvis.store.statement import Engine, Statement
from parvis.store.tables import polls, posts
from parvis.store.transaction import Tx

NAME = "learn_words"
BATCH = 100  # posts that are learnt in one transaction, some 15 ms
PER_SECOND = 10  # batches

_post = bindparam("post", type_=BigInteger)
_rows = select(
    posts.c.id,
    posts.c.text,
    posts.c.warning,
    posts.c.author_id,
    posts.c.language,
    posts.c.reply_to_author_id,
    posts.c.sensitive,
    type_coerce(posts.c.media, Text),
    type_coerce(polls.c.options, Text),
).outerjoin_from(posts, polls, polls.c.post_id == posts.c.id)
_ROW = Statement(_rows.where(posts.c.id == _post))
_UNLEARNT = Statement(
    _rows.where(
        posts.c.id < bindparam("before", type_=BigInteger),
        posts.c.repost_of_id.is_(None),
        ~exists().where(documents.c.rowid == posts.c.id),
    )
    .order_by(posts.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)
_FORGET = Statement(text(REMOVE).bindparams(_post))
_ADD = {engine: Statement(text(ADD[engine])) for engine in ADD}
_KINDS = {"picture": "picture", "loop": "picture", "film": "film", "sound": "sound"}
_options = msgspec.json.Decoder(tuple[str, ...])


class Learn(msgspec.Struct, frozen=True):
    """Learn the words of posts that were published when search had none: those older than `before`."""

    before: PostId = PostId(ABOVE_ALL)


async def learn(tx: Tx, post_id: PostId) -> None:
    """Have the words of a new post found."""
    row = await tx.one(_ROW, post=post_id)
    await tx.run(_ADD[tx.engine], **_document(tx.engine, row))


async def learn_anew(tx: Tx, post_id: PostId) -> None:
    """Have the words that the post's row has now found, and no others."""
    await tx.run(_FORGET, post=post_id)
    await learn(tx, post_id)


async def _learn_older(work: Work) -> None:
    """Learn a few posts, the latest first, and have the next few learnt by the next job."""
    async with work.ending() as tx:
        rows = await tx.all(_UNLEARNT, before=work.payload.before, most=BATCH)
        await tx.many(_ADD[tx.engine], [_document(tx.engine, row) for row in rows])
        if len(rows) == BATCH:
            tx.enqueue(NAME, Learn(rows[-1][0]), key=NAME)


LEARNING = Kind(name=NAME, payload=Learn, run=_learn_older, concurrency=1, per_second=PER_SECOND)


def _document(engine: Engine, row: Sequence[Any]) -> dict[str, Any]:
    post, words, warning, author, language, answers, sensitive, media, options = row
    pictures = decode_media(media)
    choices = _options.decode(options) if options else ()
    signs = terms.signs(
        author=author,
        language=language,
        reply=answers is not None,
        sensitive=bool(sensitive),
        carries=carried(words, pictures, poll=bool(choices)),
    )
    found = terms.terms_of(" \n ".join((warning, words, *(one.alt for one in pictures), *choices)))
    return {"post": post, "words": document(engine, signs, found)}


def carried(words: str, media: tuple[Media, ...], *, poll: bool) -> list[str]:
    """What the post carries, as search asks for it."""
    kinds = [_KINDS.get(one.kind, "picture") for one in media]
    return [
        *(["media", *kinds] if kinds else []),
        *(["poll"] if poll else []),
        *(["link"] if "://" in words else []),
    ]


def added(engine: Engine) -> Statement[tuple[object, ...]]:
    """The statement that adds documents in bulk, for who raises a world."""
    return _ADD[engine]
