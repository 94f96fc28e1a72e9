"""Verifying: an address in a profile is marked as its owner's once the page there links back with `rel="me"`.

A profile that gained an address flows in, by a job; the moment at which the page was seen to link to the profile flows
into its field. A page that does not link back, or does not answer, leaves the field as it is.
"""

from typing import Final

import msgspec
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import BigInteger, Text, bindparam, select, update

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import Refused
from parvis.core.ids import AccountId
from parvis.core.outbound import Outbound
from parvis.events import ProfileEdited
from parvis.people.accounts import Account, find_account
from parvis.people.details import ProfileField, folded, unfolded
from parvis.store.jobs import Kind, Work
from parvis.store.statement import Statement
from parvis.store.tables import accounts
from parvis.store.transaction import Tx

NAME = "verify_links"
SCHEMES: Final = ("https://", "http://")
PAGE_BYTES: Final = 1 << 20
MOST_LINKS: Final = 2000  # looked at on one page

_this = accounts.c.id == bindparam("account", type_=BigInteger)
DETAILS = Statement(select(accounts.c.details).where(_this).with_for_update(key_share=True))
SET = Statement(update(accounts).where(_this).values(details=bindparam("new_details", type_=Text)))


class Unverified(msgspec.Struct, frozen=True):
    """A profile whose addresses are to be looked at."""

    account: AccountId


def look_at_links(tx: Tx, account: Account) -> None:
    """Have the addresses of the profile looked at that are not verified, if there are any."""
    if _unverified(account):
        tx.enqueue(NAME, Unverified(account.id), key=f"{NAME}:{account.id}")


def links_back(page: str, profile: str) -> bool:
    """Whether the page links to the profile with `rel="me"`."""
    for link in LexborHTMLParser(page).css("a[rel][href], link[rel][href]")[:MOST_LINKS]:
        told = link.attributes
        if "me" in (told.get("rel") or "").lower().split() and (told.get("href") or "").strip().rstrip("/") == profile:
            return True
    return False


def kinds(settings: Settings, outbound: Outbound) -> tuple[Kind, ...]:
    """The job that looks."""

    async def look(work: Work) -> None:
        async with work.store.reading() as tx:
            account = await find_account(tx, work.payload.account)
        asked = _unverified(account) if account else []
        found = set()
        for url in asked:
            if await _is_theirs(outbound, url, f"{settings.url}/@{account.handle}" if account else ""):
                found.add(url)
        async with work.ending() as tx:
            if account and found:
                await _mark(tx, account.id, found)
            current = await find_account(tx, work.payload.account)
            if current and not set(_unverified(current)) <= set(asked):  # edited while the pages were asked
                look_at_links(tx, current)

    return (Kind(name=NAME, payload=Unverified, run=look, concurrency=2, lease=2 * clock.MINUTE, attempts=3),)


async def _is_theirs(outbound: Outbound, url: str, profile: str) -> bool:
    try:
        answer = await outbound.fetch(url, headers={"accept": "text/html"}, most_bytes=PAGE_BYTES, cut=True)
    except Refused:
        return False
    return answer.ok and answer.media_type == "text/html" and links_back(answer.data.decode(errors="replace"), profile)


async def _mark(tx: Tx, account_id: AccountId, urls: set[str]) -> None:
    """Mark those fields that still say so."""
    more = unfolded(str(await tx.value(DETAILS, account=account_id) or ""))
    fields = tuple(
        ProfileField(field.name, field.value, field.verified_at or (tx.now if field.value in urls else None))
        for field in more.fields
    )
    if fields != more.fields:
        await tx.run(SET, account=account_id, new_details=folded(msgspec.structs.replace(more, fields=fields)))
        tx.emit(ProfileEdited(account_id))


def _unverified(account: Account) -> list[str]:
    return [
        field.value
        for field in account.more.fields
        if field.verified_at is None and field.value.startswith(SCHEMES) and " " not in field.value
    ]
