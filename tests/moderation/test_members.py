from tests.api.conftest import Caller, World, token_for
from tests.conftest import BOTH

from parvis.people.accounts import Application, open_account
from parvis.people.sessions import start_session


async def names(caller: Caller, query: str = "", version: int = 2) -> list[str]:
    return [one["username"] for one in await caller.get(f"/api/v{version}/admin/accounts{query}")]


@BOTH
async def test_accounts_are_found_by_what_only_moderators_see(mod: Caller, boss: Caller, world: World) -> None:
    async with world.store.transaction() as tx:
        ann = await open_account(
            tx,
            Application(
                handle="Ann_1", name="Ann", email="ann@mail.example", password_hash="x", address="192.0.2.7", reason="?"
            ),
        )
        await open_account(tx, Application(handle="annx1", email="x@other.example", password_hash="x"))
        await start_session(tx, ann, "Browser", "198.51.100.9")
    assert await names(mod) == ["annx1", "Ann_1", "bossy", "mona"]
    assert await names(mod, "?username=ann_") == ["Ann_1"]
    assert await names(mod, "?email=ann@mail.example") == ["Ann_1"]
    assert await names(mod, "?email=%40other.example") == ["annx1"]
    assert await names(mod, "?ip=192.0.2.7") == ["Ann_1"]
    assert await names(mod, "?ip=198.51.100.9") == ["Ann_1"]
    assert await names(mod, "?display_name=an") == ["annx1", "Ann_1"]
    assert await names(mod, "?permissions=staff") == ["bossy", "mona"]
    assert await names(mod, "?role_ids[]=1") == ["mona"]
    assert await names(mod, "?origin=remote") == []
    assert await names(mod, "?by_domain=elsewhere.example") == []
    assert await names(mod, "?staff=true", 1) == ["bossy", "mona"]
    assert await names(mod, "?local=true&limit=2", 1) == ["annx1", "Ann_1"]
    (told,) = await mod.get("/api/v2/admin/accounts?username=ann_1")
    assert (told["email"], told["ip"], told["invite_request"]) == ("ann@mail.example", "198.51.100.9", "?")
    assert [one["ip"] for one in told["ips"]] == ["198.51.100.9"]
    assert (told["confirmed"], told["approved"], told["disabled"]) == (True, True, False)


@BOTH
async def test_a_list_is_walked_by_its_links(mod: Caller, world: World) -> None:
    for number in range(5):
        await world.member(f"walker{number}", "read")
    seen: list[str] = []
    path = "/api/v2/admin/accounts?limit=2&username=walker"
    while path:
        answer = await mod.client.get(path, headers={"Authorization": f"Bearer {mod.token}"})
        seen += [one["username"] for one in answer.json()]
        path = answer.links["next"]["url"] if "next" in answer.links else ""
    assert seen == [f"walker{number}" for number in (4, 3, 2, 1, 0)]


@BOTH
async def test_who_waits_is_let_in_or_turned_away(mod: Caller, ada: Caller, world: World) -> None:
    async with world.store.transaction() as tx:
        first = await open_account(tx, Application(handle="first"))
        token = await token_for(tx, first, "read")
        waiting = [await open_account(tx, Application(handle=handle, pending=True)) for handle in ("will", "wont")]
    assert sorted(await names(mod, "?status=pending")) == ["will", "wont"]
    assert sorted(await names(mod, "?pending=true", 1)) == ["will", "wont"]
    will, wont = (str(one.id) for one in waiting)
    await mod.post(f"/api/v1/admin/accounts/{ada.id}/approve", 403)
    assert (await mod.post(f"/api/v1/admin/accounts/{will}/approve"))["approved"] is True
    assert (await mod.post(f"/api/v1/admin/accounts/{wont}/reject"))["username"] == "wont"
    assert await names(mod, "?status=pending") == []
    await world.settle()
    await mod.get(f"/api/v1/admin/accounts/{wont}", 404)
    assert token


@BOTH
async def test_each_state_is_a_filter(mod: Caller, ada: Caller, ben: Caller) -> None:
    for kind, status in (
        ("silence", "silenced"),
        ("sensitive", "sensitized"),
        ("disable", "disabled"),
        ("suspend", "suspended"),
    ):
        assert await names(mod, f"?status={status}") == []
        await mod.post(f"/api/v1/admin/accounts/{ben.id}/action", json={"type": kind})
        assert await names(mod, f"?status={status}") == ["ben"]
        assert await names(mod, f"?{status}=true", 1) == ["ben"]
    assert "ada" in await names(mod, "?status=active")
    assert "ben" not in await names(mod, "?status=active")
