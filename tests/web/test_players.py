"""A post's films, loops and sounds play on its page."""

from tests.rig import member
from tests.web.conftest import Browser

from parvis.posts import emojis, media
from parvis.posts.drafts import Draft
from parvis.posts.publish import publish
from parvis.web.door import Door

SEEN = media.Stored("0" * 64 + ".mp4", "1" * 64 + ".jpg", 320, 240, 320, 240, "L")
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
