"""Without a network: what was seen is read again, what was written goes out once; and back is where one was."""

import asyncio
import functools
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Route, expect
from tests.journeys import gauge
from tests.journeys.house import House
from tests.journeys.visitor import Visitor
from tests.rig import open_member

from parvis.posts.drafts import Draft
from parvis.posts.publish import publish

pytestmark = pytest.mark.browser

Visit = Callable[..., Awaitable[Visitor]]
SENT = """() => new Promise((tell) => {
  const asked = indexedDB.open('parvis', 1);
  asked.onsuccess = () => {
    const waiting = asked.result.transaction('outbox').objectStore('outbox').count();
    waiting.onsuccess = () => [asked.result.close(), tell(waiting.result === 0)];
  };
})"""


async def test_what_was_seen_is_read_and_what_was_written_goes_out_once(square: House, visit: Visit) -> None:
    traveller = await visit(square)
    page = traveller.page
    await traveller.join("traveller", "Tavia Railway")
    await traveller.go("/local")
    await page.evaluate("navigator.serviceWorker.ready")
    await traveller.go("/")
    async with square.behind() as tx:
        friend = await open_member(tx, "stay_at_home")
        asked = await publish(tx, friend, Draft("Who is on the train?"))
    await traveller.go(f"/@stay_at_home/{asked}")
    await traveller.go("/local")
    await page.focus("body")
    traveller.forgiving = True
    await traveller.context.set_offline(True)

    await traveller.go("/")
    await expect(page.locator("h1")).to_have_text("Home")
    await page.fill("[data-composer] textarea", "Written in a tunnel.")
    await page.click("[data-composer] [data-send]")
    await expect(page.locator(".toast", has_text="It will go out when the network is back.")).to_be_visible()
    await expect(page.locator("[data-composer] textarea")).to_have_value("")
    # the page of home that was kept is the same as before: what is written on it now is another post
    await traveller.go("/local")
    await page.locator("a[data-compose]").filter(visible=True).click()
    await page.fill("#writing-desk textarea", "Written in the next tunnel.")
    await page.click("#writing-desk [data-send]")
    await expect(page.locator("#writing-desk")).to_have_count(0)
    await traveller.go("/@nobody-ever-saw-this")
    await expect(page.locator("h1")).to_have_text("The lamps are out")
    await traveller.go(f"/@stay_at_home/{asked}")
    await expect(page.locator(".toast", has_text="What you saw can still be read.")).to_be_visible()
    async with square.behind() as tx:
        await publish(tx, friend, Draft("Nobody answers.", reply_to=asked))

    await traveller.context.set_offline(False)
    await expect(page.locator("[data-replies] .post.unread")).to_contain_text("Nobody answers.")
    await traveller.go("/")
    await page.wait_for_function(SENT)  # by the page or by the service worker, whichever comes first
    await traveller.go("/@traveller")
    for words in ("Written in a tunnel.", "Written in the next tunnel."):
        await expect(page.locator("[data-feed] .post", has_text=words)).to_have_count(1)


async def before_it_is_heard(house: House, route: Route) -> None:
    house.kill()
    await route.continue_()


async def before_it_is_answered(house: House, route: Route) -> None:
    await route.fetch()
    house.kill()
    await route.abort("connectionreset")


async def in_the_midst_of_it(house: House, route: Route) -> None:
    await asyncio.gather(route.continue_(), asyncio.to_thread(house.kill))


MOMENTS = (before_it_is_heard, before_it_is_answered, in_the_midst_of_it)


async def test_a_kill_while_one_posts_loses_nothing_and_doubles_nothing(house: House, visit: Visit) -> None:
    writer = await visit(house)
    page = writer.page
    await writer.join("writer", "Wilma Quill")
    writer.forgiving = True
    for moment in MOMENTS:
        await page.route("**/posts", functools.partial(moment, house), times=1)
        await page.fill("[data-composer] textarea", f"Killed {moment.__name__}.")
        await page.click("[data-composer] [data-send]")
        await expect(page.locator("[data-composer] textarea")).to_have_value("")
        await asyncio.to_thread(house.open)
        await page.wait_for_function("() => !localStorage.getItem('parvis-outbox')")
        await expect(page.locator("[data-feed] .post", has_text=moment.__name__)).to_have_count(1)
    await writer.go("/@writer")
    for moment in MOMENTS:
        await expect(page.locator("[data-feed] .post", has_text=moment.__name__)).to_have_count(1)


STANDS = """() => { const post = [...document.querySelectorAll('[data-feed] [data-entry]')]
  .find((one) => one.getBoundingClientRect().top > 100);
  return [post.dataset.entry, post.getBoundingClientRect().top]; }"""
WHERE = '(entry) => document.querySelector(`[data-feed] [data-entry="${entry}"]`)?.getBoundingClientRect().top ?? 1e6'


@pytest.mark.parametrize("deep", [30, 140])
async def test_back_is_where_one_was(square: House, chronicle: str, visit: Visit, deep: int) -> None:
    reader = await visit(square)
    page = reader.page
    await reader.go(chronicle)
    assert await gauge.scroll_through(reader, deep) >= deep
    entry, top = await reader.measure(STANDS)
    await page.locator(f'[data-entry="{entry}"] .when').first.click()
    await expect(page.locator("h1")).to_have_text("Thread")
    await page.go_back()
    await gauge.calm(reader)
    assert abs(await reader.measure(WHERE, entry) - top) < 2, entry

    # and what is above, which cannot be read without a network, stands there as soon as it is back
    unit = page.locator(".posts-unit").nth(1)
    reader.forgiving = True
    await reader.context.set_offline(True)
    await unit.evaluate("(unit) => unit.scrollIntoView({ behavior: 'instant' })")
    await gauge.calm(reader)
    await reader.context.set_offline(False)
    await expect(unit.locator("[data-entry]").first).to_be_visible()
