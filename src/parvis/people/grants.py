"""Grants: how a member lets an app act for them (OAuth 2: RFC 6749, 7009 and 7636, S256 only).

A request is reviewed and shown to the member; their yes becomes a code, good once and for ten minutes; the app changes
the code into a token. Codes and tokens are kept as hashes. What a token opens is told in one query.
"""

import hmac
from typing import Any, Final

import msgspec
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oauth2.rfc7636.challenge import CODE_VERIFIER_PATTERN
from sqlalchemy import BigInteger, ColumnElement, bindparam, delete, insert, select

from parvis.core import clock
from parvis.core.errors import Refused, Unauthenticated
from parvis.core.ids import AccountId
from parvis.people import apps, scopes, standing
from parvis.people.accounts import SIGNED_IN, Account
from parvis.people.apps import App, InvalidClient, app_of_client, proven_app
from parvis.people.keys import hash_of, new_key
from parvis.store import tables
from parvis.store.statement import Statement
from parvis.store.tables import accounts, grants, tokens
from parvis.store.transaction import Tx

CODE_LIFETIME: Final = 10 * clock.MINUTE
CHALLENGE_LENGTH: Final = 43  # of a SHA-256 in base64url
MOST_TOKENS: Final = 20  # of one app for one account; the oldest makes room
MOST_LISTED: Final = 500


class InvalidRequest(Refused):
    """The request for a grant is malformed (RFC 6749, 4.1.2.1)."""

    code = "invalid_request"


class InvalidRedirect(InvalidRequest):
    """The redirect address is not one of the app's: the member must not be sent there."""


class InvalidGrant(Refused):
    """The code is unknown, used or too old, or belongs to another app, address or verifier (RFC 6749, 5.2)."""

    code = "invalid_grant"


class UnauthorisedClient(Refused):
    """The app may not do this with a token that is not its own (RFC 7009, 2.1)."""

    status = 403
    code = "unauthorized_client"


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What an app asks a member for, as it stands in the address."""

    client_id: str
    redirect_uri: str
    scopes: str = scopes.DEFAULT
    challenge: str = ""  # PKCE
    challenge_method: str = ""


class Review(msgspec.Struct, frozen=True):
    """A request that may be put to the member."""

    app: App
    scopes: frozenset[str]


class Token(msgspec.Struct, frozen=True):
    """A new token; `key` is shown this once."""

    key: str
    scopes: frozenset[str]
    created_at: int  # ms


class Access(msgspec.Struct, frozen=True):
    """What a token opens: an account (none for an app's own token), through which app, and how far."""

    account: Account | None
    app_id: int
    scopes: frozenset[str]


class Permission(msgspec.Struct, frozen=True):
    """An app that acts for a member: how far, and since when (ms)."""

    app: App
    scopes: frozenset[str]
    since: int


class _Grant(msgspec.Struct, frozen=True):
    app_id: int
    account_id: AccountId
    redirect_uri: str
    scopes: str
    challenge: str
    expires_at: int


def _access(*row: Any) -> Access:
    app_id, granted, *account = row
    return Access(None if account[0] is None else Account(*account), app_id, scopes.parse(granted))


def _permission(*row: Any) -> Permission:
    granted, since, *app = row
    return Permission(apps.app_from(*app), scopes.parse(granted), since)


_app = bindparam("app", type_=BigInteger)
_account = bindparam("account", type_=BigInteger)


def _keep_latest(mine: ColumnElement[bool]) -> Statement[tuple[Any, ...]]:
    latest = select(tokens.c.token_hash).where(mine).order_by(tokens.c.created_at.desc(), tokens.c.token_hash)
    return Statement(delete(tokens).where(mine, tokens.c.token_hash.not_in(latest.limit(MOST_TOKENS - 1))))


ALLOW = Statement(insert(grants).values({c.name: bindparam(c.name, type_=c.type) for c in grants.columns}))
TAKE_CODE = Statement(
    delete(grants)
    .where(grants.c.code_hash == bindparam("code"))
    .returning(*(grants.c[field] for field in _Grant.__struct_fields__)),
    _Grant,
)
FORGET_EXPIRED = Statement(delete(grants).where(grants.c.expires_at <= bindparam("now", type_=BigInteger)))
ISSUE = Statement(insert(tokens).values({c.name: bindparam(c.name, type_=c.type) for c in tokens.columns}))
KEEP_LATEST_OF_ACCOUNT = _keep_latest((tokens.c.app_id == _app) & (tokens.c.account_id == _account))
KEEP_LATEST_OF_APP = _keep_latest((tokens.c.app_id == _app) & tokens.c.account_id.is_(None))
OPEN = Statement(
    select(tokens.c.app_id, tokens.c.scopes, *SIGNED_IN)
    .select_from(tokens)
    .outerjoin(accounts, accounts.c.id == tokens.c.account_id)
    .where(tokens.c.token_hash == bindparam("token")),
    _access,
)
TAKE_BACK = Statement(delete(tokens).where(tokens.c.code_hash == bindparam("code")))
APP_OF = Statement(select(tokens.c.app_id).where(tokens.c.token_hash == bindparam("token")))
REVOKE = Statement(delete(tokens).where(tokens.c.token_hash == bindparam("token"), tokens.c.app_id == _app))
REVOKE_APP = Statement(delete(tokens).where(tokens.c.app_id == _app, tokens.c.account_id == _account))
REVOKE_CODES = Statement(delete(grants).where(grants.c.app_id == _app, grants.c.account_id == _account))
REVOKE_ALL = Statement(delete(tokens).where(tokens.c.account_id == _account))
REVOKE_ALL_CODES = Statement(delete(grants).where(grants.c.account_id == _account))
PERMISSIONS = Statement(
    select(tokens.c.scopes, tokens.c.created_at, *apps.COLUMNS)
    .join_from(tokens, tables.apps, tables.apps.c.id == tokens.c.app_id)
    .where(tokens.c.account_id == _account)
    .order_by(tokens.c.created_at.desc(), tokens.c.app_id)
    .limit(MOST_LISTED),
    _permission,
)


async def review(tx: Tx, request: Request) -> Review:
    """The request, when it may be put to the member.

    Raises:
        InvalidClient, InvalidRedirect: do not send the member back to the app.
        InvalidScope, InvalidRequest: send them back with the error's code.
    """
    app = await app_of_client(tx, request.client_id)
    if request.redirect_uri not in app.redirect_uris:
        raise InvalidRedirect("The redirect address is not one that the app was registered with.")
    if request.challenge or request.challenge_method:
        _check_challenge(request)
    return Review(app, scopes.narrowed(request.scopes, app.scopes))


async def authorise(tx: Tx, account: Account, request: Request) -> str:
    """The member says yes: a code that the app may change once, within ten minutes.

    Raises:
        Forbidden: the account is suspended.
        InvalidClient, InvalidRedirect, InvalidScope, InvalidRequest: as for `review`.
    """
    standing.require(account, "authorise")
    asked = await review(tx, request)
    code = new_key()
    await tx.run(
        ALLOW,
        code_hash=hash_of(code),
        app_id=asked.app.id,
        account_id=account.id,
        redirect_uri=request.redirect_uri,
        scopes=scopes.written(asked.scopes),
        challenge=request.challenge,
        expires_at=tx.now + CODE_LIFETIME,
    )
    return code


async def exchange(
    tx: Tx, *, client_id: str, secret: str, code: str, redirect_uri: str, verifier: str | None = None
) -> Token:
    """Change a code into a token. A code works once, however many ask at the same moment.

    Raises:
        InvalidClient: the app is unknown or its secret is wrong.
        InvalidGrant: the code is unknown, used or too old, or app, address or verifier do not match.
    """
    app = await proven_app(tx, client_id, secret)
    grant = await tx.first(TAKE_CODE, code=hash_of(code))
    if (
        grant is None
        or grant.app_id != app.id
        or grant.expires_at <= tx.now
        or grant.redirect_uri != redirect_uri
        or not _meets(grant.challenge, verifier)
    ):
        raise InvalidGrant("The code is not good: it is unknown, used, too old, or was given for something else.")
    await tx.run(KEEP_LATEST_OF_ACCOUNT, app=app.id, account=grant.account_id)
    return await _issue(tx, app.id, grant.account_id, scopes.parse(grant.scopes), code_hash=hash_of(code))


async def take_back(tx: Tx, code: str) -> None:
    """Forget the token that a code gave: who shows it again may have stolen it (RFC 6749, 4.1.2)."""
    await tx.run(TAKE_BACK, code=hash_of(code))


async def lend(tx: Tx, account: Account, app_id: int, granted: frozenset[str]) -> Token:
    """A token for a member who let the app in by other means: they opened their account by it, or hold the console."""
    await tx.run(KEEP_LATEST_OF_ACCOUNT, app=app_id, account=account.id)
    return await _issue(tx, app_id, account.id, granted)


async def client_credentials(tx: Tx, *, client_id: str, secret: str, asked: str = scopes.DEFAULT) -> Token:
    """A token of the app's own, which acts for nobody.

    Raises:
        InvalidClient: the app is unknown or its secret is wrong.
        InvalidScope: a scope is unknown or wider than the app's.
    """
    app = await proven_app(tx, client_id, secret)
    granted = scopes.narrowed(asked, app.scopes)
    await tx.run(KEEP_LATEST_OF_APP, app=app.id)
    return await _issue(tx, app.id, None, granted)


async def access_of_token(tx: Tx, token: str) -> Access:
    """What the token opens, in one query.

    Raises:
        Unauthenticated: nothing.
    """
    found = await tx.first(OPEN, token=hash_of(token))
    if found is None:
        raise Unauthenticated("The access token is not valid.")
    return found


async def revoke(tx: Tx, *, client_id: str, secret: str, token: str) -> None:
    """Have the app give a token of its own back; nothing happens when there is none (RFC 7009, 2.2).

    Raises:
        UnauthorisedClient: the app is unknown, its secret is wrong, or the token is another app's.
    """
    try:
        app = await proven_app(tx, client_id, secret)
    except InvalidClient as unknown:
        raise UnauthorisedClient("You are not authorized to revoke this token") from unknown
    if await tx.value(APP_OF, token=hash_of(token)) not in {None, app.id}:
        raise UnauthorisedClient("You are not authorized to revoke this token")
    await tx.run(REVOKE, token=hash_of(token), app=app.id)


async def revoke_app(tx: Tx, account: Account, app_id: int) -> None:
    """Have the app act for the member no longer; nothing happens when it does not."""
    await tx.run(REVOKE_APP, app=app_id, account=account.id)
    await tx.run(REVOKE_CODES, app=app_id, account=account.id)


async def revoke_all(tx: Tx, account: Account) -> None:
    """Have no app act for the member any longer."""
    await tx.run(REVOKE_ALL, account=account.id)
    await tx.run(REVOKE_ALL_CODES, account=account.id)


async def apps_of(tx: Tx, account: Account) -> list[Permission]:
    """The apps that act for the member, the latest permitted first, each with all that its tokens allow."""
    found: dict[int, Permission] = {}
    for one in await tx.all(PERMISSIONS, account=account.id):
        known = found.get(one.app.id, one)
        found[one.app.id] = Permission(one.app, known.scopes | one.scopes, min(known.since, one.since))
    return list(found.values())


async def forget_expired_codes(tx: Tx) -> int:
    """Remove the rows of codes that are too old; how many there were."""
    return await tx.run(FORGET_EXPIRED, now=tx.now)


async def _issue(
    tx: Tx, app_id: int, account_id: AccountId | None, granted: frozenset[str], *, code_hash: bytes | None = None
) -> Token:
    token = Token(new_key(), granted, tx.now)
    await tx.run(
        ISSUE,
        token_hash=hash_of(token.key),
        app_id=app_id,
        account_id=account_id,
        scopes=scopes.written(granted),
        created_at=token.created_at,
        code_hash=code_hash,
    )
    return token


def _check_challenge(request: Request) -> None:
    well_formed = len(request.challenge) == CHALLENGE_LENGTH and CODE_VERIFIER_PATTERN.fullmatch(request.challenge)
    if request.challenge_method != "S256" or not well_formed:
        raise InvalidRequest("The code challenge must be a SHA-256, with the method S256.")


def _meets(challenge: str, verifier: str | None) -> bool:
    """Whether the verifier is the challenge's; where there was no challenge there must be no verifier (RFC 9700)."""
    if not challenge or not verifier:
        return not challenge and not verifier
    if not CODE_VERIFIER_PATTERN.fullmatch(verifier):
        return False
    return hmac.compare_digest(create_s256_code_challenge(verifier), challenge)
