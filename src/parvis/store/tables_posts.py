"""What members do with posts beside liking them, and what few posts carry: polls, quotes, versions; those to come.

`posts` owns these.
"""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, Table, Text, false

from parvis.store.columns import Id, Time, metadata
from parvis.store.columns import account_key as _account
from parvis.store.columns import post_key as _post

__all__ = ["bookmarks", "pins", "polls", "quotes", "scheduled_posts", "thread_mutes", "versions", "votes"]

bookmarks = Table(
    "bookmarks",
    metadata,
    _account("account_id", primary_key=True),
    _post("post_id", primary_key=True),
    Column("id", Id, nullable=False),  # orders the pages
    Index(None, "post_id"),
    Index("ix_bookmarks_account_id_id", "account_id", "id"),
    sqlite_with_rowid=False,
)

pins = Table(
    "pins",
    metadata,
    _account("account_id", primary_key=True),
    _post("post_id", primary_key=True),
    Column("id", Id, nullable=False),
    Index(None, "post_id"),
    sqlite_with_rowid=False,
)

thread_mutes = Table(
    "thread_mutes",
    metadata,
    _account("account_id", primary_key=True),
    Column("thread_id", Id, primary_key=True),
    Column("id", Id, nullable=False),
    sqlite_with_rowid=False,
)

versions = Table(  # what a post was before an edit; what it is now stands in `posts`
    "versions",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _post("post_id"),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("warning", Text, nullable=False),
    Column("sensitive", Boolean, nullable=False),
    Column("media", JSON, nullable=False),
    Column("options", JSON),  # of its poll
    Column("said_at", Time, nullable=False),
    Index("ix_versions_post_id_id", "post_id", "id"),
)

polls = Table(
    "polls",
    metadata,
    _post("post_id", primary_key=True),
    Column("options", JSON, nullable=False),  # ["yes", ...]
    Column("tallies", JSON, nullable=False),  # [0, ...]
    Column("voters_count", Integer, nullable=False, server_default="0"),
    Column("multiple", Boolean, nullable=False, server_default=false()),
    Column("hide_totals", Boolean, nullable=False, server_default=false()),
    Column("expires_at", Time, nullable=False),
)

votes = Table(
    "votes",
    metadata,
    _post("post_id", primary_key=True),
    _account("account_id", primary_key=True),
    Column("choices", JSON, nullable=False),  # positions of options
    Column("id", Id, nullable=False),
    Index(None, "account_id"),
    sqlite_with_rowid=False,
)

quotes = Table(
    "quotes",
    metadata,
    _post("post_id", primary_key=True),  # which quotes
    _post("quoted_id", nullable=True),  # none once it is deleted
    Column("quoted_author_id", Id, nullable=False),
    Column("state", Text, nullable=False),  # pending, accepted, rejected, revoked
    Index("ix_quotes_quoted_id_post_id", "quoted_id", "post_id"),
)

scheduled_posts = Table(
    "scheduled_posts",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("account_id"),
    Column("publish_at", Time, nullable=False),
    Column("draft", JSON, nullable=False),
    Column("app_id", Id),
    Column("key", Text),  # of the request that scheduled it, so that a retry gives it back
    Index("ix_scheduled_posts_account_id_id", "account_id", "id"),
    Index("ix_scheduled_posts_account_id_publish_at", "account_id", "publish_at"),
    Index("ix_scheduled_posts_key", "account_id", "key", unique=True),
)
