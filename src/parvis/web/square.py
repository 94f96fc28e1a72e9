"""The feeds: the landing page and home at the same address, the square for everyone, and what carries a hashtag."""

from collections.abc import Sequence
from urllib.parse import quote

from starlette.responses import Response

from parvis.posts.post import Post
from parvis.posts.text import fold_tag
from parvis.store.transaction import Tx
from parvis.timelines.company import company_of
from parvis.timelines.page import Page
from parvis.timelines.square import square
from parvis.timelines.steered import timeline
from parvis.timelines.tags import tagged
from parvis.web.composer import tools
from parvis.web.visit import Visit, whole_number

SIZE = 20
Entries = list[tuple[Post, str]]


def page_of(visit: Visit, size: int = SIZE) -> Page:
    """Which part of a feed the address asks for."""
    return Page(max_id=whole_number(visit.query("max_id", 20)), limit=size)


def entries_of(posts: Sequence[Post]) -> Entries:
    """Posts as a feed shows them."""
    return [(post, "") for post in posts]


def older_than(visit: Visit, posts: Sequence[Post], size: int = SIZE) -> str:
    """Where the next page of a feed is; empty when this was surely the last."""
    return f"{visit.request.url.path}?max_id={posts[-1].id}" if len(posts) >= size else ""


async def read_root(visit: Visit, tx: Tx) -> Response:
    """Home for a member, a welcome beside the lively square for everyone else."""
    return await _home(visit, tx) if visit.viewer else await _landing(visit, tx)


async def _landing(visit: Visit, tx: Tx) -> Response:
    posts = await square(tx, None, Page(limit=SIZE))
    faces = await company_of(tx, None, 7)
    return visit.page("landing.html", entries=entries_of(posts), faces=faces, channels="public")


async def _home(visit: Visit, tx: Tx) -> Response:
    viewer = visit.member()
    items = await timeline(tx, viewer, page_of(visit))
    posts = [item.post for item in items]
    first_page = not visit.query("max_id")
    return visit.page(
        "home.html",
        entries=entries_of(posts),
        older=older_than(visit, posts),
        first_page=first_page,
        channels="home" if first_page else "",
        suggested=await company_of(tx, viewer),
        **await tools(visit, tx),
    )


async def read_local(visit: Visit, tx: Tx) -> Response:
    """Everything public that was said here."""
    posts = await square(tx, visit.viewer, page_of(visit))
    words = visit.words
    first_page = not visit.query("max_id")
    return visit.page(
        "square.html",
        heading=words("The square"),
        note=words("Everything said here in public, live"),
        tag="",
        entries=entries_of(posts),
        older=older_than(visit, posts),
        first_page=first_page,
        channels="public" if first_page else "",
        suggested=await company_of(tx, visit.viewer),
    )


async def read_tag(visit: Visit, tx: Tx) -> Response:
    """What carries a hashtag."""
    tag = fold_tag(str(visit.request.path_params["tag"]))
    posts = await tagged(tx, visit.viewer, tag, page_of(visit))
    first_page = not visit.query("max_id")
    older = f"/tags/{quote(tag)}?max_id={posts[-1].id}" if len(posts) >= SIZE else ""
    return visit.page(
        "square.html",
        heading=f"#{tag}",
        note="",
        tag=tag,
        entries=entries_of(posts),
        older=older,
        first_page=first_page,
        channels=f"tag:{tag}" if first_page else "",
        suggested=await company_of(tx, visit.viewer),
    )
