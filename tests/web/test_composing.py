"""Writing: several posts at once, once only, in a language one says, completed while one types."""

import re
from collections.abc import Callable

from tests.web.conftest import Browser, join


async def test_a_thread_is_published_whole_and_once(browser: Browser) -> None:
    await join(browser, "ada")
    form = {"text": "one of three", "more": ["two of three", " ", "three of three"], "key": "k1"}
    for _ in range(2):
        await browser.post("/posts", data=form)
    said = (await browser.get("/@ada/replies")).text
    for words in ("one of three", "two of three", "three of three"):
        assert said.count(f"<p>{words}</p>") == 1
    [first] = re.findall(r'href="(/@ada/\d+)"><time', (await browser.get("/@ada")).text)[-1:]
    thread = (await browser.get(first)).text
    assert thread.index("one of three") < thread.index("two of three") < thread.index("three of three")


async def test_a_thread_that_breaks_a_rule_is_not_begun(browser: Browser) -> None:
    await join(browser, "ada")
    answer = await browser.post("/posts", data={"text": "a beginning", "more": ["x" * 600]})
    assert answer.status_code == 422
    assert "a beginning" not in (await browser.get("/@ada")).text


async def test_what_somebody_else_wrote_here_is_not_posted(browser: Browser, another: Callable[[], Browser]) -> None:
    await join(browser, "ada")
    async with another() as visitor:
        await join(visitor, "ben")
        [ben] = re.findall(r'name="writer" value="(\d+)"', (await visitor.get("/")).text)
    answer = await browser.post("/posts", data={"text": "from the tunnel", "writer": ben})
    assert answer.status_code == 403
    assert "from the tunnel" not in (await browser.get("/@ada")).text


async def test_a_post_is_in_the_language_one_says(browser: Browser) -> None:
    await join(browser, "ada")
    await browser.post("/posts", data={"text": "Bonjour", "spoken": "fr"})
    assert 'class="prose" lang="fr"' in (await browser.get("/@ada")).text


async def test_people_hashtags_and_emoji_are_completed(browser: Browser, another: Callable[[], Browser]) -> None:
    await join(browser, "adam")
    await browser.post("/posts", data={"text": "#lanterns"})
    await browser.post("/posts", data={"text": "#landlord is nobody's business", "visibility": "followers"})

    async def puts(asked: str) -> list[str]:
        return [option["put"] for option in (await browser.get("/complete", params={"q": asked})).json()["options"]]

    assert await puts("@ad") == ["@adam"]
    assert await puts("#lan") == ["#lanterns"]
    assert "🔥" in await puts(":fire")
    assert "🔥" in await puts(":feu")
    assert await puts("@") == []
    async with another() as visitor:
        assert (await visitor.get("/complete", params={"q": "ada"})).json()["options"][0]["path"] == "/@adam"


async def test_a_refused_form_comes_back_with_its_pictures_and_its_poll(browser: Browser, a_picture: bytes) -> None:
    await join(browser, "ada")
    files = {"pictures": ("a.png", a_picture, "image/png")}
    given = {"text": "x" * 501, "alt_1": "A quay", "focus_1": "0.00,0.80"}
    refused = await browser.post("/posts", data=given, files=files)
    assert refused.status_code == 422
    [kept] = re.findall(r'name="media" value="(\d+)"', refused.text)
    assert 'value="A quay"' in refused.text
    assert '<option value="0.00,0.80" selected>' in refused.text
    posted = await browser.post("/posts", data={"text": "look", "media": kept, f"media_alt_{kept}": "A quay"})
    assert 'data-alt="A quay"' in posted.text
    asked = {"text": "Which?", "option_1": "Moon", "poll_days": "3", "poll_multiple": "on", "spoken": "en"}
    refused = await browser.post("/posts", data=asked)
    assert refused.status_code == 422
    for said in ('value="Moon"', '<option value="3" selected>', 'name="poll_multiple" checked', '"en" selected'):
        assert said in refused.text
