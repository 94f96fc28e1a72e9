"""The tables of `timelines`, which alone writes them."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from parvis.store.columns import Id, Key, Time, metadata
from parvis.store.columns import account_key as _account
from parvis.store.columns import post_key as _post

__all__ = [
    "conversation_posts",
    "conversations",
    "featured_tags",
    "filter_keywords",
    "filter_posts",
    "filters",
    "list_members",
    "lists",
    "tag_follows",
    "trends",
]

lists = Table(
    "lists",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("account_id"),
    Column("title", Text, nullable=False),
    Column("replies", Text, nullable=False),  # whose answers to others it shows: none, list, followed
    Column("exclusive", Boolean, nullable=False, server_default=false()),  # its members are read here and not in home
    Index(None, "account_id"),
)

list_members = Table(
    "list_members",
    metadata,
    Column("list_id", Id, ForeignKey("lists.id", ondelete="CASCADE"), nullable=False, primary_key=True),
    _account("account_id", primary_key=True),
    Column("id", Id, nullable=False),
    Index(None, "account_id"),
    sqlite_with_rowid=False,
)

filters = Table(
    "filters",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("account_id"),
    Column("title", Text, nullable=False),
    Column("contexts", JSON, nullable=False),  # ["home", "notifications", "public", "thread", "account"]
    Column("action", Text, nullable=False),  # warn, hide, blur
    Column("expires_at", Time),
    Index(None, "account_id"),
)

filter_keywords = Table(
    "filter_keywords",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("filter_id", Id, ForeignKey("filters.id", ondelete="CASCADE"), nullable=False),
    Column("keyword", Text, nullable=False),
    Column("whole_word", Boolean, nullable=False, server_default=true()),
    Index(None, "filter_id"),
)

filter_posts = Table(
    "filter_posts",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("filter_id", Id, ForeignKey("filters.id", ondelete="CASCADE"), nullable=False),
    _post("post_id"),
    UniqueConstraint("filter_id", "post_id"),
    Index(None, "post_id"),
)

tag_follows = Table(
    "tag_follows",
    metadata,
    _account("account_id", primary_key=True),
    Column("tag", Text, primary_key=True),
    Column("id", Id, nullable=False),
    Index(None, "tag"),
    sqlite_with_rowid=False,
)

featured_tags = Table(
    "featured_tags",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("account_id"),
    Column("tag", Text, nullable=False),
    UniqueConstraint("account_id", "tag"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("account_id"),  # whose view of it this is
    Column("thread_id", Id, nullable=False),
    Column("company", Text, nullable=False),  # the ids of the others, ascending: "115 116"
    Column("last_post_id", Id, nullable=False),
    Column("unread", Boolean, nullable=False),
    UniqueConstraint("account_id", "thread_id", "company"),
    Index("ix_conversations_account_id_last_post_id", "account_id", "last_post_id"),
    Index("ix_conversations_account_id_company", "account_id", "company", "last_post_id"),
    Index(
        "ix_conversations_unread",
        "account_id",
        "company",
        postgresql_where=text("unread"),
        sqlite_where=text("unread = 1"),
    ),
    Index(None, "last_post_id"),
)

conversation_posts = Table(
    "conversation_posts",
    metadata,
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, primary_key=True),
    _post("post_id", primary_key=True),
    Index(None, "post_id"),
    sqlite_with_rowid=False,
)

trends = Table(
    "trends",
    metadata,
    Column("kind", Text, primary_key=True),  # tag, post, link
    Column("place", Integer, primary_key=True),  # from 0, the highest
    Column("subject", Key, nullable=False),  # a folded tag, an id, an address
    Column("score", Float, nullable=False),
    Column("week", JSON, nullable=False),  # [[day in ms, accounts, uses], ...], today first; empty for posts
)
