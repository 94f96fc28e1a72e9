"""Refused sign-ups are not counted: the refusal takes the count back with it."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.drop_table("turned_away")
