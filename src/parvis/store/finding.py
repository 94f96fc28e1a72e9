"""Full-text search on both engines: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL.

Terms flow in (see `core.terms`), made by the application, so that both engines find the same; here is only how each
keeps and asks for them. A document has the id of its post, and goes with it.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Boolean, Column, ColumnElement, MetaData, Table, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from parvis.store.columns import Id
from parvis.store.statement import Engine

documents = Table("post_words", MetaData(), Column("rowid", Id, primary_key=True), Column("words", Text))
"""Beside the schema, because SQLite's is a virtual table: the migration makes it by `SCHEMA`."""

SCHEMA: Final[dict[str, tuple[str, ...]]] = {
    "sqlite": (
        "CREATE VIRTUAL TABLE post_words USING fts5(words, tokenize='ascii', columnsize=0)",
        "CREATE TRIGGER post_words_gone AFTER DELETE ON posts BEGIN DELETE FROM post_words WHERE rowid = OLD.id; END",
    ),
    "postgresql": (
        (
            "CREATE TABLE post_words "
            "(rowid BIGINT PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE, words TSVECTOR NOT NULL)"
        ),
        "CREATE INDEX ix_post_words_words ON post_words USING gin (words)",
    ),
}
ADD: Final[dict[str, str]] = {
    "sqlite": "INSERT INTO post_words (rowid, words) VALUES (:post, :words)",
    "postgresql": (
        "INSERT INTO post_words (rowid, words) VALUES (CAST(:post AS BIGINT), CAST(CAST(:words AS TEXT) AS TSVECTOR))"
    ),
}
REMOVE: Final = "DELETE FROM post_words WHERE rowid = :post"
MOST_POSITIONS: Final = 16_383  # of a tsvector


class _Matches(ColumnElement[bool]):
    """The document matches the expression in a parameter."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, parameter: str) -> None:
        self.parameter = bindparam(parameter, type_=Text)

    def self_group(self, against: Any = None) -> "_Matches":  # noqa: ARG002 - SQLAlchemy's signature
        """Itself: SQLAlchemy would append `= 1` on SQLite, which FTS5 does not take."""
        return self


@compiles(_Matches, "sqlite")
def _matches_sqlite(element: _Matches, compiler: SQLCompiler, **kw: Any) -> str:
    return f"post_words MATCH {compiler.process(element.parameter, **kw)}"


@compiles(_Matches, "postgresql")
def _matches_postgresql(element: _Matches, compiler: SQLCompiler, **kw: Any) -> str:
    return f"post_words.words @@ CAST({compiler.process(element.parameter, **kw)} AS TSQUERY)"


def matches(parameter: str) -> ColumnElement[bool]:
    """A condition: the row of `documents` matches what `expression` made."""
    return _Matches(parameter)


def document(engine: Engine, signs: Sequence[str], terms: Sequence[str]) -> str:
    """What `ADD` is given."""
    if engine == "sqlite":
        return " ".join((*terms, *signs))
    places: dict[str, list[str]] = {}
    for place, term in enumerate(terms[:MOST_POSITIONS], 1):
        places.setdefault(term, []).append(str(place))
    placed = [f"'{term}':{','.join(found[:200])}" for term, found in places.items()]
    return " ".join((*placed, *(f"'{one}'" for one in signs)))


def expression(engine: Engine, wanted: Iterable[Sequence[str]], unwanted: Iterable[Sequence[str]]) -> str:
    """Every wanted phrase and no unwanted one, as `matches` takes it; there must be a wanted one.

    A phrase is terms that follow each other; one that ends in `*` is the beginning of a term.
    """
    if engine == "sqlite":
        excluded = "".join(f" NOT {_phrase_fts5(phrase)}" for phrase in unwanted)
        return f"({' AND '.join(map(_phrase_fts5, wanted))}){excluded}"
    excluded = "".join(f" & !({_phrase_tsquery(phrase)})" for phrase in unwanted)
    return " & ".join(f"({_phrase_tsquery(phrase)})" for phrase in wanted) + excluded


def _phrase_fts5(phrase: Sequence[str]) -> str:
    return " + ".join(f'"{term[:-1]}" *' if term.endswith("*") else f'"{term}"' for term in phrase)


def _phrase_tsquery(phrase: Sequence[str]) -> str:
    return " <-> ".join(f"'{term[:-1]}':*" if term.endswith("*") else f"'{term}'" for term in phrase)
