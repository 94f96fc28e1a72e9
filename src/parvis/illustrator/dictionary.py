"""The dictionary of one language: the lexicon, and behind it CLDR's names for everything that has an icon.

Phrases go in as they were typed; meanings come out, with whether the phrase was a plural. A name given by CLDR counts
more than one of its keywords, and a keyword shared by many things means none of them.
"""

import threading
from collections.abc import Iterator
from typing import ClassVar

from parvis.illustrator import lexicon
from parvis.illustrator.art import Art, Language
from parvis.illustrator.lexicon import Meaning, plain

_SHARED_BY_TOO_MANY = 3
_ANIMAL_RANGES = ((0x1F400, 0x1F43F), (0x1F980, 0x1F9AE), (0x1FABC, 0x1FABF), (0x1FACD, 0x1FACF))
_NOT_DRAWN = (  # smileys, hands, people, signs, clocks, flags
    (0x0000, 0x218F), (0x2190, 0x22FF), (0x2300, 0x23FF), (0x2460, 0x25FF), (0x2648, 0x2653), (0x2700, 0x2701),
    (0x2705, 0x2707), (0x270A, 0x270D), (0x2714, 0x2743), (0x274C, 0x2757), (0x2795, 0x27BF), (0x2900, 0x2BFF), (0x3000, 0x32FF),
    (0x1F000, 0x1F2FF), (0x1F440, 0x1F450), (0x1F464, 0x1F487), (0x1F48B, 0x1F48B), (0x1F4F4, 0x1F4F6), (0x1F500, 0x1F51D), (0x1F520, 0x1F525),
    (0x1F52F, 0x1F573), (0x1F57A, 0x1F57A), (0x1F58A, 0x1F596), (0x1F5E3, 0x1F5E3), (0x1F5E8, 0x1F5EF), (0x1F600, 0x1F64F), (0x1F6AB, 0x1F6B1),
    (0x1F6B3, 0x1F6BF), (0x1F6C0, 0x1F6C5), (0x1F7E0, 0x1F7FF), (0x1F90C, 0x1F939), (0x1F93C, 0x1F93E), (0x1F970, 0x1F97A), (0x1F9B0, 0x1F9BB), (0x1F9CD, 0x1F9DF),
    (0x1FAE0, 0x1FAFF), (0x1F3FB, 0x1F3FF), (0x1F300, 0x1F30C), (0x1F311, 0x1F321), (0x1F3C2, 0x1F3C4), (0x1F3C7, 0x1F3C7), (0x1F3CA, 0x1F3CC), (0x1F1E6, 0x1F1FF),
)  # fmt: skip


class Dictionary:
    """What phrases of one language mean."""

    _made: ClassVar[dict[tuple[int, Language], "Dictionary"]] = {}
    _making: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, art: Art, language: Language) -> None:
        self._art = art  # held, so that its id stays its own
        self._names: dict[str, str] = {}
        keywords: dict[str, list[str]] = {}
        for sign, names in art.names(language).items():
            if not drawable(sign) or art.find(sign) is None:
                continue
            self._names.setdefault(_key(names.name), sign)
            for keyword in names.keywords:
                if _key(keyword) in lexicon.NEVER_KEYWORDS:
                    continue
                keywords.setdefault(_key(keyword), []).append(sign)
        self._keywords = {
            key: signs[0] for key, signs in keywords.items() if len(signs) <= _SHARED_BY_TOO_MANY and len(key) > 2
        }

    @classmethod
    def of(cls, art: Art, language: Language) -> "Dictionary":
        """The dictionary for this art and language, made once."""
        with cls._making:
            made = cls._made.get((id(art), language))
            if made is None:
                made = cls._made[id(art), language] = cls(art, language)
            return made

    def look_up(self, phrase: list[str]) -> tuple[tuple[Meaning, ...], bool]:
        """What a phrase means, and whether it stood in the plural; nothing means ((), False)."""
        typed = [lexicon.ACCENTED.get(word.lower(), plain(word)) for word in phrase]
        if len(typed) == 1 and typed[0] in lexicon.FILLERS:
            return (), False
        for words in _forms(typed):
            key = " ".join(words)
            found = lexicon.meanings().get(key) or self._named(key)
            if found:
                return found, words != typed
        return (), False

    def signs_in(self, prompt: str) -> Iterator[str]:
        """The emoji a prompt holds that have an icon, each once."""
        for sign in dict.fromkeys(prompt.replace("\ufe0f", "")):
            if ord(sign) > 0x2190 and drawable(sign) and self._art.find(sign):
                yield sign

    @staticmethod
    def meaning_of_sign(sign: str) -> Meaning:
        """Whether an emoji is somebody or something."""
        return Meaning("animal" if sign in lexicon.ANIMALS or _is_animal(sign) else "thing", sign)

    def _named(self, key: str) -> tuple[Meaning, ...]:
        sign = self._names.get(key) or self._keywords.get(key)
        return (self.meaning_of_sign(sign),) if sign else ()


def _key(name: str) -> str:
    return plain(name).replace("\u2019", " ").replace("'", " ").replace("-", " ")


def drawable(sign: str) -> bool:
    """Whether a sign is one emoji that shows somebody or something."""
    sign = sign.replace("\ufe0f", "")
    if sign in lexicon.ANIMALS:
        return True
    return len(sign) == 1 and not any(low <= ord(sign) <= high for low, high in _NOT_DRAWN)


def _is_animal(sign: str) -> bool:
    return any(low <= ord(sign[0]) <= high for low, high in _ANIMAL_RANGES)


def _forms(words: list[str]) -> Iterator[list[str]]:
    """The words as typed, then each likely singular of the last or of all."""
    yield words
    for one in _singulars(words[-1]):
        yield [*words[:-1], one]
    if len(words) > 1:
        yield [next(iter(_singulars(word)), word) for word in words]


def _singulars(word: str) -> Iterator[str]:
    if len(word) < 4:
        return
    for ending, instead in (
        ("eaux", "eau"),
        ("aux", "al"),
        ("ies", "y"),
        ("ves", "f"),
        ("s", ""),
        ("es", ""),
        ("x", ""),
    ):
        if word.endswith(ending):
            yield word.removesuffix(ending) + instead
