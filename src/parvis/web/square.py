"""The feeds: the landing page and home at the same address, the square for everyone, and what carries a hashtag."""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

import msgspec
from starlette.responses import Response

from parvis.posts.post import Post
from parvis.posts.text import fold_tag
from parvis.store.transaction import Tx
from parvis.timelines.company import company_of
from parvis.timelines.hashtags import bonds_with
from parvis.timelines.home import Item
from parvis.timelines.page import Page
from parvis.timelines.square import square
from parvis.timelines.steered import timeline
from parvis.timelines.tags import tagged
from parvis.timelines.taste import taste_of
from parvis.timelines.trends import weeks_of
from parvis.web.composer import tools
from parvis.web.visit import Visit, whole_number

SIZE = 20
GLIMPSE = 12  # posts on the landing page
FIRST_COMPANY = 8  # people who are shown to whoever follows nobody yet
Entries = list[tuple[Post, str]]


class Stretch(msgspec.Struct, frozen=True):
    """What a page shows of a feed, and where it goes on; empty addresses where it does not.

    `here` is where this very stretch is read however many posts come before it, and `newer` what came meanwhile.
    """

    entries: Entries
    older: str
    first_page: bool
    newer: str = ""
    here: str = ""
    top: bool = True  # nothing newer is known of


def page_of(visit: Visit, size: int = SIZE) -> Page:
    """Which part of a feed the address asks for."""
    upto, after = (whole_number(visit.query(name, 20)) for name in ("max_id", "min_id"))
    return Page(max_id=upto, min_id=after, limit=size)


def stretch_of(visit: Visit, entries: Entries, size: int = SIZE, *, keys: Sequence[int] | None = None) -> Stretch:
    """A page of a feed, with the ways on; `keys` are the places of the entries where those are not their own ids."""
    page, here = page_of(visit, size), quote(visit.request.url.path)
    at = keys if keys is not None else [post.id for post, _ in entries]
    kept = "".join(f"{name}={quote(said)}&" for name in ("q", "in") if (said := visit.query(name, 200)))
    whole = len(entries) >= size
    return Stretch(
        entries=entries,
        older=f"{here}?{kept}max_id={at[-1]}" if at and (whole or page.forward) else "",
        newer=f"{here}?{kept}min_id={at[0]}" if at else "",
        here=f"{here}?{kept}max_id={at[0] + 1}" if at else "",
        first_page=page.max_id is None and not page.forward,
        top=page.max_id is None and not (page.forward and whole),
    )


def entries_of(posts: Sequence[Post], because: str = "") -> Entries:
    """Posts as a feed shows them, all there for one reason."""
    return [(post, because) for post in posts]


async def sifted(visit: Visit, tx: Tx, posts: Iterable[Post], context: str = "") -> list[Post]:
    """Posts that no timeline sifted, with the reader's filters that they meet, without those hidden in the context."""
    return (await taste_of(tx, visit.viewer)).sift(posts, tx.now, context)


def reason_of(visit: Visit, item: Item) -> str:
    """Why a post is at home, in words."""
    name = item.post.author.name
    if item.because.kind == "own":
        return visit.words("You said it.")
    if item.because.kind == "reposted":
        return visit.words("{name}, whom you follow, passed it on.").format(name=name)
    if item.because.kind == "tag":
        return visit.words("You follow #{tag}.").format(tag=item.because.tag)
    return visit.words("You follow {name}.").format(name=name)


async def read_root(visit: Visit, tx: Tx) -> Response:
    """Home for a member, a welcome beside the lively square for everyone else."""
    return await _home(visit, tx) if visit.viewer else await _landing(visit, tx)


async def _landing(visit: Visit, tx: Tx) -> Response:
    posts = await square(tx, None, Page(limit=GLIMPSE))
    faces = await company_of(tx, None, 7)
    return visit.page("landing.html", entries=entries_of(posts), faces=faces, channels="public")


async def _home(visit: Visit, tx: Tx) -> Response:
    viewer = visit.member()
    items = await timeline(tx, viewer, page_of(visit))
    stretch = stretch_of(visit, [(item.post, reason_of(visit, item)) for item in items])
    alone = stretch.first_page and not viewer.following_count
    company = await company_of(tx, viewer, FIRST_COMPANY if alone else 4)
    return visit.page(
        "home.html",
        stretch=stretch,
        channels="home" if stretch.first_page else "",
        company=company if alone else (),
        suggested=() if alone else company,
        **await tools(visit, tx),
    )


async def read_local(visit: Visit, tx: Tx) -> Response:
    """Everything public that was said here."""
    posts = await square(tx, visit.viewer, page_of(visit))
    words = visit.words
    stretch = stretch_of(visit, entries_of(posts, words("It was said here in public.")))
    return visit.page(
        "square.html",
        heading=words("The square"),
        note=words("Everything said here in public, live"),
        lately=0,
        tag="",
        bond=None,
        stretch=stretch,
        channels="public" if stretch.first_page else "",
        suggested=await company_of(tx, visit.viewer),
    )


async def read_tag(visit: Visit, tx: Tx) -> Response:
    """What carries a hashtag."""
    tag = fold_tag(str(visit.request.path_params["tag"]))
    posts = await tagged(tx, visit.viewer, tag, page_of(visit))
    stretch = stretch_of(visit, entries_of(posts, visit.words("It carries #{tag}.").format(tag=tag)))
    return visit.page(
        "square.html",
        heading=f"#{tag}",
        note="",
        lately=sum(day.uses for day in (await weeks_of(tx, [tag]))[tag][:2]),
        tag=tag,
        bond=(await bonds_with(tx, visit.viewer, [tag]))[tag] if visit.viewer else None,
        stretch=stretch,
        channels=f"tag:{tag}" if stretch.first_page else "",
        suggested=await company_of(tx, visit.viewer),
    )
