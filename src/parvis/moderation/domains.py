"""Other servers: those that are barred, wholly or in part, and those that are let in where only the named ones are.

Who federates asks `severity_of`; the public sees what the operator's setting lets it see, obfuscated where asked.
"""

import hashlib
import re
from typing import Final, Literal

import msgspec
from sqlalchemy import BigInteger, bindparam, delete, insert, literal_column, select, update

from parvis.core import ids
from parvis.core.errors import Conflict, Invalid
from parvis.core.text import one_line
from parvis.moderation import audit, roles
from parvis.moderation.registers import Register
from parvis.moderation.roles import May
from parvis.people.accounts import Account
from parvis.store.statement import Statement, among_words
from parvis.store.tables import accounts, allowed_domains, barred_domains
from parvis.store.transaction import Tx

Severity = Literal["none", "limit", "suspend"]

COMMENT_LENGTH: Final = 1000
MOST_PUBLIC: Final = 2000
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?){0,10}(:[0-9]{1,5})?")
_SHOWN_EDGE: Final = 4  # characters of an obfuscated domain that are shown at each end


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How a server is barred."""

    severity: Severity = "limit"
    reject_media: bool = False
    reject_reports: bool = False
    private_comment: str = ""
    public_comment: str = ""
    obfuscate: bool = False


class BarredDomain(msgspec.Struct, frozen=True):
    """A server, with all below it, and how it is barred."""

    id: int
    domain: str
    severity: Severity
    reject_media: bool
    reject_reports: bool
    private_comment: str
    public_comment: str
    obfuscate: bool

    @property
    def created_at(self) -> int:
        """Since when, in ms."""
        return ids.moment_of(self.id)

    @property
    def digest(self) -> str:
        """SHA-256 of the domain, in hex, by which two servers compare their lists."""
        return hashlib.sha256(self.domain.encode()).hexdigest()

    @property
    def shown(self) -> str:
        """The domain as the public reads it."""
        if not self.obfuscate:
            return self.domain
        edge = min(_SHOWN_EDGE, max(1, len(self.domain) // 4))
        return "".join(
            letter if place < edge or place >= len(self.domain) - edge or letter == "." else "*"
            for place, letter in enumerate(self.domain)
        )


class AllowedDomain(msgspec.Struct, frozen=True):
    """A server that is let in."""

    id: int
    domain: str


_b, _a = barred_domains.c, allowed_domains.c
_this = bindparam("which", type_=BigInteger)
_ABOVE = Statement(select(*barred_domains.columns).where(among_words(_b.domain, "domains")), BarredDomain)
_SAME_ALLOWED = Statement(select(*allowed_domains.columns).where(among_words(_a.domain, "domains")), AllowedDomain)
_PUBLIC = Statement(
    select(*barred_domains.columns)
    .where(_b.severity != literal_column("'none'"))
    .order_by(_b.severity.desc(), _b.domain)
    .limit(MOST_PUBLIC),
    BarredDomain,
)
_BAR = Statement(
    insert(barred_domains).values({c.name: bindparam(c.name, type_=c.type) for c in barred_domains.columns})
)
_CHANGE = Statement(
    update(barred_domains)
    .where(_b.id == _this)
    .values({name: bindparam(f"new_{name}", type_=_b[name].type) for name in Terms.__struct_fields__})
)
_FREE = Statement(delete(barred_domains).where(_b.id == _this))
_ALLOW = Statement(
    insert(allowed_domains).values({c.name: bindparam(c.name, type_=c.type) for c in allowed_domains.columns})
)
_DISALLOW = Statement(delete(allowed_domains).where(_a.id == _this))
_PEERS = Statement(
    select(accounts.c.domain)
    .where(accounts.c.domain != literal_column("''"))
    .distinct()
    .order_by(accounts.c.domain)
    .limit(10_000),
    slow=True,
)


def _named(one: BarredDomain | AllowedDomain) -> str:
    return f"domain:{one.domain}"


BARRED: Final = Register(
    barred_domains,
    BarredDomain,
    May.FEDERATION,
    strike_off=lambda tx, which: tx.run(_FREE, which=which),
    told=_named,
    verb="domain.free",
)
"""The barred servers."""
ALLOWED: Final = Register(
    allowed_domains,
    AllowedDomain,
    May.FEDERATION,
    strike_off=lambda tx, which: tx.run(_DISALLOW, which=which),
    told=_named,
    verb="domain.disallow",
)
"""The servers that are let in."""


async def bar(tx: Tx, admin: Account | None, domain: str, terms: Terms) -> BarredDomain:
    """Bar a server, and all below it.

    Raises:
        Forbidden: the account may not.
        Invalid: it is no domain, or a comment is too long.
        Conflict: it is barred already, or a server above it is, no less; its words name that one.
    """
    roles.require(admin, May.FEDERATION)
    name = _checked_domain(domain)
    for other in await tx.all(_ABOVE, domains=_above(name)):
        if other.domain == name or _at_least(other, terms):
            raise Conflict("{domain} is barred already.", field="domain", domain=other.domain)
    barred_one = BarredDomain(tx.new_id(), name, *msgspec.structs.astuple(_checked(terms)))
    await tx.run(_BAR, **msgspec.structs.asdict(barred_one))
    await audit.note(tx, admin, "domain.bar", f"domain:{name}", terms.severity)
    return barred_one


async def change(tx: Tx, admin: Account | None, which: int, terms: Terms) -> BarredDomain:
    """Bar a server in another way.

    Raises:
        Forbidden: the account may not.
        Invalid: a comment is too long.
        NotFound: there is no such one.
    """
    one = await BARRED.get(tx, admin, which)
    checked = _checked(terms)
    await tx.run(_CHANGE, which=which, **{f"new_{k}": v for k, v in msgspec.structs.asdict(checked).items()})
    await audit.note(tx, admin, "domain.change", f"domain:{one.domain}", terms.severity)
    return BarredDomain(one.id, one.domain, *msgspec.structs.astuple(checked))


async def allow(tx: Tx, admin: Account | None, domain: str) -> AllowedDomain:
    """Let a server in; one that is let in already stays so.

    Raises:
        Forbidden: the account may not.
        Invalid: it is no domain.
    """
    roles.require(admin, May.FEDERATION)
    name = _checked_domain(domain)
    same = await tx.first(_SAME_ALLOWED, domains=[name])
    if same is not None:
        return same
    one = AllowedDomain(tx.new_id(), name)
    await tx.run(_ALLOW, id=one.id, domain=name)
    await audit.note(tx, admin, "domain.allow", f"domain:{name}")
    return one


async def severity_of(tx: Tx, domain: str) -> BarredDomain | None:
    """How a server is barred, itself or by one above it, at its hardest; None when it is not."""
    found = await tx.all(_ABOVE, domains=_above(domain.lower()))
    return max(found, key=lambda one: ("none", "limit", "suspend").index(one.severity), default=None)


async def public_list(tx: Tx) -> list[BarredDomain]:
    """The barred servers that the public may read of, the suspended ones first, 2,000 at most."""
    return await tx.all(_PUBLIC)


async def peers(tx: Tx) -> list[str]:
    """The other servers of which accounts are known here."""
    return [row[0] for row in await tx.all(_PEERS)]


def _above(domain: str) -> list[str]:
    """The domain and those that it lies under."""
    parts = domain.split(".")
    return [".".join(parts[start:]) for start in range(len(parts))]


def _at_least(one: BarredDomain, terms: Terms) -> bool:
    order = ("none", "limit", "suspend")
    harder = order.index(one.severity) >= order.index(terms.severity)
    return harder and one.reject_media >= terms.reject_media and one.reject_reports >= terms.reject_reports


def _checked(terms: Terms) -> Terms:
    private, public = one_line(terms.private_comment), one_line(terms.public_comment)
    if max(len(private), len(public)) > COMMENT_LENGTH:
        raise Invalid("A comment has at most {limit} characters.", field="public_comment", limit=COMMENT_LENGTH)
    return msgspec.structs.replace(terms, private_comment=private, public_comment=public)


def _checked_domain(domain: str) -> str:
    name = domain.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/")
    try:
        name = name.encode("idna").decode() if not name.isascii() else name
    except UnicodeError as error:
        raise Invalid("This is no domain.", field="domain") from error
    if len(name) > 253 or not _DOMAIN.fullmatch(name):  # noqa: PLR2004 - RFC 1035
        raise Invalid("This is no domain.", field="domain")
    return name
