"""The newest post of each author, and versions of accounts and posts."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for table in ("accounts", "posts"):
        op.add_column(table, sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.create_table(
        "heads",
        sa.Column("author_id", ID, autoincrement=False, nullable=False),
        sa.Column("post_id", ID, nullable=False),
        sa.Column("turns", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_heads_author_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("author_id", name=op.f("pk_heads")),
    )
    op.execute("INSERT INTO heads (author_id, post_id) SELECT author_id, max(id) FROM posts GROUP BY author_id")
