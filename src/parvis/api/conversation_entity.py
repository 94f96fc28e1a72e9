"""Conversations as Mastodon's clients know them."""

import msgspec

from parvis.api.account_entity import Account, account_entity
from parvis.api.door import Urls
from parvis.api.status_entity import Status, status_entity
from parvis.timelines import conversations


class Conversation(msgspec.Struct, frozen=True):
    """What was said to a few alone."""

    id: str
    unread: bool
    accounts: tuple[Account, ...]
    last_status: Status | None


def conversation_entity(found: conversations.Conversation, urls: Urls) -> Conversation:
    """The conversation as its member sees it."""
    return Conversation(
        str(found.id),
        found.unread,
        tuple(account_entity(account, urls) for account in found.company),
        status_entity(found.last, urls) if found.last is not None else None,
    )
