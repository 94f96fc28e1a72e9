"""What moderators do to an account and to a post, and how they take it back.

A moderator, an account and an action flow in; a restraint on the account, a strike that its owner is told of, closed
reports and an entry in the audit log flow out, all in one transaction. Nobody acts on an equal.
"""

from typing import Final, Literal

from parvis.core.errors import NotFound
from parvis.core.ids import AccountId, PostId
from parvis.events import AccountReleased, AccountRestrained
from parvis.moderation import audit, reports, roles, strikes
from parvis.moderation.roles import May
from parvis.people import accounts, restraining
from parvis.people.accounts import Account, Role
from parvis.people.restraints import Restraint
from parvis.posts import delete, visibility
from parvis.store.transaction import Tx

Action = Literal["none", "disable", "sensitive", "limit", "suspend"]

_LAID: Final = {
    "disable": Restraint.DISABLED,
    "sensitive": Restraint.SENSITIVE,
    "limit": Restraint.LIMITED,
}


async def act(
    tx: Tx,
    moderator: Account | None,
    account_id: AccountId,
    action: Action,
    *,
    text: str = "",
    report_id: int | None = None,
) -> int:
    """Warn an account, or more; the strike's id. A report that led to it is closed, and with a restraint all about it.

    Raises:
        Forbidden: the moderator may not, or does not stand above the account.
        NotFound: there is no such account or report.
        Invalid: the text is too long.
    """
    roles.require(moderator, May.USERS)
    account = await accounts.get_account(tx, account_id)
    roles.require_above(moderator, account)
    if report_id is not None:
        report = await reports.get(tx, moderator, report_id)
        if report.target_id != account_id:
            raise NotFound("There is no such report.")
    if action == "suspend":
        await restraining.suspend(tx, account_id)
    elif action != "none":
        await restraining.lay(tx, account_id, _LAID[action])
    if action != "none":
        tx.emit(AccountRestrained(account_id, action))
    strike = await strikes.strike(tx, moderator, account_id, action, text=text, report_id=report_id)
    await audit.note(tx, moderator, f"account.{action}", f"account:{account_id}", text)
    if action != "none":
        await reports.resolve_about(tx, moderator, account_id)
    elif report_id is not None:
        await reports.resolve(tx, moderator, report_id)
    return strike


async def release(tx: Tx, moderator: Account | None, account_id: AccountId, action: Action) -> None:
    """Take a restraint back: enable, mark no longer, limit no longer, suspend no longer.

    Raises:
        Forbidden: the moderator may not, or does not stand above the account.
        NotFound: there is no such account.
    """
    roles.require(moderator, May.USERS)
    account = await accounts.get_account(tx, account_id)
    roles.require_above(moderator, account)
    if action == "suspend":
        lifted = await restraining.unsuspend(tx, account_id)
    else:
        lifted = action in _LAID and await restraining.lift(tx, account_id, _LAID[action])
    if lifted:
        tx.emit(AccountReleased(account_id, action))
    await audit.note(tx, moderator, f"account.release_{action}", f"account:{account_id}")


async def take_down(
    tx: Tx, moderator: Account | None, post_id: PostId, *, text: str = "", report_id: int | None = None
) -> int:
    """Delete a member's post, and tell them why; the strike's id.

    Raises:
        As `take_down_all`.
    """
    return await take_down_all(tx, moderator, (post_id,), text=text, report_id=report_id)


async def take_down_all(
    tx: Tx, moderator: Account | None, post_ids: tuple[PostId, ...], *, text: str = "", report_id: int | None = None
) -> int:
    """Delete posts of one member, and tell them why, once; the strike's id. A report that led to it is closed.

    Raises:
        Forbidden: the moderator may not, or does not stand above the author.
        NotFound: one is not there, or they are of several members.
        Invalid: the text is too long.
    """
    roles.require(moderator, May.REPORTS)
    found = await visibility.written(tx, post_ids)
    authors = {post.author.id: post.author for post in found.values()}
    if not post_ids or len(found) < len(set(post_ids)) or len(authors) > 1:
        raise NotFound("This post does not exist, or you may not see it.")
    [author] = authors.values()
    roles.require_above(moderator, author)
    for post_id in found:
        await delete.delete(tx, author, post_id)
    await audit.note_each(tx, moderator, "post.delete", [f"post:{one}" for one in found], f"account:{author.id}")
    strike = await strikes.strike(
        tx, moderator, author.id, "delete", text=text, report_id=report_id, posts=tuple(found)
    )
    if report_id is not None:
        await reports.resolve(tx, moderator, report_id)
    return strike


async def appoint(tx: Tx, admin: Account | None, account_id: AccountId, role: Role) -> None:
    """Give an account another role.

    Raises:
        Forbidden: the account may not, or does not stand above the other.
        NotFound: there is no such account.
    """
    roles.require(admin, May.ROLES)
    roles.require_above(admin, await accounts.get_account(tx, account_id))
    await accounts.appoint(tx, account_id, role)
    await audit.note(tx, admin, "account.appoint", f"account:{account_id}", role)


async def decide_appeal(tx: Tx, moderator: Account | None, strike_id: int, *, approved: bool) -> None:
    """Approve an appeal, which lifts what the strike laid on the account, or reject it.

    Raises:
        Forbidden: the moderator may not.
        NotFound: no appeal waits for a decision.
    """
    strike = await strikes.decide(tx, moderator, strike_id, approved=approved)
    if approved and strike.action in {*_LAID, "suspend"}:
        await release(tx, moderator, strike.account_id, strike.action)  # type: ignore[arg-type] # it is one of them
