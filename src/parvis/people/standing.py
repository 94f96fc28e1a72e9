"""Standing: who may take part. One place that says no to whoever is suspended, disabled or not yet let in."""

from typing import Final, Literal

from parvis.core.errors import Forbidden
from parvis.people.accounts import Account
from parvis.people.restraints import Restraint

Act = Literal[
    "post",
    "like",
    "repost",
    "follow",
    "block",
    "mute",
    "upload",
    "draw",
    "ask",
    "edit",
    "bookmark",
    "pin",
    "vote",
    "authorise",
]

_WAITING: Final = int(Restraint.PENDING | Restraint.UNCONFIRMED)
_OUTSIDE: Final = int(Restraint.DISABLED) | _WAITING
_KEPT_WHEN_SUSPENDED: frozenset[Act] = frozenset({"block", "mute"})  # protecting oneself hurts nobody


def require(account: Account, act: Act) -> None:
    """Return when the account may do this.

    Raises:
        Forbidden: it is suspended, disabled, or waits to be let in.
    """
    if account.restraints & _OUTSIDE:
        require_entry(account)
    if account.suspended_at is not None and act not in _KEPT_WHEN_SUSPENDED:
        raise Forbidden("Your account is suspended: you can read, but not take part.")


def may_enter(account: Account) -> bool:
    """Whether the account may come in at all."""
    return account.suspended_at is None and not account.restraints & _OUTSIDE


def is_put_out(account: Account) -> bool:
    """Whether moderators put it out: it may still sign in to read why, appeal, and take what is its own along."""
    return not may_enter(account) and not waits(account)


def waits(account: Account) -> bool:
    """Whether the account was never let in yet: a moderator's yes, or its owner's click on a link, is to come."""
    return bool(account.restraints & _WAITING)


def require_sign_in(account: Account) -> None:
    """Return when the account may sign in, if only to read why it was put out.

    Raises:
        Forbidden: it waits to be let in.
    """
    if not is_put_out(account):
        require_entry(account)


def require_entry(account: Account) -> None:
    """Return when the account may come in at all: sign in, or use a token.

    Raises:
        Forbidden: it is suspended, disabled, or waits to be let in.
    """
    if may_enter(account):
        return
    if account.restraints & Restraint.UNCONFIRMED:
        raise Forbidden("Confirm your e-mail address first: a letter with a link is on its way.")
    if account.restraints & Restraint.PENDING:
        raise Forbidden("A moderator is still to let you in.")
    raise Forbidden("Your account is shut for now.")
