"""What moderators see, as Mastodon's clients know it: accounts with e-mail and addresses, reports, bars."""

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from parvis.api.account_entity import Account, Moment, Role, account_entity, role_of
from parvis.api.door import Urls
from parvis.api.instance_entity import Rule, rule_entity
from parvis.api.status_entity import Status, status_entities
from parvis.core import clock
from parvis.moderation import domains, gate
from parvis.moderation.desk import Case
from parvis.moderation.members import Member
from parvis.people.barred import BarredMailDomain, BarredNetwork
from parvis.people.restraints import Restraint

ReportCategory = Literal["spam", "legal", "violation", "other"]
DomainSeverity = Literal["silence", "suspend", "noop"]
NetworkSeverity = Literal["sign_up_requires_approval", "sign_up_block", "no_access"]

SEVERITIES: dict[str, DomainSeverity] = {"none": "noop", "limit": "silence", "suspend": "suspend"}
NETWORK_SEVERITIES: dict[str, NetworkSeverity] = {
    "approval": "sign_up_requires_approval",
    "no_sign_up": "sign_up_block",
    "no_access": "no_access",
}


class AdminIp(msgspec.Struct, frozen=True):
    """An address that an account was used from."""

    ip: str
    used_at: Moment


class AdminAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account as moderators see it."""

    id: str
    username: str
    domain: str | None
    created_at: Moment
    email: str
    ip: str | None
    ips: tuple[AdminIp, ...]
    locale: str
    invite_request: str | None
    role: Role
    confirmed: bool
    approved: bool
    disabled: bool
    silenced: bool
    suspended: bool
    sensitized: bool
    account: Account
    created_by_application_id: str | None = None
    invited_by_account_id: str | None = None


class AdminReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report as moderators see it."""

    id: str
    action_taken: bool
    action_taken_at: Moment | None
    category: ReportCategory
    comment: str
    forwarded: bool
    created_at: Moment
    updated_at: Moment
    account: AdminAccount
    target_account: AdminAccount
    assigned_account: AdminAccount | None
    action_taken_by_account: AdminAccount | None
    statuses: tuple[Status, ...]
    rules: tuple[Rule, ...]


class AdminDomainBlock(msgspec.Struct, frozen=True, kw_only=True):
    """A server that is barred."""

    id: str
    domain: str
    digest: str
    created_at: Moment
    severity: DomainSeverity
    reject_media: bool
    reject_reports: bool
    private_comment: str | None
    public_comment: str | None
    obfuscate: bool


class AdminDomainAllow(msgspec.Struct, frozen=True):
    """A server that is let in."""

    id: str
    domain: str
    created_at: Moment


class AdminIpBlock(msgspec.Struct, frozen=True, kw_only=True):
    """A network that is barred."""

    id: str
    ip: str
    severity: NetworkSeverity
    comment: str
    created_at: Moment
    expires_at: Moment | None


class AdminCanonicalEmailBlock(msgspec.Struct, frozen=True):
    """An e-mail address that is barred, by its hash."""

    id: str
    canonical_email_hash: str


class MailDomainDay(msgspec.Struct, frozen=True):
    """How many signed up with a mail domain on a day."""

    day: Annotated[str, Meta(description="Its beginning, in seconds since 1970.")]
    accounts: str
    uses: str


class AdminEmailDomainBlock(msgspec.Struct, frozen=True, kw_only=True):
    """A mail domain that is barred."""

    id: str
    domain: str
    created_at: Moment
    history: tuple[MailDomainDay, ...]
    allow_with_approval: bool


def admin_account(member: Member, urls: Urls) -> AdminAccount:
    """The account with what only moderators see."""
    account = member.account
    places = tuple(AdminIp(place.address, clock.iso(place.seen_at)) for place in member.places)
    local = not account.domain
    return AdminAccount(
        id=str(account.id),
        username=account.handle,
        domain=account.domain or None,
        created_at=clock.iso(account.created_at),
        email=member.email or "",
        ip=places[0].ip if places else member.address or None,
        ips=places,
        locale=account.language,
        invite_request=member.reason or None,
        role=role_of(account),
        confirmed=local and not account.restraints & Restraint.UNCONFIRMED,
        approved=local and not member.pending,
        disabled=member.disabled,
        silenced=account.limited,
        suspended=account.suspended_at is not None,
        sensitized=account.marked,
        account=account_entity(account, urls),
        created_by_application_id=str(member.app_id) if member.app_id else None,
    )


def admin_accounts(members: Iterable[Member], urls: Urls) -> tuple[AdminAccount, ...]:
    """Several, in the order given."""
    return tuple(admin_account(member, urls) for member in members)


def admin_report(case: Case, urls: Urls) -> AdminReport:
    """A report with all that it concerns."""
    report = case.report
    return AdminReport(
        id=str(report.id),
        action_taken=report.resolved_at is not None,
        action_taken_at=clock.iso(report.resolved_at) if report.resolved_at else None,
        category=report.category,
        comment=report.comment,
        forwarded=report.forward,
        created_at=clock.iso(report.created_at),
        updated_at=clock.iso(report.updated_at),
        account=admin_account(case.reporter, urls),
        target_account=admin_account(case.target, urls),
        assigned_account=admin_account(case.assigned, urls) if case.assigned else None,
        action_taken_by_account=admin_account(case.resolved_by, urls) if case.resolved_by else None,
        statuses=status_entities(case.posts, urls),
        rules=tuple(rule_entity(rule) for rule in case.rules),
    )


def domain_block(one: domains.BarredDomain) -> AdminDomainBlock:
    """A barred server."""
    return AdminDomainBlock(
        id=str(one.id),
        domain=one.domain,
        digest=one.digest,
        created_at=clock.iso(one.created_at),
        severity=SEVERITIES[one.severity],
        reject_media=one.reject_media,
        reject_reports=one.reject_reports,
        private_comment=one.private_comment or None,
        public_comment=one.public_comment or None,
        obfuscate=one.obfuscate,
    )


def domain_allow(one: domains.AllowedDomain) -> AdminDomainAllow:
    """A server that is let in."""
    return AdminDomainAllow(str(one.id), one.domain, clock.iso(gate.made_at(one.id)))


def ip_block(one: BarredNetwork) -> AdminIpBlock:
    """A barred network."""
    return AdminIpBlock(
        id=str(one.id),
        ip=one.network,
        severity=NETWORK_SEVERITIES[one.severity],
        comment=one.comment,
        created_at=clock.iso(gate.made_at(one.id)),
        expires_at=clock.iso(one.expires_at) if one.expires_at else None,
    )


def email_block(one: gate.BarredMail) -> AdminCanonicalEmailBlock:
    """A barred e-mail address."""
    return AdminCanonicalEmailBlock(str(one.id), one.digest)


def email_domain_block(one: BarredMailDomain, came: Iterable[tuple[int, int]]) -> AdminEmailDomainBlock:
    """A barred mail domain, and who came with it lately."""
    return AdminEmailDomainBlock(
        id=str(one.id),
        domain=one.domain,
        created_at=clock.iso(gate.made_at(one.id)),
        history=tuple(MailDomainDay(str(day // clock.SECOND), str(count), str(count)) for day, count in came),
        allow_with_approval=one.with_approval,
    )
