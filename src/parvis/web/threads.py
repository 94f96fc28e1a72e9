"""A thread on its page, and what a member does to one post: like, repost, delete, and take back."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from parvis.assistant.member import find_assistant
from parvis.core.ids import PostId
from parvis.people.accounts import Account
from parvis.posts import delete
from parvis.posts.likes import like, unlike
from parvis.posts.reposts import repost, unrepost
from parvis.posts.visibility import get_post
from parvis.store.transaction import Tx
from parvis.timelines.company import company_of
from parvis.timelines.thread import thread
from parvis.web import page
from parvis.web.composer import tools
from parvis.web.gate import way_back
from parvis.web.visit import Visit

RATE = "120/minute"
Verb = Callable[[Tx, Account, PostId], Awaitable[object]]
VERBS: dict[str, Verb] = {"like": like, "unlike": unlike, "repost": repost, "unrepost": unrepost}


async def read_thread(visit: Visit, tx: Tx) -> Response:
    """A post between what it answers and what answers it."""
    found = await thread(tx, visit.viewer, PostId(visit.number("post")))
    post = found.post.shown
    if str(visit.request.path_params["acct"]).lower() != post.author.acct.lower():
        return visit.go(page.post_path(post))
    context = await tools(visit, tx) if visit.viewer else {}
    assistant = await find_assistant(tx)
    return visit.page(
        "thread.html",
        thread=found,
        p=post,
        assistant=assistant,
        reply_text=visit.reply_text(post),
        channels=f"thread:{post.thread_id}",
        suggested=await company_of(tx, visit.viewer),
        **context,
    )


async def read_post(visit: Visit, tx: Tx) -> Response:
    """One post's own address, whoever wrote it; to a module, the post as a fragment."""
    post = await get_post(tx, visit.viewer, PostId(visit.number("post")))
    if visit.wants_json:
        return visit.json({"id": str(post.id), "html": visit.fragment("fragments/post.html", entry=post)})
    return visit.go(page.post_path(post.shown))


async def act_on_post(visit: Visit) -> Response:
    """Like, repost, or take either back."""
    await visit.hold("act", RATE)
    verb = VERBS[visit.verb]
    post_id = PostId(visit.number("post"))
    async with visit.acting() as (tx, viewer):
        await verb(tx, viewer, post_id)
        post = (await get_post(tx, viewer, post_id)).shown
    state = {
        "id": str(post.id),
        "liked": post.liked,
        "reposted": post.reposted,
        "likes": post.likes_count,
        "reposts": post.reposts_count,
        "replies": post.replies_count,
    }
    return visit.done(state, f"{way_back(visit.request)}#post-{post.id}")


async def delete_post(visit: Visit) -> Response:
    """Take back what one said."""
    await visit.hold("act", RATE)
    post_id = PostId(visit.number("post"))
    async with visit.acting() as (tx, viewer):
        await delete.delete(tx, viewer, post_id)
    back = way_back(visit.request)
    return visit.done({"deleted": str(post_id)}, "/" if back.partition("?")[0].endswith(f"/{post_id}") else back)
