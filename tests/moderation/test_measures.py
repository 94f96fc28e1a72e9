import datetime as dt
from typing import Any

from tests.api.conftest import Caller
from tests.conftest import BOTH

from parvis.moderation.dimensions import KEYS
from parvis.moderation.measures import MEASURES

TODAY = dt.datetime.now(dt.UTC).date()
LATELY = {"start_at": (TODAY - dt.timedelta(days=2)).isoformat(), "end_at": f"{TODAY.isoformat()}T12:00:00Z"}
SUBJECTS: dict[str, dict[str, str]] = {
    key: {"id": "sea"} if key.startswith("tag_") else {"domain": "other.example"}
    for key in (*MEASURES, *KEYS)
    if key.startswith(("tag_", "instance_"))
}


async def measured(mod: Caller, *keys: str) -> dict[str, Any]:
    found = await mod.post("/api/v1/admin/measures", json={"keys": keys, **LATELY, **SUBJECTS})
    return {one["key"]: one for one in found}


@BOTH
async def test_every_measure_counts_what_happened(ada: Caller, ben: Caller, mod: Caller) -> None:
    status = await ada.say("#sea")
    await ben.say("#sea again")
    await ben.post(f"/api/v1/statuses/{status['id']}/favourite")
    await ben.say("an answer", in_reply_to_id=status["id"])
    report = await ada.post("/api/v1/reports", json={"account_id": ben.id})
    await mod.post(f"/api/v1/admin/reports/{report['id']}/resolve")
    found = await measured(mod, *MEASURES)
    totals = {key: one["total"] for key, one in found.items()}
    assert totals == {
        "active_users": "2",
        "new_users": "3",
        "interactions": "2",
        "opened_reports": "1",
        "resolved_reports": "1",
        "tag_accounts": "2",
        "tag_uses": "2",
        "tag_servers": "1",
        "instance_accounts": "0",
        "instance_media_attachments": "0",
        "instance_reports": "0",
        "instance_statuses": "0",
        "instance_follows": "0",
        "instance_followers": "0",
    }
    assert [day["value"] for day in found["tag_uses"]["data"]] == ["0", "0", "2"]
    assert found["new_users"]["previous_total"] == "0"
    assert "previous_total" not in found["instance_accounts"]


@BOTH
async def test_every_dimension_is_counted(ada: Caller, mod: Caller) -> None:
    await ada.say("la #sea", language="fr")
    asked = {"keys": list(KEYS), "limit": 5, **LATELY, **SUBJECTS}
    found = {one["key"]: one["data"] for one in await mod.post("/api/v1/admin/dimensions", json=asked)}
    assert list(found) == list(KEYS)
    assert [(row["key"], row["value"]) for row in found["languages"]] == [("en", "1")]
    assert [(row["key"], row["value"]) for row in found["tag_languages"]] == [("fr", "1")]
    assert found["software_versions"][0]["key"] == "parvis"
    assert int(found["space_usage"][0]["value"]) > 0


@BOTH
async def test_retention_tells_who_stays(ada: Caller, ben: Caller, mod: Caller) -> None:
    await ada.say("hello")
    day = {"start_at": TODAY.isoformat(), "end_at": TODAY.isoformat(), "frequency": "day"}
    (cohort,) = await mod.post("/api/v1/admin/retention", json=day)
    assert cohort["period"].startswith(TODAY.isoformat())
    (share,) = cohort["data"]
    assert (share["value"], round(share["rate"], 3)) == ("1", 0.333)
    month = await mod.post("/api/v1/admin/retention", json=day | {"frequency": "month"})
    assert [one["frequency"] for one in month] == ["month"]
    assert month[0]["data"][0]["value"] == "1"


async def test_what_is_unknown_or_without_bounds_is_refused(mod: Caller) -> None:
    for keys in (["moods"], ["tag_uses"]):
        await mod.post("/api/v1/admin/measures", 422, json={"keys": keys, **LATELY})
        await mod.post("/api/v1/admin/dimensions", 422, json={"keys": keys, **LATELY})
    ages = {"start_at": "1990-01-01", "end_at": "2026-01-01"}
    await mod.post("/api/v1/admin/measures", 422, json={"keys": ["new_users"], **ages})
    await mod.post("/api/v1/admin/retention", 422, json={"frequency": "day", **ages})
    await mod.post("/api/v1/admin/measures", 422, json={"keys": ["new_users"], "start_at": "soon", "end_at": "later"})
