"""Edit a post: it says something else from now on, and what it said before is kept for whoever may see it.

A post as it should be flows in whole: what is left out is gone from it. Who reads it, whom it answers and what it
quotes stay. An edit that changes nothing leaves no trace.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Integer, bindparam, func, insert, literal_column, select, update

from parvis.core import ids
from parvis.core.config import Settings
from parvis.core.errors import Invalid, NotFound
from parvis.core.ids import AccountId, MediaId, PostId
from parvis.events import PostEdited
from parvis.people import standing
from parvis.people.accounts import Account
from parvis.posts import cards, drafts, emojis, extras, lexicon, polls, prose, quotes
from parvis.posts.drafts import PollDraft
from parvis.posts.heads import raise_head
from parvis.posts.post import Media, Post
from parvis.posts.publish import DEFAULTS, origin_of
from parvis.posts.retouches import Retouch, take_over
from parvis.posts.visibility import get_post
from parvis.store.statement import Statement
from parvis.store.tables import posts, versions
from parvis.store.transaction import Tx

MOST_VERSIONS = 100


class Revision(msgspec.Struct, frozen=True):
    """A post as it should be."""

    text: str
    media: tuple[MediaId, ...] = ()
    warning: str = ""
    sensitive: bool | None = False  # None: as its author marked it
    language: str | None = None  # None: as it is
    poll: PollDraft | None = None
    same_poll: bool = False  # whatever it asks, it asks on
    quote_policy: str | None = None  # None: as it is
    retouches: tuple[Retouch, ...] = ()


class Version(msgspec.Struct, frozen=True):
    """What a post said from `said_at` (ms) until it was edited again."""

    text: str
    html: str
    warning: str
    sensitive: bool
    media: tuple[Media, ...]
    options: tuple[str, ...] | None  # of its poll
    said_at: int


class _Row(msgspec.Struct, frozen=True):
    id: PostId
    text: str
    html: str
    warning: str
    sensitive: bool
    language: str | None
    visibility: str
    origin: str
    maker: str
    thread_id: PostId
    reply_to_author_id: AccountId | None
    media: list[Any]
    extras: int
    edited_at: int | None


_post = bindparam("post", type_=BigInteger)
_OWN = Statement(
    select(*(posts.c[name] for name in _Row.__struct_fields__))
    .where(
        posts.c.id == _post,
        posts.c.author_id == bindparam("author", type_=BigInteger),
        posts.c.repost_of_id.is_(None),
    )
    .with_for_update(),
    _Row,
)
_CHANGED = (
    "text",
    "html",
    "warning",
    "sensitive",
    "language",
    "origin",
    "maker",
    "mentions",
    "tags",
    "media",
    "edited_at",
)
_CHANGE = Statement(
    update(posts)
    .where(posts.c.id == _post)
    .values({name: bindparam(f"new_{name}", type_=posts.c[name].type) for name in _CHANGED})
    .values(
        extras=posts.c.extras
        - posts.c.extras.op("&")(literal_column(str(extras.POLL), Integer))
        + bindparam("polled", type_=Integer)
    )
)
_KEPT = ("id", "post_id", *Version.__struct_fields__)
_KEEP = Statement(insert(versions).values({name: bindparam(name, type_=versions.c[name].type) for name in _KEPT}))
_COUNT = Statement(select(func.count()).select_from(versions).where(versions.c.post_id == _post))
_HISTORY = Statement(
    select(*(versions.c[name] for name in Version.__struct_fields__))
    .where(versions.c.post_id == _post)
    .order_by(versions.c.id)
)


async def edit(tx: Tx, account: Account, post_id: PostId, revision: Revision, *, settings: Settings = DEFAULTS) -> bool:
    """Have one's post say this; whether that changed anything.

    Raises:
        NotFound: the account has no such post.
        Invalid: the revision breaks a rule.
        Forbidden: the account may not act now.
    """
    standing.require(account, "edit")
    own = await tx.first(_OWN, post=post_id, author=account.id)
    if own is None:
        raise NotFound("This post does not exist, or you may not see it.")
    sensitive = own.sensitive if revision.sensitive is None else revision.sensitive
    _check(revision, own)
    if revision.quote_policy is not None:
        await quotes.set_policy(tx, account, own.id, revision.quote_policy)
    said = await prose.read(tx, revision.text, settings)
    options = await polls.options_of(tx, own.id) if own.extras & extras.POLL else None
    pictures, repainted = await _pictures(tx, account, own, revision)
    asks_anew = not revision.same_poll and await _ask(tx, own, revision.poll)
    if not (repainted or asks_anew or sensitive != own.sensitive or _differs(own, revision, said.text)):
        return False
    await _keep(tx, own, options)
    html = said.html
    if own.extras & extras.QUOTE:
        quoted = await quotes.find_quoted(tx, own.id)
        html = quotes.led_in(html, said.text, quoted, settings) if quoted else html
    origin, maker = origin_of(own.origin, own.maker, pictures)
    changed = {
        "text": said.text,
        "html": html,
        "warning": revision.warning,
        "sensitive": sensitive,
        "language": revision.language or own.language,
        "origin": origin,
        "maker": maker,
        "mentions": said.mentions,
        "tags": said.tags,
        "media": pictures,
        "edited_at": tx.now,
    }
    asked = options if revision.same_poll else revision.poll and revision.poll.options
    polled = extras.POLL if asked else 0
    await tx.run(_CHANGE, post=own.id, polled=polled, **{f"new_{name}": value for name, value in changed.items()})
    if said.text != own.text and not own.extras & extras.QUOTE:
        await cards.ask_again(tx, own.id, said.pieces, settings)
    await emojis.dress_again(tx, own.id, said.text, revision.warning, *(asked or ()))
    await lexicon.learn_anew(tx, own.id)
    await raise_head(tx, account.id, own.id)  # it may be for others now
    told = said.mentioned(account.id)
    answered = {own.reply_to_author_id} if own.reply_to_author_id is not None else set()
    reached = await prose.record_anew(tx, own.id, (told | answered) - {account.id}, said.tags)
    tx.emit(PostEdited(own.id, account.id, own.thread_id, tuple(sorted(reached))))
    return True


async def history_of(tx: Tx, member: Account | None, post_id: PostId) -> tuple[Post, list[Version]]:
    """The post as it is, and all that it said before, oldest first.

    Raises:
        NotFound: there is no such post, or the member may not see it.
    """
    post = (await get_post(tx, member, post_id)).shown
    rows = await tx.all(_HISTORY, post=post.id) if post.edited_at is not None else []
    return post, [msgspec.convert(dict(zip(Version.__struct_fields__, row, strict=True)), Version) for row in rows]


def _check(revision: Revision, own: _Row) -> None:
    drafts.check_words(revision.warning, revision.language)
    if len(revision.media) > drafts.MOST_PICTURES or len(set(revision.media)) != len(revision.media):
        raise Invalid("A post holds up to {most} different pictures.", field="media", most=drafts.MOST_PICTURES)
    asks = bool(own.extras & extras.POLL) if revision.same_poll else revision.poll is not None
    if revision.poll is not None:
        drafts.check_poll(revision.poll)
    if asks and revision.media:
        raise Invalid("A post holds pictures or a poll, not both.", field="poll")
    drafts.require_content(revision.text, something=bool(revision.media or own.extras & extras.QUOTE))


async def _pictures(tx: Tx, account: Account, own: _Row, revision: Revision) -> tuple[Sequence[Media], bool]:
    """The pictures that the post has from now on, and whether they, or what is said of them, are others."""
    before = msgspec.convert(own.media, tuple[Media, ...])
    if not revision.media:
        return (), bool(before)
    pictures = await take_over(tx, account, own.id, revision.media, revision.retouches)
    return pictures, pictures != before


async def _ask(tx: Tx, own: _Row, poll: PollDraft | None) -> bool:
    """Give the post its poll, or take it away; whether it asks something else now."""
    if poll is not None:
        return await polls.change_poll(tx, own.id, poll)
    return bool(own.extras & extras.POLL) and await polls.remove_poll(tx, own.id)


def _differs(own: _Row, revision: Revision, text: str) -> bool:
    return (own.text, own.warning, own.language) != (text, revision.warning, revision.language or own.language)


async def _keep(tx: Tx, own: _Row, options: list[str] | None) -> None:
    """Keep what the post said until now.

    Raises:
        Invalid: it was edited too often.
    """
    if own.edited_at is not None and await tx.value(_COUNT, post=own.id) >= MOST_VERSIONS:
        raise Invalid("This post was edited {most} times: that is as often as it can be.", most=MOST_VERSIONS)
    await tx.run(
        _KEEP,
        id=tx.new_id(),
        post_id=own.id,
        text=own.text,
        html=own.html,
        warning=own.warning,
        sensitive=own.sensitive,
        media=own.media,
        options=options,
        said_at=own.edited_at if own.edited_at is not None else ids.moment_of(own.id),
    )
