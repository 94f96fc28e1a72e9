"""The assistant as a member: an account like any other, which the instance opens for itself and nobody signs in to."""

from typing import Final

from parvis.core.errors import Conflict
from parvis.people import accounts
from parvis.people.accounts import Account, Application
from parvis.store.transaction import Tx

HANDLE: Final = "parvis"
BIO: Final = (
    "I am the assistant of this square: an AI. Mention me and I answer in the thread.\n"
    "Je suis l'assistant de cette place : une IA. Mentionnez-moi et je réponds dans le fil."
)


async def ensure_assistant(tx: Tx) -> Account:
    """The assistant's account, opened if this instance has none yet."""
    found = await find_assistant(tx)
    if found is not None:
        return found
    try:
        return await accounts.open_account(
            tx, Application(handle=HANDLE, name="Parvis", kind="assistant", language="en", bio=BIO)
        )
    except Conflict:  # another process opened it meanwhile
        opened = await find_assistant(tx)
        if opened is None:
            raise
        return opened


async def find_assistant(tx: Tx) -> Account | None:
    """The assistant's account, if it was opened."""
    found = await accounts.find_by_handle(tx, HANDLE)
    return found if found is not None and found.kind == "assistant" else None
