import pytest
from tests.api.conftest import Caller, World
from tests.conftest import BOTH

from parvis.core.config import Settings
from parvis.core.errors import Forbidden, Invalid
from parvis.people.accounts import Account, Application
from parvis.people.joining import join
from parvis.people.restraints import Restraint
from parvis.people.sessions import start_session
from parvis.store.database import Store


async def sign_up(store: Store, handle: str, **given: str) -> Account:
    async with store.transaction() as tx:
        return await join(tx, Application(handle=handle, password_hash="x", **given), Settings())


@BOTH
async def test_a_barred_network_keeps_out_as_far_as_it_says(boss: Caller, ada: Caller, world: World) -> None:
    path = "/api/v1/admin/ip_blocks"
    bar = await boss.post(path, json={"ip": "192.0.2.9/24", "severity": "sign_up_requires_approval"})
    assert (bar["ip"], bar["severity"], bar["expires_at"]) == ("192.0.2.0/24", "sign_up_requires_approval", None)
    assert (await sign_up(world.store, "waits", address="192.0.2.44")).restraints & Restraint.PENDING
    assert not (await sign_up(world.store, "walks", address="192.0.3.44")).restraints
    await boss.ask("PUT", f"{path}/{bar['id']}", json={"severity": "sign_up_block", "comment": "wave"})
    with pytest.raises(Forbidden):
        await sign_up(world.store, "stays", address="192.0.2.44")
    async with world.store.transaction() as tx:
        await start_session(tx, ada.account, address="192.0.2.44")
    changed = await boss.ask("PUT", f"{path}/{bar['id']}", json={"severity": "no_access", "expires_in": 3600})
    assert (changed["comment"], changed["severity"]) == ("wave", "no_access")
    assert changed["expires_at"]
    async with world.store.transaction() as tx:
        with pytest.raises(Forbidden):
            await start_session(tx, ada.account, address="192.0.2.44")
    await boss.post(path, 409, json={"ip": "192.0.2.0/24", "severity": "no_access"})
    await boss.post(path, 422, json={"ip": "nowhere", "severity": "no_access"})
    assert [one["id"] for one in await boss.get(path)] == [bar["id"]]
    await boss.ask("DELETE", f"{path}/{bar['id']}")
    await boss.get(f"{path}/{bar['id']}", 404)
    await sign_up(world.store, "comes", address="192.0.2.44")


@BOTH
async def test_a_barred_mail_domain_holds_for_all_below_it(boss: Caller, world: World) -> None:
    path = "/api/v1/admin/email_domain_blocks"
    await sign_up(world.store, "early", email="early@Spam.example")
    bar = await boss.post(path, json={"domain": "Spam.example"})
    assert (bar["domain"], len(bar["history"]), bar["history"][0]["accounts"]) == ("spam.example", 7, "1")
    for email in ("a@spam.example", "a@mail.spam.example"):
        with pytest.raises(Invalid):
            await sign_up(world.store, "late", email=email)
    await sign_up(world.store, "late", email="a@notspam.example")
    await boss.ask("DELETE", f"{path}/{bar['id']}")
    soft = await boss.post(path, json={"domain": "spam.example", "allow_with_approval": True})
    assert (await sign_up(world.store, "later", email="b@spam.example")).restraints & Restraint.PENDING
    assert (await boss.get(f"{path}/{soft['id']}"))["allow_with_approval"] is True


@BOTH
async def test_a_barred_address_is_known_whatever_its_dots_and_pluses(boss: Caller, world: World) -> None:
    path = "/api/v1/admin/canonical_email_blocks"
    bar = await boss.post(path, json={"email": "Some.One+x@mail.example"})
    assert len(bar["canonical_email_hash"]) == 64
    assert "email" not in bar
    assert await boss.post(f"{path}/test", json={"email": "someone@mail.example"}) == [bar]
    assert await boss.post(f"{path}/test", json={"email": "other@mail.example"}) == []
    with pytest.raises(Invalid):
        await sign_up(world.store, "again", email="so.meone@mail.example")
    await boss.ask("DELETE", f"{path}/{bar['id']}")
    await sign_up(world.store, "again", email="so.meone@mail.example")
    known = await boss.post(path, json={"canonical_email_hash": bar["canonical_email_hash"]})
    assert known["canonical_email_hash"] == bar["canonical_email_hash"]
    await boss.post(path, 422, json={"canonical_email_hash": "short"})


@BOTH
async def test_servers_are_barred_and_the_public_reads_of_it(ada: Caller, boss: Caller) -> None:
    path = "/api/v1/admin/domain_blocks"
    given = {"domain": "Bad.example", "severity": "suspend", "public_comment": "spam", "obfuscate": True}
    bar = await boss.post(path, json=given)
    assert (bar["domain"], bar["severity"], bar["private_comment"]) == ("bad.example", "suspend", None)
    await boss.post(path, json={"domain": "quiet.example", "severity": "noop", "reject_media": True})
    await boss.post(path, 409, json={"domain": "sub.bad.example"})
    await boss.post(path, 422, json={"domain": "no domain"})
    (told,) = await ada.get("/api/v1/instance/domain_blocks")
    assert (told["domain"], told["severity"], told["comment"]) == ("ba*.*****le", "suspend", "spam")
    assert told["digest"] == bar["digest"]
    changed = await boss.ask("PUT", f"{path}/{bar['id']}", json={"severity": "silence", "reject_reports": True})
    assert (changed["severity"], changed["reject_reports"], changed["public_comment"]) == ("silence", True, "spam")
    await boss.ask("DELETE", f"{path}/{bar['id']}")
    assert await ada.get("/api/v1/instance/domain_blocks") == []


@BOTH
async def test_servers_are_let_in_once(boss: Caller) -> None:
    path = "/api/v1/admin/domain_allows"
    first = await boss.post(path, json={"domain": "Good.example"})
    assert await boss.post(path, json={"domain": "good.example"}) == first
    assert await boss.get(path) == [first]
    assert await boss.get(f"{path}/{first['id']}") == first
    await boss.ask("DELETE", f"{path}/{first['id']}")
    await boss.get(f"{path}/{first['id']}", 404)
