"""The tables of `notifications`, which alone writes them."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from parvis.store.columns import Id, Key, Time, metadata
from parvis.store.columns import account_key as _account

__all__ = [
    "markers",
    "notification_permissions",
    "notification_policies",
    "notification_requests",
    "notifications",
    "push_keys",
    "push_subscriptions",
]

notifications = Table(
    "notifications",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("account_id"),  # who is told
    Column("kind", Text, nullable=False),  # one of `notifications.kinds`
    _account("actor_id"),
    Column("post_id", Id, ForeignKey("posts.id", ondelete="CASCADE")),
    Column("subject", Text, nullable=False),  # what makes it one: "like:actor:post"
    Column("about_id", Id),  # a report, a warning or a collection, where it is about one
    Column("details", JSON),  # of ties that were severed
    Column("filtered", Boolean, nullable=False, server_default=false()),  # kept aside by the member's policy
    Column("group_key", Key, nullable=False, server_default=""),  # shared by those told together; empty: told alone
    UniqueConstraint("account_id", "subject"),
    Index("ix_notifications_account_id_id", "account_id", "id"),
    Index(
        "ix_notifications_group",
        "account_id",
        "group_key",
        "id",
        "actor_id",
        postgresql_where=text("group_key <> ''"),
        sqlite_where=text("group_key <> ''"),
    ),
    Index(
        "ix_notifications_filtered",
        "account_id",
        "actor_id",
        postgresql_where=text("filtered"),
        sqlite_where=text("filtered = 1"),
    ),
    Index(None, "post_id"),
)

notification_policies = Table(
    "notification_policies",
    metadata,
    _account("account_id", primary_key=True),
    *(
        Column(whom, Text, nullable=False)  # accept, filter, drop
        for whom in ("not_following", "not_followers", "new_accounts", "private_mentions", "limited_accounts")
    ),
)

notification_requests = Table(  # who was kept aside, and is neither let in nor sent away yet
    "notification_requests",
    metadata,
    _account("account_id", primary_key=True),
    _account("actor_id", primary_key=True),
    Column("id", Id, nullable=False),
    Column("updated_at", Time, nullable=False),
    Index(None, "account_id", "id"),
    sqlite_with_rowid=False,
)

notification_permissions = Table(  # whom the member let in, whatever the policy says
    "notification_permissions",
    metadata,
    _account("account_id", primary_key=True),
    _account("actor_id", primary_key=True),
    sqlite_with_rowid=False,
)

push_subscriptions = Table(
    "push_subscriptions",
    metadata,
    Column("token_hash", LargeBinary, ForeignKey("tokens.token_hash", ondelete="CASCADE"), primary_key=True),
    Column("id", Id, nullable=False, unique=True),
    _account("account_id"),
    Column("endpoint", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False),  # the browser's P-256 point, uncompressed
    Column("secret", LargeBinary, nullable=False),  # 16 bytes that both ends know
    Column("standard", Boolean, nullable=False, server_default=false()),  # RFC 8291, or the draft before it
    Column("alerts", JSON, nullable=False),  # the kinds that are pushed
    Column("policy", Text, nullable=False, server_default="all"),  # all, followed, follower, none
    Column("sealed_token", LargeBinary, nullable=False),  # for the payload, by which an app knows the account
    Index(None, "account_id"),
)

push_keys = Table(
    "push_keys",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),  # 1: there is one pair
    Column("public_key", Text, nullable=False),  # base64url
    Column("sealed_key", LargeBinary, nullable=False),  # by `core.seal`
)

markers = Table(
    "markers",
    metadata,
    _account("account_id", primary_key=True),
    Column("timeline", Text, primary_key=True),  # home, notifications
    Column("last_read_id", Id, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("updated_at", Time, nullable=False),
)
