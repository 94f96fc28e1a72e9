"""The tables of `moderation`, which alone writes them."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, Table, Text, false, true

from parvis.store.columns import Id, Time, metadata
from parvis.store.columns import account_key as _account

__all__ = [
    "allowed_domains",
    "announcement_reactions",
    "announcements",
    "appeals",
    "audit_log",
    "barred_domains",
    "dismissals",
    "house_rules",
    "house_texts",
    "remarks",
    "reports",
    "strikes",
    "verdicts",
]

reports = Table(
    "reports",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("account_id"),  # who reports
    _account("target_id"),
    Column("category", Text, nullable=False),  # spam, legal, violation, other
    Column("comment", Text, nullable=False, server_default=""),
    Column("forward", Boolean, nullable=False, server_default=false()),
    Column("posts", JSON, nullable=False, server_default="[]"),  # ids
    Column("rules", JSON, nullable=False, server_default="[]"),  # ids
    Column("assigned_id", Id, ForeignKey("accounts.id", ondelete="SET NULL")),
    Column("resolved_at", Time),
    Column("resolved_by_id", Id, ForeignKey("accounts.id", ondelete="SET NULL")),
    Column("updated_at", Time, nullable=False),
    Index(None, "target_id", "id"),
    Index(None, "account_id", "id"),
    Index("ix_reports_open", "resolved_at", "id"),
)

strikes = Table(
    "strikes",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("account_id"),
    Column("moderator_id", Id, ForeignKey("accounts.id", ondelete="SET NULL")),
    Column("action", Text, nullable=False),  # none, disable, sensitive, limit, suspend, delete, mark
    Column("text", Text, nullable=False, server_default=""),
    Column("report_id", Id, ForeignKey("reports.id", ondelete="SET NULL")),
    Column("posts", JSON, nullable=False, server_default="[]"),  # ids of what it is about
    Column("overruled_at", Time),
    Index(None, "account_id", "id"),
)

remarks = Table(
    "remarks",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("account_id"),  # about whom
    Column("author_id", Id, ForeignKey("accounts.id", ondelete="SET NULL")),
    Column("text", Text, nullable=False),
    Index(None, "account_id", "id"),
)

appeals = Table(
    "appeals",
    metadata,
    Column("strike_id", Id, ForeignKey("strikes.id", ondelete="CASCADE"), primary_key=True),
    _account("account_id"),
    Column("text", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="pending"),  # pending, approved, rejected
    Column("decided_by_id", Id, ForeignKey("accounts.id", ondelete="SET NULL")),
    Column("decided_at", Time),
    Column("created_at", Time, nullable=False),
    Index(None, "state", "strike_id"),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("actor_id", Id, ForeignKey("accounts.id", ondelete="SET NULL")),  # none: the command line
    Column("verb", Text, nullable=False),
    Column("subject", Text, nullable=False),  # "account:115", "report:116", "domain:example.org"
    Column("detail", Text, nullable=False, server_default=""),
    Index(None, "subject", "id"),
)

house_rules = Table(
    "house_rules",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("position", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("hint", Text, nullable=False, server_default=""),
    Column("translations", JSON, nullable=False, server_default="{}"),  # {"fr": ["text", "hint"]}
    Column("deleted_at", Time),  # reports go on naming it
)

house_texts = Table(
    "house_texts",
    metadata,
    Column("kind", Text, primary_key=True),  # about, privacy, terms
    Column("language", Text, primary_key=True),
    Column("day", Text, primary_key=True),  # terms: since when, YYYY-MM-DD; the others have one, without
    Column("text", Text, nullable=False),  # Markdown
    Column("updated_at", Time, nullable=False),
)

announcements = Table(
    "announcements",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("mentions", JSON, nullable=False, server_default="[]"),
    Column("tags", JSON, nullable=False, server_default="[]"),
    Column("all_day", Boolean, nullable=False, server_default=false()),
    Column("starts_at", Time),
    Column("ends_at", Time),
    Column("due_at", Time),  # when it is to be published
    Column("published_at", Time),
    Column("updated_at", Time, nullable=False),
)

announcement_reactions = Table(
    "announcement_reactions",
    metadata,
    Column("announcement_id", Id, ForeignKey("announcements.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    _account("account_id", primary_key=True),
    Column("id", Id, nullable=False),
)

dismissals = Table(
    "dismissals",
    metadata,
    _account("account_id", primary_key=True),
    Column("announcement_id", Id, ForeignKey("announcements.id", ondelete="CASCADE"), primary_key=True),
)

barred_domains = Table(
    "barred_domains",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("domain", Text, nullable=False, unique=True),
    Column("severity", Text, nullable=False),  # none, limit, suspend
    Column("reject_media", Boolean, nullable=False, server_default=false()),
    Column("reject_reports", Boolean, nullable=False, server_default=false()),
    Column("private_comment", Text, nullable=False, server_default=""),
    Column("public_comment", Text, nullable=False, server_default=""),
    Column("obfuscate", Boolean, nullable=False, server_default=false()),
)

allowed_domains = Table(
    "allowed_domains",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("domain", Text, nullable=False, unique=True),
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("kind", Text, primary_key=True),  # tag, post, link, publisher
    Column("subject", Text, primary_key=True),  # a folded tag, an id, an address, a host
    Column("trendable", Boolean),  # none: not judged yet
    Column("usable", Boolean, nullable=False, server_default=true()),
    Column("listable", Boolean, nullable=False, server_default=true()),
    Column("judged_at", Time, nullable=False),
)
