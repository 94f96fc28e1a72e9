"""Sentences by which clients know a refusal: what rooms say in plain words, as Mastodon has it."""

from typing import Final

from parvis.core.errors import Refused
from parvis.core.words import N_, say, words_of

_NOT_FOUND: Final = N_("Record not found")
_NOT_ALLOWED: Final = N_("This action is not allowed")

SENTENCES: Final = {
    "There is no such quote.": _NOT_FOUND,
    "There is no such post that waits for its hour.": _NOT_FOUND,
    "There is no such filter.": _NOT_FOUND,
    "The filter has no such word.": _NOT_FOUND,
    "The filter is not pointed at this post.": _NOT_FOUND,
    "There is no such list.": _NOT_FOUND,
    "Nobody spoke of this link.": _NOT_FOUND,
    "There is no such conversation.": _NOT_FOUND,
    "There is no such hashtag.": _NOT_FOUND,
    "This is not for you to do.": _NOT_ALLOWED,
    "This post cannot be translated.": _NOT_ALLOWED,
    "Confirm your e-mail address first: a letter with a link is on its way.": N_(
        "Your login is missing a confirmed e-mail address"
    ),
    "A moderator is still to let you in.": N_("Your login is currently pending approval"),
    "Your account is shut for now.": N_("Your login is currently disabled"),
    "It has as many different reactions as it can.": N_("Limit of different reactions reached"),
    "A post shows this picture.": N_("Media attachment is currently used by a status"),
    "A repost cannot be pinned.": N_("Validation failed: A boost cannot be pinned"),
    "Only your own posts can be pinned.": N_("Validation failed: Someone else's post cannot be pinned"),
    "A post for those mentioned alone cannot be pinned.": N_(
        "Validation failed: Posts that are only visible to mentioned users cannot be pinned"
    ),
    "Up to {most} posts can be pinned. Unpin one first.": N_(
        "Validation failed: You have already pinned the maximum number of posts"
    ),
    "It is being made playable. Post it in a moment.": N_(
        "Cannot attach files that have not finished processing. Try again in a moment!"
    ),
    "A film or a sound stands alone in its post.": N_("Cannot attach a video to a post that already contains images"),
    "The poll is over.": N_("Validation failed: The poll has already ended"),
    "The poll has no such answer.": N_("Validation failed: The chosen vote option does not exist"),
    "You cannot vote in your own poll.": N_("Validation failed: You cannot vote in your own polls"),
    "You have voted in this poll already.": N_("Validation failed: You have already voted on this poll"),
    "You follow {most} hashtags: that is as many as one can.": N_(
        "Validation failed: You have reached the maximum number of followed hashtags"
    ),
    "Your profile shows {most} hashtags. Take one away first.": N_(
        "Validation failed: You have already featured the maximum number of hashtags"
    ),
    "Nothing can be a hashtag that is called so.": N_("Validation failed: Tag is invalid"),
    "The filter is pointed at this post already.": N_("Validation failed: Status has already been taken"),
    "A filter is pointed at up to {most} posts.": N_("Validation failed: You have reached the maximum number of posts"),
    "Follow them first: then you can recommend them.": N_(
        "Validation failed: You must be already following the person you want to endorse"
    ),
}
"""By the plain sentence, Mastodon's."""


def told(refused: Refused, language: str) -> str:
    """Why something is refused, as clients know it, in the caller's language."""
    sentence = SENTENCES.get(refused.message)
    return say(refused, language) if sentence is None else words_of(language).gettext(sentence)
