"""What profiles say, how one follows, requests, notes, endorsements, preferences, letters."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _account(name: str, table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column(name, ID, nullable=False),
        sa.ForeignKeyConstraint([name], ["accounts.id"], name=op.f(f"fk_{table}_{name}"), ondelete="CASCADE"),
    ]


def _pair(table: str, one: str, other: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        *_account(one, table),
        *_account(other, table),
        *columns,
        sa.PrimaryKeyConstraint(one, other, name=op.f(f"pk_{table}")),
        sqlite_with_rowid=False,
    )


def upgrade() -> None:
    for column in (
        sa.Column("traits", sa.Integer(), server_default="0", nullable=False),
        sa.Column("details", sa.Text(), server_default="", nullable=False),
    ):
        op.add_column("accounts", column)
    for column in (
        sa.Column("reposts", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("notify", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("languages", sa.Text(), server_default="", nullable=False),
        sa.Column("picky", sa.Boolean(), server_default=sa.false(), nullable=False),
    ):
        op.add_column("follows", column)
    for name, side in (("picky", "follower_id"), ("notify", "followee_id")):
        op.create_index(
            f"ix_follows_{name}", "follows", [side], sqlite_where=sa.text(name), postgresql_where=sa.text(name)
        )
    op.add_column("tokens", sa.Column("code_hash", sa.LargeBinary(), nullable=True))
    op.create_index(op.f("ix_tokens_code_hash"), "tokens", ["code_hash"])
    _pair(
        "follow_requests",
        "follower_id",
        "followee_id",
        sa.Column("id", ID, nullable=False),
        sa.Column("reposts", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("notify", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("languages", sa.Text(), server_default="", nullable=False),
    )
    op.create_index(op.f("ix_follow_requests_followee_id_id"), "follow_requests", ["followee_id", "id"])
    _pair("endorsements", "account_id", "endorsed_id", sa.Column("id", ID, nullable=False))
    op.create_index(op.f("ix_endorsements_endorsed_id"), "endorsements", ["endorsed_id"])
    _pair("notes", "writer_id", "about_id", sa.Column("words", sa.Text(), nullable=False))
    op.create_index(op.f("ix_notes_about_id"), "notes", ["about_id"])
    _pair("passed_over", "account_id", "passed_id")
    op.create_index(op.f("ix_passed_over_passed_id"), "passed_over", ["passed_id"])
    op.create_table(
        "shunned_domains",
        *_account("account_id", "shunned_domains"),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "domain", name=op.f("pk_shunned_domains")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "preferences",
        *_account("account_id", "preferences"),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_preferences")),
    )
    op.create_table(
        "confirmations",
        *_account("account_id", "confirmations"),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_confirmations")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_confirmations_key_hash")),
    )
    op.create_table(
        "mailbox",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox")),
    )
