"""The instance as Mastodon's clients know it, in its second and its first shape."""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from parvis import __version__
from parvis.api.account_entity import Account, Address, Moment, account_entity
from parvis.api.door import Urls
from parvis.core import clock
from parvis.core.config import Settings
from parvis.moderation import house
from parvis.people import accounts
from parvis.posts import drafts
from parvis.posts.films import FASTEST
from parvis.posts.media import LONGEST_ALT

VERSION = f"4.7.0 (compatible; Parvis {__version__})"
PICTURE_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/heic", "image/heif", "image/avif")
FILM_TYPES = ("video/mp4", "video/quicktime", "video/webm", "video/ogg", "video/x-matroska", "video/x-ms-asf")
SOUND_TYPES = (
    *("audio/mpeg", "audio/mp3", "audio/ogg", "audio/vorbis", "audio/opus", "audio/flac", "audio/x-flac"),
    *("audio/wav", "audio/wave", "audio/x-wav", "audio/x-pn-wave", "audio/vnd.wave", "audio/aac", "audio/mp4"),
    *("audio/m4a", "audio/x-m4a", "audio/3gpp", "audio/webm", "video/asf", "audio/x-ms-wma"),
)
MOST_MEDIA = 4
ICON_SIZES = ("any", "48x48", "192x192", "512x512")  # one drawing, sharp in each
WIDE = "0/wide.svg"  # the picture of the instance itself
LANGUAGES = ("en", "fr")


class Language(msgspec.Struct, frozen=True):
    """A language, and its name in English."""

    code: str
    name: str


class Thumbnail(msgspec.Struct, frozen=True):
    """The instance's picture."""

    url: Address
    blurhash: str | None = None
    versions: dict[str, str] = {}
    description: str = ""


class Icon(msgspec.Struct, frozen=True):
    """The instance's mark, in one size."""

    src: Address
    size: str


class Users(msgspec.Struct, frozen=True):
    """How many members were here lately."""

    active_month: int


class Usage(msgspec.Struct, frozen=True):
    """How the instance is used."""

    users: Users


class Places(msgspec.Struct, frozen=True):
    """Where things are."""

    streaming: str
    status: Address | None = None
    about: Address | None = None
    privacy_policy: Address | None = None
    terms_of_service: Address | None = None


class AccountLimits(msgspec.Struct, frozen=True):
    """What a profile may hold."""

    max_featured_tags: int = 0
    max_pinned_statuses: int = 5
    max_profile_fields: int = 0
    profile_field_name_limit: int = 0
    profile_field_value_limit: int = 0
    max_display_name_length: int = 60
    max_note_length: int = 500
    max_avatar_description_length: int = 0
    max_header_description_length: int = 0


class StatusLimits(msgspec.Struct, frozen=True):
    """What a status may hold."""

    max_characters: int
    max_media_attachments: int = MOST_MEDIA
    characters_reserved_per_url: int = 23


class MediaLimits(msgspec.Struct, frozen=True):
    """What can be uploaded."""

    image_size_limit: int
    image_matrix_limit: int
    video_size_limit: int
    video_matrix_limit: int
    video_frame_rate_limit: int = int(FASTEST)
    supported_mime_types: tuple[str, ...] = (*PICTURE_TYPES, *FILM_TYPES, *SOUND_TYPES)
    description_limit: int = LONGEST_ALT


class PollLimits(msgspec.Struct, frozen=True):
    """What a poll may hold, and for how many seconds it lasts."""

    max_options: int = drafts.MOST_OPTIONS
    max_characters_per_option: int = drafts.LONGEST_OPTION
    min_expiration: int = drafts.SHORTEST_POLL // clock.SECOND
    max_expiration: int = drafts.LONGEST_POLL // clock.SECOND


class Translation(msgspec.Struct, frozen=True):
    """Whether statuses can be translated."""

    enabled: bool = False


class Key(msgspec.Struct, frozen=True):
    """The key of web push; empty: there is none."""

    public_key: str = ""


class Access(msgspec.Struct, frozen=True):
    """Who may read a feed."""

    local: str = "public"
    remote: str = "disabled"


class Feeds(msgspec.Struct, frozen=True):
    """Who may read which feed."""

    live_feeds: Access = Access()
    hashtag_feeds: Access = Access()
    trending_link_feeds: Access = Access("disabled")


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """Limits that clients keep to."""

    urls: Places
    vapid: Key = Key()
    accounts: AccountLimits = AccountLimits()
    statuses: StatusLimits
    media_attachments: MediaLimits
    polls: PollLimits = PollLimits()
    translation: Translation = Translation()
    timelines_access: Feeds = Feeds()
    limited_federation: bool = True


class Registrations(msgspec.Struct, frozen=True):
    """Whether one can sign up."""

    enabled: bool
    approval_required: bool = False
    reason_required: bool = False
    message: str | None = None
    min_age: int | None = None
    url: Address | None = None


class Versions(msgspec.Struct, frozen=True):
    """How much of the API is here: Mastodon's own number, and Parvis's."""

    mastodon: int = 11
    parvis: int = 1


class Contact(msgspec.Struct, frozen=True):
    """Whom to ask."""

    email: str
    account: Account | None = None


class RuleWords(msgspec.Struct, frozen=True):
    """A rule in another language."""

    text: str
    hint: str


class Rule(msgspec.Struct, frozen=True):
    """A rule of the house."""

    id: str
    text: str
    hint: str = ""
    translations: dict[str, RuleWords] = {}


class ExtendedDescription(msgspec.Struct, frozen=True):
    """What the operators say of the place."""

    updated_at: Moment | None
    content: Annotated[str, Meta(description="Safe HTML.")]


class PrivacyPolicy(msgspec.Struct, frozen=True):
    """What is kept of members, and who sees it."""

    updated_at: Moment
    content: Annotated[str, Meta(description="Safe HTML.")]


class TermsOfService(msgspec.Struct, frozen=True):
    """What members agree to."""

    effective_date: Annotated[str, Meta(description="A day, YYYY-MM-DD.")]
    effective: bool
    content: Annotated[str, Meta(description="Safe HTML.")]
    succeeded_by: Annotated[str | None, Meta(description="The day since when others hold.")] = None


class DomainBlock(msgspec.Struct, frozen=True):
    """A server that is barred."""

    domain: str
    digest: Annotated[str, Meta(description="SHA-256 of the domain, in hex.")]
    severity: Literal["silence", "suspend"]
    comment: str | None


class Week(msgspec.Struct, frozen=True):
    """How much happened in a week."""

    week: Annotated[str, Meta(description="Its beginning, in seconds since 1970.")]
    statuses: str
    logins: str
    registrations: str


class Instance(msgspec.Struct, frozen=True, kw_only=True):
    """This instance."""

    domain: str
    title: str
    version: str = VERSION
    source_url: Address
    description: str
    usage: Usage
    thumbnail: Thumbnail
    icon: tuple[Icon, ...]
    languages: tuple[str, ...] = LANGUAGES
    configuration: Configuration
    registrations: Registrations
    api_versions: Versions = Versions()
    contact: Contact
    rules: tuple[Rule, ...] = ()


class Stats(msgspec.Struct, frozen=True):
    """How much there is."""

    user_count: int
    status_count: int
    domain_count: int = 0


class Sockets(msgspec.Struct, frozen=True):
    """Where streams begin."""

    streaming_api: str


class InstanceV1(msgspec.Struct, frozen=True, kw_only=True):
    """This instance, as older clients know it."""

    uri: Annotated[str, Meta(description="The domain.")]
    title: str
    short_description: str
    description: str
    email: str
    version: str = VERSION
    urls: Sockets
    stats: Stats
    thumbnail: Address | None
    languages: tuple[str, ...] = LANGUAGES
    registrations: bool
    approval_required: bool = False
    invites_enabled: bool = False
    configuration: Configuration
    contact_account: Account | None = None
    rules: tuple[Rule, ...] = ()


def rule_entity(rule: house.Rule) -> Rule:
    """A rule, with what it is in other languages."""
    told = {language: RuleWords(*words) for language, words in rule.translations.items()}
    return Rule(str(rule.id), rule.text, rule.hint, told)


def configuration_entity(settings: Settings, urls: Urls, present: "Present") -> Configuration:
    """The limits that the settings set, and the key by which push services know this instance."""
    return Configuration(
        vapid=Key(present.push_key),
        translation=Translation(present.translates),
        urls=Places(
            streaming=urls.socket,
            about=f"{urls.base}/about",
            privacy_policy=f"{urls.base}/about/privacy",
            terms_of_service=f"{urls.base}/about/terms",
        ),
        statuses=StatusLimits(settings.post_limit),
        media_attachments=MediaLimits(
            image_size_limit=settings.picture_bytes,
            image_matrix_limit=settings.picture_pixels,
            video_size_limit=settings.film_bytes,
            video_matrix_limit=settings.film_pixels,
        ),
    )


class Present(msgspec.Struct, frozen=True):
    """What the instance is now, beside its settings; `contact` is who speaks for the operator."""

    active: int  # members, lately
    members: int
    posts: int
    servers: int
    rules: Sequence[house.Rule]
    contact: accounts.Account | None
    push_key: str
    translates: bool  # whether there is a text model


def instance_entity(settings: Settings, urls: Urls, present: Present) -> Instance:
    """The instance, with how many members were active lately."""
    contact = present.contact
    return Instance(
        domain=settings.domain,
        title=settings.name,
        source_url=urls.base,
        description=settings.description,
        usage=Usage(Users(present.active)),
        thumbnail=Thumbnail(urls.faces + WIDE, versions={"@1x": urls.faces + WIDE, "@2x": urls.faces + WIDE}),
        icon=tuple(Icon(f"{urls.faces}0.svg", size) for size in ICON_SIZES),
        configuration=configuration_entity(settings, urls, present),
        registrations=registrations_entity(settings, urls),
        contact=Contact(settings.contact, account_entity(contact, urls) if contact else None),
        rules=tuple(rule_entity(rule) for rule in present.rules),
    )


def registrations_entity(settings: Settings, urls: Urls) -> Registrations:
    """Whether one can sign up, and how."""
    return Registrations(
        settings.registration != "closed",
        approval_required=settings.registration == "approval",
        reason_required=settings.registration == "approval",
        url=f"{urls.base}/sign-up",
    )


def instance_v1_entity(settings: Settings, urls: Urls, present: Present) -> InstanceV1:
    """The instance in its first shape."""
    contact = present.contact
    return InstanceV1(
        uri=settings.domain,
        title=settings.name,
        short_description=settings.description,
        description=settings.description,
        email=settings.contact,
        urls=Sockets(urls.socket),
        stats=Stats(present.members, present.posts, present.servers),
        thumbnail=urls.faces + WIDE,
        registrations=settings.registration != "closed",
        approval_required=settings.registration == "approval",
        contact_account=account_entity(contact, urls) if contact else None,
        rules=tuple(rule_entity(rule) for rule in present.rules),
        configuration=configuration_entity(settings, urls, present),
    )
