"""The kinds of notifications, and what is so of each: which come together, which nobody's policy keeps aside."""

from typing import Final

KINDS: Final = (
    "mention",  # named, or answered
    "quote",
    "post",  # somebody whose every post one wants to hear of
    "repost",
    "like",
    "follow",
    "follow_request",
    "poll",  # it ended
    "edit",  # of what one passed on
    "quoted_edit",  # of what one quoted
    "sign_up",
    "report",
    "severance",
    "warning",
    "collected",  # put into a collection
    "collection_edit",
)

TOGETHER: Final = frozenset(("like", "repost", "follow", "sign_up"))
"""What many do about one thing, told as one group."""

OWN: Final = frozenset(("poll", "severance", "warning"))
"""What one hears of though nobody else did it."""

ALWAYS: Final = frozenset(("poll", "edit", "sign_up", "report", "severance", "warning"))
"""What no policy drops or keeps aside."""

ASKING: Final = ("mention", "quote")
"""Of what is kept aside, what asks to be let in."""

REPLACING: Final = frozenset(("edit", "quoted_edit", "collection_edit"))
"""What is told anew each time, in place of the last."""
