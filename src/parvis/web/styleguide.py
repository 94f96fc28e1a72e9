"""`/styleguide`: every part of the pages in every state, of made-up people and posts; the store is not read."""

import functools
from typing import Any, Final

from starlette.responses import Response

from parvis.core import clock
from parvis.core.ids import AccountId, MediaId, PostId
from parvis.people.accounts import Account, Kind
from parvis.posts.post import Media, Post
from parvis.store.transaction import Tx
from parvis.web.visit import Visit

COLOURS: Final = (
    "ground", "paper", "raised", "sunken", "hover", "line", "line-strong", "ink", "ink-soft", "ink-faint", "sun",
    "sun-deep", "sun-wash", "night", "lapis", "lapis-wash", "ruby", "ruby-wash", "emerald", "emerald-wash", "iris",
    "iris-wash",
)  # fmt: skip
SIZES: Final = ("00", "0", "1", "2", "3", "4", "5", "6", "7")
SCENES: Final = ("quiet", "lost", "closed", "rush", "fallen", "night")


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
    }
    return Account(**blank | given)


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
        "liked": False,
        "reposted": False,
    }
    return Post(**{name: value for name, value in (blank | plain | given).items() if name in blank})


@functools.cache
def samples() -> list[Post]:
    """One post in each of its states."""
    ada = _somebody(11, "ada", "Ada Moreau")
    basile = _somebody(22, "basile", "Basile Roux")
    lamp = _somebody(33, "lamplighter", "Lamplighter", "character")
    window = "../faces/11/wide.svg"  # seen from /media/
    drawn = Media(MediaId(1), "image", window, window, 1200, 400, 600, 200, "", alt="A lit window", origin="generated")
    plain = _said(
        1, ada, "<p>The lamps come on around seven. So does the choir.</p>", likes_count=1240, replies_count=8
    )
    return [
        plain,
        _said(2, basile, "<p>Liked and passed on.</p>", liked=True, reposted=True, likes_count=3, reposts_count=1),
        _said(3, lamp, "<p>Tonight the square closes at eleven, and the moon at four.</p>", origin="generated"),
        _said(4, ada, "<p>Polished by a model.</p>", origin="assisted", maker="Qwen3 0.6B"),
        _said(5, basile, "<p>Under a warning, and only for followers.</p>", warning="Pigeons", visibility="followers"),
        _said(6, ada, "<p>Drawn from words.</p>", media=(drawn,)),
        _said(7, basile, "", repost_of=plain),
    ]


async def read_styleguide(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """Every part in every state."""
    return visit.page("styleguide.html", colours=COLOURS, sizes=SIZES, scenes=SCENES, posts=samples())
