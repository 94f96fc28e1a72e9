"""Pictures, films and sounds as Mastodon's clients know them: media attachments, with Parvis's `origin` and `maker`."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from parvis.api.door import Urls
from parvis.posts.post import Film, Media

Type = Literal["unknown", "image", "gifv", "video", "audio"]
TYPES: dict[str, Type] = {"picture": "image", "loop": "gifv", "film": "video", "sound": "audio"}
"""Parvis's words for what is shown, in Mastodon's."""


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """A picture's size in pixels; of a film, its rates instead of what follows from the size."""

    width: int | UnsetType = UNSET
    height: int | UnsetType = UNSET
    size: str | UnsetType = UNSET
    aspect: float | UnsetType = UNSET
    frame_rate: Annotated[str | UnsetType, Meta(description="Frames a second, as a fraction.")] = UNSET
    duration: Annotated[float | UnsetType, Meta(description="Seconds.")] = UNSET
    bitrate: Annotated[int | UnsetType, Meta(description="Bits a second.")] = UNSET


class Focus(msgspec.Struct, frozen=True):
    """Where to look, from -1 to 1: x to the right, y upwards."""

    x: float
    y: float


class Colors(msgspec.Struct, frozen=True):
    """Colours of a player that shows a sound's cover."""

    background: str
    foreground: str
    accent: str


class MediaMeta(msgspec.Struct, frozen=True, kw_only=True):
    """Sizes of what is shown and of its preview; length and rates of what plays."""

    length: Annotated[str | UnsetType, Meta(description="h:mm:ss.ss")] = UNSET
    duration: float | UnsetType = UNSET
    fps: float | UnsetType = UNSET
    size: str | UnsetType = UNSET
    width: int | UnsetType = UNSET
    height: int | UnsetType = UNSET
    aspect: float | UnsetType = UNSET
    audio_encode: str | UnsetType = UNSET
    audio_bitrate: str | UnsetType = UNSET
    audio_channels: str | UnsetType = UNSET
    original: Size | UnsetType = UNSET
    small: Size | UnsetType = UNSET
    focus: Focus | UnsetType = UNSET
    colors: Colors | UnsetType = UNSET


class MediaAttachment(msgspec.Struct, frozen=True, kw_only=True):
    """What is or will be attached to a status."""

    id: str
    type: Type = "image"
    url: Annotated[str | None, Meta(description="None while it is being processed.")]
    preview_url: str | None
    remote_url: str | None = None
    preview_remote_url: str | None = None
    text_url: str | None = None
    meta: MediaMeta | None
    description: str | None
    blurhash: str | None
    origin: Annotated[str, Meta(description="Parvis: human, assisted or generated.")]
    maker: Annotated[str, Meta(description="Parvis: the model that made it; empty when human.")]


def size(width: int, height: int) -> Size:
    """The size, and what follows from it."""
    return Size(width=width, height=height, size=f"{width}x{height}", aspect=width / height if height else 1.0)


def media_entity(media: Media, urls: Urls) -> MediaAttachment:
    """What is attached, with its addresses."""
    ready = media.state == "ready"
    return MediaAttachment(
        id=str(media.id),
        type=TYPES.get(media.kind, "unknown"),
        url=urls.media + media.blob if ready else None,
        preview_url=urls.media + media.preview if media.preview else None,
        meta=_meta(media) if ready else None,
        description=media.alt or None,
        blurhash=media.blurhash or None,
        origin=media.origin,
        maker=media.maker,
    )


def _meta(media: Media) -> MediaMeta:
    small = size(media.preview_width, media.preview_height) if media.preview else UNSET
    focus = Focus(media.focus_x, media.focus_y)
    if media.film is None:
        return MediaMeta(original=size(media.width, media.height), small=small, focus=focus)
    return _playing(media, media.film, small, focus)


def _playing(media: Media, film: Film, small: Size | UnsetType, focus: Focus) -> MediaMeta:
    seen = media.width > 0
    top, _, bottom = film.rate.partition("/")
    hours, rest = divmod(film.seconds, 3600)
    codec, rate, channels = film.sound or (UNSET, UNSET, UNSET)
    return MediaMeta(
        length=f"{int(hours)}:{int(rest // 60):02d}:{rest % 60:05.2f}",
        duration=film.seconds,
        fps=round(int(top) / int(bottom), 2) if film.rate else UNSET,
        size=f"{media.width}x{media.height}" if seen else UNSET,
        width=media.width if seen else UNSET,
        height=media.height if seen else UNSET,
        aspect=media.width / media.height if seen else UNSET,
        audio_encode=codec,
        audio_bitrate=rate,
        audio_channels=channels,
        original=Size(
            width=media.width if seen else UNSET,
            height=media.height if seen else UNSET,
            frame_rate=film.rate or UNSET,
            duration=film.seconds,
            bitrate=film.bitrate,
        ),
        small=small,
        focus=focus if seen else UNSET,
        colors=Colors(*film.colours) if film.colours else UNSET,
    )
