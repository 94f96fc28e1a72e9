"""Bookmarks, pins, muted threads, versions, polls, quotes and scheduled posts."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "scheduled_posts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("publish_at", sa.BigInteger(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("app_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_scheduled_posts_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled_posts")),
    )
    op.create_index("ix_scheduled_posts_account_id_id", "scheduled_posts", ["account_id", "id"], unique=False)
    op.create_index(
        "ix_scheduled_posts_account_id_publish_at", "scheduled_posts", ["account_id", "publish_at"], unique=False
    )
    op.create_index("ix_scheduled_posts_key", "scheduled_posts", ["account_id", "key"], unique=True)
    op.create_table(
        "thread_mutes",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_thread_mutes_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "thread_id", name=op.f("pk_thread_mutes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "bookmarks",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_bookmarks_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_bookmarks_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "post_id", name=op.f("pk_bookmarks")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_bookmarks_account_id_id", "bookmarks", ["account_id", "id"], unique=False)
    op.create_index(op.f("ix_bookmarks_post_id"), "bookmarks", ["post_id"], unique=False)
    op.create_table(
        "pins",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_pins_account_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_pins_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "post_id", name=op.f("pk_pins")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_pins_post_id"), "pins", ["post_id"], unique=False)
    op.create_table(
        "polls",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("tallies", sa.JSON(), nullable=False),
        sa.Column("voters_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("multiple", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("hide_totals", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_polls_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_polls")),
    )
    op.create_table(
        "quotes",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quoted_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("quoted_author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_quotes_post_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["quoted_id"], ["posts.id"], name=op.f("fk_quotes_quoted_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_quotes")),
    )
    op.create_index("ix_quotes_quoted_id_post_id", "quotes", ["quoted_id", "post_id"], unique=False)
    op.create_table(
        "versions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("warning", sa.Text(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("media", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=True),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_versions_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
    )
    op.create_index("ix_versions_post_id_id", "versions", ["post_id", "id"], unique=False)
    op.create_table(
        "votes",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_votes_account_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_votes_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "account_id", name=op.f("pk_votes")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_votes_account_id"), "votes", ["account_id"], unique=False)
    op.drop_index(op.f("ix_likes_post_id"), table_name="likes")
    op.create_index("ix_likes_account_id_id", "likes", ["account_id", "id"], unique=False)
    op.create_index("ix_likes_post_id_id", "likes", ["post_id", "id"], unique=False)
    op.add_column(
        "media", sa.Column("scheduled_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
    op.create_index(op.f("ix_media_scheduled_id"), "media", ["scheduled_id"], unique=False)
    op.add_column("posts", sa.Column("extras", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("posts", sa.Column("quotes_count", sa.Integer(), server_default="0", nullable=False))
    op.add_column("posts", sa.Column("card", sa.JSON(), nullable=True))
    op.add_column("posts", sa.Column("emojis", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("posts", "emojis")
    op.drop_column("posts", "card")
    op.drop_column("posts", "quotes_count")
    op.drop_column("posts", "extras")
    op.drop_index(op.f("ix_media_scheduled_id"), table_name="media")
    op.drop_column("media", "scheduled_id")
    op.drop_index("ix_likes_post_id_id", table_name="likes")
    op.drop_index("ix_likes_account_id_id", table_name="likes")
    op.create_index(op.f("ix_likes_post_id"), "likes", ["post_id"], unique=False)
    op.drop_index(op.f("ix_votes_account_id"), table_name="votes")
    op.drop_table("votes")
    op.drop_index("ix_versions_post_id_id", table_name="versions")
    op.drop_table("versions")
    op.drop_index("ix_quotes_quoted_id_post_id", table_name="quotes")
    op.drop_table("quotes")
    op.drop_table("polls")
    op.drop_index(op.f("ix_pins_post_id"), table_name="pins")
    op.drop_table("pins")
    op.drop_index(op.f("ix_bookmarks_post_id"), table_name="bookmarks")
    op.drop_index("ix_bookmarks_account_id_id", table_name="bookmarks")
    op.drop_table("bookmarks")
    op.drop_table("thread_mutes")
    op.drop_index("ix_scheduled_posts_key", table_name="scheduled_posts")
    op.drop_index("ix_scheduled_posts_account_id_publish_at", table_name="scheduled_posts")
    op.drop_index("ix_scheduled_posts_account_id_id", table_name="scheduled_posts")
    op.drop_table("scheduled_posts")
