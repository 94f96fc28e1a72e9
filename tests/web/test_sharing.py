"""What other sites and readers see: cards of public pages, RSS, and nothing of what is for fewer."""

from xml.etree import ElementTree as ET

from tests.rig import member
from tests.web.conftest import Browser, join

from parvis.people.details import Trait
from parvis.people.profiles import edit_profile
from parvis.posts.drafts import Draft
from parvis.posts.publish import publish
from parvis.web.door import Door


async def test_a_public_post_has_a_card_and_one_for_few_has_none(browser: Browser) -> None:
    await join(browser, "ada")
    public = await browser.post("/posts", data={"text": "For the <square>"})
    assert '<meta property="og:description" content="For the &lt;square&gt;">' in public.text
    assert 'rel="canonical"' in public.text
    assert "noindex" not in public.text
    quiet = await browser.post("/posts", data={"text": "softly", "visibility": "unlisted"})
    assert 'name="robots" content="noindex' in quiet.text
    few = await browser.post("/posts", data={"text": "for few", "visibility": "followers"})
    assert "og:description" not in few.text
    assert 'name="robots" content="noindex' in few.text


async def test_who_asks_is_left_out_by_search_engines(browser: Browser, door: Door) -> None:
    ann = await member(door.store, "ann")
    async with door.store.transaction() as tx:
        await edit_profile(tx, ann, traits={Trait.UNCRAWLED: True})
        post = await publish(tx, ann, Draft("leave me out"))
    for path in ("/@ann", f"/@ann/{post}"):
        assert 'name="robots" content="noindex' in (await browser.get(path)).text


async def test_feeds_hold_what_is_public_and_nothing_else(browser: Browser) -> None:
    await join(browser, "ada")
    await browser.post("/posts", data={"text": "first & #sea"})
    await browser.post("/posts", data={"text": "hidden #sea", "visibility": "followers"})
    for path in ("/@ada.rss", "/tags/sea.rss"):
        answer = await browser.get(path)
        assert answer.headers["content-type"].startswith("application/rss+xml")
        items = ET.fromstring(answer.text).findall("channel/item")  # noqa: S314 - our own
        assert len(items) == 1
        assert "first &amp;" in (items[0].findtext("description") or "")
        assert (await browser.get(items[0].findtext("link") or "")).status_code == 200
    assert (await browser.get("/@nobody.rss")).status_code == 404


async def test_a_feed_runs_nothing_in_its_reader_and_its_links_lead_here(browser: Browser, door: Door) -> None:
    ann = await member(door.store, "ann", bio="<script>bio()</script>")
    async with door.store.transaction() as tx:
        await publish(tx, ann, Draft("behind", warning="<img src=x onerror=steal()>"))
        await publish(tx, ann, Draft("@ann said #sea"))
    channel = ET.fromstring((await browser.get("/@ann.rss")).text).find("channel")  # noqa: S314 - our own
    assert channel is not None
    told = [channel.findtext("description"), *(item.findtext("description") for item in channel.iter("item"))]
    assert told[0] == "&lt;script&gt;bio()&lt;/script&gt;"
    assert told[2] == "<p>&lt;img src=x onerror=steal()&gt;</p>"
    assert 'href="http://localhost:8000/@ann"' in (told[1] or "")
    assert 'href="/' not in (told[1] or "")


async def test_who_is_not_let_in_yet_has_no_page(browser: Browser, door: Door) -> None:
    await member(door.store, "waiting", pending=True, bio="buy this")
    await member(door.store, "unproved", unconfirmed=True, bio="buy that")
    for path in ("/@waiting", "/@waiting.rss", "/@waiting/followers", "/@unproved", "/@unproved.rss"):
        assert (await browser.get(path)).status_code == 404, path
    for handle in ("waiting", "unproved"):
        assert (await browser.get(f"/complete?q=@{handle}")).json() == {"options": []}
