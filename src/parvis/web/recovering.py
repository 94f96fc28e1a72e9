"""Who forgot the password: a page that asks for a letter, and one that its link leads to.

What is answered does not tell whether there is such an account, nor does the time that it takes.
"""

from typing import Final

from starlette.responses import Response

from parvis.core.errors import Invalid, NotFound, Refused
from parvis.people.passwords import check_password, hash_password
from parvis.people.recovering import account_of_ticket, ask, recover
from parvis.store.transaction import Tx
from parvis.web.visit import Visit

PAGE: Final = "/sign-in/forgotten"
ANEW: Final = "/sign-in/anew"
ASK_RATE: Final = "10/hour"
AS_RATE: Final = "3/hour"
TICKET: Final = 1000  # characters at most


async def read_forgotten(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """The form that asks for a letter."""
    return visit.asking("forgotten.html", sent=False)


async def ask_for_letter(visit: Visit) -> Response:
    """Have a letter written, if there is somebody to write to."""
    login = visit.field("login", 300)
    await visit.door.pace.hold("forgotten", visit.address, ASK_RATE, together=True)
    await visit.door.pace.hold("forgotten-as", login.strip().lower().removeprefix("@"), AS_RATE, together=True)
    async with visit.door.store.transaction() as tx:
        ask(tx, login)
    return visit.asking("forgotten.html", sent=True)


async def read_anew(visit: Visit, tx: Tx) -> Response:
    """The form for another password, for whoever has the letter."""
    return await _sheet(visit, tx, visit.query("ticket", TICKET))


async def _sheet(visit: Visit, tx: Tx, held: str, refused: Refused | None = None) -> Response:
    """The form, kept by no browser: whoever has its address has the account."""
    try:
        account = await account_of_ticket(tx, held, visit.door.settings)
    except NotFound as refusal:
        return _no_longer(visit, refusal)
    response = visit.asking("anew.html", refused, ticket=held, handle=account.handle)
    response.headers["Cache-Control"] = "no-store"
    return response


async def choose_anew(visit: Visit) -> Response:
    """Have another password from now on, and sign in with it."""
    settings, held = visit.door.settings, visit.field("ticket", TICKET)
    await visit.door.pace.hold("forgotten", visit.address, ASK_RATE, together=True)
    try:
        password = visit.field("password", 1000)
        check_password(password)
        hashed = await hash_password(password)
        async with visit.door.store.transaction() as tx:
            await recover(tx, held, hashed, settings)
    except Invalid as refusal:
        async with visit.door.store.reading() as tx:
            return await _sheet(visit, tx, held, refusal)
    except NotFound as refusal:
        return _no_longer(visit, refusal)
    return visit.go("/sign-in?anew=1")


def _no_longer(visit: Visit, refusal: Refused) -> Response:
    return visit.asking("forgotten.html", refusal, sent=False)
