"""Tallies: counts that all processes of an instance keep together, for what one process alone must not allow too often.

A storage for `limits`, like `pace.Counters`, over a table: a key counts until its window ends. A key is kept as a hash,
so that no address or name is; with each count a few that ended are swept, more than can come anew.
"""

import hashlib
import time
from collections.abc import Callable
from typing import Any, Final

from limits.aio.storage import Storage
from sqlalchemy import BigInteger, Integer, LargeBinary, bindparam, case, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from parvis.core import clock
from parvis.store.database import Store
from parvis.store.statement import Statement
from parvis.store.tables import tallies

SWEPT_AT_ONCE: Final = 8

_c = tallies.c
_key = bindparam("key", type_=LargeBinary)
_now = bindparam("now", type_=BigInteger)
_first = insert(tallies).values(key=_key, count=bindparam("more", type_=Integer), ends_at=bindparam("until"))
_over = _c.ends_at <= _now
_COUNT = Statement(
    _first.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "count": case((_over, _first.excluded["count"]), else_=_c["count"] + _first.excluded["count"]),
            "ends_at": case((_over, _first.excluded.ends_at), else_=_c.ends_at),
        },
    ).returning(_c["count"])
)
_READ = Statement(select(_c["count"], _c.ends_at).where(_c.key == _key, _c.ends_at > _now))
_SWEEP = Statement(
    delete(tallies).where(
        _c.key.in_(select(_c.key).where(_c.ends_at <= _now).limit(SWEPT_AT_ONCE).with_for_update(skip_locked=True))
    )
)
_CLEAR = Statement(delete(tallies).where(_c.key == _key))
_MANY = Statement(select(func.count()).select_from(tallies))
_FORGET = Statement(delete(tallies))


class Tallies(Storage):
    """The counts, over a store."""

    STORAGE_SCHEME = ["parvis-store"]  # noqa: RUF012 - the base class declares it so

    def __init__(self, store: Store, now: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._store = store
        self._now = now

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the storage may raise by itself."""
        return ValueError

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, in a window that ends `expiry` seconds after its first count."""
        now = self._moment()
        async with self._store.transaction(durable=False) as tx:
            await tx.run(_SWEEP, now=now)
            until = now + round(expiry * clock.SECOND)
            count: int = await tx.value(_COUNT, key=_hashed(key), more=amount, now=now, until=until)
        return count

    async def get(self, key: str) -> int:
        """The count in the window that runs now."""
        found = await self._found(key)
        return found[0] if found else 0

    async def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970; now when none runs."""
        found = await self._found(key)
        return found[1] / clock.SECOND if found else self._now()

    async def check(self) -> bool:
        """It is as well as the store is."""
        return True

    async def reset(self) -> int | None:
        """Forget everything."""
        async with self._store.transaction() as tx:
            forgotten: int = await tx.value(_MANY)
            await tx.run(_FORGET)
        return forgotten

    async def clear(self, key: str) -> None:
        """Forget one count."""
        async with self._store.transaction() as tx:
            await tx.run(_CLEAR, key=_hashed(key))

    async def _found(self, key: str) -> Any:
        async with self._store.reading() as tx:
            return await tx.first(_READ, key=_hashed(key), now=self._moment())

    def _moment(self) -> int:
        return int(self._now() * clock.SECOND)


def _hashed(key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=16).digest()
