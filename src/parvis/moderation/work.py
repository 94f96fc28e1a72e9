"""The jobs of this room: erasing an account, publishing what was announced for later, withdrawing what is over."""

from collections.abc import Awaitable, Callable
from typing import Final

from parvis.moderation import announcements, erasing
from parvis.moderation.announcements import PUBLISH, WITHDRAW, Turn
from parvis.store.jobs import Kind, Work
from parvis.store.transaction import Tx


def _turn(name: str, verb: Callable[[Tx, int], Awaitable[None]]) -> Kind:
    async def run(work: Work) -> None:
        async with work.ending() as tx:
            await verb(tx, work.payload.announcement)

    return Kind(name=name, payload=Turn, run=run, concurrency=1)


KINDS: Final = (
    erasing.ERASE,
    _turn(PUBLISH, announcements.publish_due),
    _turn(WITHDRAW, announcements.withdraw_over),
)
"""Every kind of job of this room."""
