"""Who is not let in, for administrators: networks, e-mail domains, and e-mail addresses by their hash."""

from typing import Annotated

import msgspec
from msgspec import Meta

from parvis.api.admin_accounts import AdminPaging
from parvis.api.admin_entity import (
    AdminCanonicalEmailBlock,
    AdminEmailDomainBlock,
    AdminIpBlock,
    NetworkSeverity,
    email_block,
    email_domain_block,
    ip_block,
)
from parvis.api.admin_registers import One, page_of
from parvis.api.answer import Empty
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.moderation import gate
from parvis.people.barred import BarredMailDomain, Severity
from parvis.people.rules import EMAIL_LENGTH

endpoints = Endpoints("admin")

IPS, MAIL_DOMAINS, MAILS = (
    "admin:{}:ip_blocks",
    "admin:{}:email_domain_blocks",
    "admin:{}:canonical_email_blocks",
)
OURS: dict[str, Severity] = {
    "sign_up_requires_approval": "approval",
    "sign_up_block": "no_sign_up",
    "no_access": "no_access",
}
YEARS = 10 * 366 * 86_400  # seconds

Network = Annotated[str, Meta(min_length=2, max_length=64, description="An address, or a network as 192.0.2.0/24.")]
Comment = Annotated[str, Meta(max_length=1000)]
Seconds = Annotated[int, Meta(ge=0, le=YEARS, description="Seconds from now; 0 or none: for good.")]
Email = Annotated[str, Meta(min_length=3, max_length=EMAIL_LENGTH)]


class NewNetwork(msgspec.Struct, frozen=True):
    """A network to bar."""

    ip: Network
    severity: NetworkSeverity
    comment: Comment = ""
    expires_in: Seconds | None = None


class NetworkChange(msgspec.Struct, frozen=True):
    """How to bar a network from now on; what is left out stays."""

    id: Id
    ip: Network | None = None
    severity: NetworkSeverity | None = None
    comment: Comment | None = None
    expires_in: Seconds | None = None


class NewMailDomain(msgspec.Struct, frozen=True):
    """An e-mail domain to bar."""

    domain: Annotated[str, Meta(min_length=1, max_length=253)]
    allow_with_approval: bool = False


class NewMail(msgspec.Struct, frozen=True):
    """An e-mail address to bar, or one of which only the hash is known."""

    email: Email | None = None
    canonical_email_hash: Annotated[str, Meta(max_length=64)] | None = None


class Asked(msgspec.Struct, frozen=True):
    """An e-mail address to look for."""

    email: Email


@endpoints.get("/api/v1/admin/ip_blocks", scope=IPS.format("read"), pages=True)
async def list_ip_blocks(ctx: Ctx, given: AdminPaging) -> tuple[AdminIpBlock, ...]:
    """The barred networks, the newest first."""
    found = await page_of(ctx, gate.NETWORKS, given)
    return tuple(ip_block(one) for one in found)


@endpoints.get("/api/v1/admin/ip_blocks/{id}", scope=IPS.format("read"), refuses=(404,))
async def get_ip_block(ctx: Ctx, given: One) -> AdminIpBlock:
    """One barred network."""
    return ip_block(await gate.NETWORKS.get(ctx.tx, ctx.member, int(given.id)))


@endpoints.post("/api/v1/admin/ip_blocks", scope=IPS.format("write"))
async def create_ip_block(ctx: Ctx, given: NewNetwork) -> AdminIpBlock:
    """Bar a network: from signing up without a moderator's yes, from signing up, or from coming in at all."""
    severity = OURS[given.severity]
    return ip_block(
        await gate.bar_network(
            ctx.tx, ctx.member, given.ip, severity, comment=given.comment, expires_in=given.expires_in
        )
    )


@endpoints.put("/api/v1/admin/ip_blocks/{id}", scope=IPS.format("write"), refuses=(404,))
async def update_ip_block(ctx: Ctx, given: NetworkChange) -> AdminIpBlock:
    """Bar a network in another way."""
    return ip_block(
        await gate.change_network(
            ctx.tx,
            ctx.member,
            int(given.id),
            network=given.ip,
            severity=OURS[given.severity] if given.severity else None,
            comment=given.comment,
            expires_in=given.expires_in,
        )
    )


@endpoints.delete("/api/v1/admin/ip_blocks/{id}", scope=IPS.format("write"), refuses=(404,))
async def delete_ip_block(ctx: Ctx, given: One) -> Empty:
    """Bar a network no longer."""
    await gate.NETWORKS.free(ctx.tx, ctx.member, int(given.id))
    return Empty()


async def _mail_domain(ctx: Ctx, bar: BarredMailDomain) -> AdminEmailDomainBlock:
    return email_domain_block(bar, (await gate.came_with(ctx.tx, [bar.domain]))[bar.domain])


@endpoints.get("/api/v1/admin/email_domain_blocks", scope=MAIL_DOMAINS.format("read"), pages=True)
async def list_email_domain_blocks(ctx: Ctx, given: AdminPaging) -> tuple[AdminEmailDomainBlock, ...]:
    """The barred e-mail domains, the newest first."""
    found = await page_of(ctx, gate.MAIL_DOMAINS, given)
    came = await gate.came_with(ctx.tx, [one.domain for one in found])
    return tuple(email_domain_block(one, came[one.domain]) for one in found)


@endpoints.get("/api/v1/admin/email_domain_blocks/{id}", scope=MAIL_DOMAINS.format("read"), refuses=(404,))
async def get_email_domain_block(ctx: Ctx, given: One) -> AdminEmailDomainBlock:
    """One barred e-mail domain."""
    return await _mail_domain(ctx, await gate.MAIL_DOMAINS.get(ctx.tx, ctx.member, int(given.id)))


@endpoints.post("/api/v1/admin/email_domain_blocks", scope=MAIL_DOMAINS.format("write"))
async def create_email_domain_block(ctx: Ctx, given: NewMailDomain) -> AdminEmailDomainBlock:
    """Bar an e-mail domain from signing up."""
    bar = await gate.bar_mail_domain(ctx.tx, ctx.member, given.domain, with_approval=given.allow_with_approval)
    return await _mail_domain(ctx, bar)


@endpoints.delete("/api/v1/admin/email_domain_blocks/{id}", scope=MAIL_DOMAINS.format("write"), refuses=(404,))
async def delete_email_domain_block(ctx: Ctx, given: One) -> Empty:
    """Bar an e-mail domain no longer."""
    await gate.MAIL_DOMAINS.free(ctx.tx, ctx.member, int(given.id))
    return Empty()


@endpoints.get("/api/v1/admin/canonical_email_blocks", scope=MAILS.format("read"), pages=True)
async def list_email_blocks(ctx: Ctx, given: AdminPaging) -> tuple[AdminCanonicalEmailBlock, ...]:
    """The barred e-mail addresses, by their hash, the newest first."""
    found = await page_of(ctx, gate.MAILS, given)
    return tuple(email_block(one) for one in found)


@endpoints.get("/api/v1/admin/canonical_email_blocks/{id}", scope=MAILS.format("read"), refuses=(404,))
async def get_email_block(ctx: Ctx, given: One) -> AdminCanonicalEmailBlock:
    """One barred e-mail address, by its hash."""
    return email_block(await gate.MAILS.get(ctx.tx, ctx.member, int(given.id)))


@endpoints.post("/api/v1/admin/canonical_email_blocks/test", scope=MAILS.format("read"))
async def find_email_blocks(ctx: Ctx, given: Asked) -> tuple[AdminCanonicalEmailBlock, ...]:
    """The bar that an e-mail address would meet."""
    return tuple(email_block(one) for one in await gate.mails_like(ctx.tx, ctx.member, given.email))


@endpoints.post("/api/v1/admin/canonical_email_blocks", scope=MAILS.format("write"))
async def create_email_block(ctx: Ctx, given: NewMail) -> AdminCanonicalEmailBlock:
    """Bar an e-mail address from signing up."""
    return email_block(await gate.bar_mail(ctx.tx, ctx.member, email=given.email, digest=given.canonical_email_hash))


@endpoints.delete("/api/v1/admin/canonical_email_blocks/{id}", scope=MAILS.format("write"), refuses=(404,))
async def delete_email_block(ctx: Ctx, given: One) -> Empty:
    """Bar an e-mail address no longer."""
    await gate.MAILS.free(ctx.tx, ctx.member, int(given.id))
    return Empty()
