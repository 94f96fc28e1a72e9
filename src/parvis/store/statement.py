"""A statement built once, compiled once for each engine, run by a bare driver.

SQLAlchemy Core describes it; `Statement` turns it into SQL text, the order of its parameters, and what must be
converted on the way in and out, because a bare driver skips SQLAlchemy's type processors.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Literal, NamedTuple, TypeVar, overload

import msgspec
from sqlalchemy import JSON, BigInteger, Boolean, ColumnElement, Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

Engine = Literal["sqlite", "postgresql"]
T = TypeVar("T")
_DOLLAR = re.compile(r"\$(\d+)")

DIALECTS: dict[Engine, Dialect] = {
    "sqlite": sqlite_dialect(paramstyle="numeric_dollar"),
    "postgresql": asyncpg_dialect(),  # type: ignore[no-untyped-call] # SQLAlchemy leaves dialects untyped
}


class IdList(TypeDecorator[list[int]]):
    """The type of a parameter that carries a list of ids: JSON text on SQLite, an array on PostgreSQL."""

    impl = ARRAY(BigInteger)
    cache_ok = True


class TextList(TypeDecorator[list[str]]):
    """The type of a parameter that carries a list of words, as `IdList` does ids."""

    impl = ARRAY(Text)
    cache_ok = True


class _Among(ColumnElement[bool]):
    """`column among the values of one parameter`."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, column: ColumnElement[Any], parameter: str, kind: TypeDecorator[Any]) -> None:
        self.column = column
        self.parameter = bindparam(parameter, type_=kind)

    def self_group(self, against: Any = None) -> "_Among":  # noqa: ARG002 - SQLAlchemy's signature
        """Itself: SQLAlchemy would append `= 1` on SQLite, which hides the index."""
        return self


@compiles(_Among, "sqlite")
def _among_sqlite(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column = compiler.process(element.column, **kw)
    ids = compiler.process(element.parameter, **kw)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - SQLAlchemy rendered both parts


@compiles(_Among, "postgresql")
def _among_postgresql(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column = compiler.process(element.column, **kw)
    return f"{column} = ANY ({compiler.process(element.parameter, **kw)})"


def among(column: ColumnElement[Any], parameter: str) -> ColumnElement[bool]:
    """A condition: the column's value is one of the ids in the named parameter, however many they are."""
    return _Among(column, parameter, IdList())


def among_words(column: ColumnElement[Any], parameter: str) -> ColumnElement[bool]:
    """The same for a list of words."""
    return _Among(column, parameter, TextList())


class Joined(FunctionElement[str]):
    """The texts of a group in one, with commas between, in no order: `string_agg`, or what SQLite calls it."""

    inherit_cache = True
    type = Text()


@compiles(Joined, "sqlite")
def _joined_sqlite(element: Joined, compiler: SQLCompiler, **kw: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **kw)}, ',')"


@compiles(Joined, "postgresql")
def _joined_postgresql(element: Joined, compiler: SQLCompiler, **kw: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **kw)}, ',')"


class Compiled(NamedTuple):
    """A statement as one engine runs it."""

    sql: str
    order: tuple[str, ...]  # the parameter names, in the order of their placeholders
    defaults: Mapping[str, Any]  # values that stood in the statement itself
    encoders: Mapping[str, Callable[[Any], Any]]
    decoders: tuple[tuple[int, Callable[[Any], Any]], ...]  # by position in the row

    def arguments(self, parameters: Mapping[str, Any]) -> tuple[Any, ...]:
        """The driver's positional arguments.

        Raises:
            KeyError: a parameter is missing.
        """
        values = []
        for name in self.order:
            value = parameters[name] if name in parameters else self.defaults[name]
            encode = self.encoders.get(name)
            values.append(encode(value) if encode and value is not None else value)
        return tuple(values)


class Statement(Generic[T]):
    """A Core statement, and the Struct that its rows become (`into`); without one, rows stay tuples."""

    @overload
    def __init__(self: "Statement[tuple[Any, ...]]", clause: ClauseElement, *, slow: bool = False) -> None: ...
    @overload
    def __init__(self, clause: ClauseElement, into: Callable[..., T], *, slow: bool = False) -> None: ...
    def __init__(self, clause: ClauseElement, into: Callable[..., T] | None = None, *, slow: bool = False) -> None:
        self.clause = clause
        self.into = into
        self.slow = slow  # SQLite runs it in a thread, so that the loop does not wait
        self._compiled: dict[Engine, Compiled] = {}

    def compiled(self, engine: Engine) -> Compiled:
        """The statement for this engine, compiled at its first use."""
        found = self._compiled.get(engine)
        if found is None:
            found = self._compiled[engine] = compile_for(engine, self.clause)
        return found

    def shape(self, compiled: Compiled, rows: Sequence[Any]) -> list[T]:
        """Driver rows as this statement's Structs."""
        if compiled.decoders:
            rows = [_decode(row, compiled.decoders) for row in rows]
        into = self.into
        if into is None:
            return rows if isinstance(rows, list) else list(rows)
        return [into(*row) for row in rows]


def compile_for(engine: Engine, clause: ClauseElement) -> Compiled:
    """Compile for one engine."""
    compiled = clause.compile(dialect=DIALECTS[engine])
    if not isinstance(compiled, SQLCompiler):
        raise TypeError(f"{clause!r} is no statement")
    binds = compiled.binds
    columns = getattr(clause, "exported_columns", ())
    order = tuple(dict.fromkeys(compiled.positiontup or ()))
    sql = str(compiled)
    return Compiled(
        sql=_DOLLAR.sub(r"?\1", sql) if engine == "sqlite" else sql,  # SQLite counts `$1` by where it stands
        order=order,
        defaults={name: bind.effective_value for name, bind in binds.items() if not bind.required},
        encoders={name: encoder for name, bind in binds.items() if (encoder := _encoder(engine, bind.type))},
        decoders=tuple(
            (position, decoder)
            for position, column in enumerate(columns)
            if (decoder := _decoder(engine, column.type)) is not None
        ),
    )


def _decode(row: Any, decoders: tuple[tuple[int, Callable[[Any], Any]], ...]) -> tuple[Any, ...]:
    values = list(row)
    for position, decode in decoders:
        if values[position] is not None:
            values[position] = decode(values[position])
    return tuple(values)


def _encode_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _encoder(engine: Engine, kind: Any) -> Callable[[Any], Any] | None:
    if isinstance(kind, JSON) or (engine == "sqlite" and isinstance(kind, IdList | TextList)):
        return _encode_json
    if engine == "postgresql" and isinstance(kind, IdList | TextList):
        return list
    return None


def _decoder(engine: Engine, kind: Any) -> Callable[[Any], Any] | None:
    if isinstance(kind, JSON):
        return msgspec.json.decode
    if engine == "sqlite" and isinstance(kind, Boolean):
        return bool
    return None
