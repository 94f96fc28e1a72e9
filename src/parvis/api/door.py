"""What the API is handed by the composition root, and the addresses it writes into its answers."""

from typing import Any
from urllib.parse import quote

import msgspec

from parvis.ai.protocols import Models
from parvis.core.config import Settings
from parvis.people.accounts import Account
from parvis.people.pace import Pace
from parvis.posts.emojis import Shelf
from parvis.store.blobs import Blobs
from parvis.store.database import Store
from parvis.timelines.live import Live


class Urls:
    """Absolute addresses, their fixed beginnings joined once."""

    __slots__ = ("_tag", "base", "emojis", "faces", "host", "href", "media", "profile", "socket")

    def __init__(self, settings: Settings, emojis: Shelf | None = None) -> None:
        self.base = settings.url
        self.host = settings.domain
        self.media = f"{settings.url}/media/"
        self.profile = f"{settings.url}/@"
        self._tag = f"{settings.url}/tags/"
        self.href = f'href="{settings.url}/'
        self.faces = f"{settings.url}/faces/"
        self.socket = settings.url.replace("http", "ws", 1)
        self.emojis = emojis or Shelf()

    def avatar(self, account: Account) -> str:
        """The picture that an account shows, or the one that it has from birth."""
        return self.media + moving if (moving := account.moving_avatar) else self.still_avatar(account)

    def still_avatar(self, account: Account) -> str:
        """The same where nothing moves."""
        return self.media + account.avatar if account.avatar else f"{self.faces}{account.id}.png"

    def header(self, account: Account) -> str:
        """The wide picture of its profile, or the one that it has from birth."""
        return self.media + account.header if account.header else f"{self.faces}{account.id}/wide.png"

    def tagged(self, tag: str) -> str:
        """The page of a hashtag."""
        return self._tag + (tag if tag.isascii() else quote(tag))

    def html(self, relative: str) -> str:
        """A post's HTML with its own relative links made absolute."""
        return relative.replace('href="/', self.href) if 'href="/' in relative else relative


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """What this door needs of the house."""

    settings: Settings
    store: Store
    blobs: Blobs
    models: Models
    live: Live
    pace: Pace
    emojis: Shelf = msgspec.field(default_factory=Shelf)


class House(msgspec.Struct, frozen=True):
    """The door, and what is made from it once for all requests."""

    door: Door
    urls: Urls
    teller: Any  # of `api.streams`, which also renders what it tells
