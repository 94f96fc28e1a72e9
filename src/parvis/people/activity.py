"""What an account's row tells about its posts: how many everyone may see, and when the last one came."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import BigInteger, bindparam, update

from parvis.core.ids import AccountId
from parvis.people.accounts import lock_accounts
from parvis.store.statement import Statement, among
from parvis.store.tables import accounts
from parvis.store.transaction import Tx

_MORE = Statement(
    update(accounts)
    .where(accounts.c.id == bindparam("account", type_=BigInteger))
    .values(posts_count=accounts.c.posts_count + 1, last_post_at=bindparam("moment", type_=BigInteger))
)
_FEWER = Statement(
    update(accounts)
    .where(among(accounts.c.id, "ids"))
    .values(posts_count=accounts.c.posts_count - bindparam("gone", type_=BigInteger))
)


async def count_post(tx: Tx, account_id: AccountId) -> None:
    """One more post of this account, now."""
    await tx.run(_MORE, account=account_id, moment=tx.now)


async def count_gone_posts(tx: Tx, account_ids: Iterable[AccountId]) -> None:
    """One post less for each of these accounts, as often as it is named."""
    gone = Counter(account_ids)
    if len(gone) > 1:
        await lock_accounts(tx, gone)
    for times in sorted(set(gone.values())):
        await tx.run(_FEWER, ids=[account for account, named in gone.items() if named == times], gone=times)
