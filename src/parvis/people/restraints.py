"""Restraints: what moderators, or the wait to be let in, laid on an account, as bits of one column, and conditions.

An account without any is as free as it was; a suspended one is told by `suspended_at`, since when matters there.
"""

import enum
from typing import Final

from sqlalchemy import ColumnElement, FromClause, and_, literal_column


class Restraint(enum.IntFlag):
    """A bit of `accounts.restraints`."""

    LIMITED = 1  # out of public feeds, search and suggestions; strangers' notifications wait
    SENSITIVE = 2  # its pictures are all shown as sensitive
    DISABLED = 4  # nobody can sign in to it
    PENDING = 8  # it waits for a moderator's yes
    UNCONFIRMED = 16  # its e-mail address is not shown to be its owner's yet


AWAITED: Final = Restraint.PENDING | Restraint.UNCONFIRMED
"""Borne by who is not let in yet: for others, they do not exist."""


def without(account: FromClause, restraint: Restraint) -> ColumnElement[bool]:
    """A condition: this row of `accounts` bears none of these restraints."""
    return account.c.restraints.bitwise_and(literal_column(str(int(restraint)))) == literal_column("0")


def under(account: FromClause, restraint: Restraint) -> ColumnElement[bool]:
    """A condition: this row of `accounts` bears at least one of these restraints."""
    borne = account.c.restraints.bitwise_and(literal_column(str(int(restraint)))) != literal_column("0")
    return and_(account.c.restraints != literal_column("0"), borne)  # the first is what the index knows
