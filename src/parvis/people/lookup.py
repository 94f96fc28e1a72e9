"""Looking somebody up by what one remembers of their handle or name: first whom one follows, then the most followed.

A beginning of a handle finds anybody, and so do the beginnings of words of a name, unless they ask not to be found; a
part of a name finds whom one follows. Whom one blocked is found, to be let off again; who blocked one is not.
"""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Text,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from parvis.core.text import keepable
from parvis.people import names
from parvis.people.accounts import COLUMNS, Account
from parvis.people.details import Trait
from parvis.people.restraints import AWAITED, Restraint, without
from parvis.store.statement import Statement
from parvis.store.tables import accounts, blocks, follows, name_words
from parvis.store.transaction import Tx

MOST: Final = 80
LONGEST: Final = 100
WORDS: Final = ("first", "second", "third")  # of a name, as far as one types
BEYOND: Final = "\U0010ffff"

_c = accounts.c
_me = bindparam("me", type_=BigInteger)
_beginning = bindparam("beginning", type_=Text)
_hers = and_(follows.c.follower_id == _me, follows.c.followee_id == _c.id)
_follows = exists(select(literal_column("1")).select_from(follows).where(_hers).correlate(accounts))
_blocked_by = exists(
    select(literal_column("1"))
    .select_from(blocks)
    .where(blocks.c.blocked_id == _me, blocks.c.blocker_id == _c.id)
    .correlate(accounts)
)
_named = (
    select(_c.id)
    .where(
        _c.handle_key >= _beginning,
        _c.handle_key < bindparam("beyond", type_=Text),
        without(accounts, AWAITED),
        or_(without(accounts, Restraint.LIMITED), _c.handle_key == _beginning),
    )
    .order_by(_c.handle_key)
    .limit(200)  # so that one letter does not read everybody
)


def _has_word(words: Any, which: str) -> ColumnElement[bool]:
    first, beyond = (bindparam(f"{which}_{end}", type_=Text) for end in ("word", "beyond"))
    return and_(words.c.word >= first, words.c.word < beyond)


def _also_has(which: str) -> ColumnElement[bool]:
    words = name_words.alias()
    return exists(select(literal_column("1")).where(words.c.account_id == _c.id, _has_word(words, which)))


_called = (
    select(_c.id)
    .join_from(name_words, accounts, _c.id == name_words.c.account_id)
    .where(
        _has_word(name_words, "first"),
        *(_also_has(which) for which in WORDS[1:]),
        without(accounts, AWAITED | Restraint.LIMITED),
        _c.traits.bitwise_and(literal_column(str(int(Trait.UNDISCOVERED)))) == literal_column("0"),
    )
    .limit(200)
)
_followed = (
    select(_c.id)
    .join_from(follows, accounts, _c.id == follows.c.followee_id)
    .where(
        follows.c.follower_id == _me,
        or_(
            _c.handle_key.contains(_beginning, autoescape=False),
            func.lower(_c.name).contains(bindparam("name", type_=Text), autoescape=False),
        ),
    )
    .limit(200)
)


def _looked_up(*, following: bool) -> Statement[Account]:
    anybody = or_(_c.id.in_(_named), _c.id.in_(_called), _c.id.in_(_followed))
    found = _c.id.in_(_followed) if following else anybody
    return Statement(
        select(*COLUMNS)
        .where(found, _c.suspended_at.is_(None), ~_blocked_by)
        .order_by(_follows.desc(), _c.followers_count.desc(), _c.handle_key)
        .limit(bindparam("most", type_=Integer))
        .offset(bindparam("skipped", type_=Integer)),
        Account,
    )


_LOOKED_UP = {following: _looked_up(following=following) for following in (False, True)}


async def look_up(
    tx: Tx, member: Account | None, text: str, *, following: bool = False, limit: int = 40, offset: int = 0
) -> list[Account]:
    """Who may be meant, in one query; with `following`, only whom the member follows."""
    asked = keepable(text).strip().removeprefix("@").lower()
    if not 0 < len(asked) <= LONGEST or "%" in asked:
        return []
    return await tx.all(
        _LOOKED_UP[following],
        **({} if following else _worded(asked)),
        me=0 if member is None else member.id,
        beginning=asked.partition("@")[0] or asked,
        beyond=(asked.partition("@")[0] or asked) + BEYOND,
        name=asked,
        most=max(1, min(limit, MOST)),
        skipped=max(0, offset),
    )


def _worded(asked: str) -> dict[str, str]:
    """The ranges of the first few words of a question; what it has no more words for holds for any."""
    words = names.words_in(asked)
    given: dict[str, str] = {}
    for place, which in enumerate(WORDS):
        word = words[place] if place < len(words) else ("" if words else BEYOND)
        given |= {f"{which}_word": word, f"{which}_beyond": word + BEYOND}
    return given
