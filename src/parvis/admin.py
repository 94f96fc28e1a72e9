"""The operator's commands about members: `parvis admin user …`.

Words flow in; sentences flow out on standard error, and what a script wants, such as a token, alone on standard output.
They work beside a running instance: ids come from the last node, and what an act calls for waits in the outbox.
"""

import secrets
from typing import Annotated, Any, get_args

import msgspec
import typer
from rich.console import Console

from parvis.core import clock, config, errors
from parvis.core.ids import NODES
from parvis.people import apps, grants, passwords, restraining, scopes
from parvis.people.accounts import Account, Application, Role, appoint, find_by_handle, open_account
from parvis.people.details import Trait
from parvis.people.profiles import edit_profile
from parvis.people.restraints import Restraint
from parvis.people.signing import change_password
from parvis.store.opening import open_store
from parvis.store.schema import migrate
from parvis.store.transaction import Tx

EVERYTHING = "read write follow push profile"
CONSOLE = "Parvis console"

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)

commands = typer.Typer(help="What an operator does beside the pages.", no_args_is_help=True)
users = typer.Typer(help="Members: open accounts for them, see them, lock them out.", no_args_is_help=True)
commands.add_typer(users, name="user")

Handle = Annotated[str, typer.Argument(help="The handle, with or without @.")]
Scopes = Annotated[str, typer.Option("--scopes", help="What the token is for, separated by spaces.")]


class New(msgspec.Struct, frozen=True):
    """An account to open, and what to give along."""

    handle: str
    email: str
    password: str
    role: Role
    locale: str
    locked: bool
    confirmed: bool
    scopes: str  # of a token; empty: none


@users.command("create")
def create_user(
    handle: Handle,
    *,
    email: Annotated[str, typer.Option(help="The e-mail address, to sign in with.")] = "",
    password: Annotated[str, typer.Option(help="The password; one is made and told when left out.")] = "",
    token: Annotated[bool, typer.Option("--token", help="Print an access token, alone on standard output.")] = False,
    scope: Scopes = EVERYTHING,
    locked: Annotated[bool, typer.Option("--locked", help="Followers are approved one by one.")] = False,
    locale: Annotated[str, typer.Option(help="The member's language: en or fr.")] = "en",
    role: Annotated[str, typer.Option(help="member, moderator or admin.")] = "member",
    confirmed: Annotated[
        bool, typer.Option("--confirmed/--unconfirmed", help="Whether the e-mail address needs no letter.")
    ] = True,
) -> None:
    """Open an account."""
    given = New(
        handle.removeprefix("@"), email, password, _role(role), locale, locked, confirmed, scope if token else ""
    )
    _run(_create(given))


async def _create(new: New) -> None:
    password = new.password or secrets.token_urlsafe(12)
    granted = scopes.parse(new.scopes) if new.scopes else None
    application = Application(
        handle=new.handle,
        email=new.email or None,
        password_hash=await passwords.hash_password(password),
        language=new.locale,
        role=new.role,
        unconfirmed=not new.confirmed,
    )
    settings = _settings()
    await migrate(settings)
    async with open_store(settings, _routes(settings)) as store, store.transaction() as tx:
        account = await open_account(tx, application)
        if new.locked:
            await edit_profile(tx, account, traits={Trait.LOCKED: True})
        key = None if granted is None else await _token(tx, account, granted)
    err.print(f"[green]@{account.handle} is here as {account.role}.[/green]")
    if not new.password:
        err.print(f"The password is [bold]{password}[/bold].")
    if key is not None:
        print(key)  # noqa: T201 - a script reads it


@users.command("token")
def make_token(
    handle: Handle, scope: Annotated[str, typer.Option("--scopes", help="What it is for.")] = EVERYTHING
) -> None:
    """Print a new access token for a member, alone on standard output."""
    _run(_make_token(handle, scopes.parse(scope)))


async def _make_token(handle: str, granted: frozenset[str]) -> None:
    async with open_store(_settings()) as store, store.transaction() as tx:
        print(await _token(tx, await _member(tx, handle), granted))  # noqa: T201 - a script reads it


async def _token(tx: Tx, account: Account, granted: frozenset[str]) -> str:
    registration = apps.Registration(name=CONSOLE, redirect_uris=(apps.OUT_OF_BAND,), scopes=scopes.written(granted))
    registered = await apps.register_app(tx, registration)
    return (await grants.lend(tx, account, registered.app.id, granted)).key


@users.command("show")
def show_user(handle: Handle) -> None:
    """Tell what is known of a member."""
    _run(_show(handle))


async def _show(handle: str) -> None:
    async with open_store(_settings()) as store, store.reading() as tx:
        account = await _member(tx, handle)
    restraints = [str(one.name).lower() for one in Restraint if account.restraints & one]
    if account.suspended_at is not None:
        restraints.append("suspended")
    out.print(f"@{account.handle} ({account.id}), {account.role}, here since {clock.iso(account.created_at)}")
    out.print(f"{account.posts_count} posts, {account.followers_count} followers, {account.following_count} followed")
    out.print(f"Restraints: {', '.join(restraints) or 'none'}")


@users.command("role")
def give_role(handle: Handle, role: Annotated[str, typer.Argument(help="member, moderator or admin.")]) -> None:
    """Give a member a role."""
    _run(_change(handle, "has the role now", lambda tx, account: appoint(tx, account.id, _role(role))))


@users.command("disable")
def disable_user(handle: Handle) -> None:
    """Lock a member out: nobody can sign in as them, and their apps are refused."""
    _run(_change(handle, "is locked out", lambda tx, account: restraining.lay(tx, account.id, Restraint.DISABLED)))


@users.command("enable")
def enable_user(handle: Handle) -> None:
    """Let a member in again who was locked out."""
    _run(_change(handle, "may come in", lambda tx, account: restraining.lift(tx, account.id, Restraint.DISABLED)))


@users.command("approve")
def approve_user(handle: Handle) -> None:
    """Let a member in who waits for a moderator, or for a letter."""

    async def approve(tx: Tx, account: Account) -> None:
        for restraint in (Restraint.PENDING, Restraint.UNCONFIRMED):
            await restraining.lift(tx, account.id, restraint)

    _run(_change(handle, "may come in", approve))


@users.command("password")
def reset_password(handle: Handle) -> None:
    """Give a member a new password, which is told, and sign them out everywhere."""
    _run(_reset_password(handle))


async def _reset_password(handle: str) -> None:
    password = secrets.token_urlsafe(12)
    hashed = await passwords.hash_password(password)
    async with open_store(_settings()) as store, store.transaction() as tx:
        await change_password(tx, await _member(tx, handle), hashed)
    err.print("The new password, told this once:")
    print(password)  # noqa: T201 - a script reads it


async def _change(handle: str, done: str, verb: Any) -> None:
    async with open_store(_settings()) as store, store.transaction() as tx:
        account = await _member(tx, handle)
        await verb(tx, account)
    err.print(f"[green]@{account.handle} {done}.[/green]")


async def _member(tx: Tx, handle: str) -> Account:
    account = await find_by_handle(tx, handle.removeprefix("@"))
    if account is None:
        raise errors.NotFound("Nobody here is called @{handle}.", handle=handle.removeprefix("@"))
    return account


def _role(role: str) -> Role:
    if role not in get_args(Role):
        raise errors.Invalid("A role is member, moderator or admin, not {role}.", role=role)
    return role  # type: ignore[return-value] # one of them


def _settings() -> config.Settings:
    """The settings, as a process of its own beside the server: with the last node, so that no id is made twice."""
    return msgspec.structs.replace(config.from_environment(), node=NODES - 1)


def _routes(settings: config.Settings) -> Any:
    from parvis import worker  # it brings every room along

    return worker.routes(worker.listeners(settings))


def _run(coroutine: Any) -> None:
    import uvloop

    uvloop.run(coroutine)
