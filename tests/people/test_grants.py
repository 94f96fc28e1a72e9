import asyncio

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from tests.conftest import BOTH
from tests.rig import member

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import Forbidden, Invalid, Unauthenticated
from parvis.people import grants
from parvis.people.apps import OUT_OF_BAND, InvalidClient, Registered, Registration, get_app, register_app
from parvis.people.grants import (
    CODE_LIFETIME,
    MOST_TOKENS,
    InvalidGrant,
    InvalidRedirect,
    InvalidRequest,
    Request,
    Token,
    UnauthorisedClient,
    access_of_token,
    apps_of,
    authorise,
    client_credentials,
    exchange,
    forget_expired_codes,
    lend,
    revoke,
    revoke_app,
    take_back,
)
from parvis.people.scopes import InvalidScope
from parvis.store import tables
from parvis.store.database import Store
from parvis.store.opening import open_store
from parvis.store.statement import Statement
from parvis.store.transaction import Tx

BACK = "https://app.example/callback?here=1"
VERIFIER = "a-verifier-of-at-least-forty-three-characters.~_"
CHALLENGE = create_s256_code_challenge(VERIFIER)


async def an_app(store: Store, scopes: str = "read write follow", name: str = "Perch") -> Registered:
    async with store.transaction(durable=False) as tx:
        return await register_app(
            tx, Registration(name=name, redirect_uris=(BACK, OUT_OF_BAND), scopes=scopes, website="https://app.example")
        )


def asking(app: Registered, **other: str) -> Request:
    return Request(**({"client_id": app.app.client_id, "redirect_uri": BACK, "scopes": "read write:media"} | other))


async def changed(tx: Tx, app: Registered, code: str, **other: str) -> Token:
    known = {"client_id": app.app.client_id, "secret": app.secret, "redirect_uri": BACK}
    return await exchange(tx, **(known | {"code": code} | other))


@BOTH
async def test_a_members_yes_becomes_a_code_and_the_code_a_token(store: Store) -> None:
    alice, app = await member(store, "alice"), await an_app(store)
    async with store.transaction() as tx:
        asked = await grants.review(tx, asking(app, challenge=CHALLENGE, challenge_method="S256"))
        assert (asked.app, asked.scopes) == (app.app, frozenset({"read", "write:media"}))
        code = await authorise(tx, alice, asking(app, challenge=CHALLENGE, challenge_method="S256"))
    async with store.transaction() as tx:
        token = await changed(tx, app, code, verifier=VERIFIER)
    async with store.reading() as tx:
        access = await access_of_token(tx, token.key)
        assert tx.queries == 1
        assert (access.account, access.app_id, access.scopes) == (alice, app.app.id, frozenset({"read", "write:media"}))
        assert await get_app(tx, access.app_id) == app.app


@BOTH
async def test_a_code_works_once_even_when_ten_ask_at_the_same_moment(store: Store) -> None:
    alice, app = await member(store, "alice"), await an_app(store)
    async with store.transaction() as tx:
        code = await authorise(tx, alice, asking(app))

    async def ask() -> Token:
        async with store.transaction(durable=False) as tx:
            return await changed(tx, app, code)

    answers = await asyncio.gather(*(ask() for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(answer, Token) for answer in answers) == 1
    assert sum(isinstance(answer, InvalidGrant) for answer in answers) == 9


async def test_a_code_is_good_only_for_whom_it_was_given_to(store: Store) -> None:
    alice, app, other = await member(store, "alice"), await an_app(store), await an_app(store)
    async with store.transaction() as tx:
        code = await authorise(tx, alice, asking(app, challenge=CHALLENGE, challenge_method="S256"))
        plain = await authorise(tx, alice, asking(app))
    wrong: list[tuple[Registered, str, dict[str, str]]] = [
        (app, code, {}),
        (app, code, {"verifier": "x" * 43}),
        (app, code, {"verifier": CHALLENGE}),
        (app, code, {"verifier": "short"}),
        (app, code, {"verifier": VERIFIER, "redirect_uri": OUT_OF_BAND}),
        (other, code, {"verifier": VERIFIER}),
        (app, plain, {"verifier": VERIFIER}),
        (app, "nothing", {}),
        (app, "x" * 10_000, {}),
        (app, "\ud800", {}),
    ]
    for asker, given, other_parts in wrong:
        with pytest.raises(InvalidGrant):
            async with store.transaction() as tx:
                await changed(tx, asker, given, **other_parts)
    for parts in ({"secret": "wrong"}, {"secret": ""}, {"client_id": "nobody"}, {"client_id": "a\x00"}):
        with pytest.raises(InvalidClient):
            async with store.transaction() as tx:
                await changed(tx, app, plain, **parts)
    async with store.transaction() as tx:
        await changed(tx, app, plain)


async def test_a_code_is_good_for_ten_minutes(settings: Settings) -> None:
    moment = clock.now()
    async with open_store(settings, now=lambda: moment) as store:
        alice, app = await member(store, "alice"), await an_app(store)
        async with store.transaction() as tx:
            code = await authorise(tx, alice, asking(app))
        moment += CODE_LIFETIME
        with pytest.raises(InvalidGrant):
            async with store.transaction() as tx:
                await changed(tx, app, code)
        async with store.transaction() as tx:
            assert await forget_expired_codes(tx) == 1


async def test_a_request_that_is_wrong_is_refused_before_the_member_is_asked(store: Store) -> None:
    app = await an_app(store, "read write:media")
    wrong: list[tuple[type[Exception], dict[str, str]]] = [
        (InvalidClient, {"client_id": "nobody"}),
        (InvalidRedirect, {"redirect_uri": "https://app.example/callback"}),
        (InvalidRedirect, {"redirect_uri": ""}),
        (InvalidScope, {"scopes": "read write"}),
        (InvalidScope, {"scopes": "admin:read"}),
        (InvalidScope, {"scopes": "read " * 1000}),
        (InvalidRequest, {"challenge": CHALLENGE, "challenge_method": "plain"}),
        (InvalidRequest, {"challenge": CHALLENGE}),
        (InvalidRequest, {"challenge": "short", "challenge_method": "S256"}),
        (InvalidRequest, {"challenge_method": "S256"}),
    ]
    async with store.reading() as tx:
        for refusal, parts in wrong:
            with pytest.raises(refusal):
                await grants.review(tx, asking(app, **parts))
        assert (await grants.review(tx, asking(app, scopes="read:accounts"))).scopes == {"read:accounts"}
        assert (await grants.review(tx, asking(app, scopes=""))).scopes == {"read"}


async def test_a_suspended_member_lets_no_app_in(store: Store) -> None:
    app = await an_app(store)
    alice = await member(store, "alice")
    async with store.transaction() as tx:
        suspended = type(alice)(**{f: getattr(alice, f) for f in alice.__struct_fields__} | {"suspended_at": tx.now})
        with pytest.raises(Forbidden):
            await authorise(tx, suspended, asking(app))


@BOTH
async def test_an_apps_own_token_acts_for_nobody(store: Store) -> None:
    app = await an_app(store)
    async with store.transaction() as tx:
        token = await client_credentials(tx, client_id=app.app.client_id, secret=app.secret, asked="read")
        access = await access_of_token(tx, token.key)
        assert (access.account, access.scopes) == (None, frozenset({"read"}))
        with pytest.raises(InvalidScope):
            await client_credentials(tx, client_id=app.app.client_id, secret=app.secret, asked="push")
        with pytest.raises(InvalidClient):
            await client_credentials(tx, client_id=app.app.client_id, secret="wrong")


@BOTH
async def test_a_code_shown_again_takes_its_token_back(store: Store) -> None:
    alice, app = await member(store, "alice"), await an_app(store)
    async with store.transaction() as tx:
        code = await authorise(tx, alice, asking(app))
        token = await changed(tx, app, code)
        other = await lend(tx, alice, app.app.id, token.scopes)
    async with store.transaction() as tx:
        await take_back(tx, code)
        await access_of_token(tx, other.key)
        with pytest.raises(Unauthenticated):
            await access_of_token(tx, token.key)


@BOTH
async def test_only_its_own_app_gives_a_token_back(store: Store) -> None:
    app, other = await an_app(store), await an_app(store)
    async with store.transaction() as tx:
        token = await client_credentials(tx, client_id=app.app.client_id, secret=app.secret)
        for secret in (other.secret, "wrong"):
            with pytest.raises(UnauthorisedClient):
                await revoke(tx, client_id=other.app.client_id, secret=secret, token=token.key)
        await access_of_token(tx, token.key)
        for _ in range(2):
            await revoke(tx, client_id=app.app.client_id, secret=app.secret, token=token.key)
        with pytest.raises(Unauthenticated):
            await access_of_token(tx, token.key)


@BOTH
async def test_a_member_sees_their_apps_and_sends_one_away(store: Store) -> None:
    alice, bob = await member(store, "alice"), await member(store, "bob")
    perch, nest = await an_app(store), await an_app(store, name="Nest")
    kept: dict[str, Token] = {}
    for who, app, scopes in (
        (alice, perch, "read"),
        (alice, perch, "write"),
        (alice, nest, "read"),
        (bob, perch, "read"),
    ):
        async with store.transaction() as tx:
            code = await authorise(tx, who, asking(app, scopes=scopes))
            kept[f"{who.handle} {app.app.name}"] = await changed(tx, app, code)
    async with store.transaction() as tx:
        waiting = await authorise(tx, alice, asking(perch))
        permitted = {one.app.name: one.scopes for one in await apps_of(tx, alice)}
        assert permitted == {"Perch": {"read", "write"}, "Nest": {"read"}}
        await revoke_app(tx, alice, perch.app.id)
        assert [one.app.name for one in await apps_of(tx, alice)] == ["Nest"]
        assert [one.app.name for one in await apps_of(tx, bob)] == ["Perch"]
        await access_of_token(tx, kept["alice Nest"].key)
        with pytest.raises(Unauthenticated):
            await access_of_token(tx, kept["alice Perch"].key)
    with pytest.raises(InvalidGrant):
        async with store.transaction() as tx:
            await changed(tx, perch, waiting)


async def test_an_app_holds_a_bounded_number_of_tokens(settings: Settings) -> None:
    moment = clock.now()
    async with open_store(settings, now=lambda: moment) as store:
        app = await an_app(store)
        held = []
        for _ in range(MOST_TOKENS + 1):
            moment += 1
            async with store.transaction(durable=False) as tx:
                held.append(await client_credentials(tx, client_id=app.app.client_id, secret=app.secret))
        async with store.reading() as tx:
            with pytest.raises(Unauthenticated):
                await access_of_token(tx, held[0].key)
            await access_of_token(tx, held[1].key)


async def test_no_secret_code_or_token_is_in_the_store(store: Store) -> None:
    alice, app = await member(store, "alice"), await an_app(store)
    async with store.transaction() as tx:
        code = await authorise(tx, alice, asking(app))
        rows = repr([await tx.all(Statement(table.select())) for table in (tables.apps, tables.grants)])
        token = await changed(tx, app, code)
        rows += repr(await tx.all(Statement(tables.tokens.select())))
    assert app.app.client_id in rows
    assert all(secret not in rows for secret in (app.secret, code, token.key))


@pytest.mark.parametrize(
    "address",
    [
        "", "callback", "/callback", "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,hi", "https://",
        "https:///callback", "https://app.example/#here", "https://a b.example", "https://me@app.example/",
        "https://[broken/", "urn:other", "app:", "file:///etc/passwd", "https://app.example/\n", "h" * 2001,
    ],
)  # fmt: skip
async def test_a_redirect_address_that_could_harm_is_refused(store: Store, address: str) -> None:
    async with store.transaction() as tx:
        with pytest.raises(Invalid) as refusal:
            await register_app(tx, Registration(name="Perch", redirect_uris=(OUT_OF_BAND, address)))
    assert refusal.value.field == "redirect_uris"


@pytest.mark.parametrize("address", ["http://localhost:8080/", "perch://back", "com.example.perch:/back", OUT_OF_BAND])
async def test_an_app_may_be_led_back_to_a_program_on_the_members_machine(store: Store, address: str) -> None:
    async with store.transaction() as tx:
        registered = await register_app(tx, Registration(name="Perch", redirect_uris=(address, address)))
    assert registered.app.redirect_uris == (address,)


@pytest.mark.parametrize(
    ("field", "parts"),
    [
        ("client_name", {"name": " \x00 "}),
        ("client_name", {"name": "x" * 61}),
        ("website", {"website": "javascript:alert(1)"}),
        ("website", {"website": "https://" + "x" * 2000}),
        ("redirect_uris", {"redirect_uris": ()}),
        ("redirect_uris", {"redirect_uris": (OUT_OF_BAND,) * 11}),
    ],
)
async def test_a_registration_is_bounded(store: Store, field: str, parts: dict[str, object]) -> None:
    registration: dict[str, object] = {"name": "Perch", "redirect_uris": (OUT_OF_BAND,)}
    async with store.transaction() as tx:
        with pytest.raises(Invalid) as refusal:
            await register_app(tx, Registration(**(registration | parts)))
    assert refusal.value.field == field
