"""Looking for something: people by handle and name, hashtags, and posts by their words; all at once, or one kind."""

from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from parvis.core.words import N_
from parvis.people.accounts import Account
from parvis.people.lookup import look_up
from parvis.posts.text import fold_tag
from parvis.store.transaction import Tx
from parvis.timelines.company import company_of
from parvis.timelines.search import Span, search_posts, search_tags
from parvis.timelines.trends import Trend, trending_tags, weeks_of
from parvis.web.profiles import relationships_with
from parvis.web.square import SIZE, Stretch, entries_of, sifted, stretch_of
from parvis.web.visit import Visit, whole_number

RATE = "60/minute"
PEOPLE = 5  # above the posts that were found
TAGS = 8
COMPANY = 12  # people to meet, where nothing is asked
TRENDS = 5
MOST_SKIPPED = 1000
KINDS: Final = (("", N_("Everything")), ("posts", N_("Posts")), ("people", N_("People")), ("tags", N_("Hashtags")))
"""What is looked for, as the address has it."""
TIPS: Final = (
    ("from:marta", N_("by somebody; from:me finds your own")),
    ("has:media", N_("with a picture, a film or a sound; also has:poll and has:link")),
    ("is:reply", N_("answers to others")),
    ("language:fr", N_("in one language")),
    ("before:2026-01-31", N_("of a time; also after: and during:")),
    ("in:library", N_("among what you wrote, like or keep")),
    ('"whole phrase"', N_("these words side by side")),
    ("-word", N_("without a word")),
)
"""How a search in posts is narrowed, with an example of each."""


async def read_search(visit: Visit, tx: Tx) -> Response:
    """What was found of people, hashtags and, for members, posts; without a question, what there is to discover."""
    asked = visit.query("q", 200).strip()
    if not asked:
        return await _discover(visit, tx)
    if asked.startswith("#") and len(asked) > 1 and " " not in asked:
        return visit.go(f"/tags/{quote(fold_tag(asked[1:]))}")
    await visit.hold("search", RATE)
    kind = visit.query("in", 6)
    kind = kind if kind in dict(KINDS) else ""
    stretch = await _posts(visit, tx, asked) if kind in {"", "posts"} else Stretch([], "", first_page=True)
    first = stretch.first_page
    people, older = await _people(visit, tx, asked, kind, alone=not stretch.entries) if first else ([], "")
    tags = await search_tags(tx, asked, limit=SIZE * 2 if kind else TAGS) if first and kind in {"", "tags"} else []
    return visit.page(
        "search.html",
        q=asked,
        kind=kind,
        kinds=KINDS,
        stretch=stretch,
        people=people,
        relationships=await relationships_with(visit, tx, people),
        older=older,
        tags=tags,
        trends=[Trend(tag, week) for tag, week in (await weeks_of(tx, tags)).items()] if kind == "tags" else (),
        suggested=await company_of(tx, visit.viewer),
    )


async def _discover(visit: Visit, tx: Tx) -> Response:
    people = await company_of(tx, visit.viewer, COMPANY)
    return visit.page(
        "search.html",
        q="",
        trends=await trending_tags(tx, limit=TRENDS),
        people=people,
        relationships=await relationships_with(visit, tx, people),
        tips=TIPS,
    )


async def _posts(visit: Visit, tx: Tx, asked: str) -> Stretch:
    upto = whole_number(visit.query("max_id", 20))
    posts = await search_posts(tx, visit.viewer, asked, Span(max_id=upto, limit=SIZE)) if visit.viewer else []
    because = visit.words("It holds what you looked for.")
    return stretch_of(visit, entries_of(await sifted(visit, tx, posts, "public"), because))


async def _people(visit: Visit, tx: Tx, asked: str, kind: str, *, alone: bool) -> tuple[list[Account], str]:
    """Whom the words may mean, and where the list goes on."""
    if kind not in {"", "people"}:
        return [], ""
    skipped = min(whole_number(visit.query("skipped", 5)) or 0, MOST_SKIPPED) if kind else 0
    shown = SIZE if kind or alone else PEOPLE
    found = await look_up(tx, visit.viewer, asked, limit=shown + 1, offset=skipped)
    more = len(found) > shown and skipped + shown <= MOST_SKIPPED
    return found[:shown], f"/search?q={quote(asked)}&in=people&skipped={skipped + shown if kind else 0}" if more else ""
