from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import bindparam, func, select
from tests.cast import newcomers, say
from tests.conftest import BOTH

from parvis.core.ids import PostId
from parvis.people.accounts import Account
from parvis.posts.delete import delete
from parvis.posts.reposts import repost, unrepost
from parvis.store.database import Store
from parvis.store.statement import Statement
from parvis.store.tables import heads, posts

pytestmark = BOTH

HEAD = Statement(select(heads.c.post_id, heads.c.turns).where(heads.c.author_id == bindparam("author")))
NEWEST = Statement(select(func.max(posts.c.id)).where(posts.c.author_id == bindparam("author")))
ACTS = ("say", "delete", "repost", "unrepost")


async def head(store: Store, author: Account) -> tuple[int, int]:
    async with store.reading() as tx:
        row = await tx.first(HEAD, author=author.id)
        return (row[0], row[1]) if row else (0, 0)


@examples(max_examples=15)
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(0, 8)), max_size=14))
async def test_no_post_is_newer_than_its_authors_head_and_each_one_is_a_turn(
    store: Store, acts: list[tuple[str, int, int]]
) -> None:
    authors = await newcomers(store, 3)
    newest, turns = [0, 0, 0], [0, 0, 0]
    said: list[tuple[PostId, int]] = []  # and by whom
    passed: set[tuple[int, PostId]] = set()
    for act, who, which in acts:
        if act == "say":
            said.append((await say(store, authors[who], "x"), who))
            newest[who], turns[who] = said[-1][0], turns[who] + 1
        elif said:
            post, speaker = said[which % len(said)]
            async with store.transaction() as tx:
                if act == "delete":
                    await delete(tx, authors[speaker], post)
                    said.remove((post, speaker))
                elif act == "unrepost":
                    await unrepost(tx, authors[who], post)
                    passed.discard((who, post))
                else:
                    made = await repost(tx, authors[who], post)
                    if (who, post) not in passed:
                        passed.add((who, post))
                        newest[who], turns[who] = made, turns[who] + 1
    for place, author in enumerate(authors):
        assert await head(store, author) == (newest[place], turns[place])
        async with store.reading() as tx:
            assert (await tx.value(NEWEST, author=author.id) or 0) <= newest[place]
