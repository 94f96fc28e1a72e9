"""Turns what a handler found into HTML: the templates, one environment per language, and what they may call.

Values flow in by name and are escaped; pages and fragments flow out. Nothing here reads the database.
"""

import functools
import json
import os
import pathlib
import secrets
import sys
from collections.abc import Mapping, Sequence
from gettext import NullTranslations
from typing import Any, Final
from urllib.parse import urlsplit

from babel.numbers import format_percent
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from parvis.core import clock, ids
from parvis.core.config import Settings
from parvis.core.words import LANGUAGES, N_, words_of
from parvis.people.accounts import Account
from parvis.people.details import Trait
from parvis.posts.emojis import Shelf
from parvis.posts.post import Post
from parvis.timelines.trends import Day
from parvis.web.assets import ICONS, SHEET, SPRITE, assets
from parvis.web.looks import CHOICES, Look
from parvis.web.scripts import CROP_WORDS, MODULES, SCRIPT_WORDS
from parvis.web.signposts import PLACES, SETTINGS_PAGES, place_of
from parvis.web.telling import ago, compact, day, direction_of, long_ago, moment, month, timed, tongues
from parvis.web.wording import Emojis, named, prose, said, told, unaddressed, unaddressed_prose

NO_EMOJIS: Final = Emojis(Shelf())
TEMPLATES: Final = pathlib.Path(__file__).parent / "templates"
STYLES: Final = (
    ("watercolour", N_("Watercolour")),
    ("storybook", N_("Storybook")),
    ("ink", N_("Ink")),
    ("poster", N_("Poster")),
    ("low polygon", N_("Low polygon")),
    ("pixel", N_("Pixels")),
)


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
    if path.startswith("/messages"):
        return "thread"
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


def face(account: Account, kind: str = "svg", *, moving: bool = False) -> str:
    """The address of an account's picture; a pane of stained glass where it chose none."""
    if moving and account.moving_avatar:
        return f"/media/{account.moving_avatar}"
    return f"/media/{account.avatar}" if account.avatar else f"/faces/{account.id}.{kind}"


def crawled(account: Account) -> bool:
    """Whether search engines of others may keep what is on the account's pages."""
    return not account.traits & (Trait.UNCRAWLED | Trait.UNINDEXED)


def header_picture(account: Account) -> str:
    """The address of the picture above a profile."""
    return f"/media/{account.header}" if account.header else f"/faces/{account.id}/wide.svg"


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
        unaddressed_prose=unaddressed_prose,
        told=told,
        ago=lambda ms: ago(ms, language),
        long_ago=lambda ms: long_ago(ms, language),
        moment=lambda ms: moment(ms, language),
        timed=lambda ms: timed(ms, language),
        month=lambda ms: month(ms, language),
        day=lambda ms: day(ms, language),
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
        script_words=_in_their_language(words, SCRIPT_WORDS),
        crop_words=_in_their_language(words, SCRIPT_WORDS | CROP_WORDS),
    )
    return found


def _in_their_language(words: NullTranslations, sentences: Mapping[str, str]) -> str:
    return json.dumps({name: words.gettext(sentence) for name, sentence in sentences.items()}, ensure_ascii=False)


def render(template: str, language: str, settings: Settings, context: dict[str, Any]) -> str:
    """The template with what the handler found, in the reader's language."""
    path = context.get("path", "/")
    given = {
        "viewer": None,
        "live": False,
        "look": Look(),
        "unread": 0,
        "unread_chats": 0,
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


def post_fragment(post: Post, language: str, settings: Settings, emojis: Shelf, motion: str) -> str:
    """One post as anyone who may see it sees it arrive; what only its reader knows is left to the page."""
    reader = {"emojis": Emojis(emojis, motion), "look": Look(motion=motion)}
    return render("fragments/post.html", language, settings, {"entry": post, "live": True} | reader)
