"""What the forms of new and of edited posts have in common: the poll that they ask for."""

from parvis.core import clock
from parvis.posts.drafts import MOST_OPTIONS, PollDraft
from parvis.web.visit import Visit, whole_number


def poll_of(visit: Visit) -> PollDraft | None:
    """The poll that a form asks for, open for a day unless it says more; None where it has no answers.

    Raises:
        Invalid: an answer is far too long.
    """
    options = tuple(
        text for place in range(1, MOST_OPTIONS + 1) if (text := visit.field(f"option_{place}", 500).strip())
    )
    if not options:
        return None
    days = whole_number(visit.field("poll_days", 3)) or 1
    return PollDraft(options, days * clock.DAY, multiple=visit.field("poll_multiple", 3) == "on")
