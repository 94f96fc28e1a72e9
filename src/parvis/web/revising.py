"""Taking part in a poll, and seeing what a post said before."""

from starlette.responses import Response

from parvis.core.ids import PostId
from parvis.posts.edit import history_of
from parvis.posts.polls import get_polled, vote
from parvis.store.transaction import Tx
from parvis.web.gate import way_back
from parvis.web.visit import Visit, whole_number

RATE = "60/minute"


async def take_part(visit: Visit) -> Response:
    """Vote; to a module, the poll as it stands then."""
    await visit.hold("act", RATE)
    post_id = PostId(visit.number("post"))
    choices = [number for text in visit.form.getlist("choice") if (number := _position(str(text))) is not None]
    async with visit.acting() as (tx, viewer):
        await vote(tx, viewer, post_id, choices)
        post = await get_polled(tx, viewer, post_id)
    state = {"html": visit.fragment("fragments/poll.html", entry=post.shown)} if visit.wants_json else None
    return visit.done(state, f"{way_back(visit.request)}#post-{post_id}")


def _position(text: str) -> int | None:
    return 0 if text == "0" else whole_number(text)


async def read_history(visit: Visit, tx: Tx) -> Response:
    """What a post says, and all that it said before."""
    post, versions = await history_of(tx, visit.viewer, PostId(visit.number("post")))
    if visit.wants_json:
        return visit.json({"html": visit.fragment("fragments/history.html", p=post, versions=versions)})
    return visit.page("history.html", p=post, versions=versions)
