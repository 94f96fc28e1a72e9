"""Coming in and going out: all of it paced, none of it telling which half was wrong."""

from starlette.responses import Response

from parvis.core.errors import Conflict, Forbidden, Invalid, Refused, Unauthenticated, Unavailable
from parvis.core.words import say
from parvis.people import standing
from parvis.people.accounts import Application, open_account
from parvis.people.passwords import check_password, hash_password
from parvis.people.sessions import end_session, start_session
from parvis.people.signing import sign_in
from parvis.store.transaction import Tx
from parvis.web.gate import local_path
from parvis.web.visit import COOKIE, Visit

SIGN_IN_RATE = "10/minute"
SIGN_UP_RATE = "10/hour"
NOTHING = {"handle": "", "name": "", "email": ""}


async def read_sign_in(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """The form for coming in."""
    asked = local_path(visit.query("next"))
    if visit.viewer is not None:
        return visit.go(asked)
    return visit.page("sign_in.html", next=asked, login="", problem="", must=asked != "/")


async def come_in(visit: Visit) -> Response:
    """Sign in, and go where one was going."""
    asked = local_path(visit.field("next", 2000))
    login = visit.field("login", 300)
    await visit.door.pace.hold("sign-in", visit.address, SIGN_IN_RATE)
    await visit.door.pace.hold("sign-in-as", login.strip().lower().removeprefix("@"), SIGN_IN_RATE)
    try:
        account = await sign_in(visit.door.store, login, visit.field("password", 1000))
        standing.require_entry(account)
        async with visit.door.store.transaction() as tx:
            token = await start_session(tx, account, visit.request.headers.get("user-agent", ""))
    except (Unauthenticated, Forbidden, Unavailable) as refusal:
        problem = say(refusal, visit.language)
        return visit.page("sign_in.html", refusal.status, next=asked, login=login, problem=problem, must=False)
    return visit.sign_in(visit.go(asked), token)


async def read_sign_up(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """The form for opening an account."""
    if visit.viewer is not None:
        return visit.go("/")
    return visit.page("sign_up.html", next=local_path(visit.query("next")), given=NOTHING, problem="", field="")


async def open_door(visit: Visit) -> Response:
    """Open an account and sign in to it."""
    asked = local_path(visit.field("next", 2000))
    given = {name: visit.field(name, 300).strip() for name in NOTHING}
    try:
        _require_open(visit)
        password = visit.field("password", 1000)
        check_password(password)
        await visit.door.pace.hold("sign-up", visit.address, SIGN_UP_RATE)
        application = Application(
            handle=given["handle"].removeprefix("@"),
            name=given["name"],
            email=given["email"] or None,
            password_hash=await hash_password(password),
            language=visit.language,
        )
        async with visit.door.store.transaction() as tx:
            account = await open_account(tx, application)
            token = await start_session(tx, account, visit.request.headers.get("user-agent", ""))
    except (Invalid, Conflict, Forbidden, Unavailable) as refusal:
        return _again(visit, refusal, asked, given)
    return visit.sign_in(visit.go(asked), token)


def _require_open(visit: Visit) -> None:
    if visit.door.settings.registration != "open":
        raise Forbidden("This square takes no new members at the moment.")


def _again(visit: Visit, refusal: Refused, asked: str, given: dict[str, str]) -> Response:
    field = getattr(refusal, "field", "")
    problem = say(refusal, visit.language)
    return visit.page("sign_up.html", refusal.status, next=asked, given=given, problem=problem, field=field)


async def go_out(visit: Visit) -> Response:
    """Sign out, here."""
    if visit.token:
        async with visit.door.store.transaction() as tx:
            await end_session(tx, visit.token)
    return visit.remember(visit.go("/"), COOKIE, "", 0)
