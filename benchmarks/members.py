"""Members with tokens, opened through the rooms' own verbs, for loads that need somebody to be."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete

from parvis.core.config import Settings
from parvis.people import apps, grants
from parvis.people.accounts import Account, Application, find_by_handle, open_account
from parvis.people.relations import follow
from parvis.store.database import Store
from parvis.store.opening import open_store
from parvis.store.schema import migrate
from parvis.store.statement import Statement
from parvis.store.tables import posts
from parvis.store.transaction import Tx

_FORGET = Statement(delete(posts).where(posts.c.author_id == bindparam("author")))
REDIRECT = "urn:ietf:wg:oauth:2.0:oob"
SCOPES = "read write follow push"


async def token_for(tx: Tx, app: apps.Registered, account: Account) -> str:
    """A token with which the app acts for the account, by the code flow."""
    request = grants.Request(client_id=app.app.client_id, redirect_uri=REDIRECT, scopes=SCOPES)
    code = await grants.authorise(tx, account, request)
    token = await grants.exchange(tx, client_id=app.app.client_id, secret=app.secret, code=code, redirect_uri=REDIRECT)
    return token.key


async def register(tx: Tx) -> apps.Registered:
    """An app for the load."""
    return await apps.register_app(tx, apps.Registration(name="Load", redirect_uris=(REDIRECT,), scopes=SCOPES))


async def open_members(settings: Settings, *handles: str) -> dict[str, str]:
    """Accounts with these handles in a migrated store, each with a token: handle to token."""
    await migrate(settings)
    async with open_store(settings) as store:
        return await tokens_of(store, *handles)


async def follow_all(store: Store, handles: Sequence[str], followee: str) -> None:
    """Have each of them follow the followee."""
    async with store.transaction() as tx:
        target = await find_by_handle(tx, followee)
        for handle in handles:
            account = await find_by_handle(tx, handle)
            assert account is not None
            assert target is not None
            await follow(tx, account, target.id)


async def forget_posts(store: Store, *handles: str) -> None:
    """Take back all that these members said, so that the world is as it was."""
    async with store.transaction() as tx:
        for handle in handles:
            account = await find_by_handle(tx, handle)
            assert account is not None
            await tx.run(_FORGET, author=account.id)


async def tokens_of(store: Store, *handles: str) -> dict[str, str]:
    """A token for each handle; those without an account get one."""
    async with store.transaction() as tx:
        app = await register(tx)
        tokens = {}
        for handle in handles:
            account = await find_by_handle(tx, handle) or await open_account(tx, Application(handle=handle))
            tokens[handle] = await token_for(tx, app, account)
        return tokens
