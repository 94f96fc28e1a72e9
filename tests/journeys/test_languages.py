"""French and English: what the browser asks for, and what the member settles on."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import expect
from tests.journeys.house import House
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

Visit = Callable[..., Awaitable[Visitor]]


async def test_a_member_keeps_the_language_they_chose(square: House, visit: Visit) -> None:
    here, elsewhere = await visit(square, locale="fr-CA"), await visit(square, locale="en-GB")
    await here.join("loup", "Loup Garnier")
    await expect(here.page.locator("h1")).to_have_text("Accueil")
    await here.page.fill("[data-composer] textarea", "Bonjour la place.")
    await here.page.click("[data-send]")
    await expect(here.page.locator(".toast")).to_contain_text("Voir")

    await elsewhere.sign_in("loup")
    await expect(elsewhere.page.locator("html")).to_have_attribute("lang", "fr")
    await elsewhere.go("/settings/appearance")
    await elsewhere.page.click("main >> text=English")
    await expect(elsewhere.page.locator("h1")).to_have_text("Appearance")
    await elsewhere.go("/")
    await expect(elsewhere.page.locator("h1")).to_have_text("Home")
