"""What tests of every room open the world with: members, made by the real verbs."""

from typing import Any

from parvis.people.accounts import Account, Application, open_account
from parvis.store.database import Store
from parvis.store.transaction import Tx

PASSWORD = "correct horse"
PASSWORD_HASH = "$argon2id$v=19$m=8,t=1,p=1$JwybLE+6wJ3+FyEWMp5EXw$2vkTEWw0wX8XqZxAluLIzwZh/XOkskcECRkx2BSMf/g"
"""`PASSWORD`, hashed so cheaply that signing in takes a test no time."""


async def open_member(tx: Tx, handle: str, **application: Any) -> Account:
    """Open an account that can sign in with `PASSWORD`, in a transaction of the test's own."""
    given = {"email": f"{handle.lower()}@example.com", "password_hash": PASSWORD_HASH} | application
    return await open_account(tx, Application(handle=handle, **given))


async def member(store: Store, handle: str, **application: Any) -> Account:
    """Open an account that can sign in with `PASSWORD`."""
    async with store.transaction(durable=False) as tx:
        return await open_member(tx, handle, **application)


async def members(store: Store, *handles: str) -> list[Account]:
    """Open several."""
    async with store.transaction(durable=False) as tx:
        return [await open_member(tx, handle) for handle in handles]
