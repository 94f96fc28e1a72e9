"""What the network says, in the reader's language.

The English sentences in code and templates are the keys; `words.fr.po` holds the French ones. A catalogue is read once,
and a sentence it lacks stays English.
"""

import functools
import gettext
import io
import pathlib
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from parvis.core.errors import Refused

LANGUAGES = {"en": "English", "fr": "Français"}
TONGUES: Final = (
    "ar", "ca", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko", "nl",
    "no", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi", "zh",
)  # fmt: skip
"""Languages that a post may be said to be in."""

FOLDER = pathlib.Path(__file__).parent


def _keep(message: str) -> str:
    return message


N_ = _keep
"""Marks a sentence for the catalogues where it stands, though it is translated elsewhere."""


@functools.cache
def words_of(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; English for any that has none."""
    path = FOLDER / f"words.{language}.po"
    if language not in LANGUAGES or not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def say(refusal: Refused, language: str) -> str:
    """A refusal's message in the reader's language, with what it is about filled in."""
    sentence = words_of(language).gettext(refusal.message)
    return sentence.format_map(refusal.parameters) if refusal.parameters else sentence


def chosen_language(accepted: str, fallback: str) -> str:
    """The first language of an Accept-Language header that we speak, or the fallback. Reads at most 20 of them."""
    wishes: list[tuple[float, str]] = []
    for part in accepted.split(",", 20)[:20]:
        name, _, weight = part.strip().partition(";q=")
        try:
            wishes.append((-float(weight or 1), name.split("-")[0].lower()))
        except ValueError:
            continue
    for _, name in sorted(wishes, key=lambda wish: wish[0]):
        if name in LANGUAGES:
            return name
    return fallback if fallback in LANGUAGES else "en"
