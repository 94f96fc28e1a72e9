"""One's own account, as clients read and change it."""

import io

from PIL import Image
from tests.api.conftest import Caller, World

from parvis.people import restraining

CHANGE = "/api/v1/accounts/update_credentials"


def picture(width: int = 900, height: int = 600) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#d6336c").save(out, "PNG")
    return out.getvalue()


async def test_everything_of_a_profile_is_changed_by_a_form_with_pictures(ada: Caller, ben: Caller) -> None:
    form = {
        "locked": "true",
        "bot": "1",
        "discoverable": "false",
        "indexable": "false",
        "hide_collections": "true",
        "fields_attributes[0][name]": "Home",
        "fields_attributes[0][value]": "https://ada.example/sums",
        "fields_attributes[1][name]": "Likes",
        "fields_attributes[1][value]": "sums",
        "source[privacy]": "private",
        "source[sensitive]": "true",
        "source[language]": "fr",
        "source[quote_policy]": "nobody",
        "attribution_domains[]": "paper.example",
        "avatar_description": "A face",
    }
    files = {name: ("p.png", picture(), "image/png") for name in ("avatar", "header")}
    me = await ada.ask("PATCH", CHANGE, data=form, files=files)
    assert (me["locked"], me["bot"], me["discoverable"], me["indexable"], me["hide_collections"]) == (
        True,
        True,
        False,
        False,
        True,
    )
    assert "/media/" in me["avatar"]
    assert "/media/" in me["header"]
    assert me["avatar_description"] == "A face"
    source = me["source"]
    assert (source["privacy"], source["sensitive"], source["language"], source["quote_policy"]) == (
        "private",
        True,
        "fr",
        "nobody",
    )
    assert source["attribution_domains"] == ["paper.example"]
    assert source["fields"][0] == {"name": "Home", "value": "https://ada.example/sums", "verified_at": None}
    seen = await ben.get(f"/api/v1/accounts/{ada.id}")
    assert 'href="https://ada.example/sums"' in seen["fields"][0]["value"]
    assert 'rel="nofollow noopener noreferrer me"' in seen["fields"][0]["value"]
    assert seen["fields"][1] == {"name": "Likes", "value": "sums", "verified_at": None}
    preferred = await ada.get("/api/v1/preferences")
    assert preferred["posting:default:visibility"] == "private"
    assert preferred["posting:default:language"] == "fr"
    assert (await ada.ask("PATCH", CHANGE, json={"locked": False}))["source"]["fields"] == source["fields"]
    assert (await ada.ask("PATCH", CHANGE, json={"fields_attributes": []}))["fields"] == []


async def test_the_profile_is_read_as_written_and_its_pictures_taken_away(ada: Caller) -> None:
    assert (await ada.get("/api/v1/profile"))["avatar"] is None
    files = {name: ("p.png", picture(), "image/png") for name in ("avatar", "header")}
    given = await ada.ask("PATCH", "/api/v1/profile", data={"note": "Sums #maths", "show_media": "false"}, files=files)
    assert (given["note"], given["show_media"]) == ("Sums #maths", False)
    assert given["avatar"].startswith("http://localhost:8000/media/")
    for part in ("avatar", "header"):
        assert (await ada.ask("DELETE", f"/api/v1/profile/{part}"))["id"] == ada.id
        assert (await ada.get("/api/v1/profile"))[part] is None


async def test_of_who_is_suspended_only_the_name_is_left(ada: Caller, ben: Caller, world: World) -> None:
    files = {"avatar": ("p.png", picture(), "image/png")}
    await ada.ask("PATCH", CHANGE, data={"note": "Sums", "display_name": "Ada L.", "locked": "true"}, files=files)
    await ben.post(f"/api/v1/accounts/{ada.id}/follow")
    async with world.store.transaction() as tx:
        await restraining.suspend(tx, ada.account.id)
    seen = await ben.get(f"/api/v1/accounts/{ada.id}")
    assert (seen["username"], seen["suspended"]) == ("ada", True)
    assert (seen["display_name"], seen["note"], seen["locked"]) == ("", "", False)
    assert "/media/" not in seen["avatar"]
    assert await ben.get(f"/api/v1/accounts/{ada.id}/followers") == []
    await ada.get("/api/v1/accounts/verify_credentials", 403)


async def test_a_bad_profile_is_refused_with_a_reason(ada: Caller) -> None:
    for wrong in (
        {"display_name": "x" * 51},
        {"note": "x" * 501},
        {"fields_attributes": [{"name": "x", "value": "y" * 256}]},
        {"source": {"privacy": "secret"}},
        {"source": {"language": "much too long a language"}},
    ):
        assert (await ada.ask("PATCH", CHANGE, 422, json=wrong))["error"]
    await ada.ask("PATCH", CHANGE, 422, files={"avatar": ("p.png", b"no picture", "image/png")})


async def test_a_face_that_moves_has_a_moment_of_it_for_those_who_want_none(ada: Caller) -> None:
    out = io.BytesIO()
    first, *others = (Image.new("L", (64, 64), 80 * shade) for shade in range(3))
    first.save(out, "GIF", save_all=True, append_images=others)
    files = {"avatar": ("p.gif", out.getvalue(), "image/gif")}
    me = await ada.ask("PATCH", CHANGE, files=files)
    assert me["avatar"] != me["avatar_static"]
    assert "/media/" in me["avatar_static"]
    profile = await ada.get("/api/v1/profile")
    assert (profile["avatar"], profile["avatar_static"]) == (me["avatar"], me["avatar_static"])
    still = await ada.ask("PATCH", CHANGE, files={"avatar": ("p.png", picture(), "image/png")})
    assert still["avatar"] == still["avatar_static"]
