"""Which posts show something, so that those who look for nothing else need not walk all."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    showing = sa.text("length(CAST(media AS TEXT)) > 2")
    op.create_index(
        "ix_posts_showing",
        "posts",
        ["visibility", "id"],
        unique=False,
        postgresql_where=showing,
        sqlite_where=showing,
    )
