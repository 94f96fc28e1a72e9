"""What a post that arrives carries, as each of those who listen may see it: a quote and a poll differ by reader.

A post as its author sees it and its readers flow in; the readers, each with what the post carries for them, flow out,
in one query for all of them. What a quoted post says of its own reader is left out: that is for the timeline to tell.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Integer, Text, and_, bindparam, cast, select, type_coerce

from parvis.core.ids import AccountId
from parvis.posts import extras
from parvis.posts.post import SIGNED_OUT, More, Post, Quote
from parvis.posts.visibility import NOBODY, muting, there_is, visible
from parvis.store.statement import Statement, among
from parvis.store.tables import accounts, blocks, posts, votes
from parvis.store.transaction import Tx
from parvis.timelines.audience import Reader

_member = accounts.c.id
_quoted = posts.alias("quoted")
_CARRIED = Statement(
    select(
        _member,
        cast(
            there_is(_quoted, _quoted.c.id == bindparam("quoted", type_=BigInteger), visible(_quoted, _member)), Integer
        ),
        cast(there_is(blocks, blocks.c.blocker_id == _member, blocks.c.blocked_id == bindparam("by")), Integer),
        cast(muting(_member, bindparam("by", type_=BigInteger)), Integer),
        type_coerce(votes.c.choices, Text),
    )
    .select_from(accounts)
    .outerjoin(votes, and_(votes.c.post_id == bindparam("post", type_=BigInteger), votes.c.account_id == _member))
    .where(among(_member, "candidates"))
)
_FOR_NOBODY = Statement(
    select(_quoted.c.id).where(_quoted.c.id == bindparam("quoted", type_=BigInteger), visible(_quoted))
)
_HIDDEN = frozenset({"blocked_account", "unauthorized"})
_choices = msgspec.json.Decoder(tuple[int, ...])


async def with_carried(tx: Tx, post: Post, readers: Mapping[AccountId, Reader]) -> Mapping[AccountId, Reader]:
    """The readers with what they see of the quote and the poll of the post (or of what it passes on), if it has any."""
    more = post.shown.more
    if more is None or (more.quote is None and more.poll is None):
        return readers
    quote = more.quote
    quoted = quote.post.id if quote is not None and quote.post is not None else 0
    by = quote.quoted_author_id if quote is not None else 0
    members = [account for account in readers if account != NOBODY]
    rows: list[Any] = await tx.all(_CARRIED, candidates=members, quoted=quoted, by=by, post=post.shown.id, now=tx.now)
    facts = {row[0]: row[1:] for row in rows}
    if NOBODY in readers:
        open_to_all = await tx.value(_FOR_NOBODY, quoted=quoted, viewer=NOBODY) is not None
        facts[NOBODY] = (open_to_all, False, False, None)
    return {
        account: msgspec.structs.replace(reader, carried=_carried(more, account, facts[account]))
        for account, reader in readers.items()
        if account in facts
    }


def _carried(more: More, account: AccountId, facts: tuple[Any, ...]) -> More:
    sees, blocked, muted, choices = facts
    if more.poll is not None:
        own = _choices.decode(choices) if choices is not None else ()
        more = msgspec.structs.replace(more, poll=msgspec.structs.replace(more.poll, own_votes=own))
    if more.quote is not None:
        more = msgspec.structs.replace(more, quote=_quote(more.quote, account, bool(sees), bool(blocked), bool(muted)))
    return more


def _quote(quote: Quote, account: AccountId, sees: bool, blocked: bool, muted: bool) -> Quote:
    if quote.post is None:
        hidden = quote.state in _HIDDEN  # from the author, which is nobody else's business
        return (
            msgspec.structs.replace(quote, state="blocked_account" if blocked else "unauthorized") if hidden else quote
        )
    state = extras.state_of("accepted", quote.quoted_id, visible=sees, blocked=blocked, muted=muted)
    shown = None
    if state in extras.SHOWING:
        within = quote.post.more
        if within is not None:
            poll = within.poll and msgspec.structs.replace(within.poll, own_votes=())
            inner = within.quote and msgspec.structs.replace(within.quote, post=None)
            within = msgspec.structs.replace(within, poll=poll, quote=inner)
        ties = SIGNED_OUT if account == NOBODY else 0
        shown = msgspec.structs.replace(quote.post, ties=ties, more=within, reply_to_id=None, reply_to_author_id=None)
    return msgspec.structs.replace(quote, state=state, post=shown)
