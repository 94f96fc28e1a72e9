import asyncio
import importlib

import msgspec
import pytest
from sqlalchemy import select, text
from tests.cast import UNLEARN, members, say
from tests.conftest import BOTH

from parvis.core import terms
from parvis.core.config import Settings
from parvis.posts import lexicon
from parvis.posts.delete import delete
from parvis.posts.edit import Revision, edit
from parvis.store.database import Store
from parvis.store.finding import documents, expression, matches
from parvis.store.jobs import Runner, Work
from parvis.store.opening import open_store
from parvis.store.statement import Statement

LEARN = importlib.import_module("parvis.store.migrations.versions.0011_finding").LEARN
FIND = Statement(select(documents.c.rowid).where(matches("expression")).order_by(documents.c.rowid.desc()))


async def find(store: Store, words: str, *unwanted: str) -> list[int]:
    async with store.reading() as tx:
        asked = expression(tx.engine, [terms.asked_for(words)], [terms.asked_for(one) for one in unwanted])
        return [row[0] for row in await tx.all(FIND, expression=asked)]


@BOTH
@pytest.mark.parametrize(
    ("text", "found", "missed"),
    [
        ("Le café est OUVERT, l'été", ["cafe", "café est", "ouvert", "ete"], ["caf", "est café"]),
        ("東京都に住んでいます", ["東京", "京都", "都", "住んで", "京"], ["大阪", "東都"]),
        ("ภาษาไทยไม่มีช่องว่าง", ["ภาษา", "ไทย", "ไม่มี"], ["อังกฤษ"]),
        ("한국어를 배웁니다", ["한국어", "배웁"], ["일본"]),
        ("हिन्दी में लिखा", ["हिन्दी", "लिखा"], ["हिन"]),
        ("ПРИВЕТ, мир! Ёлка", ["привет мир", "елка"], ["при"]),
        ("#SolarPunk \"quoted\" 'text' a:b | & ! *", ["solarpunk", "quoted text", "a b"], ["solar"]),
    ],
)
async def test_a_post_is_found_by_its_words_in_any_script(
    store: Store, text: str, found: list[str], missed: list[str]
) -> None:
    (ann,) = await members(store, "ann")
    post = await say(store, ann, text)
    for words in found:
        assert await find(store, words) == [post], words
    for words in missed:
        assert await find(store, words) == [], words
    assert await find(store, found[0], found[-1]) == []


@BOTH
async def test_what_is_deleted_is_found_no_more(store: Store) -> None:
    (ann,) = await members(store, "ann")
    first, second = await say(store, ann, "words here"), await say(store, ann, "words there")
    assert await find(store, "words") == [second, first]
    async with store.transaction() as tx:
        await delete(tx, ann, second)
    assert await find(store, "words") == [first]


@BOTH
async def test_what_is_edited_is_found_by_what_it_says_now(store: Store) -> None:
    (ann,) = await members(store, "ann")
    post = await say(store, ann, "old words")
    async with store.transaction() as tx:
        await edit(tx, ann, post, Revision("new words"))
    assert await find(store, "old words") == []
    assert await find(store, "new words") == [post]


@pytest.mark.parametrize("text", ["ªby1", "ªby117", "ª"])
def test_no_text_says_a_sign(text: str) -> None:
    assert not any(term.startswith(terms.SIGN) for term in [*terms.terms_of(text), *terms.asked_for(text)])


@BOTH
async def test_what_was_published_before_there_was_search_is_learnt_the_latest_first(settings: Settings) -> None:
    async with open_store(settings) as store:
        (ann,) = await members(store, "ann")
        old = [await say(store, ann, f"word {number}") for number in range(lexicon.BATCH + 2)]
        async with store.transaction() as tx:
            await tx.run(Statement(text("DELETE FROM post_words")))
            tx.enqueue(lexicon.NAME, lexicon.Learn())
        new = await say(store, ann, "word")
        first, rest = asyncio.Event(), asyncio.Event()

        async def learn(work: Work) -> None:
            await lexicon.LEARNING.run(work)
            (rest if first.is_set() else first).set()

        runner = Runner(store, [msgspec.structs.replace(lexicon.LEARNING, run=learn)])
        running = asyncio.create_task(runner.run())
        await first.wait()
        assert (await find(store, "word"))[: lexicon.BATCH + 1] == [new, *old[:1:-1]]
        await rest.wait()
        await runner.settle()
        assert await find(store, "word") == [new, *old[::-1]]
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@BOTH
async def test_a_store_that_had_posts_before_there_was_search_asks_for_them_to_be_learnt(settings: Settings) -> None:
    async with open_store(settings) as store:
        (ann,) = await members(store, "ann")
        post = await say(store, ann, "word")
        async with store.transaction() as tx:
            await tx.run(UNLEARN, post=post)
            await tx.run(Statement(LEARN), id=1)
        runner = Runner(store, [lexicon.LEARNING])
        running = asyncio.create_task(runner.run())
        await runner.settle()
        assert await find(store, "word") == [post]
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
