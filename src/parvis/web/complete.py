"""What one may mean, while one types: people after an @, hashtags after a #, emoji after a colon."""

import functools
import pathlib
import unicodedata
from typing import Any, Final

from starlette.responses import Response

from parvis.core.text import keepable
from parvis.people.accounts import Account
from parvis.people.lookup import look_up
from parvis.posts.emojis import all_emojis
from parvis.store.transaction import Tx
from parvis.timelines.search import search_tags
from parvis.web import page
from parvis.web.visit import Visit

MOST: Final = 6
RANGES: Final = ((0x1F300, 0x1F6FF), (0x1F900, 0x1F9FF), (0x1FA70, 0x1FAFF), (0x2600, 0x27BF))
NAMES: Final = pathlib.Path(__file__).with_name("emoji.txt")
"""Emoji that people use most, under the words they use for them, in English and in French."""

Option = dict[str, Any]


@functools.cache
def known() -> list[tuple[str, str]]:
    """Emoji with the words that they are found by; those that people use most come first."""
    common = [tuple(line.split(" ", 1)) for line in NAMES.read_text().splitlines() if line]
    taken = {emoji for emoji, _ in common}
    others = [
        (character, unicodedata.name(character).lower().replace(" ", "_"))
        for first, last in RANGES
        for code in range(first, last + 1)
        if (character := chr(code)) not in taken and unicodedata.category(character) == "So"
    ]
    return [(emoji, words) for emoji, words in common] + others


def _emojis(asked: str) -> list[Option]:
    begun = asked.lower()
    first = [(emoji, words) for emoji, words in known() if any(word.startswith(begun) for word in words.split())]
    further = [(emoji, words) for emoji, words in known() if begun in words and not words.startswith(begun)]
    found = dict.fromkeys([*first, *further])
    return [{"emoji": emoji, "label": words.split()[0], "put": emoji} for emoji, words in list(found)[:MOST]]


async def _custom(tx: Tx, asked: str) -> list[Option]:
    return [
        {"face": f"/media/{emoji.still}", "label": emoji.shortcode, "put": f":{emoji.shortcode}:"}
        for emoji, offered in await all_emojis(tx)
        if offered and emoji.shortcode.lower().startswith(asked.lower())
    ][:MOST]


async def _people(tx: Tx, viewer: Account | None, asked: str, *, following: bool = False) -> list[Option]:
    return [
        {
            "face": page.face(account),
            "machine": account.kind != "person",
            "label": account.name,
            "note": f"@{account.acct}",
            "put": f"@{account.acct}",
            "path": page.account_path(account),
        }
        for account in await look_up(tx, viewer, asked, following=following, limit=MOST)
    ]


async def _tags(tx: Tx, asked: str) -> list[Option]:
    return [
        {"label": f"#{tag}", "put": f"#{tag}", "path": f"/tags/{tag}"}
        for tag in await search_tags(tx, asked, limit=MOST)
    ]


async def complete(visit: Visit, tx: Tx) -> Response:
    """The options for what was begun; all of people and hashtags where nothing says which."""
    await visit.hold("complete", "240/minute")
    asked = keepable(visit.query("q", 60)).strip()
    sign, rest = asked[:1], asked[1:]
    options: list[Option] = []
    if sign == ":" and rest:
        options = [*(await _custom(tx, rest)), *_emojis(rest)][:MOST]
    elif sign == "@" and rest:
        options = await _people(tx, visit.viewer, rest, following=visit.query("following", 1) == "1")
    elif sign == "#" and rest:
        options = await _tags(tx, rest)
    elif asked:
        options = [*(await _people(tx, visit.viewer, asked)), *(await _tags(tx, asked))]
    return visit.json({"options": options})
