"""Looking for something: people by handle and name, hashtags, and posts by their words."""

from urllib.parse import quote

from starlette.responses import Response

from parvis.people.lookup import look_up
from parvis.posts.text import fold_tag
from parvis.store.transaction import Tx
from parvis.timelines.company import company_of
from parvis.timelines.search import search_posts, search_tags
from parvis.web.profiles import relationships_with
from parvis.web.square import SIZE, entries_of, sifted, stretch_of
from parvis.web.visit import Visit, whole_number

RATE = "60/minute"
PEOPLE = 5  # above the posts that were found
TAGS = 8


async def read_search(visit: Visit, tx: Tx) -> Response:
    """What was found of people, hashtags and, for members, posts; without a question, people to meet."""
    asked = visit.query("q", 200).strip()
    if asked.startswith("#") and len(asked) > 1 and " " not in asked:
        return visit.go(f"/tags/{quote(fold_tag(asked[1:]))}")
    if asked:
        await visit.hold("search", RATE)
    upto = whole_number(visit.query("max_id", 20))
    posts = await search_posts(tx, visit.viewer, asked, max_id=upto, limit=SIZE) if visit.viewer and asked else []
    posts = await sifted(visit, tx, posts, "public")
    stretch = stretch_of(visit, entries_of(posts, visit.words("It holds what you looked for.")))
    first = asked and stretch.first_page
    found = await look_up(tx, visit.viewer, asked, limit=PEOPLE if posts else SIZE) if first else []
    people = found if asked else await company_of(tx, visit.viewer, 12)
    return visit.page(
        "search.html",
        q=asked,
        stretch=stretch,
        people=people,
        relationships=await relationships_with(visit, tx, people),
        tags=await search_tags(tx, asked, limit=TAGS) if first else [],
        suggested=await company_of(tx, visit.viewer),
    )
