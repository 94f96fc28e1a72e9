"""What every table is made of: the kinds of columns, and the one catalogue that all tables are in.

Ids are 64-bit and made by the application; times are milliseconds since 1970, UTC; defaults are the database's own,
since bare drivers know no other.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, Text, literal_column

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer, "sqlite")  # INTEGER PRIMARY KEY is SQLite's row id: no second tree
Time = BigInteger
Key = Text().with_variant(Text(collation="C"), "postgresql")  # compared by code point, so that prefixes are ranges


def account_key(name: str, *, primary_key: bool = False) -> Column[int]:
    """A column that names an account, and goes with it."""
    key = ForeignKey("accounts.id", ondelete="CASCADE")
    return Column(name, Id, key, nullable=False, primary_key=primary_key)


def post_key(name: str, *, nullable: bool = False, primary_key: bool = False) -> Column[int]:
    """A column that names a post, and goes with it; one that may be empty is emptied."""
    rule = "SET NULL" if nullable else "CASCADE"
    return Column(name, Id, ForeignKey("posts.id", ondelete=rule), nullable=nullable, primary_key=primary_key)


def version(table: str) -> Column[int]:
    """A number that grows with every UPDATE of its row: each one that is built from the table counts it up."""
    return Column(
        "version", Integer, nullable=False, server_default="1", onupdate=literal_column(f"{table}.version + 1")
    )
