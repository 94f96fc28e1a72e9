"""Walks at the desk: reports and what is decided on them, people and their appeals, trends, and jobs that failed."""

import re

from playwright.async_api import Response, expect
from sqlalchemy import update
from tests.journeys.hand import Hand
from tests.journeys.walks import walk

from parvis.core import clock
from parvis.moderation import actions, reports, strikes
from parvis.moderation.announcements import PUBLISH, Turn
from parvis.moderation.reports import Filing
from parvis.people import restraining
from parvis.people.accounts import Account, appoint, get_account
from parvis.people.restraints import Restraint
from parvis.posts.drafts import Draft
from parvis.posts.publish import publish
from parvis.store.statement import Statement
from parvis.store.tables import jobs
from parvis.store.transaction import Tx

INVALID = 422
FILE = """async ([address, comment]) => {
    await fetch(address, { method: "POST", body: new URLSearchParams({ category: "other", comment }) });
}"""


async def enter_as_administrator(hand: Hand, handle: str) -> Account:
    """Have an administrator's session in this browser."""
    account = await hand.enter(handle)
    async with hand.house.behind() as tx:
        await appoint(tx, account.id, "admin")
        return await get_account(tx, account.id)


async def to_the_desk(hand: Hand) -> None:
    """From home to the desk, by the menu that this window has."""
    _ = hand.say
    await hand.go("/")
    if hand.manner.startswith("phone"):
        await hand.unfold(_("Your account"))
    await hand.follow(re.compile(rf"\b{_('Desk')}\b"))
    await hand.arrives(_("Reports"))


def is_the_desks_stream(answer: Response) -> bool:
    """Whether the desk, and no page before it, is told from here on what happens."""
    return "/live?" in answer.url and answer.request.headers.get("referer", "").endswith("/desk")


async def accuse(tx: Tx, accuser: Account, accused: Account, comment: str) -> None:
    """Have somebody report what somebody else posts."""
    post = await publish(tx, accused, Draft(f"Buy my pills. ({comment})"))
    await reports.file(tx, accuser, Filing(target=accused.id, posts=(post,), comment=comment, category="spam"))


@walk(
    "GET /desk",
    "GET /desk/reports/{report}",
    "POST /desk/reports/{report}/assign",
    "POST /desk/reports/{report}/unassign",
    "POST /desk/reports/{report}/sort",
    "POST /desk/reports/{report}/resolve",
    "POST /desk/reports/{report}/reopen",
)
async def sort_a_report(hand: Hand) -> None:
    """See a report come; take it on, leave it, take it on after all; say what it is about, close it, open it again."""
    _ = hand.say
    await enter_as_administrator(hand, "sorter")
    complaint = f"Rude, {hand.manner}"
    async with hand.house.behind() as tx:
        rude = await hand.neighbour(tx, "rude")
    async with hand.page.expect_response(is_the_desks_stream):
        await to_the_desk(hand)
    await hand.page.evaluate(FILE, [f"/@{rude.handle}/report", complaint])
    await hand.press(re.compile(f"^({_('1 new report')}|{_('{n} new reports').replace('{n}', '[0-9]+')})$"))
    await hand.follow(re.compile(complaint))
    await hand.arrives(_("Report about @%(handle)s", handle=hand.handle("rude")))
    await hand.press(_("Take it on"))
    await hand.press(_("Leave it to others"))
    await hand.sees(_("Nobody yet"))
    await hand.press(_("Take it on"))
    await hand.misses(_("Nobody yet"))
    await hand.pick(_("It is about"), _("Something else"))
    await hand.press(_("Change"))
    await hand.press(_("Close without doing anything"))
    await hand.sees(_("Resolved"))
    await hand.press(_("Open it again"))
    await hand.sees(_("Open"), hand.page.locator("main .state"))
    await hand.follow(_("All reports"))
    await hand.follow(_("Mine"))
    await hand.sees(re.compile(complaint))


@walk("POST /desk/reports/{report}/decide", "POST /desk/people/{account}/release")
async def decide_on_reports(hand: Hand) -> None:
    """Delete what a report names, after being asked; go on to somebody whom many report, limit them, and relent."""
    _ = hand.say
    await enter_as_administrator(hand, "judge")
    complaint, other = f"Under every post of mine, {hand.manner}", f"Loud, {hand.manner}"
    async with hand.house.behind() as tx:
        anna, mallory = await hand.neighbour(tx, "anna"), await hand.neighbour(tx, "mallory", name="Mallory")
        loud = await hand.neighbour(tx, "loud", name="Loud")
        for number in range(3):
            await accuse(tx, anna, loud, f"{other}, {number}")
        await accuse(tx, anna, mallory, complaint)
    await hand.go("/desk")
    await hand.follow(re.compile(complaint))
    await hand.arrives(_("Report about @%(handle)s", handle=mallory.handle))
    box = re.compile(rf"^{_('Post of %(when)s', when='')}")
    await hand.tick(box)
    await hand.choose(re.compile(_("Delete the chosen posts")))
    await hand.write(_("What the member is told"), "No pills here.")
    hand.visitor.expected = INVALID
    await hand.press(_("Do it"))
    await hand.sees(_("Choose the posts that are to be deleted."))
    await hand.tick(box)
    await hand.press(_("Do it"))
    await hand.arrives(_("Delete the chosen posts"))
    await hand.sees("No pills here.")
    await hand.press(_("No, go back"))
    await expect(hand.page.get_by_label(_("What the member is told"))).to_have_value("No pills here.")
    await hand.press(_("Do it"))
    await hand.press(_("Yes, do it"))
    await hand.sees(_("It is done, and the member is told."))
    await hand.sees("No pills here.")
    await hand.misses(complaint, hand.page.locator(".evidence"))
    await hand.follow(_("Next report"), hand.page.locator(".told"))
    await hand.arrives(_("Report about @%(handle)s", handle=loud.handle))
    await hand.sees(f"{other}, 2")
    await hand.sees(f"{other}, 0", hand.page.locator("#others ~ .entries"))
    await hand.choose(re.compile(rf"^{_('Limit')}\b"))
    await hand.press(_("Do it"))
    await hand.press(_("Limit no longer"))
    await hand.misses(_("Limit no longer"))
    await hand.misses(f"{other}, 0")
    await hand.follow(_("All reports"))
    await hand.arrives(_("Reports"))
    await hand.misses(re.compile(other))


@walk(
    "GET /desk/people",
    "GET /desk/people/{account}",
    "POST /desk/people/{account}/approve",
    "POST /desk/people/{account}/reject",
    "POST /desk/people/{account}/remark",
    "POST /desk/remarks/{remark}/remove",
    "POST /desk/people/{account}/role",
    "POST /desk/people/{account}/decide",
    "POST /desk/people/{account}/erase",
)
async def look_after_people(hand: Hand) -> None:
    """Let somebody in and turn somebody away; remark on one, give them a role, suspend them, and erase them."""
    _ = hand.say
    await enter_as_administrator(hand, "warden")
    async with hand.house.behind() as tx:
        for handle in ("patient", "pushy"):
            asking = await hand.neighbour(tx, handle, reason=f"I bind books, {hand.handle(handle)}.")
            await restraining.lay(tx, asking.id, Restraint.PENDING)
    await hand.go("/desk/people")
    await hand.follow(_("Pending"))
    await hand.sees(f"I bind books, {hand.handle('pushy')}.")
    await hand.press(f"{_('Let in')} @{hand.handle('patient')}")
    await hand.misses(f"I bind books, {hand.handle('patient')}.")
    await hand.follow(re.compile(f"I bind books, {hand.handle('pushy')}"))
    await hand.press(_("Turn away"))
    await hand.press(_("Yes, turn away"))
    await hand.misses(f"I bind books, {hand.handle('pushy')}.")
    await hand.follow(_("All"))
    await hand.write(_("Name, handle, e-mail or address"), hand.handle("patient"))
    await hand.press(_("Search"))
    await hand.follow(re.compile(f"@{hand.handle('patient')}"))
    await hand.write(_("For the others at the desk"), "Binds books, and well.")
    await hand.press(_("Remark"))
    await hand.sees("Binds books, and well.")
    await hand.press(_("Take the remark away"))
    await hand.misses("Binds books, and well.")
    role = hand.page.locator("form", has=hand.page.locator("[name=role]"))
    await hand.pick(_("Role"), _("Moderator"), role)
    await hand.press(_("Change"), role)
    await hand.sees(_("It is done."))
    await hand.choose(re.compile(rf"^{_('Suspend')}\b"))
    await hand.write(_("What the member is told"), "Go, and bind elsewhere.")
    await hand.press(_("Do it"))
    await hand.press(_("Yes, do it"))
    await hand.sees("Go, and bind elsewhere.")
    await hand.press(_("Erase"))
    await hand.press(_("Yes, erase"))
    await hand.arrives(_("People"))


@walk(
    "GET /desk/appeals",
    "POST /desk/appeals/{strike}/grant",
    "POST /desk/appeals/{strike}/decline",
    "GET /desk/audit",
)
async def hear_appeals(hand: Hand) -> None:
    """Take one decision back and let another stand; both stand in the log."""
    _ = hand.say
    boss = await enter_as_administrator(hand, "elder")
    async with hand.house.behind() as tx:
        for handle in ("meek", "bold"):
            told = await hand.neighbour(tx, handle)
            strike = await actions.act(tx, boss, told.id, "limit", text="Calm down.")
            await strikes.appeal(tx, told, strike, f"I am {hand.handle(handle)}.")
    await hand.go("/desk")
    await hand.follow(re.compile(rf"^{_('Appeals')}"))  # with how many wait
    await hand.sees(f"I am {hand.handle('meek')}.")
    await hand.press(re.compile(rf"^{_('Take the decision back')}.*@{hand.handle('meek')}$"))
    await hand.misses(f"I am {hand.handle('meek')}.")
    await hand.press(re.compile(rf"^{_('Turn the appeal down')}.*@{hand.handle('bold')}$"))
    await hand.misses(f"I am {hand.handle('bold')}.")
    await hand.follow(_("Log"))
    await hand.arrives(_("Log"))
    lines = hand.page.locator(".log-line", has_text=f"@{boss.handle}")
    await hand.sees(re.compile(_("granted the appeal against")), lines)
    await hand.sees(re.compile(_("turned down the appeal against")), lines)


@walk("GET /desk/trends", "POST /desk/trends/deny", "POST /desk/trends/allow", "GET /desk/numbers")
async def judge_trends(hand: Hand) -> None:
    """Keep a hashtag out of the trends, and let it in again; and see how much happened lately."""
    _ = hand.say
    await enter_as_administrator(hand, "arbiter")
    await hand.go("/desk")
    await hand.follow(_("Trends"))
    await hand.arrives(_("Trends"))
    name = await hand.page.locator("#tags + .entries .text-link").first.inner_text()
    line = hand.page.locator("#tags + .entries > li").first
    await hand.press(f"{_('Keep it out')} {name}")
    await hand.sees(_("Kept out"), line)
    await hand.press(f"{_('Let it trend')} {name}")
    await hand.sees(_("May trend"), line)
    await hand.follow(_("Numbers"))
    await hand.arrives(_("Numbers"))
    await hand.sees(_("New members"))


@walk("GET /desk/jobs", "POST /desk/jobs/{job}/retry", "POST /desk/jobs/{job}/drop", "GET /desk/status")
async def mind_the_engine(hand: Hand) -> None:
    """Have a job that failed run again, drop another after being asked, and see how the machine is."""
    _ = hand.say
    boss = await enter_as_administrator(hand, "engineer")
    async with hand.house.behind() as tx:
        for bell in (boss.id, boss.id + 1):
            tx.enqueue(PUBLISH, Turn(bell), run_at=tx.now + clock.DAY)
    async with hand.house.behind() as tx:
        ours = jobs.c.payload.contains(str(boss.id)[:-1])
        await tx.run(Statement(update(jobs).where(ours).values(dead_at=tx.now, error=f"No bell for {boss.handle}")))
    await hand.go("/desk")
    await hand.follow(_("Jobs"))
    letters = hand.page.locator(".entries > li", has_text=f"No bell for {boss.handle}")
    await hand.unfold(_("What went wrong"), letters.first)
    await hand.sees(f"No bell for {boss.handle}")
    await hand.press(f"{_('Run again')} {PUBLISH}", letters.first)
    await hand.sees(_("It runs again."))
    await hand.press(f"{_('Drop')} {PUBLISH}", letters.first)
    await hand.press(_("Yes, drop"))
    await hand.sees(_("It is dropped."))
    await expect(letters).to_have_count(0)
    await hand.follow(_("Status"))
    await hand.arrives(_("Status"))
    await hand.sees("SQLite")
