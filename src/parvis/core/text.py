"""Text as both engines can keep it and a page can show it: what nobody types on purpose is taken out.

PostgreSQL refuses NUL, UTF-8 has no lone surrogates, and a direction override in a name turns the rest of the line
around.
"""

import re

_UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SPACE = re.compile(r"\s+")


def keepable(text: str) -> str:
    """The text without control characters (but tab and line end) and lone surrogates; line ends as Unix has them."""
    return _UNKEEPABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """The text on one line: as `keepable`, each run of space one space, none at the ends, no direction overrides."""
    return _SPACE.sub(" ", _TURNING.sub("", keepable(text))).strip()
