"""What trends."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "trends",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("week", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "place", name=op.f("pk_trends")),
    )
