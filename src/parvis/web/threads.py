"""A thread on its page, and what a member does to one post: like, repost, delete, and take back."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from parvis.assistant.member import find_assistant
from parvis.core.ids import PostId
from parvis.people.accounts import Account
from parvis.posts import delete
from parvis.posts.crowds import likers_of, reposters_of
from parvis.posts.likes import like, unlike
from parvis.posts.page import Page
from parvis.posts.pins import pin, unpin
from parvis.posts.quiet import mute_thread, unmute_thread
from parvis.posts.reposts import repost, unrepost
from parvis.posts.shelves import bookmark, unbookmark
from parvis.posts.visibility import get_post
from parvis.store.transaction import Tx
from parvis.timelines.company import company_of
from parvis.timelines.thread import thread
from parvis.web import page
from parvis.web.composer import tools
from parvis.web.gate import way_back
from parvis.web.profiles import relationships_with
from parvis.web.visit import Visit, whole_number

RATE = "120/minute"
LONGEST = 40  # people on a page
Verb = Callable[[Tx, Account, PostId], Awaitable[object]]
VERBS: dict[str, Verb] = {
    "like": like,
    "unlike": unlike,
    "repost": repost,
    "unrepost": unrepost,
    "bookmark": bookmark,
    "unbookmark": unbookmark,
    "pin": pin,
    "unpin": unpin,
    "hush": mute_thread,
    "unhush": unmute_thread,
}
PEEKED = 3  # answers


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
    """One post's own address, whoever wrote it: on to its thread."""
    post = await get_post(tx, visit.viewer, PostId(visit.number("post")))
    return visit.go(page.post_path(post.shown))


async def peek_at_answers(visit: Visit, tx: Tx) -> Response:
    """The first answers to a post, for a module to put under it."""
    found = await thread(tx, visit.viewer, PostId(visit.number("post")))
    answers = [post for post in found.descendants if post.reply_to_id == found.post.shown.id][:PEEKED]
    if not visit.wants_json:
        return visit.go(page.post_path(found.post.shown))
    return visit.json({"html": "".join(visit.fragment("fragments/answer.html", entry=post) for post in answers)})


async def read_crowd(visit: Visit, tx: Tx) -> Response:
    """Who likes a post, or passed it on."""
    post = (await get_post(tx, visit.viewer, PostId(visit.number("post")))).shown
    liking = visit.verb == "likes"
    span = Page(max_id=whole_number(visit.query("max_id", 20)), limit=LONGEST)
    found = await (likers_of if liking else reposters_of)(tx, visit.viewer, post.id, span)
    accounts = [each.account for each in found]
    return visit.page(
        "people.html",
        heading=visit.words("Liked by") if liking else visit.words("Passed on by"),
        account=None,
        back=page.post_path(post),
        tab="",
        accounts=accounts,
        relationships=await relationships_with(visit, tx, accounts),
        older=f"{visit.request.url.path}?max_id={found[-1].id}" if len(found) >= LONGEST else "",
        nobody=visit.words("Nobody whom you could see."),
        q=None,
        suggested=await company_of(tx, visit.viewer),
    )


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
        "bookmarked": post.bookmarked,
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
