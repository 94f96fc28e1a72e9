"""Prose: what a text says once it is read: whom it names, its hashtags, and how it looks.

A text flows in, its tidy form with the members whom it mentions, its tags and its HTML flows out, in one query.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy import BigInteger, Text, bindparam, delete, insert, select

from parvis.core.config import Settings
from parvis.core.errors import Invalid
from parvis.core.ids import AccountId, PostId
from parvis.posts.text import Mention, Token, parse, render, tags_of
from parvis.store.statement import Statement, among, among_words
from parvis.store.tables import accounts, post_mentions, post_tags
from parvis.store.transaction import Tx

MOST_MENTIONS = 50  # later ones stay words

_post = bindparam("post", type_=BigInteger)
_NAMED = Statement(
    select(accounts.c.id, accounts.c.handle, accounts.c.domain).where(
        among_words(accounts.c.handle_key, "handles"), accounts.c.suspended_at.is_(None)
    ),
    Mention,
)
_ADD_MENTION = Statement(insert(post_mentions).values(account_id=bindparam("account", type_=BigInteger), post_id=_post))
_ADD_TAG = Statement(insert(post_tags).values(tag=bindparam("tag", type_=Text), post_id=_post))
_MENTIONED = Statement(select(post_mentions.c.account_id).where(post_mentions.c.post_id == _post))
_UNMENTION = Statement(
    delete(post_mentions).where(post_mentions.c.post_id == _post, among(post_mentions.c.account_id, "gone"))
)
_UNTAG = Statement(delete(post_tags).where(post_tags.c.post_id == _post))


class Prose(msgspec.Struct, frozen=True):
    """A text that was read."""

    text: str
    html: str
    mentions: list[Mention]
    tags: list[str]
    pieces: tuple[Token, ...]

    def mentioned(self, author: AccountId) -> set[AccountId]:
        """Whom it names beside its author."""
        return {AccountId(member.id) for member in self.mentions} - {author}


class Unexpected(Invalid):
    """A text names members whom its author did not expect it to."""

    def __init__(self, accounts: Sequence[AccountId]) -> None:
        super().__init__("Post would be sent to unexpected accounts", field="allowed_mentions")
        self.accounts = tuple(accounts)


async def read(tx: Tx, text: str, settings: Settings) -> Prose:
    """Read a text.

    Raises:
        Invalid: it is longer than the settings allow.
    """
    text, pieces = parse(text, settings.post_limit)
    named = await _named_in(tx, pieces, settings.domain)
    return Prose(
        text,
        render(pieces, lambda piece: named.get((piece.value.lower(), piece.domain))),
        list({member.id: member for member in named.values()}.values()),
        tags_of(pieces),
        pieces,
    )


async def record(tx: Tx, post_id: PostId, readers: set[AccountId], tags: Sequence[str]) -> None:
    """Have the new post found by those it reaches, and under its tags."""
    await tx.many(_ADD_MENTION, [{"account": account, "post": post_id} for account in sorted(readers)])
    await tx.many(_ADD_TAG, [{"tag": tag, "post": post_id} for tag in tags])


async def record_anew(tx: Tx, post_id: PostId, readers: set[AccountId], tags: Sequence[str]) -> set[AccountId]:
    """The same for a post that says something else now; whom it reaches that it did not reach before."""
    before = {row[0] for row in await tx.all(_MENTIONED, post=post_id)}
    if gone := before - readers:
        await tx.run(_UNMENTION, post=post_id, gone=sorted(gone))
    await tx.run(_UNTAG, post=post_id)
    await record(tx, post_id, readers - before, tags)
    return readers - before


async def _named_in(tx: Tx, pieces: Sequence[Token], home: str) -> dict[tuple[str, str], Mention]:
    """The members whom the mentions name, by folded handle and written domain."""
    wanted = list(dict.fromkeys((piece.value.lower(), piece.domain) for piece in pieces if piece.kind == "mention"))[
        :MOST_MENTIONS
    ]
    if not wanted:
        return {}
    found = await tx.all(_NAMED, handles=[handle for handle, _ in wanted])
    members = {(member.handle.lower(), member.domain): member for member in found}
    named = {}
    for handle, domain in wanted:
        member = members.get((handle, "" if domain == home else domain))
        if member is not None:
            named[handle, domain] = member
    return named
