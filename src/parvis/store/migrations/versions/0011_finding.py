"""Full-text search over posts; what was published before is learnt by a job, a few posts at a time."""

import sqlalchemy as sa
from alembic import op

from parvis.core import clock, ids
from parvis.store import finding

revision = "0011"
down_revision = "0010"

LEARN = sa.text(
    "INSERT INTO jobs (id, kind, payload, run_at, key) "
    "SELECT CAST(:id AS BIGINT), 'learn_words', '{}', 0, 'learn_words' FROM (SELECT 1 FROM posts LIMIT 1) AS one"
)


def upgrade() -> None:
    connection = op.get_bind()
    for statement in finding.SCHEMA[connection.dialect.name]:
        op.execute(statement)
    connection.execute(LEARN, {"id": ids.at(clock.now())})
