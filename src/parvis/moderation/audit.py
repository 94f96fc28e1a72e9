"""The audit log: every act of a moderator, an administrator or the command line, in the transaction of the act."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec
from sqlalchemy import bindparam, insert, select

from parvis.core import ids
from parvis.core.ids import AccountId
from parvis.moderation import roles
from parvis.moderation.roles import May
from parvis.people.accounts import Account
from parvis.posts.page import FIRST, Page, Paged
from parvis.store.statement import Statement
from parvis.store.tables import audit_log
from parvis.store.transaction import Tx

DETAIL_LENGTH: Final = 2000


class Entry(msgspec.Struct, frozen=True):
    """Who did what to which subject (`account:115`, `domain:example.org`); nobody is the command line."""

    id: int
    actor_id: AccountId | None
    verb: str
    subject: str
    detail: str

    @property
    def created_at(self) -> int:
        """When, in ms."""
        return ids.moment_of(self.id)


_NOTE = Statement(insert(audit_log).values({c.name: bindparam(c.name, type_=c.type) for c in audit_log.columns}))
_LOG: Paged[Entry] = Paged(select(*audit_log.columns), audit_log.c.id, Entry)


async def note(tx: Tx, actor: Account | None, verb: str, subject: str, detail: Any = "") -> None:
    """Write down who did what to which subject."""
    await note_each(tx, actor, verb, (subject,), detail)


async def note_each(tx: Tx, actor: Account | None, verb: str, subjects: Iterable[str], detail: Any = "") -> None:
    """Write down who did the same to each of these subjects, in one statement."""
    told = {"actor_id": None if actor is None else actor.id, "verb": verb, "detail": str(detail)[:DETAIL_LENGTH]}
    await tx.many(_NOTE, [told | {"id": tx.new_id(), "subject": subject} for subject in subjects])


async def entries(tx: Tx, moderator: Account | None, page: Page = FIRST) -> list[Entry]:
    """A page of the log, newest first.

    Raises:
        Forbidden: the account may not read it.
    """
    roles.require(moderator, May.SEE_AUDIT_LOG)
    return await _LOG.read(tx, page)
