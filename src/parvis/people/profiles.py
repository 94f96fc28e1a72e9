"""Profiles: what an account says about itself, edited.

The parts to change flow in (the others stay None), the changed Account flows out. Pictures come as the names of blobs
that are kept already; an empty name takes the picture away.
"""

from sqlalchemy import BigInteger, Text, bindparam, func, update

from parvis.core.errors import NotFound
from parvis.events import ProfileEdited
from parvis.people import standing
from parvis.people.accounts import COLUMNS, Account
from parvis.people.rules import checked_bio, checked_language, checked_name
from parvis.store.statement import Statement
from parvis.store.tables import accounts
from parvis.store.transaction import Tx

EDIT = Statement(
    update(accounts)
    .where(accounts.c.id == bindparam("account", type_=BigInteger))
    .values(
        {
            field: func.coalesce(bindparam(f"new_{field}", type_=Text), accounts.c[field])
            for field in ("name", "bio", "avatar", "header", "language")
        }
    )
    .returning(*COLUMNS),
    Account,
)


async def edit_profile(
    tx: Tx,
    account: Account,
    *,
    name: str | None = None,
    bio: str | None = None,
    avatar: str | None = None,
    header: str | None = None,
    language: str | None = None,
) -> Account:
    """Change what is given and return the account as it is now. An empty name becomes the handle.

    Raises:
        Forbidden: the account is suspended.
        Invalid: a part breaks a rule; `field` says which.
        NotFound: the account is gone.
    """
    standing.require(account, "edit")
    edited = await tx.first(
        EDIT,
        account=account.id,
        new_name=None if name is None else checked_name(name) or account.handle,
        new_bio=None if bio is None else checked_bio(bio),
        new_avatar=avatar,
        new_header=header,
        new_language=None if language is None else checked_language(language),
    )
    if edited is None:
        raise NotFound("This account does not exist.")
    tx.emit(ProfileEdited(account.id))
    return edited
