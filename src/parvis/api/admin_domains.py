"""Other servers, for administrators: those that are barred, and those that are let in."""

from typing import Annotated

import msgspec
from msgspec import Meta

from parvis.api.admin_accounts import AdminPaging
from parvis.api.admin_entity import (
    SEVERITIES,
    AdminDomainAllow,
    AdminDomainBlock,
    DomainSeverity,
    domain_allow,
    domain_block,
)
from parvis.api.admin_registers import One, page_of
from parvis.api.answer import Empty
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Id
from parvis.moderation import domains

endpoints = Endpoints("admin")

BLOCKS, ALLOWS = "admin:{}:domain_blocks", "admin:{}:domain_allows"
OURS: dict[str, domains.Severity] = {"noop": "none", "silence": "limit", "suspend": "suspend"}

Domain = Annotated[str, Meta(min_length=1, max_length=300)]
Comment = Annotated[str, Meta(max_length=domains.COMMENT_LENGTH)]


class NewBlock(msgspec.Struct, frozen=True, kw_only=True):
    """A server to bar."""

    domain: Domain
    severity: DomainSeverity = "silence"
    reject_media: bool = False
    reject_reports: bool = False
    private_comment: Comment | None = None
    public_comment: Comment | None = None
    obfuscate: bool = False


class BlockChange(msgspec.Struct, frozen=True, kw_only=True):
    """How to bar a server from now on; what is left out stays."""

    id: Id
    severity: DomainSeverity | None = None
    reject_media: bool | None = None
    reject_reports: bool | None = None
    private_comment: Comment | None = None
    public_comment: Comment | None = None
    obfuscate: bool | None = None


class NewAllow(msgspec.Struct, frozen=True):
    """A server to let in."""

    domain: Domain


@endpoints.get("/api/v1/admin/domain_blocks", scope=BLOCKS.format("read"), pages=True)
async def list_domain_blocks(ctx: Ctx, given: AdminPaging) -> tuple[AdminDomainBlock, ...]:
    """The barred servers, the newest first."""
    found = await page_of(ctx, domains.BARRED, given)
    return tuple(domain_block(one) for one in found)


@endpoints.get("/api/v1/admin/domain_blocks/{id}", scope=BLOCKS.format("read"), refuses=(404,))
async def get_domain_block(ctx: Ctx, given: One) -> AdminDomainBlock:
    """One barred server."""
    return domain_block(await domains.BARRED.get(ctx.tx, ctx.member, int(given.id)))


@endpoints.post("/api/v1/admin/domain_blocks", scope=BLOCKS.format("write"))
async def create_domain_block(ctx: Ctx, given: NewBlock) -> AdminDomainBlock:
    """Bar a server."""
    terms = domains.Terms(
        severity=OURS[given.severity],
        reject_media=given.reject_media,
        reject_reports=given.reject_reports,
        private_comment=given.private_comment or "",
        public_comment=given.public_comment or "",
        obfuscate=given.obfuscate,
    )
    return domain_block(await domains.bar(ctx.tx, ctx.member, given.domain, terms))


@endpoints.put("/api/v1/admin/domain_blocks/{id}", scope=BLOCKS.format("write"), refuses=(404,))
async def update_domain_block(ctx: Ctx, given: BlockChange) -> AdminDomainBlock:
    """Bar a server in another way."""
    old = await domains.BARRED.get(ctx.tx, ctx.member, int(given.id))
    asked = msgspec.structs.asdict(given)
    told = {
        name: getattr(old, name) if asked[name] is None else asked[name]
        for name in domains.Terms.__struct_fields__
        if name != "severity"
    }
    severity = OURS[given.severity or SEVERITIES[old.severity]]
    return domain_block(await domains.change(ctx.tx, ctx.member, old.id, domains.Terms(severity=severity, **told)))


@endpoints.delete("/api/v1/admin/domain_blocks/{id}", scope=BLOCKS.format("write"), refuses=(404,))
async def delete_domain_block(ctx: Ctx, given: One) -> Empty:
    """Bar a server no longer."""
    await domains.BARRED.free(ctx.tx, ctx.member, int(given.id))
    return Empty()


@endpoints.get("/api/v1/admin/domain_allows", scope=ALLOWS.format("read"), pages=True)
async def list_domain_allows(ctx: Ctx, given: AdminPaging) -> tuple[AdminDomainAllow, ...]:
    """The servers that are let in, the newest first."""
    found = await page_of(ctx, domains.ALLOWED, given)
    return tuple(domain_allow(one) for one in found)


@endpoints.get("/api/v1/admin/domain_allows/{id}", scope=ALLOWS.format("read"), refuses=(404,))
async def get_domain_allow(ctx: Ctx, given: One) -> AdminDomainAllow:
    """One server that is let in."""
    return domain_allow(await domains.ALLOWED.get(ctx.tx, ctx.member, int(given.id)))


@endpoints.post("/api/v1/admin/domain_allows", scope=ALLOWS.format("write"))
async def create_domain_allow(ctx: Ctx, given: NewAllow) -> AdminDomainAllow:
    """Let a server in."""
    return domain_allow(await domains.allow(ctx.tx, ctx.member, given.domain))


@endpoints.delete("/api/v1/admin/domain_allows/{id}", scope=ALLOWS.format("write"), refuses=(404,))
async def delete_domain_allow(ctx: Ctx, given: One) -> Empty:
    """Let a server in no longer."""
    await domains.ALLOWED.free(ctx.tx, ctx.member, int(given.id))
    return Empty()
