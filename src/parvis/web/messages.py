"""Messages: what only those named in it read, as chats with one or with several; and how a chat is begun.

A chat is shown from its latest words, older ones above them on demand. What a page shows is read from then on. A
module asks for the same stretches as fragments, and gets what it sends back as one.
"""

import contextlib
import functools
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

import msgspec
from starlette.responses import Response

from parvis.core import clock
from parvis.core.errors import Invalid, NotFound, Refused, Unauthenticated
from parvis.core.ids import AccountId, MediaId, PostId
from parvis.notifications.inbox import unread_chats
from parvis.people import standing
from parvis.people.accounts import Account, accounts_by_ids
from parvis.people.circles import Span, following_of
from parvis.posts import media
from parvis.posts.drafts import MOST_PICTURES, Draft
from parvis.posts.hearing import language_of
from parvis.posts.page import Page
from parvis.posts.post import Post
from parvis.posts.visibility import seen_by
from parvis.store.transaction import Tx
from parvis.timelines import chats
from parvis.timelines.chats import MOST_COMPANY
from parvis.timelines.company import company_of
from parvis.timelines.conversations import Conversation
from parvis.web.composer import Chosen, have_wait, held, prepared, require_playable
from parvis.web.profiles import somebody
from parvis.web.retouching import chosen_in
from parvis.web.square import SIZE, page_of
from parvis.web.visit import Visit, whole_number

ACT_RATE: Final = "60/minute"
RATE: Final = "60/minute"
PAUSE: Final = 10 * clock.MINUTE  # after which what the same person says stands apart
STRETCH: Final = 30  # messages
BESIDE: Final = 12  # other chats, beside the one that is open
OFFERED: Final = 12  # people, to begin with
BEGIN: Final = "/messages/new"


class Line(msgspec.Struct, frozen=True):
    """A message as it stands in its chat."""

    post: Post
    day: bool  # it is the first of its day
    goes_on: bool  # the same person goes on
    answered: Post | None  # what it answers, where that was said elsewhere


async def read_messages(visit: Visit, tx: Tx) -> Response:
    """The member's chats, the one last spoken in first."""
    viewer = visit.member()
    found = await chats.chats_of(tx, viewer, page_of(visit))
    older = f"/messages?max_id={found[-1].last_post_id}" if len(found) >= SIZE else ""
    return visit.page(
        "messages.html",
        chats=found,
        older=older,
        first_page=not visit.query("max_id"),
        channels="direct",
        suggested=await company_of(tx, viewer),
    )


async def read_chat(visit: Visit, tx: Tx) -> Response:
    """What was said in a chat; who reads its latest words has read it."""
    viewer = visit.member()
    chat = await chats.get_chat(tx, viewer, visit.number("conversation"))
    part = page_of(visit, STRETCH)
    if chat.unread and part.max_id is None:
        visit.seen = functools.partial(chats.read_chat, member=viewer, chat=chat)
    if visit.wants_json:
        said = await chats.said_in(tx, viewer, chat, part)
        left = await unread_chats(tx, viewer, beside=chat.key if visit.seen else "")
        return visit.json(await _told(visit, tx, chat, said) | {"unread": left})
    if visit.seen:
        visit.unread_chats = await unread_chats(tx, viewer, beside=chat.key)
    return await _chat(visit, tx, chat)


async def answer(visit: Visit) -> Response:
    """Say something in a chat; a refusal comes back with every word and every picture still in it."""
    await visit.hold("post", RATE)
    number = visit.number("conversation")
    stored: list[Chosen] = []
    try:
        stored = await prepared(visit)
        language = await _heard(visit, stored)
        async with visit.acting() as (tx, viewer):
            chat = await chats.get_chat(tx, viewer, number)
            filed = await _tell(visit, tx, chat.hearing, stored, language)
            if not visit.wants_json:
                return visit.go(f"/messages/{filed}")
            chat = await chats.get_chat(tx, viewer, filed)
            await chats.read_chat(tx, viewer, chat)
            after = Page(min_id=whole_number(visit.field("after", 20)) or 0, limit=STRETCH)
            told = await _told(visit, tx, chat, await chats.said_in(tx, viewer, chat, after))
            return visit.json(told | {"path": f"/messages/{filed}"})
    except (NotFound, Unauthenticated):
        raise
    except Refused as refusal:
        async with _read_anew(visit, refusal, stored) as (tx, kept):
            chat = await chats.get_chat(tx, visit.member(), number)
            return await _chat(visit, tx, chat, refusal, kept)


@contextlib.asynccontextmanager
async def _read_anew(visit: Visit, refusal: Refused, stored: list[Chosen]) -> AsyncIterator[tuple[Tx, list[MediaId]]]:
    """Read the page of a refused form again, its files kept; a module is told the refusal and keeps them itself."""
    if visit.wants_json:
        raise refusal
    kept = await have_wait(visit, stored)
    async with visit.door.store.reading() as tx:
        yield tx, kept


async def put_away(visit: Visit) -> Response:
    """Throw one's view of a chat away."""
    await visit.hold("act", ACT_RATE)
    async with visit.acting() as (tx, viewer):
        await chats.throw_chat_away(tx, viewer, await chats.get_chat(tx, viewer, visit.number("conversation")))
    return visit.go("/messages")


async def read_beginning(visit: Visit, tx: Tx) -> Response:
    """Whom to talk to; whom one named alone and talked to before is gone on with."""
    viewer = visit.member()
    company = await _company(tx, visit.request.query_params.getlist("to"), visit.query("without", 20))
    if company and not visit.query("among", 1):
        chat = await chats.find_chat_with(tx, viewer, [one.id for one in company if one.id != viewer.id])
        if chat is not None:
            return visit.go(f"/messages/{chat.id}")
    refusal = None
    if who := visit.query("who", 300).strip():
        try:
            company, who = _with(viewer, company, await somebody(visit, tx, who)), ""
        except Invalid as unknown:
            refusal = unknown
    return await _beginning(visit, tx, company, refusal, who=who)


async def begin(visit: Visit) -> Response:
    """Say the first words to somebody, or to several; they are said in the chat that there is, if there is one."""
    await visit.hold("post", RATE)
    wanted = [str(one) for one in visit.form.getlist("to")]
    stored: list[Chosen] = []
    try:
        stored = await prepared(visit)
        language = await _heard(visit, stored)
        async with visit.acting() as (tx, _):
            company = await _company(tx, wanted)
            if not company:
                raise Invalid("Choose first to whom you write.", field="to")
            path = f"/messages/{await _tell(visit, tx, company, stored, language)}"
            return visit.done({"path": path}, path)
    except Unauthenticated:
        raise
    except Refused as refusal:
        async with _read_anew(visit, refusal, stored) as (tx, kept):
            return await _beginning(visit, tx, await _company(tx, wanted), refusal, kept)


async def _company(tx: Tx, numbers: Sequence[str], without: str = "") -> list[Account]:
    """Who has these ids, and is here."""
    ids = [
        AccountId(number) for text in numbers[: MOST_COMPANY + 1] if text != without and (number := whole_number(text))
    ]
    known = await accounts_by_ids(tx, set(ids))
    return [known[one] for one in dict.fromkeys(ids) if one in known and standing.may_enter(known[one])]


def _with(viewer: Account, company: list[Account], another: Account) -> list[Account]:
    """The same people and one more; one talks to oneself alone, or not at all."""
    others = [one for one in company if one.id not in (another.id, viewer.id)]
    return [*others, another] if another.id != viewer.id or not others else others


async def _heard(visit: Visit, stored: list[Chosen]) -> str | None:
    """In which language the form speaks.

    Raises:
        Conflict: it brings what cannot be played yet.
    """
    require_playable(stored)
    return await language_of(visit.field("text"), visit.door.models.classifier)


async def _tell(visit: Visit, tx: Tx, company: Sequence[Account], stored: list[Chosen], language: str | None) -> int:
    """Say it to these; the conversation it is filed in."""
    viewer = visit.member()
    draft = Draft(visit.field("text"), media=await held(visit, tx, viewer, stored), language=language)
    key = visit.field("key", 100) or None
    filed, _ = await chats.tell(tx, viewer, company, draft, key=key, settings=visit.door.settings)
    return filed


async def _chat(
    visit: Visit, tx: Tx, chat: Conversation, refusal: Refused | None = None, kept: Sequence[MediaId] = ()
) -> Response:
    viewer = visit.member()
    part = page_of(visit, STRETCH)
    said = await chats.said_in(tx, viewer, chat, part)
    return visit.asking(
        "chat.html",
        refusal,
        chat=chat,
        lines=await _lines(tx, viewer, said.posts),
        older=_older(chat, said),
        newest=part.max_id is None,
        channels="direct",
        reaches=await chats.reaches(tx, viewer, chat.hearing),
        chats=await chats.chats_of(tx, viewer, Page(limit=BESIDE)),
        **await _begun(visit, tx, kept),
    )


async def _beginning(
    visit: Visit,
    tx: Tx,
    company: Sequence[Account],
    refusal: Refused | None = None,
    kept: Sequence[MediaId] = (),
    *,
    who: str = "",
) -> Response:
    viewer = visit.member()
    chosen = {one.id for one in company}
    followed = await following_of(tx, viewer, viewer, Span(limit=OFFERED))
    return visit.asking(
        "chat_begun.html",
        refusal,
        company=company,
        full=len(company) >= MOST_COMPANY,
        offered=[tie.account for tie in followed if tie.account.id not in chosen],
        who=who,
        suggested=(),
        **await _begun(visit, tx, kept),
    )


async def _begun(visit: Visit, tx: Tx, kept: Sequence[MediaId]) -> dict[str, Any]:
    """What a form that was refused still holds."""
    chosen = [*chosen_in(visit.form.getlist("media")), *kept]
    attached = await media.waiting_of(tx, visit.member(), chosen[:MOST_PICTURES])
    return {"text": str(visit.form.get("text", ""))[:20_000], "attached": attached}


async def _told(visit: Visit, tx: Tx, chat: Conversation, said: chats.Said) -> dict[str, Any]:
    """A stretch of a chat, for a module to put in its place."""
    lines = await _lines(tx, visit.member(), said.posts)
    html = visit.fragment("fragments/lines.html", chat=chat, lines=lines, path=f"/messages/{chat.id}")
    return {"html": html, "older": _older(chat, said)}


def _older(chat: Conversation, said: chats.Said) -> str:
    return f"/messages/{chat.id}?max_id={said.before}" if said.before else ""


async def _lines(tx: Tx, viewer: Account, posts: Sequence[Post]) -> list[Line]:
    """Messages one under another, with the days between them; what they answer elsewhere is read in one query."""
    here = {post.id for post in posts}
    asked = {post.reply_to_id for post in posts if post.reply_to_id is not None} - here
    answered: dict[PostId, Post] = {
        number: post for number, post in (await seen_by(tx, viewer, asked)).items() if post.visibility != "mentioned"
    }
    lines = []
    for before, post in zip((None, *posts), posts, strict=False):
        day = before is None or before.created_at // clock.DAY != post.created_at // clock.DAY
        goes_on = (
            before is not None
            and not day
            and before.author.id == post.author.id
            and post.created_at - before.created_at < PAUSE
        )
        lines.append(Line(post, day, goes_on, answered.get(post.reply_to_id) if post.reply_to_id else None))
    return lines
