"""A draft: what a member wants to say, before it is a post."""

import msgspec

from parvis.core import clock
from parvis.core.errors import Invalid
from parvis.core.ids import AccountId, MediaId, PostId
from parvis.posts.post import QUOTE_POLICIES, VISIBILITIES

MOST_PICTURES = 4
LONGEST_WARNING = 500
MOST_OPTIONS = 4
LONGEST_OPTION = 50
SHORTEST_POLL = 5 * clock.MINUTE
LONGEST_POLL = 31 * clock.DAY


class PollDraft(msgspec.Struct, frozen=True):
    """A question's possible answers, and how long they can be chosen (ms)."""

    options: tuple[str, ...]
    lasts: int
    multiple: bool = False
    hide_totals: bool = False


class Draft(msgspec.Struct, frozen=True):
    """Words, with up to four pictures, a poll or another's post; what it answers, and for whom it is."""

    text: str
    media: tuple[MediaId, ...] = ()
    reply_to: PostId | None = None
    visibility: str = "public"
    warning: str = ""
    sensitive: bool = False
    language: str | None = None  # a BCP 47 tag
    poll: PollDraft | None = None
    quotes: PostId | None = None
    quote_policy: str = "public"  # who may quote it: public, followers, nobody
    allowed: tuple[AccountId, ...] | None = None  # it is not published when it names anybody else


def check(draft: Draft) -> None:
    """Refuse a draft that no post could be made of. The text is checked where it is parsed.

    Raises:
        Invalid: it says which field and why.
    """
    if draft.visibility not in VISIBILITIES:
        raise Invalid("A post is public, unlisted, for followers or for those mentioned.", field="visibility")
    if draft.quote_policy not in QUOTE_POLICIES:
        raise Invalid("A post is quoted by the public, by followers or by nobody.", field="quote_approval_policy")
    check_words(draft.warning, draft.language)
    if len(draft.media) > MOST_PICTURES or len(set(draft.media)) != len(draft.media):
        raise Invalid("A post holds up to {most} different pictures.", field="media", most=MOST_PICTURES)
    if draft.poll is not None:
        check_poll(draft.poll)
        if draft.media:
            raise Invalid("A post holds pictures or a poll, not both.", field="poll")
    require_content(draft.text, something=bool(draft.media) or draft.quotes is not None)


def check_words(warning: str, language: str | None) -> None:
    """Refuse a warning or a language that no post has.

    Raises:
        Invalid: it says which and why.
    """
    if len(warning) > LONGEST_WARNING:
        raise Invalid("The warning is longer than {limit} characters.", field="warning", limit=LONGEST_WARNING)
    if language is not None and not _is_tag(language):
        raise Invalid("The language is not a language tag such as en or fr.", field="language")


def require_content(text: str, *, something: bool) -> None:
    """Return when there are words, or `something` else to see.

    Raises:
        Invalid: there is nothing.
    """
    if not something and not text.strip():
        raise Invalid("A post needs words or a picture.", field="text")


def check_poll(poll: PollDraft) -> None:
    """Refuse a poll that asks nothing, too much, or for too short or too long.

    Raises:
        Invalid: it says why.
    """
    options = [option.strip() for option in poll.options]
    if len([option for option in options if option]) != len(options) or len(options) <= 1:
        raise Invalid("A poll has at least two answers.", field="options")
    if len(options) > MOST_OPTIONS:
        raise Invalid("A poll has up to {most} answers.", field="options", most=MOST_OPTIONS)
    if any(len(option) > LONGEST_OPTION for option in options):
        raise Invalid(
            "An answer of a poll has up to {limit} characters.",
            field="options",
            limit=LONGEST_OPTION,
        )
    if len(set(options)) != len(options):
        raise Invalid("Two answers of the poll are the same.", field="options")
    if poll.lasts < SHORTEST_POLL:
        raise Invalid("The poll would end too soon.", field="expires_at")
    if poll.lasts > LONGEST_POLL:
        raise Invalid("The poll would end too late.", field="expires_at")


def _is_tag(language: str) -> bool:
    return 2 <= len(language) <= 12 and language.isascii() and language.replace("-", "").isalnum()  # noqa: PLR2004 - "en" to "zh-Hant-TW"
