"""Notifications of every kind, kept aside by a policy, grouped, and pushed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOM = ("not_following", "not_followers", "new_accounts", "private_mentions", "limited_accounts")


def _account(name: str, table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column(name, ID, nullable=False),
        sa.ForeignKeyConstraint([name], ["accounts.id"], name=op.f(f"fk_{table}_{name}"), ondelete="CASCADE"),
    ]


def _pair(table: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        *_account("account_id", table),
        *_account("actor_id", table),
        *columns,
        sa.PrimaryKeyConstraint("account_id", "actor_id", name=op.f(f"pk_{table}")),
        sqlite_with_rowid=False,
    )


def upgrade() -> None:
    for column in (
        sa.Column("about_id", ID, nullable=True),
        sa.Column("details", sa.JSON(), nullable=True),
        sa.Column("filtered", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("group_key", KEY, server_default="", nullable=False),
    ):
        op.add_column("notifications", column)
    grouped, aside = sa.text("group_key <> ''"), sa.text("filtered")
    op.create_index(
        "ix_notifications_group",
        "notifications",
        ["account_id", "group_key", "id", "actor_id"],
        sqlite_where=grouped,
        postgresql_where=grouped,
    )
    op.create_index(
        "ix_notifications_filtered",
        "notifications",
        ["account_id", "actor_id"],
        sqlite_where=sa.text("filtered = 1"),
        postgresql_where=aside,
    )
    op.create_table(
        "notification_policies",
        *_account("account_id", "notification_policies"),
        *(sa.Column(whom, sa.Text(), nullable=False) for whom in WHOM),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_notification_policies")),
    )
    _pair("notification_permissions")
    _pair(
        "notification_requests",
        sa.Column("id", ID, nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
    )
    op.create_index(op.f("ix_notification_requests_account_id_id"), "notification_requests", ["account_id", "id"])
    op.create_table(
        "push_subscriptions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("id", ID, nullable=False),
        *_account("account_id", "push_subscriptions"),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("standard", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("alerts", sa.JSON(), nullable=False),
        sa.Column("policy", sa.Text(), server_default="all", nullable=False),
        sa.Column("sealed_token", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["token_hash"],
            ["tokens.token_hash"],
            name=op.f("fk_push_subscriptions_token_hash"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_push_subscriptions")),
        sa.UniqueConstraint("id", name=op.f("uq_push_subscriptions_id")),
    )
    op.create_index(op.f("ix_push_subscriptions_account_id"), "push_subscriptions", ["account_id"])
    op.create_table(
        "push_keys",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_keys")),
    )
