"""Who is not let in: network addresses, mail domains and mail addresses that the operators barred.

An application with its address and e-mail flows in; the same flows out, to be let in or to wait for a moderator's yes,
or a refusal. Mail addresses are compared and kept by the hash of their canonical form: without dots and without what
follows a plus, as Mastodon does.
"""

import hashlib
import ipaddress
import re
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import BigInteger, Text, bindparam, delete, func, insert, or_, select, update

from parvis.core.errors import Conflict, Forbidden, Invalid, NotFound
from parvis.core.text import one_line
from parvis.people.accounts import Application
from parvis.people.rules import checked_email
from parvis.store.statement import Statement, among_words
from parvis.store.tables import barred_addresses, barred_mail_domains, barred_mails
from parvis.store.transaction import Tx

Severity = Literal["approval", "no_sign_up", "no_access"]

MOST_NETWORKS: Final = 10_000
COMMENT_LENGTH: Final = 1000
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?){1,10}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_WEIGHT: Final[dict[str, int]] = {"approval": 1, "no_sign_up": 2, "no_access": 3}


class BarredNetwork(msgspec.Struct, frozen=True):
    """A network, how it is barred, and until when (ms; None: without end)."""

    id: int
    network: str
    severity: Severity
    comment: str
    expires_at: int | None


class BarredMailDomain(msgspec.Struct, frozen=True):
    """A mail domain, with all below it, that nobody signs up from, or only when a moderator says yes."""

    id: int
    domain: str
    with_approval: bool


_a, _d, _m = barred_addresses.c, barred_mail_domains.c, barred_mails.c
_this = bindparam("bar", type_=BigInteger)
_NETWORKS = Statement(
    select(*barred_addresses.columns)
    .where(or_(_a.expires_at.is_(None), _a.expires_at > bindparam("now", type_=BigInteger)))
    .limit(MOST_NETWORKS),
    BarredNetwork,
)
_COUNT = Statement(select(func.count()).select_from(barred_addresses))
_NETWORK = Statement(select(*barred_addresses.columns).where(_a.id == _this), BarredNetwork)
_BAR_NETWORK = Statement(
    insert(barred_addresses).values({c.name: bindparam(c.name, type_=c.type) for c in barred_addresses.columns})
)
_TAKEN = Statement(select(_a.id).where(_a.network == bindparam("network", type_=Text), _a.id != _this))
_CHANGE_NETWORK = Statement(
    update(barred_addresses)
    .where(_a.id == _this)
    .values(
        network=bindparam("new_network", type_=Text),
        severity=bindparam("new_severity", type_=Text),
        comment=bindparam("new_comment", type_=Text),
        expires_at=bindparam("new_end", type_=BigInteger),
    )
)
_FREE_NETWORK = Statement(delete(barred_addresses).where(_a.id == _this))
_DOMAINS = Statement(
    select(*barred_mail_domains.columns).where(among_words(_d.domain, "domains")).order_by(_d.with_approval),
    BarredMailDomain,
)
_BAR_DOMAIN = Statement(
    insert(barred_mail_domains).values({c.name: bindparam(c.name, type_=c.type) for c in barred_mail_domains.columns})
)
_FREE_DOMAIN = Statement(delete(barred_mail_domains).where(_d.id == _this))
_MAIL = Statement(select(_m.id).where(_m.digest == bindparam("digest", type_=Text)))
_BAR_MAIL = Statement(
    insert(barred_mails).values({c.name: bindparam(c.name, type_=c.type) for c in barred_mails.columns})
)
_FREE_MAIL = Statement(delete(barred_mails).where(_m.id == _this))


async def admitted(tx: Tx, application: Application) -> Application:
    """The application as it may be handed in: pending, where its address or mail domain wants a moderator's yes.

    Raises:
        Forbidden: nobody signs up from this address.
        Invalid: nobody signs up with this e-mail address.
    """
    pending = application.pending
    severity = await severity_of(tx, application.address)
    if severity in {"no_sign_up", "no_access"}:
        raise Forbidden("Nobody can sign up from this address.")
    pending = pending or severity == "approval"
    if application.email:
        pending = await waits_with(tx, application.email) or pending
    return msgspec.structs.replace(application, pending=pending)


async def waits_with(tx: Tx, email: str) -> bool:
    """Whether who comes with this e-mail address waits for a moderator's yes.

    Raises:
        Invalid: nobody comes with it.
    """
    email = checked_email(email)
    found = await tx.all(_DOMAINS, domains=_above(email.rpartition("@")[2]))
    if any(not bar.with_approval for bar in found) or await tx.value(_MAIL, digest=digest_of(email)) is not None:
        raise Invalid("Nobody can sign up with this e-mail address.", field="email")
    return bool(found)


async def require_access(tx: Tx, address: str) -> None:
    """Return when one may sign in from this address.

    Raises:
        Forbidden: nobody may.
    """
    if await severity_of(tx, address) == "no_access":
        raise Forbidden("Nobody can sign in from this address.")


async def severity_of(tx: Tx, address: str) -> Severity | None:
    """How an address is barred, at its hardest; None when it is not, or is no address."""
    if not address:
        return None
    try:
        # A member's address may be kept as the network of their house.
        asked = ipaddress.ip_network(address, strict=False)
    except ValueError:
        return None
    hits = [bar.severity for bar in await tx.all(_NETWORKS, now=tx.now) if _within(asked, bar.network)]
    return max(hits, key=_WEIGHT.__getitem__, default=None)


def _within(asked: Any, network: str) -> bool:
    other = ipaddress.ip_network(network)
    return asked.version == other.version and bool(asked.subnet_of(other))


def _above(domain: str) -> list[str]:
    """The domain and those that it lies under."""
    parts = domain.split(".")
    return [".".join(parts[start:]) for start in range(max(1, len(parts) - 1))]


def digest_of(email: str) -> str:
    """The hash of an e-mail address's canonical form, in hex."""
    user, _, domain = email.strip().lower().rpartition("@")
    canonical = f"{user.partition('+')[0].replace('.', '')}@{domain}"
    return hashlib.sha256(canonical.encode()).hexdigest()


async def bar_network(
    tx: Tx, network: str, severity: Severity, *, comment: str = "", expires_at: int | None = None
) -> BarredNetwork:
    """Bar a network (`192.0.2.0/24`) or one address.

    Raises:
        Invalid: it is no network, or the comment is too long, or there are 10,000 already.
        Conflict: it is barred already.
    """
    if await tx.value(_COUNT) >= MOST_NETWORKS:
        raise Invalid("At most {limit} networks can be barred.", field="ip", limit=MOST_NETWORKS)
    bar = BarredNetwork(tx.new_id(), _checked_network(network), severity, _checked_comment(comment), expires_at)
    await _require_free(tx, bar)
    await tx.run(_BAR_NETWORK, **msgspec.structs.asdict(bar))
    return bar


async def change_network(
    tx: Tx,
    bar_id: int,
    *,
    network: str | None = None,
    severity: Severity | None = None,
    comment: str | None = None,
    expires_at: int | None = None,
    lasting: bool = False,
) -> BarredNetwork:
    """Change what is given of a bar; `lasting` has it end no more. The bar as it is now.

    Raises:
        NotFound: there is no such bar.
        Invalid: it is no network, or the comment is too long.
        Conflict: that network is barred already.
    """
    old = await get_network(tx, bar_id)
    bar = BarredNetwork(
        bar_id,
        old.network if network is None else _checked_network(network),
        severity or old.severity,
        old.comment if comment is None else _checked_comment(comment),
        None if lasting else expires_at or old.expires_at,
    )
    await _require_free(tx, bar)
    await tx.run(
        _CHANGE_NETWORK,
        bar=bar_id,
        new_network=bar.network,
        new_severity=bar.severity,
        new_comment=bar.comment,
        new_end=bar.expires_at,
    )
    return bar


async def get_network(tx: Tx, bar_id: int) -> BarredNetwork:
    """One bar.

    Raises:
        NotFound: there is none.
    """
    found = await tx.first(_NETWORK, bar=bar_id)
    if found is None:
        raise NotFound("There is no such bar.")
    return found


async def free_network(tx: Tx, bar_id: int) -> None:
    """Bar a network no longer.

    Raises:
        NotFound: there is no such bar.
    """
    _gone(await tx.run(_FREE_NETWORK, bar=bar_id))


async def bar_mail_domain(tx: Tx, domain: str, *, with_approval: bool = False) -> BarredMailDomain:
    """Bar a mail domain and all below it.

    Raises:
        Invalid: it is no domain.
        Conflict: it is barred already.
    """
    name = domain.strip().lower().removeprefix("@")
    if not _DOMAIN.fullmatch(name):
        raise Invalid("This is no domain.", field="domain")
    if any(bar.domain == name for bar in await tx.all(_DOMAINS, domains=[name])):
        raise Conflict("This is barred already.", field="domain")
    bar = BarredMailDomain(tx.new_id(), name, with_approval)
    await tx.run(_BAR_DOMAIN, **msgspec.structs.asdict(bar))
    return bar


async def free_mail_domain(tx: Tx, bar_id: int) -> None:
    """Bar a mail domain no longer.

    Raises:
        NotFound: there is no such bar.
    """
    _gone(await tx.run(_FREE_DOMAIN, bar=bar_id))


async def bar_mail(tx: Tx, *, email: str | None = None, digest: str | None = None) -> tuple[int, str]:
    """Bar an e-mail address, or one of which only the hash is known; its id and hash.

    Raises:
        Invalid: it is neither.
        Conflict: it is barred already.
    """
    told = digest_of(checked_email(email)) if email else (digest or "").lower()
    if not _DIGEST.fullmatch(told):
        raise Invalid("This is no e-mail address and no hash of one.", field="email")
    if await tx.value(_MAIL, digest=told) is not None:
        raise Conflict("This is barred already.", field="email")
    bar = tx.new_id()
    await tx.run(_BAR_MAIL, id=bar, digest=told)
    return bar, told


async def free_mail(tx: Tx, bar_id: int) -> None:
    """Bar an e-mail address no longer.

    Raises:
        NotFound: there is no such bar.
    """
    _gone(await tx.run(_FREE_MAIL, bar=bar_id))


async def _require_free(tx: Tx, bar: BarredNetwork) -> None:
    if await tx.value(_TAKEN, network=bar.network, bar=bar.id) is not None:
        raise Conflict("This is barred already.", field="ip")


def _checked_network(network: str) -> str:
    try:
        return str(ipaddress.ip_network(network.strip(), strict=False))
    except ValueError as error:
        raise Invalid("This is no network address.", field="ip") from error


def _checked_comment(comment: str) -> str:
    words = one_line(comment)
    if len(words) > COMMENT_LENGTH:
        raise Invalid("A comment has at most {limit} characters.", field="comment", limit=COMMENT_LENGTH)
    return words


def _gone(removed: int) -> None:
    if not removed:
        raise NotFound("There is no such bar.")
