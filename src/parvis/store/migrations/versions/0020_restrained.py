"""Which accounts something lies on, so that those who count who waits need not walk all."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    restrained = sa.text("restraints != 0")
    op.create_index(
        "ix_accounts_restrained",
        "accounts",
        ["id"],
        unique=False,
        postgresql_where=restrained,
        sqlite_where=restrained,
    )
