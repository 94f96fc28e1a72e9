"""The gate as administrators keep it: networks, mail domains and mail addresses that nobody comes in with.

The rows and what they mean are the business of `people.barred`; here are the role, the pages and the audit log.
"""

from collections import Counter
from typing import Final

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Text, bindparam, literal_column, select

from parvis.core import clock, ids
from parvis.moderation import audit, roles
from parvis.moderation.registers import Entry, Register
from parvis.moderation.roles import May
from parvis.people import barred
from parvis.people.accounts import Account
from parvis.people.barred import BarredMailDomain, BarredNetwork, Severity
from parvis.store.statement import Statement
from parvis.store.tables import accounts, barred_addresses, barred_mail_domains, barred_mails, credentials
from parvis.store.transaction import Tx

DAYS: Final = 7  # of the history of a mail domain


class BarredMail(msgspec.Struct, frozen=True):
    """An e-mail address of which only the hash is known."""

    id: int
    digest: str


_SAME_MAIL = Statement(
    select(*barred_mails.columns).where(barred_mails.c.digest == bindparam("digest", type_=Text)), BarredMail
)
_day: ColumnElement[int] = accounts.c.created_at // literal_column(str(clock.DAY))
_CAME = Statement(  # the addresses that came lately with any of these domains
    select(credentials.c.email, _day)
    .join_from(accounts, credentials, credentials.c.account_id == accounts.c.id)
    .where(accounts.c.created_at >= bindparam("since", type_=BigInteger), credentials.c.email.is_not(None)),
    slow=True,
)


def _noun(bar: Entry) -> str:
    return f"bar:{bar.id}"


NETWORKS: Final = Register(
    barred_addresses, BarredNetwork, May.BLOCKS, strike_off=barred.free_network, told=_noun, verb="gate.free_network"
)
"""The barred networks."""
MAIL_DOMAINS: Final = Register(
    barred_mail_domains,
    BarredMailDomain,
    May.BLOCKS,
    strike_off=barred.free_mail_domain,
    told=_noun,
    verb="gate.free_mail_domain",
)
"""The barred mail domains."""
MAILS: Final = Register(
    barred_mails, BarredMail, May.BLOCKS, strike_off=barred.free_mail, told=_noun, verb="gate.free_mail"
)
"""The barred e-mail addresses, by their hashes."""


async def bar_network(
    tx: Tx,
    admin: Account | None,
    network: str,
    severity: Severity,
    *,
    comment: str = "",
    expires_in: int | None = None,
) -> BarredNetwork:
    """Bar a network, for `expires_in` seconds or for good.

    Raises:
        Forbidden: the account may not.
        Invalid, Conflict: as `people.barred` says.
    """
    roles.require(admin, May.BLOCKS)
    end = _end(tx, expires_in)
    bar = await barred.bar_network(tx, network, severity, comment=comment, expires_at=end)
    await audit.note(tx, admin, "gate.bar_network", _noun(bar), f"{bar.network} {severity}")
    return bar


async def change_network(
    tx: Tx,
    admin: Account | None,
    bar_id: int,
    *,
    network: str | None = None,
    severity: Severity | None = None,
    comment: str | None = None,
    expires_in: int | None = None,
) -> BarredNetwork:
    """Change what is given of a bar; `expires_in` (seconds) of 0 has it last.

    Raises:
        Forbidden: the account may not.
        NotFound, Invalid, Conflict: as `people.barred` says.
    """
    roles.require(admin, May.BLOCKS)
    bar = await barred.change_network(
        tx,
        bar_id,
        network=network,
        severity=severity,
        comment=comment,
        expires_at=_end(tx, expires_in),
        lasting=expires_in == 0,
    )
    await audit.note(tx, admin, "gate.change_network", _noun(bar), f"{bar.network} {bar.severity}")
    return bar


def _end(tx: Tx, expires_in: int | None) -> int | None:
    return tx.now + expires_in * clock.SECOND if expires_in else None


async def came_with(tx: Tx, domains: list[str]) -> dict[str, list[tuple[int, int]]]:
    """Sign-ups with each mail domain on the last seven days: (day's beginning in ms, accounts), in one query."""
    today = tx.now // clock.DAY
    rows = await tx.all(_CAME, since=(today - DAYS + 1) * clock.DAY) if domains else []
    came = Counter((email.rpartition("@")[2], day) for email, day in rows)
    days = range(today, today - DAYS, -1)
    return {domain: [(day * clock.DAY, came[domain, day]) for day in days] for domain in domains}


async def bar_mail_domain(
    tx: Tx, admin: Account | None, domain: str, *, with_approval: bool = False
) -> BarredMailDomain:
    """Bar a mail domain and all below it.

    Raises:
        Forbidden: the account may not.
        Invalid, Conflict: as `people.barred` says.
    """
    roles.require(admin, May.BLOCKS)
    bar = await barred.bar_mail_domain(tx, domain, with_approval=with_approval)
    await audit.note(tx, admin, "gate.bar_mail_domain", _noun(bar), bar.domain)
    return bar


async def mails_like(tx: Tx, admin: Account | None, email: str) -> list[BarredMail]:
    """The bar that this e-mail address would meet, if any.

    Raises:
        Forbidden: the account may not ask.
    """
    roles.require(admin, May.BLOCKS)
    return await tx.all(_SAME_MAIL, digest=barred.digest_of(email))


async def bar_mail(tx: Tx, admin: Account | None, *, email: str | None = None, digest: str | None = None) -> BarredMail:
    """Bar an e-mail address, or one of which only the hash is known.

    Raises:
        Forbidden: the account may not.
        Invalid, Conflict: as `people.barred` says.
    """
    roles.require(admin, May.BLOCKS)
    bar = BarredMail(*await barred.bar_mail(tx, email=email, digest=digest))
    await audit.note(tx, admin, "gate.bar_mail", _noun(bar))
    return bar


def made_at(bar_id: int) -> int:
    """When a bar was made, in ms."""
    return ids.moment_of(bar_id)
