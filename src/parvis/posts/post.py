"""A post as its readers meet it: whole, with its author, its pictures and what the reader did with it."""

from collections.abc import Sequence
from typing import Final

import msgspec

from parvis.core import ids
from parvis.core.ids import AccountId, MediaId, PostId
from parvis.people.accounts import Account
from parvis.posts.text import Mention

VISIBILITIES: Final = ("public", "unlisted", "followers", "mentioned")
ORIGINS: Final = ("human", "assisted", "generated")
QUOTE_POLICIES: Final = ("public", "followers", "nobody")  # who may quote a post, beside its author

LIKED: Final = 1
REPOSTED: Final = 2
BOOKMARKED: Final = 4
MUTED: Final = 8  # the viewer wants to hear nothing of its thread
PINNED: Final = 16
OWN: Final = 32
SIGNED_OUT: Final = 64  # there is no viewer


class Film(msgspec.Struct, frozen=True, array_like=True):
    """What a film, a loop or a sound has beside a picture."""

    seconds: float
    rate: str = ""  # frames a second, as a fraction: 30/1
    bitrate: int = 0  # bits a second
    sound: tuple[str, ...] = ()  # codec, rate, channels; nothing when it is silent
    colours: tuple[str, ...] = ()  # background, foreground and accent for a player with this cover


class Media(msgspec.Struct, frozen=True, array_like=True):
    """What a post shows: blob names, sizes in pixels, what it shows, and who or what made it.

    Until it is `ready`, `blob` is what came and nothing more is known; a sound may have no `preview`.
    """

    id: MediaId
    kind: str  # picture, loop (moves, silent), film, sound
    blob: str
    preview: str
    width: int
    height: int
    preview_width: int
    preview_height: int
    blurhash: str
    alt: str = ""
    focus_x: float = 0.0  # -1 (left) to 1 (right)
    focus_y: float = 0.0  # -1 (bottom) to 1 (top)
    origin: str = "human"
    maker: str = ""
    film: Film | None = None
    state: str = "ready"  # processing, ready, failed


class Card(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is told of a page that a post links to. `image` is a blob name; times are ms."""

    url: str
    title: str
    description: str = ""
    kind: str = "link"  # link, photo, video, rich
    language: str | None = None
    author_name: str = ""
    author_url: str = ""
    provider_name: str = ""
    provider_url: str = ""
    html: str = ""
    embed_url: str = ""
    width: int = 0
    height: int = 0
    image: str = ""
    image_description: str = ""
    blurhash: str = ""
    published_at: int | None = None


class Emoji(msgspec.Struct, frozen=True, array_like=True):
    """A picture that stands for `:shortcode:` in a text; blob names, the second one's never moves."""

    shortcode: str
    blob: str
    still: str
    category: str = ""


class Poll(msgspec.Struct, frozen=True):
    """A question with answers to choose from, as one viewer sees it; it has its post's id."""

    id: PostId
    options: tuple[str, ...]
    tallies: tuple[int, ...]  # votes for each option, in their order
    voters_count: int
    multiple: bool
    hide_totals: bool  # until it ends
    expires_at: int  # ms
    expired: bool
    own_votes: tuple[int, ...]  # positions of the options that the viewer chose

    @property
    def totals_shown(self) -> bool:
        """Whether the tallies may be shown now."""
        return self.expired or not self.hide_totals


class Quote(msgspec.Struct, frozen=True):
    """What a post quotes, as far as the viewer may see it."""

    state: str  # pending, accepted, rejected, revoked, deleted, unauthorized, blocked_account, muted_account
    quoted_id: PostId | None  # none once it is deleted; for whoever wrote the quote, or may see `post`
    quoted_author_id: AccountId
    post: "Post | None"  # none unless the viewer may see it and the quote stands


class More(msgspec.Struct, frozen=True):
    """What few posts carry beside the rest: see `posts.extras`."""

    poll: Poll | None = None
    quote: Quote | None = None
    card: Card | None = None
    emojis: tuple[Emoji, ...] = ()
    quotes_count: int = 0
    quote_policy: str = "public"
    follows_author: bool = False  # the viewer does; known only where followers may quote it


class Match(msgspec.Struct, frozen=True):
    """A filter of the viewer's that a post meets, and what in it does."""

    filter_id: int
    title: str
    contexts: tuple[str, ...]
    action: str  # warn, hide, blur
    expires_at: int | None = None  # ms
    keywords: tuple[str, ...] = ()
    posts: tuple[PostId, ...] = ()


class Post(msgspec.Struct, frozen=True):
    """A post, or a repost, as one viewer may see it. Made by `posts.visibility` alone.

    A repost carries nothing of its own but its author: what it passes on is in `repost_of`, and the counts and what
    binds the viewer to it are that post's.
    """

    id: PostId
    author: Account
    text: str
    html: str
    warning: str
    sensitive: bool
    language: str | None
    visibility: str
    origin: str  # human, assisted, generated
    maker: str  # the model's name when the origin is not human
    thread_id: PostId
    reply_to_id: PostId | None  # None too when the viewer may not see what it answers
    reply_to_author_id: AccountId | None
    repost_of: "Post | None"
    mentions: tuple[Mention, ...]
    tags: tuple[str, ...]
    media: tuple[Media, ...]
    likes_count: int
    reposts_count: int
    replies_count: int
    edited_at: int | None
    app_name: str | None
    app_website: str | None
    ties: int  # what binds the viewer to it: bits, from LIKED to SIGNED_OUT
    more: More | None = None
    filtered: tuple[Match, ...] = ()  # for feeds to say

    @property
    def created_at(self) -> int:
        """When it was published, in ms."""
        return ids.moment_of(self.id)

    @property
    def liked(self) -> bool:
        """Whether the viewer likes it."""
        return self.ties & LIKED != 0

    @property
    def reposted(self) -> bool:
        """Whether the viewer passed it on."""
        return self.ties & REPOSTED != 0

    @property
    def bookmarked(self) -> bool:
        """Whether the viewer keeps it."""
        return self.ties & BOOKMARKED != 0

    @property
    def muted(self) -> bool:
        """Whether the viewer wants to hear nothing of its thread."""
        return self.ties & MUTED != 0

    @property
    def pinned(self) -> bool:
        """Whether the viewer, who wrote it, has it stand first on their profile."""
        return self.ties & PINNED != 0

    @property
    def quote_policy(self) -> str:
        """Who may quote it beside its author: public, followers or nobody."""
        if self.visibility not in ("public", "unlisted"):
            return "nobody"
        return self.more.quote_policy if self.more is not None else "public"

    @property
    def quotable(self) -> bool:
        """Whether the viewer may quote it."""
        if self.ties & SIGNED_OUT or self.visibility == "mentioned":
            return False
        if self.ties & OWN or self.quote_policy == "public":
            return True
        return self.quote_policy == "followers" and self.more is not None and self.more.follows_author

    @property
    def shown(self) -> "Post":
        """The post that there is to read: what a repost passes on, or itself."""
        return self.repost_of or self


_mentions = msgspec.json.Decoder(tuple[Mention, ...])
_tags = msgspec.json.Decoder(tuple[str, ...])
_media = msgspec.json.Decoder(tuple[Media, ...])
_encoder = msgspec.json.Encoder()

decode_mentions = _mentions.decode
decode_tags = _tags.decode
decode_media = _media.decode


def encode_list(items: Sequence[object]) -> str:
    """A list as the JSON that `posts` keeps."""
    return _encoder.encode(items).decode() if items else "[]"
