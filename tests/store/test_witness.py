import contextlib

from sqlalchemy import Table
from sqlalchemy.sql.visitors import iterate
from tests.cast import follow, members, say

from parvis.core.config import Settings
from parvis.posts.glimpse import AT_HOME
from parvis.posts.likes import like
from parvis.store.database import Store
from parvis.store.opening import open_store
from parvis.store.witness import KEPT, WHOSE, Moment
from parvis.timelines import circle


async def moment_of(store: Store) -> Moment:
    async with store.reading() as tx:
        if (moment := tx.moment()) is not None:
            return moment
    return await moment_of(store)  # others had written; now it is known


async def stirred(store: Store, since: Moment) -> set[int] | None:
    async with store.reading() as tx:
        tx.moment()
        found = tx.stirred_since(since)
        return None if found is None else set(found)


async def test_who_wrote_and_about_what_is_known_with_the_commit_and_not_before(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    begin = await moment_of(store)
    assert await stirred(store, begin) == set()
    post = await say(store, ann, "hello")
    assert await stirred(store, begin) == {ann.id, post}
    middle = await moment_of(store)
    async with store.transaction() as tx:
        await follow(tx, bob, ann)
        assert await stirred(store, middle) == set()
    assert await stirred(store, middle) == {bob.id}
    async with store.transaction() as tx:
        await like(tx, bob, post)
    assert await stirred(store, middle) == {bob.id, post}


async def test_what_is_rolled_back_did_not_happen(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    begin = await moment_of(store)
    with contextlib.suppress(ZeroDivisionError):
        async with store.transaction() as tx:
            await follow(tx, ann, bob)
            raise ZeroDivisionError
    assert await stirred(store, begin) == set()


async def test_after_too_much_or_when_another_process_wrote_it_is_not_known(store: Store, settings: Settings) -> None:
    ann, bob = await members(store, "ann", "bob")
    begin = await moment_of(store)
    async with open_store(settings) as another:
        await say(another, bob, "from elsewhere")
    assert await stirred(store, begin) is None
    begin = await moment_of(store)
    for number in range(KEPT // 2 + 1):
        await say(store, ann, f"post {number}")
    assert await stirred(store, begin) is None


async def test_a_transaction_that_began_before_another_process_wrote_has_no_moment(
    store: Store, settings: Settings
) -> None:
    (ann,) = await members(store, "ann")
    async with store.reading() as tx, open_store(settings) as another:
        await say(another, ann, "from elsewhere")
        assert tx.moment() is None
    async with store.reading() as tx:
        assert tx.moment() is not None


def test_whatever_a_remembered_page_reads_is_watched() -> None:
    looks = (AT_HOME, circle.NEWEST)
    read = {part.name for look in looks for part in iterate(look.clause) if isinstance(part, Table)}
    assert read
    assert read <= set(WHOSE)
