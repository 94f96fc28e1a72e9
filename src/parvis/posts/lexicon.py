"""The lexicon: which words stand in which post, and what else search may ask of it.

Whoever writes a post's words has them learnt in the same transaction, so that what is published is found at once, and
what is edited away is not. A post that is deleted takes its document along. Reposts have no words.
"""

import msgspec
from sqlalchemy import BigInteger, Text, bindparam, select, text, type_coerce

from parvis.core import terms
from parvis.core.ids import PostId
from parvis.posts.post import Media, decode_media
from parvis.store.finding import ADD, REMOVE, document
from parvis.store.statement import Engine, Statement
from parvis.store.tables import polls, posts
from parvis.store.transaction import Tx

_post = bindparam("post", type_=BigInteger)
_ROW = Statement(
    select(
        posts.c.text,
        posts.c.warning,
        posts.c.author_id,
        posts.c.language,
        posts.c.reply_to_author_id,
        posts.c.sensitive,
        type_coerce(posts.c.media, Text),
        type_coerce(polls.c.options, Text),
    )
    .outerjoin_from(posts, polls, polls.c.post_id == posts.c.id)
    .where(posts.c.id == _post)
)
_FORGET = Statement(text(REMOVE).bindparams(_post))
_ADD = {engine: Statement(text(ADD[engine])) for engine in ADD}
_KINDS = {"picture": "picture", "loop": "picture", "film": "film", "sound": "sound"}
_options = msgspec.json.Decoder(tuple[str, ...])


async def learn(tx: Tx, post_id: PostId) -> None:
    """Have the words that the post's row has now found, and no others."""
    row = await tx.one(_ROW, post=post_id)
    words, warning, author, language, answers, sensitive, media, options = row
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
    await tx.run(_FORGET, post=post_id)
    await tx.run(_ADD[tx.engine], post=post_id, words=document(tx.engine, signs, found))


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
