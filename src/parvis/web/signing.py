"""Coming in and going out: all of it paced, none of it telling which half was wrong.

A password alone opens an account that has no second factor; one that has is asked for a code on the next page, which
carries a sealed ticket of who has proved the password.
"""

import msgspec
from starlette.responses import Response

from parvis.core import clock
from parvis.core.errors import Conflict, Forbidden, Invalid, Refused, Unauthenticated, Unavailable
from parvis.core.ids import AccountId
from parvis.core.seal import seal_for
from parvis.core.words import N_
from parvis.people import passkeys, second_factor, standing
from parvis.people.accounts import Account, Application
from parvis.people.joining import join, require_open
from parvis.people.keys import hash_of
from parvis.people.passwords import check_password, hash_password
from parvis.people.sessions import end_session, start_session
from parvis.people.signing import credentials_of_account, sign_in
from parvis.store.transaction import Tx
from parvis.web.gate import local_path
from parvis.web.security import FACTOR
from parvis.web.tickets import read_ticket, ticket
from parvis.web.visit import COOKIE, PUT_OUT, Visit
from parvis.web.waiting import at_the_door

SIGN_IN_RATE = "10/minute"
CODE_RATES = ("10/minute", "30/hour")  # six digits are guessed in days at the first pace, in centuries at the second
SIGN_UP_RATE = "10/hour"
HALFWAY = "password proved"  # what the seals are for
PASSKEY = "passkey to sign in"
TOLD = {
    "left": N_("Your account is gone. Farewell."),
    "anew": N_("Your password is changed. Sign in with it."),
}
"""What is said to whoever comes to the form from elsewhere, by a word in its address."""
NOTHING = {"handle": "", "name": "", "email": "", "reason": ""}


class Halfway(msgspec.Struct, frozen=True):
    """Who has proved the password, where they were going, and which password it was."""

    account: int
    asked: str
    proved: bytes


class Challenged(msgspec.Struct, frozen=True):
    """What a browser was asked to sign, and when (ms)."""

    challenge: bytes
    at: int


async def read_sign_in(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """The form for coming in."""
    asked = local_path(visit.query("next"))
    if visit.put_out:
        return visit.go(PUT_OUT)
    if visit.viewer is not None:
        return visit.go(asked)
    told = next((visit.words(words) for name, words in TOLD.items() if visit.query(name, 1) == "1"), "")
    return visit.asking("sign_in.html", next=asked, login="", must=asked != "/", told=told)


async def come_in(visit: Visit) -> Response:
    """Sign in, and go where one was going."""
    asked = local_path(visit.field("next", 2000))
    login = visit.field("login", 300)
    await visit.door.pace.hold("sign-in", visit.address, SIGN_IN_RATE, together=True)
    name = login.strip().lower().removeprefix("@")
    await visit.door.pace.hold("sign-in-as", name, SIGN_IN_RATE, together=True)
    try:
        account = await sign_in(visit.door.store, login, visit.field("password", 1000))
        if standing.waits(account):
            return await _not_yet(visit, account)
        async with visit.door.store.transaction() as tx:
            if await second_factor.has_second_factor(tx, account.id):
                return _ask_for_code(visit, await _halfway(tx, account, asked))
            token = await _start(visit, tx, account)
    except (Unauthenticated, Forbidden, Unavailable) as refusal:
        return visit.asking("sign_in.html", refusal, next=asked, login=login, must=False, told="")
    return visit.sign_in(visit.go(_way_in(account, asked)), token)


def _way_in(account: Account, asked: str) -> str:
    """Where they were going; who was put out reads why, and goes nowhere else."""
    return PUT_OUT if standing.is_put_out(account) else asked


async def _not_yet(visit: Visit, account: Account) -> Response:
    async with visit.door.store.reading() as tx:
        response = await at_the_door(visit, tx, account)
    response.status_code = Forbidden.status
    return response


async def _halfway(tx: Tx, account: Account, asked: str) -> Halfway:
    found = await credentials_of_account(tx, account.id)
    if found is None:  # it left at this moment
        raise Unauthenticated("The handle or the password is not right.")
    return Halfway(account.id, asked, hash_of(found.password_hash))


def _ask_for_code(visit: Visit, halfway: Halfway, refusal: Refused | None = None) -> Response:
    return visit.asking("sign_in_code.html", refusal, ticket=ticket(visit.door.settings, HALFWAY, halfway))


async def come_in_with_code(visit: Visit) -> Response:
    """Sign in who has proved the password, now that they prove the second factor."""
    settings = visit.door.settings
    halfway = read_ticket(settings, HALFWAY, visit.field("ticket", 4000), Halfway)
    for rate in CODE_RATES:
        await visit.door.pace.hold("sign-in-code", str(halfway.account), rate, together=True)
    seal = seal_for(settings, FACTOR)
    try:
        async with visit.door.store.transaction() as tx:
            found = await credentials_of_account(tx, AccountId(halfway.account))
            if found is None or halfway.proved != hash_of(found.password_hash):  # who left, or locked others out
                raise Invalid("This took too long. Begin again.")
            account = found.account
            standing.require_sign_in(account)
            await second_factor.require_code(tx, account.id, visit.field("code", 40), seal)
            token = await _start(visit, tx, account)
    except Forbidden as refusal:
        return _ask_for_code(visit, halfway, refusal)
    return visit.sign_in(visit.go(_way_in(account, halfway.asked)), token)


async def ask_for_passkey(visit: Visit) -> Response:
    """What the browser is to ask its devices, and a ticket to come back with."""
    await visit.door.pace.hold("sign-in", visit.address, SIGN_IN_RATE, together=True)
    challenge = passkeys.new_challenge()
    held = ticket(visit.door.settings, PASSKEY, Challenged(challenge, clock.now()))
    options = msgspec.Raw(passkeys.sign_in_options(challenge, visit.door.settings).encode())
    return visit.json({"options": options, "ticket": held})


async def come_in_with_passkey(visit: Visit) -> Response:
    """Sign in whoever's passkey answered."""
    settings, asked = visit.door.settings, local_path(visit.field("next", 2000))
    await visit.door.pace.hold("sign-in", visit.address, SIGN_IN_RATE, together=True)
    challenged = read_ticket(settings, PASSKEY, visit.field("ticket", 2000), Challenged)
    async with visit.door.store.transaction() as tx:
        account = await passkeys.account_of_passkey(
            tx, visit.field("credential"), challenged.challenge, settings, asked_at=challenged.at
        )
        standing.require_sign_in(account)
        token = await _start(visit, tx, account)
    return visit.sign_in(visit.json({"go": _way_in(account, asked)}), token)


async def _start(visit: Visit, tx: Tx, account: Account) -> str:
    return await start_session(tx, account, visit.request.headers.get("user-agent", ""), visit.address)


async def read_sign_up(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """The form for opening an account."""
    if visit.viewer is not None:
        return visit.go("/")
    return visit.asking("sign_up.html", next=local_path(visit.query("next")), given=NOTHING, field="")


async def open_door(visit: Visit) -> Response:
    """Open an account and sign in to it."""
    asked = local_path(visit.field("next", 2000))
    given = {name: visit.field(name, 300).strip() for name in NOTHING}
    try:
        require_open(visit.door.settings)
        password = visit.field("password", 1000)
        check_password(password)
        await visit.door.pace.hold("sign-up", visit.address, SIGN_UP_RATE, together=True)
        application = Application(
            handle=given["handle"].removeprefix("@"),
            name=given["name"],
            email=given["email"] or None,
            password_hash=await hash_password(password),
            language=visit.language,
            reason=given["reason"],
            address=visit.address,
        )
        async with visit.door.store.transaction() as tx:
            account = await join(tx, application, visit.door.settings)
            token = await _start(visit, tx, account)
    except (Invalid, Conflict, Forbidden, Unavailable) as refusal:
        return _again(visit, refusal, asked, given)
    if not standing.may_enter(account):
        async with visit.door.store.reading() as tx:
            return await at_the_door(visit, tx, account)
    return visit.sign_in(visit.go(asked), token)


def _again(visit: Visit, refusal: Refused, asked: str, given: dict[str, str]) -> Response:
    return visit.asking("sign_up.html", refusal, next=asked, given=given, field=getattr(refusal, "field", ""))


async def go_out(visit: Visit) -> Response:
    """Sign out, here."""
    if visit.token:
        async with visit.door.store.transaction() as tx:
            await end_session(tx, visit.token)
    return visit.remember(visit.go("/"), COOKIE, "", 0)
