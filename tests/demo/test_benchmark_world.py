"""The benchmark world is what the verbs would have left: counters, threads and pages agree."""

import pathlib

from benchmarks.world import benchmark_world
from sqlalchemy import Table, func, select
from tests.conftest import BOTH

from parvis.people.accounts import find_by_handle
from parvis.store import tables
from parvis.store.database import Store
from parvis.store.statement import Statement
from parvis.timelines.home import timeline
from parvis.timelines.page import Page

posts, likes, accounts, follows = tables.posts, tables.likes, tables.accounts, tables.follows
answers = posts.alias("answers")


def counting(table: Table) -> Statement[tuple[int]]:
    return Statement(select(func.count()).select_from(table))


MISCOUNTED = Statement(
    select(func.count()).where(
        (posts.c.likes_count != select(func.count()).where(likes.c.post_id == posts.c.id).scalar_subquery())
        | (
            posts.c.replies_count
            != select(func.count()).where(answers.c.reply_to_id == posts.c.id).correlate(posts).scalar_subquery()
        )
    )
)
MISFOLLOWED = Statement(
    select(func.count()).where(
        accounts.c.following_count
        != select(func.count()).where(follows.c.follower_id == accounts.c.id).scalar_subquery()
    )
)
STRAY = Statement(
    select(func.count())
    .select_from(posts.join(answers, posts.c.reply_to_id == answers.c.id))
    .where((posts.c.thread_id != answers.c.thread_id) | (posts.c.id <= answers.c.id))
)


@BOTH
async def test_a_large_world_adds_up(store: Store, tmp_path: pathlib.Path) -> None:
    world = await benchmark_world(
        store, members=120, posts=1500, follows=40, readers=5, words=tmp_path / "no words", seed=3
    )

    async with store.reading() as tx:
        assert await tx.value(counting(posts)) == 1500
        assert await tx.value(counting(likes)) == world.likes > 500
        assert await tx.value(counting(follows)) == world.follows
        assert await tx.value(counting(tables.post_tags)) > 0
        assert await tx.value(MISCOUNTED) == 0
        assert await tx.value(MISFOLLOWED) == 0
        assert await tx.value(STRAY) == 0
        reader = await find_by_handle(tx, world.readers[-1])
        assert reader is not None
        assert reader.following_count == 40
        assert len(await timeline(tx, reader, Page())) == Page().limit
