"""Letters: e-mail to members, sent by jobs after the commit that called for it.

An address, a subject and words flow in. A mail server takes them where the settings name one. An instance that only its
own machine reaches keeps the latest hundred in a mailbox instead, which a page shows; any other one without a mail
server has them as dead letters, for an operator to see.
"""

import asyncio
import contextlib
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from typing import Final
from urllib.parse import unquote, urlsplit

import msgspec
from sqlalchemy import Integer, bindparam, delete, insert, select

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import Unavailable
from parvis.core.words import words_of
from parvis.people.accounts import Account
from parvis.store.jobs import Kind, Work
from parvis.store.statement import Statement
from parvis.store.tables import mailbox
from parvis.store.transaction import Tx

NAME = "send_letter"
KEPT: Final = 100  # letters in the mailbox
TIMEOUT: Final = 20.0  # seconds a mail server may take for one step


class Letter(msgspec.Struct, frozen=True):
    """A letter to one address."""

    recipient: str
    subject: str
    words: str


class Kept(Letter, frozen=True):
    """A letter in the mailbox."""

    created_at: int  # ms


_c = mailbox.c
KEEP = Statement(insert(mailbox).values({column.name: bindparam(column.name, type_=column.type) for column in _c}))
_latest = select(_c.id).order_by(_c.id.desc()).limit(KEPT)
FORGET_OLD = Statement(delete(mailbox).where(_c.id.not_in(_latest)))
READ = Statement(
    select(_c.recipient, _c.subject, _c.words, _c.created_at)
    .order_by(_c.id.desc())
    .limit(bindparam("most", type_=Integer)),
    Kept,
)


def letter_to(account: Account, address: str, settings: Settings, subject: str, words: str, *, link: str) -> Letter:
    """A letter to a member in their language; `{handle}`, `{instance}` and `{link}` are filled in."""
    translated = words_of(account.language.partition("-")[0]).gettext
    given = {"handle": account.handle, "instance": settings.name, "link": link}
    return Letter(address, translated(subject).format_map(given), translated(words).format_map(given))


def write(tx: Tx, letter: Letter) -> None:
    """Have the letter sent once what is being done is safe."""
    tx.enqueue(NAME, letter)


async def mailbox_of(tx: Tx, most: int = KEPT) -> list[Kept]:
    """The letters that this instance kept instead of sending them, latest first."""
    return await tx.all(READ, most=most)


def kinds(settings: Settings) -> tuple[Kind, ...]:
    """The job that sends letters."""

    async def send(work: Work) -> None:
        letter: Letter = work.payload
        if settings.mail:
            await work.through(asyncio.to_thread(deliver, settings, letter, work.taken.id))
        elif not settings.at_home:
            raise Unavailable("There is no mail server to send letters with: set PARVIS_MAIL.")
        async with work.ending() as tx:
            if not settings.mail:
                await tx.run(KEEP, id=tx.new_id(), created_at=tx.now, **msgspec.structs.asdict(letter))
                await tx.run(FORGET_OLD)

    return (Kind(name=NAME, payload=Letter, run=send, concurrency=2, lease=2 * clock.MINUTE),)


def deliver(settings: Settings, letter: Letter, number: int) -> None:
    """Hand the letter to the mail server. Blocks: for a thread. What the server says after it took it does not matter.

    Raises:
        OSError, smtplib.SMTPException: the server does not take it.
    """
    server = urlsplit(settings.mail)
    host, trusted = server.hostname or "localhost", ssl.create_default_context()
    message = composed(settings, letter, number)
    if server.scheme == "smtps":
        opened: smtplib.SMTP = smtplib.SMTP_SSL(host, server.port or 465, timeout=TIMEOUT, context=trusted)
    else:
        opened = smtplib.SMTP(host, server.port or 587, timeout=TIMEOUT)
    with opened as smtp:
        smtp.ehlo()
        if server.scheme == "smtp" and smtp.has_extn("starttls"):
            smtp.starttls(context=trusted)
        if server.username:
            smtp.login(unquote(server.username), unquote(server.password or ""))
        smtp.send_message(message)
        with contextlib.suppress(OSError, smtplib.SMTPException):
            smtp.quit()


def composed(settings: Settings, letter: Letter, number: int) -> EmailMessage:
    """The letter as mail servers know it; by its number they know one that is sent again after a crash."""
    domain = settings.domain.partition(":")[0]
    message = EmailMessage()
    message["From"] = settings.mail_from or f"{settings.name} <noreply@{domain}>"
    message["To"] = letter.recipient
    message["Subject"] = letter.subject
    message["Date"] = formatdate()
    message["Message-ID"] = f"<letter.{number}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.words)
    return message
