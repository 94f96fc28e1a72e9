"""Joining: how somebody becomes a member, whichever door they come by.

An application flows in, checked against how the operator lets people in; an account flows out, perhaps one that waits
for a moderator's yes or for its owner to follow the link in a letter.
"""

import msgspec

from parvis.core.config import Settings
from parvis.core.errors import Forbidden, Invalid
from parvis.people import barred, confirming
from parvis.people.accounts import Account, Application, open_account
from parvis.store.transaction import Tx


def require_open(settings: Settings) -> None:
    """Return when newcomers are taken.

    Raises:
        Forbidden: they are not.
    """
    if settings.registration == "closed":
        raise Forbidden("This square takes no new members at the moment.")


async def join(tx: Tx, application: Application, settings: Settings) -> Account:
    """Open the account as the operator wishes it: at once, after a moderator's yes, after a letter.

    Raises:
        Forbidden: nobody is taken at the moment, or nobody from there.
        Invalid: a part breaks a rule; `field` says which.
        Conflict: the handle or the e-mail address is taken.
    """
    require_open(settings)
    if settings.confirm_email and application.email is None:
        raise Invalid("This square asks for an e-mail address.", field="email")
    unconfirmed = settings.confirm_email
    application = msgspec.structs.replace(
        application, pending=application.pending or settings.registration == "approval", unconfirmed=unconfirmed
    )
    account = await open_account(tx, await barred.admitted(tx, application))
    if unconfirmed:
        await confirming.ask(tx, account, settings)
    return account
