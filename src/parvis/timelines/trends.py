"""Trends: the hashtags, posts and links that more people than usual take up today.

Every ten minutes a job counts what was public lately and keeps the few at the top in a small table, with a week's
counts of each; reading them reads that table. People count, not posts: one alone makes no trend. What a moderator
refused does not trend, nor what an author has put behind a warning; what nobody has judged yet may.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    literal_column,
    select,
)

from parvis.core import clock, ids
from parvis.people.accounts import Account
from parvis.posts.post import Card, Post
from parvis.posts.visibility import NOBODY, in_order, met, muting, viewer, visible
from parvis.store.jobs import Kind, Work
from parvis.store.statement import Statement, among_words
from parvis.store.tables import cards, post_links, post_tags, posts, trends, verdicts
from parvis.store.transaction import Tx

NAME = "measure_trends"
EVERY: Final = 10 * clock.MINUTE
DAYS: Final = 7
MOST: Final = 100  # of each kind
MOST_READ: Final = 40
LEAST: Final = 3  # people, before anything trends
HALF_LIFE: Final = 8 * 60 * clock.MINUTE  # ms, in which a post's score halves


class Day(msgspec.Struct, frozen=True, array_like=True):
    """How something was used on a day (its beginning, ms): by how many people, how often."""

    day: int
    accounts: int
    uses: int
    lapsed: int = 0  # of those people, how many did not use it on the day after


class Trend(msgspec.Struct, frozen=True):
    """A hashtag that trends, and its week, today first."""

    subject: str
    week: tuple[Day, ...]


class Link(msgspec.Struct, frozen=True):
    """A page that is linked to, and its week, today first."""

    card: Card
    week: tuple[Day, ...]


class Measure(msgspec.Struct, frozen=True):
    """Measure once."""


_since = bindparam("since", type_=BigInteger)
_most = bindparam("most", type_=Integer)
_public = (
    posts.c.visibility == literal_column("'public'"),
    posts.c.repost_of_id.is_(None),
    visible(posts),
    met(posts),
)


def _taking(table: Any, subject: Any, *conditions: ColumnElement[bool]) -> Subquery:
    """How often since each author used each subject in public on each day; where it was not public, nobody did.

    The author is asked of each row, so that either engine begins with the few uses, not with all posts.
    """
    author = select(posts.c.author_id).where(posts.c.id == table.c.post_id, *_public).scalar_subquery().label("author")
    day = table.c.post_id.bitwise_rshift(literal_column("16", BigInteger)) // literal_column(str(clock.DAY), BigInteger)
    return (
        select(subject.label("subject"), day.label("day"), author, func.count().label("uses"))
        .where(table.c.post_id > _since, *conditions)
        .group_by("author", "subject", "day")  # in this order SQLite reads the index by post
        .subquery("taking")
    )


def _taken_up(table: Any, subject: Any) -> Statement[tuple[Any, ...]]:
    """What the most people took up since."""
    taking = _taking(table, subject).c
    people = func.count(taking.author.distinct())
    return Statement(
        select(taking.subject, people)
        .group_by(taking.subject)
        .having(people >= bindparam("least", type_=Integer))
        .order_by(people.desc(), taking.subject)
        .limit(_most),
        slow=True,
    )


def _weeks(table: Any, subject: Any) -> Statement[tuple[Any, ...]]:
    """On each day: by how many people each subject was used, how often, and how many of them lapsed."""
    taking = _taking(table, subject, among_words(subject, "subjects")).c
    next_day = func.lead(taking.day).over(partition_by=(taking.subject, taking.author), order_by=taking.day)
    lapses = case((next_day == taking.day + literal_column("1", BigInteger), 0), else_=1)
    each = (
        select(taking.subject, taking.day, taking.uses, lapses.label("lapses"))
        .where(taking.author.is_not(None))
        .subquery("each")
        .c
    )
    uses, lapsed = (cast(func.sum(column), Integer) for column in (each.uses, each.lapses))
    return Statement(
        select(each.subject, each.day, func.count(), uses, lapsed).group_by(each.subject, each.day), slow=True
    )


_TAKEN_UP = {"tag": _taken_up(post_tags, post_tags.c.tag), "link": _taken_up(post_links, post_links.c.url)}
_WEEKS = {"tag": _weeks(post_tags, post_tags.c.tag), "link": _weeks(post_links, post_links.c.url)}
_acclaim = posts.c.likes_count + posts.c.reposts_count * literal_column("2", Integer)
_ACCLAIMED = Statement(
    select(posts.c.id, _acclaim)
    .where(
        posts.c.id > _since,
        posts.c.reply_to_author_id.is_(None),
        posts.c.warning == literal_column("''"),
        ~posts.c.sensitive,
        posts.c.likes_count + posts.c.reposts_count >= bindparam("least", type_=Integer),
        *_public,
    )
    .order_by(_acclaim.desc(), posts.c.id.desc())
    .limit(_most),
    slow=True,
)
_REFUSED = Statement(select(verdicts.c.kind, verdicts.c.subject).where(verdicts.c.trendable.is_(False)))
_CLEAR = Statement(delete(trends))
_ADD = Statement(insert(trends).values({c.name: bindparam(c.name, type_=c.type) for c in trends.columns}))


def _of(kind: str, query: Select[Any]) -> Statement[tuple[Any, ...]]:
    """A page of what trends of this kind, the highest first."""
    paged = query.order_by(trends.c.place).limit(_most).offset(bindparam("skipped", type_=Integer))
    return Statement(paged.where(trends.c.kind == literal_column(f"'{kind}'")))


_TAGS = _of("tag", select(trends.c.subject, trends.c.week))
_LINKS = _of(
    "link",
    select(cards.c.card, trends.c.week)
    .join_from(trends, cards, cards.c.url == trends.c.subject)
    .where(cards.c.card.is_not(None)),
)
_post = case((trends.c.kind == literal_column("'post'"), cast(trends.c.subject, BigInteger)))
_POSTS = _of(
    "post", select(posts.c.id).join_from(trends, posts, posts.c.id == _post).where(~muting(viewer, posts.c.author_id))
)


def ask_to_measure(tx: Tx, *, after: int = 0) -> None:
    """Have trends measured `after` ms from now, unless that is to happen already."""
    tx.enqueue(NAME, Measure(), run_at=tx.now + after, key=NAME)


async def _run(work: Work) -> None:
    async with work.store.reading() as tx:
        rows = await measured(tx)
    async with work.ending() as tx:
        await keep(tx, rows)
        ask_to_measure(tx, after=EVERY)


MEASURING = Kind(name=NAME, payload=Measure, run=_run, concurrency=1)


async def measured(tx: Tx) -> list[dict[str, Any]]:
    """What trends now, as rows of the table: a constant number of queries over the last days."""
    refused = set(await tx.all(_REFUSED))
    found = []
    for kind in ("tag", "link"):
        found += [
            _row(kind, place, subject, score, week)
            for place, (score, subject, week) in enumerate(await _risen(tx, kind, refused))
        ]
    since = ids.at(max(0, tx.now - 2 * clock.DAY))
    acclaimed = await tx.all(_ACCLAIMED, since=since, least=LEAST, most=2 * MOST, viewer=NOBODY)
    scored = sorted(
        (
            (acclaim * 0.5 ** ((tx.now - ids.moment_of(post)) / HALF_LIFE), post)
            for post, acclaim in acclaimed
            if ("post", str(post)) not in refused
        ),
        reverse=True,
    )
    return found + [_row("post", place, str(post), score, ()) for place, (score, post) in enumerate(scored[:MOST])]


async def _risen(tx: Tx, kind: str, refused: set[tuple[str, str]]) -> list[tuple[float, str, tuple[Day, ...]]]:
    """By how far more people than on the days before took it up."""
    since = ids.at(max(0, tx.now - clock.DAY))
    rows = await tx.all(_TAKEN_UP[kind], since=since, least=LEAST, most=2 * MOST, viewer=NOBODY)
    lately = {subject: people for subject, people in rows if (kind, subject) not in refused}
    weeks = await weeks_of(tx, lately, kind=kind)
    risen = []
    for subject, people in lately.items():
        usual = max(1.0, sum(day.accounts for day in weeks[subject][1:]) / (DAYS - 1))
        risen.append(((people - usual) ** 2 / usual if people > usual else 0.0, subject, weeks[subject]))
    return sorted(risen, key=lambda one: (-one[0], one[1]))[:MOST]


def _row(kind: str, place: int, subject: str, score: float, week: tuple[Day, ...]) -> dict[str, Any]:
    return {"kind": kind, "place": place, "subject": subject, "score": score, "week": week}


async def keep(tx: Tx, rows: list[dict[str, Any]]) -> None:
    """Put these trends in place of the ones before."""
    await tx.run(_CLEAR)
    await tx.many(_ADD, rows)


async def weeks_of(tx: Tx, subjects: Iterable[str], *, kind: str = "tag") -> Mapping[str, tuple[Day, ...]]:
    """How each hashtag (or link) was used in public on each of seven days, today first, in one query."""
    wanted = list(subjects)
    today = tx.now // clock.DAY
    if not wanted:
        return {}
    since = ids.at((today - DAYS + 1) * clock.DAY) - 1
    rows = await tx.all(_WEEKS[kind], subjects=wanted, since=since, viewer=NOBODY)
    counted = {(subject, day): counts for subject, day, *counts in rows}
    return {
        subject: tuple(
            Day(day * clock.DAY, *counted.get((subject, day), (0, 0))) for day in range(today, today - DAYS, -1)
        )
        for subject in wanted
    }


async def trending_tags(tx: Tx, *, limit: int = 10, offset: int = 0) -> list[Trend]:
    """Hashtags, the steepest first."""
    rows = await tx.all(_TAGS, **_part(limit, offset))
    return [Trend(subject, msgspec.convert(week, tuple[Day, ...])) for subject, week in rows]


async def trending_links(tx: Tx, *, limit: int = 10, offset: int = 0) -> list[Link]:
    """Pages that are linked to, the steepest first."""
    rows = await tx.all(_LINKS, **_part(limit, offset))
    return [Link(msgspec.convert(card, Card), msgspec.convert(week, tuple[Day, ...])) for card, week in rows]


async def trending_posts(tx: Tx, member: Account | None, *, limit: int = 20, offset: int = 0) -> list[Post]:
    """Posts that many like and pass on, as the member may see them, by nobody whom they mute; in two queries."""
    reader = NOBODY if member is None else member.id
    rows = await tx.all(_POSTS, **_part(limit, offset), viewer=reader, now=tx.now)
    return await in_order(tx, member, rows)


def _part(limit: int, offset: int) -> dict[str, int]:
    return {"most": max(1, min(limit, MOST_READ)), "skipped": max(0, offset)}
