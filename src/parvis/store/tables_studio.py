"""The tables of `studio`, which alone writes them."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    Table,
    Text,
)

from parvis.store.columns import Id, Time, metadata
from parvis.store.columns import account_key as _account
from parvis.store.columns import post_key as _post

__all__ = ["drawings", "translations"]

drawings = Table(
    "drawings",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("account_id"),
    Column("prompt", Text, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("state", Text, nullable=False),  # queued, drawing, drawn, kept, cancelled, failed
    Column("share", Float, nullable=False, server_default="0"),  # done, 0 to 1
    Column("preview", Text, nullable=False, server_default=""),  # blob names
    Column("result", Text, nullable=False, server_default=""),
    Column("stored", JSON),  # what `posts.media` says of the result, so that keeping it is one insert
    Column("maker", Text, nullable=False, server_default=""),
    Column("method", Text, nullable=False, server_default=""),
    Column("description", Text, nullable=False, server_default=""),
    Column("undrawn", JSON, nullable=False, server_default="[]"),
    Column("credits", JSON, nullable=False, server_default="[]"),
    Column("problem", Text, nullable=False, server_default=""),  # why it failed, safe to show
    Column("charge_id", Id),
    Column("media_id", Id),
    Column("created_at", Time, nullable=False),
    Index("ix_drawings_account_id_id", "account_id", "id"),
)

translations = Table(
    "translations",
    metadata,
    _post("post_id", primary_key=True),
    Column("language", Text, primary_key=True),  # into which
    Column("version", Time, nullable=False),  # when the post was edited last; 0: never
    Column("result", JSON, nullable=False),
    Column("created_at", Time, nullable=False),
)
