"""How a reader wants the pages to look: day or night, contrast, size of text, motion. One cookie holds it all.

The words of the cookie flow in, attributes of `<html>` flow out; what is not said is left to the device.
"""

from typing import Final

import msgspec

from parvis.core.words import N_

Choice = tuple[str, str, str]  # the value, its label, its icon

CHOICES: Final[dict[str, tuple[str, tuple[Choice, ...]]]] = {
    "theme": (
        N_("Light"),
        (("", N_("As the device"), "monitor"), ("light", N_("Day"), "sun"), ("dark", N_("Night"), "moon")),
    ),
    "contrast": (
        N_("Contrast"),
        (("", N_("As the device"), "monitor"), ("soft", N_("Normal"), "eye"), ("strong", N_("High"), "contrast")),
    ),
    "size": (
        N_("Size of text"),
        (("", N_("Normal"), "type"), ("large", N_("Large"), "type"), ("huge", N_("Very large"), "type")),
    ),
    "motion": (
        N_("Motion"),
        (("", N_("As the device"), "monitor"), ("lively", N_("Lively"), "sparkles"), ("still", N_("Still"), "minus")),
    ),
    "descriptions": (
        N_("Pictures without a description"),
        (("", N_("Post them"), "image"), ("asked", N_("Ask me first"), "captions")),
    ),
}
"""What can be chosen, under which heading; an empty value leaves it to the device."""


class Look(msgspec.Struct, frozen=True):
    """A reader's choices; empty where they made none."""

    theme: str = ""
    contrast: str = ""
    size: str = ""
    motion: str = ""
    descriptions: str = ""

    @property
    def attributes(self) -> str:
        """The choices as attributes of `<html>`."""
        return "".join(f' data-{name}="{value}"' for name, value in msgspec.structs.asdict(self).items() if value)

    @property
    def cookie(self) -> str:
        """The choices as the cookie keeps them."""
        return ".".join(value for value in msgspec.structs.astuple(self) if value)


def look_of(cookie: str) -> Look:
    """The choices that a cookie keeps; words that nobody offered are not heard."""
    said = set(cookie[:100].split("."))
    return chosen({name: next((c[0] for c in offered if c[0] in said), "") for name, (_, offered) in CHOICES.items()})


def chosen(wishes: dict[str, str]) -> Look:
    """A look of these wishes; what was never offered is left to the device."""
    allowed = {name: {value for value, _, _ in offered} for name, (_, offered) in CHOICES.items()}
    return Look(**{name: value if value in allowed[name] else "" for name, value in wishes.items() if name in allowed})
