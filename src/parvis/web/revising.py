"""Taking part in a poll, changing what one said, and seeing what was said before."""

from starlette.responses import Response

from parvis.core.errors import Forbidden, NotFound, Refused
from parvis.core.ids import PostId
from parvis.core.words import say
from parvis.posts.edit import Revision, edit, history_of
from parvis.posts.polls import get_polled, vote
from parvis.posts.post import Post
from parvis.posts.visibility import get_post
from parvis.store.transaction import Tx
from parvis.web import page
from parvis.web.gate import way_back
from parvis.web.retouching import as_written, retouches_of
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


async def _own(visit: Visit, tx: Tx) -> Post:
    viewer = visit.member()
    post = (await get_post(tx, viewer, PostId(visit.number("post")))).shown
    if post.author.id != viewer.id:
        raise NotFound("This post does not exist, or you may not see it.")
    if post.more is not None and post.more.poll is not None:
        raise Forbidden("A poll stays as it was asked.")
    return post


async def read_edit(visit: Visit, tx: Tx) -> Response:
    """The page for changing what one said."""
    post = await _own(visit, tx)
    return visit.page("edit.html", p=post, text=post.text, warning=post.warning, problem="")


async def change(visit: Visit) -> Response:
    """Have a post, or its pictures, say something else."""
    await visit.hold("post", RATE)
    text, warning = visit.field("text"), visit.field("warning", 500).strip()
    async with visit.door.store.reading() as tx:
        post = await _own(visit, tx)
    try:
        async with visit.acting() as (tx, viewer):
            kept = tuple(each.id for each in post.media)
            touched = retouches_of(visit, post)
            revision = Revision(text, kept, warning, sensitive=True if warning else None, retouches=touched)
            await edit(tx, viewer, post.id, revision, settings=visit.door.settings)
    except Refused as refusal:
        problem = say(refusal, visit.language)
        written = as_written(visit, post)
        return visit.page("edit.html", refusal.status, p=written, text=text, warning=warning, problem=problem)
    return visit.go(page.post_path(post))
