"""Who stands at the door: accounts that wait for a moderator's yes, or for their owner to follow the link in a letter.

They are told so when they join and when they sign in. Whoever has proved the password may have the letter sent again,
to another address too; a sealed ticket in the page says who that is.
"""

from typing import Final

import msgspec
from starlette.responses import Response

from parvis.core.errors import Conflict, Invalid, Refused
from parvis.core.ids import AccountId
from parvis.people import confirming
from parvis.people.accounts import Account
from parvis.people.restraints import Restraint
from parvis.people.signing import credentials_of_account
from parvis.store.transaction import Tx
from parvis.web.tickets import read_ticket, ticket
from parvis.web.visit import Visit

AGAIN: Final = "/sign-up/letter"
AGAIN_RATE: Final = "5/hour"
LETTER: Final = "letter sent again"  # what the seal is for


class Waiting(msgspec.Struct, frozen=True):
    """Who has proved the password of an account that waits."""

    account: int


async def at_the_door(
    visit: Visit, tx: Tx, account: Account, refusal: Refused | None = None, *, again: bool = False
) -> Response:
    """The page that says what the account waits for."""
    return visit.asking(
        "waiting.html",
        refusal,
        handle=account.handle,
        unconfirmed=bool(account.restraints & Restraint.UNCONFIRMED),
        email=await confirming.address_asked(tx, account),
        given=visit.field("email", 300),
        ticket=ticket(visit.door.settings, LETTER, Waiting(account.id)),
        again=again,
    )


async def send_again(visit: Visit) -> Response:
    """Write once more to the address that is to be confirmed, or to another one."""
    settings = visit.door.settings
    held = read_ticket(settings, LETTER, visit.field("ticket", 4000), Waiting)
    await visit.door.pace.hold("letter-again", str(held.account), AGAIN_RATE, together=True)
    async with visit.door.store.reading() as tx:
        found = await credentials_of_account(tx, AccountId(held.account))
    if found is None or not found.account.restraints & Restraint.UNCONFIRMED:
        return visit.go("/sign-in")
    refused = None
    try:
        async with visit.door.store.transaction() as tx:
            await confirming.ask(tx, found.account, settings, visit.field("email", 300))
    except (Invalid, Conflict) as refusal:
        refused = refusal
    async with visit.door.store.reading() as tx:
        return await at_the_door(visit, tx, found.account, refused, again=True)
