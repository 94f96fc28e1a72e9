"""Terms: what full-text search looks for, the same on every engine.

Text in any script flows in, its terms flow out in their order. Words are folded (case, width, accents); scripts that
put no spaces between words (Chinese, Japanese, Korean, Thai, Lao, Burmese, Khmer) become overlapping pairs of letters,
so that any part of what is written is a phrase of pairs. Beside the words stand signs that no text can hold: whose post
it is, and what it carries.
"""

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

MOST_TERMS: Final = 4000
LONGEST_TERM: Final = 64
SIGN: Final = "\N{FEMININE ORDINAL INDICATOR}"  # folds to `a` wherever somebody writes it

_MARKS = "".join(
    chr(code) for code in range(0x300, sys.maxunicode + 1) if unicodedata.category(chr(code)) in {"Mn", "Mc"}
)
_RUN = re.compile(f"(?:[^\\W_]|[{_MARKS}])+")
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0670]")
_UNSPACED = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+)"
)


def folded(text: str) -> str:
    """The text as it is compared: one width, no case, no accents."""
    decomposed = unicodedata.normalize("NFKD", text.replace(SIGN, "a").casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", decomposed))


def terms_of(text: str) -> list[str]:
    """The terms of a text that is to be found."""
    return list(_terms(text, whole=True))[:MOST_TERMS]


def asked_for(text: str) -> list[str]:
    """The terms of what somebody looks for; a lone letter of an unspaced script ends in `*`: whatever begins so."""
    return list(_terms(text, whole=False))[:MOST_TERMS]


def _terms(text: str, *, whole: bool) -> Iterator[str]:
    for run in _RUN.findall(folded(text)):
        for place, part in enumerate(_UNSPACED.split(run)):
            if place % 2 == 0:
                if part:
                    yield part[:LONGEST_TERM]
                continue
            yield from (part[here : here + 2] for here in range(len(part) - 1))
            if whole:
                yield part[-1]
            elif len(part) == 1:
                yield f"{part}*"


def sign(kind: str, value: object = "") -> str:
    """The sign of what a text cannot say of a post: `sign("by", 1)`, `sign("media")`."""
    return f"{SIGN}{kind}{value}"


def signs(*, author: int, language: str | None, reply: bool, sensitive: bool, carries: Iterable[str]) -> list[str]:
    """All signs of a post; `carries` are media, picture, film, sound, poll, link."""
    found = [sign("by", author)]
    if language:
        found.append(sign("in", language.partition("-")[0].lower()))
    if reply:
        found.append(sign("reply"))
    if sensitive:
        found.append(sign("sensitive"))
    return found + [sign(one) for one in dict.fromkeys(carries)]
