"""What happens while a page is open: server-sent events that carry rendered fragments.

Arrivals of the live room flow in, `text/event-stream` flows out. A post is rendered once for each language and motion,
whoever listens; what only its reader knows (is it mine?) is left to the page. Seats are bounded in all and for each
reader, a beat after a while of silence tells both ends that the other is there, and a reader who falls behind is cut
off and comes back.
"""

import collections
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from parvis.core.errors import NotFound, Refused, TooFast
from parvis.core.ids import PostId
from parvis.events import (
    AnswerEnded,
    AnswerGrew,
    ConversationGrew,
    DrawingKept,
    DrawingProgressed,
    ReportFiled,
    ReportResolved,
)
from parvis.moderation import reports, roles
from parvis.moderation.roles import May
from parvis.notifications.inbox import tells_of_a_chat, unread_chats
from parvis.people.accounts import Account
from parvis.people.sessions import find_session
from parvis.posts.post import Post
from parvis.posts.text import fold_tag
from parvis.posts.visibility import get_post
from parvis.store.transaction import Tx
from parvis.studio.drawings import get_drawing
from parvis.timelines.chats import latest_message
from parvis.timelines.seats import Arrival, Seat
from parvis.web import page
from parvis.web.door import Door
from parvis.web.gate import HEADERS
from parvis.web.visit import Visit, whole_number

ROOM = 180  # channels of one stream, with the posts that arrived
BEAT = b": beat\n\n"
MOST_CHANNELS = 8
MOST_POSTS = 80
MOST_OF_ONE = 8  # streams of one reader: the browser's tabs
MOST = 2000  # streams of this process
CHECKED_EVERY = 60.0  # seconds between two looks at the session
RETRY = 3000  # ms after which the browser comes back
KEPT = 256  # rendered posts
OWN = frozenset({"notification", "conversation", "desk", "drawing"})  # what is told to one member


class Gallery:
    """Counts the streams that are open, and keeps the latest rendered posts for all of them."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.open: collections.Counter[str] = collections.Counter()
        self.rendered: collections.OrderedDict[tuple[int, str, str], tuple[Arrival, str]] = collections.OrderedDict()

    @contextlib.contextmanager
    def place(self, reader: str) -> Iterator[None]:
        """A place for one stream.

        Raises:
            TooFast: this reader, or everyone together, has too many open.
        """
        if self.open[reader] >= MOST_OF_ONE or self.open.total() >= MOST:
            raise TooFast("Too many pages are open. Close one and come back.", after=30)
        self.open[reader] += 1
        try:
            yield
        finally:
            self.open[reader] -= 1
            if not self.open[reader]:
                del self.open[reader]

    def post(self, arrival: Arrival, post: Post, visit: Visit) -> str:
        """The post that arrives, rendered once for all who are handed the same arrival and read it alike."""
        language, motion = visit.language, visit.look.motion
        key = (id(arrival), language, motion)
        known = self.rendered.get(key)
        if known is None:
            html = page.post_fragment(post, language, self.door.settings, self.door.emojis, motion)
            known = self.rendered[key] = (arrival, html)  # held, so that its id stays its own
            if len(self.rendered) > KEPT:
                self.rendered.popitem(last=False)
        return known[1]


def endpoint(door: Door) -> Callable[[Request], Awaitable[Response]]:
    """The stream of one page: `/live?channels=home&posts=12,34`; `posts` are those whose counters it shows."""
    gallery = Gallery(door)

    async def listen(request: Request) -> Response:
        visit = Visit(request, door)
        try:
            async with door.store.reading() as tx:
                await visit.recognise(tx)
                channels = await _channels(visit, tx)
        except Refused as refusal:
            return visit.refuse(refusal)
        return StreamingResponse(
            _stream(gallery, visit, channels),
            media_type="text/event-stream",
            headers=HEADERS | {"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    return listen


async def _channels(visit: Visit, tx: Tx) -> list[str]:
    """Those of the wished channels that this reader may join."""
    wished = visit.query("channels", 400).split(",")[:MOST_CHANNELS]
    channels = ["notifications", "drawings", "direct"] if visit.viewer else []
    if visit.viewer and roles.may(visit.viewer, May.REPORTS):
        channels.append("desk")
    for name in wished:
        kind, _, value = name.partition(":")
        if (kind == "home" and visit.viewer) or name == "public":
            channels.append(name)
        elif kind == "tag" and (tag := fold_tag(value.lstrip("#"))):
            channels.append(f"tag:{tag}")
        elif kind == "thread" and (number := whole_number(value)):
            with contextlib.suppress(NotFound):
                await get_post(tx, visit.viewer, PostId(number))
                channels.append(name)
    shown = visit.query("posts", 20 * MOST_POSTS).split(",")[:MOST_POSTS]
    return [*channels, *(f"post:{number}" for text in shown if (number := whole_number(text)))]


async def _stream(gallery: Gallery, visit: Visit, channels: list[str]) -> AsyncIterator[bytes]:
    yield f"retry: {RETRY}\n\n".encode()
    try:
        reader = str(visit.viewer.id) if visit.viewer else visit.address
        with gallery.place(reader), visit.door.live.join(visit.viewer, channels) as seat:
            if visit.viewer is not None and "direct" in visit.query("channels", 400).split(","):
                async with visit.door.store.reading() as tx:  # what came since the page was read
                    told = await _messages(tx, visit.viewer)
                yield _line("conversation", told)
            async for line in _lines(gallery, visit, seat):
                yield line
    except TooFast as refusal:  # the headers are gone: say it in the stream
        yield _line("full", {"after": refusal.after})


async def _lines(gallery: Gallery, visit: Visit, seat: Seat) -> AsyncIterator[bytes]:
    checked = time.monotonic()
    async for arrivals in seat:
        if visit.viewer is not None and time.monotonic() - checked > CHECKED_EVERY:
            if not await _is_here(visit):
                return
            checked = time.monotonic()
        lines = [await _tell(gallery, visit, arrival) for arrival in arrivals]
        for arrival in arrivals:
            if arrival.kind == "post" and len(seat.channels) < ROOM:
                seat.join(f"post:{arrival.id}")
        if piece := b"".join(lines) if arrivals else BEAT:
            yield piece


async def _is_here(visit: Visit) -> bool:
    """Whether the member is still signed in, and may hear what they might when they came."""
    async with visit.door.store.reading() as tx:
        session = await find_session(tx, visit.token)
    return session is not None and session.account.role == visit.member().role


async def _tell(gallery: Gallery, visit: Visit, arrival: Arrival) -> bytes:
    """One arrival as an event of the stream."""
    told: dict[str, Any] = {"channels": arrival.channels, "id": str(arrival.id)}
    post = arrival.post
    event = arrival.event
    if arrival.kind == "post" and post is not None:
        if post.visibility == "mentioned" and not any(name.startswith("thread:") for name in arrival.channels):
            return b""  # at home it is a message
        shown = post.shown
        told |= {
            "html": _as_filtered(visit, arrival, post) or gallery.post(arrival, post, visit),
            "author": str(post.author.id),
            "name": post.author.name,
            "post": str(shown.id),
            "reply_to": str(shown.reply_to_id or ""),
        }
    elif arrival.counts is not None:
        told |= {name: getattr(arrival.counts, name) for name in arrival.counts.__struct_fields__}
    elif isinstance(event, AnswerGrew):
        told |= {"question": str(event.question), "position": event.position, "text": event.text}
    elif isinstance(event, AnswerEnded):
        told |= {"question": str(event.question), "answer": str(event.answer or "")}
    elif arrival.kind in OWN and visit.viewer is not None:
        own = await _told_to(visit, visit.viewer, arrival)
        if own is None:
            return b""
        told |= own
    return _line(arrival.kind, told)


async def _told_to(visit: Visit, viewer: Account, arrival: Arrival) -> dict[str, Any] | None:
    """What this member alone is told; None where there is nothing to tell, or not any more."""
    async with visit.door.store.reading() as tx:
        match arrival.event:
            case ReportFiled() | ReportResolved():
                filed = isinstance(arrival.event, ReportFiled)
                return {"open": await reports.open_count(tx, viewer), "filed": filed}
            case ConversationGrew():
                return await _messages(tx, viewer)
            case DrawingProgressed() | DrawingKept():
                try:
                    drawing = await get_drawing(tx, viewer, arrival.event.drawing)
                except NotFound:
                    return None
                html = visit.fragment("fragments/drawing.html", d=drawing)
                return {"id": str(drawing.id), "state": drawing.state, "html": html}
            case _:  # a notification: what was said in private is told of by its chat
                return None if await tells_of_a_chat(tx, viewer, arrival.id) else {}


async def _messages(tx: Tx, viewer: Account) -> dict[str, Any]:
    """How many chats there are to read, and the latest message of all."""
    return {"unread": await unread_chats(tx, viewer), "newest": str(await latest_message(tx, viewer))}


def _as_filtered(visit: Visit, arrival: Arrival, post: Post) -> str:
    """The post as this reader's filters fold it; nothing where they do not."""
    if not post.filtered:
        return ""
    path = "/" if "home" in arrival.channels else "/local"
    return visit.fragment("fragments/post.html", entry=post, live=True, path=path)


def _line(kind: str, told: dict[str, Any]) -> bytes:
    return f"event: {kind}\ndata: ".encode() + msgspec.json.encode(told) + b"\n\n"
