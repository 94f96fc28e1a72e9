"""One request of a reader: who it is, in which language, and how to answer.

`reads` and `acts` turn a handler into an endpoint. Both translate refusals once: into a page with character, into JSON
where a module asked, or into the way to the sign-in page. A page is read in one reading transaction.
"""

import contextlib
import datetime as dt
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import quote

import msgspec
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from parvis.core import clock
from parvis.core.errors import Invalid, NotFound, Refused, TooFast, TooLarge, Unauthenticated
from parvis.core.text import keepable
from parvis.core.words import N_, chosen_language, say, words_of
from parvis.moderation import reports, roles
from parvis.moderation.roles import May
from parvis.notifications.inbox import unread_here_and_there
from parvis.people import standing
from parvis.people.accounts import Account
from parvis.people.pace import nearest, place_of
from parvis.people.sessions import LIFETIME, find_session, prolong_session
from parvis.posts.post import Post
from parvis.store.transaction import Tx
from parvis.studio.translating import is_offered
from parvis.web import page
from parvis.web.door import Door
from parvis.web.form import read_form
from parvis.web.gate import HEADERS, require_same_origin, way_back
from parvis.web.looks import look_of
from parvis.web.wording import Emojis

COOKIE = "parvis_session"
PUT_OUT = "/settings/strikes"  # where one reads why, and may appeal
LANGUAGE_COOKIE = "parvis_language"
LOOK_COOKIE = "parvis_look"
YEAR = 365 * 24 * 3600  # seconds
WORTH_SQUEEZING = 1024  # bytes

PROBLEMS = {
    403: (N_("This door stays shut"), "closed"),
    404: (N_("There is no such place"), "lost"),
    429: (N_("Not so fast"), "rush"),
    500: (N_("A stone fell out of the wall"), "fallen"),
}


class Visit:
    """A request as handlers meet it."""

    def __init__(self, request: Request, door: Door, *, for_put_out: bool = False) -> None:
        self.request = request
        self.door = door
        self.form = FormData()
        self.viewer: Account | None = None
        self.put_out = False  # who is signed in was put out by moderators
        self._for_put_out = for_put_out  # what is asked for is open to them too
        self.unread = 0  # notifications
        self.unread_chats = 0
        self.prolong = False  # the session is due
        self.refusal: Refused | None = None  # why a form is shown again
        self.waiting = 0  # open reports, for those who work on them
        self.pending: dict[May, int] = {}  # what else waits at the desk, for those who sit at it
        self.seen: Callable[[Tx], Awaitable[None]] | None = None  # what is read now that the page was shown
        self.look = look_of(request.cookies.get(LOOK_COOKIE, ""))
        self.visitor_language = chosen_language(
            request.cookies.get(LANGUAGE_COOKIE) or request.headers.get("accept-language", ""),
            door.settings.language,
        )

    @property
    def token(self) -> str:
        """What the session cookie says."""
        return self.request.cookies.get(COOKIE, "")[:200]

    @property
    def language(self) -> str:
        """The member's language, or what the visitor's browser asks for."""
        if self.viewer is None or LANGUAGE_COOKIE in self.request.cookies:
            return self.visitor_language
        return chosen_language(self.viewer.language, self.visitor_language)

    @property
    def verb(self) -> str:
        """The last word of the address."""
        return self.request.url.path.rpartition("/")[2]

    @property
    def wants_json(self) -> bool:
        """Whether a module of ours asks, and not the browser itself."""
        return "application/json" in self.request.headers.get("accept", "")

    @property
    def address(self) -> str:
        """Who to pace when nobody is signed in."""
        if self.door.settings.trust_proxy and (forwarded := self.request.headers.get("x-forwarded-for")):
            return place_of(nearest(forwarded))
        return place_of(self.request.client.host) if self.request.client else "?"

    def words(self, sentence: str) -> str:
        """A sentence in the reader's language."""
        return words_of(self.language).gettext(sentence)

    def reply_text(self, post: Post) -> str:
        """How a reply to the post begins: with everyone it should reach."""
        me = self.viewer.id if self.viewer else None
        named = {post.author.id: post.author.acct} | {mention.id: mention.acct for mention in post.mentions}
        return "".join(f"@{acct} " for identifier, acct in named.items() if identifier != me)

    async def recognise(self, tx: Tx) -> None:
        """Find who it is."""
        session = await find_session(tx, self.token, put_out=True) if self.token else None
        if session is None:
            return
        self.put_out = standing.is_put_out(session.account)
        if self.put_out and not self._for_put_out:
            return
        self.viewer = session.account
        self.prolong = session.due

    def member(self) -> Account:
        """Who it is.

        Raises:
            Unauthenticated: nobody is signed in.
        """
        if self.viewer is None:
            raise Unauthenticated("Sign in to go on.")
        return self.viewer

    @contextlib.asynccontextmanager
    async def acting(self) -> AsyncIterator[tuple[Tx, Account]]:
        """The one transaction in which the member does something.

        Raises:
            Unauthenticated: nobody is signed in.
        """
        async with self.door.store.transaction() as tx:
            await self.recognise(tx)
            yield tx, self.member()

    async def hold(self, bucket: str, rate: str, *, together: bool = False) -> None:
        """Keep this member, or this address, to a rate such as `30/minute`; `together` as `Pace.hold` has it.

        Raises:
            TooFast: it is over it.
        """
        who = str(self.viewer.id) if self.viewer else self.address
        await self.door.pace.hold(bucket, who, rate, together=together)

    def field(self, name: str, most: int = 20_000) -> str:
        """A field of the form; empty when it is missing or a file.

        Raises:
            Invalid: it is longer than `most` characters.
        """
        value = self.form.get(name)
        if not isinstance(value, str):
            return ""
        if len(value) > most:
            raise Invalid("This is longer than {limit} characters.", field=name, limit=most)
        return value

    def moment(self, name: str) -> int:
        """The moment (ms) in a field of the form.

        Raises:
            Invalid: it holds none.
        """
        try:
            return int(dt.datetime.fromisoformat(self.field(name, 40)).timestamp() * 1000)
        except (ValueError, OverflowError) as broken:
            raise Invalid("This is no date and time.", field=name) from broken

    def files(self, name: str) -> list[UploadFile]:
        """The files that were chosen in a field."""
        return [file for file in self.form.getlist(name) if isinstance(file, UploadFile) and file.filename]

    def query(self, name: str, most: int = 2000) -> str:
        """A word of the address's query, cut at `most` characters."""
        return keepable(self.request.query_params.get(name, "")[:most])

    def number(self, name: str) -> int:
        """A number in the path.

        Raises:
            NotFound: there is none.
        """
        found = whole_number(str(self.request.path_params[name]))
        if found is None:
            raise NotFound("There is no such page.")
        return found

    def page(self, template: str, code: int = 200, /, **context: Any) -> Response:
        """A whole page."""
        given = self._reader | {
            "unread": self.unread,
            "unread_chats": self.unread_chats,
            "waiting": self.waiting,
            "staff": self.viewer is not None and roles.may(self.viewer, May.REPORTS),
            "path": self.request.url.path,
            "put_out": self.put_out,
            "live": False,
        }
        html = page.render(template, self.language, self.door.settings, given | context)
        return self._squeezed(html.encode(), code)

    def asking(self, template: str, refusal: Refused | None = None, /, **context: Any) -> Response:
        """A whole page with a form; where what it sent is refused, `problem` says why, in the reader's language."""
        problem = say(refusal, self.language) if refusal else ""
        return self.page(template, refusal.status if refusal else 200, problem=problem, **context)

    @property
    def _reader(self) -> dict[str, Any]:
        offered = self.viewer is not None and is_offered(self.door.models.text)
        emojis = Emojis(self.door.emojis, self.look.motion)
        return {"viewer": self.viewer, "emojis": emojis, "look": self.look, "translates": offered}

    def fragment(self, template: str, **context: Any) -> str:
        """A part of a page, for a module to put in its place."""
        return page.render(template, self.language, self.door.settings, self._reader | context)

    def json(self, value: Any, status: int = 200) -> Response:
        """An answer to a module."""
        headers = HEADERS | {"Cache-Control": "no-store"}
        return Response(msgspec.json.encode(value), status, media_type="application/json", headers=headers)

    def go(self, path: str) -> Response:
        """On to another page of ours."""
        return RedirectResponse(path, 303, headers={"Cache-Control": "no-store"})

    def done(self, value: Any, back: str) -> Response:
        """What a verb answers: the new state to a module, the way back to a browser."""
        return self.json(value) if self.wants_json else self.go(back)

    def remember(self, response: Response, name: str, value: str, seconds: int) -> Response:
        """Set a cookie that scripts cannot read; an empty value forgets it."""
        response.set_cookie(
            name,
            value,
            max_age=seconds if value else 0,
            path="/",
            httponly=True,
            samesite="lax",
            secure=self.door.settings.secure,
        )
        return response

    def sign_in(self, response: Response, token: str) -> Response:
        """Hand the session's token to the browser."""
        return self.remember(response, COOKIE, token, LIFETIME // clock.SECOND)

    def refuse(self, refusal: Refused) -> Response:
        """A refusal, as this reader can use it."""
        if self.wants_json:
            response = self.json({"error": refusal.code, "message": say(refusal, self.language)}, refusal.status)
        elif isinstance(refusal, Unauthenticated) and self.put_out:
            response = self.go(PUT_OUT)
        elif isinstance(refusal, Unauthenticated):
            url = self.request.url
            here = url.path + (f"?{url.query}" if url.query else "")
            asked = here if self.request.method in ("GET", "HEAD") else way_back(self.request)
            return self.go(f"/sign-in?next={quote(asked, safe='')}")
        else:
            response = problem_page(self, refusal.status, say(refusal, self.language))
        if isinstance(refusal, TooFast):
            response.headers["Retry-After"] = str(refusal.after)
        elif isinstance(refusal, TooLarge):
            response.headers["Connection"] = "close"  # what is left of the body is not read
        return response

    def _squeezed(self, body: bytes, status: int) -> Response:
        headers = dict(HEADERS)
        if len(body) > WORTH_SQUEEZING and "gzip" in self.request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body, 6, mtime=0)
        return Response(body, status, media_type="text/html", headers=headers)


Handler = Callable[[Visit], Awaitable[Response]]
Reader = Callable[[Visit, Tx], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]
Guard = Callable[[Visit], object]
"""Returns when this visitor may ask at all, and raises a refusal otherwise."""


def problem_page(visit: Visit, status: int, text: str) -> Response:
    """A refusal or an accident as a page."""
    title, scene = PROBLEMS.get(status, (N_("That cannot be done"), "closed"))
    return visit.page("problem.html", status, title=visit.words(title), text=text, scene_name=scene, status=status)


def anyone(visit: Visit) -> None:
    """Let everybody ask."""


def reads(door: Door, reader: Reader, guard: Guard = anyone, *, for_put_out: bool = False) -> Endpoint:
    """An endpoint that reads a page in one reading transaction."""

    async def endpoint(request: Request) -> Response:
        visit = Visit(request, door, for_put_out=for_put_out)
        try:
            async with door.store.reading() as tx:
                await visit.recognise(tx)
                if visit.viewer is not None and not visit.wants_json:
                    visit.unread, visit.unread_chats = await unread_here_and_there(tx, visit.viewer)
                    if roles.may(visit.viewer, May.REPORTS):
                        visit.waiting = await reports.open_count(tx, visit.viewer)
                guard(visit)
                response = await reader(visit, tx)
        except Refused as refusal:
            response = visit.refuse(refusal)
        if visit.seen or visit.prolong:
            async with door.store.transaction(durable=False) as tx:
                if visit.prolong:
                    await prolong_session(tx, visit.token)
                    visit.sign_in(response, visit.token)
                if visit.seen:
                    await visit.seen(tx)
        return response

    return endpoint


def acts(
    door: Door,
    handler: Handler,
    *,
    pictures: int = 0,
    file_bytes: int = 0,
    guard: Guard = anyone,
    for_put_out: bool = False,
) -> Endpoint:
    """An endpoint that does something: same origin only, the form read and bounded before any transaction.

    Where pictures may come along, nothing is read of a body before it is known that a member sends it.
    """

    async def endpoint(request: Request) -> Response:
        visit = Visit(request, door, for_put_out=for_put_out)
        try:
            require_same_origin(request, door.settings)
            if visit.token or pictures:
                async with door.store.reading() as tx:
                    await visit.recognise(tx)
            guard(visit)
            if pictures:
                visit.member()
            visit.form = await read_form(request, files=pictures, file_bytes=file_bytes or door.settings.picture_bytes)
            return await handler(visit)
        except Refused as refusal:
            return visit.refuse(refusal)
        finally:
            await visit.form.close()

    return endpoint


def mishap(door: Door) -> Callable[[Request, Exception], Awaitable[Response]]:
    """What a reader sees when the house itself has failed; a composition root hands it whatever escaped."""

    async def respond(request: Request, error: Exception) -> Response:  # noqa: ARG001 - a handler's signature
        visit = Visit(request, door)
        text = visit.words("It is our fault, not yours, and it is written down. Try again in a moment.")
        if visit.wants_json:
            return visit.json({"error": "mishap", "message": text}, 500)
        return problem_page(visit, 500, text)

    return respond


def whole_number(text: str) -> int | None:
    """A positive number that fits an id, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None  # noqa: PLR2004 - below 2^63
