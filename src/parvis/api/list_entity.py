"""Lists as Mastodon's clients know them."""

from typing import Annotated, Literal, cast

import msgspec
from msgspec import Meta

from parvis.timelines.lists import Listing

RepliesPolicy = Annotated[
    Literal["none", "list", "followed"],
    Meta(description="Which answers it shows: to nobody, to members, to whom one follows."),
]


class List(msgspec.Struct, frozen=True):
    """Some of those whom one follows, read apart."""

    id: str
    title: str
    replies_policy: RepliesPolicy
    exclusive: Annotated[bool, Meta(description="Its members are not shown in home.")]


def list_entity(listing: Listing) -> List:
    """The list as its owner sees it."""
    return List(str(listing.id), listing.title, cast(RepliesPolicy, listing.replies), listing.exclusive)
