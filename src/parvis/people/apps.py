"""Apps: programs that may act for members, registered by their makers (RFC 7591 in spirit, Mastodon's form in fact).

A Registration flows in; the App and its secret flow out, the secret this once. A redirect address is matched exactly,
and one that could run a script in the browser is refused.
"""

import hmac
import re
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import BigInteger, bindparam, insert, select

from parvis.core.errors import Invalid, NotFound, Refused
from parvis.core.text import one_line
from parvis.people import scopes
from parvis.people.keys import hash_of, new_key
from parvis.store.statement import Statement
from parvis.store.tables import apps
from parvis.store.transaction import Tx

OUT_OF_BAND: Final = "urn:ietf:wg:oauth:2.0:oob"
"""The code is shown to the member, who types it into the app."""

NAME_LENGTH: Final = 60
ADDRESS_LENGTH: Final = 2000
MOST_REDIRECTS: Final = 10

_ADDRESS = re.compile(r"[!-~]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
_RUNNING_SCHEMES = frozenset({"javascript", "data", "vbscript", "file", "blob", "about", "view-source", "urn"})


class InvalidClient(Refused):
    """No such app, or its secret is another (RFC 6749, 5.2)."""

    status = 401
    code = "invalid_client"


class App(msgspec.Struct, frozen=True):
    """A registered app."""

    id: int
    client_id: str
    name: str
    website: str
    redirect_uris: tuple[str, ...]
    scopes: frozenset[str]
    created_at: int  # ms


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """What an app's maker hands in."""

    name: str
    redirect_uris: tuple[str, ...]
    scopes: str = scopes.DEFAULT
    website: str = ""


class Registered(msgspec.Struct, frozen=True):
    """A new app and its secret, which is shown this once."""

    app: App
    secret: str


def app_from(*row: Any) -> App:
    """An App from a row of `COLUMNS`."""
    number, client_id, name, website, redirect_uris, scope, created_at = row
    return App(number, client_id, name, website, tuple(redirect_uris), scopes.parse(scope), created_at)


def _app_and_secret(*row: Any) -> tuple[App, bytes]:
    return app_from(*row[:-1]), bytes(row[-1])


_c = apps.c
COLUMNS: Final = (_c.id, _c.client_id, _c.name, _c.website, _c.redirect_uris, _c.scopes, _c.created_at)
REGISTER = Statement(insert(apps).values({c.name: bindparam(c.name, type_=c.type) for c in apps.columns}))
BY_ID = Statement(select(*COLUMNS).where(_c.id == bindparam("app", type_=BigInteger)), app_from)
BY_CLIENT = Statement(
    select(*COLUMNS, _c.secret_hash).where(_c.client_id == bindparam("client")),
    _app_and_secret,
)


async def register_app(tx: Tx, registration: Registration) -> Registered:
    """Register the app.

    Raises:
        Invalid: a name or an address breaks a rule; `field` says which.
        InvalidScope: a scope is unknown.
    """
    secret = new_key()
    app = App(
        id=tx.new_id(),
        client_id=new_key(),
        name=_checked_name(registration.name),
        website=_checked_website(registration.website),
        redirect_uris=_checked_redirects(registration.redirect_uris),
        scopes=scopes.parse(registration.scopes),
        created_at=tx.now,
    )
    await tx.run(
        REGISTER,
        id=app.id,
        client_id=app.client_id,
        secret_hash=hash_of(secret),
        name=app.name,
        website=app.website,
        redirect_uris=app.redirect_uris,
        scopes=scopes.written(app.scopes),
        created_at=app.created_at,
    )
    return Registered(app, secret)


async def get_app(tx: Tx, app_id: int) -> App:
    """The app with this id.

    Raises:
        NotFound: there is none.
    """
    found = await tx.first(BY_ID, app=app_id)
    if found is None:
        raise NotFound("This app does not exist.")
    return found


async def app_of_client(tx: Tx, client_id: str) -> App:
    """The app that calls itself so; nothing is proven.

    Raises:
        InvalidClient: there is none.
    """
    return (await _known(tx, client_id))[0]


async def proven_app(tx: Tx, client_id: str, secret: str) -> App:
    """The app that calls itself so and has the secret that it was given.

    Raises:
        InvalidClient: there is none, or the secret is another: both look the same.
    """
    app, secret_hash = await _known(tx, client_id)
    if not hmac.compare_digest(secret_hash, hash_of(secret)):
        raise _unknown()
    return app


async def _known(tx: Tx, client_id: str) -> tuple[App, bytes]:
    if _ADDRESS.fullmatch(client_id):
        known = await tx.first(BY_CLIENT, client=client_id)
        if known is not None:
            return known
    raise _unknown()


def _unknown() -> InvalidClient:
    return InvalidClient("This app is not known here, or its secret is wrong.")


def _checked_name(name: str) -> str:
    line = one_line(name)
    if not 1 <= len(line) <= NAME_LENGTH:
        raise Invalid("An app's name has 1 to {limit} characters.", field="client_name", limit=NAME_LENGTH)
    return line


def _checked_website(website: str) -> str:
    address = website.strip()
    if address and not (_is_address(address) and urlsplit(address).scheme.lower() in {"http", "https"}):
        raise Invalid("An app's website is an address that begins with https.", field="website")
    return address


def _checked_redirects(addresses: tuple[str, ...]) -> tuple[str, ...]:
    if not 1 <= len(addresses) <= MOST_REDIRECTS:
        raise Invalid("An app has 1 to {limit} redirect addresses.", field="redirect_uris", limit=MOST_REDIRECTS)
    for address in addresses:
        if address != OUT_OF_BAND and not _may_lead_to(address):
            raise Invalid(
                "A redirect address is absolute, has no fragment, and is no script; or it is {oob}.",
                field="redirect_uris",
                oob=OUT_OF_BAND,
            )
    return tuple(dict.fromkeys(addresses))


def _may_lead_to(address: str) -> bool:
    if not _is_address(address) or "#" in address:
        return False
    parts = urlsplit(address)
    if parts.scheme in {"http", "https"}:
        return bool(parts.hostname) and parts.username is None
    return parts.scheme not in _RUNNING_SCHEMES


def _is_address(address: str) -> bool:
    """Whether it is absolute, printable ASCII, and can be taken apart."""
    if len(address) > ADDRESS_LENGTH or not _ADDRESS.fullmatch(address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(_SCHEME.fullmatch(parts.scheme)) and len(address) > len(parts.scheme) + 1
