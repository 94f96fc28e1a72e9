"""Moments, counts and languages, as the reader's language tells them."""

import datetime as dt
import functools
from typing import Final

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.numbers import format_compact_decimal
from markupsafe import Markup

from parvis.core import clock
from parvis.core.words import N_, TONGUES, words_of
from parvis.web.scripts import SCRIPT_WORDS

THOUSAND: Final = 1000


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
def day(milliseconds: int, language: str) -> str:
    """The day, with the name that it has in the week."""
    return format_skeleton("yMMMMEEEEd", _local(milliseconds), locale=language)


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
