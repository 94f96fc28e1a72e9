"""What a member reads at home, by a recipe: sources find candidates, sieves drop some, one ranker orders the rest.

A viewer and a page flow in; items flow out, each saying why it is there. Only what will be shown is dressed, and the
last look (`seen_by`) is the one that decides. *Following* is read by fan-in: nothing is copied when a post is
published, so an unfollow shows at once. A home takes two queries; a quiet or much hidden one takes more, never above
`MOST_QUERIES`.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec

from parvis.core.clock import DAY
from parvis.core.ids import AccountId, PostId
from parvis.people.accounts import Account
from parvis.posts.page import FIRST, Page
from parvis.posts.post import Post
from parvis.posts.visibility import seen_by
from parvis.store.transaction import Tx
from parvis.timelines import circle


class Because(msgspec.Struct, frozen=True):
    """Why an item is there: `own`, `followed` or `reposted`, and the account it is owed to."""

    kind: str
    account: AccountId


class Candidate(msgspec.Struct, frozen=True):
    """A post that may be shown, and what the sieves need to know about it."""

    post: PostId
    because: Because
    shown: PostId  # what there is to read: the post itself, or what it passes on
    muted: bool = False  # who wrote it, or passed it on, is muted
    aside: bool = False  # it answers somebody whom the viewer does not follow
    hidden: bool = False  # the last look would drop it


class Found(msgspec.Struct, frozen=True):
    """What a source found on a page; `ended` when there is nothing beyond."""

    candidates: Sequence[Candidate]
    ended: bool


class Item(msgspec.Struct, frozen=True):
    """A post in a timeline, and why it is there."""

    post: Post
    because: Because


Source = Callable[[Tx, Account, Page, int], Awaitable[Found]]  # the page, and how many candidates to look at
Sieve = Callable[[Sequence[Candidate]], Sequence[Candidate]]
Ranker = Callable[[Sequence[Candidate], Page], Sequence[Candidate]]


class Recipe(msgspec.Struct, frozen=True):
    """How a timeline is made."""

    sources: tuple[Source, ...]
    sieves: tuple[Sieve, ...]
    rank: Ranker


SPANS = (DAY, 8 * DAY, 64 * DAY)  # how far a look reaches, ms, while a page comes out short; then all there is
MOST_ROUNDS = 4
SPARE = 20  # candidates beyond those asked for: some will be muted, and three in ten answer strangers
WIDER = 4  # how many times more each further round looks at, so that a talkative friend does not end the feed
MOST_QUERIES = MOST_ROUNDS * (len(SPANS) + 1 + 1)  # each round: a look a span, one without bound, and `seen_by`


async def timeline(tx: Tx, viewer: Account, page: Page = FIRST, recipe: "Recipe | None" = None) -> list[Item]:
    """Gather widely, sift, rank, and dress only what will be seen; go on while the last look left the page short."""
    recipe = recipe or FOLLOWING
    items: list[Item] = []
    wanted = page.most + SPARE
    for _ in range(MOST_ROUNDS):
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
        chosen = recipe.rank(kept, page)
        left_out = len(chosen) < len(kept)
        seen = await seen_by(tx, viewer, [candidate.post for candidate in chosen])
        items += [Item(seen[one.post], one.because) for one in chosen if one.post in seen]
        missing = page.most - len(seen)
        if missing <= 0 or (ended and not left_out) or not found:
            break
        last = chosen[-1].post if left_out else (max(found) if page.forward else min(found))
        page = msgspec.structs.replace(page.beyond(last), limit=missing)
        wanted *= WIDER
    return sorted(items, key=_newest, reverse=True)


async def from_follows(tx: Tx, viewer: Account, page: Page, wanted: int) -> Found:
    """What those whom the viewer follows, and the viewer, posted and passed on: the nearest days first."""
    look = circle.Look([], ended=False)
    for span in (*SPANS, None):
        look = await circle.look(tx, viewer.id, page, span, wanted)
        fit = sum(1 for row in look.rows if not (row[3] or row[4] or row[5]))
        if look.ended or look.full or fit >= page.most:
            break
    return Found([_candidate(viewer.id, row) for row in look.rows], look.ended)


def _candidate(viewer: AccountId, row: Sequence[Any]) -> Candidate:
    post, author, repost_of, muted, aside, hidden = row
    kind = "own" if author == viewer else "followed" if repost_of is None else "reposted"
    return Candidate(post, Because(kind, author), repost_of or post, bool(muted), bool(aside), bool(hidden))


def unmuted(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """Nothing by, or passed on from, those whom the viewer muted."""
    return [candidate for candidate in candidates if not candidate.muted]


def together(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """No replies to people whom the viewer does not follow."""
    return [candidate for candidate in candidates if not candidate.aside]


def meant_for_them(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """Nothing of which is known already that the last look would drop it."""
    return [candidate for candidate in candidates if not candidate.hidden]


def once(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """No post twice on a page: of all who said it or passed it on, the latest."""
    latest: dict[PostId, Candidate] = {}
    for candidate in sorted(candidates, key=lambda candidate: candidate.post, reverse=True):
        latest.setdefault(candidate.shown, candidate)
    return list(latest.values())


def newest(candidates: Sequence[Candidate], page: Page) -> Sequence[Candidate]:
    """By time, from the end that the page is filled from."""
    ordered = sorted(candidates, key=lambda candidate: candidate.post, reverse=not page.forward)
    return ordered[: page.most]


def _newest(item: Item) -> PostId:
    return item.post.id


FOLLOWING = Recipe(sources=(from_follows,), sieves=(meant_for_them, unmuted, together, once), rank=newest)
