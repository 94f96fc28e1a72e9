"""How a member's account is locked: the password, where they are signed in, the second factor, passkeys.

Whatever changes a lock asks for the password first, at a pace. Secrets are shown once, on the page that answers.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec
import segno
from markupsafe import Markup
from starlette.responses import Response

from parvis.core.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from parvis.core.seal import seal_for
from parvis.core.words import N_
from parvis.people import confirming, passkeys, second_factor
from parvis.people.grants import apps_of, revoke_app
from parvis.people.passwords import check_password, hash_password
from parvis.people.sessions import end_marked_session, end_sessions, mark_of, sessions_of
from parvis.people.signing import change_password, sign_in
from parvis.store.transaction import Tx
from parvis.web.devices import device_of
from parvis.web.tickets import read_ticket, ticket
from parvis.web.visit import Visit, whole_number

RATE: Final = "10/5 minutes"
PAGE: Final = "/settings/security"
FACTOR: Final = "second factor"  # what the seals are for
CHALLENGE: Final = "passkey to add"
Lock = Literal["email", "password", "factor", "passkeys", "places", "apps"]
"""A part of the page, and what it is called in its address."""
DONE: Final[dict[Lock, str]] = {
    "email": N_("A letter with a link is on its way. The address is yours once you follow it."),
    "password": N_("Your password is changed, and you are signed out everywhere else."),
    "factor": N_("The second factor is off."),
    "passkeys": N_("Your passkeys are changed."),
    "places": N_("Signed out there."),
    "apps": N_("It can do nothing for you any more."),
}
"""What is said at each, once it was changed."""


class Asked(msgspec.Struct, frozen=True):
    """What a browser was asked to sign, and for whom."""

    account: int
    challenge: bytes


async def read_security(visit: Visit, tx: Tx) -> Response:
    """Every lock, as it is now."""
    return await _page(visit, tx, done=visit.query("saved", 10))


async def _page(visit: Visit, tx: Tx, refusal: Refused | None = None, **told: Any) -> Response:
    """Every lock, and what is told at one of them: what was done there, what is wrong, what is shown only once."""
    viewer = visit.member()
    given: dict[str, Any] = {"at": "", "done": "", "codes": (), "secret": "", "picture": "", "given": ""}
    return visit.asking(
        "security.html",
        refusal,
        doings=DONE,
        sessions=[(place, device_of(place.agent)) for place in await sessions_of(tx, viewer)],
        email=await confirming.email_of(tx, viewer),
        here=mark_of(visit.token),
        guarded=await second_factor.has_second_factor(tx, viewer.id),
        keys=await passkeys.passkeys_of(tx, viewer),
        permissions=await apps_of(tx, viewer),
        **given | told,
    )


async def _again(visit: Visit, refusal: Refused, lock: Lock, **told: Any) -> Response:
    if visit.wants_json:
        raise refusal
    async with visit.door.store.reading() as tx:
        return await _page(visit, tx, refusal, at=lock, **told)


def _done(visit: Visit, lock: Lock) -> Response:
    return visit.go(_told(lock))


def _told(lock: Lock) -> str:
    """The page, at a lock that was just changed."""
    return f"{PAGE}?saved={lock}#{lock}"


async def prove(visit: Visit) -> None:
    """Return when the form holds the member's password.

    Raises:
        Forbidden: it does not.
        TooFast: too many tries.
    """
    viewer = visit.member()
    await visit.hold("security", RATE, together=True)
    try:
        await sign_in(visit.door.store, viewer.handle, visit.field("password", 1000))
    except Refused as refusal:
        raise Forbidden("This is not your password.") from refusal


async def change_email(visit: Visit) -> Response:
    """Write to another e-mail address; it becomes the account's once the link is followed."""
    try:
        await prove(visit)
        async with visit.acting() as (tx, viewer):
            await confirming.ask(tx, viewer, visit.door.settings, visit.field("email", 300))
    except (Forbidden, Invalid, Conflict, NotFound) as refusal:
        return await _again(visit, refusal, "email", given=visit.field("email", 300))
    return _done(visit, "email")


async def set_password(visit: Visit) -> Response:
    """Change the password; every other place is signed out."""
    try:
        await prove(visit)
        chosen = visit.field("new_password", 1000)
        check_password(chosen)
        hashed = await hash_password(chosen)
        async with visit.acting() as (tx, viewer):
            await change_password(tx, viewer, hashed, but=visit.token)
    except (Forbidden, Invalid) as refusal:
        return await _again(visit, refusal, "password")
    return _done(visit, "password")


async def end_places(visit: Visit) -> Response:
    """Sign out of one place, or of all but this one."""
    mark = visit.field("mark", 32)
    async with visit.acting() as (tx, viewer):
        if mark:
            await end_marked_session(tx, viewer, mark)
        else:
            await end_sessions(tx, viewer.id, but=visit.token)
    return _done(visit, "places")


async def send_app_away(visit: Visit) -> Response:
    """Have an app act for the member no longer."""
    async with visit.acting() as (tx, viewer):
        await revoke_app(tx, viewer, whole_number(visit.field("app", 20)) or 0)
    return _done(visit, "apps")


async def begin_factor(visit: Visit) -> Response:
    """Show the secret that an authenticator app is to have."""
    seal = seal_for(visit.door.settings, FACTOR)
    try:
        await prove(visit)
        async with visit.acting() as (tx, viewer):
            secret = await second_factor.begin(tx, viewer, seal)
    except Refused as refusal:
        return await _again(visit, refusal, "factor")
    async with visit.door.store.reading() as tx:
        return await _page(visit, tx, at="factor", **_shown(visit, secret))


def _shown(visit: Visit, secret: str) -> dict[str, Any]:
    """A secret, and the square code that holds it."""
    address = second_factor.address_of(secret, visit.member(), visit.door.settings.name)
    drawn = segno.make(address, error="m").svg_inline(scale=5, dark="#000", light="#fff", omitsize=True)
    return {"secret": secret, "picture": Markup(drawn)}  # noqa: S704 - squares that segno drew


async def confirm_factor(visit: Visit) -> Response:
    """Turn the second factor on, and show the recovery codes; after a wrong code, the secret once more."""
    await visit.hold("security", RATE, together=True)
    seal, code = seal_for(visit.door.settings, FACTOR), visit.field("code", 40)
    try:
        async with visit.acting() as (tx, viewer):
            codes = await second_factor.confirm(tx, viewer, code, seal)
    except Refused as refusal:
        async with visit.door.store.reading() as tx:
            secret = await second_factor.being_set_up(tx, visit.member(), seal)
        return await _again(visit, refusal, "factor", **(_shown(visit, secret) if secret else {}))
    return await _with_codes(visit, codes)


async def renew_codes(visit: Visit) -> Response:
    """Show new recovery codes in place of the old ones."""
    try:
        await prove(visit)
        async with visit.acting() as (tx, viewer):
            codes = await second_factor.renew_recovery_codes(tx, viewer)
    except Refused as refusal:
        return await _again(visit, refusal, "factor")
    return await _with_codes(visit, codes)


async def _with_codes(visit: Visit, codes: Sequence[str]) -> Response:
    async with visit.door.store.reading() as tx:
        return await _page(visit, tx, at="factor", codes=codes)


async def end_factor(visit: Visit) -> Response:
    """Turn the second factor off."""
    try:
        await prove(visit)
        async with visit.acting() as (tx, viewer):
            await second_factor.end(tx, viewer)
    except Refused as refusal:
        return await _again(visit, refusal, "factor")
    return _done(visit, "factor")


async def ask_for_passkey(visit: Visit) -> Response:
    """What the browser is to ask a device for, and a ticket to come back with."""
    await prove(visit)
    viewer, challenge = visit.member(), passkeys.new_challenge()
    async with visit.door.store.reading() as tx:
        options = await passkeys.registration_options(tx, viewer, challenge, visit.door.settings)
    held = ticket(visit.door.settings, CHALLENGE, Asked(viewer.id, challenge))
    return visit.json({"options": msgspec.Raw(options.encode()), "ticket": held})


async def add_passkey(visit: Visit) -> Response:
    """Keep the passkey that the device made."""
    settings = visit.door.settings
    asked = read_ticket(settings, CHALLENGE, visit.field("ticket", 2000), Asked)
    if asked.account != visit.member().id:
        raise Invalid("The passkey could not be made. Try again.")
    async with visit.acting() as (tx, viewer):
        answered, name = visit.field("credential"), visit.field("name", 200)
        await passkeys.add_passkey(tx, viewer, answered, asked.challenge, settings, name=name)
    return visit.done({"go": _told("passkeys")}, _told("passkeys"))


async def forget_passkey(visit: Visit) -> Response:
    """Let a passkey open nothing any more."""
    async with visit.acting() as (tx, viewer):
        await passkeys.forget_passkey(tx, viewer, visit.number("passkey"))
    return _done(visit, "passkeys")
