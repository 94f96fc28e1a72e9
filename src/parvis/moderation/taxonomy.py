"""What may trend and be proposed: hashtags, posts, links and their publishers, each judged once by a moderator.

A verdict flows in, and whoever makes trends reads the table. What was never judged is not held back here: whether it
may trend unseen is for the one who makes the trends to say.
"""

from typing import Any, Final, Literal
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import BigInteger, Boolean, Text, bindparam, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from parvis.core import clock, ids
from parvis.core.errors import Invalid, NotFound
from parvis.core.ids import PostId
from parvis.moderation import audit, roles
from parvis.moderation.roles import May
from parvis.people.accounts import Account
from parvis.posts import visibility
from parvis.posts.post import Card
from parvis.posts.text import fold_tag
from parvis.store.statement import Statement, among_words
from parvis.store.tables import cards, post_links, post_tags, posts, verdicts
from parvis.store.transaction import Tx

Kind = Literal["tag", "post", "link", "publisher"]

DAYS: Final = 7  # of a hashtag's history
LATELY: Final = 2 * clock.DAY
MOST: Final = 200


class Verdict(msgspec.Struct, frozen=True):
    """What was decided: whether it may trend (None: not judged), be used, and be found."""

    kind: Kind
    subject: str
    trendable: bool | None
    usable: bool
    listable: bool
    judged_at: int  # ms


class Day(msgspec.Struct, frozen=True):
    """How a hashtag was used on a day (its beginning in ms)."""

    day: int
    uses: int
    accounts: int


class Tag(msgspec.Struct, frozen=True):
    """A hashtag, how it was used on each of seven days (today first), and what was decided of it."""

    name: str
    history: tuple[Day, ...]
    verdict: Verdict | None


class Link(msgspec.Struct, frozen=True):
    """A page that is linked to, how often lately, and what was decided of it."""

    card: Card
    history: tuple[Day, ...]
    verdict: Verdict | None


class Publisher(msgspec.Struct, frozen=True):
    """A host whose pages are linked to, and what was decided of it."""

    host: str
    verdict: Verdict | None


_v = verdicts.c
_of = (_v.kind == bindparam("kind", type_=Text), among_words(_v.subject, "subjects"))
_GIVEN = Statement(select(*verdicts.columns).where(*_of), Verdict)
_new = upsert(verdicts).values({c.name: bindparam(c.name, type_=c.type) for c in verdicts.columns})
_GIVE = Statement(
    _new.on_conflict_do_update(
        index_elements=["kind", "subject"],
        set_={name: _new.excluded[name] for name in ("trendable", "usable", "listable", "judged_at")},
    )
)
_since = bindparam("since", type_=BigInteger)
_day = posts.c.id.bitwise_rshift(literal_column("16")) // literal_column(str(clock.DAY))
_HISTORY = Statement(
    select(post_tags.c.tag, _day, func.count(), func.count(posts.c.author_id.distinct()))
    .join_from(post_tags, posts, posts.c.id == post_tags.c.post_id)
    .where(among_words(post_tags.c.tag, "tags"), posts.c.id >= _since, posts.c.visibility == literal_column("'public'"))
    .group_by(post_tags.c.tag, _day),
    slow=True,
)
_EXISTS = Statement(select(post_tags.c.tag).where(post_tags.c.tag == bindparam("tag", type_=Text)).limit(1))
_people = func.count(posts.c.author_id.distinct())
_USED_LATELY = Statement(
    select(post_tags.c.tag)
    .join_from(post_tags, posts, posts.c.id == post_tags.c.post_id)
    .where(posts.c.id >= _since, posts.c.visibility == literal_column("'public'"))
    .group_by(post_tags.c.tag)
    .order_by(_people.desc(), post_tags.c.tag)
    .limit(bindparam("most", type_=BigInteger))
    .offset(bindparam("skip", type_=BigInteger)),
    slow=True,
)
_LIKED_LATELY = Statement(
    select(posts.c.id)
    .where(
        posts.c.id >= _since,
        posts.c.visibility == literal_column("'public'"),
        posts.c.repost_of_id.is_(None),
        posts.c.likes_count + posts.c.reposts_count > literal_column("0"),
    )
    .order_by((posts.c.likes_count + posts.c.reposts_count).desc(), posts.c.id.desc())
    .limit(bindparam("most", type_=BigInteger))
    .offset(bindparam("skip", type_=BigInteger)),
    slow=True,
)
_LINKED_LATELY = Statement(
    select(cards.c.url, cards.c.card, func.count(), _people)
    .join_from(post_links, posts, posts.c.id == post_links.c.post_id)
    .join(cards, cards.c.url == post_links.c.url)
    .where(posts.c.id >= _since, posts.c.visibility == literal_column("'public'"), cards.c.card.is_not(None))
    .group_by(cards.c.url)
    .order_by(_people.desc(), cards.c.url)
    .limit(bindparam("most", type_=BigInteger))
    .offset(bindparam("skip", type_=BigInteger)),
    slow=True,
)
_CARD = Statement(select(cards.c.card).where(cards.c.url == bindparam("url", type_=Text)))
_TAGS = Statement(  # distinct names by walking the key, a page at a time
    select(post_tags.c.tag)
    .where(or_(bindparam("every", type_=Boolean), post_tags.c.tag > bindparam("after", type_=Text)))
    .group_by(post_tags.c.tag)
    .order_by(post_tags.c.tag)
    .limit(bindparam("most", type_=BigInteger)),
    slow=True,
)


async def judge(
    tx: Tx,
    moderator: Account | None,
    kind: Kind,
    subject: str,
    *,
    trendable: bool | None = None,
    usable: bool | None = None,
    listable: bool | None = None,
) -> Verdict:
    """Decide on a hashtag, a post, a link or a publisher; what is left out stays as it was decided.

    Raises:
        Forbidden: the account may not.
        Invalid: the subject is too long.
    """
    roles.require(moderator, May.TAXONOMIES)
    if not 1 <= len(subject) <= 2000:  # noqa: PLR2004 - the longest address that is taken
        raise Invalid("There is no such thing to judge.", field="id")
    old = (await verdicts_on(tx, kind, [subject])).get(subject)
    verdict = Verdict(
        kind,
        subject,
        trendable if trendable is not None else old.trendable if old else None,
        usable if usable is not None else old.usable if old else True,
        listable if listable is not None else old.listable if old else True,
        tx.now,
    )
    await tx.run(_GIVE, **msgspec.structs.asdict(verdict))
    await audit.note(tx, moderator, f"judge.{kind}", f"{kind}:{subject}"[:200], f"trendable={verdict.trendable}")
    return verdict


async def verdicts_on(tx: Tx, kind: Kind, subjects: list[str]) -> dict[str, Verdict]:
    """What was decided of these, in one query; what was never judged is missing."""
    return {one.subject: one for one in await tx.all(_GIVEN, kind=kind, subjects=subjects)} if subjects else {}


async def get_tag(tx: Tx, moderator: Account | None, name: str) -> Tag:
    """A hashtag with its history.

    Raises:
        Forbidden: the account may not.
        NotFound: nobody ever used it.
    """
    roles.require(moderator, May.TAXONOMIES)
    folded = fold_tag(name)
    if await tx.value(_EXISTS, tag=folded) is None and not await verdicts_on(tx, "tag", [folded]):
        raise NotFound("There is no such hashtag.")
    return (await _dressed(tx, [folded]))[0]


async def tags(tx: Tx, moderator: Account | None, after: str = "", most: int = 100) -> list[Tag]:
    """The hashtags that were ever used, by name, those after `after`.

    Raises:
        Forbidden: the account may not.
    """
    roles.require(moderator, May.TAXONOMIES)
    rows = await tx.all(_TAGS, every=not after, after=after, most=min(most, MOST))
    return await _dressed(tx, [row[0] for row in rows])


async def used_lately(tx: Tx, moderator: Account | None, most: int = 10, skip: int = 0) -> list[Tag]:
    """The hashtags that the most members used within two days, judged or not.

    Raises:
        Forbidden: the account may not.
    """
    roles.require(moderator, May.TAXONOMIES)
    rows = await tx.all(_USED_LATELY, since=ids.at(tx.now - LATELY), most=min(most, MOST), skip=skip)
    return await _dressed(tx, [row[0] for row in rows])


async def liked_lately(tx: Tx, moderator: Account | None, most: int = 20, skip: int = 0) -> list[PostId]:
    """The posts of two days that were liked and passed on the most, judged or not.

    Raises:
        Forbidden: the account may not.
    """
    roles.require(moderator, May.TAXONOMIES)
    rows = await tx.all(_LIKED_LATELY, since=ids.at(tx.now - LATELY), most=min(most, MOST), skip=skip)
    return [PostId(row[0]) for row in rows]


async def linked_lately(tx: Tx, moderator: Account | None, most: int = 20, skip: int = 0) -> list[Link]:
    """The pages that the most members linked to within two days, judged or not.

    Raises:
        Forbidden: the account may not.
    """
    roles.require(moderator, May.TAXONOMIES)
    rows = await tx.all(_LINKED_LATELY, since=ids.at(tx.now - LATELY), most=min(most, MOST), skip=skip)
    given = await verdicts_on(tx, "link", [row[0] for row in rows])
    today = tx.now // clock.DAY * clock.DAY
    return [
        Link(msgspec.convert(card, Card), (Day(today, uses, people),), given.get(url))
        for url, card, uses, people in rows
    ]


async def judge_link(tx: Tx, moderator: Account | None, url: str, *, trendable: bool) -> Link:
    """Decide whether a page may trend; the page.

    Raises:
        Forbidden: the account may not.
        NotFound: nobody linked to it.
    """
    roles.require(moderator, May.TAXONOMIES)
    card = await tx.value(_CARD, url=url)
    if card is None:
        raise NotFound("There is no such link.")
    return Link(msgspec.convert(card, Card), (), await judge(tx, moderator, "link", url, trendable=trendable))


async def judge_post(tx: Tx, moderator: Account | None, post_id: PostId, *, trendable: bool) -> PostId:
    """Decide whether a post may trend; its id.

    Raises:
        Forbidden: the account may not.
        NotFound: there is no such post, or the moderator may not see it.
    """
    roles.require(moderator, May.TAXONOMIES)
    await visibility.get_post(tx, moderator, post_id)
    await judge(tx, moderator, "post", str(post_id), trendable=trendable)
    return post_id


async def publishers_lately(tx: Tx, moderator: Account | None, most: int = 40) -> list[Publisher]:
    """The hosts of the pages that members linked to within two days, judged or not.

    Raises:
        Forbidden: the account may not.
    """
    links = await linked_lately(tx, moderator, MOST)
    hosts = list(dict.fromkeys(host_of(link.card.url) for link in links))[: min(most, MOST)]
    given = await verdicts_on(tx, "publisher", hosts)
    return [Publisher(host, given.get(host)) for host in hosts]


def host_of(url: str) -> str:
    """The host of an address, without the www. that many put before it."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


async def _dressed(tx: Tx, names: list[str]) -> list[Tag]:
    if not names:
        return []
    today = tx.now // clock.DAY
    days = range(today, today - DAYS, -1)
    rows: dict[tuple[str, int], tuple[Any, ...]] = {
        (row[0], row[1]): row for row in await tx.all(_HISTORY, tags=names, since=ids.at(days[-1] * clock.DAY))
    }
    given = await verdicts_on(tx, "tag", names)
    return [
        Tag(
            name,
            tuple(Day(day * clock.DAY, *(rows[name, day][2:] if (name, day) in rows else (0, 0))) for day in days),
            given.get(name),
        )
        for name in names
    ]
