"""Dead letters: jobs that failed for good, which an operator reads, has run again or drops; and what waits, by kind."""

import msgspec
from sqlalchemy import BigInteger, Integer, bindparam, delete, func, select, update

from parvis.core.ids import JobId
from parvis.store.statement import Statement
from parvis.store.tables import jobs


class DeadLetter(msgspec.Struct, frozen=True):
    """A job that failed for good."""

    id: JobId
    kind: str
    payload: str
    attempts: int
    error: str
    dead_at: int


DEAD = Statement(
    select(jobs.c.id, jobs.c.kind, jobs.c.payload, jobs.c.attempts, jobs.c.error, jobs.c.dead_at)
    .where(jobs.c.dead_at.is_not(None))
    .order_by(jobs.c.dead_at.desc())
    .limit(bindparam("most", type_=Integer)),
    DeadLetter,
)
REVIVE = Statement(
    update(jobs)
    .where(jobs.c.id == bindparam("job", type_=BigInteger), jobs.c.dead_at.is_not(None))
    .values(dead_at=None, failures=0, run_at=bindparam("now", type_=BigInteger))
)
DROP = Statement(delete(jobs).where(jobs.c.id == bindparam("job", type_=BigInteger), jobs.c.dead_at.is_not(None)))
COUNTS = Statement(
    select(jobs.c.kind, func.count(), func.count(jobs.c.dead_at), func.min(jobs.c.run_at))
    .group_by(jobs.c.kind)
    .order_by(jobs.c.kind)
)
