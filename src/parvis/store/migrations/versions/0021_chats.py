"""Conversations by who is in them, and which of them are unread."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_index(
        "ix_conversations_account_id_company",
        "conversations",
        ["account_id", "company", "last_post_id"],
        unique=False,
    )
    op.create_index(
        "ix_conversations_unread",
        "conversations",
        ["account_id", "company"],
        unique=False,
        postgresql_where=sa.text("unread"),
        sqlite_where=sa.text("unread = 1"),
    )
