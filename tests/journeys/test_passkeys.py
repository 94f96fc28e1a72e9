"""A passkey, made and used with an authenticator that Chromium plays."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import expect
from tests.journeys.house import House
from tests.journeys.visitor import PASSWORD

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


@pytest.mark.browser
async def test_a_passkey_is_made_and_opens_the_account_without_a_password(
    square: House, visit: Callable[..., Any]
) -> None:
    ada = await visit(square)
    await ada.join("keeper", "Keeper")
    devtools = await ada.context.new_cdp_session(ada.page)
    await devtools.send("WebAuthn.enable")
    await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})

    await ada.go("/settings/security")
    await ada.page.fill("#passkey-name", "The phone")
    await ada.page.fill("#password-passkey", PASSWORD)
    await ada.page.click("[data-add-passkey] button")
    await ada.page.wait_for_url("**/settings/security?saved=1")
    await expect(ada.page.get_by_text("The phone")).to_be_visible()

    await ada.context.clear_cookies()
    await ada.go("/sign-in?next=/settings")
    await ada.page.click("[data-passkey]")
    await ada.page.wait_for_url(f"{square.url}/settings")

    await ada.go("/settings/security")
    await ada.page.get_by_role("button", name="Remove The phone").click()
    await expect(ada.page.get_by_text("The phone")).to_have_count(0)
    await ada.context.clear_cookies()
    await ada.go("/sign-in")
    ada.expected = 403
    await ada.page.click("[data-passkey]")
    await expect(ada.page.get_by_text("This passkey is not known here.")).to_be_visible()
