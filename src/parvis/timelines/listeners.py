"""What timelines do when something happens elsewhere: each listener a job, named for its effect."""

from collections.abc import Callable
from typing import Any

from parvis.events import Blocked, Event, PostDeleted, PostPublished, Unfollowed
from parvis.store.jobs import Kind, listener
from parvis.timelines.conversations import file_message, unfile_message
from parvis.timelines.lists import leave_lists_of_blocked, leave_lists_of_unfollowed


def _always(_event: Event) -> bool:
    return True


def _direct(event: PostPublished | PostDeleted) -> bool:
    return event.visibility == "mentioned"


LISTENERS: tuple[tuple[type[Event], Kind, Callable[[Any], bool]], ...] = (
    (Unfollowed, listener(leave_lists_of_unfollowed, Unfollowed), _always),
    (Blocked, listener(leave_lists_of_blocked, Blocked), _always),
    (PostPublished, listener(file_message, PostPublished), _direct),
    (PostDeleted, listener(unfile_message, PostDeleted), _direct),
)
