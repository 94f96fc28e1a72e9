"""The page on which a member lets an app in: /oauth/authorize (RFC 6749, section 4.1, with PKCE, RFC 7636).

Who is signed in is known by the pages' session cookie. The form carries a proof made from that cookie's secret, so no
other site can press the button; the page can be put in no frame. An app whose identity or address does not fit is
told to the member, never redirected to (RFC 6749, section 4.1.2.1).
"""

import hashlib
import hmac
import pathlib
import secrets
from typing import Annotated, Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import jinja2
import msgspec
from msgspec import Meta

from parvis.api.answer import HTML, Answer, redirect
from parvis.api.consent_words import LANGUAGES, sentence, wish
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Scopes, Secret, Url
from parvis.core import errors
from parvis.people import apps, grants, scopes, sessions
from parvis.people.accounts import Account

endpoints = Endpoints("oauth")

COOKIE = "parvis_session"

_page = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True).from_string(
    pathlib.Path(__file__).with_name("consent.html").read_text(encoding="utf-8")
)


class Asking(msgspec.Struct, frozen=True):
    """What an app asks of a member."""

    client_id: Secret = ""
    redirect_uri: Url = ""
    response_type: Annotated[str, Meta(max_length=40)] = ""
    scope: Scopes = scopes.DEFAULT
    state: Annotated[str, Meta(max_length=2000)] | None = None
    code_challenge: Annotated[str, Meta(max_length=128)] | None = None
    code_challenge_method: Annotated[str, Meta(max_length=20)] | None = None
    force_login: bool = False


class Decision(Asking, frozen=True):
    """What the member pressed."""

    decision: Literal["allow", "deny"] = "deny"
    proof: Annotated[str, Meta(max_length=64)] = ""


class UnsupportedType(errors.Refused):
    """The app asks for another flow than the code's (RFC 6749, 4.1.2.1)."""

    code = "unsupported_response_type"


class AccessDenied(errors.Refused):
    """The member said no (RFC 6749, 4.1.2.1)."""

    code = "access_denied"


def cookie(ctx: Ctx) -> str:
    """The session token in the pages' cookie, or nothing."""
    for part in (ctx.header(b"cookie") or "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value[:200]
    return ""


def proof_for(token: str) -> str:
    """What only a page shown to the holder of this session can know."""
    return hmac.new(token.encode(), b"parvis: consent", hashlib.sha256).hexdigest()


def language_of(ctx: Ctx) -> str:
    """The first of the browser's languages that the page speaks."""
    for part in (ctx.header(b"accept-language") or "").split(",")[:10]:
        code = part.partition(";")[0].strip().lower().partition("-")[0]
        if code in LANGUAGES:
            return code
    return ctx.door.settings.language


def page(ctx: Ctx, title: str, *, status: int = 200, speaking: str = "", **told: object) -> Answer:
    """The page; it can be framed by nobody and loads nothing."""
    language, nonce = speaking or language_of(ctx), secrets.token_urlsafe(16)
    values = {
        "code": "",
        "problem": "",
        "site": "",
        "wishes": (),
        "kept": {},
        "name": "",
        "handle": "",
        "onward": False,
    } | told
    html = _page.render(
        _=lambda text: sentence(language, text),
        title=title,
        language=language,
        nonce=nonce,
        instance=ctx.door.settings.name,
        **values,
    )
    policy = f"default-src 'none'; style-src 'nonce-{nonce}'; frame-ancestors 'none'; base-uri 'none'"
    headers = (
        (b"content-security-policy", policy.encode()),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"no-referrer"),
    )
    return Answer(html.encode(), status, HTML, headers)


def request_of(given: Asking) -> grants.Request:
    """What the app asks for, in the words of the room that grants it."""
    return grants.Request(
        client_id=given.client_id,
        redirect_uri=given.redirect_uri,
        scopes=given.scope,
        challenge=given.code_challenge or "",
        challenge_method=given.code_challenge_method or "",
    )


async def reviewed(ctx: Ctx, given: Asking) -> grants.Review:
    """The request, when it may be put to the member.

    Raises:
        InvalidClient, InvalidRedirect: the member must be told, since the app's address cannot be trusted.
        Refused: the app is told.
    """
    review = await grants.review(ctx.tx, request_of(given))
    if given.response_type != "code":
        raise UnsupportedType("Only the code flow is supported here.")
    return review


def turned_down(ctx: Ctx, given: Asking, refused: errors.Refused) -> Answer:
    """Tell who asked wrongly: the app at its own address, or the member when that address cannot be trusted."""
    if isinstance(refused, apps.InvalidClient | grants.InvalidRedirect):
        language = language_of(ctx)
        title = sentence(language, "This app cannot be let in")
        return page(ctx, title, status=400, problem=sentence(language, str(refused)))
    return returning(given, error=refused.code, error_description=str(refused))


def returning(given: Asking, **told: str) -> Answer:
    """Send the browser back to the app, with its `state`."""
    if given.state is not None:
        told["state"] = given.state
    parts = urlsplit(given.redirect_uri)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *told.items()])
    return redirect(urlunsplit(parts._replace(query=query)))


async def _visitor(ctx: Ctx) -> tuple[str, Account | None]:
    token = cookie(ctx)
    return token, await sessions.account_of_session(ctx.tx, token) if token else None


@endpoints.get("/oauth/authorize", hidden=True, open_to_pages=False)
async def ask(ctx: Ctx, given: Asking) -> Answer:
    """Ask the member; who is not signed in is sent to do that first."""
    token, member = await _visitor(ctx)
    try:
        review = await reviewed(ctx, given)
    except errors.Refused as refused:
        if member is None and not isinstance(refused, apps.InvalidClient | grants.InvalidRedirect):
            raise  # nobody is sent on from here unseen: anyone can register an app (RFC 9700, 4.11.2)
        return turned_down(ctx, given, refused)
    if member is None:
        here = f"/oauth/authorize?{ctx.scope['query_string'].decode('latin-1')}"
        return redirect(f"/sign-in?next={quote(here, safe='')}")
    language = language_of(ctx)
    kept = {key: value for key, value in msgspec.structs.asdict(given).items() if isinstance(value, str)}
    parts = urlsplit(given.redirect_uri)
    return page(
        ctx,
        sentence(language, "Let {app} in?").format(app=review.app.name),
        name=member.name or member.handle,
        handle=member.acct,
        wishes=[wish(language, one) for one in scopes.written(review.scopes).split()],
        kept=kept | {"proof": proof_for(token)},
        site="" if given.redirect_uri == apps.OUT_OF_BAND else parts.netloc or parts.scheme,
    )


@endpoints.post("/oauth/authorize", hidden=True, open_to_pages=False, pace="60/5 minutes")
async def decide(ctx: Ctx, given: Decision) -> Answer:
    """Take the member's decision: give the app a code, or tell it that it was denied."""
    language = language_of(ctx)
    token, member = await _visitor(ctx)
    if member is None or not hmac.compare_digest(given.proof.encode(), proof_for(token).encode()):
        raise errors.Forbidden("This page is no longer good. Go back to the app and begin again.")
    try:
        await reviewed(ctx, given)
        if given.decision == "deny":
            raise AccessDenied("The member denied the request.")
        code = await grants.authorise(ctx.tx, member, request_of(given))
    except errors.Refused as refused:
        if given.redirect_uri == apps.OUT_OF_BAND and isinstance(refused, AccessDenied):
            told = sentence(language, "You can close this page.")
            return page(ctx, sentence(language, "The app was not let in"), problem=told)
        return turned_down(ctx, given, refused)
    if given.redirect_uri == apps.OUT_OF_BAND:
        return page(ctx, sentence(language, "One step left"), code=code)
    return returning(given, code=code)
