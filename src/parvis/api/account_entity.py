"""Accounts as Mastodon's clients know them, with Parvis's own `kind` and `owner_id`."""

import datetime as dt
import functools
import html
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Raw

from parvis.api.answer import encode
from parvis.api.door import Urls
from parvis.core import clock
from parvis.people import accounts, relations

Moment = Annotated[str, Meta(description="RFC 3339, UTC.", extra_json_schema={"format": "date-time"})]
Address = Annotated[str, Meta(extra_json_schema={"format": "uri"})]
Visibility = Literal["public", "unlisted", "private", "direct"]

VISIBILITY: dict[str, Visibility] = {
    "public": "public",
    "unlisted": "unlisted",
    "followers": "private",
    "mentioned": "direct",
}
"""Parvis's words for who sees a post, in Mastodon's."""

PERMISSIONS = {"member": "0", "moderator": "1308", "admin": "1"}


class Emoji(msgspec.Struct, frozen=True):
    """A custom emoji."""

    shortcode: str
    url: str
    static_url: str
    visible_in_picker: bool
    category: str | None = None


class Field(msgspec.Struct, frozen=True):
    """A line of a profile."""

    name: str
    value: str
    verified_at: str | None = None


class AccountRole(msgspec.Struct, frozen=True):
    """A role shown beside a name."""

    id: str
    name: str
    color: str = ""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody with a profile: a person, a character, or the assistant."""

    id: str
    username: str
    acct: Annotated[str, Meta(description="`handle`, with `@domain` when from elsewhere.")]
    display_name: str
    locked: bool = False
    bot: Annotated[bool, Meta(description="True for characters and the assistant.")]
    discoverable: bool | None = True
    indexable: bool = True
    group: bool = False
    noindex: bool = False
    created_at: Moment
    note: Annotated[str, Meta(description="The biography, as HTML.")]
    url: Address
    uri: Address
    avatar: Address
    avatar_static: Address
    avatar_description: str = ""
    header: Address
    header_static: Address
    header_description: str = ""
    followers_count: int
    following_count: int
    statuses_count: int
    last_status_at: Annotated[str | None, Meta(description="A day, YYYY-MM-DD.")]
    hide_collections: bool | None = None
    suspended: bool = False
    emojis: tuple[Emoji, ...] = ()
    fields: tuple[Field, ...] = ()
    roles: tuple[AccountRole, ...] = ()
    kind: Annotated[Literal["person", "character", "assistant"], Meta(description="Parvis: what kind of account.")]
    owner_id: Annotated[str | None, Meta(description="Parvis: the human behind a character.")] = None


class Role(msgspec.Struct, frozen=True):
    """What an account may do on this instance."""

    id: str
    name: str
    permissions: str
    color: str = ""
    highlighted: bool = False


class Source(msgspec.Struct, frozen=True):
    """The profile as its owner wrote it, and their defaults for posting."""

    note: str
    language: str | None
    privacy: Visibility = "public"
    sensitive: bool = False
    fields: tuple[Field, ...] = ()
    follow_requests_count: int = 0
    discoverable: bool | None = True
    indexable: bool = True
    hide_collections: bool | None = None
    attribution_domains: tuple[str, ...] = ()
    quote_policy: Literal["public", "followers", "nobody"] = "nobody"


class CredentialAccount(Account, frozen=True, kw_only=True):
    """One's own account."""

    source: Source
    role: Role


class Relationship(msgspec.Struct, frozen=True, kw_only=True):
    """What binds the caller to an account."""

    id: str
    following: bool = False
    showing_reblogs: bool = False
    notifying: bool = False
    languages: tuple[str, ...] | None = None
    followed_by: bool = False
    blocking: bool = False
    blocked_by: bool = False
    muting: bool = False
    muting_notifications: bool = False
    muting_expires_at: Moment | None = None
    requested: bool = False
    requested_by: bool = False
    domain_blocking: bool = False
    endorsed: bool = False
    note: str = ""


def paragraphs(text: str) -> str:
    """Plain words as safe HTML."""
    blocks = (html.escape(block, quote=False).replace("\n", "<br>") for block in text.split("\n\n") if block)
    return "".join(f"<p>{block}</p>" for block in blocks)


def day(moment: int) -> str:
    """A moment (ms) as its day, YYYY-MM-DD."""
    return dt.datetime.fromtimestamp(moment / 1000, dt.UTC).date().isoformat()


def _fields(account: accounts.Account, urls: Urls) -> dict[str, Any]:
    avatar, header = urls.avatar(account), urls.header(account)
    address = urls.profile + account.acct
    return {
        "id": str(account.id),
        "username": account.handle,
        "acct": account.acct,
        "display_name": account.name,
        "bot": account.kind != "person",
        "created_at": clock.iso(account.created_at),
        "note": paragraphs(account.bio),
        "url": address,
        "uri": address,
        "avatar": avatar,
        "avatar_static": avatar,
        "header": header,
        "header_static": header,
        "followers_count": account.followers_count,
        "following_count": account.following_count,
        "statuses_count": account.posts_count,
        "last_status_at": day(account.last_post_at) if account.last_post_at else None,
        "suspended": account.suspended_at is not None,
        "kind": account.kind,
        "owner_id": str(account.owner_id) if account.owner_id else None,
    }


def account_entity(account: accounts.Account, urls: Urls) -> Account:
    """The account as others see it."""
    return Account(**_fields(account, urls))


@functools.lru_cache(maxsize=2048)
def account_json(account: accounts.Account, urls: Urls) -> Raw:
    """The same, already encoded: an author stands under every post of theirs, and seldom changes."""
    return Raw(encode(account_entity(account, urls)))


def role_of(account: accounts.Account) -> Role:
    """The account's role on this instance."""
    return Role(
        id=PERMISSIONS.get(account.role, "0"), name=account.role, permissions=PERMISSIONS.get(account.role, "0")
    )


def own_account_entity(account: accounts.Account, urls: Urls) -> CredentialAccount:
    """The account as its owner sees it."""
    return CredentialAccount(
        **_fields(account, urls),
        source=Source(account.bio, account.language or None),
        role=role_of(account),
    )


def relationship_entity(bond: relations.Relationship) -> Relationship:
    """What binds the caller to this account."""
    return Relationship(
        id=str(bond.id),
        following=bond.following,
        showing_reblogs=bond.following,
        followed_by=bond.followed_by,
        blocking=bond.blocking,
        blocked_by=bond.blocked_by,
        muting=bond.muting,
        muting_notifications=bond.muting_notifications,
        muting_expires_at=clock.iso(bond.muted_until) if bond.muted_until else None,
    )
