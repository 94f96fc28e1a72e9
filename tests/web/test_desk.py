"""The desk: to whom it opens, and what is done there from report to appeal."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import update
from tests.rig import open_member
from tests.web.conftest import Browser, join
from tests.web.test_pages import _queries as queries

from parvis.core.ids import AccountId
from parvis.moderation import house, strikes
from parvis.moderation.announcements import Turn
from parvis.moderation.roles import OF_ROLE, May
from parvis.people import restraining
from parvis.people.accounts import Role, appoint, find_by_handle
from parvis.people.restraints import Restraint
from parvis.store.database import Store
from parvis.store.statement import Statement
from parvis.store.tables import jobs
from parvis.web.addresses import DESK_ACTORS, DESK_READERS
from parvis.web.door import Door

ROLES: tuple[Role, ...] = ("member", "moderator", "admin")


async def promote(store: Store, handle: str, role: Role) -> int:
    """Give a member a role; their id."""
    async with store.transaction() as tx:
        account = await find_by_handle(tx, handle)
        assert account is not None
        await appoint(tx, account.id, role)
        return account.id


@pytest.fixture
async def mona(another: Callable[[], Browser], store: Store) -> Browser:
    """A moderator's browser."""
    browser = another()
    await join(browser, "mona")
    await promote(store, "mona", "moderator")
    return browser


@pytest.fixture
async def boss(another: Callable[[], Browser], store: Store) -> Browser:
    """An administrator's browser."""
    browser = another()
    await join(browser, "bossy")
    await promote(store, "bossy", "admin")
    return browser


async def offend(browser: Browser, text: str = "Buy my pills") -> str:
    """Join as mallory and post; the post."""
    await join(browser, "mallory")
    await browser.post("/posts", data={"text": text})
    found = re.search(r'data-post="(\d+)"', (await browser.get("/@mallory")).text)
    assert found is not None
    return found[1]


async def accuse(browser: Browser, post: str) -> str:
    """Report mallory's post; the page that answers."""
    form = {"category": "spam", "comment": "Pills again", "post": post}
    return (await browser.post("/@mallory/report", data=form)).text


def filled(path: str) -> str:
    """An address with something in its gaps."""
    return re.sub(r"\{\w+\}", "1", path)


def allowed(role: str, permission: May) -> bool:
    return bool(OF_ROLE[role] & (permission | May.EVERYTHING))


@pytest.mark.parametrize("role", ["visitor", *ROLES])
async def test_the_desk_opens_to_those_whose_role_includes_it_and_is_nowhere_for_all_others(
    browser: Browser, store: Store, role: Role
) -> None:
    if str(role) != "visitor":
        await join(browser, "eve")
        await promote(store, "eve", role)
    for path, permission, _ in DESK_READERS:
        status = (await browser.get(filled(path))).status_code
        inside = str(role) != "visitor" and allowed(role, permission)
        assert (status == 200 if "{" not in path else status in (200, 404)) if inside else status == 404, path
    for path, permission, _ in DESK_ACTORS:
        answer = await browser.post(filled(path), data={}, follow_redirects=False)
        if str(role) == "visitor" or not allowed(role, permission):
            assert answer.status_code == 404, path
            assert "There is no such place" in answer.text
        else:
            assert answer.status_code in (200, 303, 403, 404, 422), path
    shown = (await browser.get("/local")).text
    assert ('href="/desk"' in shown) == (str(role) in ("moderator", "admin"))


async def test_a_report_goes_to_the_desk_and_comes_back_as_a_decision_that_is_appealed(
    browser: Browser, another: Callable[[], Browser], mona: Browser, boss: Browser
) -> None:
    post = await offend(browser)
    async with another() as ben:
        await join(ben, "ben")
        assert f'value="{post}" id="post-{post}" checked' in (await ben.get(f"/report?post={post}")).text
        assert "Thank you" in await accuse(ben, post)
    desk = (await mona.get("/desk")).text
    [report] = re.findall(r"/desk/reports/(\d+)", desk)
    assert 'class="pip" data-waiting>1<' in desk
    shown = (await mona.get(f"/desk/reports/{report}")).text
    assert "Buy my pills" in shown
    assert "Pills again" in shown
    await mona.post(f"/desk/reports/{report}/assign")
    assert report in (await mona.get("/desk?show=mine")).text
    decision = {"action": "delete", "text": "No pills here.", "post": post, "back": "/desk"}
    asked = await mona.post(f"/desk/reports/{report}/decide", data=decision)
    assert "gone for good" in asked.text
    assert "Buy my pills" in (await browser.get("/@mallory")).text
    assert "It is done" in (await mona.post(f"/desk/reports/{report}/decide", data=decision | {"sure": "1"})).text
    assert "Buy my pills" not in (await browser.get("/@mallory")).text
    assert f"/desk/reports/{report}" not in (await mona.get("/desk")).text
    assert f"/desk/reports/{report}" in (await mona.get("/desk?show=resolved")).text
    assert "deleted a post by @mallory" in (await mona.get("/desk/audit")).text
    decisions = (await browser.get("/settings/strikes")).text
    assert "Posts of yours were deleted" in decisions
    assert "No pills here." in decisions
    [strike] = re.findall(r"/settings/strikes/(\d+)/appeal", decisions)
    empty = await browser.post(f"/settings/strikes/{strike}/appeal", data={"text": " "})
    assert empty.status_code == 422
    told = await browser.post(f"/settings/strikes/{strike}/appeal", data={"text": "They were sweets."})
    assert "Your appeal waits" in told.text


async def test_reports_about_one_account_stand_together_and_are_closed_together(
    another: Callable[[], Browser], store: Store, mona: Browser, boss: Browser
) -> None:
    async with another() as mallory, another() as ben:
        post = await offend(mallory)
        await join(ben, "ben")
        await ben.post("/@mona/report", data={"category": "other", "comment": "Too kind"})
        for reporter in (ben, boss, ben):
            await accuse(reporter, post)
    listed = (await boss.get("/desk")).text
    first, last = re.findall(r'class="case" href="/desk/reports/(\d+)"', listed)
    assert "3 reports" in listed
    shown = (await boss.get(f"/desk/reports/{first}")).text
    assert "2 other open reports" in shown
    assert f'href="/desk/reports/{last}" rel="next"' in shown
    assert f'href="/desk/reports/{first}" rel="next"' in (await boss.get(f"/desk/reports/{last}")).text
    warned = await boss.post(f"/desk/reports/{first}/decide", data={"action": "none", "text": "Stop.", "rest": "on"})
    assert "other open report" not in warned.text
    assert "Next report" in warned.text
    assert re.findall(r'class="case" href="/desk/reports/(\d+)"', (await boss.get("/desk")).text) == [last]
    await accuse(boss, post)
    await accuse(boss, post)
    [again, _] = re.findall(r'class="case" href="/desk/reports/(\d+)"', (await boss.get("/desk")).text)
    closed = await boss.post(f"/desk/reports/{again}/resolve", data={"all": "1"})
    assert "It is closed." in closed.text
    await boss.post(f"/desk/reports/{last}/assign")
    log = (await boss.get("/desk/audit")).text
    assert "5 reports about @mallory" in log
    assert "a report about @mona" in log
    assert re.findall(r'class="case" href="/desk/reports/(\d+)"', (await boss.get("/desk")).text) == [last]


@pytest.mark.parametrize("number", ["1", "9" * 40])
async def test_words_that_look_like_a_name_of_the_log_are_words(
    another: Callable[[], Browser], mona: Browser, boss: Browser, store: Store, number: str
) -> None:
    async with another() as mallory:
        await offend(mallory)
    async with store.reading() as tx:
        found = await find_by_handle(tx, "mallory")
    assert found is not None
    for kind in ("account", "report", "strike"):
        told = {"action": "none", "text": f"{kind}:{number}"}
        await mona.post(f"/desk/people/{found.id}/decide", data=told)
    log = await boss.get("/desk/audit")
    assert log.status_code == 200
    assert all(f"{kind}:{number}" in log.text for kind in ("account", "report", "strike"))


async def test_what_waits_in_other_rooms_is_counted_for_those_who_may_enter_them(
    browser: Browser, store: Store, mona: Browser, boss: Browser
) -> None:
    await join(browser, "mallory")
    mallory = await promote(store, "mallory", "member")
    async with store.transaction() as tx:
        await restraining.lay(tx, AccountId(mallory), Restraint.PENDING)
        account = await find_by_handle(tx, "mona")
        assert account is not None
        await strikes.appeal(tx, account, await strikes.strike(tx, None, account.id, "none"), "I was calm.")
    counts = re.compile(r'href="(/desk/\w+)"[^>]*>(?:(?!</a>).)*count-chip">(\d+)')
    assert counts.findall((await mona.get("/desk")).text) == [("/desk/people", "1")]
    assert counts.findall((await boss.get("/desk")).text) == [("/desk/people", "1"), ("/desk/appeals", "1")]


async def test_what_lies_on_an_account_is_laid_and_taken_back(browser: Browser, store: Store, mona: Browser) -> None:
    post = await offend(browser)
    mallory = await promote(store, "mallory", "member")
    await accuse(mona, post)
    [report] = re.findall(r"/desk/reports/(\d+)", (await mona.get("/desk")).text)
    done = await mona.post(f"/desk/reports/{report}/decide", data={"action": "limit", "text": "Calm down."})
    assert "Limit no longer" in done.text
    await mona.post(f"/desk/people/{mallory}/release", data={"action": "limit"})
    assert "Limit no longer" not in (await mona.get(f"/desk/reports/{report}")).text
    async with store.transaction() as tx:
        rule = await house.add_rule(tx, None, "No pills.")
    named = await mona.post(f"/desk/reports/{report}/sort", data={"category": "violation", "rule": str(rule)})
    assert f'value="{rule}" checked' in named.text
    wrong = await mona.post(f"/desk/reports/{report}/decide", data={"action": "banish"})
    assert wrong.status_code == 422
    await mona.post(f"/desk/reports/{report}/reopen")
    assert f"/desk/reports/{report}" in (await mona.get("/desk")).text


async def test_a_private_post_is_read_at_the_desk_once_it_is_reported(
    browser: Browser, mona: Browser, another: Callable[[], Browser]
) -> None:
    async with another() as ben:
        await join(ben, "ben")
        await join(browser, "mallory")
        posted = await browser.post("/posts", data={"text": "@ben psst, pills", "visibility": "mentioned"})
        post = re.findall(r'data-post="(\d+)"', posted.text)[0]
        assert (await mona.get(f"/report?post={post}")).status_code == 404
        await accuse(ben, post)
    [report] = re.findall(r"/desk/reports/(\d+)", (await mona.get("/desk")).text)
    assert "psst, pills" in (await mona.get(f"/desk/reports/{report}")).text


async def test_queries_of_the_desk_do_not_grow_with_what_waits(door: Door, browser: Browser, boss: Browser) -> None:
    post = await offend(browser)
    await accuse(boss, post)
    paths = [path for path, _, _ in DESK_READERS if "{" not in path]
    few = {path: await queries(door, boss, path) for path in paths}
    for _ in range(7):
        await accuse(boss, post)
    many = {path: await queries(door, boss, path) for path in paths}
    assert many == few
    assert max(many.values()) <= 14


async def test_somebody_who_waits_is_let_in_or_turned_away_and_given_a_role(
    browser: Browser, store: Store, mona: Browser, boss: Browser
) -> None:
    await join(browser, "mallory")
    mallory = await promote(store, "mallory", "member")
    async with store.transaction() as tx:
        await restraining.lay(tx, AccountId(mallory), Restraint.PENDING)
    assert "@mallory" in (await mona.get("/desk/people?show=pending")).text
    assert "Let in" in (await mona.get(f"/desk/people/{mallory}")).text
    asked = await mona.post(f"/desk/people/{mallory}/reject")
    assert "Yes, turn away" in asked.text
    assert "Let in" not in (await mona.post(f"/desk/people/{mallory}/approve")).text
    assert (await mona.post(f"/desk/people/{mallory}/role", data={"role": "admin"})).status_code == 404
    raised = await boss.post(f"/desk/people/{mallory}/role", data={"role": "moderator"})
    assert '<option value="moderator" selected>' in raised.text
    assert "@mallory" in (await mona.get("/desk/people?show=staff")).text
    lent = await mona.post(f"/desk/people/{mallory}/decide", data={"action": "limit", "text": ""})
    assert lent.status_code == 403


async def test_what_is_remarked_at_the_desk_is_read_there_only(
    browser: Browser, store: Store, mona: Browser, boss: Browser
) -> None:
    await join(browser, "mallory")
    mallory = await promote(store, "mallory", "member")
    await mona.post(f"/desk/people/{mallory}/remark", data={"text": "Sells pills on Mondays"})
    shown = (await boss.get(f"/desk/people/{mallory}")).text
    assert "Sells pills on Mondays" in shown
    assert (await mona.post(f"/desk/people/{mallory}/remark", data={"text": " "})).status_code == 422
    [remark] = re.findall(r"/desk/remarks/(\d+)/remove", shown)
    await boss.post(f"/desk/people/{mallory}/remark", data={"text": "Mine"})
    [own] = {*re.findall(r"/desk/remarks/(\d+)/remove", (await boss.get(f"/desk/people/{mallory}")).text)} - {remark}
    assert (await mona.post(f"/desk/remarks/{own}/remove")).status_code == 403
    assert "Mondays" not in (await boss.post(f"/desk/remarks/{remark}/remove")).text
    assert "Mondays" not in (await browser.get("/settings/strikes")).text


async def test_an_account_is_found_by_handle_mail_and_address(store: Store, mona: Browser) -> None:
    async with store.transaction() as tx:
        await open_member(tx, "mallory", name="Pill Palace", email="mal@pills.example", address="192.0.2.7")
    for words in ("mallo", "@Mallory", "pill pal", "mal@pills.example", "@pills.example", "192.0.2.7"):
        assert "@mallory" in (await mona.get("/desk/people", params={"q": words})).text, words
    assert "No account answers" in (await mona.get("/desk/people", params={"q": "nobody"})).text


async def test_an_appeal_that_is_granted_takes_the_decision_back(
    browser: Browser, store: Store, mona: Browser, boss: Browser
) -> None:
    await join(browser, "mallory")
    mallory = await promote(store, "mallory", "member")
    await mona.post(f"/desk/people/{mallory}/decide", data={"action": "limit", "text": "Calm down."})
    [strike] = re.findall(r"/settings/strikes/(\d+)/appeal", (await browser.get("/settings/strikes")).text)
    await browser.post(f"/settings/strikes/{strike}/appeal", data={"text": "I was calm."})
    assert "I was calm." in (await boss.get("/desk/appeals")).text
    assert "No appeal waits" in (await boss.post(f"/desk/appeals/{strike}/grant")).text
    assert "Taken back" in (await browser.get("/settings/strikes")).text
    assert "Limit no longer" not in (await boss.get(f"/desk/people/{mallory}")).text
    log = (await boss.get("/desk/audit")).text
    assert "granted the appeal against" in log
    assert "a decision about @mallory" in log


async def test_the_house_is_kept_at_the_desk(boss: Browser, browser: Browser, a_picture: bytes) -> None:
    added = await boss.post("/desk/house/rules", data={"text": "Be kind", "hint": "Even on Mondays"})
    [rule] = set(re.findall(r'action="/desk/house/rules/(\d+)"', added.text))
    await boss.post(f"/desk/house/rules/{rule}", data={"text": "Soyez aimables", "language": "fr"})
    assert "Be kind" in (await browser.get("/about")).text
    await browser.get("/language/fr?next=/about")
    assert "Soyez aimables" in (await browser.get("/about")).text
    assert (await boss.post("/desk/house/rules", data={"text": " "})).status_code == 422
    await boss.post("/desk/house/rules", data={"text": "Be brief"})
    moved = (await boss.post(f"/desk/house/rules/{rule}/down")).text
    assert moved.index("1. Be brief") < moved.index("2. Be kind")
    raised = (await boss.post(f"/desk/house/rules/{rule}/up")).text
    assert raised.index("1. Be kind") < raised.index("2. Be brief")
    assert (await boss.post("/desk/house/rules/1/up")).status_code == 404
    assert "Yes, remove" in (await boss.post(f"/desk/house/rules/{rule}/remove")).text
    await boss.post(f"/desk/house/rules/{rule}/remove", data={"sure": "1"})
    assert "Soyez aimables" not in (await browser.get("/about")).text

    text = {"kind": "privacy", "language": "fr", "text": "# Rien\n\nNous ne *gardons* rien.<script>1</script>"}
    shown = (await boss.post("/desk/house/texts", data=text | {"preview": "1"})).text
    assert "<em>gardons</em>" in shown
    assert "<script>1" not in shown
    assert "gardons" not in (await browser.get("/about/privacy")).text
    await boss.post("/desk/house/texts", data=text)
    assert "<em>gardons</em>" in (await browser.get("/about/privacy")).text

    announced = await boss.post("/desk/house/announcements", data={"text": "The fair is on", "ends_at": ""})
    [announcement] = re.findall(r"/desk/house/announcements/(\d+)/end", announced.text)
    rewritten = await boss.post(f"/desk/house/announcements/{announcement}", data={"text": "The May fair is on"})
    assert "The May fair is on" in rewritten.text
    assert (await boss.post(f"/desk/house/announcements/{announcement}", data={"text": " "})).status_code == 422
    assert (await boss.post("/desk/house/announcements/1", data={"text": "x"})).status_code == 404
    assert "Over" in (await boss.post(f"/desk/house/announcements/{announcement}/end")).text
    later = await boss.post("/desk/house/announcements", data={"text": "Soon", "due_at": "2099-01-01T10:00"})
    assert "To come" in later.text
    assert (await boss.post("/desk/house/announcements", data={"text": "x", "due_at": "soon"})).status_code == 422

    files = {"picture": ("blob.png", a_picture, "image/png")}
    kept = await boss.post("/desk/house/emojis", data={"shortcode": "blob", "category": ""}, files=files)
    assert ":blob:" in kept.text
    assert (await boss.post("/desk/house/emojis", data={"shortcode": "blob2"})).status_code == 422
    gone = await boss.post("/desk/house/emojis/remove", data={"shortcode": "blob", "sure": "1"})
    assert ":blob:" not in gone.text
    log = (await boss.get("/desk/audit")).text
    assert all(
        word in log for word in ("moved a rule", "rewrote an announcement", "wrote <b>privacy</b>", "<b>blob</b>")
    )


@pytest.mark.parametrize(
    ("kind", "form", "name"),
    [
        ("networks", {"network": "192.0.2.0/24", "severity": "no_access", "days": "7"}, "192.0.2.0/24"),
        ("mail-domains", {"domain": "pills.example", "with_approval": "on"}, "pills.example"),
        ("mails", {"email": "mal@pills.example"}, "…"),
        ("servers", {"domain": "bad.example", "severity": "suspend", "obfuscate": "on"}, "bad.example"),
    ],
)
async def test_the_gate_bars_and_frees(boss: Browser, kind: str, form: dict[str, str], name: str) -> None:
    barred = await boss.post(f"/desk/house/gate/{kind}", data=form)
    assert name in barred.text
    assert (await boss.post(f"/desk/house/gate/{kind}", data=form)).status_code in (409, 422)
    [bar] = re.findall(rf"/desk/house/gate/{kind}/(\d+)/free", barred.text)
    assert f"{kind}/{bar}/free" not in (await boss.post(f"/desk/house/gate/{kind}/{bar}/free")).text


async def test_what_many_took_up_is_judged(browser: Browser, mona: Browser) -> None:
    await join(browser, "ada")
    await browser.post("/posts", data={"text": "The tide is low #sea"})
    assert "Not judged" in (await mona.get("/desk/trends")).text
    kept_out = await mona.post("/desk/trends/deny", data={"kind": "tag", "subject": "sea"})
    assert "Kept out" in kept_out.text
    allowed = await mona.post("/desk/trends/allow", data={"kind": "tag", "subject": "sea"})
    assert "May trend" in allowed.text
    assert (await mona.post("/desk/trends/allow", data={"kind": "cat", "subject": "sea"})).status_code == 422


async def test_a_job_that_failed_for_good_is_run_again_or_dropped(boss: Browser, store: Store) -> None:
    async with store.transaction() as tx:
        for _ in range(2):
            tx.enqueue("publish_announcement", Turn(1))
    async with store.transaction() as tx:
        await tx.run(Statement(update(jobs).values(dead_at=tx.now, error="ValueError: no bell", attempts=5)))
    shown = (await boss.get("/desk/jobs")).text
    assert "no bell" in shown
    one, other = sorted(set(re.findall(r"/desk/jobs/(\d+)/retry", shown)))
    assert f"/desk/jobs/{one}/retry" not in (await boss.post(f"/desk/jobs/{one}/retry")).text
    assert "Yes, drop" in (await boss.post(f"/desk/jobs/{other}/drop")).text
    assert "Everything was done." in (await boss.post(f"/desk/jobs/{other}/drop", data={"sure": "1"})).text
    assert (await boss.post(f"/desk/jobs/{other}/retry")).status_code == 404
