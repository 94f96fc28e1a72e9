"""Full-text search over posts, and what was published before is learnt."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from parvis.core import terms
from parvis.store import finding
from parvis.store.statement import Engine

revision = "0011"
down_revision = "0010"

BATCH = 5000
ALT = 9  # where a picture's description stands in `posts.media`
ROWS = sa.text(
    "SELECT posts.id, text, warning, author_id, language, reply_to_author_id, sensitive, media, polls.options "
    "FROM posts LEFT JOIN polls ON polls.post_id = posts.id "
    "WHERE posts.id > :after AND repost_of_id IS NULL ORDER BY posts.id LIMIT :most"
).columns(media=sa.JSON, options=sa.JSON)


def upgrade() -> None:
    connection = op.get_bind()
    engine: Engine = "sqlite" if connection.dialect.name == "sqlite" else "postgresql"
    for statement in finding.SCHEMA[engine]:
        op.execute(statement)
    after = 0
    while rows := connection.execute(ROWS, {"after": after, "most": BATCH}).all():
        connection.execute(sa.text(finding.ADD[engine]), [_document(engine, row) for row in rows])
        after = rows[-1][0]


def _document(engine: Engine, row: Any) -> dict[str, Any]:
    post, words, warning, author, language, answers, sensitive, media, options = row
    media = json.loads(media) if isinstance(media, str) else media
    options = (json.loads(options) if isinstance(options, str) else options) or []
    carries = [*(["media"] if media else []), *(one[1] for one in media), *(["poll"] if options else [])]
    carries += ["link"] if "://" in words else []
    signs = terms.signs(
        author=author, language=language, reply=answers is not None, sensitive=bool(sensitive), carries=carries
    )
    alts = [one[ALT] for one in media if len(one) > ALT]
    found = terms.terms_of(" \n ".join((warning, words, *alts, *options)))
    return {"post": post, "words": finding.document(engine, signs, found)}
