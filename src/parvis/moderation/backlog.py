"""The work of the house as administrators see it: what waits, what failed for good, run again or dropped.

The rows are the business of `store.letters`; here are the role and the audit log.
"""

from typing import Final

import msgspec

from parvis.core.errors import NotFound
from parvis.moderation import audit, roles
from parvis.moderation.roles import May
from parvis.people.accounts import Account
from parvis.store import letters
from parvis.store.letters import DeadLetter
from parvis.store.transaction import Tx

MOST: Final = 100


class Pile(msgspec.Struct, frozen=True):
    """The jobs of one kind: how many wait, how many failed for good, and when the first is due (ms)."""

    kind: str
    waiting: int
    dead: int
    due_at: int


async def piles(tx: Tx, admin: Account | None) -> list[Pile]:
    """What waits, by kind.

    Raises:
        Forbidden: the account may not read it.
    """
    roles.require(admin, May.DEVOPS)
    return [Pile(kind, every - dead, dead, due) for kind, every, dead, due in await tx.all(letters.COUNTS)]


async def dead_letters(tx: Tx, admin: Account | None) -> list[DeadLetter]:
    """The jobs that failed for good, the latest first, 100 at most.

    Raises:
        Forbidden: the account may not read them.
    """
    roles.require(admin, May.DEVOPS)
    return await tx.all(letters.DEAD, most=MOST)


async def retry(tx: Tx, admin: Account | None, job: int) -> None:
    """Have a job run again that failed for good.

    Raises:
        Forbidden: the account may not.
        NotFound: there is no such one.
    """
    roles.require(admin, May.DEVOPS)
    if not await tx.run(letters.REVIVE, job=job, now=tx.now):
        raise NotFound("There is no such job.")
    await audit.note(tx, admin, "job.retry", f"job:{job}")


async def drop(tx: Tx, admin: Account | None, job: int) -> None:
    """Forget a job that failed for good.

    Raises:
        Forbidden: the account may not.
        NotFound: there is no such one.
    """
    roles.require(admin, May.DEVOPS)
    if not await tx.run(letters.DROP, job=job):
        raise NotFound("There is no such job.")
    await audit.note(tx, admin, "job.drop", f"job:{job}")
