"""What the pages need from the house, gathered once by the composition root."""

import msgspec

from parvis.ai.protocols import Models
from parvis.core.config import Settings
from parvis.people.pace import Pace
from parvis.posts.emojis import Shelf
from parvis.store.blobs import Blobs
from parvis.store.database import Store
from parvis.timelines.live import Live


class Door(msgspec.Struct, frozen=True):
    """The rooms that the pages open onto."""

    settings: Settings
    store: Store
    blobs: Blobs
    models: Models
    live: Live
    pace: Pace
    emojis: Shelf = msgspec.field(default_factory=Shelf)
