"""A poll as Mastodon's clients know it."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from parvis.api.account_entity import Emoji, Moment
from parvis.core import clock
from parvis.posts import post
from parvis.posts.post import OWN, SIGNED_OUT


class PollOption(msgspec.Struct, frozen=True):
    """A possible answer."""

    title: str
    votes_count: Annotated[int | None, Meta(description="Null while totals are hidden.")]


class Poll(msgspec.Struct, frozen=True, kw_only=True):
    """A question with possible answers."""

    id: str
    expires_at: Moment | None
    expired: bool
    multiple: bool
    votes_count: int
    voters_count: int | None
    options: tuple[PollOption, ...]
    emojis: tuple[Emoji, ...] = ()
    voted: bool | UnsetType = UNSET
    own_votes: tuple[int, ...] | UnsetType = UNSET


def poll_entity(poll: post.Poll, ties: int, emojis: tuple[Emoji, ...] = ()) -> Poll:
    """The poll of a post to which these ties bind the viewer."""
    known = not ties & SIGNED_OUT
    return Poll(
        id=str(poll.id),
        expires_at=clock.iso(poll.expires_at),
        expired=poll.expired,
        multiple=poll.multiple,
        votes_count=sum(poll.tallies),
        voters_count=poll.voters_count,
        options=tuple(
            PollOption(option, tally if poll.totals_shown else None)
            for option, tally in zip(poll.options, poll.tallies, strict=True)
        ),
        emojis=emojis,
        voted=bool(poll.own_votes or ties & OWN) if known else UNSET,
        own_votes=poll.own_votes if known else UNSET,
    )
