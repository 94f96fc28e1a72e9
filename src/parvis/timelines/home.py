"""What a member reads at home, by a recipe: sources find candidates, sieves drop some, one ranker orders the rest.

A viewer and a page flow in; items flow out, each saying why it is there. Only what will be shown is looked at closely,
and that last look is the one that decides: it knows who is muted, blocked or suspended at this moment. *Following* is
read by fan-in: nothing is copied when a post is published, so an unfollow shows at once. What a look over the circle
found is remembered, and holds while the circle's pulse is the same. A home takes three queries when somebody spoke, two
when nobody did (one on PostgreSQL), and one more to read posts whole; a quiet or much hidden one takes more, never
above `MOST_QUERIES`. The newest page is remembered whole, and takes none as long as nothing stirred that it depends on
(`standing`).
"""

from collections.abc import Awaitable, Callable, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec

from parvis.core.clock import DAY
from parvis.core.ids import ABOVE_ALL, AccountId, PostId
from parvis.people.accounts import Account
from parvis.posts.glimpse import Glimpse, glimpses_at_home
from parvis.posts.page import FIRST, Page
from parvis.posts.post import Match, Post
from parvis.posts.visibility import seen_by
from parvis.store.standing import Standing
from parvis.store.transaction import Tx
from parvis.timelines import circle
from parvis.timelines.circle import FOR_OTHERS
from parvis.timelines.standing import standing
from parvis.timelines.taste import Taste


class Because(msgspec.Struct, frozen=True):
    """Why an item is there: `own`, `followed`, `reposted` or `tag`, and the account it is owed to."""

    kind: str
    account: AccountId
    tag: str = ""  # the followed hashtag that it is owed to


class Candidate(msgspec.Struct, frozen=True):
    """A post that may be shown, and what the sieves need to know about it."""

    post: PostId
    because: Because
    shown: PostId  # what there is to read: the post itself, or what it passes on
    aside: bool = False  # it answers somebody whom the viewer does not follow
    unaddressed: bool = False  # it is for others alone: the last look would drop it
    private: bool = False  # it is for those named in it alone


class Found(msgspec.Struct, frozen=True):
    """What a source found on a page; `ended` when there is nothing beyond."""

    candidates: Sequence[Candidate]
    ended: bool


class Item(msgspec.Struct, frozen=True):
    """A post in a timeline, and why it is there."""

    post: Post
    because: Because


class Sight(NamedTuple):
    """What one knows of a post that is to be shown, when it need not be read: a glimpse, and what a feed says of it."""

    glimpse: Glimpse
    because: Because
    filtered: tuple[Match, ...] = ()


Source = Callable[[Tx, Account, Page, int], Awaitable[Found]]  # the page, and how many candidates to look at
Sieve = Callable[[Sequence[Candidate]], Sequence[Candidate]]
Ranker = Callable[[Sequence[Candidate], Page], Sequence[Candidate]]
Pulse = Callable[[Tx, Account, Sequence[PostId]], Awaitable[tuple[Any, dict[PostId, Glimpse] | None]]]
"""The pulse, and perhaps a last look at these posts that came with it."""


class Recipe(msgspec.Struct, frozen=True):
    """How a timeline is made. With a `pulse`, what was gathered holds for a viewer as long as it is the same."""

    sources: tuple[Source, ...]
    sieves: tuple[Sieve, ...]
    rank: Ranker
    pulse: Pulse | None = None


class Gathered(NamedTuple):
    """Candidates in the order of a page, and how far the sources reached."""

    kept: Sequence[Candidate]
    reached: PostId | None  # None: nothing was found
    ended: bool


_post = attrgetter("post")

SPANS = (DAY, 8 * DAY, 64 * DAY)  # how far a look reaches, ms, while a page comes out short; then all there is
MOST_ROUNDS = 4
SPARE = 20  # candidates beyond those asked for: some will be muted, and three in ten answer strangers
WIDER = 4  # how many times more each further round looks at, so that a talkative friend does not end the feed
CANDIDATE_BYTES = 300  # what a remembered candidate takes
GLIMPSE_BYTES = 600  # and a glimpse
LAST_LOOKS = 3  # a round: while what was chosen first turns out to be hidden
MOST_QUERIES = 1 + MOST_ROUNDS * (
    1 + len(SPANS) + 1 + LAST_LOOKS
)  # whom one follows; each round: the pulse, a look a span, one without bound


async def timeline(tx: Tx, viewer: Account, page: Page = FIRST, recipe: "Recipe | None" = None) -> list[Item]:
    """The page, each post whole."""
    found = await glimpsed(tx, viewer, page, recipe)
    return await read_whole(tx, viewer, found)


async def read_whole(tx: Tx, viewer: Account, found: Sequence[Sight]) -> list[Item]:
    """The posts of these sights, each with the filters that it meets, in one query."""
    seen = await seen_by(tx, viewer, [sight.glimpse.id for sight in found])
    return [
        Item(Taste.with_matches(seen[glimpse.id], filtered), because)
        for glimpse, because, filtered in found
        if glimpse.id in seen
    ]


async def glimpsed(tx: Tx, viewer: Account, page: Page = FIRST, recipe: "Recipe | None" = None) -> list[Sight]:
    """Gather widely, sift, rank, and look only at what will be seen; go on while that look left the page short.

    For whoever has the posts themselves from before, and needs to know only whether they are the same still.
    """
    recipe = recipe or FOLLOWING
    key = (recipe, viewer.id, page)
    stood: Standing[list[Sight]] | None = tx.memory.find(key)
    if stood is not None and stood.stands(tx):
        return stood.page
    items, hidden = await _looked_for(tx, viewer, page, recipe)
    if page.max_id is None and items and not hidden:
        ids = {one for sight in items for one in (sight.glimpse.id, *sight.glimpse.of) if one is not None}
        stand = await standing(tx, viewer, items, ids, items[0].glimpse.until)
        if stand is not None:
            tx.memory.keep(key, stand, stand.size + GLIMPSE_BYTES * len(items))
    return items


async def _looked_for(tx: Tx, viewer: Account, page: Page, recipe: Recipe) -> tuple[list[Sight], bool]:
    """The glimpses of a page, and whether any candidate was hidden by the last look."""
    hidden = False
    items: list[Sight] = []
    size = page.most
    wanted = size + SPARE
    horizon = tx.horizon("posts")
    for _ in range(MOST_ROUNDS):
        (kept, reached, ended), looked = await _remembered(tx, viewer, page, recipe, wanted, horizon=horizon)
        kept = _settled(kept, horizon)
        looked_at = 0
        for _ in range(LAST_LOOKS):
            chosen = kept[looked_at : looked_at + size - len(items)]
            if not chosen:
                break
            seen = looked if looked is not None and not looked_at else await _last_look(tx, viewer, chosen)
            looked_at += len(chosen)
            items += [Sight(seen[one.post], one.because) for one in chosen if one.post in seen]
            hidden = hidden or len(seen) < len(chosen)
        left_out = looked_at < len(kept)
        if len(items) >= size or (ended and not left_out) or reached is None:
            break
        last = kept[looked_at - 1].post if left_out else reached
        page = msgspec.structs.replace(page.beyond(last), limit=size - len(items))
        wanted *= WIDER
    items.sort(key=_when, reverse=True)
    return items, hidden


def _settled(kept: Sequence[Candidate], horizon: int) -> Sequence[Candidate]:
    """Without what may yet be joined by something older that is not there yet."""
    return [one for one in kept if one.post < horizon] if horizon < ABOVE_ALL else kept


async def _last_look(tx: Tx, viewer: Account, chosen: Sequence[Candidate]) -> dict[PostId, Glimpse]:
    return await glimpses_at_home(tx, viewer, [candidate.post for candidate in chosen])


async def _remembered(
    tx: Tx, viewer: Account, page: Page, recipe: Recipe, wanted: int, *, horizon: int
) -> tuple[Gathered, dict[PostId, Glimpse] | None]:
    """What was gathered when the recipe's pulse was the same, perhaps with the last look at the first of it.

    Older pages are not remembered.
    """
    if recipe.pulse is None or page.max_id is not None:
        return await _gathered(tx, viewer, page, recipe, wanted), None
    key = (recipe, viewer.id, page.since_id, page.min_id, wanted)
    remembered: tuple[Any, Gathered] | None = tx.memory.find(key)
    first = _settled(remembered[1].kept, horizon)[: page.most] if remembered is not None else ()
    pulse, looked = await recipe.pulse(tx, viewer, [one.post for one in first])  # what is newer is looked for again
    if remembered is not None and remembered[0] == pulse:
        return remembered[1], looked
    found = await _gathered(tx, viewer, page, recipe, wanted)
    tx.memory.keep(key, (pulse, found), CANDIDATE_BYTES * (2 + len(found.kept)))
    return found, None


async def _gathered(tx: Tx, viewer: Account, page: Page, recipe: Recipe, wanted: int) -> Gathered:
    found: dict[PostId, Candidate] = {}
    ended = True
    for source in recipe.sources:  # the first to name a post gets the credit
        part = await source(tx, viewer, page, wanted)
        ended = ended and part.ended
        for candidate in part.candidates:
            found.setdefault(candidate.post, candidate)
    kept: Sequence[Candidate] = list(found.values())
    for sieve in recipe.sieves:
        kept = sieve(kept)
    reached = (max(found) if page.forward else min(found)) if found else None
    return Gathered(recipe.rank(kept, page), reached, ended)


async def from_follows(tx: Tx, viewer: Account, page: Page, wanted: int) -> Found:
    """What those whom the viewer follows, and the viewer, posted and passed on: the nearest days first."""
    look = circle.Look([], ended=False)
    for span in (*SPANS, None):
        look = await circle.look(tx, viewer.id, page, span, wanted)
        fit = sum(1 for row in look.rows if not (row[3] or row[4] == FOR_OTHERS))
        if look.ended or look.full or fit >= page.most:
            break
    return Found([_candidate(viewer.id, row) for row in look.rows], look.ended)


def _candidate(viewer: AccountId, row: Sequence[Any]) -> Candidate:
    post, author, repost_of, aside, private = row
    kind = "own" if author == viewer else "followed" if repost_of is None else "reposted"
    return Candidate(
        post, Because(kind, author), repost_of or post, bool(aside), private == FOR_OTHERS, private=bool(private)
    )


def together(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """No replies to people whom the viewer does not follow."""
    return [candidate for candidate in candidates if not candidate.aside]


def _when(sight: Sight) -> PostId:
    return sight.glimpse.id


def meant_for_them(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """Nothing of which is known already that the last look would drop it."""
    return [candidate for candidate in candidates if not candidate.unaddressed]


def aloud(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """Nothing that is said in private."""
    return [candidate for candidate in candidates if not candidate.private]


def once(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """No post twice on a page: of all who said it or passed it on, the latest."""
    latest: dict[PostId, Candidate] = {}
    for candidate in sorted(candidates, key=_post, reverse=True):
        latest.setdefault(candidate.shown, candidate)
    return list(latest.values())


def newest(candidates: Sequence[Candidate], page: Page) -> Sequence[Candidate]:
    """By time, from the end that the page is filled from."""
    return sorted(candidates, key=_post, reverse=not page.forward)


ALOUD = Recipe(sources=(from_follows,), sieves=(aloud, together, once), rank=newest, pulse=circle.pulse)
FOLLOWING = Recipe(sources=(from_follows,), sieves=(meant_for_them, together, once), rank=newest, pulse=circle.pulse)
