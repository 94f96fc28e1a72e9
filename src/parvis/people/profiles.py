"""Profiles: what an account says about itself, edited.

The parts to change flow in (the others stay None), the changed Account flows out. Pictures come as the names of blobs
that are kept already; an empty name takes the picture away.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Integer, Text, bindparam, func, select, update

from parvis.core.errors import NotFound
from parvis.events import ProfileEdited
from parvis.people import names, requests, standing, verifying
from parvis.people.accounts import COLUMNS, Account
from parvis.people.details import Trait, checked_alt, checked_fields, folded, unfolded
from parvis.people.rules import checked_bio, checked_language, checked_name
from parvis.store.statement import Statement
from parvis.store.tables import accounts
from parvis.store.transaction import Tx

OWN = Trait.LOCKED | Trait.AUTOMATED | Trait.UNDISCOVERED | Trait.UNINDEXED | Trait.DISCREET | Trait.UNCRAWLED
"""The traits that a member gives themselves; the others are a moderator's to give."""

_this = accounts.c.id == bindparam("account", type_=BigInteger)
DETAILS = Statement(select(accounts.c.traits, accounts.c.details).where(_this).with_for_update(key_share=True))
EDIT = Statement(
    update(accounts)
    .where(_this)
    .values(
        {
            field: func.coalesce(bindparam(f"new_{field}", type_=Text), accounts.c[field])
            for field in ("name", "bio", "avatar", "header", "language")
        }
        | {
            "traits": bindparam("new_traits", type_=Integer),
            "details": bindparam("new_details", type_=Text),
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
    traits: Mapping[Trait, bool] = {},
    **details: Any,
) -> Account:
    """Change what is given and return the account as it is now. An empty name becomes the handle.

    `traits` says which the account has and has no more; `details` are fields of `Details`. Another avatar
    moves only where `moving_avatar` comes with it.

    Raises:
        Forbidden: the account is suspended.
        Invalid: a part breaks a rule; `field` says which.
        NotFound: the account is gone.
    """
    standing.require(account, "edit")
    if avatar is not None:
        details = {"moving_avatar": ""} | details
    known = await tx.first(DETAILS, account=account.id)
    if known is None:
        raise NotFound("This account does not exist.")
    bits, text = known
    if details:
        text = folded(msgspec.structs.replace(unfolded(text), **_checked(details, unfolded(text).fields)))
    edited = await tx.one(
        EDIT,
        account=account.id,
        new_name=None if name is None else checked_name(name) or account.handle,
        new_bio=None if bio is None else checked_bio(bio),
        new_avatar=avatar,
        new_header=header,
        new_language=None if language is None else checked_language(language),
        new_traits=with_traits(bits, {trait: has for trait, has in traits.items() if trait in OWN}),
        new_details=text,
    )
    if name is not None:
        await names.keep(tx, account.id, edited.name)
    tx.emit(ProfileEdited(account.id))
    if "fields" in details:
        verifying.look_at_links(tx, edited)
    if bits & int(Trait.LOCKED) and not edited.locked:
        requests.open_up(tx, account.id)
    return edited


def worn_by(account: Account) -> set[str]:
    """The names of the blobs that the account wears."""
    return {account.avatar, account.header, account.moving_avatar} - {""}


def taken_off(before: Account, after: Account) -> set[str]:
    """The names of the blobs that the account wore before and does not wear now."""
    return worn_by(before) - worn_by(after)


def with_traits(bits: int, changes: Mapping[Trait, bool]) -> int:
    """The bits, with these traits given and taken."""
    for trait, has in changes.items():
        bits = bits | int(trait) if has else bits & ~int(trait)
    return bits


def _checked(details: dict[str, Any], known: Any) -> dict[str, Any]:
    checked = dict(details)
    if "fields" in checked:
        checked["fields"] = checked_fields(checked["fields"], known)
    for picture in ("avatar", "header"):
        if f"{picture}_alt" in checked:
            checked[f"{picture}_alt"] = checked_alt(checked[f"{picture}_alt"], f"{picture}_description")
    return checked
