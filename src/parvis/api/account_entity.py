"""Accounts as Mastodon's clients know them, with Parvis's own `kind` and `owner_id`."""

import datetime as dt
import functools
from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, UnsetType

from parvis.api.answer import encode
from parvis.api.door import Urls
from parvis.core import clock
from parvis.people import accounts, relations
from parvis.people.circles import Tie
from parvis.people.details import Trait
from parvis.people.preferences import Preferences
from parvis.posts import post, text

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
    locked: bool
    bot: Annotated[bool, Meta(description="True for characters, the assistant, and members who say so.")]
    discoverable: bool | None
    indexable: bool
    group: bool = False
    noindex: bool
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
    hide_collections: bool | None
    show_media: bool = True
    show_media_replies: bool = True
    show_featured: bool = True
    suspended: Annotated[bool | UnsetType, Meta(description="Only of who is suspended.")] = UNSET
    limited: Annotated[bool | UnsetType, Meta(description="Only of who is limited.")] = UNSET
    memorial: Annotated[bool | UnsetType, Meta(description="Only of a memorial.")] = UNSET
    moved: Annotated["Account | UnsetType", Meta(description="Where the member went.")] = UNSET
    emojis: tuple[Emoji, ...] = ()
    fields: tuple[Field, ...] = ()
    roles: tuple[AccountRole, ...] = ()
    kind: Annotated[Literal["person", "character", "assistant"], Meta(description="Parvis: what kind of account.")]
    owner_id: Annotated[str | None, Meta(description="Parvis: the human behind a character.")] = None


class MutedAccount(Account, frozen=True, kw_only=True):
    """An account that the caller mutes."""

    mute_expires_at: Moment | None


class Role(msgspec.Struct, frozen=True):
    """What an account may do on this instance."""

    id: str
    name: str
    permissions: str
    color: str = ""
    highlighted: bool = False


MINE = 'rel="nofollow noopener noreferrer me"'

ROLES = {
    "member": Role("-99", "", "0"),
    "moderator": Role("1", "Moderator", "1308", highlighted=True),
    "admin": Role("3", "Admin", "1", highlighted=True),
}


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """The profile as its owner wrote it, and their defaults for posting."""

    note: str
    language: str | None
    privacy: Visibility = "public"
    sensitive: bool = False
    fields: tuple[Field, ...] = ()
    follow_requests_count: int = 0
    discoverable: bool | None
    indexable: bool
    hide_collections: bool | None
    attribution_domains: tuple[str, ...] = ()
    quote_policy: Literal["public", "followers", "nobody"] = "public"


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


def day(moment: int) -> str:
    """A moment (ms) as its day, YYYY-MM-DD."""
    return dt.datetime.fromtimestamp(moment / 1000, dt.UTC).date().isoformat()


def fields_of(account: accounts.Account, dress: Callable[[str], str] = str) -> tuple[Field, ...]:
    """The lines of the profile, their values as `dress` makes them."""
    return tuple(
        Field(field.name, dress(field.value), clock.iso(field.verified_at) if field.verified_at else None)
        for field in account.more.fields
    )


def linked(words: str, urls: Urls) -> str:
    """Words with their links and hashtags alive, as HTML without a paragraph around it."""
    html = urls.html(text.render(text.tokens(words), lambda _: None))
    return html.removeprefix("<p>").removesuffix("</p>").replace('rel="nofollow noopener noreferrer"', MINE)


def has(account: accounts.Account, trait: Trait) -> bool:
    """Whether this is so of the account."""
    return bool(account.traits & int(trait))


def emoji_entity(emoji: post.Emoji, urls: Urls, *, listed: bool = True) -> Emoji:
    """A custom emoji with its addresses."""
    return Emoji(emoji.shortcode, urls.media + emoji.blob, urls.media + emoji.still, listed, emoji.category or None)


def _emojis(account: accounts.Account, urls: Urls) -> tuple[Emoji, ...]:
    """The emoji in an account's own words."""
    lines = (part for field in account.more.fields for part in (field.name, field.value))
    return tuple(emoji_entity(emoji, urls) for emoji in urls.emojis.used_in(account.name, account.bio, *lines))


def _fields(account: accounts.Account, urls: Urls) -> dict[str, Any]:
    avatar, header = urls.avatar(account), urls.header(account)
    address = urls.profile + account.acct
    traits, more = Trait(account.traits), account.more
    return {
        "id": str(account.id),
        "username": account.handle,
        "acct": account.acct,
        "display_name": account.name if account.name != account.handle else "",  # then it chose none
        "locked": Trait.LOCKED in traits,
        "bot": account.kind != "person" or Trait.AUTOMATED in traits,
        "discoverable": Trait.UNDISCOVERED not in traits,
        "indexable": Trait.UNINDEXED not in traits,
        "noindex": Trait.UNCRAWLED in traits,
        "hide_collections": Trait.DISCREET in traits,
        "created_at": clock.iso(account.created_at),
        "note": urls.html(text.render(text.tokens(account.bio), lambda _: None)),
        "url": address,
        "uri": address,
        "avatar": avatar,
        "avatar_static": urls.still_avatar(account),
        "avatar_description": more.avatar_alt,
        "header": header,
        "header_static": header,
        "header_description": more.header_alt,
        "followers_count": account.followers_count,
        "following_count": account.following_count,
        "statuses_count": account.posts_count,
        "last_status_at": day(account.last_post_at) if account.last_post_at else None,
        "show_media": more.show_media,
        "show_media_replies": more.show_media_replies,
        "show_featured": more.show_featured,
        "suspended": account.suspended_at is not None or UNSET,
        "limited": account.limited or UNSET,
        "memorial": Trait.MEMORIAL in traits or UNSET,
        "fields": fields_of(account, lambda value: linked(value, urls)) if more.fields else (),
        "roles": tuple(AccountRole(role.id, role.name) for role in (role_of(account),) if role.highlighted),
        "emojis": _emojis(account, urls),
        "kind": account.kind,
        "owner_id": str(account.owner_id) if account.owner_id else None,
    }


def account_entity(account: accounts.Account, urls: Urls, *, moved_to: accounts.Account | None = None) -> Account:
    """The account as others see it."""
    told = _fields(account, urls) | (_nothing(account, urls) if account.suspended_at is not None else {})
    return Account(**told, moved=account_entity(moved_to, urls) if moved_to else UNSET)


def _nothing(account: accounts.Account, urls: Urls) -> dict[str, Any]:
    """What is left to read of who is suspended, beside the name by which they are known."""
    bare = msgspec.structs.replace(account, avatar="", header="")
    avatar, header = urls.avatar(bare), urls.header(bare)
    return {
        "display_name": "",
        "note": "",
        "fields": (),
        "roles": (),
        "locked": False,
        "bot": account.kind != "person",
        "discoverable": False,
        "avatar": avatar,
        "avatar_static": avatar,
        "avatar_description": "",
        "header": header,
        "header_static": header,
        "header_description": "",
    }


def account_json(account: accounts.Account, urls: Urls) -> Raw:
    """The same, already encoded: an author stands under every post of theirs, and seldom changes."""
    return _account_json(account, urls, urls.emojis.version)


@functools.lru_cache(maxsize=2048)
def _account_json(account: accounts.Account, urls: Urls, _emojis: int) -> Raw:
    return Raw(encode(account_entity(account, urls)))


def role_of(account: accounts.Account) -> Role:
    """The account's role on this instance."""
    return ROLES[account.role]


def own_account_entity(
    account: accounts.Account, urls: Urls, preferred: Preferences, requests: int = 0
) -> CredentialAccount:
    """The account as its owner sees it."""
    return CredentialAccount(
        **_fields(account, urls),
        source=Source(
            note=account.bio,
            language=preferred.language or account.language or None,
            privacy=VISIBILITY[preferred.visibility],
            sensitive=preferred.sensitive,
            fields=fields_of(account),
            follow_requests_count=requests,
            discoverable=not has(account, Trait.UNDISCOVERED),
            indexable=not has(account, Trait.UNINDEXED),
            hide_collections=has(account, Trait.DISCREET),
            attribution_domains=preferred.credited_by,
            quote_policy=preferred.quotes,
        ),
        role=role_of(account),
    )


def relationship_entity(bond: relations.Relationship) -> Relationship:
    """What binds the caller to this account."""
    return Relationship(
        id=str(bond.id),
        following=bond.following,
        showing_reblogs=bond.following and bond.manner.reposts,
        notifying=bond.following and bond.manner.notify,
        languages=bond.manner.languages or None if bond.following else None,
        followed_by=bond.followed_by,
        blocking=bond.blocking,
        blocked_by=bond.blocked_by,
        muting=bond.muting,
        muting_notifications=bond.muting_notifications,
        muting_expires_at=clock.iso(bond.muted_until) if bond.muted_until else None,
        requested=bond.asked,
        requested_by=bond.asked_by,
        domain_blocking=bond.shunning,
        endorsed=bond.endorsed,
        note=bond.note,
    )


def muted_entity(tie: Tie, urls: Urls) -> MutedAccount:
    """A muted account, and when that ends."""
    ends = clock.iso(tie.until) if tie.until else None
    return MutedAccount(**_fields(tie.account, urls), mute_expires_at=ends)
