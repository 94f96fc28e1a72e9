"""What a post links to is shown under it, fetched once for all who link to it, and never from within."""

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator

import msgspec
import pytest
from PIL import Image
from tests.cast import SOON
from tests.conftest import BOTH
from tests.outside import ALLOWED, Outside, outside
from tests.rig import members

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import NotFound
from parvis.core.ids import PostId
from parvis.core.outbound import Outbound
from parvis.people.accounts import Account
from parvis.people.preferences import prefer
from parvis.posts import cards, leftovers
from parvis.posts.delete import delete
from parvis.posts.drafts import Draft
from parvis.posts.post import Card
from parvis.posts.publish import publish
from parvis.posts.text import parse
from parvis.posts.visibility import get_post
from parvis.store.blobs import open_blobs
from parvis.store.database import Store
from parvis.store.jobs import Runner
from parvis.store.opening import open_store
from parvis.store.statement import Statement
from parvis.store.tables import post_links

LINKS = Statement(post_links.select())


@pytest.fixture
async def there() -> AsyncIterator[Outside]:
    async with outside() as server:
        yield server


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1200, 600), "#3b4cca").save(out, "PNG")
    return out.getvalue()


class Desk(msgspec.Struct):
    """A store whose cards are fetched, and a member who links."""

    store: Store
    settings: Settings
    ann: Account
    runner: Runner
    ahead: int = 0

    async def say(self, words: str) -> PostId:
        async with self.store.transaction() as tx:
            return await publish(tx, self.ann, Draft(words), settings=self.settings)

    async def card(self, post: PostId) -> Card | None:
        await asyncio.wait_for(self.runner.settle(), SOON)
        async with self.store.reading() as tx:
            more = (await get_post(tx, None, post)).more
        return more.card if more else None


@contextlib.asynccontextmanager
async def desk(settings: Settings, allowed: str = ALLOWED) -> AsyncIterator[Desk]:
    settings = msgspec.structs.replace(settings, outbound_allow=allowed)
    outbound = Outbound(settings)
    blobs = open_blobs(settings)
    made: list[Desk] = []
    async with open_store(settings, now=lambda: clock.now() + (made[0].ahead if made else 0)) as store:
        (ann,) = await members(store, "ann")
        runner = Runner(store, (*cards.kinds(settings, blobs, outbound), *leftovers.kinds(blobs, spared=0)))
        made.append(Desk(store, settings, ann, runner))
        running = asyncio.create_task(runner.run())
        yield made[0]
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    await outbound.close()


@BOTH
async def test_a_link_has_a_card_that_all_posts_with_it_share(settings: Settings, there: Outside) -> None:
    there.put("/tide.png", picture(), "image/png")
    url = there.put("/tide", '<title>The tide</title><meta property="og:image" content="/tide.png">')
    moved = there.redirect("/old", "/tide")
    async with desk(settings) as at:
        post, other = await at.say(f"Look {moved} and {there.url}/other"), await at.say("no link")
        card = await at.card(post)
        assert card is not None
        assert (card.url, card.title, card.kind, card.width, card.height) == (url, "The tide", "link", 640, 320)
        assert len(card.blurhash) > 6
        kept = await open_blobs(settings).get(card.image)
        with Image.open(io.BytesIO(kept)) as small:
            assert small.size == (640, 320)
        assert await at.card(other) is None
        assert there.paths == ["/old", "/tide", "/tide.png"]
        again = await at.say(f"{moved} again")
        assert await at.card(again) == card
        assert len(there.asked) == 3
        async with at.store.reading() as tx:
            assert sorted(await tx.all(LINKS)) == sorted([(url, post), (url, again)])
        straight = await at.say(url)
        assert await at.card(straight) == card
        assert len(there.asked) == 3


@BOTH
async def test_an_edited_post_has_the_card_of_the_link_it_has_now(settings: Settings, there: Outside) -> None:
    first, second = there.put("/a", "<title>A</title>"), there.put("/b", "<title>B</title>")
    async with desk(settings) as at:
        post = await at.say(first)
        card = await at.card(post)
        assert card is not None
        async with at.store.transaction() as tx:
            await cards.ask_again(tx, post, parse(second, 500)[1], settings)
        assert await at.card(post) is None  # the text still has the first link: nothing is shown that is not there
        async with at.store.reading() as tx:
            assert await tx.all(LINKS) == []
        async with at.store.transaction() as tx:
            await cards.ask_again(tx, post, parse(first, 500)[1], settings)
        assert await at.card(post) == card


async def test_a_member_is_the_author_where_they_let_the_page_say_so(settings: Settings, there: Outside) -> None:
    home = msgspec.structs.replace(settings, url="https://square.example")
    page = '<title>{}</title><meta name="fediverse:creator" content="@ann@square.example">'
    async with desk(home) as at:
        stranger = await at.card(await at.say(there.put("/a", page.format("A"))))
        async with at.store.transaction() as tx:
            await prefer(tx, at.ann, credited_by=("127.0.0.1",))
        known = await at.card(await at.say(there.put("/b", page.format("B"))))
    assert stranger is not None
    assert known is not None
    assert (stranger.author_name, stranger.author_url) == ("", "")
    assert (known.author_name, known.author_url) == (at.ann.name or "ann", "https://square.example/@ann")


async def test_old_cards_are_fetched_anew_and_shown_everywhere(settings: Settings, there: Outside) -> None:
    url = there.put("/a", "<title>Before</title>")
    async with desk(settings) as at:
        post = await at.say(url)
        await at.card(post)
        there.put("/a", "<title>After</title>")
        at.ahead = 15 * clock.DAY
        other = await at.say(url)
        for one in (post, other):
            card = await at.card(one)
            assert card is not None
            assert card.title == "After"


@BOTH
async def test_a_card_goes_when_no_post_has_its_link(settings: Settings, there: Outside) -> None:
    there.put("/tide.png", picture(), "image/png")
    url = there.put("/tide", '<title>The tide</title><meta property="og:image" content="/tide.png">')
    async with desk(settings) as at:
        post = await at.say(url)
        card = await at.card(post)
        assert card is not None
        at.ahead = 32 * clock.DAY
        assert await at.card(post) == card
        async with at.store.transaction() as tx:
            await delete(tx, at.ann, post)
        at.ahead = 34 * clock.DAY
        await asyncio.wait_for(at.runner.settle(), SOON)
        with pytest.raises(NotFound):
            await open_blobs(settings).get(card.image)


async def test_what_does_not_answer_is_asked_once_more(settings: Settings, there: Outside) -> None:
    async with desk(settings) as at:
        gone = there.url.replace("127.0.0.1", "no-such-host.invalid")
        post = await at.say(f"{gone}/a")
        assert await at.card(post) is None
        at.ahead = clock.MINUTE
        assert await at.card(post) is None
        async with at.store.reading() as tx:
            known = await tx.first(cards._KNOWN, url=f"{gone}/a")  # noqa: SLF001 - what is remembered of it
        assert known is not None
        assert known.card is None


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [("<title>x</title>", "text/plain", 200), ("<title>x</title>", "text/html", 500), ("", "text/html", 200)],
)
async def test_what_is_no_page_has_no_card(
    settings: Settings, there: Outside, body: str, kind: str, status: int
) -> None:
    async with desk(settings) as at:
        assert await at.card(await at.say(there.put("/x", body, kind, status))) is None


async def test_nothing_within_is_called_and_a_broken_picture_is_left_out(settings: Settings, there: Outside) -> None:
    url = there.put("/a", '<title>A</title><meta property="og:image" content="/a.png">')
    there.put("/a.png", b"no picture", "image/png")
    async with desk(settings, allowed="") as guarded:
        assert await guarded.card(await guarded.say(url)) is None
    assert there.asked == []
    home = msgspec.structs.replace(settings, url=there.url)
    assert cards.link_of(parse(f"see {there.url}/@ann/1", 500)[1], home) is None
    assert cards.link_of(parse(f"see {there.url}", 500)[1], home) is None
    assert cards.link_of(parse("see #tag @ann", 500)[1], home) is None
