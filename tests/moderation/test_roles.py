"""Who may knock at which door of the desk: every endpoint, as a member, as a moderator, as an administrator."""

import pytest
from tests.api.conftest import EVERYTHING, Caller, World
from tests.moderation.conftest import DESK

from parvis.api.map import endpoints

BODIES: dict[str, object] = {
    "/api/v1/admin/domain_blocks": {"domain": "bad.example"},
    "/api/v1/admin/domain_allows": {"domain": "good.example"},
    "/api/v1/admin/ip_blocks": {"ip": "192.0.2.1", "severity": "no_access"},
    "/api/v1/admin/email_domain_blocks": {"domain": "spam.example"},
    "/api/v1/admin/canonical_email_blocks": {"email": "a@spam.example"},
    "/api/v1/admin/canonical_email_blocks/test": {"email": "a@spam.example"},
    "/api/v1/admin/measures": {"keys": ["new_users"], "start_at": "2026-01-01", "end_at": "2026-01-02"},
    "/api/v1/admin/dimensions": {"keys": ["languages"], "start_at": "2026-01-01", "end_at": "2026-01-02"},
    "/api/v1/admin/retention": {"frequency": "day", "start_at": "2026-01-01", "end_at": "2026-01-02"},
}
DOORS = [one for one in endpoints() if "/admin/" in one.path]
MODERATORS_TOO = (
    "/accounts",
    "/reports",
    "/measures",
    "/dimensions",
    "/retention",
    "/trends",
    "/tags",
    "/statuses",
    "/audit_log",
)
ADMINS_ALONE = {("DELETE", "/api/v1/admin/accounts/{id}")}


def named(door: object) -> str:
    return f"{door.method} {door.path}"  # type: ignore[attr-defined] # an Endpoint


async def knock(caller: Caller, door: object, token: str | None = None) -> int:
    path = door.path.replace("{id}", "1").replace("{name}", "x")  # type: ignore[attr-defined] # the same
    answer = await caller.client.request(
        door.method,  # type: ignore[attr-defined] # the same
        path,
        json=BODIES.get(path, {}) if door.method != "GET" else None,  # type: ignore[attr-defined] # the same
        headers={"Authorization": f"Bearer {token or caller.token}"},
    )
    return answer.status_code


def for_moderators(door: object) -> bool:
    rest = door.path.partition("/admin")[2]  # type: ignore[attr-defined] # the same
    return rest.startswith(MODERATORS_TOO) and (door.method, door.path) not in ADMINS_ALONE  # type: ignore[attr-defined]


async def test_a_member_gets_in_nowhere_a_moderator_where_they_work_an_admin_everywhere(
    world: World, mod: Caller, boss: Caller
) -> None:
    member = await world.member("mo", DESK)  # with every scope that there is
    assert len(DOORS) > 60
    for door in DOORS:
        assert await knock(member, door) == 403, named(door)
        asked = await knock(mod, door)
        assert (asked != 403) == for_moderators(door), (named(door), asked)
        assert asked < 500, named(door)
        asked = await knock(boss, door)
        assert asked not in {401, 403}, named(door)
        assert asked < 500, named(door)


async def test_an_administrators_app_needs_the_scope_too(world: World) -> None:
    boss = await world.member("other_boss", EVERYTHING, role="admin")
    for door in DOORS:
        assert await knock(boss, door) == 403, named(door)
        assert all(scope.startswith("admin:") for scope in door.scopes), named(door)


async def test_a_narrow_scope_opens_its_own_door_alone(world: World) -> None:
    boss = await world.member("narrow_boss", "admin:read:reports", role="admin")
    await boss.get("/api/v1/admin/reports")
    await boss.get("/api/v1/admin/accounts", 403)
    await boss.post("/api/v1/admin/reports/1/resolve", 403)


@pytest.mark.parametrize("path", ["/api/v1/admin/accounts", "/api/v1/admin/reports", "/api/v1/admin/tags"])
async def test_nobody_gets_in_without_a_token(world: World, path: str) -> None:
    assert (await world.client.get(path)).status_code == 401
