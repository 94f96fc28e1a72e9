"""Pictures as Mastodon's clients know them (media attachments), with Parvis's `origin` and `maker`."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from parvis.api.door import Urls
from parvis.posts.post import Media


class Size(msgspec.Struct, frozen=True):
    """A picture's size in pixels."""

    width: int
    height: int
    size: str
    aspect: float


class Focus(msgspec.Struct, frozen=True):
    """Where to look, from -1 to 1: x to the right, y upwards."""

    x: float
    y: float


class MediaMeta(msgspec.Struct, frozen=True):
    """The sizes of a picture and of its preview."""

    original: Size
    small: Size
    focus: Focus


class MediaAttachment(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that is or will be attached to a status."""

    id: str
    type: Literal["unknown", "image", "gifv", "video", "audio"] = "image"
    url: str
    preview_url: str
    remote_url: str | None = None
    preview_remote_url: str | None = None
    text_url: str | None = None
    meta: MediaMeta
    description: str | None
    blurhash: str | None
    origin: Annotated[str, Meta(description="Parvis: human, assisted or generated.")]
    maker: Annotated[str, Meta(description="Parvis: the model that made it; empty when human.")]


def size(width: int, height: int) -> Size:
    """The size, and what follows from it."""
    return Size(width, height, f"{width}x{height}", width / height if height else 1.0)


def media_entity(media: Media, urls: Urls) -> MediaAttachment:
    """The picture with its addresses."""
    return MediaAttachment(
        id=str(media.id),
        url=urls.media + media.blob,
        preview_url=urls.media + media.preview,
        meta=MediaMeta(
            size(media.width, media.height),
            size(media.preview_width, media.preview_height),
            Focus(media.focus_x, media.focus_y),
        ),
        description=media.alt or None,
        blurhash=media.blurhash or None,
        origin=media.origin,
        maker=media.maker,
    )
