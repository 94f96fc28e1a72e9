"""Letters reach a mail server that nobody here wrote, once, however slow it is."""

import asyncio
import time
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.message import Message
from email.policy import default

import msgspec
import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from tests.cast import SOON

from parvis.core.config import Settings
from parvis.people import letters
from parvis.people.letters import Letter
from parvis.store.database import Store
from parvis.store.jobs import Runner

LEASE = 1000  # ms
LETTER = Letter("nora@example.com", "Bienvenue à Parvis", "Votre adresse : é, ü, 東京.\n.\nA line that was a dot.")


class Office:
    """What the mail server took, after so many seconds; `parting` is how it answers who says goodbye."""

    def __init__(self, seconds: float = 0.0, parting: str = "221 Bye") -> None:
        self.taken: list[Envelope] = []
        self._seconds = seconds
        self._parting = parting

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        await asyncio.sleep(self._seconds)
        self.taken.append(envelope)
        return "250 OK"

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802 - its name
        return self._parting

    def letter(self) -> Message:
        """The one letter."""
        (envelope,) = self.taken
        return message_from_bytes(bytes(envelope.content or b""), policy=default)


def let_in(_server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, told: object) -> AuthResult:
    """Whether these are the name and the password."""
    good = isinstance(told, LoginPassword) and (told.login, told.password) == (b"post", b"s@cret")
    return AuthResult(success=good and mechanism in {"LOGIN", "PLAIN"})


@pytest.fixture
async def office(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Office, str]]:
    """A mail server, and its address."""
    handler = Office(**getattr(request, "param", {}))

    def serve() -> SMTP:
        return SMTP(handler, hostname="mail.example", authenticator=let_in, auth_require_tls=False)

    async with await asyncio.get_running_loop().create_server(serve, "127.0.0.1", 0) as server:
        yield handler, f"smtp://post:s%40cret@127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def send(settings: Settings, store: Store, address: str, *, runners: int = 1) -> float:
    """Have the letter sent by so many processes; the seconds it took."""
    (kind,) = letters.kinds(msgspec.structs.replace(settings, mail=address))
    kind = msgspec.structs.replace(kind, lease=LEASE)
    began = time.monotonic()
    several = [Runner(store, (kind,)) for _ in range(runners)]
    async with store.transaction() as tx:
        letters.write(tx, LETTER)
    running = [asyncio.create_task(runner.run()) for runner in several]
    for runner in several:
        await asyncio.wait_for(runner.settle(), SOON)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    return time.monotonic() - began


async def test_a_mail_server_takes_a_letter_as_it_was_written(
    settings: Settings, store: Store, office: tuple[Office, str]
) -> None:
    server, address = office
    await send(settings, store, address)
    told = server.letter()
    assert (told["To"], told["Subject"]) == ("nora@example.com", LETTER.subject)
    assert told.get_content().replace("\r\n", "\n").strip() == LETTER.words  # type: ignore[attr-defined] # by `default`


@pytest.mark.parametrize("office", [{"seconds": 2.5}], indirect=True)
async def test_a_server_that_is_slower_than_the_lease_gets_one_letter(
    settings: Settings, store: Store, office: tuple[Office, str]
) -> None:
    server, address = office
    assert await send(settings, store, address, runners=2) > 2 * LEASE / 1000
    assert len(server.taken) == 1


@pytest.mark.parametrize("office", [{"parting": "421 Too many goodbyes"}], indirect=True)
async def test_what_a_server_says_after_it_took_the_letter_does_not_matter(
    settings: Settings, store: Store, office: tuple[Office, str]
) -> None:
    server, address = office
    await send(settings, store, address)
    assert len(server.taken) == 1
