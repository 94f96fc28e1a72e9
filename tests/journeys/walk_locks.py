"""Walks through the doors and their locks: coming in and going out, the second factor, passkeys, places and apps."""

import re

import pyotp
from playwright.async_api import Locator, expect
from tests.journeys.hand import Hand
from tests.journeys.walk_settings import open_settings
from tests.journeys.walks import walk
from tests.rig import PASSWORD

from parvis.core.config import Settings
from parvis.people import apps, grants
from parvis.people.recovering import link_for
from parvis.people.sessions import start_session
from parvis.people.signing import credentials_of_account

UNKNOWN, REFUSED, GONE, TAKEN = 401, 403, 404, 409  # what the pages answer to what the walks try in vain
WRONG = "not this one"
LONGER = "a longer password"
CODES = 10
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


@walk("GET /sign-up", "POST /sign-up", "POST /sign-out", "GET /sign-in", "POST /sign-in")
async def come_in_for_the_first_time(hand: Hand) -> None:
    """Join under a name that is taken, then under one that is not; follow somebody, go out, and come back."""
    _ = hand.say
    async with hand.house.behind() as tx:
        taken = await hand.neighbour(tx, "early")
    await hand.go("/")
    await hand.arrives(_("The square is open."))
    await hand.follow(_("Come in"))
    await hand.arrives(_("Take your place"))
    hand.visitor.expected = TAKEN
    await hand.write(_("Name"), "Nora Newcomer")
    await hand.write(_("Handle"), taken.handle)
    await hand.write(_("Password"), PASSWORD)
    await hand.press(_("Open my account"))
    await hand.sees(_("The handle @{handle} is taken.").format(handle=taken.handle))
    await expect(hand.page.get_by_label(_("Name"))).to_have_value("Nora Newcomer")
    await hand.write(_("Handle"), hand.handle("nora"))
    await hand.write(_("Password"), PASSWORD)
    await hand.press(_("Open my account"))
    await hand.arrives(_("Home"))
    await hand.sees(_("Your square is quiet"))
    async with hand.sending("/accounts/*/follow"):
        await hand.press(re.compile(f"^{_('Follow')} "), on=part(hand, "Worth following"))
    await hand.follow(_("See what they say"))
    await expect(hand.page.locator("[data-feed] .post").first).to_be_visible()
    await hand.misses(_("Worth following"), on=hand.page.locator("main"))
    await go_out(hand)
    await hand.follow(_("Sign in"))
    await hand.arrives(_("Welcome back"))
    hand.visitor.expected = UNKNOWN
    await come_in(hand, hand.handle("nora"), WRONG)
    await hand.sees(_("The handle or the password is not right."))
    await expect(hand.page.get_by_label(_("Handle or e-mail"))).to_have_value(hand.handle("nora"))
    await come_in(hand, hand.handle("nora"), PASSWORD)
    await hand.arrives(_("Home"))


@walk(
    "GET /settings/security",
    "POST /settings/security/email",
    "POST /settings/security/password",
    "POST /settings/security/places",
    "POST /settings/security/apps",
)
async def see_who_has_a_key(hand: Hand) -> None:
    """Send an app away, sign out of one place, then of all others; change the password and the address."""
    _ = hand.say
    ada = await hand.enter("locksmith")
    async with hand.house.behind() as tx:
        for agent in ("A first browser", "A second browser", "A third browser"):
            await start_session(tx, ada, agent)
        registration = apps.Registration(name="Rook", redirect_uris=(apps.OUT_OF_BAND,), scopes="read")
        rook = (await apps.register_app(tx, registration)).app
        await grants.lend(tx, ada, rook.id, rook.scopes)
    await hand.go("/lists")
    await open_settings(hand, "Security")
    await hand.press(f"{_('Send away')} Rook")
    await hand.sees(_("None yet."), on=part(hand, "Apps that act for you"))
    await hand.press(f"{_('Sign out')} A second browser")
    await hand.misses("A second browser")
    await hand.press(_("Sign out everywhere else"))
    await hand.misses("A first browser")
    hand.visitor.expected = REFUSED
    await hand.unfold(_("Change the password"))
    await change_password(hand, WRONG)
    await hand.sees(_("This is not your password."))
    await change_password(hand, PASSWORD)
    await hand.sees(_("Your password is changed, and you are signed out everywhere else."))
    await hand.unfold(_("Change the address"))
    await hand.write(_("New e-mail address"), f"{ada.handle}@example.org")
    await hand.write(_("Your password"), LONGER, on=part(hand, "E-mail"))
    await hand.press(_("Send me a link"))
    await hand.sees(_("A letter with a link is on its way. The address is yours once you follow it."))


@walk(
    "GET /settings/security",
    "POST /settings/security/factor",
    "POST /settings/security/factor/confirm",
    "POST /settings/security/factor/codes",
    "POST /settings/security/factor/end",
    "POST /sign-out",
    "POST /sign-in/code",
)
async def guard_with_a_second_factor(hand: Hand) -> None:
    """Turn a second factor on, come in with codes of it, renew those for a lost phone, and turn it off."""
    _ = hand.say
    ada = await hand.enter("guarded")
    await hand.go("/settings/security")
    lock = part(hand, "Second factor")
    await hand.unfold(_("Set up"), on=lock)
    await hand.write(_("Your password"), PASSWORD, on=lock)
    await hand.press(_("Go on"), on=lock)
    await expect(hand.page.get_by_role("img", name=_("A square code that holds the secret below"))).to_be_visible()
    secret = await lock.locator("code").inner_text()
    hand.visitor.expected = REFUSED
    await hand.write(_("One-time code"), "000 000")
    await hand.press(_("Turn on"))
    await hand.sees(_("This code is not right. Codes change every half minute; try the next one."))
    await hand.write(_("One-time code"), pyotp.TOTP(secret).now())
    await hand.press(_("Turn on"))
    await hand.sees(_("Your recovery codes"))
    first = await lock.locator("code").all_inner_texts()
    await hand.follow(_("I have kept them"))
    await hand.unfold(_("Change it"), on=lock)
    await hand.write(_("Your password"), PASSWORD, on=lock)
    await hand.press(_("New recovery codes"))
    await hand.sees(_("Your recovery codes"))
    recovery = await lock.locator("code").all_inner_texts()
    assert len({*first, *recovery}) == 2 * CODES
    await go_out(hand)
    await hand.go("/sign-in?next=/settings/security")
    await come_in(hand, ada.handle, PASSWORD)
    await hand.arrives(_("One more step"))
    await hand.write(_("One-time code"), "000 000")
    await hand.press(_("Sign in"))
    await hand.sees(_("This code is not right. Codes change every half minute; try the next one."))
    await hand.write(_("One-time code"), recovery[0])
    await hand.press(_("Sign in"))
    await hand.arrives(_("Security"))
    await hand.unfold(_("Change it"), on=lock)
    await hand.write(_("Your password"), PASSWORD, on=lock)
    await hand.press(_("Turn off"))
    await hand.sees(_("The second factor is off."), on=lock)


@walk(
    "POST /settings/security/passkeys/ask",
    "POST /settings/security/passkeys",
    "POST /settings/security/passkeys/{passkey}/forget",
    "POST /sign-in/passkey/ask",
    "POST /sign-in/passkey",
)
async def open_with_a_passkey(hand: Hand) -> None:
    """Make a passkey, come in with it and no password, remove it, and find that it opens nothing any more."""
    _ = hand.say
    await hand.enter("fingers")
    devtools = await hand.visitor.context.new_cdp_session(hand.page)
    await devtools.send("WebAuthn.enable")
    await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    await hand.go("/settings/security")
    lock = part(hand, "Passkeys")
    hand.visitor.expected = REFUSED
    await hand.unfold(_("Add a passkey"), on=lock)
    await hand.write(_("Name of the device"), "The phone")
    await hand.write(_("Your password"), WRONG, on=lock)
    await hand.press(_("Go on"), on=lock)
    await hand.sees(_("This is not your password."))
    await hand.write(_("Your password"), PASSWORD, on=lock)
    await hand.press(_("Go on"), on=lock)
    await hand.sees("The phone", on=lock.get_by_role("listitem"))
    await hand.visitor.context.clear_cookies(name="parvis_session")
    await hand.go("/sign-in?next=/settings/security")
    await hand.press(_("Sign in with a passkey"))
    await hand.arrives(_("Security"))
    await hand.press(f"{_('Remove')} The phone")
    await hand.press(_("Remove"))
    await hand.misses("The phone")
    await hand.visitor.context.clear_cookies(name="parvis_session")
    await hand.go("/sign-in")
    await hand.press(_("Sign in with a passkey"))
    await hand.sees(_("This passkey is not known here."))


@walk("GET /sign-in", "POST /sign-up/letter")
async def stand_at_the_door(hand: Hand) -> None:
    """Sign in before the letter came, and have it sent again: to an address that is taken, then to one that is not."""
    _ = hand.say
    async with hand.house.behind() as tx:
        late = await hand.neighbour(tx, "late", unconfirmed=True)
        other = await hand.neighbour(tx, "punctual")
    await hand.go("/sign-in")
    hand.visitor.expected = REFUSED
    await come_in(hand, late.handle, PASSWORD)
    await hand.arrives(_("Look into your mailbox"))
    await hand.unfold(_("No letter came"))
    await expect(hand.page.get_by_label(_("E-mail"))).to_have_value(f"{late.handle}@example.com")
    hand.visitor.expected = TAKEN
    await hand.write(_("E-mail"), f"{other.handle}@example.com")
    await hand.press(_("Send it again"))
    await hand.sees(_("An account with this e-mail address exists already."))
    await hand.write(_("E-mail"), f"{late.handle}@example.net")
    await hand.press(_("Send it again"))
    await hand.sees(_("It was sent once more. The link in the letter before opens nothing now."))
    await hand.sees(re.compile(f"{late.handle}@example.net"))


@walk("GET /sign-in", "GET /sign-in/forgotten", "POST /sign-in/forgotten", "GET /sign-in/anew", "POST /sign-in/anew")
async def come_back_without_the_password(hand: Hand) -> None:
    """Ask for a letter, follow its link, choose another password, and come in with that; the link works once."""
    _ = hand.say
    async with hand.house.behind() as tx:
        lost = await hand.neighbour(tx, "lost", language=hand.language)
        found = await credentials_of_account(tx, lost.id)
    assert found is not None
    link = link_for(found, Settings(data=hand.house.data, url=hand.house.url), tx.now)
    await hand.go("/sign-in")
    await hand.follow(_("Password forgotten"))
    await hand.arrives(_("Password forgotten"))
    await hand.write(_("Handle or e-mail"), lost.handle)
    await hand.press(_("Send me a link"))
    await hand.arrives(_("Look into your mailbox"))
    await hand.page.goto(link)
    await hand.arrives(_("Another password"))
    await hand.write(_("New password"), LONGER)
    await hand.press(_("Change"))
    await hand.sees(_("Your password is changed. Sign in with it."))
    await come_in(hand, lost.handle, LONGER)
    await hand.arrives(_("Home"))
    hand.visitor.expected = GONE
    await hand.page.goto(link)
    await hand.sees(_("This link is no longer good. Ask for another letter."))


def part(hand: Hand, heading: str) -> Locator:
    """A part of the page, by what stands over it."""
    return hand.page.get_by_role("region", name=hand.say(heading))


async def change_password(hand: Hand, now: str) -> None:
    """Fill in the form for another password, and send it."""
    _ = hand.say
    lock = part(hand, "Password")
    await hand.write(_("Your password"), now, on=lock)
    await hand.write(_("New password"), LONGER, on=lock)
    await hand.press(_("Change"), on=lock)


async def go_out(hand: Hand) -> None:
    """Sign out, by the member's own menu."""
    _ = hand.say
    await hand.unfold(_("Your account"))
    await hand.press(_("Sign out"), on=hand.page.locator(".nav"))
    await hand.arrives(_("The square is open."))


async def come_in(hand: Hand, handle: str, password: str) -> None:
    """Fill in the form for coming in, and send it."""
    _ = hand.say
    await hand.write(_("Handle or e-mail"), handle)
    await hand.write(_("Password"), password)
    await hand.press(_("Sign in"))
