"""The page of notifications shows every kind there is, in every language, and who was kept aside."""

from collections.abc import Callable

import pytest
from sqlalchemy import bindparam, insert
from tests.cast import members, say
from tests.web.conftest import Browser, join

from parvis.core.words import LANGUAGES
from parvis.moderation import announcements
from parvis.moderation.announcements import Notice
from parvis.notifications import inbox
from parvis.notifications.kinds import KINDS
from parvis.people.accounts import find_by_handle
from parvis.store.statement import Statement
from parvis.store.tables import notification_requests, notifications
from parvis.web.door import Door

TELL = Statement(insert(notifications).values({c.name: bindparam(c.name, type_=c.type) for c in notifications.columns}))
ASK = Statement(
    insert(notification_requests).values(
        {c.name: bindparam(c.name, type_=c.type) for c in notification_requests.columns}
    )
)


async def tell(door: Door, kind: str, *, filtered: bool = False) -> None:
    """Have bob do something of this kind that concerns ada, about a post of his."""
    async with door.store.transaction() as tx:
        ada, bob = await find_by_handle(tx, "ada"), await find_by_handle(tx, "bob")
        assert ada
        assert bob
    post = await say(door.store, bob, f"about {kind}")
    async with door.store.transaction() as tx:
        await tx.run(
            TELL,
            id=tx.new_id(),
            account_id=ada.id,
            kind=kind,
            actor_id=bob.id,
            post_id=None if kind in ("follow", "warning", "severance") else post,
            subject=f"{kind}:{post}",
            about_id=None,
            details={"name": "eve"} if kind == "severance" else None,
            filtered=filtered,
            group_key="",
        )
        if filtered:
            await tx.run(ASK, account_id=ada.id, actor_id=bob.id, id=tx.new_id(), updated_at=tx.now)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_kind_has_a_sentence(browser: Browser, door: Door, language: str) -> None:
    await join(browser, "ada")
    await members(door.store, "bob")
    for kind in KINDS:
        await tell(door, kind)
    await browser.get(f"/language/{language}?next=/about")
    page = await browser.get("/notifications")
    assert page.status_code == 200
    assert page.text.count('class="notice ') == len(KINDS) - 3  # mentions, quotes and posts are shown whole
    assert "about mention" in page.text
    if language == "en":
        for said in ("asks to follow you", "signed up", "The moderators wrote to you", "had a poll", "removed @eve"):
            assert said in page.text


@pytest.mark.parametrize(("verb", "left"), [("accept", 1), ("dismiss", 0)])
async def test_who_was_kept_aside_is_let_in_or_sent_away(
    browser: Browser, door: Door, another: Callable[[], Browser], verb: str, left: int
) -> None:
    await join(browser, "ada")
    await members(door.store, "bob")
    await tell(door, "mention", filtered=True)
    assert "about mention" not in (await browser.get("/notifications")).text
    page = await browser.get("/notifications/aside")
    assert "about mention" in page.text
    form = page.text.partition('formaction="/notifications/aside/')[2].partition("/")[0]
    async with another() as stranger:
        await join(stranger, "eve")
        await stranger.post(f"/notifications/aside/{form}/{verb}")
    assert "about mention" in (await browser.get("/notifications/aside")).text
    assert (await browser.post(f"/notifications/aside/{form}/{verb}")).url.path == "/notifications/aside"
    assert "about mention" not in (await browser.get("/notifications/aside")).text
    async with door.store.reading() as tx:
        ada = await find_by_handle(tx, "ada")
        assert ada
        assert len(await inbox.notifications_of(tx, ada)) == left


async def test_what_many_do_about_one_post_is_one_line_of_its_kind(browser: Browser, door: Door) -> None:
    await join(browser, "ada")
    people = await members(door.store, "ben", "cleo", "dan")
    async with door.store.reading() as tx:
        ada = await find_by_handle(tx, "ada")
    assert ada
    post = await say(door.store, ada, "The tide is low")
    async with door.store.transaction() as tx:
        for one in people:
            told = {"account_id": ada.id, "kind": "like", "actor_id": one.id, "post_id": post, "subject": f"l:{one.id}"}
            rest = {"about_id": None, "details": None, "filtered": False, "group_key": f"like-{post}"}
            await tx.run(TELL, id=tx.new_id(), **told, **rest)
    for path in ("/notifications", "/notifications/likes"):
        page = (await browser.get(path)).text
        assert page.count('class="notice') == 1
        assert "and 2 more liked your post" in page
    assert 'class="notice' not in (await browser.get("/notifications/polls")).text
    assert 'class="notice fresh' not in (await browser.get("/notifications")).text  # they were read


async def test_what_everyone_is_told_stands_first_until_it_was_read(door: Door, browser: Browser) -> None:
    await join(browser, "ada")
    async with door.store.transaction() as tx:
        told = await announcements.announce(tx, None, Notice(text="The fountain is off."), "localhost")
        await announcements.publish_due(tx, told.id)
    page = (await browser.get("/notifications")).text
    assert "The fountain is off." in page
    assert f'action="/announcements/{told.id}/dismiss"' in page
    assert "The fountain is off." not in (await browser.post(f"/announcements/{told.id}/dismiss")).text


async def test_an_announcement_is_answered_with_up_to_eight_different_emoji(door: Door, browser: Browser) -> None:
    await join(browser, "ada")
    async with door.store.transaction() as tx:
        told = await announcements.announce(tx, None, Notice(text="The fountain sings."), "localhost")
    at = f"/announcements/{told.id}"
    for emoji in "👍🎉😂😮😢🙏👀🌊":
        assert 'aria-label="React"' in (await browser.get("/notifications")).text
        assert (await browser.post(f"{at}/react", data={"emoji": emoji})).url.path == "/notifications"
    page = (await browser.get("/notifications")).text
    assert page.count(f'formaction="{at}/unreact"') == 8
    assert 'aria-label="React"' not in page
    assert (await browser.post(f"{at}/react", data={"emoji": "🐦"})).status_code == 422
    assert (await browser.post(f"{at}/react", data={"emoji": "hello"})).status_code == 422
    page = (await browser.post(f"{at}/unreact", data={"emoji": "🌊"})).text
    assert 'aria-label="React"' in page
    assert (await browser.post(f"{at}/unreact", data={"emoji": "🌊"})).status_code == 404
