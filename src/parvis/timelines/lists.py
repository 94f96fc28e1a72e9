"""Lists: some of those whom a member follows, read apart from the rest.

A member and their wishes flow in, lists flow out. A list holds only whom its owner follows, and themselves. While a
list is exclusive its members are not read in home: the owner's tastes say so, and get a new version when they change.
"""

from collections.abc import Sequence
from typing import Final

import msgspec
from sqlalchemy import BigInteger, Boolean, Text, bindparam, delete, func, insert, select, update

from parvis.core.errors import Invalid, NotFound
from parvis.core.ids import AccountId
from parvis.events import Blocked, Unfollowed
from parvis.people.accounts import COLUMNS, Account, lock_accounts
from parvis.posts.page import Page, Paged
from parvis.posts.visibility import following
from parvis.store.statement import Statement, among
from parvis.store.tables import accounts, list_members, lists
from parvis.store.transaction import Tx
from parvis.timelines import wishes

MOST: Final = 50  # lists of one member
LONGEST_TITLE: Final = 256
REPLIES: Final = ("none", "list", "followed")


class Listing(msgspec.Struct, frozen=True):
    """A member's list. `replies` says whose answers to others it shows: none, to its members, to anyone followed."""

    id: int
    account_id: AccountId
    title: str
    replies: str
    exclusive: bool


_COLUMNS = tuple(lists.c[field] for field in Listing.__struct_fields__)
_owner = bindparam("owner", type_=BigInteger)
_list = bindparam("list", type_=BigInteger)
_member = bindparam("member", type_=BigInteger)
_OF = Statement(select(*_COLUMNS).where(lists.c.account_id == _owner).order_by(lists.c.id), Listing)
_ONE = Statement(select(*_COLUMNS).where(lists.c.id == _list, lists.c.account_id == _owner), Listing)
_COUNT = Statement(select(func.count()).select_from(lists).where(lists.c.account_id == _owner))
_ADD = Statement(insert(lists).values({column.name: bindparam(column.name, type_=column.type) for column in lists.c}))
_CHANGE = Statement(
    update(lists)
    .where(lists.c.id == _list, lists.c.account_id == _owner)
    .values(
        title=bindparam("title", type_=Text),
        replies=bindparam("replies", type_=Text),
        exclusive=bindparam("exclusive", type_=Boolean),
    )
)
_DELETE = Statement(delete(lists).where(lists.c.id == _list, lists.c.account_id == _owner))
_WITH = Statement(
    select(*_COLUMNS)
    .join_from(list_members, lists, lists.c.id == list_members.c.list_id)
    .where(list_members.c.account_id == _member, lists.c.account_id == _owner)
    .order_by(lists.c.id),
    Listing,
)
_MEMBERS: Paged[Account] = Paged(
    select(*COLUMNS)
    .join_from(list_members, accounts, accounts.c.id == list_members.c.account_id)
    .where(list_members.c.list_id == _list, accounts.c.suspended_at.is_(None)),
    accounts.c.id,
    Account,
)
_ALL_MEMBERS = Statement(
    select(*COLUMNS)
    .join_from(list_members, accounts, accounts.c.id == list_members.c.account_id)
    .where(list_members.c.list_id == _list, accounts.c.suspended_at.is_(None))
    .order_by(accounts.c.id.desc()),
    Account,
)
_FIT = Statement(  # whom the owner follows, and the owner
    select(accounts.c.id).where(
        among(accounts.c.id, "members"), (accounts.c.id == _owner) | following(_owner, accounts.c.id)
    )
)
_IN_IT = Statement(
    select(list_members.c.account_id).where(
        list_members.c.list_id == _list, among(list_members.c.account_id, "members")
    )
)
_PUT = Statement(
    insert(list_members).values({name: bindparam(name, type_=BigInteger) for name in ("list_id", "account_id", "id")})
)
_SIZES = Statement(
    select(list_members.c.list_id, func.count())
    .join_from(list_members, lists, lists.c.id == list_members.c.list_id)
    .join(accounts, accounts.c.id == list_members.c.account_id)
    .where(lists.c.account_id == _owner, accounts.c.suspended_at.is_(None))
    .group_by(list_members.c.list_id)
)
_TAKE = Statement(
    delete(list_members).where(list_members.c.list_id == _list, among(list_members.c.account_id, "members"))
)
_TAKE_FROM_ALL = Statement(
    delete(list_members).where(
        list_members.c.account_id == _member,
        list_members.c.list_id.in_(select(lists.c.id).where(lists.c.account_id == _owner)),
    )
)


async def lists_of(tx: Tx, owner: Account) -> list[Listing]:
    """The member's lists, the oldest first."""
    return await tx.all(_OF, owner=owner.id)


async def sizes_of(tx: Tx, owner: Account) -> dict[int, int]:
    """How many people are on each of the member's lists; those that hold nobody are not among them."""
    return {row[0]: row[1] for row in await tx.all(_SIZES, owner=owner.id)}


async def get_list(tx: Tx, owner: Account, list_id: int) -> Listing:
    """One of the member's lists.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    found = await tx.first(_ONE, list=list_id, owner=owner.id)
    if found is None:
        raise NotFound("There is no such list.")
    return found


async def make_list(tx: Tx, owner: Account, title: str, *, replies: str = "list", exclusive: bool = False) -> Listing:
    """Make a list, empty as yet.

    Raises:
        Invalid: the title is empty or longer than 256 characters, or there are 50 lists already.
    """
    made = Listing(tx.new_id(), owner.id, _title(title), _replies(replies), exclusive)
    await lock_accounts(tx, (owner.id,))  # two at once are counted one after the other
    if await tx.value(_COUNT, owner=owner.id) >= MOST:
        raise Invalid("One keeps at most {limit} lists.", limit=MOST)
    await tx.run(_ADD, **msgspec.structs.asdict(made))
    return made


async def edit_list(
    tx: Tx,
    owner: Account,
    list_id: int,
    *,
    title: str | None = None,
    replies: str | None = None,
    exclusive: bool | None = None,
) -> Listing:
    """Change what is given of a list.

    Raises:
        Invalid: the title or whose answers are shown breaks a rule.
        NotFound: there is no such list of theirs.
    """
    old = await get_list(tx, owner, list_id)
    new = Listing(
        old.id,
        old.account_id,
        old.title if title is None else _title(title),
        old.replies if replies is None else _replies(replies),
        old.exclusive if exclusive is None else exclusive,
    )
    await tx.run(_CHANGE, list=new.id, owner=owner.id, title=new.title, replies=new.replies, exclusive=new.exclusive)
    if new.exclusive != old.exclusive:
        await wishes.changed(tx, owner.id)
    return new


async def delete_list(tx: Tx, owner: Account, list_id: int) -> None:
    """Delete a list; its members are followed as before.

    Raises:
        NotFound: there is no such list of theirs.
    """
    old = await get_list(tx, owner, list_id)
    await tx.run(_DELETE, list=old.id, owner=owner.id)
    if old.exclusive:
        await wishes.changed(tx, owner.id)


async def members_of(tx: Tx, owner: Account, list_id: int, page: Page | None) -> list[Account]:
    """A page of whom the list holds, or (None) all of them.

    Raises:
        NotFound: there is no such list of theirs.
    """
    found = await get_list(tx, owner, list_id)
    if page is None:
        return await tx.all(_ALL_MEMBERS, list=found.id)
    return await _MEMBERS.read(tx, page, list=found.id)


async def add_members(tx: Tx, owner: Account, list_id: int, members: Sequence[AccountId]) -> None:
    """Put accounts on the list.

    Raises:
        Invalid: one is on it already.
        NotFound: there is no such list of theirs, or they do not follow one of the accounts.
    """
    found = await get_list(tx, owner, list_id)
    wanted = list(dict.fromkeys(members))
    fit = {row[0] for row in await tx.all(_FIT, members=wanted, owner=owner.id)}
    if len(fit) < len(wanted):
        raise NotFound("A list holds only people whom you follow.")
    if await tx.all(_IN_IT, list=found.id, members=wanted):
        raise Invalid("They are on this list already.", field="account_id")
    await tx.many(_PUT, [{"list_id": found.id, "account_id": one, "id": tx.new_id()} for one in wanted])
    if found.exclusive and wanted:
        await wishes.changed(tx, owner.id)


async def drop_members(tx: Tx, owner: Account, list_id: int, members: Sequence[AccountId]) -> None:
    """Take accounts off the list; nothing happens for those who are not on it.

    Raises:
        NotFound: there is no such list of theirs.
    """
    found = await get_list(tx, owner, list_id)
    if await tx.run(_TAKE, list=found.id, members=list(members)) and found.exclusive:
        await wishes.changed(tx, owner.id)


async def lists_with(tx: Tx, owner: Account, member: AccountId) -> list[Listing]:
    """Those of the member's lists that hold this account."""
    return await tx.all(_WITH, owner=owner.id, member=member)


async def leave_lists_of_unfollowed(tx: Tx, event: Unfollowed) -> None:
    """Take who is followed no more off the lists of who followed them."""
    await _part(tx, event.follower, event.followee)


async def leave_lists_of_blocked(tx: Tx, event: Blocked) -> None:
    """Take each of the two off the other's lists."""
    await _part(tx, event.blocker, event.blocked)
    await _part(tx, event.blocked, event.blocker)


async def _part(tx: Tx, owner: AccountId, member: AccountId) -> None:
    if not await tx.all(_FIT, members=[member], owner=owner) and await tx.run(
        _TAKE_FROM_ALL, owner=owner, member=member
    ):
        await wishes.changed(tx, owner)


def _title(given: str) -> str:
    title = given.strip()
    if not title:
        raise Invalid("A list needs a title.", field="title")
    if len(title) > LONGEST_TITLE:
        raise Invalid("This is longer than {limit} characters.", field="title", limit=LONGEST_TITLE)
    return title


def _replies(given: str) -> str:
    if given not in REPLIES:
        raise Invalid("Say whose replies the list shall show.", field="replies_policy")
    return given
