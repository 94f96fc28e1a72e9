"""Who is suspended is found without reading every account."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    suspended = sa.text("suspended_at IS NOT NULL")
    op.create_index("ix_accounts_suspended", "accounts", ["id"], sqlite_where=suspended, postgresql_where=suspended)
