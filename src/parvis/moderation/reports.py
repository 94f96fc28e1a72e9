"""Reports: what a member tells the moderators about another, and how a report goes on until it is closed.

A filing flows in, a Report and `ReportFiled` flow out. Whoever reports must be able to see what they report; whoever
reads reports must hold the role. A report keeps naming posts and rules that are gone since.
"""

from typing import Any, Final, Literal

import msgspec
from sqlalchemy import BigInteger, Boolean, Text, bindparam, case, func, insert, literal_column, or_, select, update

from parvis.core import ids
from parvis.core.errors import Invalid, NotFound
from parvis.core.ids import AccountId, PostId
from parvis.core.text import keepable
from parvis.events import ReportFiled, ReportResolved
from parvis.moderation import audit, house, roles
from parvis.moderation.roles import May
from parvis.people import accounts
from parvis.people.accounts import Account
from parvis.posts import visibility
from parvis.posts.page import FIRST, Page, Paged, before, most
from parvis.store.statement import Statement, among
from parvis.store.tables import reports
from parvis.store.transaction import Tx

Category = Literal["spam", "legal", "violation", "other"]

COMMENT_LENGTH: Final = 1000
MOST_POSTS: Final = 100
MOST_RULES: Final = 50


class Filing(msgspec.Struct, frozen=True, kw_only=True):
    """What a member reports."""

    target: AccountId
    posts: tuple[PostId, ...] = ()
    comment: str = ""
    category: Category = "other"
    rules: tuple[int, ...] = ()
    forward: bool = False  # tell the other server too; none is known to this one yet


class Report(msgspec.Struct, frozen=True):
    """A report as it stands."""

    id: int
    account_id: AccountId
    target_id: AccountId
    category: Category
    comment: str
    forward: bool
    posts: list[PostId]
    rules: list[int]
    assigned_id: AccountId | None
    resolved_at: int | None  # ms
    resolved_by_id: AccountId | None
    updated_at: int

    @property
    def created_at(self) -> int:
        """When it was filed, in ms."""
        return ids.moment_of(self.id)


_COLUMNS = tuple(reports.c[field] for field in Report.__struct_fields__)
_report = reports.c.id == bindparam("report", type_=BigInteger)
_moment = bindparam("moment", type_=BigInteger)
_by = bindparam("by", type_=BigInteger)
_FILE = Statement(
    insert(reports)
    .values(
        {
            name: bindparam(name, type_=reports.c[name].type)
            for name in Report.__struct_fields__
            if name not in {"assigned_id", "resolved_at", "resolved_by_id"}
        }
    )
    .returning(*_COLUMNS),
    Report,
)
_SEVERAL = Statement(select(*_COLUMNS).where(among(reports.c.id, "ids")), Report)
_GET = Statement(select(*_COLUMNS).where(_report), Report)
_reporter = bindparam("account", type_=BigInteger)
_target = bindparam("target", type_=BigInteger)
_worker = bindparam("assigned", type_=BigInteger)
_LISTED: Paged[Report] = Paged(
    select(*_COLUMNS).where(
        bindparam("resolved", type_=Boolean) == reports.c.resolved_at.is_not(None),
        or_(_reporter == literal_column("0"), reports.c.account_id == _reporter),
        or_(_target == literal_column("0"), reports.c.target_id == _target),
        or_(_worker == literal_column("0"), reports.c.assigned_id == _worker),
    ),
    reports.c.id,
    Report,
)


def _changed(*conditions: Any, **values: Any) -> Statement[Report]:
    told = update(reports).where(_report, *conditions).values(updated_at=_moment, **values)
    return Statement(told.returning(*_COLUMNS), Report)


_ASSIGN = _changed(assigned_id=_by)
_UNASSIGN = _changed(assigned_id=None)
_RESOLVE = _changed(
    resolved_at=func.coalesce(reports.c.resolved_at, _moment),
    resolved_by_id=func.coalesce(reports.c.resolved_by_id, _by),
)
_REOPEN = _changed(resolved_at=None, resolved_by_id=None)
_UPDATE = _changed(
    category=func.coalesce(bindparam("category", type_=Text), reports.c.category),
    rules=case(
        (bindparam("ruled", type_=Boolean), bindparam("rules", type_=reports.c.rules.type)), else_=reports.c.rules
    ),
)
_RESOLVE_ABOUT = Statement(
    update(reports)
    .where(reports.c.target_id == _target, reports.c.resolved_at.is_(None))
    .values(resolved_at=_moment, resolved_by_id=_by, updated_at=_moment)
    .returning(reports.c.id)
)
_latest = func.max(reports.c.id)
_LATEST_OPEN = Statement(
    select(_latest, func.count())
    .where(reports.c.resolved_at.is_(None))
    .group_by(reports.c.target_id)
    .having(_latest < before)
    .order_by(_latest.desc())
    .limit(most)
)
_OPEN_COUNT = Statement(select(func.count()).select_from(reports).where(reports.c.resolved_at.is_(None)))


async def file(tx: Tx, account: Account, filing: Filing) -> Report:
    """Report an account, and posts of theirs.

    Raises:
        NotFound: there is no such account, or a post is not theirs, not there, or not for the reporter to see.
        Invalid: a part is too long, or names a rule that there is not.
    """
    target = await accounts.get_account(tx, filing.target)
    if target.id == account.id:
        raise Invalid("You cannot report yourself.", field="account_id")
    comment = keepable(filing.comment).strip()
    if len(comment) > COMMENT_LENGTH:
        raise Invalid("A comment has at most {limit} characters.", field="comment", limit=COMMENT_LENGTH)
    named = tuple(dict.fromkeys(filing.posts))[:MOST_POSTS]
    seen = await visibility.seen_by(tx, account, named)
    if any(post not in seen or seen[post].author.id != target.id for post in named):
        raise NotFound("This post does not exist, or you may not see it.")
    rules = tuple(dict.fromkeys(filing.rules))[:MOST_RULES]
    await house.require_rules(tx, rules)
    report = await tx.one(
        _FILE,
        id=tx.new_id(),
        account_id=account.id,
        target_id=target.id,
        category="violation" if rules else filing.category,
        comment=comment,
        forward=filing.forward and bool(target.domain),
        posts=[int(post) for post in named],
        rules=list(rules),
        updated_at=tx.now,
    )
    tx.emit(ReportFiled(report.id, account.id, target.id))
    return report


async def listed(
    tx: Tx,
    moderator: Account | None,
    page: Page = FIRST,
    *,
    resolved: bool = False,
    account: AccountId | None = None,
    target: AccountId | None = None,
    assigned: AccountId | None = None,
) -> list[Report]:
    """A page of the reports that are open (or resolved), by or about an account, or taken on by one, if it is named.

    Raises:
        Forbidden: the account may not read them.
    """
    roles.require(moderator, May.REPORTS)
    whose = {"account": account or 0, "target": target or 0, "assigned": assigned or 0}
    return await _LISTED.read(tx, page, resolved=resolved, **whose)


async def latest_open(tx: Tx, moderator: Account | None, page: Page = FIRST) -> dict[int, int]:
    """The latest open report about each account, and how many are open about it; the newest first.

    Raises:
        Forbidden: the account may not read them.
    """
    roles.require(moderator, May.REPORTS)
    rows: list[tuple[int, int]] = await tx.all(_LATEST_OPEN, before=page.before, most=page.most)
    return dict(rows)


async def get(tx: Tx, moderator: Account | None, report_id: int) -> Report:
    """One report.

    Raises:
        Forbidden: the account may not read it.
        NotFound: there is none.
    """
    roles.require(moderator, May.REPORTS)
    found = await tx.first(_GET, report=report_id)
    return _there(found)


async def open_count(tx: Tx, moderator: Account | None) -> int:
    """How many reports are open.

    Raises:
        Forbidden: the account may not know.
    """
    roles.require(moderator, May.REPORTS)
    count: int = await tx.value(_OPEN_COUNT)
    return count


async def several(tx: Tx, report_ids: list[int]) -> dict[int, Report]:
    """These reports, in one query: for whoever tells moderators of them."""
    return {one.id: one for one in await tx.all(_SEVERAL, ids=report_ids)} if report_ids else {}


async def update_report(
    tx: Tx,
    moderator: Account | None,
    report_id: int,
    *,
    category: Category | None = None,
    rules: tuple[int, ...] | None = None,
) -> Report:
    """Say more exactly what a report is about; what is left out stays. Only a violation names rules.

    Raises:
        Forbidden: the account may not.
        NotFound: there is no such report.
        Invalid: there is no such rule.
    """
    before = await get(tx, moderator, report_id)
    named = None if rules is None else list(dict.fromkeys(rules))[:MOST_RULES]
    if named:
        await house.require_rules(tx, tuple(named))
    if (category or before.category) != "violation":
        named = []
    changed = await tx.first(
        _UPDATE, report=report_id, moment=tx.now, category=category, ruled=named is not None, rules=named or []
    )
    await audit.note(tx, moderator, "report.update", f"report:{report_id}", category or "")
    return _there(changed)


async def assign(tx: Tx, moderator: Account, report_id: int) -> Report:
    """Take a report on.

    Raises:
        Forbidden: the account may not.
        NotFound: there is no such report.
    """
    return await _change(tx, moderator, report_id, "assign", _ASSIGN, by=moderator.id)


async def unassign(tx: Tx, moderator: Account | None, report_id: int) -> Report:
    """Leave a report to whoever takes it on.

    Raises:
        Forbidden: the account may not.
        NotFound: there is no such report.
    """
    return await _change(tx, moderator, report_id, "unassign", _UNASSIGN)


async def resolve(tx: Tx, moderator: Account | None, report_id: int) -> Report:
    """Close a report; one that is closed stays as it was.

    Raises:
        Forbidden: the account may not.
        NotFound: there is no such report.
    """
    by = moderator.id if moderator else None
    report = await _change(tx, moderator, report_id, "resolve", _RESOLVE, by=by)
    tx.emit(ReportResolved(report_id, AccountId(by or 0)))
    return report


async def reopen(tx: Tx, moderator: Account | None, report_id: int) -> Report:
    """Open a closed report again.

    Raises:
        Forbidden: the account may not.
        NotFound: there is no such report.
    """
    return await _change(tx, moderator, report_id, "reopen", _REOPEN)


async def resolve_about(tx: Tx, moderator: Account | None, target: AccountId) -> None:
    """Close all open reports about an account, in as many statements for one as for a thousand.

    Raises:
        Forbidden: the account may not.
    """
    roles.require(moderator, May.REPORTS)
    by = moderator.id if moderator else None
    closed = sorted(row[0] for row in await tx.all(_RESOLVE_ABOUT, target=target, moment=tx.now, by=by))
    await audit.note_each(tx, moderator, "report.resolve", [f"report:{one}" for one in closed])
    for one in closed:
        tx.emit(ReportResolved(one, AccountId(by or 0)))


async def _change(
    tx: Tx, moderator: Account | None, report_id: int, verb: str, statement: Statement[Report], **values: Any
) -> Report:
    roles.require(moderator, May.REPORTS)
    changed = await tx.first(statement, report=report_id, moment=tx.now, **values)
    report = _there(changed)
    await audit.note(tx, moderator, f"report.{verb}", f"report:{report_id}")
    return report


def _there(report: Report | None) -> Report:
    if report is None:
        raise NotFound("There is no such report.")
    return report
