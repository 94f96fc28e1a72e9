"""The mailbox of an instance that only its own machine reaches: /dev/mailbox shows the letters it could not send.

Where the settings name a mail server, or a public address, there is no such page: letters open accounts. Nor is there
one for who calls from another machine, or through a proxy, whatever the settings say.
"""

import ipaddress
import pathlib
import secrets

import jinja2

from parvis.api.answer import HTML, Answer
from parvis.api.consent import language_of
from parvis.api.consent_words import sentence
from parvis.api.endpoint import Ctx, Endpoints
from parvis.core import clock, errors
from parvis.people import letters

endpoints = Endpoints("instance")

_page = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True).from_string(
    pathlib.Path(__file__).with_name("mailbox.html").read_text(encoding="utf-8")
)


@endpoints.get("/dev/mailbox", hidden=True, open_to_pages=False)
async def show_mailbox(ctx: Ctx) -> Answer:
    """The letters, latest first."""
    settings = ctx.door.settings
    if settings.mail or not settings.at_home or not _calls_from_here(ctx):
        raise errors.NotFound("The page you were looking for doesn't exist.")
    language, nonce = language_of(ctx), secrets.token_urlsafe(16)
    html = _page.render(
        title=sentence(language, "Letters that were not sent"),
        language=language,
        nonce=nonce,
        instance=settings.name,
        base=ctx.urls.base,
        letters=[
            {
                "subject": letter.subject,
                "recipient": letter.recipient,
                "sent": clock.iso(letter.created_at),
                "lines": letter.words.split("\n"),
            }
            for letter in await letters.mailbox_of(ctx.tx)
        ],
    )
    policy = f"default-src 'none'; style-src 'nonce-{nonce}'; frame-ancestors 'none'; base-uri 'none'"
    return Answer(html.encode(), 200, HTML, ((b"content-security-policy", policy.encode()),))


def _calls_from_here(ctx: Ctx) -> bool:
    """Whether the connection itself comes from this machine, and nobody passed it on."""
    client = ctx.scope.get("client")
    passed_on = any(ctx.header(name) for name in (b"x-forwarded-for", b"forwarded", b"via"))
    try:
        return client is not None and not passed_on and ipaddress.ip_address(client[0]).is_loopback
    except ValueError:
        return False
