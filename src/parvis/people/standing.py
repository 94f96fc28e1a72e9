"""Standing: who may take part. One place that says no to a suspended account, whatever it wants to do."""

from typing import Literal

from parvis.core.errors import Forbidden
from parvis.people.accounts import Account

Act = Literal["post", "like", "repost", "follow", "block", "mute", "upload", "draw", "ask", "edit", "authorise"]

_KEPT_WHEN_SUSPENDED: frozenset[Act] = frozenset({"block", "mute"})  # protecting oneself hurts nobody


def require(account: Account, act: Act) -> None:
    """Return when the account may do this.

    Raises:
        Forbidden: it is suspended.
    """
    if account.suspended_at is not None and act not in _KEPT_WHEN_SUSPENDED:
        raise Forbidden("Your account is suspended: you can read, but not take part.")
