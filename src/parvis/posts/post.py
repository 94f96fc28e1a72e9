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


class Media(msgspec.Struct, frozen=True, array_like=True):
    """A picture: blob names, sizes in pixels, what it shows, and who or what made it."""

    id: MediaId
    kind: str
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


class Post(msgspec.Struct, frozen=True):
    """A post, or a repost, as one viewer may see it. Made by `posts.visibility` alone.

    A repost carries nothing of its own but its author: what it passes on is in `repost_of`, and the counts and the
    viewer's `liked` and `reposted` are that post's.
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
    liked: bool
    reposted: bool

    @property
    def created_at(self) -> int:
        """When it was published, in ms."""
        return ids.moment_of(self.id)

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
