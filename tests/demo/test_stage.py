"""What `parvis demo` leaves behind."""

from sqlalchemy import bindparam, func, select

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.ids import moment_of
from parvis.demo.stage import raise_demo
from parvis.notifications.listeners import LISTENERS
from parvis.people.accounts import find_by_handle
from parvis.store import tables
from parvis.store.opening import open_store
from parvis.store.statement import Statement, among_words

TELLING = [kind.name for _, kind, _ in LISTENERS]
JOBS = Statement(
    select(func.count()).select_from(tables.jobs).where(among_words(tables.jobs.c.kind, "kinds"))
)  # a poll's end waits for its day
ANSWERS = Statement(select(func.count()).select_from(tables.answers))
NEWEST = Statement(
    select(tables.notifications.c.kind, tables.notifications.c.id)
    .where(tables.notifications.c.account_id == bindparam("account"))
    .order_by(tables.notifications.c.id)
)


async def test_the_cast_was_told_at_the_time_and_no_work_is_left(settings: Settings) -> None:
    shares: list[float] = []
    begun = clock.now()

    assert await raise_demo(settings, pictures=False, progress=shares.append)

    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    async with open_store(settings) as store, store.reading() as tx:
        wanjiru = await find_by_handle(tx, "wanjiru")
        assert wanjiru is not None
        told = await tx.all(NEWEST, account=wanjiru.id)
        assert {kind for kind, _ in told} == {"mention", "like", "repost", "follow"}
        follow = next(made for kind, made in told if kind == "follow")
        assert begun - moment_of(follow) > 100 * clock.DAY
        assert await tx.value(JOBS, kinds=TELLING) == 0
        assert await tx.value(ANSWERS) == 0


async def test_raising_a_second_time_does_nothing(settings: Settings) -> None:
    assert await raise_demo(settings, pictures=False, progress=lambda share: None)  # noqa: ARG005 - unwatched
    assert not await raise_demo(settings, pictures=False, progress=lambda share: None)  # noqa: ARG005 - unwatched
