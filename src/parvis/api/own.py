"""One's own account: who one is, what the profile says, how posts begin, as Mastodon's clients read and change it."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from parvis.api import account_entity as entity
from parvis.api.account_entity import Address, Field, Visibility, fields_of, has
from parvis.api.endpoint import Ctx, Endpoints, Mode
from parvis.api.fields import Language, Upload
from parvis.people import preferences, profiles, requests
from parvis.people.accounts import Account
from parvis.people.details import ProfileField, Trait
from parvis.posts import leftovers, media

endpoints = Endpoints("accounts")

PICTURE_BYTES = 8 * 1024 * 1024
BODY_BYTES = 2 * PICTURE_BYTES + 64 * 1024

Domains = Annotated[tuple[Annotated[str, Meta(max_length=300)], ...], Meta(max_length=100)]
Alt = Annotated[str, Meta(max_length=1500)]
Quotes = Literal["public", "followers", "nobody"]
VISIBILITY = {mastodons: ours for ours, mastodons in entity.VISIBILITY.items()}


class Line(msgspec.Struct, frozen=True):
    """A line of the profile."""

    name: Annotated[str, Meta(max_length=1000)] = ""
    value: Annotated[str, Meta(max_length=1000)] = ""


class Beginning(msgspec.Struct, frozen=True):
    """How posts begin; what is left out stays."""

    language: Language | None = None
    privacy: Visibility | None = None
    sensitive: bool | None = None
    quote_policy: Quotes | None = None


class Change(msgspec.Struct, frozen=True):
    """What of one's profile should change; what is left out stays."""

    display_name: Annotated[str, Meta(max_length=200)] | None = None
    note: Annotated[str, Meta(max_length=5000)] | None = None
    avatar: Upload | None = None
    avatar_description: Alt | None = None
    header: Upload | None = None
    header_description: Alt | None = None
    locked: bool | None = None
    bot: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    hide_collections: bool | None = None
    noindex: bool | None = None
    show_media: bool | None = None
    show_media_replies: bool | None = None
    show_featured: bool | None = None
    fields_attributes: Annotated[tuple[Line, ...], Meta(max_length=20)] | UnsetType = UNSET
    attribution_domains: (
        Annotated[tuple[Annotated[str, Meta(max_length=300)], ...], Meta(max_length=100)] | UnsetType
    ) = UNSET
    source: Beginning | None = None


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """The profile as its owner wrote it, to be edited."""

    id: str
    display_name: str
    note: str
    fields: tuple[Field, ...]
    avatar: Address | None
    avatar_static: Address | None
    avatar_description: str
    header: Address | None
    header_static: Address | None
    header_description: str
    locked: bool
    bot: bool
    hide_collections: bool | None
    discoverable: bool | None
    indexable: bool
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    attribution_domains: tuple[str, ...]
    featured_tags: tuple[entity.Emoji, ...] = ()


@endpoints.get("/api/v1/accounts/verify_credentials", scope="profile read:accounts")
async def verify_credentials(ctx: Ctx) -> entity.CredentialAccount:
    """One's own account."""
    preferred = await preferences.preferences_of(ctx.tx, ctx.member.id)
    return entity.own_account_entity(ctx.member, ctx.urls, preferred, await requests.count_requests(ctx.tx, ctx.member))


@endpoints.patch(
    "/api/v1/accounts/update_credentials",
    scope="write:accounts",
    mode=Mode.ALONE,
    most_bytes=BODY_BYTES,
    refuses=(413, 422),
)
async def update_credentials(ctx: Ctx, given: Change) -> entity.CredentialAccount:
    """Change one's own profile and how one's posts begin."""
    edited, preferred = await _changed(ctx, given)
    return entity.own_account_entity(edited, ctx.urls, preferred)


@endpoints.get("/api/v1/profile", scope="profile read:accounts")
async def get_profile(ctx: Ctx) -> Profile:
    """One's profile as one wrote it."""
    return profile_entity(ctx, ctx.member, await preferences.preferences_of(ctx.tx, ctx.member.id))


@endpoints.patch("/api/v1/profile", scope="write:accounts", mode=Mode.ALONE, most_bytes=BODY_BYTES, refuses=(413, 422))
async def update_profile(ctx: Ctx, given: Change) -> Profile:
    """Change one's own profile."""
    return profile_entity(ctx, *await _changed(ctx, given))


@endpoints.delete("/api/v1/profile/avatar", scope="write:accounts")
async def delete_avatar(ctx: Ctx) -> entity.CredentialAccount:
    """Take one's picture away."""
    return await _without(ctx, "avatar")


@endpoints.delete("/api/v1/profile/header", scope="write:accounts")
async def delete_header(ctx: Ctx) -> entity.CredentialAccount:
    """Take the wide picture of one's profile away."""
    return await _without(ctx, "header")


def profile_entity(ctx: Ctx, account: Account, preferred: preferences.Preferences) -> Profile:
    """The profile as its owner wrote it."""
    more = account.more
    avatar = ctx.urls.avatar(account) if account.avatar else None
    still = ctx.urls.still_avatar(account) if account.avatar else None
    header = ctx.urls.header(account) if account.header else None
    return Profile(
        id=str(account.id),
        display_name=account.name if account.name != account.handle else "",  # then it chose none
        note=account.bio,
        fields=fields_of(account),
        avatar=avatar,
        avatar_static=still,
        avatar_description=more.avatar_alt,
        header=header,
        header_static=header,
        header_description=more.header_alt,
        locked=account.locked,
        bot=account.kind != "person" or has(account, Trait.AUTOMATED),
        hide_collections=has(account, Trait.DISCREET),
        discoverable=not has(account, Trait.UNDISCOVERED),
        indexable=not has(account, Trait.UNINDEXED),
        show_media=more.show_media,
        show_media_replies=more.show_media_replies,
        show_featured=more.show_featured,
        attribution_domains=preferred.credited_by,
    )


async def _changed(ctx: Ctx, given: Change) -> tuple[Account, preferences.Preferences]:
    worn: tuple[tuple[media.Worn, Upload | None], ...]
    worn = (("avatar", given.avatar), ("header", given.header))
    names: dict[str, Any] = {}
    for field, upload in worn:
        if upload is not None and upload.data:
            names |= await media.keep_worn(ctx.door.blobs, ctx.door.settings, field, upload.data)
    async with ctx.door.store.transaction() as tx:
        edited = await profiles.edit_profile(
            tx,
            ctx.member,
            name=given.display_name,
            bio=given.note,
            traits=_traits(given),
            **names,
            **_details(given),
        )
        if gone := profiles.taken_off(ctx.member, edited):
            leftovers.set_forgetting(tx, gone)
        wishes = _wishes(given)
        asked = preferences.prefer(tx, edited, **wishes) if wishes else preferences.preferences_of(tx, edited.id)
        return edited, await asked


def _traits(given: Change) -> dict[Trait, bool]:
    said = {
        Trait.LOCKED: given.locked,
        Trait.AUTOMATED: given.bot,
        Trait.UNDISCOVERED: None if given.discoverable is None else not given.discoverable,
        Trait.UNINDEXED: None if given.indexable is None else not given.indexable,
        Trait.DISCREET: given.hide_collections,
        Trait.UNCRAWLED: given.noindex,
    }
    return {trait: so for trait, so in said.items() if so is not None}


def _details(given: Change) -> dict[str, Any]:
    said: dict[str, Any] = {
        "avatar_alt": given.avatar_description,
        "header_alt": given.header_description,
        "show_media": given.show_media,
        "show_media_replies": given.show_media_replies,
        "show_featured": given.show_featured,
    }
    if given.fields_attributes is not UNSET:
        said["fields"] = tuple(ProfileField(line.name, line.value) for line in given.fields_attributes)
    return {name: value for name, value in said.items() if value is not None}


def _wishes(given: Change) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if given.attribution_domains is not UNSET:
        said["credited_by"] = given.attribution_domains
    if given.source is not None:
        said |= {
            "visibility": VISIBILITY[given.source.privacy] if given.source.privacy else None,
            "sensitive": given.source.sensitive,
            "language": given.source.language,
            "quotes": given.source.quote_policy,
        }
    return {name: value for name, value in said.items() if value is not None}


async def _without(ctx: Ctx, field: str) -> entity.CredentialAccount:
    edited = await profiles.edit_profile(ctx.tx, ctx.member, **{field: ""})  # type: ignore[arg-type] # avatar or header
    if gone := profiles.taken_off(ctx.member, edited):
        leftovers.set_forgetting(ctx.tx, gone)
    return entity.own_account_entity(edited, ctx.urls, await preferences.preferences_of(ctx.tx, edited.id))
