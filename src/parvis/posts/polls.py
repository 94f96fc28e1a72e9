"""Polls: a question under a post, with answers that its readers choose from until it ends.

Votes of one poll come one after the other, so that its tallies are exact; who voted for what, only the voter reads. A
poll ends once, by a job that is set when the poll is made, and again when an edit moves its end.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy import JSON, BigInteger, Integer, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from parvis.core.errors import Invalid, NotFound
from parvis.core.ids import AccountId, PostId
from parvis.events import PollEnded, PollVoted
from parvis.people import standing
from parvis.people.accounts import Account
from parvis.posts import acts
from parvis.posts.drafts import PollDraft
from parvis.posts.post import Post
from parvis.posts.visibility import get_post
from parvis.store.jobs import LISTENER_LEASE, Kind, Work
from parvis.store.statement import Statement
from parvis.store.tables import polls, posts, votes
from parvis.store.transaction import Tx

END = "end_poll"

_post = bindparam("post", type_=BigInteger)
_account = bindparam("account", type_=BigInteger)


class _Poll(msgspec.Struct, frozen=True):
    options: list[str]
    tallies: list[int]
    voters_count: int
    multiple: bool
    hide_totals: bool
    expires_at: int


class Ending(msgspec.Struct, frozen=True):
    """A poll that is due to end then, unless its end was moved."""

    post: PostId
    expires_at: int  # ms


_given = {name: bindparam(name, type_=polls.c[name].type) for name in ("post_id", *_Poll.__struct_fields__)}
_put = insert(polls).values(_given)
_PUT = Statement(
    _put.on_conflict_do_update(
        index_elements=["post_id"], set_={name: _put.excluded[name] for name in _Poll.__struct_fields__}
    )
)
_POLL = Statement(
    select(*(polls.c[name] for name in _Poll.__struct_fields__)).where(polls.c.post_id == _post).with_for_update(),
    _Poll,
)
_CHOICES = Statement(select(votes.c.choices).where(votes.c.post_id == _post, votes.c.account_id == _account))
_vote = insert(votes).values(
    post_id=_post, account_id=_account, choices=bindparam("choices", type_=JSON), id=bindparam("id", type_=BigInteger)
)
_VOTE = Statement(
    _vote.on_conflict_do_update(index_elements=["post_id", "account_id"], set_={"choices": _vote.excluded.choices})
)
_TALLY = Statement(
    update(polls)
    .where(polls.c.post_id == _post)
    .values(
        tallies=bindparam("counted", type_=JSON), voters_count=polls.c.voters_count + bindparam("more", type_=Integer)
    )
)
_FORGET_VOTES = Statement(delete(votes).where(votes.c.post_id == _post))
_REMOVE = Statement(delete(polls).where(polls.c.post_id == _post))
_AUTHOR = Statement(select(posts.c.author_id).where(posts.c.id == _post))


async def add_poll(tx: Tx, post_id: PostId, draft: PollDraft) -> None:
    """Give a new post its poll, and set its end."""
    await _keep(tx, post_id, draft, [0] * len(draft.options), voters=0)


async def change_poll(tx: Tx, post_id: PostId, draft: PollDraft) -> bool:
    """Give a post this poll in place of what it had; whether it asks something else now, which forgets all votes."""
    had = await tx.first(_POLL, post=post_id)
    asks_anew = had is None or (had.options, had.multiple) != (_titles(draft), draft.multiple)
    if had is None or asks_anew:
        await tx.run(_FORGET_VOTES, post=post_id)
        await _keep(tx, post_id, draft, [0] * len(draft.options), voters=0)
    else:
        await _keep(tx, post_id, draft, had.tallies, voters=had.voters_count)
    return asks_anew


async def remove_poll(tx: Tx, post_id: PostId) -> bool:
    """Take a post's poll away; whether it had one."""
    await tx.run(_FORGET_VOTES, post=post_id)
    return bool(await tx.run(_REMOVE, post=post_id))


async def options_of(tx: Tx, post_id: PostId) -> list[str] | None:
    """What a post's poll offers, if it has one; the poll stays so until the transaction ends."""
    found = await tx.first(_POLL, post=post_id)
    return None if found is None else found.options


async def get_polled(tx: Tx, member: Account | None, post_id: PostId) -> Post:
    """The post that has a poll, as the member sees it.

    Raises:
        NotFound: there is none, or the member may not see it.
    """
    post = await get_post(tx, member, post_id)
    if post.more is None or post.more.poll is None:
        raise NotFound("This post does not exist, or you may not see it.")
    return post


async def vote(tx: Tx, account: Account, post_id: PostId, choices: Sequence[int]) -> None:
    """Choose answers, named by their positions; where several may be chosen, more can be later.

    Raises:
        NotFound: there is no such poll, or the account may not see it.
        Invalid: it ended, is the account's own, has no such answer, or the account chose already.
        Forbidden: the account may not act now.
    """
    standing.require(account, "vote")
    target = await acts.target_of(tx, account, post_id)
    poll = await tx.first(_POLL, post=target.id)
    if poll is None:
        raise NotFound("This post does not exist, or you may not see it.")
    if not choices:
        return
    if poll.expires_at <= tx.now:
        raise Invalid("The poll is over.")
    if not all(0 <= choice < len(poll.options) for choice in choices):
        raise Invalid("The poll has no such answer.")
    if target.author_id == account.id:
        raise Invalid("You cannot vote in your own poll.")
    chosen: list[int] | None = await tx.value(_CHOICES, post=target.id, account=account.id)
    again = set(chosen or ()) & set(choices) or len(set(choices)) != len(choices)
    if again or (not poll.multiple and (chosen or len(choices) > 1)):
        raise Invalid("You have voted in this poll already.")
    tallies = [tally + (position in choices) for position, tally in enumerate(poll.tallies)]
    kept = sorted({*(chosen or ()), *choices})
    await tx.run(_VOTE, post=target.id, account=account.id, choices=kept, id=tx.new_id())
    await tx.run(_TALLY, post=target.id, counted=tallies, more=0 if chosen else 1)
    tx.emit(PollVoted(target.id, target.thread_id))


def _titles(draft: PollDraft) -> list[str]:
    return [option.strip() for option in draft.options]


async def _keep(tx: Tx, post_id: PostId, draft: PollDraft, tallies: list[int], *, voters: int) -> None:
    expires_at = tx.now + draft.lasts
    kept = _Poll(_titles(draft), tallies, voters, draft.multiple, draft.hide_totals, expires_at)
    await tx.run(_PUT, post_id=post_id, **msgspec.structs.asdict(kept))
    tx.enqueue(END, Ending(post_id, expires_at), run_at=expires_at)


async def _end(work: Work) -> None:
    """Say that the poll is over, unless it is gone or ends later now."""
    due: Ending = work.payload
    async with work.ending() as tx:
        poll = await tx.first(_POLL, post=due.post)
        if poll is not None and poll.expires_at == due.expires_at:
            author: AccountId = await tx.value(_AUTHOR, post=due.post)
            tx.emit(PollEnded(due.post, author))


def kinds() -> tuple[Kind, ...]:
    """The job that ends polls."""
    return (Kind(name=END, payload=Ending, run=_end, lease=LISTENER_LEASE),)
