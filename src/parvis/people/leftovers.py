"""Leftovers: sessions, codes, links and mutes that are over, removed once a day by a job that asks for itself again.

The composition root asks for the first one at start; at most one waits, and nothing else depends on it.
"""

import msgspec

from parvis.core import clock
from parvis.people.accounts import forget_old_addresses
from parvis.people.confirming import forget_old_links
from parvis.people.grants import forget_expired_codes
from parvis.people.relations import forget_ended_mutes
from parvis.people.sessions import forget_expired_sessions
from parvis.store.jobs import Kind, Work
from parvis.store.transaction import Tx

NAME = "sweep_people"


class Sweep(msgspec.Struct, frozen=True):
    """Sweep once."""


def ask_for_sweep(tx: Tx, *, after: int = 0) -> None:
    """Have the leftovers swept `after` ms from now, unless a sweep waits already."""
    tx.enqueue(NAME, Sweep(), run_at=tx.now + after, key=NAME)


async def _sweep(work: Work) -> None:
    async with work.ending() as tx:
        await forget_expired_sessions(tx)
        await forget_expired_codes(tx)
        await forget_old_links(tx)
        await forget_ended_mutes(tx)
        await forget_old_addresses(tx)
        ask_for_sweep(tx, after=clock.DAY)


SWEEP = Kind(name=NAME, payload=Sweep, run=_sweep, concurrency=1)
