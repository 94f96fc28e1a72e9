"""What posts show beside words and members' own pictures: custom emoji, and cards of the pages that they link to.

`posts` owns these.
"""

from sqlalchemy import JSON, Boolean, Column, Index, Table, Text, true

from parvis.store.columns import Key, Time, metadata
from parvis.store.columns import post_key as _post

__all__ = ["cards", "emojis", "post_links"]

emojis = Table(
    "emojis",
    metadata,
    Column("shortcode", Key, primary_key=True),
    Column("blob", Text, nullable=False),  # blob names
    Column("still", Text, nullable=False),  # the same without movement
    Column("category", Text, nullable=False, server_default=""),
    Column("listed", Boolean, nullable=False, server_default=true()),  # offered where one chooses
    Column("created_at", Time, nullable=False),
    Index(None, "blob"),
    Index(None, "still"),
)

cards = Table(
    "cards",
    metadata,
    Column("url", Key, primary_key=True),
    Column("card", JSON),  # a `Card`; none when the page had nothing to show
    Column("image", Text, nullable=False, server_default=""),  # a blob name
    Column("fetched_at", Time, nullable=False),
    Index(None, "image"),
    Index(None, "fetched_at"),
)

post_links = Table(
    "post_links",
    metadata,
    Column("url", Key, primary_key=True),  # that of the card
    _post("post_id", primary_key=True),
    Index(None, "post_id"),
    sqlite_with_rowid=False,
)
