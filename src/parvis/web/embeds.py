"""A public post as a small page of its own, for other sites to frame: no script, no cookie, nobody signed in."""

from starlette.responses import Response

from parvis.core.errors import NotFound
from parvis.core.ids import PostId
from parvis.posts.visibility import get_post
from parvis.store.transaction import Tx
from parvis.web import page
from parvis.web.gate import HEADERS
from parvis.web.visit import Visit

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors *"
)
FRAMED = {
    **{name: value for name, value in HEADERS.items() if not name.startswith("Cross-Origin")},
    "Content-Security-Policy": POLICY,
    "Cache-Control": "public, max-age=300",
    "Vary": "Accept-Language",
}


async def read_embed(visit: Visit, tx: Tx) -> Response:
    """The post as anybody sees it.

    Raises:
        NotFound: it is not public, or a repost.
    """
    post = await get_post(tx, None, PostId(visit.number("post")))
    if post.repost_of is not None or str(visit.request.path_params["acct"]).lower() != post.author.acct.lower():
        raise NotFound("There is no such page.")
    html = page.render("embed.html", visit.visitor_language, visit.door.settings, {"p": post})
    return Response(html, media_type="text/html", headers=FRAMED)
