"""The desk without scripts, from a report to an appeal, as three people see it; and how its rooms look."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect
from tests.journeys.house import House
from tests.journeys.test_two_widths import VIOLATIONS, WINDOWS, axe, bodily
from tests.journeys.visitor import Visitor
from tests.rig import open_member

from parvis.moderation import reports, strikes
from parvis.moderation.reports import Filing
from parvis.people.accounts import Role, appoint, find_by_handle
from parvis.posts.drafts import Draft
from parvis.posts.publish import publish

__all__ = ["axe"]

pytestmark = pytest.mark.browser

Visit = Callable[..., Awaitable[Visitor]]
ROOMS = ("/desk", "/desk?show=resolved", "/desk/people", "/desk/appeals", "/desk/trends", "/desk/numbers",
         "/desk/house", "/desk/house/rules", "/desk/house/texts", "/desk/house/announcements", "/desk/house/gate",
         "/desk/house/emojis", "/desk/audit", "/desk/jobs", "/desk/status")  # fmt: skip


async def promote(house: House, handle: str, role: Role) -> None:
    """Give a member a role, as the operator does at the command line."""
    async with house.behind() as tx:
        account = await find_by_handle(tx, handle)
        assert account is not None
        await appoint(tx, account.id, role)


async def sell_pills(mallory: Visitor) -> None:
    """Post what others report."""
    await mallory.join("mallory", "Mallory")
    await mallory.go("/compose")
    await mallory.page.fill("[data-composer] textarea", "Buy my pills")
    await mallory.page.click("[data-composer] [data-send]")
    await expect(mallory.page.locator(".post", has_text="Buy my pills").first).to_be_visible()


async def report_them(anna: Visitor) -> None:
    """From the post's menu to thanks, and mute who posted."""
    page = anna.page
    await anna.join("anna", "Anna Quill")
    await anna.go("/@mallory")
    post = page.locator(".post", has_text="Buy my pills")
    await post.locator(".more > summary").click()
    await post.get_by_role("link", name="Report").click()
    await expect(page.locator('input[name="post"]').first).to_be_checked()
    await page.check('[value="spam"]')
    await page.fill("#comment", "Under every post of mine.")
    await page.get_by_role("button", name="Send the report").click()
    await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    await page.get_by_role("button", name="Mute @mallory").click()
    await expect(page.get_by_role("button", name="Unmute @mallory")).to_be_visible()


async def take_down(boss: Visitor) -> None:
    """From home to the desk, and delete what was reported."""
    page = boss.page
    await boss.go("/")
    await page.get_by_role("link", name="Desk").first.click()
    await page.locator(".case", has_text="Under every post of mine.").click()
    await expect(page.locator(".evidence", has_text="Buy my pills")).to_be_visible()
    await page.check('[value="delete"]')
    await page.fill("#text", "No pills here.")
    await page.get_by_role("button", name="Do it").click()
    await expect(page.get_by_text("gone for good")).to_be_visible()
    await page.get_by_role("button", name="Yes, do it").click()
    await expect(page.get_by_text("It is done")).to_be_visible()


async def appeal(mallory: Visitor) -> None:
    """Read what was decided, and ask for it to be looked at again."""
    page = mallory.page
    await mallory.go("/settings/strikes")
    await expect(page.get_by_text("No pills here.")).to_be_visible()
    await page.get_by_text("Appeal against it").click()
    await page.get_by_label("Why should it be taken back?").fill("They were sweets.")
    await page.get_by_role("button", name="Send the appeal").click()
    await expect(page.get_by_text("Your appeal waits for an answer.")).to_be_visible()


async def test_a_report_becomes_a_decision_and_an_appeal_without_scripts(house: House, visit: Visit) -> None:
    anna, mallory, boss = [await visit(house, java_script_enabled=False) for _ in range(3)]
    await sell_pills(mallory)
    await boss.join("bossy", "Bossy Bell")
    await promote(house, "bossy", "admin")
    await report_them(anna)
    await take_down(boss)
    await appeal(mallory)
    await boss.go("/desk/appeals")
    await expect(boss.page.get_by_text("They were sweets.")).to_be_visible()
    await boss.page.get_by_role("button", name="Take the decision back").click()
    await expect(boss.page.get_by_text("No appeal waits")).to_be_visible()
    await mallory.page.reload()
    await expect(mallory.page.get_by_text("Taken back")).to_be_visible()


async def accuse(house: House, handle: str) -> tuple[str, str]:
    """Have this member report somebody, and be warned themselves; the report's page, and that of whom it is about."""
    async with house.behind() as tx:
        boss = await find_by_handle(tx, handle)
        assert boss is not None
        mallory = await open_member(tx, f"m_{handle}", name="Llanfairpwllgwyngyllgogerychwyrndrobwll")
        post = await publish(tx, mallory, Draft(f"{'Llanfair' * 12} https://pills.example/{'now' * 60}"))
        report = await reports.file(tx, boss, Filing(target=mallory.id, posts=(post,), comment="Pills" * 60))
        await strikes.strike(tx, None, boss.id, "none", text="Please describe your pictures.")
        return f"/desk/reports/{report.id}", f"/desk/people/{mallory.id}"


@pytest.mark.parametrize(("window", "scheme"), [("phone", "dark"), ("desk", "light")])
async def test_every_room_of_the_desk_fits_and_passes_axe(
    square: House, visit: Visit, axe: str, window: str, scheme: str
) -> None:
    boss = await visit(square, color_scheme=scheme, reduced_motion="reduce", **WINDOWS[window])
    await boss.context.add_init_script(axe)
    handle = f"bossy_{window}"
    await boss.join(handle, "Maximiliane-Charlotte von und zu Hohenzollern-Sigm")
    await promote(square, handle, "admin")
    paths = (*ROOMS, *await accuse(square, handle), "/settings/strikes", "/@wanjiru/report", "/@wanjiru/report?done=1")
    wrong = await bodily(boss, paths, window, axe=VIOLATIONS)
    assert not wrong, "\n".join(wrong)
