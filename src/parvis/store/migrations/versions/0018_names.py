"""The words of members' names, by which they are found."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

AT_ONCE = 1000
WORD = re.compile(r"\w+")


def upgrade() -> None:
    op.create_table(
        "name_words",
        sa.Column("word", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_name_words_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("word", "account_id", name=op.f("pk_name_words")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_name_words_account_id"), "name_words", ["account_id"], unique=False)
    _learn()


def _learn() -> None:
    """Read every name there is, a thousand at a time."""
    accounts = sa.table("accounts", sa.column("id", sa.BigInteger), sa.column("name", sa.Text))
    words = sa.table("name_words", sa.column("word", sa.Text), sa.column("account_id", sa.BigInteger))
    last = -1
    while True:
        page = sa.select(accounts.c.id, accounts.c.name).where(accounts.c.id > last).order_by(accounts.c.id)
        found = op.get_bind().execute(page.limit(AT_ONCE)).fetchall()
        if not found:
            return
        rows = [{"word": word, "account_id": one} for one, name in found for word in _words_in(name)]
        if rows:
            op.get_bind().execute(sa.insert(words), rows)
        last = found[-1][0]


def _words_in(name: str) -> list[str]:
    bare = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    return list(dict.fromkeys(word[:40] for word in WORD.findall(bare.casefold())))[:10]
