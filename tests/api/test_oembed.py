import pytest
from tests.api.conftest import Caller


async def test_a_public_status_can_be_framed(ada: Caller) -> None:
    said = await ada.say("look")
    told = await ada.client.get("/api/oembed", params={"url": said["url"]})
    assert told.status_code == 200
    frame = told.json()
    assert (frame["type"], frame["version"], frame["width"], frame["height"]) == ("rich", "1.0", 400, None)
    assert (frame["author_name"], frame["author_url"]) == ("Ada", "http://localhost:8000/@ada")
    assert (frame["provider_name"], frame["provider_url"]) == ("localhost:8000", "http://localhost:8000/")
    assert f'<iframe src="{said["url"]}/embed"' in frame["html"]
    narrow = {"url": f"http://localhost:8000/posts/{said['id']}", "maxwidth": 300, "maxheight": 10}
    sized = (await ada.client.get("/api/oembed", params=narrow)).json()
    assert (sized["width"], sized["height"]) == (300, 120)


@pytest.mark.parametrize("visibility", ["private", "direct"])
async def test_what_is_not_public_is_not_found(ada: Caller, visibility: str) -> None:
    said = await ada.say("quiet", visibility=visibility)
    await ada.get(f"/api/oembed?url={said['url']}", 404)


async def test_other_addresses_are_not_found(ada: Caller) -> None:
    said = await ada.say("look")
    for url in (
        "https://other.example/@ada/1",
        said["url"].replace("@ada", "@ben"),
        "http://localhost:8000/about",
        "x",
    ):
        await ada.get(f"/api/oembed?url={url}", 404)
    await ada.get("/api/oembed", 422)
