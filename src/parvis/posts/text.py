"""What a member typed becomes what everyone reads: links, mentions and hashtags found in any script, length, HTML.

Plain text flows in; tokens, a length and HTML flow out. The HTML holds nothing that was not escaped here, and carries
the classes that Mastodon's apps know (`mention`, `hashtag`, `invisible`, `ellipsis`). Its addresses are paths
(`/@ada`, `/tags/sea`); a door that serves other hosts makes them absolute.
"""

import functools
import html
import unicodedata
from collections.abc import Callable, Iterator, Sequence

import msgspec
import regex
from linkify_it import LinkifyIt

from parvis.core import errors
from parvis.core.text import keepable

LINK_LENGTH = 23  # what any link counts, however long
LINK_SHOWN = 30  # characters of a link that the eye sees
MOST_CODE_POINTS = 20  # per grapheme allowed, so that a tower of accents stays bounded
LONGEST_TAG = 100

_GRAPHEME = regex.compile(r"\X")
_PARAGRAPHS = regex.compile(r"\n\n+")
_AT, _HASH = "[@\uff20]", "[#\uff03]"  # also as Japanese keyboards write them
_DOMAIN = r"[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,252}[A-Za-z0-9])?(?::[0-9]{1,5})?"
_MENTION = rf"(?<![\w@/.]){_AT}(?P<handle>[A-Za-z0-9_]{{1,64}})(?:@(?P<domain>{_DOMAIN}))?(?![\w@])"
_LETTERS = r"\p{L}\p{M}\p{N}_"
_SPELT = rf"[{_LETTERS}\u00b7\u30fb\u200c\u200d]"  # with the dots and joiners that some scripts need
_TAG = rf"(?<![{_LETTERS}/&#\uff03]){_HASH}(?P<tag>{_SPELT}*[\p{{L}}_]{_SPELT}*)"
_TOKEN = regex.compile(f"{_MENTION}|{_TAG}")


class Mention(msgspec.Struct, frozen=True, array_like=True):
    """A member who is named in a post."""

    id: int
    handle: str
    domain: str

    @property
    def acct(self) -> str:
        """`handle`, or `handle@domain` for a member of another instance."""
        return f"{self.handle}@{self.domain}" if self.domain else self.handle


class Token(msgspec.Struct, frozen=True):
    """A piece of the text: `words`, `mention` (handle, domain), `tag` (folded name) or `link` (address)."""

    kind: str
    text: str
    value: str = ""
    domain: str = ""


def tidy(text: str) -> str:
    """The text with one kind of line end, no control characters, and nothing around it."""
    return keepable(text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def fold_tag(name: str) -> str:
    """A hashtag as it is compared: `#Été` and `#ÉTÉ` are one."""
    folded = unicodedata.normalize("NFKC", keepable(name)).casefold()
    return unicodedata.normalize("NFKC", folded).casefold()[:LONGEST_TAG]


def graphemes(text: str) -> int:
    """How many characters a person sees."""
    if text.isascii():
        return len(text)
    return sum(1 for _ in _GRAPHEME.finditer(text))


@functools.cache
def _links() -> LinkifyIt:
    found = LinkifyIt(options={"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    for scheme in ("ftp:", "//", "mailto:"):
        found.add(scheme, None)
    return found


def tokens(text: str) -> tuple[Token, ...]:
    """Cut a tidy text into its pieces, in order; joined, their `text` is the whole again."""
    found: list[Token] = []
    end = 0
    if "://" in text:
        for link in _links().match(text) or ():
            found.extend(_words(text[end : link.index], text[:end][-1:]))
            found.append(Token("link", link.text, link.url))
            end = link.last_index
    found.extend(_words(text[end:], text[:end][-1:]))
    return tuple(found)


def _words(text: str, before: str) -> Iterator[Token]:
    """The same for a stretch without links; `before` is the character that precedes it."""
    if not text:
        return
    whole = before + text
    end = len(before)
    for match in _TOKEN.finditer(whole, pos=end):
        if match.start() > end:
            yield Token("words", whole[end : match.start()])
        if match["tag"]:
            yield Token("tag", match[0], fold_tag(match["tag"]))
        else:
            yield Token("mention", match[0], match["handle"], (match["domain"] or "").lower())
        end = match.end()
    if end < len(whole):
        yield Token("words", whole[end:])


def length(pieces: Sequence[Token]) -> int:
    """The length that counts against the limit, in graphemes: links count 23, mentions only their local part."""
    total = 0
    for piece in pieces:
        if piece.kind == "link":
            total += LINK_LENGTH
        elif piece.kind == "mention":
            total += len(piece.value) + 1
        else:
            total += graphemes(piece.text)
    return total


def parse(text: str, limit: int) -> tuple[str, tuple[Token, ...]]:
    """The tidy text and its pieces.

    Raises:
        Invalid: it is longer than `limit` graphemes.
    """
    text = tidy(text)
    if len(text) <= limit * MOST_CODE_POINTS:
        pieces = tokens(text)
        if length(pieces) <= limit:
            return text, pieces
    raise errors.Invalid("This is longer than {limit} characters.", field="text", limit=limit)


def tags_of(pieces: Sequence[Token]) -> list[str]:
    """The folded hashtags, each once, in order."""
    return list(dict.fromkeys(piece.value for piece in pieces if piece.kind == "tag"))


def render(pieces: Sequence[Token], mentioned: Callable[[Token], Mention | None]) -> str:
    """HTML for the pieces. `mentioned` tells whom a mention names; one that names nobody stays words."""
    if len(pieces) == 1 and pieces[0].kind == "words":
        body = _prose(pieces[0].text)
    else:
        body = "".join(_dress(piece, mentioned) for piece in pieces)
    return f"<p>{body}</p>" if body else ""


def _prose(text: str) -> str:
    escaped = html.escape(text)
    if "\n" in escaped:
        escaped = _PARAGRAPHS.sub("</p><p>", escaped).replace("\n", "<br>")
    return escaped


def _dress(piece: Token, mentioned: Callable[[Token], Mention | None]) -> str:
    if piece.kind == "link":
        return _dress_link(piece)
    if piece.kind == "tag":
        name = html.escape(piece.text[1:])
        return f'<a href="/tags/{html.escape(piece.value)}" class="mention hashtag" rel="tag">#<span>{name}</span></a>'
    if piece.kind == "mention" and (member := mentioned(piece)):
        return (
            f'<span class="h-card" translate="no"><a href="/@{html.escape(member.acct)}" class="u-url mention">'
            f"@<span>{html.escape(member.handle)}</span></a></span>"
        )
    return _prose(piece.text)


def _dress_link(piece: Token) -> str:
    scheme, _, rest = piece.text.partition("://")
    scheme += "://"
    if rest.startswith("www."):
        scheme, rest = scheme + "www.", rest[4:]
    shown, hidden = rest[:LINK_SHOWN], rest[LINK_SHOWN:]
    eye = f'<span class="ellipsis">{html.escape(shown)}</span>' if hidden else f"<span>{html.escape(shown)}</span>"
    return (
        f'<a href="{html.escape(piece.value)}" target="_blank" rel="nofollow noopener noreferrer" translate="no">'
        f'<span class="invisible">{html.escape(scheme)}</span>{eye}'
        f'<span class="invisible">{html.escape(hidden)}</span></a>'
    )
