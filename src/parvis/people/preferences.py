"""Preferences: how a member's posts begin, and how they like to read.

The parts to change flow in, the whole flows out. Who never changed anything has no row; nothing that is read with every
post stands here.
"""

import re
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import BigInteger, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from parvis.core.errors import Invalid
from parvis.core.ids import AccountId
from parvis.people.accounts import Account
from parvis.people.rules import checked_language
from parvis.store.statement import Statement
from parvis.store.tables import preferences
from parvis.store.transaction import Tx

MOST_DOMAINS: Final = 100
_DOMAIN = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


class Preferences(msgspec.Struct, frozen=True, omit_defaults=True):
    """How posts begin, in Parvis's words, and how one reads."""

    visibility: Literal["public", "unlisted", "followers", "mentioned"] = "public"
    sensitive: bool = False
    language: str | None = None  # of posts; none: the account's own
    quotes: Literal["public", "followers", "nobody"] = "public"  # who may quote
    media: Literal["default", "show_all", "hide_all"] = "default"
    unfold_warnings: bool = False
    play_gifs: bool = True
    credited_by: tuple[str, ...] = ()  # domains of pages that may name the member as their author


USUAL: Final = Preferences()

_account = bindparam("account", type_=BigInteger)
READ = Statement(select(preferences.c["values"]).where(preferences.c.account_id == _account))
_kept = insert(preferences).values(
    {column.name: bindparam(column.name, type_=column.type) for column in preferences.columns}
)
KEEP = Statement(_kept.on_conflict_do_update(index_elements=["account_id"], set_={"values": _kept.excluded["values"]}))


async def preferences_of(tx: Tx, account_id: AccountId) -> Preferences:
    """The member's preferences: the usual ones where they chose nothing."""
    found = await tx.value(READ, account=account_id)
    return USUAL if found is None else msgspec.convert(found, Preferences)


async def prefer(tx: Tx, account: Account, **changes: Any) -> Preferences:
    """Change the fields of Preferences that are named, and return them all.

    Raises:
        Invalid: a language or a domain has a wrong form.
    """
    if changes.get("language"):
        checked_language(changes["language"])
    if "credited_by" in changes:
        changes["credited_by"] = checked_domains(changes["credited_by"])
    chosen = msgspec.structs.replace(await preferences_of(tx, account.id), **changes)
    await tx.run(KEEP, account_id=account.id, values=chosen)
    return chosen


def checked_domain(domain: str) -> str:
    """A domain folded to lower case, without what stands around it in an address.

    Raises:
        Invalid: it has no such form.
    """
    folded = domain.strip().lower().removeprefix("https://").removeprefix("http://").partition("/")[0]
    try:
        folded = folded.encode("idna").decode() if not folded.isascii() else folded
    except UnicodeError:
        folded = ""
    if not _DOMAIN.fullmatch(folded):
        raise Invalid("This is no domain: {domain}", field="domain", domain=domain[:100])
    return folded


def checked_domains(domains: tuple[str, ...]) -> tuple[str, ...]:
    """The domains, each once.

    Raises:
        Invalid: there are too many, or one has no such form.
    """
    if len(domains) > MOST_DOMAINS:
        raise Invalid("At most {limit} domains.", field="attribution_domains", limit=MOST_DOMAINS)
    return tuple(dict.fromkeys(checked_domain(domain) for domain in domains if domain.strip()))
