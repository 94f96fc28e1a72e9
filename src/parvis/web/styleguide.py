"""`/styleguide`: every part of the pages in every state, of made-up people and posts; the store is not read."""

import functools
from typing import Any, Final

from starlette.responses import Response

from parvis.core import clock
from parvis.core.ids import AccountId, MediaId, PostId
from parvis.moderation.announcements import Announcement, Reaction, Shown
from parvis.people.accounts import Account, Kind
from parvis.posts.post import BOOKMARKED, LIKED, REPOSTED, Card, Media, More, Poll, Post, Quote
from parvis.store.transaction import Tx
from parvis.web.notices import OFFERED
from parvis.web.visit import Visit

COLOURS: Final = (
    "ground", "paper", "raised", "sunken", "hover", "line", "line-strong", "ink", "ink-soft", "ink-faint", "sun",
    "sun-deep", "sun-wash", "night", "lapis", "lapis-wash", "ruby", "ruby-wash", "emerald", "emerald-wash", "iris",
    "iris-wash",
)  # fmt: skip
SIZES: Final = ("00", "0", "1", "2", "3", "4", "5", "6", "7")
SCENES: Final = ("quiet", "lost", "closed", "rush", "fallen", "night", "shelf")


NOTICE: Final = Announcement(0, "", "", [], [], False, None, None, None, None, 0)
CARD: Final = ("The square in front of the cathedral", "How a place for waiting became a place for talking.")


def _somebody(number: int, handle: str, name: str, kind: Kind = "person") -> Account:
    blank: dict[str, Any] = dict.fromkeys(Account.__struct_fields__)
    given = {
        "id": AccountId(number),
        "handle": handle,
        "domain": "",
        "name": name,
        "bio": "",
        "kind": kind,
        "language": "en",
        "avatar": "",
        "header": "",
        "role": "member",
        "posts_count": 12,
        "followers_count": 3400,
        "following_count": 56,
        "created_at": 0,
        "restraints": 0,
        "traits": 0,
        "details": "",
        "tastes": 0,
    }
    return Account(**blank | given)


def _poll(*, closed: bool) -> Poll:
    ends = clock.now() + (-1 if closed else 1) * clock.DAY
    return Poll(
        PostId(0), ("North", "South", "Both"), (4, 9, 2), 15, False, False, ends, closed, (1,) if closed else ()
    )


def _when(number: int) -> PostId:
    return PostId((clock.now() - number * 7 * clock.MINUTE) << 16)


def _said(number: int, author: Account, html: str, **given: Any) -> Post:
    blank: dict[str, Any] = dict.fromkeys(Post.__struct_fields__)
    plain = {
        "id": _when(number),
        "author": author,
        "text": html,
        "html": html,
        "warning": "",
        "sensitive": False,
        "visibility": "public",
        "origin": "human",
        "maker": "",
        "thread_id": _when(number),
        "mentions": (),
        "tags": (),
        "media": (),
        "likes_count": 0,
        "reposts_count": 0,
        "replies_count": 0,
        "ties": 0,
        "filtered": (),
    }
    return Post(**blank | plain | given)


@functools.cache
def samples() -> list[Post]:
    """One post in each of its states."""
    ada = _somebody(11, "ada", "Ada Moreau")
    basile = _somebody(22, "basile", "Basile Roux")
    lamp = _somebody(33, "lamplighter", "Lamplighter", "character")
    window = "../faces/11/wide.svg"  # seen from /media/
    drawn = Media(
        MediaId(1), "picture", window, window, 1200, 400, 600, 200, "", alt="A lit window", origin="generated"
    )
    plain = _said(
        1, ada, "<p>The lamps come on around seven. So does the choir.</p>", likes_count=1240, replies_count=8
    )
    return [
        plain,
        _said(
            2, basile, "<p>Liked and passed on.</p>", ties=LIKED | REPOSTED | BOOKMARKED, likes_count=3, reposts_count=1
        ),
        _said(3, lamp, "<p>Tonight the square closes at eleven, and the moon at four.</p>", origin="generated"),
        _said(4, ada, "<p>Polished by a model.</p>", origin="assisted", maker="Qwen3 0.6B"),
        _said(5, basile, "<p>Under a warning, and only for followers.</p>", warning="Pigeons", visibility="followers"),
        _said(6, ada, "<p>Drawn from words.</p>", media=(drawn,)),
        _said(7, basile, "", repost_of=plain),
        _said(8, ada, "<p>Which lamp first?</p>", more=More(poll=_poll(closed=True)), edited_at=clock.now()),
        _said(9, basile, "<p>Still open.</p>", more=More(poll=_poll(closed=False))),
        _said(10, lamp, "<p>Well said.</p>", more=More(quote=Quote("accepted", plain.id, ada.id, plain))),
        _said(11, ada, "<p>Gone.</p>", more=More(quote=Quote("deleted", None, basile.id, None))),
        _said(12, basile, "<p>Read this.</p>", more=More(card=Card("https://example.org/", *CARD))),
    ]


async def read_styleguide(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """Every part in every state."""
    return visit.page(
        "styleguide.html",
        colours=COLOURS,
        sizes=SIZES,
        scenes=SCENES,
        posts=samples(),
        one=Shown(NOTICE, False, (Reaction("👍", 12, True), Reaction("🎉", 1, False))),
        offered=OFFERED,
    )
