"""The feed of somebody who was away, or stays for long: nothing is missing between the newest and what was there."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Locator, Page, expect
from tests.journeys import gauge
from tests.journeys.house import House
from tests.journeys.visitor import Visitor
from tests.journeys.walk_notices import write_to
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


async def leave(page: Page, number: int) -> Locator:
    """Open a post from far down a feed; where it stands in the feed one comes back to."""
    post = page.locator("[data-feed] [data-entry]").nth(number)
    await post.scroll_into_view_if_needed()
    await page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 60)))")
    kept = page.locator(f'[data-feed] [data-entry="{await post.get_attribute("data-entry")}"]')
    await post.locator(".when").click()
    await page.locator(".focused").wait_for()
    return kept


async def test_one_comes_back_to_where_one_was_though_a_form_led_there(square: House, visit: Visit) -> None:
    reader, teller = await visit(square), await visit(square)
    page = reader.page
    await tell(square, "comeback", range(50))
    await reader.join("comer", "Cora Comer")
    await teller.join("backer", "Bo Backer")
    await reader.go("/tags/comeback")
    await page.get_by_role("button", name="Show on my profile").click()
    await page.get_by_role("button", name="Take off my profile").wait_for()
    assert await gauge.scroll_through(reader, 40) >= 40
    post = await leave(page, 30)
    await page.locator("[data-back]").click()
    await page.wait_for_url("**/tags/comeback")
    await gauge.calm(reader)
    await expect(post).to_be_in_viewport()

    # what is gone again waits no more
    ours = {"origin": square.url, "accept": "application/json"}
    form = {"text": "Soon gone. #comeback"}
    told = await (await teller.context.request.post(f"{square.url}/posts", form=form, headers=ours)).json()
    await expect(page.locator("[data-pill] button")).to_be_visible()
    await teller.context.request.post(f"{square.url}/posts/{told['id']}/delete", headers=ours)
    await expect(page.locator("[data-pill] button")).to_be_hidden()

    # notifications are no feed with addresses of its own
    async with square.behind() as tx:
        comer, backer = await find_by_handle(tx, "comer"), await find_by_handle(tx, "backer")
        assert comer
        assert backer
        for number in range(20):
            await write_to(tx, backer, comer, f"word {number}. " * 20)
        await write_to(tx, await open_member(tx, "cutter"), comer, "the last word.")
    await reader.go("/notifications")
    post = await leave(page, 12)
    await page.go_back()
    await gauge.calm(reader)
    await expect(post).to_be_in_viewport()
