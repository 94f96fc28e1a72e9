"""Writing a post: the composer's page, what its tools need to know, and the publishing itself.

Pictures are prepared before the transaction that publishes them, so that no one waits for an encoder while it is open.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.responses import Response

from parvis.ai.protocols import Watched
from parvis.core.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from parvis.core.ids import MediaId, PostId
from parvis.core.words import N_, say
from parvis.people import allowances
from parvis.people.accounts import Account
from parvis.people.preferences import preferences_of
from parvis.posts import media, uploads
from parvis.posts.drafts import MOST_OPTIONS, MOST_PICTURES, Draft
from parvis.posts.hearing import language_of
from parvis.posts.post import Post
from parvis.posts.publish import publish
from parvis.posts.scheduled import schedule
from parvis.posts.uploads import Taken
from parvis.posts.visibility import get_post
from parvis.store.transaction import Tx
from parvis.studio.drawings import UNITS
from parvis.web import page
from parvis.web.retouching import Focus, chosen_in, describe, focus_of
from parvis.web.uploading import take_files
from parvis.web.visit import Visit, whole_number
from parvis.web.writing import poll_of

RATE = "30/minute"
MOST_PARTS = 19  # posts of a thread after the first
SAID = (*(f"option_{place}" for place in range(1, MOST_OPTIONS + 1)), "poll_days", "poll_multiple", "at", "spoken")
"""What of a poll, the hour and the language a refused form says on."""
ONE_WAITS = N_("Only one post can wait for its hour. Take the further parts away, or post now.")


async def tools(visit: Visit, tx: Tx) -> dict[str, Any]:
    """What the composer shows of *Imagine*: the allowance before it is spent, and why the button is grey."""
    viewer = visit.member()
    units = await allowances.remaining(tx, viewer, daily=visit.door.settings.ai_daily_units)
    preferred = await preferences_of(tx, viewer.id)
    return {
        "preferred": preferred.visibility,
        "allowance": units,
        "drawing_cost": UNITS,
        "image_problem": _image_problem(visit, units),
    }


def _image_problem(visit: Visit, units: allowances.Allowance) -> str:
    model = visit.door.models.image
    health = model.health() if isinstance(model, Watched) else None
    if health is not None and health.state == "loading":
        return visit.words("The image model is waking up. Try again in a minute.")
    if health is not None and health.state != "ready":
        return visit.words("No image model is ready, so nothing can be drawn now.")
    if units.left < UNITS:
        return visit.words("Today's allowance is spent. It is whole again tomorrow.")
    return ""


class Chosen(msgspec.Struct, frozen=True):
    """A file that came with the form, what it shows, and what should stay in sight of it."""

    taken: Taken
    alt: str
    focus: Focus


async def read_composer(visit: Visit, tx: Tx) -> Response:
    """The page for writing a post or a reply: what the pages link to where there is no script."""
    viewer = visit.member()
    reply_to_id = whole_number(visit.query("reply_to", 20))
    reply_to = (await get_post(tx, viewer, PostId(reply_to_id))).shown if reply_to_id else None
    quote_id = whole_number(visit.query("quote", 20))
    quote = (await get_post(tx, viewer, PostId(quote_id))).shown if quote_id else None
    chosen = chosen_in(visit.request.query_params.getlist("media"))[:MOST_PICTURES]
    attached = await media.waiting_of(tx, viewer, chosen)
    return await _composer(
        visit,
        tx,
        reply_to=reply_to,
        quote=quote,
        attached=attached,
        text=visit.query("text", 6000),
        visibility=visit.query("visibility", 20),
    )


async def _composer(visit: Visit, tx: Tx, code: int = 200, /, **context: Any) -> Response:
    reply_to = context.get("reply_to")
    given: dict[str, Any] = {
        "text": visit.reply_text(reply_to) if reply_to else "",
        "attached": (),
        "problem": "",
        "warning": reply_to.warning if reply_to else "",
        "visibility": reply_to.visibility if reply_to else "",
        "key": "",
        "said": {},
    }
    wanted = given | {name: value for name, value in context.items() if value}
    return visit.page("compose.html", code, **({"reply_to": None, "quote": None} | wanted), **await tools(visit, tx))


async def post(visit: Visit) -> Response:
    """Publish what the composer holds; a refusal comes back with every word and every picture still in it."""
    await visit.hold("post", RATE)
    stored: list[Chosen] = []
    try:
        stored = await prepared(visit)
        require_playable(stored)
        language = visit.field("spoken", 12) or await language_of(visit.field("text"), visit.door.models.classifier)
        async with visit.acting() as (tx, author):
            _require_writer(visit, author)
            published = await _publish(visit, tx, author, stored, language)
            shown = await get_post(tx, author, published) if published is not None else None
    except Refused as refusal:
        if visit.wants_json:
            raise
        return await _back_to_composer(visit, refusal, await have_wait(visit, stored))
    if shown is None:
        return visit.done({"later": True, "path": "/scheduled"}, "/scheduled")
    if visit.wants_json:
        door, message = visit.door, shown.visibility == "mentioned" and shown.reply_to_id is None
        told = {"id": str(shown.id), "path": page.post_path(shown), "html": ""}
        if not message:
            told["html"] = page.post_fragment(shown, visit.language, door.settings, door.emojis, visit.look.motion)
        return visit.json(told)
    return visit.go(page.post_path(shown) if shown.reply_to_id is None else f"{page.post_path(shown)}#post-{shown.id}")


def _require_writer(visit: Visit, author: Account) -> None:
    """Return unless somebody else was signed in when this was written: it may have waited for the network since."""
    if visit.field("writer", 20) not in ("", str(author.id)):
        raise Forbidden("Somebody else wrote this here. Sign in as they did to post it.")


async def have_wait(visit: Visit, stored: list[Chosen]) -> list[MediaId]:
    """Have what came along wait for the post, which is not yet: for browsers without scripts."""
    if not stored:
        return []
    async with visit.acting() as (tx, author):
        return [(await uploads.add(tx, author, each.taken, alt=each.alt, focus=each.focus)).id for each in stored]


def require_playable(stored: Sequence[Chosen]) -> None:
    """Return when no film or sound came with the form itself: they travel before it where scripts run.

    Raises:
        Conflict: one did, and is being made playable.
    """
    if any(each.taken.seen is not None for each in stored):
        raise Conflict("It is being made playable. Post it in a moment.")


async def prepared(visit: Visit) -> list[Chosen]:
    """The files that came with the form, each made ready.

    Raises:
        Invalid: they are too many, or one is none that a post can hold.
    """
    taken = await take_files(visit, beside=len(visit.form.getlist("media")))
    return [
        Chosen(one, visit.field(f"alt_{place}", 1500), focus_of(visit, f"focus_{place}") or (0.0, 0.0))
        for place, one in enumerate(taken, start=1)
    ]


async def held(visit: Visit, tx: Tx, author: Account, stored: Sequence[Chosen]) -> tuple[MediaId, ...]:
    """What the form holds beside its words, described: what came before it, and what came with it."""
    attached = chosen_in(visit.form.getlist("media"))
    for media_id in attached:
        await describe(visit, tx, author, media_id)
    added = [await uploads.add(tx, author, each.taken, alt=each.alt, focus=each.focus) for each in stored]
    return (*attached, *(each.id for each in added))


async def _publish(visit: Visit, tx: Tx, author: Account, stored: list[Chosen], language: str | None) -> PostId | None:
    reply_to = whole_number(visit.field("reply_to", 20))
    warning = visit.field("warning", 500).strip()
    quoted = whole_number(visit.field("quote", 20))
    draft = Draft(
        text=visit.field("text"),
        media=await held(visit, tx, author, stored),
        reply_to=PostId(reply_to) if reply_to else None,
        visibility=visit.field("visibility", 20) or "public",
        warning=warning,
        sensitive=bool(warning),
        language=language,
        poll=poll_of(visit),
        quotes=PostId(quoted) if quoted else None,
        quote_policy=(await preferences_of(tx, author.id)).quotes,
    )
    key = visit.field("key", 100)
    if visit.field("at", 40):
        if _parts(visit):
            raise Invalid(ONE_WAITS, field="more")
        await schedule(tx, author, draft, visit.moment("at"), key=key or None, settings=visit.door.settings)
        return None
    first = await publish(tx, author, draft, key=key or None, settings=visit.door.settings)
    rest = msgspec.structs.replace(draft, media=(), poll=None, quotes=None, reply_to=first)
    await _go_on(visit, tx, author, rest, key)
    return first


def _parts(visit: Visit) -> list[str]:
    """The further posts of a thread."""
    return [text for text in visit.form.getlist("more") if isinstance(text, str) and text.strip()]


async def _go_on(visit: Visit, tx: Tx, author: Account, draft: Draft, key: str) -> None:
    """Publish the further posts of a thread, each under the one before, in the same transaction as the first."""
    parts = _parts(visit)
    if len(parts) > MOST_PARTS:
        raise Invalid("A thread is begun with up to {most} posts.", field="more", most=MOST_PARTS + 1)
    for place, text in enumerate(parts, start=2):
        part = msgspec.structs.replace(draft, text=text)
        own_key = f"{key}/{place}" if key else None
        above = await publish(tx, author, part, key=own_key, settings=visit.door.settings)
        draft = msgspec.structs.replace(draft, reply_to=above)


async def _back_to_composer(visit: Visit, refusal: Refused, added: Sequence[MediaId]) -> Response:
    async with visit.door.store.reading() as tx:
        viewer = visit.member()
        reply_to_id = whole_number(str(visit.form.get("reply_to", "")))
        reply_to = None
        if reply_to_id:
            try:
                reply_to = (await get_post(tx, viewer, PostId(reply_to_id))).shown
            except NotFound:
                reply_to = None
        chosen = [*chosen_in(visit.form.getlist("media")), *added][:MOST_PICTURES]
        attached = await media.waiting_of(tx, viewer, chosen)
        return await _composer(
            visit,
            tx,
            refusal.status,
            reply_to=reply_to,
            quote=await _quoted(visit, tx),
            attached=attached,
            text=str(visit.form.get("text", ""))[:20_000],
            warning=str(visit.form.get("warning", ""))[:500],
            visibility=str(visit.form.get("visibility", "public"))[:20],
            key=str(visit.form.get("key", ""))[:100],
            said={name: str(visit.form.get(name, ""))[:500] for name in SAID},
            problem=say(refusal, visit.language),
        )


async def _quoted(visit: Visit, tx: Tx) -> Post | None:
    number = whole_number(str(visit.form.get("quote", "")))
    if number is None:
        return None
    try:
        return (await get_post(tx, visit.member(), PostId(number))).shown
    except NotFound:
        return None
