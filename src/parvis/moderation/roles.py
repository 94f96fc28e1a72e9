"""Roles: what a moderator and an administrator may do, and the one place that says no to everyone else.

An account (or nobody: the operator at the command line, who may do everything) and a permission flow in; nothing, or
Forbidden, flows out. The numbers are those that Mastodon's apps know.
"""

import enum
from typing import Final

from parvis.core.errors import Forbidden
from parvis.people import standing
from parvis.people.accounts import Account


class May(enum.IntFlag):
    """A permission."""

    EVERYTHING = 1
    DEVOPS = 2
    SEE_AUDIT_LOG = 4
    SEE_DASHBOARD = 8
    REPORTS = 16
    FEDERATION = 32
    SETTINGS = 64
    BLOCKS = 128
    TAXONOMIES = 256
    APPEALS = 512
    USERS = 1024
    RULES = 4096
    ANNOUNCEMENTS = 8192
    EMOJIS = 16384
    ROLES = 131072
    DELETE = 524288


MODERATOR: Final = May.SEE_AUDIT_LOG | May.SEE_DASHBOARD | May.REPORTS | May.TAXONOMIES | May.USERS
OF_ROLE: Final[dict[str, May]] = {"member": May(0), "moderator": MODERATOR, "admin": May.EVERYTHING}
RANKS: Final = ("member", "moderator", "admin")


def may(account: Account, permission: May) -> bool:
    """Whether the account's role includes the permission, and it may come in itself."""
    if not standing.may_enter(account):
        return False
    held = OF_ROLE.get(account.role, May(0))
    return bool(held & (permission | May.EVERYTHING))


def require(account: Account | None, permission: May) -> None:
    """Return when the account may do this.

    Raises:
        Forbidden: its role does not include it, or it may not come in itself.
    """
    if account is None:
        return
    standing.require_entry(account)
    if not may(account, permission):
        raise Forbidden("This is not for you to do.")


def require_above(account: Account | None, other: Account) -> None:
    """Return when the account stands above the other: nobody sanctions an equal, nor themselves.

    Raises:
        Forbidden: it does not.
    """
    if account is not None and RANKS.index(account.role) <= RANKS.index(other.role):
        raise Forbidden("This is not for you to do.")
