"""What leaves: the model's text flows in as it came, plain words that can do no harm flow out.

Nobody is mentioned, no link leads where the thread did not already lead, and no sign of the prompt or of markup is
left, whatever the model was talked into. What is too long, or was cut off, ends at its last whole sentence.
"""

import re
from collections.abc import Collection

import regex

from parvis.posts import text

LONGEST = 450  # graphemes of an answer
_TOKENS = re.compile(r"<\|[^|<>]{0,40}\|>|</?(thread|s|think|assistant|user|system)>", re.IGNORECASE)
_FENCE = re.compile(r"^\s*(```|~~~)\w*\s*$", re.MULTILINE)
_HEADING = re.compile(r"^\s{0,3}(#{1,6}\s+|>\s+|[-*•]\s+)", re.MULTILINE)
_STRESS = re.compile(r"(\*\*|__|``?)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_STAR = re.compile(r"(?<!\w)\*(?=\S)([^*\n]+)(?<=\S)\*(?!\w)")
_MARKDOWN_LINK = re.compile(r"!?\[([^\]\n]{0,200})\]\([^)\s]{0,500}\)")
_NUMBER = re.compile(r"\s?\[\d{1,3}\](?:,?\s?\[\d{1,3}\])*")
_ROLE = re.compile(
    r"^(?:[@\uff20]?(?:parvis|assistant)|answer|response|réponse|réponds)\s*(?:\([^)\n]{0,40}\))?\s*[:\uff1a]\s*",
    re.IGNORECASE,
)
_PREAMBLE = re.compile(
    r"^(?:(?:sure|of course|certainly|yes|bien sûr|oui|d'accord)[,!. ]+)?"
    r"(?:i can|here is|here's|je peux|voici)\b[^.:!\n]{0,80}[.:!]\s+",
    re.IGNORECASE,
)
_SENTENCE_END = regex.compile(r"[.!?…。\uff01\uff1f](?:[\"”\u2019»)\]]|\s»)?(?=\s|$)")
_SENTENCES = regex.compile(r"(?<=[.!?…。\uff01\uff1f][\"”\u2019»)]?\s)")
_FIGURE = re.compile(r"\d+")
_SAYS_SOMETHING = regex.compile(r"[\p{L}\p{N}\p{So}]")
_INVISIBLE = regex.compile(r"[\p{Cf}--[\u200d]]", regex.V1)  # joins of emoji stay
_QUOTES = (('"', '"'), ("“", "”"), ("«", "»"))


def plain(
    raw: str, links: Collection[str], names: Collection[str] = (), *, whole: bool = True, limit: int = LONGEST
) -> str:
    """The answer in plain words, at most `limit` graphemes; empty when nothing is left of it.

    `links` are the addresses that may stay, `names` the handles after which a line may not pretend to be said,
    `whole` whether the model came to its end.
    """
    words = _INVISIBLE.sub("", text.tidy(raw))
    words = _FENCE.sub("", _TOKENS.sub("", words)).strip()
    words = _ROLE.sub("", words)
    for opening, closing in _QUOTES:
        inside = words[1:-1]
        if words.startswith(opening) and words.endswith(closing) and not {opening, closing} & set(inside):
            words = inside.strip()
    words = _ROLE.sub("", words)
    words = _PREAMBLE.sub("", words)
    words = _STRESS.sub(r"\2", _HEADING.sub("", _NUMBER.sub("", _MARKDOWN_LINK.sub(r"\1", words))))
    words = _STAR.sub(r"\1", words).replace("`", "")
    words = _one_speaker(words, names)
    words = _unsaid_twice(_quiet(words, links))
    return _fit(words, limit, whole=whole) if _SAYS_SOMETHING.search(words) else ""


def grounded(words: str, sources: Collection[str]) -> str:
    """The words without the sentences whose figures stand in none of the sources: small models invent prices and dates.

    Figures up to the number of sources may be counts, and stay.
    """
    known = {figure for source in sources for figure in _FIGURE.findall(source)} | {
        str(count) for count in range(len(sources) + 1)
    }
    return "".join(
        sentence for sentence in _SENTENCES.split(words) if all(figure in known for figure in _FIGURE.findall(sentence))
    ).strip()


def links_of(words: str) -> set[str]:
    """The addresses that a text leads to."""
    return {piece.value for piece in text.tokens(text.tidy(words)) if piece.kind == "link"}


def _one_speaker(words: str, names: Collection[str]) -> str:
    """The words up to where the model begins to play another member's part."""
    if not names:
        return words
    others = "|".join(re.escape(name) for name in names)
    return re.split(
        rf"\n\s*(?:\[?\d*\]?\s*)?(?:{others})\s*(?:asks(?: you)?|te demande)?\s*[:\uff1a]", words, maxsplit=1
    )[0]


def _quiet(words: str, links: Collection[str]) -> str:
    """The words with nobody mentioned, and without foreign links; looked at again until nothing is found."""
    while True:
        pieces = text.tokens(words)
        if not any(_is_harmful(piece, links) for piece in pieces):
            break
        words = "".join(_harmless(piece, links) for piece in pieces)
    return re.sub(r"[ \t]+(?=[\n.,]|$)", "", re.sub(r"[ \t]{2,}", " ", re.sub(r"\n{3,}", "\n\n", words))).strip()


def _is_harmful(piece: text.Token, links: Collection[str]) -> bool:
    return piece.kind == "mention" or (piece.kind == "link" and piece.value not in links)


def _harmless(piece: text.Token, links: Collection[str]) -> str:
    if not _is_harmful(piece, links):
        return piece.text
    return re.sub("[@\uff20]", " ", piece.text).strip() if piece.kind == "mention" else ""


def _unsaid_twice(words: str) -> str:
    """The words without a sentence that repeats an earlier one: small models run in circles."""
    kept: list[str] = []
    said: set[str] = set()
    for sentence in _SENTENCES.split(words):
        key = " ".join(sentence.casefold().split())
        if key and key in said:
            continue
        said.add(key)
        kept.append(sentence)
    return "".join(kept).strip()


def _fit(words: str, limit: int, *, whole: bool) -> str:
    if text.graphemes(words) > limit:
        words = "".join(regex.findall(r"\X", words)[: limit - 1])
        whole = False
    if whole:
        return words
    ends = [end.end() for end in _SENTENCE_END.finditer(words)]
    if ends and ends[-1] >= len(words) // 3:
        return words[: ends[-1]].rstrip()
    return words.rstrip(" ,;:-\u2013\u2014") + "…" if words else ""
