"""Films and sounds, custom emoji, cards of links, translations."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("media", sa.Column("state", sa.Text(), server_default="ready", nullable=False))
    op.add_column("media", sa.Column("film", sa.JSON(), nullable=True))
    op.create_table(
        "emojis",
        sa.Column("shortcode", KEY, nullable=False),
        sa.Column("blob", sa.Text(), nullable=False),
        sa.Column("still", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), server_default="", nullable=False),
        sa.Column("listed", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shortcode", name=op.f("pk_emojis")),
    )
    op.create_index(op.f("ix_emojis_blob"), "emojis", ["blob"])
    op.create_index(op.f("ix_emojis_still"), "emojis", ["still"])
    op.create_table(
        "cards",
        sa.Column("url", KEY, nullable=False),
        sa.Column("card", sa.JSON(), nullable=True),
        sa.Column("image", sa.Text(), server_default="", nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_cards")),
    )
    op.create_index(op.f("ix_cards_image"), "cards", ["image"])
    op.create_index(op.f("ix_cards_fetched_at"), "cards", ["fetched_at"])
    op.create_table(
        "post_links",
        sa.Column("url", KEY, nullable=False),
        sa.Column("post_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_links_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("url", "post_id", name=op.f("pk_post_links")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_post_links_post_id"), "post_links", ["post_id"])
    op.create_table(
        "translations",
        sa.Column("post_id", ID, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_translations_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "language", name=op.f("pk_translations")),
    )


def downgrade() -> None:
    for table in ("translations", "post_links", "cards", "emojis"):
        op.drop_table(table)
    op.drop_column("media", "film")
    op.drop_column("media", "state")
