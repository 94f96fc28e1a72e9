from tests.api.conftest import Caller, World
from tests.conftest import BOTH


@BOTH
async def test_a_report_names_whom_and_what_and_reaches_the_desk(ada: Caller, ben: Caller, mod: Caller) -> None:
    status = await ben.say("buy my #pills")
    given = {"account_id": ben.id, "status_ids": [status["id"]], "comment": " spam ", "category": "spam"}
    report = await ada.post("/api/v1/reports", json=given)
    assert report["status_ids"] == [status["id"]]
    assert report["target_account"]["id"] == ben.id
    assert (report["category"], report["comment"], report["action_taken"]) == ("spam", "spam", False)
    (told,) = await mod.get("/api/v1/admin/reports")
    assert told["id"] == report["id"]
    assert told["account"]["account"]["id"] == ada.id
    assert told["target_account"]["username"] == "ben"
    assert [one["id"] for one in told["statuses"]] == [status["id"]]
    assert await mod.get(f"/api/v1/admin/reports?target_account_id={ada.id}") == []
    assert await mod.get("/api/v1/admin/reports?resolved=true") == []


@BOTH
async def test_what_one_cannot_see_one_cannot_report(ada: Caller, ben: Caller, world: World) -> None:
    secret = await ben.say("for my friends", visibility="private")
    mine = await ada.say("mine")
    for posts in ([secret["id"]], [mine["id"]], ["1"]):
        await ada.post("/api/v1/reports", 404, json={"account_id": ben.id, "status_ids": posts})
    await ada.post("/api/v1/reports", 404, json={"account_id": "1"})
    await ada.post("/api/v1/reports", 422, json={"account_id": ada.id})
    await ada.post("/api/v1/reports", 422, json={"account_id": ben.id, "comment": "x" * 1001})
    await ada.post("/api/v1/reports", 422, json={"account_id": ben.id, "category": "boredom"})
    await ada.post("/api/v1/reports", 422, json={"account_id": ben.id, "rule_ids": ["1"]})
    narrow = await world.member("nell", "read")
    await narrow.post("/api/v1/reports", 403, json={"account_id": ben.id})


@BOTH
async def test_a_report_goes_its_way_until_it_is_closed(ada: Caller, ben: Caller, mod: Caller) -> None:
    report = await ada.post("/api/v1/reports", json={"account_id": ben.id})
    path = f"/api/v1/admin/reports/{report['id']}"
    assert (await mod.post(f"{path}/assign_to_self"))["assigned_account"]["id"] == mod.id
    assert (await mod.post(f"{path}/unassign"))["assigned_account"] is None
    closed = await mod.post(f"{path}/resolve")
    assert (closed["action_taken"], closed["action_taken_by_account"]["id"]) == (True, mod.id)
    assert [one["id"] for one in await mod.get("/api/v1/admin/reports?resolved=1")] == [report["id"]]
    reopened = await mod.post(f"{path}/reopen")
    assert (reopened["action_taken"], reopened["action_taken_at"]) == (False, None)
    assert (await mod.ask("PUT", path, json={"category": "legal"}))["category"] == "legal"
    assert (await mod.get(path))["category"] == "legal"
    await mod.get("/api/v1/admin/reports/1", 404)


@BOTH
async def test_rules_are_named_and_stay_named_when_they_are_gone(
    ada: Caller, ben: Caller, mod: Caller, world: World
) -> None:
    from parvis.moderation import house

    async with world.store.transaction() as tx:
        rule = await house.add_rule(tx, None, "Be kind.", "Even on Mondays.")
        await house.translate_rule(tx, None, rule, "fr", text="Soyez aimables.")
    (told,) = await ada.get("/api/v1/instance/rules")
    assert (told["id"], told["text"], told["hint"]) == (str(rule), "Be kind.", "Even on Mondays.")
    assert told["translations"] == {"fr": {"text": "Soyez aimables.", "hint": ""}}
    report = await ada.post("/api/v1/reports", json={"account_id": ben.id, "rule_ids": [str(rule)]})
    assert (report["category"], report["rule_ids"]) == ("violation", [str(rule)])
    async with world.store.transaction() as tx:
        await house.remove_rule(tx, None, rule)
    assert await ada.get("/api/v1/instance/rules") == []
    assert (await mod.get(f"/api/v1/admin/reports/{report['id']}"))["rules"][0]["text"] == "Be kind."
    cleared = await mod.ask("PUT", f"/api/v1/admin/reports/{report['id']}", json={"category": "other"})
    assert cleared["rules"] == []


@BOTH
async def test_the_desk_reads_any_number_of_reports_in_six_queries(ada: Caller, world: World, mod: Caller) -> None:
    from parvis.moderation import desk

    for number in range(4):
        other = await world.member(f"other{number}")
        status = await other.say("rude words")
        for _ in range(1 + number % 2):
            await ada.post("/api/v1/reports", json={"account_id": other.id, "status_ids": [status["id"]]})
    async with world.store.reading() as tx:
        cases = await desk.open_cases(tx, mod.account)
        assert [count for _, count in cases] == [2, 1, 2, 1]
        assert all(case.posts[0].text == "rude words" for case, _ in cases)
        assert tx.queries <= 6
        latest = [case.report.id for case, _ in cases]
        assert [await desk.next_case(tx, mod.account, case.report, []) for case, _ in cases] == [*latest[1:], latest[0]]


@BOTH
async def test_moderators_read_a_reported_post_that_is_not_public(ada: Caller, ben: Caller, mod: Caller) -> None:
    await ada.post(f"/api/v1/accounts/{ben.id}/follow")
    status = await ben.say("for my friends", visibility="private")
    report = await ada.post("/api/v1/reports", json={"account_id": ben.id, "status_ids": [status["id"]]})
    await mod.get(f"/api/v1/statuses/{status['id']}", 404)
    assert (await mod.get(f"/api/v1/admin/reports/{report['id']}"))["statuses"][0]["id"] == status["id"]
