"""Changing what one said: its words, its pictures and their order, its poll, its warning and its language.

The form flows in whole: what it leaves out is gone from the post. A button that only sets things out anew is answered
with the page again, and nothing is changed before it is saved. Files that come along wait as those of a new post do.
"""

from collections.abc import Sequence

import msgspec
from starlette.responses import Response

from parvis.core.errors import Conflict, NotFound, Refused
from parvis.core.ids import MediaId, PostId
from parvis.core.words import N_
from parvis.people import standing
from parvis.people.accounts import Account
from parvis.posts import media, uploads
from parvis.posts.drafts import MOST_OPTIONS, PollDraft
from parvis.posts.edit import Revision, edit
from parvis.posts.post import Media, Poll, Post
from parvis.posts.uploads import Taken
from parvis.posts.visibility import get_post
from parvis.store.transaction import Tx
from parvis.web import page
from parvis.web.retouching import as_written, chosen_in, retouches_of
from parvis.web.uploading import take_files
from parvis.web.visit import Visit, whole_number
from parvis.web.writing import poll_of

RATE = "60/minute"
FORGETS = N_("Voters so far: {count}. If you save this, voting starts anew and their votes are forgotten. Save anyway?")


class Forgetful(Conflict):
    """Votes would be forgotten, and the member has not said yet that they may be."""


class Wish(msgspec.Struct, frozen=True):
    """A post as its form has it."""

    text: str
    warning: str
    language: str
    pictures: Sequence[Media]
    options: Sequence[str]  # of its poll
    multiple: bool = False
    days: str = ""  # that the poll is open from now on; none: its end stays
    sure: bool = False  # votes may be forgotten


async def _own(visit: Visit, tx: Tx) -> Post:
    viewer = visit.member()
    post = (await get_post(tx, viewer, PostId(visit.number("post")))).shown
    if post.author.id != viewer.id:
        raise NotFound("This post does not exist, or you may not see it.")
    return post


def _poll_of(post: Post) -> Poll | None:
    return post.more.poll if post.more is not None else None


def _page(visit: Visit, post: Post, wish: Wish, refusal: Refused | None = None) -> Response:
    return visit.asking("edit.html", refusal, p=post, poll=_poll_of(post), wish=wish)


async def read_edit(visit: Visit, tx: Tx) -> Response:
    """The page for changing what one said."""
    post = await _own(visit, tx)
    poll = _poll_of(post)
    options, multiple = (poll.options, poll.multiple) if poll else ((), False)
    return _page(visit, post, Wish(post.text, post.warning, post.language or "", post.media, options, multiple))


async def change(visit: Visit) -> Response:
    """Have a post be as the form says, or the form as one of its buttons does."""
    await visit.hold("post", RATE)
    async with visit.door.store.reading() as tx:
        post = await _own(visit, tx)
    chosen = chosen_in(visit.form.getlist("media"))
    act = str(visit.form.get("act", ""))[:40]
    refusal: Refused | None = None
    try:
        taken = await take_files(visit, beside=len(chosen))
        chosen += await _add(visit, taken)
        if act:
            chosen = _set_out(chosen, act)
        elif any(one.seen is not None for one in taken):
            raise Conflict("It is being made playable. Post it in a moment.")
        else:
            await _save(visit, post, tuple(chosen))
            return visit.go(page.post_path(post))
    except Refused as refused:
        refusal = refused
    async with visit.door.store.reading() as tx:
        pictures = as_written(visit, await _known(tx, visit.member(), post, chosen))
    wish = _wish(visit, pictures, act)
    return _page(visit, post, msgspec.structs.replace(wish, sure=isinstance(refusal, Forgetful)), refusal)


async def _add(visit: Visit, taken: list[Taken]) -> list[MediaId]:
    """Have what came along wait for the post: a refusal later on does not lose it."""
    if not taken:
        return []
    async with visit.acting() as (tx, viewer):
        standing.require(viewer, "upload")
        return [(await uploads.add(tx, viewer, one)).id for one in taken]


def _set_out(chosen: list[MediaId], act: str) -> list[MediaId]:
    """The pictures as a button such as `earlier 12` wants them."""
    verb, _, named = act.partition(" ")
    one = next((each for each in chosen if str(each) == named), None)
    if one is None:
        return chosen
    rest = [each for each in chosen if each != one]
    if verb == "remove":
        return rest
    place = max(0, chosen.index(one) + {"earlier": -1, "later": 1}.get(verb, 0))
    return [*rest[:place], one, *rest[place:]]


async def _known(tx: Tx, member: Account, post: Post, chosen: Sequence[MediaId]) -> list[Media]:
    """Those of the chosen pictures that the post has, or that wait for one, in their order."""
    held = {one.id: one for one in post.media}
    new = [one for one in chosen if one not in held]
    known = held | {one.id: one for one in await media.waiting_of(tx, member, new)}
    return [known[one] for one in chosen if one in known]


async def _save(visit: Visit, post: Post, chosen: tuple[MediaId, ...]) -> None:
    warning = visit.field("warning", 500).strip()
    async with visit.acting() as (tx, viewer):
        poll, same = _asked(visit, _poll_of(post), tx.now)
        revision = Revision(
            visit.field("text"),
            chosen,
            warning,
            sensitive=bool(warning) if warning or post.warning else None,
            language=visit.field("spoken", 12) or None,
            poll=poll,
            same_poll=same,
            retouches=retouches_of(visit, await _known(tx, viewer, post, chosen)),
        )
        await edit(tx, viewer, post.id, revision, settings=visit.door.settings)


def _asked(visit: Visit, had: Poll | None, now: int) -> tuple[PollDraft | None, bool]:
    """The poll that the form asks for; or that it is the one which the post has, to the letter.

    Raises:
        Forgetful: it is another, and who voted was not thought of.
    """
    draft = poll_of(visit)
    if had is None:
        return draft, False
    asks_on = draft is not None and (draft.options, draft.multiple) == (had.options, had.multiple)
    if had.voters_count and not asks_on and visit.field("sure", 3) != "on":
        raise Forgetful(FORGETS, count=had.voters_count)
    if draft is None:
        return None, False
    ends_anew = bool(whole_number(visit.field("poll_days", 3)))
    if asks_on and not ends_anew:
        return None, True
    lasts = draft.lasts if ends_anew else had.expires_at - now
    return msgspec.structs.replace(draft, lasts=lasts, hide_totals=had.hide_totals), False


def _wish(visit: Visit, pictures: Sequence[Media], act: str) -> Wish:
    said = {name: str(visit.form.get(name, "")) for name in ("text", "warning", "spoken", "poll_days")}
    options = [str(visit.form.get(f"option_{place}", ""))[:500] for place in range(1, MOST_OPTIONS + 1)]
    return Wish(
        said["text"][:20_000],
        said["warning"][:500],
        said["spoken"][:12],
        pictures,
        options if any(options) and act != "unask" else (),
        visit.form.get("poll_multiple") == "on",
        said["poll_days"][:3],
    )
