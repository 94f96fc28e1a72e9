"""A member's own settings: how they are shown, and in which language they are spoken to."""

from typing import Any

from starlette.responses import Response

from parvis.core.errors import Conflict, Invalid, Refused, TooLarge
from parvis.core.words import LANGUAGES, say
from parvis.people.profiles import edit_profile
from parvis.posts import media
from parvis.store.transaction import Tx
from parvis.web.composer import tools
from parvis.web.visit import LANGUAGE_COOKIE, YEAR, Visit

RATE = "20/minute"
PICTURES = ("avatar", "header")


async def read_settings(visit: Visit, tx: Tx) -> Response:
    """What can be changed, as it is now."""
    viewer = visit.member()
    given = {"name": viewer.name, "bio": viewer.bio, "language": visit.language}
    saved = visit.query("saved", 1) == "1"
    return visit.page("settings.html", given=given, saved=saved, problem="", **await tools(visit, tx))


async def read_appearance(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """Day or night, contrast, size of text, motion, and the language of the pages; for everyone."""
    return visit.page("appearance.html", saved=visit.query("saved", 1) == "1")


async def save_settings(visit: Visit) -> Response:
    """Change the name, the words, the pictures and the language."""
    await visit.hold("settings", RATE)
    given = {"name": visit.field("name", 300), "bio": visit.field("bio", 3000), "language": visit.field("language", 10)}
    try:
        changes = await _changes(visit, given)
        async with visit.acting() as (tx, viewer):
            await edit_profile(tx, viewer, **changes)
    except (Invalid, Conflict, TooLarge) as refusal:
        return await _again(visit, refusal, given)
    response = visit.go("/settings?saved=1")
    return visit.remember(response, LANGUAGE_COOKIE, str(changes["language"]), YEAR)


async def _changes(visit: Visit, given: dict[str, str]) -> dict[str, Any]:
    language = given["language"] if given["language"] in LANGUAGES else visit.language
    changes: dict[str, Any] = {"name": given["name"], "bio": given["bio"], "language": language}
    for picture in PICTURES:
        for file in visit.files(picture)[:1]:
            data = await file.read(visit.door.settings.picture_bytes + 1)
            stored = await media.keep(visit.door.blobs, await media.prepare(data, visit.door.settings))
            changes[picture] = stored.preview if picture == "avatar" else stored.blob
    return changes


async def _again(visit: Visit, refusal: Refused, given: dict[str, str]) -> Response:
    async with visit.door.store.reading() as tx:
        problem = say(refusal, visit.language)
        context = await tools(visit, tx)
        return visit.page("settings.html", refusal.status, given=given, saved=False, problem=problem, **context)
