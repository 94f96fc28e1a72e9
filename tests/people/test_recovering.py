import asyncio
import re
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from sqlalchemy import select
from tests.conftest import BOTH
from tests.rig import member

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import NotFound, Unauthenticated
from parvis.people import grants, letters, recovering
from parvis.people.apps import OUT_OF_BAND, Registration, register_app
from parvis.people.confirming import SET
from parvis.people.letters import NAME
from parvis.people.passwords import hash_password
from parvis.people.signing import sign_in
from parvis.store.database import Store
from parvis.store.jobs import Runner
from parvis.store.opening import open_store
from parvis.store.statement import Statement
from parvis.store.tables import jobs

pytestmark = BOTH

LETTERS = Statement(select(jobs.c.payload).where(jobs.c.kind == NAME))
ANOTHER = "another long password"


async def asked(store: Store, settings: Settings, login: str) -> list[str]:
    """Have a letter written; the tickets of all that were."""
    async with store.transaction() as tx:
        await recovering.write(tx, login, settings)
    async with store.reading() as tx:
        written = [msgspec.json.decode(payload)["words"] for (payload,) in await tx.all(LETTERS)]
    links = [re.findall(r"http\S+", words)[0] for words in written]
    return [parse_qs(urlsplit(link).query)["ticket"][0] for link in links]


async def test_a_link_lets_whoever_has_the_letter_choose_another_password_once(
    store: Store, settings: Settings
) -> None:
    ada = await member(store, "ada")
    [ticket] = await asked(store, settings, "@ADA")
    hashed = await hash_password(ANOTHER)
    async with store.transaction() as tx:
        await recovering.recover(tx, ticket, hashed, settings)
    assert (await sign_in(store, "ada", ANOTHER)).id == ada.id
    async with store.transaction() as tx:
        with pytest.raises(NotFound):
            await recovering.recover(tx, ticket, hashed, settings)


async def test_a_letter_to_an_address_that_was_given_up_is_worth_nothing(store: Store, settings: Settings) -> None:
    ada = await member(store, "ada", email="a" * 60 + "@" + "b" * 60 + ".example")
    [ticket] = await asked(store, settings, "ada")
    async with store.transaction() as tx:
        await tx.run(SET, account=ada.id, address="c" + "a" * 59 + "@" + "b" * 60 + ".example")
    async with store.transaction() as tx:
        with pytest.raises(NotFound):
            await recovering.recover(tx, ticket, "", settings)


async def test_of_those_who_follow_a_link_at_once_one_chooses(store: Store, settings: Settings) -> None:
    await member(store, "ada")
    [ticket] = await asked(store, settings, "ada")

    async def follow(link: str, number: int) -> bool:
        try:
            async with store.transaction() as tx:
                await recovering.recover(tx, link, f"hash {number}", settings)
        except NotFound:
            return False
        return True

    for link, many in (("not a link", 0), (ticket, 1)):  # the first opens the connections, so that the second race
        assert sum(await asyncio.gather(*(follow(link, number) for number in range(4)))) == many


async def test_no_app_acts_any_more_for_who_forgot_the_password(store: Store, settings: Settings) -> None:
    ada = await member(store, "ada")
    async with store.transaction() as tx:
        perch = await register_app(tx, Registration(name="Perch", redirect_uris=(OUT_OF_BAND,), scopes="read"))
        asking = grants.Request(client_id=perch.app.client_id, redirect_uri=OUT_OF_BAND, scopes="read")
        code = await grants.authorise(tx, ada, asking)
        token = await grants.lend(tx, ada, perch.app.id, frozenset({"read"}))
    [ticket] = await asked(store, settings, "ada")
    async with store.transaction() as tx:
        await recovering.recover(tx, ticket, "another hash", settings)
    async with store.transaction() as tx:
        with pytest.raises(Unauthenticated):
            await grants.access_of_token(tx, token.key)
        with pytest.raises(grants.InvalidGrant):
            await grants.exchange(
                tx, client_id=perch.app.client_id, secret=perch.secret, redirect_uri=OUT_OF_BAND, code=code
            )


async def test_a_link_is_good_for_an_hour(settings: Settings) -> None:
    moment = clock.now()
    async with open_store(settings, now=lambda: moment) as store:
        await member(store, "ada")
        [ticket] = await asked(store, settings, "ada@example.com")
        moment += recovering.LIFETIME
        async with store.reading() as tx:
            assert (await recovering.account_of_ticket(tx, ticket, settings)).handle == "ada"
        moment += 1
        async with store.reading() as tx:
            with pytest.raises(NotFound):
                await recovering.account_of_ticket(tx, ticket, settings)


async def test_nobody_is_written_to_who_is_not_here(store: Store, settings: Settings) -> None:
    await member(store, "mute", email=None)
    for login in ("nobody", "nobody@example.com", "mute"):
        assert not await asked(store, settings, login)


async def test_asking_is_the_same_whether_there_is_an_account_or_not(store: Store, settings: Settings) -> None:
    await member(store, "ada")
    runner = Runner(store, (*recovering.kinds(settings), *letters.kinds(settings)))
    for login in ("nobody", "@Ada"):
        async with store.transaction() as tx:
            recovering.ask(tx, login)
            assert tx.queries == 0
    running = asyncio.create_task(runner.run())
    await runner.settle()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    async with store.reading() as tx:
        assert [letter.recipient for letter in await letters.mailbox_of(tx)] == ["ada@example.com"]


@pytest.mark.parametrize("ticket", ["", "x", "AAAA" * 30, "é"])
async def test_what_was_not_written_here_opens_nothing(store: Store, settings: Settings, ticket: str) -> None:
    await member(store, "ada")
    async with store.transaction() as tx:
        with pytest.raises(NotFound):
            await recovering.recover(tx, ticket, "", settings)
    with pytest.raises(Unauthenticated):
        await sign_in(store, "ada", ANOTHER)
