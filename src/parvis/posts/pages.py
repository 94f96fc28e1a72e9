"""What a page of the web says of itself, for the card of a post that links to it.

HTML as bytes flows in; a card without its picture's bytes flows out, read from Open Graph, Twitter's tags, JSON-LD and
plain HTML, in the order in which they are to be trusted, and from oEmbed where the page names it. Nothing of the page
comes through but plain text, addresses of the web, and at most the address of a player.
"""

import datetime as dt
import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec
from selectolax.lexbor import LexborHTMLParser

from parvis.core.text import keepable, one_line
from parvis.posts.post import Card

LONGEST_TITLE = 300
LONGEST_DESCRIPTION = 1000
LONGEST_NAME = 200
LONGEST_URL = 2000
MOST_META = 500
MOST_SIDE = 4000  # pixels of a player

_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
_CHARSETS = re.compile(
    r"utf-?(8|16|16le|16be)|(us-)?ascii|latin-?1|(iso-?8859-?|windows-?|cp|koi8-?|mac)[a-z0-9]{1,6}|macintosh"
    r"|(x-)?(shift[_-]?jis|sjis)|euc-?(jp|kr)|iso-2022-jp|gb(k|2312|18030)|big5(-?hkscs)?|tis-?620"
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?=[-_]|$)")
_OF_ARTICLES = ("Article", "NewsArticle", "BlogPosting", "WebPage", "VideoObject", "ReportageNewsArticle")


class Page(msgspec.Struct, frozen=True):
    """What was read: the card so far, the addresses of its picture and its oEmbed, and who says to have made it."""

    card: Card
    image: str = ""
    oembed: str = ""
    creator: str = ""  # handle@domain


def text_of(data: bytes, charset: str) -> str:
    """The page as text: by what the server says, what the page says, or what the bytes look like."""
    if data[:3] == b"\xef\xbb\xbf":
        charset = "utf-8"
    elif not _CHARSETS.fullmatch(charset):
        found = _DECLARED.search(data[:4096])
        charset = found[1].decode().lower() if found else ""
    if _CHARSETS.fullmatch(charset):
        try:
            return data.decode("cp1252" if charset in ("iso-8859-1", "latin1", "ascii") else charset, "replace")
        except LookupError:
            pass
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        # A cut may have gone through the last character; anything else was written before there was Unicode.
        return data.decode("utf-8", "ignore") if error.start > len(data) - 4 else data.decode("cp1252", "replace")


def read_page(data: bytes, charset: str, url: str) -> Page | None:
    """The card of the page that was found at this address; None when it says too little for one."""
    tree = LexborHTMLParser(text_of(data, charset))
    told = _meta_of(tree)
    linked = _linked_data(tree)
    title = _first(
        linked.get("headline"), told.get("og:title"), told.get("twitter:title"), _title(tree), most=LONGEST_TITLE
    )
    if not title:
        return None
    found = _canonical(tree, told, url)
    player = _player(told, found)
    author, author_url = _author(linked)
    card = Card(
        url=found,
        title=title,
        description=_first(
            linked.get("description"),
            told.get("og:description"),
            told.get("twitter:description"),
            told.get("description"),
            most=LONGEST_DESCRIPTION,
        ),
        kind="video" if player else "link",
        language=_language(tree, told, linked),
        author_name=_first(author, told.get("og:author"), told.get("author"), most=LONGEST_NAME),
        author_url=_web(author_url, found) or _web(told.get("article:author"), ""),
        provider_name=_first(_publisher(linked), told.get("og:site_name"), most=LONGEST_NAME),
        provider_url=_origin(found) if _first(_publisher(linked), told.get("og:site_name"), most=1) else "",
        html=frame(*player) if player else "",
        width=player[1] if player else 0,
        height=player[2] if player else 0,
        image_description=_first(told.get("og:image:alt"), told.get("twitter:image:alt"), most=LONGEST_DESCRIPTION),
        published_at=_moment(linked.get("datePublished")) or _moment(told.get("article:published_time")),
    )
    image = _first_url(
        found, told.get("og:image:secure_url"), told.get("og:image"), told.get("twitter:image"), _picture(linked)
    )
    creator = told.get("fediverse:creator", "").strip().removeprefix("@")
    return Page(card, image, _oembed(tree, url), creator if len(creator) <= LONGEST_NAME else "")


def read_oembed(data: bytes, page: Page) -> Page:
    """The page with what its oEmbed answer (JSON) adds: a player, a photograph, names."""
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        return page
    if not isinstance(told, dict):
        return page
    card = page.card
    names = {
        "title": _first(told.get("title"), card.title, most=LONGEST_TITLE),
        "author_name": _first(told.get("author_name"), card.author_name, most=LONGEST_NAME),
        "author_url": _web(told.get("author_url"), card.url) or card.author_url,
        "provider_name": _first(told.get("provider_name"), card.provider_name, most=LONGEST_NAME),
        "provider_url": _web(told.get("provider_url"), card.url) or card.provider_url,
    }
    image = _web(told.get("thumbnail_url"), card.url) or page.image
    width, height = _side(told.get("width")), _side(told.get("height"))
    if told.get("type") == "photo" and (photo := _web(told.get("url"), card.url)):
        changed = msgspec.structs.replace(card, kind="photo", embed_url=photo, width=width, height=height, **names)
        return msgspec.structs.replace(page, card=changed, image=photo)
    if told.get("type") == "video" and (source := _frame_in(told.get("html"), card.url)):
        changed = msgspec.structs.replace(
            card, kind="video", html=frame(source, width, height), width=width, height=height, **names
        )
        return msgspec.structs.replace(page, card=changed, image=image)
    return msgspec.structs.replace(page, card=msgspec.structs.replace(card, **names), image=image)


def frame(source: str, width: int, height: int) -> str:
    """The HTML of a player: a frame of ours around the other site's address, which may do little."""
    size = f' width="{width}" height="{height}"' if width and height else ""
    return (
        f'<iframe src="{html.escape(source)}"{size} frameborder="0" allowfullscreen loading="lazy" '
        'sandbox="allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-forms"></iframe>'
    )


# -- what stands where -------------------------------------------------------------------------------------------------


def _meta_of(tree: LexborHTMLParser) -> dict[str, str]:
    """The page's meta tags by name; the first of each counts."""
    found: dict[str, str] = {}
    for tag in tree.css("meta")[:MOST_META]:
        given = tag.attributes
        name = (given.get("property") or given.get("name") or "").strip().lower()
        if name and given.get("content"):
            found.setdefault(name, given["content"] or "")
    return found


def _title(tree: LexborHTMLParser) -> str:
    for selector in ("head > title", "title", "h1"):
        if (found := tree.css_first(selector)) and (words := found.text().strip()):
            return words
    return ""


def _linked_data(tree: LexborHTMLParser) -> dict[str, Any]:
    """The first article that the page describes as JSON-LD."""
    for script in tree.css('script[type="application/ld+json"]')[:10]:
        try:
            told = json.loads(script.text())
        except (ValueError, RecursionError):
            continue
        for thing in _things(told):
            kinds = thing.get("@type")
            if any(kind in _OF_ARTICLES for kind in (kinds if isinstance(kinds, list) else [kinds])):
                return thing
    return {}


def _things(told: Any) -> Iterator[dict[str, Any]]:
    for thing in (told if isinstance(told, list) else [told])[:50]:
        if isinstance(thing, dict):
            yield thing
            inner = thing.get("@graph")
            if isinstance(inner, list):
                yield from (each for each in inner[:50] if isinstance(each, dict))


def _canonical(tree: LexborHTMLParser, told: dict[str, str], url: str) -> str:
    """The address that the page gives itself, if it is of the same host; else the one that it was found at."""
    link = tree.css_first('link[rel~="canonical"]')
    for given in (link.attributes.get("href") if link else None, told.get("og:url")):
        found = _web(given, url)
        if found and urlsplit(found).hostname == urlsplit(url).hostname:
            return found
    return url


def _oembed(tree: LexborHTMLParser, url: str) -> str:
    link = tree.css_first('link[type="application/json+oembed"]')
    return _web(link.attributes.get("href"), url) if link else ""


def _player(told: dict[str, str], url: str) -> tuple[str, int, int] | None:
    """Where the page says its own player is, and how large."""
    source = _web(told.get("twitter:player"), url)
    if not source.startswith("https://"):
        return None
    return source, _side(told.get("twitter:player:width")), _side(told.get("twitter:player:height"))


def _frame_in(given: Any, url: str) -> str:
    """The address of the first frame in a piece of HTML, if it is safe to frame."""
    if not isinstance(given, str) or len(given) > LONGEST_URL * 10:
        return ""
    found = LexborHTMLParser(given).css_first("iframe[src]")
    source = _web(found.attributes.get("src"), url) if found else ""
    return source if source.startswith("https://") else ""


def _author(linked: dict[str, Any]) -> tuple[str, str]:
    author = linked.get("author")
    author = author[0] if isinstance(author, list) and author else author
    if isinstance(author, dict):
        return str(author.get("name") or ""), str(author.get("url") or "")
    return (author, "") if isinstance(author, str) else ("", "")


def _publisher(linked: dict[str, Any]) -> str:
    publisher = linked.get("publisher")
    publisher = publisher[0] if isinstance(publisher, list) and publisher else publisher
    return str(publisher.get("name") or "") if isinstance(publisher, dict) else ""


def _picture(linked: dict[str, Any]) -> Any:
    image = linked.get("image")
    image = image[0] if isinstance(image, list) and image else image
    return image.get("url") if isinstance(image, dict) else image


def _language(tree: LexborHTMLParser, told: dict[str, str], linked: dict[str, Any]) -> str | None:
    root = tree.css_first("html")
    for given in (linked.get("inLanguage"), told.get("og:locale"), root.attributes.get("lang") if root else None):
        if isinstance(given, str) and (found := _LANGUAGE.match(given.strip())):
            return found[0].lower()
    return None


# -- what may come through ---------------------------------------------------------------------------------------------


def _first(*given: Any, most: int) -> str:
    """The first that says something, as one line of plain text, no longer than `most`."""
    for words in given:
        if isinstance(words, str) and (said := one_line(html.unescape(words[: most * 10]))):
            return said if len(said) <= most else said[: most - 1].rstrip() + "…"
    return ""


def _web(given: Any, base: str) -> str:
    """The address, absolute, if it is one of the web."""
    if not isinstance(given, str) or not given.strip() or len(given) > LONGEST_URL:
        return ""
    try:
        found = urljoin(base, keepable(given.strip()))
        parts = urlsplit(found)
    except ValueError:
        return ""
    return found if parts.scheme in ("http", "https") and parts.hostname and len(found) <= LONGEST_URL else ""


def _first_url(base: str, *given: Any) -> str:
    return next((found for each in given if (found := _web(each, base))), "")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _side(given: Any) -> int:
    try:
        side = int(given)
    except (TypeError, ValueError, OverflowError):
        return 0
    return side if 0 < side <= MOST_SIDE else 0


def _moment(given: Any) -> int | None:
    """A moment in ms, from ISO 8601."""
    if not isinstance(given, str):
        return None
    try:
        found = dt.datetime.fromisoformat(given.strip()[:40])
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=dt.UTC)
    try:
        return int(found.timestamp() * 1000)
    except (OverflowError, ValueError):
        return None
