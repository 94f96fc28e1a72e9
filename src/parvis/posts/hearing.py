"""Which language a text is in: words flow in, a language code flows out, or nothing where nobody can tell."""

from parvis.ai.protocols import Classifier, Unavailable
from parvis.posts.text import tokens


async def language_of(text: str, classifier: Classifier) -> str | None:
    """The ISO 639-1 code of the text's own words, mentions, tags and links left out; None when it cannot be told."""
    spoken = "".join(piece.text for piece in tokens(text) if piece.kind == "words").strip()
    try:
        return await classifier.language(spoken) if spoken else None
    except Unavailable:
        return None
