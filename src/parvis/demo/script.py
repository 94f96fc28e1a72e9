"""The script of the demo world: who there is, who follows whom, who says what and when, and which pictures are drawn.

The files `*.toml` beside this module flow in; out flows one `Script`, in which every name that one line uses for
another resolves, every moment lies before the world is raised, and a reply comes after what it answers.
"""

import functools
import importlib.resources
import random
import re
import tomllib
from collections.abc import Iterator
from typing import Literal

import msgspec

from parvis.core import clock

MAKER = "Parvis demo script"  # what made the words of characters and of the assistant: nobody typed them here
ASSISTANT = "parvis"
REPLY_AFTER = 15  # minutes, where a reply does not say
_SPAN = re.compile(r"(?:(\d+)d)? ?(?:(\d+)h)? ?(?:(\d+)m)?")


class WrongScript(ValueError):  # noqa: N818 - told to whoever writes the script
    """A line of the script cannot be played; the message says which and why."""


class Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the cast."""

    handle: str
    name: str
    language: Literal["en", "fr"]
    joined: int  # days before the world is raised
    bio: str
    face: str  # what the illustrator is told, and the seed that drew somebody like it
    seed: int = 0
    follows: str = ""  # handles
    kind: Literal["person", "character"] = "person"
    owner: str = ""


class Line(msgspec.Struct, frozen=True):
    """One post."""

    key: str  # unique; a post that nothing refers to is named after its file and place
    by: str
    ago: int  # ms before the world is raised
    text: str
    language: str
    origin: Literal["human", "assisted", "generated"]
    visibility: str = "public"
    warning: str = ""
    to: str = ""  # the key of the post that it answers
    quotes: str = ""  # the key of the post that it shows in itself
    before: str = ""  # what it said at first, until it was edited
    picture: str = ""
    poll: tuple[str, ...] = ()
    votes: tuple[tuple[str, int], ...] = ()  # who chose which option
    likes: tuple[str, ...] = ()
    reposts: tuple[str, ...] = ()


class Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One picture."""

    key: str
    prompt: str
    alt: str  # in the language of the post that shows it
    seed: int = 0
    width: int = 896
    height: int = 672


class Script(msgspec.Struct, frozen=True):
    """Everything: the cast in the order of joining, lines in the order of time."""

    cast: tuple[Role, ...]
    lines: tuple[Line, ...]
    pictures: dict[str, Sheet]

    @property
    def people(self) -> tuple[Role, ...]:
        """The cast without its characters."""
        return tuple(role for role in self.cast if role.kind == "person")


class _Post(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A post as the files write it."""

    by: str
    text: str
    key: str = ""
    ago: str = ""
    to: str = ""
    after: int = 0  # minutes after `to`
    likes: int = 0
    reposts: str = ""
    language: str = ""
    origin: Literal["human", "assisted"] = "human"
    visibility: Literal["public", "unlisted", "followers", "mentioned"] = "public"
    warning: str = ""
    quotes: str = ""
    before: str = ""
    picture: str = ""
    poll: tuple[str, ...] = ()
    votes: int = 0


@functools.cache
def read_script() -> Script:
    """The script of the package.

    Raises:
        WrongScript: a file contradicts itself or another.
    """
    files = {
        file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8"))
        for file in sorted(importlib.resources.files(__package__).iterdir(), key=lambda file: file.name)
        if file.name.endswith(".toml")
    }
    cast = [msgspec.convert(member, Role) for member in files.pop("cast")["member"]]
    pictures = [msgspec.convert(picture, Sheet) for picture in files.pop("pictures")["picture"]]
    _check_names(cast)
    posts: dict[str, _Post] = {}
    for name, file in files.items():
        for place, given in enumerate(file["post"], 1):
            post = msgspec.convert(given, _Post)
            key = post.key or f"{name} {place}"
            if key in posts:
                raise WrongScript(f"two posts have the key {key}")
            posts[key] = post
    return Script(
        cast=tuple(sorted(cast, key=lambda role: -role.joined)),
        lines=tuple(sorted(_lines(posts, {role.handle: role for role in cast}), key=lambda line: -line.ago)),
        pictures={picture.key: picture for picture in pictures},
    )


def _check_names(cast: list[Role]) -> None:
    known = {role.handle for role in cast} | {ASSISTANT}
    for role in cast:
        if unknown := {*role.follows.split(), role.owner or role.handle} - known:
            raise WrongScript(f"@{role.handle} names {unknown}, whom nobody knows")
        if (role.kind == "character") != bool(role.owner):
            raise WrongScript(f"@{role.handle}: a character has an owner, a person none")


def _lines(posts: dict[str, _Post], cast: dict[str, Role]) -> Iterator[Line]:
    agos: dict[str, int] = {}
    for key, post in posts.items():
        author = cast.get(post.by)
        if author is None and post.by != ASSISTANT:
            raise WrongScript(f"{key}: nobody of the cast is called {post.by}")
        if unknown := set(post.reposts.split()) - cast.keys():
            raise WrongScript(f"{key}: {unknown} cannot pass it on, nobody knows them")
        typed = author is not None and author.kind == "person"
        yield Line(
            key=key,
            by=post.by,
            ago=_ago(key, posts, agos),
            text=post.text.strip(),
            language=post.language or (author.language if author else "en"),
            origin=post.origin if typed else "generated",
            visibility=post.visibility,
            warning=post.warning,
            to=post.to,
            quotes=post.quotes,
            before=post.before.strip(),
            picture=post.picture,
            poll=post.poll,
            votes=_votes(key, post, cast),
            likes=_likers(key, post, posts, cast),
            reposts=tuple(post.reposts.split()),
        )


def _ago(key: str, posts: dict[str, _Post], known: dict[str, int]) -> int:
    """How long before the raising a post is made, in ms; its seconds by chance, so that nobody sees a grid."""
    if key not in known:
        post = posts.get(key)
        if post is None:
            raise WrongScript(f"nothing has the key {key}")
        if post.ago:
            span = _SPAN.fullmatch(post.ago)
            if span is None:
                raise WrongScript(f"{key}: {post.ago} is no time such as 2d 4h 10m")
            days, hours, minutes = (int(part or 0) for part in span.groups())
            ago = days * clock.DAY + hours * clock.HOUR + minutes * clock.MINUTE
        elif post.to:
            ago = _ago(post.to, posts, known) - (post.after or REPLY_AFTER) * clock.MINUTE
        else:
            raise WrongScript(f"{key}: it has neither ago nor to")
        known[key] = ago + random.Random(key).randrange(20) * clock.SECOND
        earlier = [_ago(other, posts, known) for other in (post.to, post.quotes) if other]
        if known[key] <= 0 or any(known[key] >= ago for ago in earlier):
            raise WrongScript(f"{key}: it lies in the future, or before what it answers or quotes")
    return known[key]


def _votes(key: str, post: _Post, cast: dict[str, Role]) -> tuple[tuple[str, int], ...]:
    """Who of the people chooses what, by chance; the options that come first please a little more."""
    chance = random.Random(f"votes of {key}")
    people = [role.handle for role in cast.values() if role.kind == "person" and role.handle != post.by]
    voters = chance.sample(people, min(post.votes, len(people)))
    weights = range(len(post.poll) + 2, 2, -1)
    return tuple((voter, chance.choices(range(len(post.poll)), weights)[0]) for voter in voters)


def _likers(key: str, post: _Post, posts: dict[str, _Post], cast: dict[str, Role]) -> tuple[str, ...]:
    """Who likes it: people only, since a character's doings are no engagement; followers first, the rest by chance."""
    chance = random.Random(f"likes of {key}")
    taking_part = {other.by for other in posts.values() if other.to == key or (post.to and other.to == post.to)}
    named = set(re.findall(r"@(\w+)", post.text)) | ({posts[post.to].by} if post.to else set())

    def warmth(role: Role) -> float:
        return chance.random() + (post.by in role.follows.split()) + 0.7 * (role.handle in taking_part | named)

    people = [role for role in cast.values() if role.kind == "person" and role.handle != post.by]
    if post.visibility == "followers":
        people = [role for role in people if post.by in role.follows.split()]
    if post.visibility == "mentioned":
        people = [role for role in people if role.handle in named]
    ranked = sorted(people, key=warmth, reverse=True)
    return tuple(role.handle for role in ranked[: post.likes])
