"""What a member does by plain forms: every flow here runs without a line of JavaScript."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from PIL import Image
from sqlalchemy import bindparam, select
from tests.web.conftest import Browser, browser_of, join

from parvis.people.accounts import find_by_handle
from parvis.posts import leftovers
from parvis.store.statement import Statement
from parvis.store.tables import jobs
from parvis.web.door import Door

FORGETTING = Statement(select(jobs.c.payload).where(jobs.c.kind == bindparam("kind")))

Another = Callable[[], Browser]


def posts_of(html: str) -> list[str]:
    return re.findall(r'data-post="(\d+)"', html)


async def test_a_newcomer_signs_up_follows_posts_likes_and_replies(another: Another) -> None:
    async with another() as ada, another() as ben:
        await join(ada, "ada")
        await join(ben, "ben")
        posted = await ada.post("/posts", data={"text": "The square is open #sea", "visibility": "public", "key": "k1"})
        assert posted.status_code == 200
        [post] = set(posts_of(posted.text))

        profile = await ben.get("/@ada")
        followed = await ben.post(re.findall(r'formaction="(/accounts/\d+/follow)"', profile.text)[0])
        assert "You follow" in followed.text
        home = await ben.get("/")
        assert post in posts_of(home.text)

        liked = await ben.post(f"/posts/{post}/like", headers={"referer": "http://localhost:8000/"})
        assert f'/posts/{post}/unlike" aria-pressed="true"' in liked.text
        assert liked.url.path == "/"

        composer = await ben.get(f"/compose?reply_to={post}")
        assert "@ada " in composer.text
        thread = await ben.post("/posts", data={"text": "@ada at last", "reply_to": post})
        assert "at last" in thread.text
        assert thread.url.path.startswith("/@ben/")
        assert "at last" in (await ada.get(f"/@ada/{post}")).text
        assert post in posts_of((await ben.get("/tags/sea")).text)


async def test_a_picture_is_posted_with_its_description(browser: Browser, a_picture: bytes) -> None:
    await join(browser, "ada")
    files = [("pictures", ("sea.png", a_picture, "image/png"))]
    said = {"text": "look", "alt_1": "A grey sea", "focus_1": "0.5,-1"}
    posted = await browser.post("/posts", data=said, files=files)
    assert 'alt="A grey sea"' in posted.text
    assert 'data-fx="8" data-fy="10"' in posted.text
    assert re.search(r'href="/media/[0-9a-f]{64}\.', posted.text)


async def test_a_refused_post_comes_back_with_its_words(browser: Browser) -> None:
    await join(browser, "ada")
    long = "word " * 300
    answer = await browser.post("/posts", data={"text": long})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert long.strip() in answer.text


async def test_a_form_sent_twice_posts_once(browser: Browser) -> None:
    await join(browser, "ada")
    for _ in range(2):
        await browser.post("/posts", data={"text": "only once", "key": "same"})
    assert (await browser.get("/@ada")).text.count("only once</p>") == 1


async def test_a_drawing_is_asked_for_and_cancelled_on_plain_pages(browser: Browser) -> None:
    await join(browser, "ada")
    assert "units left today" in (await browser.get("/drawings")).text
    asked = await browser.post("/drawings", data={"prompt": "a fox by the sea", "style": "ink"})
    assert re.fullmatch(r"/drawings/\d+", asked.url.path)
    assert 'http-equiv="refresh"' in asked.text
    cancelled = await browser.post(f"{asked.url.path}/cancel")
    assert "Cancelled." in cancelled.text


async def test_signing_out_ends_the_session(browser: Browser) -> None:
    await join(browser, "ada")
    await browser.post("/sign-out")
    assert "The square is open." in (await browser.get("/")).text
    back = await browser.post("/sign-in", data={"login": "ada", "password": "a long password", "next": "/settings"})
    assert back.url.path == "/settings"


@pytest.mark.parametrize(("login", "password"), [("ada", "not this one"), ("nobody", "a long password")])
async def test_a_failed_sign_in_does_not_say_which_half_was_wrong(browser: Browser, login: str, password: str) -> None:
    await join(browser, "ada")
    await browser.post("/sign-out")
    answer = await browser.post("/sign-in", data={"login": login, "password": password})
    assert answer.status_code == 401
    assert "The handle or the password is not right." in answer.text


async def test_the_profile_and_the_language_are_changed_in_the_settings(browser: Browser) -> None:
    await join(browser, "ada")
    saved = await browser.post("/look", data={"language": "fr"})
    assert "Enregistré." in saved.text
    spoken = await browser.post("/look", data={"language": "en", "next": "/about"})
    assert (spoken.url.path, '<html lang="en"' in spoken.text) == ("/about", True)
    browser.cookies.delete("parvis_language")
    assert '<html lang="en"' in (await browser.get("/@ada", headers={"accept-language": "fr"})).text
    await browser.post("/look", data={"language": "fr"})
    saved = await browser.post("/settings/profile", data={"name": "Ada Moreau", "bio": "Bridges."})
    assert "Enregistré." in saved.text
    profile = await browser.get("/@ada")
    assert "Ada Moreau" in profile.text
    assert '<html lang="fr"' in profile.text


async def test_a_name_that_is_not_to_be_had_comes_back_and_is_blamed(browser: Browser) -> None:
    taken = await browser.post("/sign-up", data={"handle": "admin", "password": "a long password"})
    assert taken.status_code == 422
    assert 'value="admin"' in taken.text
    assert re.search('id="handle"[^>]*aria-invalid="true"', taken.text)


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ({"registration": "closed"}, "The door is shut for now"),
        ({"registration": "approval"}, "You stand at the door"),
        ({"confirm_email": True}, "Look into your mailbox"),
    ],
)
async def test_who_does_not_come_in_at_once_is_told_why(door: Door, kept: dict[str, Any], told: str) -> None:
    settings = msgspec.structs.replace(door.settings, **kept)
    async with browser_of(msgspec.structs.replace(door, settings=settings)) as browser:
        form = {"handle": "ada", "email": "ada@example.com", "password": "a long password", "reason": "Bread"}
        answer = await browser.post("/sign-up", data=form)
        assert told in answer.text
        again = await browser.post("/sign-in", data={"login": "ada", "password": "a long password"})
        assert (told in again.text) == (kept != {"registration": "closed"})
        assert (await browser.get("/settings")).url.path == "/sign-in"


async def test_a_member_carries_all_out_and_brings_people_along(browser: Browser) -> None:
    await join(browser, "ada")
    await browser.post("/posts", data={"text": "The tide is low"})
    sent = await browser.get("/settings/data/archive.zip")
    assert "attachment" in sent.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(sent.content)) as archive:
        assert "The tide is low" in archive.read("posts.json").decode()
    brought = {"list": ("following_accounts.csv", b"Account address\nada\nben@elsewhere.example\n", "text/csv")}
    answer = await browser.post("/settings/data/import", data={"verb": "follow"}, files=brought)
    assert "2 accounts are on their way." in answer.text
    refused = await browser.post("/settings/data/import", data={"verb": "follow"}, files={"list": ("x.csv", b"\0")})
    assert refused.status_code == 422


async def test_an_archive_is_its_owners(browser: Browser) -> None:
    assert (await browser.get("/settings/data/archive.zip")).url.path == "/sign-in"


async def test_a_face_that_is_replaced_is_soon_gone(browser: Browser, door: Door, a_picture: bytes) -> None:
    await join(browser, "ada")
    form = {"name": "Ada", "bio": ""}
    await browser.post("/settings/profile", data=form, files={"avatar": ("a.png", a_picture)})
    async with door.store.reading() as tx:
        ada = await find_by_handle(tx, "ada")
    assert ada is not None
    assert ada.avatar
    brighter = io.BytesIO()
    Image.new("RGB", (64, 48), "#fe9").save(brighter, "PNG")
    await browser.post("/settings/profile", data=form, files={"avatar": ("b.png", brighter.getvalue())})
    forgotten: list[str] = []
    async with door.store.reading() as tx:
        for (payload,) in await tx.all(FORGETTING, kind=leftovers.FORGET):
            forgotten += msgspec.json.decode(payload)["names"]
    assert forgotten == [ada.avatar]
    assert "Take the picture off" in (await browser.get("/settings/profile")).text
    bare = await browser.post("/settings/profile", data=form | {"avatar_off": "on"})
    assert "Take the picture off" not in bare.text
