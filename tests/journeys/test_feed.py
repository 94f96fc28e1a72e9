"""The feed of somebody who was away, or stays for long: nothing is missing between the newest and what was there."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect
from tests.journeys import gauge
from tests.journeys.house import House
from tests.journeys.visitor import Visitor
from tests.rig import open_member

from parvis.people.accounts import find_by_handle
from parvis.posts.drafts import Draft
from parvis.posts.publish import publish

pytestmark = pytest.mark.browser

Visit = Callable[..., Awaitable[Visitor]]


async def tell(house: House, tag: str, numbers: range) -> None:
    """Post numbered sentences under a hashtag, behind the house's back: no stream hears them."""
    async with house.behind() as tx:
        author = await find_by_handle(tx, tag) or await open_member(tx, tag)
        for number in numbers:
            await publish(tx, author, Draft(f"Number {number}. #{tag}"))


async def test_what_came_while_one_was_away_is_read_through_without_a_gap(house: House, visit: Visit) -> None:
    reader = await visit(house)
    page = reader.page
    newest = page.locator("[data-feed] [data-entry]").first
    await tell(house, "awayfor", range(30))
    await reader.go("/tags/awayfor")
    await expect(newest).to_contain_text("Number 29.")
    reader.forgiving = True
    house.kill()
    await tell(house, "awayfor", range(30, 85))
    house.open()
    await expect(newest).to_contain_text("Number 84.")
    reader.forgiving = False
    assert await gauge.scroll_through(reader, 85, step=400) == 85
    await expect(page.locator(".gap")).to_have_count(0)


async def test_what_comes_for_long_is_left_behind_and_read_again(square: House, visit: Visit) -> None:
    reader, teller = await visit(square), await visit(square)
    page = reader.page
    await tell(square, "forlong", range(5))
    await teller.join("teller", "Tilda Teller")
    await reader.go("/tags/forlong")
    await expect(page.locator("[data-feed] [data-entry]")).to_have_count(5)
    for number in range(5, 65):
        form = {"text": f"Number {number}. #forlong"}
        answer = await teller.context.request.post(f"{square.url}/posts", form=form, headers={"origin": square.url})
        assert answer.ok
    await expect(page.locator("[data-feed] [data-entry]").first).to_contain_text("Number 64.")
    assert await page.locator(".posts-unit").count() == 3
    assert await page.locator("[data-feed] > .post").count() <= 40
    await page.keyboard.press("End")
    await gauge.calm(reader)
    await expect(page.locator("[data-feed] [data-entry]").last).to_contain_text("Number 0.")
    await page.keyboard.press("Home")
    await gauge.calm(reader)
    entries = await page.locator("[data-feed] [data-entry] .prose").all_text_contents()
    told = [int(entry.strip().split(".")[0].removeprefix("Number ")) for entry in entries]
    assert told == list(range(64, 64 - len(told), -1))
