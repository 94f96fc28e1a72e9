"""The moderators' desk as a page shows it: open reports with all that they concern, in a constant number of queries."""

from collections.abc import Sequence

import msgspec

from parvis.core.ids import AccountId, PostId
from parvis.moderation import house, members, reports, strikes
from parvis.moderation.house import Rule
from parvis.moderation.members import Member
from parvis.moderation.remarks import Remark
from parvis.moderation.reports import Report
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


async def open_cases(tx: Tx, moderator: Account | None, page: Page = FIRST) -> list[Case]:
    """A page of the open reports, the newest first, in five queries.

    Raises:
        Forbidden: the account may not read them.
    """
    return await cases(tx, await reports.listed(tx, moderator, page))


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


async def names_of(tx: Tx, decided: list[Strike], remarked: Sequence[Remark] = ()) -> dict[AccountId, Account]:
    """Who decided and remarked these, in one query; the command line is missing."""
    who = {strike.moderator_id for strike in decided if strike.moderator_id is not None}
    who |= {one.author_id for one in remarked if one.author_id is not None}
    return await accounts.accounts_by_ids(tx, who)
