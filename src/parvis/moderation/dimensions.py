"""Dimensions: what the place is made of: languages, apps, servers, space, software.

A key, a period and a limit flow in; rows of a name and a value flow out, the largest first, all by counting.
"""

import platform
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import BigInteger, Integer, Text, bindparam, func, literal_column, select, text

from parvis import __version__
from parvis.core.errors import Invalid
from parvis.moderation import roles
from parvis.moderation.measures import Period, acting
from parvis.moderation.roles import May
from parvis.people.accounts import Account
from parvis.store.statement import Statement
from parvis.store.tables import accounts, apps, credentials, media, post_tags, posts
from parvis.store.transaction import Tx

MOST: Final = 50


class Row(msgspec.Struct, frozen=True):
    """One value of a dimension."""

    key: str
    name: str
    value: str
    unit: str | None = None
    human_value: str | None = None


class Dimension(msgspec.Struct, frozen=True):
    """A dimension's rows."""

    key: str
    rows: tuple[Row, ...]


_low, _high = bindparam("low", type_=BigInteger), bindparam("high", type_=BigInteger)
_id_low, _id_high = bindparam("id_low", type_=BigInteger), bindparam("id_high", type_=BigInteger)
_most = bindparam("most", type_=Integer)
_subject = bindparam("subject", type_=Text)
_local = accounts.c.domain == literal_column("''")
_count: Any = func.count()


def _top(name: Any, rows: Any, counted: Any = _count) -> Statement[Any]:
    told = rows.with_only_columns(name, counted, maintain_column_froms=True)
    return Statement(told.group_by(name).order_by(counted.desc(), name).limit(_most), slow=True)


_active = select(acting.c.who).join_from(acting, accounts, accounts.c.id == acting.c.who).where(_local)
_posted = select(posts.c.id).join_from(posts, accounts, accounts.c.id == posts.c.author_id)
_within = (posts.c.id >= _id_low, posts.c.id < _id_high)
_tagged = (
    select(posts.c.id)
    .join_from(post_tags, posts, posts.c.id == post_tags.c.post_id)
    .join(accounts, accounts.c.id == posts.c.author_id)
    .where(post_tags.c.tag == _subject, *_within)
)
_joined = (
    select(accounts.c.id)
    .join_from(accounts, credentials, credentials.c.account_id == accounts.c.id)
    .outerjoin(apps, apps.c.id == credentials.c.app_id)
    .where(accounts.c.created_at >= _low, accounts.c.created_at < _high)
)
_COUNTED: Final[Mapping[str, tuple[Statement[Any], str]]] = {
    "languages": (_top(accounts.c.language, _active, func.count(acting.c.who.distinct())), ""),
    "sources": (_top(func.coalesce(apps.c.name, literal_column("''")), _joined), ""),
    "servers": (_top(accounts.c.domain, _posted.where(*_within)), ""),
    "tag_servers": (_top(accounts.c.domain, _tagged), "tag"),
    "tag_languages": (_top(func.coalesce(posts.c.language, literal_column("''")), _tagged), "tag"),
    "instance_accounts": (
        _top(
            accounts.c.handle,
            select(accounts.c.id).where(accounts.c.domain == _subject),
            func.max(accounts.c.followers_count),
        ),
        "domain",
    ),
    "instance_languages": (
        _top(
            func.coalesce(posts.c.language, literal_column("''")),
            _posted.where(accounts.c.domain == _subject, *_within),
        ),
        "domain",
    ),
}
_SIZE = {
    "sqlite": Statement(text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")),
    "postgresql": Statement(text("SELECT pg_database_size(current_database())")),
}
_VERSION = {
    "sqlite": Statement(text("SELECT sqlite_version()")),
    "postgresql": Statement(text("SELECT current_setting('server_version')")),
}
_PICTURES = Statement(select(func.count(), func.coalesce(func.sum(media.c.width * media.c.height), 0)), slow=True)


def _human_size(size: float) -> str:
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1024:  # noqa: PLR2004 - a kilobyte
            return f"{size:.3g} {unit}"
        size /= 1024
    return f"{size:.3g} TB"


async def _space(tx: Tx) -> tuple[Row, ...]:
    size = int(await tx.value(_SIZE[tx.engine]))
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[tx.engine]
    return (Row(tx.engine, name, str(size), "bytes", _human_size(size)),)


async def _software(tx: Tx) -> tuple[Row, ...]:
    engine = str(await tx.value(_VERSION[tx.engine]))
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[tx.engine]
    return (
        Row("parvis", "Parvis", __version__, None, __version__),
        Row("python", "Python", platform.python_version(), None, platform.python_version()),
        Row(tx.engine, name, engine, None, engine),
    )


_TOLD: Final[Mapping[str, Callable[[Tx], Awaitable[tuple[Row, ...]]]]] = {
    "space_usage": _space,
    "software_versions": _software,
}
KEYS: Final = (*_COUNTED, *_TOLD)


async def dimensions(
    tx: Tx,
    moderator: Account | None,
    keys: tuple[str, ...],
    period: Period,
    subjects: Mapping[str, str],
    *,
    most: int = 10,
) -> list[Dimension]:
    """The dimensions with these keys, each once and in their order; `subjects` says of what, by key.

    Raises:
        Forbidden: the account may not read them.
        Invalid: a key is unknown, or a subject is missing.
    """
    roles.require(moderator, May.SEE_DASHBOARD)
    return [await _dimension(tx, key, period, subjects.get(key, ""), most) for key in dict.fromkeys(keys)]


async def _dimension(tx: Tx, key: str, period: Period, subject: str, most: int) -> Dimension:
    if (told := _TOLD.get(key)) is not None:
        return Dimension(key, await told(tx))
    if key not in _COUNTED:
        raise Invalid("There is no such dimension.", field="keys")
    statement, wants = _COUNTED[key]
    if wants and not subject:
        raise Invalid("This dimension wants to know of what.", field=key)
    rows = await tx.all(statement, subject=subject, most=max(1, min(most, MOST)), **period.bounds())
    return Dimension(key, tuple(Row(str(name), str(name), str(value)) for name, value in rows))
