"""A draft: what a member wants to say, before it is a post."""

import msgspec

from parvis.core.errors import Invalid
from parvis.core.ids import MediaId, PostId
from parvis.posts.post import VISIBILITIES

MOST_PICTURES = 4
LONGEST_WARNING = 500


class Draft(msgspec.Struct, frozen=True):
    """Words, up to four pictures, what it answers, and for whom it is."""

    text: str
    media: tuple[MediaId, ...] = ()
    reply_to: PostId | None = None
    visibility: str = "public"
    warning: str = ""
    sensitive: bool = False
    language: str | None = None  # a BCP 47 tag


def check(draft: Draft) -> None:
    """Refuse a draft that no post could be made of. The text is checked where it is parsed.

    Raises:
        Invalid: it says which field and why.
    """
    if draft.visibility not in VISIBILITIES:
        raise Invalid("A post is public, unlisted, for followers or for those mentioned.", field="visibility")
    if len(draft.media) > MOST_PICTURES or len(set(draft.media)) != len(draft.media):
        raise Invalid("A post holds up to {most} different pictures.", field="media", most=MOST_PICTURES)
    if len(draft.warning) > LONGEST_WARNING:
        raise Invalid("The warning is longer than {limit} characters.", field="warning", limit=LONGEST_WARNING)
    if draft.language is not None and not _is_tag(draft.language):
        raise Invalid("The language is not a language tag such as en or fr.", field="language")
    if not draft.media and not draft.text.strip():
        raise Invalid("A post needs words or a picture.", field="text")


def _is_tag(language: str) -> bool:
    return 2 <= len(language) <= 12 and language.isascii() and language.replace("-", "").isalnum()  # noqa: PLR2004 - "en" to "zh-Hant-TW"
