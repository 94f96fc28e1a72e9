"""Another site frames a public post, and nothing else."""

from urllib.parse import urlencode

from tests.rig import member
from tests.web.conftest import Browser, join

from parvis.posts.drafts import Draft
from parvis.posts.publish import publish
from parvis.web.door import Door


async def test_a_public_post_can_be_framed_by_anyone(browser: Browser, door: Door) -> None:
    ann = await member(door.store, "ann", name="Ann")
    async with door.store.transaction() as tx:
        shown = await publish(tx, ann, Draft("look at <this> #sea"))
        hidden = await publish(tx, ann, Draft("for friends", visibility="followers"))
    answer = await browser.get(f"/@ann/{shown}/embed")
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert "cross-origin-opener-policy" not in answer.headers
    assert "look at &lt;this&gt;" in answer.text
    assert "<script" not in answer.text
    assert "<form" not in answer.text
    for path in (f"/@ann/{hidden}/embed", f"/@bob/{shown}/embed", "/@ann/1/embed"):
        assert (await browser.get(path)).status_code == 404
    await join(browser, "ben")
    assert (await browser.get(f"/@ann/{hidden}/embed")).status_code == 404


async def test_a_thread_says_how_it_is_framed(browser: Browser, door: Door) -> None:
    ann = await member(door.store, "ann")
    async with door.store.transaction() as tx:
        shown = await publish(tx, ann, Draft("look"))
    page = (await browser.get(f"/@ann/{shown}")).text
    url = urlencode({"url": f"{door.settings.url}/@ann/{shown}"}, safe="/")
    assert f'type="application/json+oembed" href="{door.settings.url}/api/oembed?{url}"' in page
