"""Registers: what administrators keep out of the instance, or let in, as lists with the same three verbs.

Who asks and which entry flow in; entries flow out, or one is struck off and the audit log says so. How an entry is made
is the business of the file that holds the register.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import BigInteger, Table, bindparam, select

from parvis.moderation import audit, roles
from parvis.moderation.roles import May
from parvis.people.accounts import Account
from parvis.posts.page import FIRST, Page, Paged
from parvis.store.statement import Statement
from parvis.store.transaction import Tx


class Entry(Protocol):
    """What a register lists."""

    @property
    def id(self) -> int:
        """By which it is asked for, and older or newer than another."""
        ...


T = TypeVar("T", bound=Entry)


class Register(Generic[T]):
    """One such list: what its rows are, who `may` see it, and how an entry is struck off and told of in the log."""

    def __init__(
        self,
        table: Table,
        into: type[T],
        may: May,
        *,
        strike_off: Callable[[Tx, int], Awaitable[object]],
        told: Callable[[T], str],
        verb: str,
    ) -> None:
        whole: Any = select(*table.columns)
        self._paged: Paged[T] = Paged(whole, table.c.id, into)
        self._one: Statement[T] = Statement(whole.where(table.c.id == bindparam("which", type_=BigInteger)), into)
        self._may = may
        self._strike_off = strike_off
        self._told = told
        self._verb = verb

    async def read(self, tx: Tx, admin: Account | None, page: Page = FIRST) -> list[T]:
        """A page of it, the newest first.

        Raises:
            Forbidden: the account may not read it.
        """
        roles.require(admin, self._may)
        return await self._paged.read(tx, page)

    async def get(self, tx: Tx, admin: Account | None, which: int) -> T:
        """One entry.

        Raises:
            Forbidden: the account may not read it.
            NotFound: there is none.
        """
        roles.require(admin, self._may)
        return await tx.one(self._one, which=which)

    async def free(self, tx: Tx, admin: Account | None, which: int) -> None:
        """Strike one entry off.

        Raises:
            Forbidden: the account may not.
            NotFound: there is none.
        """
        one = await self.get(tx, admin, which)
        await self._strike_off(tx, which)
        await audit.note(tx, admin, self._verb, self._told(one))
