"""Announcements: what the operators tell everyone, now or at a set time, and how members answer with a reaction.

Words flow in and are kept with their HTML; `AnnouncementPublished`, `…Deleted` and `…Reacted` flow out. Jobs publish at
the time set and withdraw what is over. A page of announcements takes three queries, however many react.
"""

from typing import Any, Final

import msgspec
import regex
from sqlalchemy import BigInteger, Text, bindparam, case, delete, func, insert, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from parvis.core.errors import Invalid, NotFound
from parvis.core.ids import AccountId
from parvis.events import AnnouncementDeleted, AnnouncementPublished, AnnouncementReacted
from parvis.moderation import audit, roles
from parvis.moderation.roles import May
from parvis.people.accounts import Account
from parvis.posts.text import Mention, graphemes, render, tags_of, tidy, tokens
from parvis.store.statement import Statement, among, among_words
from parvis.store.tables import accounts, announcement_reactions, announcements, dismissals, emojis
from parvis.store.transaction import Tx

LONGEST: Final = 5000  # graphemes
MOST_SHOWN: Final = 50
MOST_REACTIONS: Final = 8  # different ones, to one announcement
PUBLISH = "publish_announcement"
WITHDRAW = "withdraw_announcement"

_SHORTCODE = regex.compile(r"[A-Za-z0-9_]{2,64}")
_EMOJI = regex.compile(
    r"[0-9#*]\ufe0f?\u20e3|\p{Regional_Indicator}{2}"
    r"|\p{Extended_Pictographic}[\ufe0f\u200d\p{Emoji_Modifier}\p{Extended_Pictographic}\U000e0020-\U000e007f]*"
)
_LONGEST_EMOJI: Final = 64  # code points


class Announcement(msgspec.Struct, frozen=True):
    """What was announced. It is to be seen while `published_at` is set; times are in ms."""

    id: int
    text: str
    html: str
    mentions: list[Any]  # [id, handle, domain], as posts keep them
    tags: list[str]
    all_day: bool
    starts_at: int | None
    ends_at: int | None
    due_at: int | None
    published_at: int | None
    updated_at: int


class Reaction(msgspec.Struct, frozen=True):
    """How often one emoji was given; `blob` and `still` are the picture of a custom one."""

    name: str
    count: int
    mine: bool
    blob: str = ""
    still: str = ""


class Shown(msgspec.Struct, frozen=True):
    """An announcement as a reader sees it."""

    announcement: Announcement
    read: bool
    reactions: tuple[Reaction, ...]

    @property
    def full(self) -> bool:
        """Whether no other emoji can be given."""
        return len(self.reactions) >= MOST_REACTIONS


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What to announce. `starts_at` and `ends_at` (ms) tell of what it is about; it is withdrawn when that ends."""

    text: str
    starts_at: int | None = None
    ends_at: int | None = None
    all_day: bool = False


class Turn(msgspec.Struct, frozen=True):
    """Which announcement's time has come."""

    announcement: int


_c, _r = announcements.c, announcement_reactions.c
_columns = tuple(_c[name] for name in Announcement.__struct_fields__)
_this = _c.id == bindparam("which", type_=BigInteger)
_moment = bindparam("moment", type_=BigInteger)
_reader = bindparam("reader", type_=BigInteger)
_dismissed = (
    select(literal_column("1"))
    .where(dismissals.c.account_id == _reader, dismissals.c.announcement_id == _c.id)
    .exists()
)


def _read_row(*row: Any) -> tuple[Announcement, bool]:
    return Announcement(*row[:-1]), bool(row[-1])


_SHOWN = Statement(
    select(*_columns, _dismissed)
    .where(_c.published_at.is_not(None))
    .order_by(_c.published_at, _c.id)
    .limit(MOST_SHOWN),
    _read_row,
)
_ALL = Statement(select(*_columns).order_by(_c.id.desc()).limit(200), Announcement)
_GET = Statement(select(*_columns).where(_this), Announcement)
_ADD = Statement(insert(announcements).values({name: bindparam(name, type_=_c[name].type) for name in _c.keys()}))  # noqa: SIM118 - columns, not a dict
_PUBLISH = Statement(update(announcements).where(_this).values(published_at=_moment, due_at=None, updated_at=_moment))
_REWRITE = Statement(
    update(announcements)
    .where(_this)
    .values({name: bindparam(name, type_=_c[name].type) for name in ("text", "html", "mentions", "tags")})
    .values(updated_at=_moment)
)
_WITHDRAW = Statement(
    update(announcements).where(_this, _c.published_at.is_not(None)).values(published_at=None, updated_at=_moment)
)
_DELETE = Statement(delete(announcements).where(_this))
_REACTIONS = Statement(
    select(
        _r.announcement_id,
        _r.name,
        func.count(),
        func.sum(case((_r.account_id == _reader, literal_column("1")), else_=literal_column("0"))),
        func.min(_r.id),
    )
    .where(among(_r.announcement_id, "ids"))
    .group_by(_r.announcement_id, _r.name)
    .order_by(func.min(_r.id))
)
_CUSTOM = Statement(
    select(emojis.c.shortcode, emojis.c.blob, emojis.c.still).where(among_words(emojis.c.shortcode, "names"))
)
_one = (_r.announcement_id == bindparam("which", type_=BigInteger), _r.name == bindparam("emoji", type_=Text))
_COUNT = Statement(select(func.count()).select_from(announcement_reactions).where(*_one))
_DIFFERENT = Statement(
    select(func.count(_r.name.distinct())).where(
        _r.announcement_id == bindparam("which", type_=BigInteger), _r.name != bindparam("emoji", type_=Text)
    )
)
_REACT = Statement(
    upsert(announcement_reactions)
    .values(
        announcement_id=bindparam("which", type_=BigInteger),
        name=bindparam("emoji", type_=Text),
        account_id=bindparam("account", type_=BigInteger),
        id=bindparam("reaction", type_=BigInteger),
    )
    .on_conflict_do_nothing()
)
_UNREACT = Statement(
    delete(announcement_reactions).where(*_one, _r.account_id == bindparam("account", type_=BigInteger))
)
_DISMISS = Statement(
    upsert(dismissals)
    .values(account_id=bindparam("account", type_=BigInteger), announcement_id=bindparam("which", type_=BigInteger))
    .on_conflict_do_nothing()
)
_NAMED = Statement(
    select(accounts.c.id, accounts.c.handle, accounts.c.domain).where(
        among_words(accounts.c.handle_key, "handles"), accounts.c.domain == literal_column("''")
    ),
    Mention,
)


async def announce(tx: Tx, admin: Account | None, notice: Notice, home: str, due_at: int | None = None) -> Announcement:
    """Announce something now, or at `due_at` (ms). `home` is this instance's domain.

    Raises:
        Forbidden: the account may not.
        Invalid: it is empty or too long, or ends before it begins.
    """
    roles.require(admin, May.ANNOUNCEMENTS)
    text = _checked(notice.text)
    if notice.ends_at is not None and notice.ends_at <= max(notice.starts_at or 0, due_at or tx.now):
        raise Invalid("An announcement cannot end before it begins.", field="ends_at")
    later = due_at is not None and due_at > tx.now
    one = Announcement(
        tx.new_id(),
        text,
        *await _dressed(tx, text, home),
        notice.all_day,
        notice.starts_at,
        notice.ends_at,
        due_at if later else None,
        None if later else tx.now,
        tx.now,
    )
    await tx.run(_ADD, **msgspec.structs.asdict(one))
    await audit.note(tx, admin, "announcement.schedule" if later else "announcement.publish", _noun(one.id), text)
    if later:
        tx.enqueue(PUBLISH, Turn(one.id), run_at=due_at)
    else:
        _published(tx, one)
    return one


async def rewrite(tx: Tx, admin: Account | None, which: int, text: str, home: str) -> None:
    """Say an announcement in other words; its times and the reactions to it stay, and whoever sees it sees the new.

    Raises:
        Forbidden: the account may not.
        NotFound: there is no such one.
        Invalid: it is empty or too long.
    """
    roles.require(admin, May.ANNOUNCEMENTS)
    one, words = await _require(tx, which), _checked(text)
    html, mentions, tags = await _dressed(tx, words, home)
    await tx.run(_REWRITE, which=which, text=words, html=html, mentions=mentions, tags=tags, moment=tx.now)
    if one.published_at is not None:
        tx.emit(AnnouncementPublished(which))
    await audit.note(tx, admin, "announcement.rewrite", _noun(which), words)


def _checked(text: str) -> str:
    words = tidy(text)
    if not words or graphemes(words) > LONGEST:
        raise Invalid("An announcement has 1 to {limit} characters.", field="text", limit=LONGEST)
    return words


async def _dressed(tx: Tx, text: str, home: str) -> tuple[str, list[Any], list[str]]:
    """The HTML of a text, whom it mentions, and its hashtags."""
    pieces = tokens(text)
    handles = [piece.value.lower() for piece in pieces if piece.kind == "mention" and piece.domain in {"", home}]
    members = {one.handle.lower(): one for one in await tx.all(_NAMED, handles=handles)} if handles else {}
    html = render(pieces, lambda piece: members.get(piece.value.lower()) if piece.domain in {"", home} else None)
    return html, [msgspec.to_builtins(member) for member in members.values()], tags_of(pieces)


def _published(tx: Tx, one: Announcement) -> None:
    tx.emit(AnnouncementPublished(one.id))
    if one.ends_at is not None:
        tx.enqueue(WITHDRAW, Turn(one.id), run_at=one.ends_at)


async def publish_due(tx: Tx, which: int) -> None:
    """Publish an announcement whose time has come, unless it is gone or to be seen already."""
    one = await tx.first(_GET, which=which)
    if one is None or one.due_at is None or one.due_at > tx.now:
        return
    await tx.run(_PUBLISH, which=which, moment=tx.now)
    _published(tx, one)


async def withdraw_over(tx: Tx, which: int) -> None:
    """Withdraw an announcement that is over, if it is still to be seen."""
    one = await tx.first(_GET, which=which)
    if one is not None and one.ends_at is not None and one.ends_at <= tx.now:
        await _withdraw(tx, which)


async def _withdraw(tx: Tx, which: int) -> None:
    if await tx.run(_WITHDRAW, which=which, moment=tx.now):
        tx.emit(AnnouncementDeleted(which))


async def end(tx: Tx, admin: Account | None, which: int) -> None:
    """Withdraw an announcement now; it is kept, and no longer to be seen.

    Raises:
        Forbidden: the account may not.
        NotFound: there is no such one.
    """
    roles.require(admin, May.ANNOUNCEMENTS)
    await _require(tx, which)
    await _withdraw(tx, which)
    await audit.note(tx, admin, "announcement.end", _noun(which))


async def remove(tx: Tx, admin: Account | None, which: int) -> None:
    """Delete an announcement with its reactions.

    Raises:
        Forbidden: the account may not.
        NotFound: there is no such one.
    """
    roles.require(admin, May.ANNOUNCEMENTS)
    one = await _require(tx, which)
    await tx.run(_DELETE, which=which)
    if one.published_at is not None:
        tx.emit(AnnouncementDeleted(which))
    await audit.note(tx, admin, "announcement.delete", _noun(which))


async def every(tx: Tx, admin: Account | None) -> list[Announcement]:
    """All announcements, also those to come and those that are over, the newest first, 200 at most.

    Raises:
        Forbidden: the account may not read them.
    """
    roles.require(admin, May.ANNOUNCEMENTS)
    return await tx.all(_ALL)


async def current(tx: Tx, reader: Account | None, *, with_dismissed: bool = False) -> list[Shown]:
    """The announcements that are to be seen, as the reader sees them, the oldest first, in three queries."""
    reader_id = AccountId(0) if reader is None else reader.id
    rows = [row for row in await tx.all(_SHOWN, reader=reader_id) if with_dismissed or not row[1]]
    given = await _reactions(tx, reader_id, [one.id for one, _ in rows])
    return [Shown(one, read, tuple(given.get(one.id, ()))) for one, read in rows]


async def get_shown(tx: Tx, reader: Account, which: int) -> Shown:
    """An announcement as the reader sees it, though they may have put it away.

    Raises:
        NotFound: there is none to be seen.
    """
    found = {shown.announcement.id: shown for shown in await current(tx, reader, with_dismissed=True)}
    if which not in found:
        raise NotFound("There is no such announcement.")
    return found[which]


async def shown_to_all(tx: Tx, which: int) -> Shown | None:
    """An announcement as whoever streams it tells it: nobody's own reactions, nobody's having read it."""
    one = await tx.first(_GET, which=which)
    if one is None or one.published_at is None:
        return None
    return Shown(one, False, tuple((await _reactions(tx, AccountId(0), [which])).get(which, ())))


async def _reactions(tx: Tx, reader: AccountId, ids: list[int]) -> dict[int, list[Reaction]]:
    rows = await tx.all(_REACTIONS, ids=ids, reader=reader) if ids else []
    names = [row[1] for row in rows if _SHORTCODE.fullmatch(row[1])]
    pictures = {row[0]: row[1:] for row in await tx.all(_CUSTOM, names=names)} if names else {}
    found: dict[int, list[Reaction]] = {}
    for which, name, count, mine, _ in rows:
        found.setdefault(which, []).append(Reaction(name, count, bool(mine), *pictures.get(name, ("", ""))))
    return found


async def dismiss(tx: Tx, account: Account, which: int) -> None:
    """Have read an announcement.

    Raises:
        NotFound: there is none to be seen.
    """
    await _require_shown(tx, which)
    await tx.run(_DISMISS, account=account.id, which=which)


async def react(tx: Tx, account: Account, which: int, emoji: str) -> None:
    """React to an announcement with an emoji, or with a custom one by its shortcode; a second time changes nothing.

    Raises:
        NotFound: there is no such announcement to be seen.
        Invalid: it is no emoji, or there are eight different ones already.
    """
    await _require_shown(tx, which)
    await _require_emoji(tx, emoji)
    if await tx.value(_DIFFERENT, which=which, emoji=emoji) >= MOST_REACTIONS:
        raise Invalid("It has as many different reactions as it can.", field="name")
    if await tx.run(_REACT, which=which, emoji=emoji, account=account.id, reaction=tx.new_id()):
        await _tell_count(tx, which, emoji)


async def unreact(tx: Tx, account: Account, which: int, emoji: str) -> None:
    """Take a reaction back.

    Raises:
        NotFound: there is no such announcement to be seen, or no such reaction.
    """
    await _require_shown(tx, which)
    if not await tx.run(_UNREACT, which=which, emoji=emoji, account=account.id):
        raise NotFound("There is no such reaction.")
    await _tell_count(tx, which, emoji)


async def _tell_count(tx: Tx, which: int, emoji: str) -> None:
    tx.emit(AnnouncementReacted(which, emoji, await tx.value(_COUNT, which=which, emoji=emoji)))


async def _require_emoji(tx: Tx, emoji: str) -> None:
    if len(emoji) <= _LONGEST_EMOJI and _EMOJI.fullmatch(emoji) and graphemes(emoji) == 1:
        return
    if _SHORTCODE.fullmatch(emoji) and await tx.value(_CUSTOM, names=[emoji]) is not None:
        return
    raise Invalid("This is not a recognised emoji.", field="name")


async def _require(tx: Tx, which: int) -> Announcement:
    one = await tx.first(_GET, which=which)
    if one is None:
        raise NotFound("There is no such announcement.")
    return one


async def _require_shown(tx: Tx, which: int) -> None:
    if (await _require(tx, which)).published_at is None:
        raise NotFound("There is no such announcement.")


def _noun(which: int) -> str:
    return f"announcement:{which}"
