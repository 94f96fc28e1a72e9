"""Words of members as HTML: posts, names, and what people say of themselves, with custom emoji as pictures."""

import html
import re
from typing import Final

import msgspec
from markupsafe import Markup

from parvis.posts import text
from parvis.posts.emojis import Shelf
from parvis.posts.post import Emoji, Post

_TAG: Final = re.compile(r"(<[^>]*>)")
_ADDRESSED: Final = re.compile(r"(?:@[\w.@-]+\s+)+")
_NAMED: Final = re.compile(r'<p>(?:<span class="h-card"[^>]*><a [^>]*>@<span>[^<]*</span></a></span>\s*)+')
_CODE: Final = re.compile(r":[A-Za-z0-9_]+:")


class Emojis(msgspec.Struct, frozen=True):
    """The emoji of the house as one reader wants them: `lively`, `still`, or as the device has it."""

    shelf: Shelf
    motion: str = ""


def prose(post: Post, emojis: Emojis) -> Markup:
    """A post's words with its custom emoji as pictures."""
    return _dressed(post.html, post.more.emojis if post.more is not None else (), emojis.motion)


def named(words: str, emojis: Emojis) -> Markup | str:
    """A name with its custom emoji as pictures; as it is where it has none."""
    return _dressed(html.escape(words), emojis.shelf.used_in(words), emojis.motion) if ":" in words else words


def unaddressed(words: str) -> str:
    """What is said to somebody, without the handles before it."""
    addressed = _ADDRESSED.match(words)
    return words[addressed.end() :] if addressed else words


def unaddressed_prose(post: Post, emojis: Emojis) -> Markup:
    """The same as HTML: a message's words, with its custom emoji as pictures; nothing where it only names people."""
    shown = _NAMED.sub("<p>", post.html, count=1) if post.html.startswith("<p><span") else post.html
    own = post.more.emojis if post.more is not None else ()
    return Markup("") if shown == "<p></p>" else _dressed(shown, own, emojis.motion)


def said(words: str, emojis: Emojis) -> Markup:
    """What somebody says of themselves: links and hashtags alive, custom emoji as pictures."""
    shown = text.render(text.tokens(words), lambda _: None)
    return _dressed(shown, emojis.shelf.used_in(words), emojis.motion)


def told(words: str, emojis: Emojis) -> Markup:
    """The same on one line; a link in it says that it is their own."""
    shown = str(said(words, emojis)).removeprefix("<p>").removesuffix("</p>")
    return Markup(shown.replace('rel="nofollow', 'rel="me nofollow'))  # noqa: S704 - made and escaped by `said`


def _dressed(shown: str, emojis: tuple[Emoji, ...], motion: str) -> Markup:
    pictures = {f":{emoji.shortcode}:": _emoji(emoji, motion) for emoji in emojis}
    if pictures:
        shown = "".join(
            piece if piece.startswith("<") else _CODE.sub(lambda code: pictures.get(code[0], code[0]), piece)
            for piece in _TAG.split(shown)
        )
    return Markup(shown)  # noqa: S704 - escaped before


def _emoji(emoji: Emoji, motion: str) -> str:
    code = html.escape(emoji.shortcode)
    blob = emoji.still if motion == "still" else emoji.blob
    shown = f'<img class="custom-emoji" src="/media/{blob}" alt=":{code}:" title=":{code}:" loading="lazy">'
    if motion or emoji.blob == emoji.still:
        return shown
    still = f'<source srcset="/media/{emoji.still}" media="(prefers-reduced-motion: reduce)">'
    return f"<picture>{still}{shown}</picture>"
