"""Pages as they are sent: to whom, in which words, with which headers, for how many queries."""

import contextlib
import io
import re
from collections.abc import AsyncIterator, Callable

import msgspec
import pytest
from PIL import Image
from tests.web.conftest import Browser, browser_of, join

from parvis.core.words import LANGUAGES
from parvis.people.pace import Pace
from parvis.store.transaction import Tx
from parvis.web.assets import assets
from parvis.web.door import Door
from parvis.web.gate import local_path
from parvis.web.scripts import MODULES

OPEN_TO_ALL = ("/", "/local", "/search", "/sign-in", "/sign-in/forgotten", "/sign-up", "/about", "/about/status",
               "/@ada", "/@ada/replies", "/about/privacy", "/about/terms",
               "/styleguide", "/settings/appearance", "/explore", "/explore/tags", "/explore/links", "/explore/people",
               "/offline", "/@ada/media", "/@ada/followers", "/@ada/following", "/tags/sea")  # fmt: skip
FOR_MEMBERS = ("/compose", "/drawings", "/notifications", "/notifications/mentions", "/notifications/aside",
               "/settings", "/settings/profile", "/settings/security", "/settings/data", "/settings/filters",
               "/settings/notifications",
               "/settings/blocks", "/settings/blocks/muted", "/settings/blocks/domains")  # fmt: skip


@pytest.fixture
async def ada(browser: Browser) -> Browser:
    """A member who has said something."""
    await join(browser, "ada")
    await browser.post("/posts", data={"text": "The tide is low #sea"})
    return browser


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_is_rendered_for_members_and_visitors(
    ada: Browser, another: Callable[[], Browser], language: str
) -> None:
    async with another() as visitor:
        for browser in (ada, visitor):
            await browser.get(f"/language/{language}?next=/about")
            for path in OPEN_TO_ALL:
                answer = await browser.get(path)
                assert answer.status_code == 200, path
                assert f'<html lang="{language}"' in answer.text, path
        for path in FOR_MEMBERS:
            assert (await ada.get(path)).url.path == path
            assert (await visitor.get(path)).url.path == "/sign-in"


async def test_no_page_carries_script_or_style_of_its_own(ada: Browser) -> None:
    for path in (*OPEN_TO_ALL, *FOR_MEMBERS):
        answer = await ada.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", answer.text), path
        scripts = re.findall(r"<script([^>]*)>", answer.text)
        assert all(re.fullmatch(r'( type="module")? src="/static/[^"]+"', tag) for tag in scripts), path


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "", "origin": "https://elsewhere.example"},
    ],
)
async def test_a_post_from_another_site_is_refused(ada: Browser, headers: dict[str, str]) -> None:
    answer = await ada.post("/posts", data={"text": "not mine"}, headers=headers)
    assert answer.status_code == 403
    assert "not mine" not in (await ada.get("/@ada")).text


async def test_the_session_cookie_is_out_of_reach_of_scripts(browser: Browser) -> None:
    form = {"handle": "ada", "password": "a long password"}
    answer = await browser.post("/sign-up", data=form, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", "evil", "", "/" + "x" * 3000]
)
def test_nobody_is_sent_elsewhere(path: str) -> None:
    assert local_path(path) == "/"


async def test_what_is_not_there_has_a_page_with_character(browser: Browser) -> None:
    for path in ("/nowhere", "/@nobody", "/@nobody/12", "/posts/99999999999999999999", "/drawings/x"):
        answer = await browser.get(path)
        if answer.url.path != "/sign-in":
            assert answer.status_code == 404, path
            assert "There is no such place" in answer.text


@pytest.mark.parametrize(
    ("path", "form", "allowed"), [("/sign-in", {"login": "x", "password": "y"}, 10), ("/look", {"theme": "dark"}, 60)]
)
async def test_too_many_attempts_are_held(door: Door, path: str, form: dict[str, str], allowed: int) -> None:
    moment = 1_000_000_000.0
    paced = msgspec.structs.replace(door, pace=Pace(now=lambda: moment))
    async with browser_of(paced) as browser:
        browser.headers["accept"] = "application/json"
        answers = [await browser.post(path, data=form) for _ in range(allowed + 1)]
    assert [answer.status_code == 429 for answer in answers] == [False] * allowed + [True]
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_static_files_are_kept_for_ever_under_their_digest(browser: Browser) -> None:
    answer = await browser.get(assets().url("css/parvis.css"))
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert (await browser.get("/static/x/css/nothing.css")).status_code == 404


async def test_the_first_load_of_home_without_pictures_is_light(ada: Browser) -> None:
    for number in range(20):
        await ada.post("/posts", data={"text": f"{number}: " + "words that are said on a square, of an evening " * 5})
    page = await ada.get("/", headers={"accept-encoding": "gzip"})
    linked = set(re.findall(r'(?:href|src)="/static/\w+/([^"#]+)', page.text)) - {"icons/180.png", "mark.svg"}
    assert {"css/parvis.css", "icons.svg", "js/app.js", "fonts/figtree.woff2"} <= linked
    sent = int(page.headers["content-length"]) + sum(assets().files[name].sent for name in linked)
    assert sent <= 58_000  # and some two thousand of headers; a browser weighs the whole in a journey


def test_modules_that_come_at_once_import_no_other_at_once() -> None:
    for name in MODULES:
        source = assets().files[f"js/{name}"].data.decode()
        assert set(re.findall(r'^import .* from "\./(.+)";', source, re.MULTILINE)) <= set(MODULES), name


async def _queries(door: Door, browser: Browser, path: str) -> int:
    counted: list[Tx] = []
    reading = door.store.reading

    @contextlib.asynccontextmanager
    async def watched() -> AsyncIterator[Tx]:
        async with reading() as tx:
            counted.append(tx)
            yield tx

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(door.store, "reading", watched)
        assert (await browser.get(path)).status_code == 200
    return sum(tx.queries for tx in counted)


async def test_queries_of_a_page_do_not_grow_with_what_it_shows(
    door: Door, ada: Browser, another: Callable[[], Browser]
) -> None:
    [post] = set(re.findall(r'data-post="(\d+)"', (await ada.get("/@ada")).text))
    paths = ("/", "/local", "/@ada", f"/@ada/{post}", "/notifications")
    async with another() as ben:
        await join(ben, "ben")
        await ben.post("/posts", data={"text": "@ada first", "reply_to": post})
        few = {path: await _queries(door, ada, path) for path in paths}
        for number in range(12):
            await ben.post("/posts", data={"text": f"@ada again {number}", "reply_to": post})
            await ada.post("/posts", data={"text": f"and more {number}"})
    many = {path: await _queries(door, ada, path) for path in paths}
    assert many == few
    assert max(many.values()) <= 13
    assert await _queries(door, ada, "/") <= 6  # a home in which nothing stirred stands


@pytest.mark.parametrize(("path", "size"), [("/faces/7.png", (400, 400)), ("/faces/7/wide.png", (1200, 400))])
async def test_a_face_from_birth_is_a_picture_that_any_app_can_show(
    browser: Browser, path: str, size: tuple[int, int]
) -> None:
    answer = await browser.get(path)
    assert answer.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).size == size


async def test_who_comes_back_to_what_a_form_was_sent_to_is_led_to_the_page_above_it(ada: Browser) -> None:
    for sent, above in (
        ("/settings/data/claim", "/settings/data"),
        ("/settings/security/passkeys/3/forget", "/settings/security"),
        ("/sign-out", "/"),
    ):
        answer = await ada.get(sent, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, above)
    assert (await ada.get("/settings/data/nothing")).status_code == 404
