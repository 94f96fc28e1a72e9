"""A post's films, loops and sounds play on its page, and what moves by itself does so for those who want it."""

import io
from typing import Any

import msgspec
from PIL import Image
from sqlalchemy import bindparam, select
from tests.rig import member
from tests.web.conftest import Browser, join

from parvis.people.accounts import Account, find_by_handle
from parvis.posts import emojis, leftovers, media
from parvis.posts.drafts import Draft
from parvis.posts.publish import publish
from parvis.store.statement import Statement
from parvis.store.tables import jobs
from parvis.web.door import Door

SEEN = media.Stored("0" * 64 + ".mp4", "1" * 64 + ".jpg", 320, 240, 320, 240, "L")
FORGETTING = Statement(select(jobs.c.payload).where(jobs.c.kind == bindparam("kind")))
HEARD = media.Stored("2" * 64 + ".mp3", "", 0, 0, 0, 0, "")


async def test_what_moves_or_sounds_has_a_player(browser: Browser, door: Door) -> None:
    ann = await member(door.store, "ann")
    pages = {}
    for kind, stored in (("film", SEEN), ("loop", SEEN), ("sound", HEARD)):
        async with door.store.transaction() as tx:
            added = await media.add_media(tx, ann, stored, alt="the sea", kind=kind)
            post = await publish(tx, ann, Draft("listen", media=(added.id,)))
        answer = await browser.get(f"/@ann/{post}")
        assert "media-src 'self'" in answer.headers["content-security-policy"]
        pages[kind] = answer.text
    assert f'<video src="/media/{SEEN.blob}" poster="/media/{SEEN.preview}"' in pages["film"]
    assert 'aria-label="the sea"' in pages["film"]
    assert "loop muted playsinline controls" in pages["loop"]
    assert f'<audio src="/media/{HEARD.blob}" controls' in pages["sound"]


async def test_custom_emoji_are_pictures_in_the_words_alone(browser: Browser, door: Door) -> None:
    ann = await member(door.store, "ann")
    async with door.store.transaction() as tx:
        await emojis.add(tx, "sun", "3" * 64 + ".webp", "4" * 64 + ".png")
        post = await publish(tx, ann, Draft("the :sun: <b> :moon: https://x.example/?q=:sun:&a"))
    page = (await browser.get(f"/@ann/{post}")).text
    assert f'<img class="custom-emoji" src="/media/{"3" * 64}.webp" alt=":sun:"' in page
    assert "&lt;b&gt; :moon:" in page
    assert 'href="https://x.example/?q=:sun:&amp;a"' in page


def a_moving_picture(frames: int = 3, side: int = 400) -> bytes:
    """A GIF that goes from dark to light."""
    data = io.BytesIO()
    first, *others = (Image.new("L", (side, side), 80 * place) for place in range(frames))
    first.save(data, "GIF", save_all=True, append_images=others, duration=100)
    return data.getvalue()


async def test_a_face_that_moves_does_so_where_one_wants_it(browser: Browser, door: Door) -> None:
    await join(browser, "ada")
    form = {"name": "Ada", "bio": ""}

    async def wear(**given: Any) -> Account:
        assert (await browser.post("/settings/profile", **given)).status_code == 200
        async with door.store.reading() as tx:
            ada = await find_by_handle(tx, "ada")
        assert ada is not None
        return ada

    ada = await wear(data=form, files={"avatar": ("a.gif", a_moving_picture())})
    with Image.open(io.BytesIO(await door.blobs.get(ada.moving_avatar))) as moving:
        assert (moving.n_frames, moving.size) == (3, (256, 256))  # type: ignore[attr-defined] # a WebP has it
    with Image.open(io.BytesIO(await door.blobs.get(ada.avatar))) as still:
        assert getattr(still, "n_frames", 1) == 1
    source = f'<source srcset="/media/{ada.moving_avatar}" media="(prefers-reduced-motion: no-preference)">'
    for motion, seen in (("", source), ("lively", f'src="/media/{ada.moving_avatar}"'), ("still", "")):
        browser.cookies.set("parvis_look", motion)
        page = (await browser.get("/@ada")).text
        assert (seen or ada.avatar) in page
        assert (ada.moving_avatar in page) is bool(seen)
    later = await wear(data=form)
    assert later.moving_avatar == ada.moving_avatar
    bare = await wear(data=form | {"avatar_off": "on"})
    assert (bare.avatar, bare.moving_avatar) == ("", "")
    async with door.store.reading() as tx:
        jobs_set = await tx.all(FORGETTING, kind=leftovers.FORGET)
    forgotten = [msgspec.json.decode(payload)["names"] for (payload,) in jobs_set]
    assert forgotten == [sorted([ada.avatar, ada.moving_avatar])]


async def test_what_moves_plays_by_itself_for_those_who_want_it(browser: Browser, door: Door) -> None:
    ann = await member(door.store, "ann")
    async with door.store.transaction() as tx:
        await emojis.add(tx, "sun", "3" * 64 + ".webp", "4" * 64 + ".png")
        loop = await media.add_media(tx, ann, SEEN, kind="loop")
        post = await publish(tx, ann, Draft("the :sun:", media=(loop.id,)))
    moving, still = f'src="/media/{"3" * 64}.webp"', f'src="/media/{"4" * 64}.png"'

    async def seen(motion: str) -> tuple[bool, bool, bool, bool]:
        browser.cookies.set("parvis_look", motion)
        page = (await browser.get(f"/@ann/{post}")).text
        return moving in page, still in page, "prefers-reduced-motion" in page, "autoplay" in page

    assert await seen("") == (True, False, True, False)
    assert await seen("lively") == (True, False, False, True)
    assert await seen("still") == (False, True, False, False)
