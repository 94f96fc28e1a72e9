"""A widget nobody here wrote, that shows an instance's timelines on somebody's own page, in Chromium.

    python -m tests.contracts.embed_timeline

It shows a profile (with a pinned post and a picture) and a hashtag, from another origin and signed out.
"""

import asyncio
import io
import pathlib
import string
import sys
import tempfile

import httpx2
from PIL import Image
from playwright.async_api import Page
from tests.contracts.instance import Place, opened
from tests.contracts.packages import chromium, fetched, site

PACKAGE = "@idotj/mastodon-embed-timeline@4.8.2"
FOLDER = "/@idotj/mastodon-embed-timeline/dist"
PAGE = string.Template("""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Somebody's own page</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="$folder/mastodon-timeline.min.css">
<div id="mt-container" class="mt-container">
<div class="mt-body" role="feed"><div class="mt-loading-spinner"></div></div>
</div>
<script type="module">
import { Init } from "$folder/mastodon-timeline.esm.js";
new Init({ instanceUrl: "$url", $which, btnSeeMore: "All of it" });
</script>
</html>""")


async def posted(place: Place) -> str:
    """The member posts through the API: a picture, then one that is pinned; the member's id."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "#d6336c").save(out, "PNG")
    headers = {"Authorization": f"Bearer {place.token}"}
    async with httpx2.AsyncClient(base_url=place.url, headers=headers) as client:
        files = {"file": ("field.png", out.getvalue(), "image/png")}
        media = (await client.post("/api/v2/media", files=files, data={"description": "A pink field"})).json()
        shown = {"status": "Look at this #field", "media_ids": [media["id"]]}
        (await client.post("/api/v1/statuses", json=shown)).raise_for_status()
        made = (await client.post("/api/v1/statuses", json={"status": "Pinned words"})).json()
        (await client.post(f"/api/v1/statuses/{made['id']}/pin")).raise_for_status()
    return str(place.account.id)


async def seen(page: Page, there: str, name: str) -> tuple[list[str], list[str]]:
    """The words of the posts shown, and the alternative texts of the pictures that did load."""
    await page.goto(f"{there}/{name}")
    await page.wait_for_selector("article")
    words = await page.locator("article .mt-post-txt").all_inner_texts()
    await page.wait_for_load_state("networkidle")
    loaded = "pictures => pictures.filter(one => one.complete && one.naturalWidth).map(one => one.alt)"
    return [one.strip() for one in words], await page.locator("article .mt-post-media img").evaluate_all(loaded)


async def main() -> int:
    """Fetch, serve, look; 0 when everything is shown."""
    with tempfile.TemporaryDirectory(prefix="parvis-embed-") as folder:
        shelf = await fetched(pathlib.Path(folder), PACKAGE)
        async with opened() as place:
            member = await posted(place)
            kinds = {
                "profile": f'timelineType: "profile", userId: "{member}", profileName: "@ada"',
                # the widget asks on and on for as many as it was told to show, of Mastodon too
                "hashtag": 'timelineType: "hashtag", hashtagName: "field", maxNbPostFetch: "1", maxNbPostShow: "1"',
                "local": 'timelineType: "local", maxNbPostFetch: "2", maxNbPostShow: "2"',
            }
            pages = {
                f"/{name}": PAGE.substitute(folder=FOLDER, url=place.url, which=which).encode()
                for name, which in kinds.items()
            }
            with site(shelf, pages) as there:
                async with chromium() as page:
                    # on a profile, what is pinned stands above and once more in its place
                    for name, wanted in (("profile", 3), ("hashtag", 1), ("local", 2)):
                        words, pictures = await seen(page, there, name)
                        assert len(words) == wanted, (name, words)
                        assert any("Look at this #field" in one for one in words), (name, words)
                        assert pictures == ["A pink field"], (name, pictures)
    print(f"{PACKAGE}: a profile, a hashtag and the local timeline, from another origin")  # noqa: T201 - as asked
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
