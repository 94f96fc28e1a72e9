"""A phone and a desk, by day and by night: every page fits, is within a thumb's reach, and passes axe."""

import os
import pathlib
import shutil
import subprocess
import tarfile
from collections.abc import Awaitable, Callable

import pytest
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.house import House
from tests.journeys.poses import (
    Pose,
    account_menu,
    asking,
    bad_handle,
    composing,
    keyboard,
    menu,
    profile_menu,
    too_long,
    writing,
    wrong_password,
)
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

Visit = Callable[..., Awaitable[Visitor]]

OUTSIDE = ("/", "/sign-up", "/sign-in", "/local", "/about", "/about/status", "/search?q=wan", "/nowhere", "/offline",
           "/styleguide")  # fmt: skip
INSIDE = (
    "/",
    "/notifications",
    "/settings",
    "/settings/profile",
    "/settings/appearance",
    "/bookmarks",
    "/messages",
    "/messages/new",
    "/requests",
    "/scheduled",
    "/settings/privacy",
    "/lists",
    "/collections",
    "/explore/people",
    "/settings/security",
    "/settings/data",
    "/settings/filters",
    "/settings/notifications",
    "/compose",
    "/drawings",
    "/search",
    "/@wanjiru",
    "/@wanjiru/followers",
    "/@wanjiru/places",
    "/@nightguide",
)
WINDOWS = {
    "phone": {"viewport": PHONE, "is_mobile": True, "has_touch": True, "device_scale_factor": 2},
    "desk": {"viewport": DESK},
}
AXE = "4.14.1"

TOO_WIDE = """() => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return [];
  return [...document.querySelectorAll('body *')]
    .filter((e) => e.getBoundingClientRect().right > edge + 1).slice(0, 5).map((e) => e.outerHTML.slice(0, 120));
}"""
TOO_SMALL = """() => {
  const LEAST = 40;
  // a switch is pressed on its words too
  const controls = 'button, summary, select, textarea, .button, .nav-link, .action, .tab, .icon-button, .fab, .chip, '
    + '.imagine-open, input:not([type=hidden], [type=radio], [type=file], [role=switch])';
  const found = [];
  for (const control of document.querySelectorAll(controls)) {
    if (!control.checkVisibility({ visibilityProperty: true }) || control.closest('.visually-hidden')) continue;
    const { width, height } = control.getBoundingClientRect();
    if (!width || (width >= LEAST - 0.5 && height >= LEAST - 0.5)) continue;
    found.push(`${Math.round(width)}x${Math.round(height)} ${control.outerHTML.slice(0, 110)}`);
  }
  return [...new Set(found)].slice(0, 12);
}"""
NAMELESS = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, img')]
  .filter((e) => e.checkVisibility())
  .filter((e) => e.matches('img') ? !e.hasAttribute('alt') : !(e.getAttribute('aria-label') || e.title
    || (e.innerText || e.textContent).trim() || e.labels?.length || e.closest('[aria-hidden=true]')
    || e.querySelector('img[alt]:not([alt=""])')))
  .map((e) => e.outerHTML.slice(0, 140))"""
TELL = """async (form) => (await (await fetch('/messages/new', {
  method: 'POST', body: new URLSearchParams(form), headers: { Accept: 'application/json' } })).json()).path"""
# target-size is of WCAG 2.2, which axe asks for only when told
VIOLATIONS = """async () => (await axe.run(document, {
  resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } })).violations
  .map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 140)).join(' | ')}`)"""


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core, fetched once with the registry's own client and kept: nothing else here checks contrast."""
    kept = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "parvis" / "tests"
    archive = kept / f"axe-core-{AXE}.tgz"
    npm = shutil.which("npm")
    if not archive.exists():
        if npm is None:
            pytest.skip("axe-core comes with npm, and there is none here.")
        kept.mkdir(parents=True, exist_ok=True)
        fetched = subprocess.run(  # noqa: S603 - the registry's own client
            [npm, "pack", f"axe-core@{AXE}", "--pack-destination", str(kept)], capture_output=True, check=False
        )
        if fetched.returncode:
            pytest.skip("axe-core could not be fetched.")
    with tarfile.open(archive) as packed:
        script = packed.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode()


async def settle_in(visitor: Visitor, handle: str) -> list[str]:
    """Open an account whose pages hold something, long words above all; the paths of those pages."""
    page = visitor.page
    await visitor.join(handle, "Maximiliane-Charlotte von und zu Hohenzollern-Sigm")
    words = f"{'Llanfairpwllgwyngyll' * 8} https://example.com/{'far' * 60} @wanjiru #{'tag' * 20}"
    await page.fill("[data-composer] textarea", words)
    async with page.expect_response("**/posts") as posted:
        await page.click("[data-composer] [data-send]")
    thread = (await (await posted.value).json())["path"]
    await visitor.go("/@wanjiru")
    busiest = await page.locator("[data-feed] .when").first.get_attribute("href")
    begun = await page.locator("a[href^='/messages/new']").get_attribute("href")
    chat = await visitor.measure(TELL, {"to": (begun or "").rpartition("=")[2], "text": words})
    return [*INSIDE, thread, busiest or "", f"/@{handle}", chat]


@pytest.mark.parametrize("window", WINDOWS)
async def test_every_page_fits_and_everything_on_it_has_a_name(square: House, visit: Visit, window: str) -> None:
    visitor = await visit(square, **WINDOWS[window])
    visitor.expected = 404
    wrong = [*await bodily(visitor, OUTSIDE, window)]
    wrong += await bodily(visitor, await settle_in(visitor, f"wide_{window}"), window)
    assert not wrong, "\n".join(wrong)


async def bodily(visitor: Visitor, paths: list[str] | tuple[str, ...], window: str, **more: str) -> list[str]:
    """What is too wide, too small for a thumb, or nameless on these pages, and what else is looked for by scripts."""
    looks = (
        {"too wide": TOO_WIDE, "nameless": NAMELESS} | ({"too small": TOO_SMALL} if window == "phone" else {}) | more
    )
    wrong = []
    for path in paths:
        await visitor.go(path)
        for what, script in looks.items():
            wrong += [f"{path}: {what}: {found}" for found in await visitor.measure(script)]
    return wrong


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_pages_pass_axe_and_follow_the_device(square: House, visit: Visit, axe: str, scheme: str) -> None:
    visitor = await visit(square, color_scheme=scheme, reduced_motion="reduce")
    await visitor.context.add_init_script(axe)
    wrong = await examined(visitor, ("/", "/sign-up", "/styleguide"))
    for refused, pose in ((401, wrong_password), (409, bad_handle)):
        visitor.expected = refused
        wrong += await seen_through(visitor, pose)
    paths = await settle_in(visitor, f"axe_{scheme}")
    wrong += await examined(visitor, paths)
    for pose in (too_long, composing, writing, menu, account_menu, profile_menu, asking, keyboard):
        wrong += await seen_through(visitor, pose)
    assert not wrong, "\n".join(wrong)
    shade = await visitor.measure("() => getComputedStyle(document.documentElement).backgroundColor")
    light = await visitor.measure(
        """(colour) => { const c = document.createElement('canvas').getContext('2d'); c.fillStyle = colour;
        c.fillRect(0, 0, 1, 1); return c.getImageData(0, 0, 1, 1).data[0] }""",
        shade,
    )
    assert (light > 127) == (scheme == "light")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_style_guide_passes_axe_in_high_contrast(square: House, visit: Visit, axe: str, scheme: str) -> None:
    visitor = await visit(square, color_scheme=scheme, reduced_motion="reduce")
    await visitor.context.add_init_script(axe)
    strong = {"name": "parvis_look", "value": "strong", "url": square.url}
    await visitor.context.add_cookies([strong])  # type: ignore[list-item] # a cookie as Playwright takes it
    assert not await examined(visitor, ("/styleguide", "/local"))
    forced = await visit(square, color_scheme=scheme, forced_colors="active")
    await forced.context.add_init_script(axe)
    assert not await examined(forced, ("/styleguide", "/local"))


async def seen_through(visitor: Visitor, pose: Pose) -> list[str]:
    """What axe finds wrong with a page on which something is open, or went wrong."""
    await pose(visitor)
    return [f"{pose.__name__}: {found}" for found in await visitor.measure(VIOLATIONS)]


async def examined(visitor: Visitor, paths: list[str] | tuple[str, ...]) -> list[str]:
    """What axe finds wrong with these pages."""
    wrong = []
    for path in paths:
        await visitor.go(path)
        wrong += [f"{path}: {found}" for found in await visitor.measure(VIOLATIONS)]
    return wrong
