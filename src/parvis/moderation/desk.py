"""The moderators' desk as a page shows it: open reports with all that they concern, in a constant number of queries."""

from collections.abc import Sequence

import msgspec

from parvis.core.ids import AccountId, PostId
from parvis.moderation import house, members, reports, roles, strikes
from parvis.moderation.house import Rule
from parvis.moderation.members import Member
from parvis.moderation.remarks import Remark
from parvis.moderation.reports import Report
from parvis.moderation.roles import May
from parvis.moderation.strikes import Strike
from parvis.people import accounts
from parvis.people.accounts import Account
from parvis.posts import visibility
from parvis.posts.page import FIRST, Page
from parvis.posts.post import Post
from parvis.store.transaction import Tx


class Case(msgspec.Struct, frozen=True):
    """A report, who reports whom, who works on it, and the posts and rules that it names."""

    report: Report
    reporter: Member
    target: Member
    assigned: Member | None
    resolved_by: Member | None
    posts: tuple[Post, ...]
    rules: tuple[Rule, ...]


async def open_cases(tx: Tx, moderator: Account | None, page: Page = FIRST) -> list[tuple[Case, int]]:
    """The accounts that open reports are about: the latest report and how many there are, in six queries.

    Raises:
        Forbidden: the account may not read them.
    """
    counts = await reports.latest_open(tx, moderator, page)
    latest = await reports.several(tx, list(counts))
    return [
        (case, counts[case.report.id]) for case in await cases(tx, [latest[one] for one in counts if one in latest])
    ]


async def next_case(tx: Tx, moderator: Account | None, report: Report, others: Sequence[Report]) -> int | None:
    """The report to look at once this one and the others about its account are done with; None when none waits.

    Raises:
        Forbidden: the account may not read them.
    """
    done = {report.id, *(one.id for one in others)}
    for page in (Page(max_id=max(done), limit=1), Page(limit=2)):
        for latest in await reports.latest_open(tx, moderator, page):
            if latest not in done:
                return latest
    return None


async def pending(tx: Tx, moderator: Account) -> dict[May, int]:
    """How many appeals and how many people wait for an answer, each where this moderator may give it."""
    counts = {}
    if roles.may(moderator, May.APPEALS):
        counts[May.APPEALS] = await strikes.pending_count(tx, moderator)
    if roles.may(moderator, May.USERS):
        counts[May.USERS] = await members.pending_count(tx, moderator)
    return counts


async def get_case(tx: Tx, moderator: Account | None, report_id: int) -> Case:
    """One report with all that it concerns.

    Raises:
        Forbidden: the account may not read it.
        NotFound: there is none.
    """
    return (await cases(tx, [await reports.get(tx, moderator, report_id)]))[0]


async def cases(tx: Tx, found: list[Report]) -> list[Case]:
    """These reports with all that they concern, in four queries: for whoever made sure that a moderator asks."""
    if not found:
        return []
    people: set[AccountId] = set()
    named: set[PostId] = set()
    rules: set[int] = set()
    for report in found:
        people |= {report.account_id, report.target_id}
        people |= {who for who in (report.assigned_id, report.resolved_by_id) if who is not None}
        named.update(report.posts)
        rules.update(report.rules)
    who = await members.several(tx, people)
    posts = await visibility.written(tx, named) if named else {}
    told = await house.rules_named(tx, sorted(rules))
    return [
        Case(
            report,
            who[report.account_id],
            who[report.target_id],
            None if report.assigned_id is None else who.get(report.assigned_id),
            None if report.resolved_by_id is None else who.get(report.resolved_by_id),
            tuple(posts[post] for post in report.posts if post in posts),
            tuple(told[rule] for rule in report.rules if rule in told),
        )
        for report in found
    ]


async def history_of(tx: Tx, moderator: Account | None, account_id: AccountId) -> list[Strike]:
    """What was done to an account before, the latest first.

    Raises:
        Forbidden: the account may not read it.
    """
    return await strikes.strikes_against(tx, moderator, account_id)


async def concerned(tx: Tx, words: Sequence[str]) -> dict[str, AccountId]:
    """Whom each of these words of the log is about, where it names somebody, in two queries at most."""
    numbers: dict[str, list[int]] = {"account": [], "report": [], "strike": []}
    for word in words:
        kind, _, number = word.partition(":")
        if kind in numbers and number.isdecimal():
            numbers[kind].append(int(number))
    told = {f"account:{number}": AccountId(number) for number in numbers["account"]}
    filed = await reports.several(tx, numbers["report"])
    decided = await strikes.several(tx, numbers["strike"])
    told |= {f"report:{number}": report.target_id for number, report in filed.items()}
    return told | {f"strike:{number}": strike.account_id for number, strike in decided.items()}


async def names_of(tx: Tx, decided: list[Strike], remarked: Sequence[Remark] = ()) -> dict[AccountId, Account]:
    """Who decided and remarked these, in one query; the command line is missing."""
    who = {strike.moderator_id for strike in decided if strike.moderator_id is not None}
    who |= {one.author_id for one in remarked if one.author_id is not None}
    return await accounts.accounts_by_ids(tx, who)
