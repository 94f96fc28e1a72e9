"""Turns what a handler found into HTML: the templates, one environment per language, and what they may call.

Values flow in by name and are escaped; pages and fragments flow out. Nothing here reads the database.
"""

import datetime as dt
import functools
import html
import json
import os
import pathlib
import re
import secrets
import sys
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.numbers import format_compact_decimal, format_percent
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from parvis.core import clock, ids
from parvis.core.config import Settings
from parvis.core.words import LANGUAGES, N_, TONGUES, words_of
from parvis.people.accounts import Account
from parvis.people.details import Trait
from parvis.posts import text
from parvis.posts.emojis import Shelf
from parvis.posts.post import Emoji, Post
from parvis.timelines.trends import Day
from parvis.web.assets import ICONS, SHEET, SPRITE, assets
from parvis.web.looks import CHOICES, Look

THOUSAND: Final = 1000
NO_EMOJIS: Final = Shelf()
_TAG: Final = re.compile(r"(<[^>]*>)")
_ADDRESSED: Final = re.compile(r"(?:@[\w.@-]+\s+)+")
_CODE: Final = re.compile(r":[A-Za-z0-9_]+:")
TEMPLATES: Final = pathlib.Path(__file__).parent / "templates"
MODULES: Final = ("app.js", "feed.js", "live.js", "page.js", "times.js")
"""What every page loads at once; all other modules come when they are first needed."""
STYLES: Final = (
    ("watercolour", N_("Watercolour")),
    ("storybook", N_("Storybook")),
    ("ink", N_("Ink")),
    ("poster", N_("Poster")),
    ("low polygon", N_("Low polygon")),
    ("pixel", N_("Pixels")),
)
PLACES: Final[tuple[tuple[str, str, str], ...]] = (
    ("/explore", "compass", N_("Explore")),
    ("/messages", "mail", N_("Messages")),
    ("/bookmarks", "bookmark", N_("Bookmarks")),
    ("/lists", "list", N_("Lists")),
)
"""A member's own places beside the four that everyone has: address, icon, name."""
WITHIN: Final = {"/likes": "/bookmarks", "/collections": "/lists"}
"""Places whose tabs stand beside another's."""

SETTINGS_PAGES: Final[tuple[tuple[str, tuple[tuple[str, str, str, str], ...]], ...]] = (
    (
        N_("You"),
        (
            (
                "/settings/profile",
                "user-round",
                N_("Edit profile"),
                N_("Your name, your pictures, what you say of yourself"),
            ),
            ("/settings/appearance", "sun", N_("Appearance"), N_("Day or night, the size of text, the language")),
        ),
    ),
    (
        N_("What reaches you"),
        (
            ("/settings/notifications", "bell", N_("Notifications"), N_("Of whom you want to hear")),
            ("/settings/filters", "shield", N_("Filters"), N_("Words that you do not want to meet")),
            ("/settings/blocks", "ban", N_("Kept away"), N_("Whom you block or mute")),
        ),
    ),
    (
        N_("Your account"),
        (
            ("/settings/privacy", "eye", N_("Privacy"), N_("Who finds you, follows you and reads you")),
            ("/settings/security", "key-round", N_("Security"), N_("Password, passkeys, where you are signed in")),
            ("/settings/data", "database", N_("Your data"), N_("Your archive, moving, deleting the account")),
            ("/settings/strikes", "scale", N_("Decisions"), N_("What moderators decided about you")),
        ),
    ),
)
"""The pages of the settings, under what they are about: address, icon, name, what is found there."""

SCRIPT_WORDS: Final = {
    "now": N_("now"),
    "minutes": N_("{n}m"),
    "hours": N_("{n}h"),
    "days": N_("{n}d"),
    "new_post": N_("1 new post"),
    "new_posts": N_("{n} new posts"),
    "heard": N_("New post by {name}"),
    "failed": N_("That did not work. Try again."),
    "offline": N_("The network is away. Try again in a moment."),
    "copied": N_("The link is copied."),
    "posted": N_("Posted."),
    "see": N_("See it"),
    "deleted": N_("Deleted."),
    "muted": N_("Muted."),
    "blocked": N_("Blocked."),
    "most": N_("Up to 4 pictures."),
    "following": N_("You follow {name} now."),
    "close": N_("Close"),
    "compose": N_("Write a post"),
    "reply": N_("Reply"),
    "kept": N_("The picture is in your post."),
    "no_alt": N_("No description"),
    "cancel": N_("Cancel"),
    "making": N_("{name} is being made playable…"),
    "not_playable": N_("This file could not be made playable."),
    "crop": N_("Cut it to shape"),
    "crop_across": N_("Left and right"),
    "crop_down": N_("Up and down"),
    "crop_size": N_("Nearer"),
    "crop_not": N_("Leave it whole"),
    "crop_yes": N_("Take this part"),
    "next_part": N_("And then…"),
    "take_away": N_("Take this part away"),
    "ask_alt": N_("Some pictures have no description. Who cannot see them will miss them."),
    "post_anyway": N_("Post anyway"),
    "scheduled": N_("It will be posted when you said."),
    "undo": N_("Undo"),
    "hidden": N_("Hidden."),
    "bookmarked": N_("Kept among your bookmarks."),
    "unbookmarked": N_("No longer among your bookmarks."),
    "pinned": N_("Pinned to your profile."),
    "unpinned": N_("No longer pinned."),
    "hushed": N_("This conversation will not ring any more."),
    "unhushed": N_("This conversation may ring again."),
    "requested": N_("Asked"),
    "thread": N_("The whole thread"),
    "previous": N_("Previous picture"),
    "next": N_("Next picture"),
    "history": N_("History of changes"),
    "away": N_("The network is away. What you saw can still be read."),
    "kept_offline": N_("It will go out when the network is back."),
    "sent_later": N_("What you wrote without a network is posted."),
}
"""What the modules say, in the reader's language: they find it in the page's head."""


@functools.cache
def icon(name: str) -> Markup:
    """An icon of the sprites', drawn in the colour of the words beside it and silent to screen readers.

    Raises:
        KeyError: they have none of this name.
    """
    drawn = f'<svg class="icon" aria-hidden="true"><use href="{assets().url(ICONS[name])}#{name}"/></svg>'
    return Markup(drawn)  # noqa: S704 - names and address are ours, not anyone's input


def link_sheet(name: str) -> Markup:
    """The link to a style sheet of one page's own."""
    return Markup(f'<link rel="stylesheet" href="{assets().url(f"css/{name}.css")}">')  # noqa: S704 - the same


def prose(post: Post) -> Markup:
    """A post's words with its custom emoji as pictures."""
    return _dressed(post.html, post.more.emojis if post.more is not None else ())


def named(words: str, emojis: Shelf) -> Markup | str:
    """A name with its custom emoji as pictures; as it is where it has none."""
    return _dressed(html.escape(words), emojis.used_in(words)) if ":" in words else words


def unaddressed(words: str) -> str:
    """What is said to somebody, without the handles before it."""
    addressed = _ADDRESSED.match(words)
    return words[addressed.end() :] if addressed else words


def said(words: str, emojis: Shelf) -> Markup:
    """What somebody says of themselves: links and hashtags alive, custom emoji as pictures."""
    return _dressed(text.render(text.tokens(words), lambda _: None), emojis.used_in(words))


def told(words: str, emojis: Shelf) -> Markup:
    """The same on one line; a link in it says that it is their own."""
    shown = str(said(words, emojis)).removeprefix("<p>").removesuffix("</p>")
    return Markup(shown.replace('rel="nofollow', 'rel="me nofollow'))  # noqa: S704 - made and escaped by `said`


def _dressed(shown: str, emojis: tuple[Emoji, ...]) -> Markup:
    pictures = {f":{emoji.shortcode}:": _emoji(emoji) for emoji in emojis}
    if pictures:
        shown = "".join(
            piece if piece.startswith("<") else _CODE.sub(lambda code: pictures.get(code[0], code[0]), piece)
            for piece in _TAG.split(shown)
        )
    return Markup(shown)  # noqa: S704 - escaped before


def _emoji(emoji: Emoji) -> str:
    code = html.escape(emoji.shortcode)
    return (
        f'<picture><source srcset="/media/{emoji.still}" media="(prefers-reduced-motion: reduce)">'
        f'<img class="custom-emoji" src="/media/{emoji.blob}" alt=":{code}:" title=":{code}:" loading="lazy"></picture>'
    )


def account_path(account: Account) -> str:
    """Where an account's profile is."""
    return f"/@{account.acct}"


def post_path(post: Post) -> str:
    """Where a post's thread is."""
    return f"/@{post.author.acct}/{post.id}"


def context_of(path: str) -> str:
    """Where a page of this address counts for a member's filters."""
    if path == "/" or path.startswith("/lists"):
        return "home"
    if path.startswith("/notifications"):
        return "notifications"
    if path.startswith("/@"):
        whose, _, rest = path[2:].partition("/")
        return "thread" if rest.isdigit() and whose else "account"
    return "public"


def met(post: Post, path: str, viewer: Account | None) -> tuple[list[str], bool]:
    """The names of the filters that fold the post away on this page, and whether one covers its pictures."""
    if not post.filtered or viewer is None or viewer.id == post.shown.author.id:
        return [], False
    here = [match for match in post.filtered if context_of(path) in match.contexts]
    return [match.title for match in here if match.action != "blur"], any(match.action == "blur" for match in here)


def translatable(post: Post, language: str) -> bool:
    """Whether the post is in another language than the reader's, from which it may be put into it."""
    spoken = (post.language or language).split("-")[0].lower()
    return spoken != language and bool(post.text) and post.visibility in ("public", "unlisted")


def spark(week: Sequence[Day]) -> str:
    """The points of a little line, 72 by 24, that tells how many people took something up on each day."""
    return line([day.accounts for day in reversed(week)])


def line(counts: Sequence[int]) -> str:
    """The points of a little line, 72 by 24, through what was counted on each day, the oldest first."""
    heights = counts or [0]
    most, step = max(1, *heights), 72 / max(1, len(heights) - 1)
    return " ".join(f"{place * step:.1f},{22 - 20 * height / most:.1f}" for place, height in enumerate(heights))


def face(account: Account, kind: str = "svg") -> str:
    """The address of an account's picture; a pane of stained glass where it chose none."""
    return f"/media/{account.avatar}" if account.avatar else f"/faces/{account.id}.{kind}"


def crawled(account: Account) -> bool:
    """Whether search engines of others may keep what is on the account's pages."""
    return not account.traits & (Trait.UNCRAWLED | Trait.UNINDEXED)


def header_picture(account: Account) -> str:
    """The address of the picture above a profile."""
    return f"/media/{account.header}" if account.header else f"/faces/{account.id}/wide.svg"


def _local(milliseconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC)


def ago(milliseconds: int, language: str) -> str:
    """How long ago, as short as it can be said: `5m`, `2h`, `3d`, then the date."""
    words = words_of(language)
    passed = max(0, clock.now() - milliseconds)
    if passed < clock.MINUTE:
        return words.gettext(SCRIPT_WORDS["now"])
    for unit, name, beyond in (
        (clock.MINUTE, "minutes", clock.HOUR),
        (clock.HOUR, "hours", clock.DAY),
        (clock.DAY, "days", 7 * clock.DAY),
    ):
        if passed < beyond:
            return words.gettext(SCRIPT_WORDS[name]).format(n=passed // unit)
    moment = _local(milliseconds)
    same_year = moment.year == _local(clock.now()).year
    return format_skeleton("MMMd" if same_year else "yMMMd", moment, locale=language)


def long_ago(milliseconds: int, language: str) -> str:
    """How long ago, in a sentence: `5 minutes ago`, `3 days ago`."""
    passed = max(0, clock.now() - milliseconds)
    if passed < clock.MINUTE:
        return words_of(language).gettext(N_("just now"))
    return format_timedelta(dt.timedelta(milliseconds=-passed), add_direction=True, locale=language)


@functools.lru_cache(maxsize=4096)
def moment(milliseconds: int, language: str) -> str:
    """Date and time in full, UTC."""
    at = _local(milliseconds)
    return f"{format_date(at, 'long', locale=language)} · {format_time(at, 'short', locale=language)} UTC"


def timed(milliseconds: int, language: str) -> Markup:
    """Date and time in full: UTC, until a script tells it by the reader's own clock."""
    iso, told = clock.iso(milliseconds), moment(milliseconds, language)
    return Markup('<time datetime="{}" data-moment>{}</time>').format(iso, told)


@functools.lru_cache(maxsize=512)
def month(milliseconds: int, language: str) -> str:
    """Month and year."""
    return format_skeleton("yMMMM", _local(milliseconds), locale=language)


@functools.lru_cache(maxsize=2048)
def compact(number: int, language: str) -> str:
    """A count as a feed shows it: `1.2K`."""
    digits = 1 if number >= THOUSAND else 0
    return format_compact_decimal(number, format_type="short", locale=language, fraction_digits=digits)


def direction_of(language: str) -> str:
    """Which way a language is written: `ltr` or `rtl`."""
    return Locale.parse(language).text_direction


@functools.cache
def tongues() -> list[tuple[str, str]]:
    """The languages, each under its own name."""
    named = [(code, Locale.parse(code).get_display_name(code) or code) for code in TONGUES]
    return sorted(named, key=lambda one: one[1].casefold())


def _compiled(language: str) -> FileSystemBytecodeCache | None:
    """Where compiled templates outlive the process: beside the compiled modules, if Python writes those there."""
    folder = TEMPLATES.with_name("__pycache__")
    if sys.dont_write_bytecode or not os.access(folder, os.W_OK):
        return None
    return FileSystemBytecodeCache(str(folder), f"{language}-%s.cache")


@functools.cache
def environment(language: str) -> Environment:
    """The templates as one language speaks them."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
        bytecode_cache=_compiled(language),
    )
    words = words_of(language)
    found.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined] # the extension adds it
    found.filters.update(
        prose=prose,
        named=named,
        said=said,
        unaddressed=unaddressed,
        told=told,
        ago=lambda ms: ago(ms, language),
        long_ago=lambda ms: long_ago(ms, language),
        moment=lambda ms: moment(ms, language),
        timed=lambda ms: timed(ms, language),
        month=lambda ms: month(ms, language),
        compact=lambda number: compact(number, language),
        iso=clock.iso,
        percent=lambda share: format_percent(share, locale=language),
        host=lambda url: urlsplit(url).hostname or "",
        id_moment=ids.moment_of,
    )
    found.globals.update(
        icon=icon,
        asset=assets().url,
        modules=MODULES,
        sheet=SHEET,
        sprite=SPRITE,
        icons=sorted(ICONS),
        looks=CHOICES,
        places=PLACES,
        settings_pages=SETTINGS_PAGES,
        link_sheet=link_sheet,
        met=met,
        spark=spark,
        line=line,
        translatable=translatable,
        account_path=account_path,
        post_path=post_path,
        face=face,
        crawled=crawled,
        header_picture=header_picture,
        languages=LANGUAGES,
        language=language,
        direction=direction_of(language),
        drawing_styles=STYLES,
        tongues=tongues(),
        new_key=lambda: secrets.token_urlsafe(12),
        script_words=json.dumps(
            {name: words.gettext(sentence) for name, sentence in SCRIPT_WORDS.items()}, ensure_ascii=False
        ),
    )
    return found


def place_of(path: str) -> str:
    """Which of the places that the menu names a page belongs to, by its address."""
    place = path if path.startswith("/@") else "/" + path.split("/")[1]
    return WITHIN.get(place, place)


def render(template: str, language: str, settings: Settings, context: dict[str, Any]) -> str:
    """The template with what the handler found, in the reader's language."""
    path = context.get("path", "/")
    given = {
        "viewer": None,
        "live": False,
        "look": Look(),
        "unread": 0,
        "suggested": (),
        "path": path,
        "place": place_of(path),
        "channels": "",
        "waiting": 0,
        "staff": False,
        "translates": False,
        "emojis": NO_EMOJIS,
    }
    return environment(language).get_template(template).render(given | {"settings": settings} | context)


def post_fragment(post: Post, language: str, settings: Settings, emojis: Shelf = NO_EMOJIS) -> str:
    """One post as anyone who may see it sees it arrive; what only its reader knows is left to the page."""
    return render("fragments/post.html", language, settings, {"entry": post, "live": True, "emojis": emojis})
