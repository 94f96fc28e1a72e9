"""OAuth 2 (RFC 6749) with PKCE (RFC 7636), revocation (RFC 7009) and metadata (RFC 8414): how an app gets a token.

Apps register, a member consents on a page of ours, the code is exchanged for a token. Members are known here by the
pages' session cookie, never by a password: there is no password grant.
"""

import base64
import binascii
from typing import Annotated, Literal
from urllib.parse import unquote_plus

import msgspec
from msgspec import Meta

from parvis.api.account_entity import Address
from parvis.api.answer import Empty, Refusal
from parvis.api.endpoint import Ctx, Endpoints, Mode
from parvis.api.fields import Scopes, Secret, Url
from parvis.core import errors
from parvis.notifications import push_keys
from parvis.people import apps, grants, scopes

endpoints = Endpoints("oauth")

GRANTS = ("authorization_code", "client_credentials")


class NewApp(msgspec.Struct, frozen=True):
    """An app that wants to be known."""

    client_name: Annotated[str, Meta(min_length=1, max_length=60)]
    redirect_uris: Annotated[
        tuple[Annotated[str, Meta(max_length=10_000)], ...],
        Meta(min_length=1, max_length=20, description="A list, or one text with an address a line."),
    ]
    scopes: Scopes = scopes.DEFAULT
    website: Url | None = None


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """An app."""

    id: str
    name: str
    website: str | None
    scopes: tuple[str, ...]
    redirect_uri: Annotated[str, Meta(description="The addresses, one a line.")]
    redirect_uris: tuple[str, ...]
    vapid_key: str = ""


class CredentialApplication(Application, frozen=True, kw_only=True):
    """An app with its secret, which is told only once."""

    client_id: str
    client_secret: str
    client_secret_expires_at: int = 0


class TokenRequest(msgspec.Struct, frozen=True):
    """A code or an app's own credentials, for a token."""

    grant_type: Annotated[str, Meta(max_length=60)] = ""
    client_id: Secret | None = None
    client_secret: Secret | None = None
    code: Secret | None = None
    redirect_uri: Url | None = None
    code_verifier: Annotated[str, Meta(max_length=128)] | None = None
    scope: Scopes | None = None


class Token(msgspec.Struct, frozen=True):
    """What opens the API."""

    access_token: str
    token_type: Literal["Bearer"]
    scope: str
    created_at: Annotated[int, Meta(description="Seconds since 1970.")]


class Revocation(msgspec.Struct, frozen=True):
    """A token to forget, and the app that has it."""

    token: Secret = ""
    token_type_hint: Annotated[str, Meta(max_length=60)] | None = None
    client_id: Secret | None = None
    client_secret: Secret | None = None


class UserInfo(msgspec.Struct, frozen=True):
    """Who the token speaks for, in OpenID's words."""

    iss: str
    sub: str
    name: str
    preferred_username: str
    profile: Address
    picture: Address


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """How this server speaks OAuth (RFC 8414)."""

    issuer: Address
    service_documentation: Address
    authorization_endpoint: Address
    token_endpoint: Address
    app_registration_endpoint: Address
    revocation_endpoint: Address
    userinfo_endpoint: Address
    scopes_supported: tuple[str, ...] = scopes.KNOWN
    response_types_supported: tuple[str, ...] = ("code",)
    response_modes_supported: tuple[str, ...] = ("query",)
    grant_types_supported: tuple[str, ...] = GRANTS
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic", "client_secret_post")
    code_challenge_methods_supported: tuple[str, ...] = ("S256",)


def _fields(app: apps.App) -> dict[str, object]:
    return {
        "id": str(app.id),
        "name": app.name,
        "website": app.website or None,
        "scopes": tuple(scopes.written(app.scopes).split()),
        "redirect_uri": "\n".join(app.redirect_uris),
        "redirect_uris": app.redirect_uris,
    }


@endpoints.post("/api/v1/apps", refuses=(422,), pace="60/30 minutes")
async def register_app(ctx: Ctx, given: NewApp) -> CredentialApplication:
    """Make an app known; its secret is told only here."""
    addresses = tuple(dict.fromkeys(word for text in given.redirect_uris for word in text.split()))
    registration = apps.Registration(
        name=given.client_name, redirect_uris=addresses, scopes=given.scopes, website=given.website or ""
    )
    try:
        registered = await apps.register_app(ctx.tx, registration)
    except scopes.InvalidScope as unknown:
        raise errors.Invalid(unknown.message, field="scopes") from unknown
    app = registered.app
    vapid_key = await push_keys.ensure_keys(ctx.tx, push_keys.push_seal(ctx.door.settings))
    return CredentialApplication(
        **_fields(app),  # type: ignore[arg-type] # the fields of Application
        client_id=app.client_id,
        client_secret=registered.secret,
        vapid_key=vapid_key,
    )


@endpoints.get("/api/v1/apps/verify_credentials", who="app")
async def verify_app(ctx: Ctx) -> Application:
    """The app that the token belongs to."""
    if ctx.access is None:
        raise errors.Unauthenticated("The access token is invalid")
    vapid_key = await push_keys.public_key(ctx.tx)
    return Application(**_fields(await apps.get_app(ctx.tx, ctx.access.app_id)), vapid_key=vapid_key)  # type: ignore[arg-type] # the same


def client_of(ctx: Ctx, given: TokenRequest | Revocation) -> tuple[str, str]:
    """The app's id and secret, from HTTP basic (RFC 6749, section 2.3.1) or the body.

    Raises:
        Refusal: there are none.
    """
    header = ctx.header(b"authorization") or ""
    if header[:6].lower() == "basic ":
        try:
            name, _, secret = base64.b64decode(header[6:], validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise _bad_client() from error
        return unquote_plus(name), unquote_plus(secret)
    if given.client_id and given.client_secret:
        return given.client_id, given.client_secret
    raise _bad_client()


def _bad_client() -> Refusal:
    return Refusal(401, "invalid_client", "Client authentication failed.", ((b"www-authenticate", b"Basic"),))


@endpoints.post("/oauth/token", refuses=(400, 401), pace="300/5 minutes", manner="oauth", mode=Mode.ALONE)
async def issue_token(ctx: Ctx, given: TokenRequest) -> Token:
    """Give a token for a code (authorization_code), or to an app itself (client_credentials)."""
    if given.grant_type not in GRANTS:
        raise Refusal(400, "unsupported_grant_type", "The authorization grant type is not supported here.")
    client_id, secret = client_of(ctx, given)
    store = ctx.door.store
    if given.grant_type == "client_credentials":
        async with store.transaction() as tx:
            asked = given.scope or scopes.DEFAULT
            return token_entity(await grants.client_credentials(tx, client_id=client_id, secret=secret, asked=asked))
    try:
        async with store.transaction() as tx:
            token = await grants.exchange(
                tx,
                client_id=client_id,
                secret=secret,
                code=given.code or "",
                redirect_uri=given.redirect_uri or "",
                verifier=given.code_verifier,
            )
    except grants.InvalidGrant:
        async with store.transaction() as tx:
            await grants.take_back(tx, given.code or "")
        raise
    return token_entity(token)


def token_entity(token: grants.Token) -> Token:
    """A token as its app is given it, this once."""
    return Token(token.key, "Bearer", scopes.written(token.scopes), token.created_at // 1000)


@endpoints.post("/oauth/revoke", refuses=(403,), manner="oauth")
async def revoke_token(ctx: Ctx, given: Revocation) -> Empty:
    """Forget a token of one's own; one that is unknown is as good as forgotten."""
    try:
        client_id, secret = client_of(ctx, given)
    except Refusal:
        client_id, secret = "", ""
    await grants.revoke(ctx.tx, client_id=client_id, secret=secret, token=given.token)
    return Empty()


@endpoints.get("/oauth/userinfo", scope="profile")
async def get_userinfo(ctx: Ctx) -> UserInfo:
    """Who the token speaks for."""
    member, urls = ctx.member, ctx.urls
    address = urls.profile + member.acct
    return UserInfo(urls.base, address, member.name, member.handle, address, urls.avatar(member))


@endpoints.get("/.well-known/oauth-authorization-server", mode=Mode.ALONE)
async def get_metadata(ctx: Ctx) -> Metadata:
    """How this server speaks OAuth."""
    base = ctx.urls.base
    return Metadata(
        issuer=base,
        service_documentation=f"{base}/about",
        authorization_endpoint=f"{base}/oauth/authorize",
        token_endpoint=f"{base}/oauth/token",
        app_registration_endpoint=f"{base}/api/v1/apps",
        revocation_endpoint=f"{base}/oauth/revoke",
        userinfo_endpoint=f"{base}/oauth/userinfo",
    )
