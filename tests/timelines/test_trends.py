from sqlalchemy import bindparam, insert
from tests.cast import members, say
from tests.conftest import BOTH

from parvis.core import clock
from parvis.core.config import Settings
from parvis.people.accounts import Account
from parvis.people.relations import mute
from parvis.posts.likes import like
from parvis.store import tables
from parvis.store.database import Store
from parvis.store.opening import open_store
from parvis.store.statement import Statement
from parvis.timelines import trends

pytestmark = BOTH

JUDGE = Statement(
    insert(tables.verdicts).values(
        kind=bindparam("kind"), subject=bindparam("subject"), trendable=False, usable=True, listable=True, judged_at=1
    )
)
CARD = Statement(
    insert(tables.cards).values(
        url=bindparam("url"), card=bindparam("card", type_=tables.cards.c.card.type), fetched_at=1
    )
)
LINK = Statement(insert(tables.post_links).values(url=bindparam("url"), post_id=bindparam("post")))


async def measure(store: Store) -> None:
    async with store.reading() as tx:
        rows = await trends.measured(tx)
    async with store.transaction() as tx:
        await trends.keep(tx, rows)


async def crowd(store: Store) -> list[Account]:
    return await members(store, *(f"member{number}" for number in range(4)))


async def test_a_hashtag_trends_by_the_people_who_use_it_and_shows_its_week(store: Store) -> None:
    people = await crowd(store)
    for person in people:
        await say(store, person, "#everybody says #Some")
    for _ in range(9):
        await say(store, people[0], "#alone")
    for person in people[:3]:
        await say(store, person, "#some #hidden", visibility="followers")
        await say(store, person, "#refused")
    async with store.transaction() as tx:
        await tx.run(JUDGE, kind="tag", subject="refused")
    await measure(store)
    async with store.reading() as tx:
        found = await trends.trending_tags(tx)
        assert [one.subject for one in found] == ["everybody", "some"]
        assert [one.subject for one in await trends.trending_tags(tx, limit=1, offset=1)] == ["some"]
        today, *before = found[0].week
        assert (today.accounts, today.uses, today.day) == (4, 4, tx.now // clock.DAY * clock.DAY)
        assert [(day.accounts, day.uses) for day in before] == [(0, 0)] * 6
        assert (await trends.weeks_of(tx, ["some", "nothing"]))["nothing"][0].uses == 0
        assert tx.queries == 3


async def test_who_spoke_on_two_days_is_counted_once_over_both(settings: Settings) -> None:
    moment = clock.now()
    async with open_store(settings, now=lambda: moment) as store:
        people = await crowd(store)
        for person in people[:3]:
            await say(store, person, "#bread is in the oven")
        await say(store, people[0], "#bread, again", visibility="followers")
        moment += clock.DAY
        for person in people[2:]:
            await say(store, person, "#bread is out")
        async with store.reading() as tx:
            today, yesterday, *_ = (await trends.weeks_of(tx, ["bread"]))["bread"]
        assert (today.accounts, yesterday.accounts, yesterday.lapsed) == (2, 3, 2)


async def test_posts_trend_by_acclaim_and_links_by_those_who_pass_them_on(store: Store) -> None:
    people = await crowd(store)
    liked = await say(store, people[0], "liked")
    more = await say(store, people[1], "liked more")
    await say(store, people[1], "not liked")
    refused = await say(store, people[1], "refused")
    async with store.transaction() as tx:
        for post, fans in ((liked, people[:3]), (more, people), (refused, people)):
            for fan in fans:
                await like(tx, fan, post)
        await tx.run(JUDGE, kind="post", subject=str(refused))
        for url in ("https://a.example/", "https://bare.example/"):
            card = {"url": url, "title": "A page"} if "bare" not in url else None
            await tx.run(CARD, url=url, card=card)
    for person in people:
        post = await say(store, person, "look")
        async with store.transaction() as tx:
            await tx.run(LINK, url="https://a.example/", post=post)
            await tx.run(LINK, url="https://bare.example/", post=post)
    await measure(store)
    async with store.reading() as tx:
        assert [post.id for post in await trends.trending_posts(tx, None)] == [more, liked]
        found = await trends.trending_links(tx)
        assert [one.card.title for one in found] == ["A page"]
        assert (found[0].week[0].accounts, found[0].week[0].uses) == (4, 4)
    await measure(store)  # in place of what was there
    async with store.reading() as tx:
        assert len(await trends.trending_posts(tx, people[0])) == 2
    async with store.transaction() as tx:
        await mute(tx, people[0], people[1].id)
        assert [post.id for post in await trends.trending_posts(tx, people[0])] == [liked]
