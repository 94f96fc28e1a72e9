"""A post in the reader's language, by the text model: in its place for a module, on a page of its own otherwise."""

from typing import Final

from starlette.responses import Response

from parvis.core.ids import PostId
from parvis.people import allowances
from parvis.posts.visibility import get_post
from parvis.studio import translating
from parvis.web.visit import Visit

RATE: Final = "60/30 minutes"


async def translate(visit: Visit) -> Response:
    """The post's words in the reader's language; a unit of the allowance when nobody asked before."""
    await visit.hold("translate", RATE)
    viewer, door = visit.member(), visit.door
    post_id = PostId(visit.number("post"))
    made = await translating.translate(door.store, door.models, door.settings, viewer, post_id, language=visit.language)
    async with door.store.reading() as tx:
        post = (await get_post(tx, viewer, post_id)).shown
        left = await allowances.remaining(tx, viewer, daily=door.settings.ai_daily_units)
    told = {"made": made, "p": post, "allowance": left}
    if visit.wants_json:
        return visit.json({"id": str(post.id), "html": visit.fragment("fragments/translation.html", **told)})
    return visit.page("translation.html", **told)
