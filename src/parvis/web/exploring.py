"""Exploring: what many take up today (hashtags, posts, links), and people worth meeting; and a hashtag as one's own."""

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from parvis.people.accounts import Account
from parvis.people.directory import directory, suggestions_for
from parvis.store.transaction import Tx
from parvis.timelines import hashtags, trends
from parvis.timelines.company import company_of
from parvis.timelines.page import Page
from parvis.web.gate import way_back
from parvis.web.profiles import relationships_with
from parvis.web.square import SIZE, Stretch, entries_of, sifted
from parvis.web.visit import Visit, whole_number

RATE: Final = "60/minute"
PAGE: Final = "/explore"
FEW: Final = 5  # hashtags above the posts
SUGGESTED: Final = 10
MOST_SKIPPED: Final = 1000
VERBS: Final[dict[str, Callable[[Tx, Account, str], Awaitable[str]]]] = {
    "follow": hashtags.follow_tag,
    "unfollow": hashtags.unfollow_tag,
    "feature": hashtags.feature,
    "unfeature": hashtags.unfeature,
}


def _skipped(visit: Visit) -> int:
    return min(whole_number(visit.query("skipped", 5)) or 0, MOST_SKIPPED)


def _older(visit: Visit, found: int, most: int = SIZE) -> str:
    """Where a list goes on that pages by how many were shown."""
    beyond = _skipped(visit) + most
    return f"{visit.request.url.path}?skipped={beyond}" if found >= most and beyond <= MOST_SKIPPED else ""


async def read_posts(visit: Visit, tx: Tx) -> Response:
    """Posts that many like and pass on, under the steepest hashtags."""
    skipped = _skipped(visit)
    found = await trends.trending_posts(tx, visit.viewer, limit=SIZE, offset=skipped)
    because = visit.words("Many people took it up today.")
    entries = entries_of(await sifted(visit, tx, found, "public"), because)
    return visit.page(
        "explore.html",
        stretch=Stretch(entries, _older(visit, len(found)), first_page=not skipped),
        tags=() if skipped else await trends.trending_tags(tx, limit=FEW),
        suggested=await company_of(tx, visit.viewer),
    )


async def read_tags(visit: Visit, tx: Tx) -> Response:
    """Hashtags that rise, with their week, and those that the member follows."""
    skipped = _skipped(visit)
    tags = await trends.trending_tags(tx, limit=SIZE, offset=skipped)
    mine = await hashtags.followed_by(tx, visit.viewer, Page(limit=100, longest=100)) if visit.viewer else []
    return visit.page(
        "explore_tags.html",
        tags=tags,
        mine=() if skipped else [one.tag for one in mine],
        older=_older(visit, len(tags)),
        suggested=await company_of(tx, visit.viewer),
    )


async def read_links(visit: Visit, tx: Tx) -> Response:
    """Pages that many link to."""
    links = await trends.trending_links(tx, limit=SIZE, offset=_skipped(visit))
    return visit.page(
        "explore_links.html",
        links=links,
        older=_older(visit, len(links)),
        suggested=await company_of(tx, visit.viewer),
    )


async def read_people(visit: Visit, tx: Tx) -> Response:
    """Whom the member may like to meet, and all who want to be found."""
    skipped = _skipped(visit)
    suggestions = await suggestions_for(tx, visit.viewer, SUGGESTED) if visit.viewer and not skipped else []
    order = visit.query("order", 6)
    listed = await directory(tx, visit.viewer, order="new" if order == "new" else "active", skipped=skipped, most=SIZE)
    told = {one.account.id for one in suggestions}
    found = [account for account in listed if account.id not in told]
    older = _older(visit, len(listed))
    return visit.page(
        "explore_people.html",
        suggestions=suggestions,
        people=found,
        relationships=await relationships_with(visit, tx, found),
        order=order,
        older=f"{older}&order=new" if older and order == "new" else older,
    )


async def act_on_tag(visit: Visit) -> Response:
    """Follow a hashtag or show it on one's profile, or take either back."""
    await visit.hold("act", RATE)
    verb = VERBS[visit.verb]
    async with visit.acting() as (tx, viewer):
        tag = await verb(tx, viewer, str(visit.request.path_params["tag"])[:300])
    return visit.done({"id": tag}, way_back(visit.request, f"/tags/{quote(tag)}"))
