"""Who listens to what: every listener and every kind of job, gathered from the rooms in one explicit list.

Rooms never import each other sideways; here, above them all, their listeners meet the events.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from parvis.ai.protocols import Models
from parvis.api.push_entity import push_letter
from parvis.assistant import answering
from parvis.assistant.listeners import listeners as assistant_listeners
from parvis.core.config import Settings
from parvis.core.outbound import Outbound
from parvis.events import Event
from parvis.moderation.work import KINDS as MODERATING
from parvis.notifications import couriers
from parvis.notifications.audiences import AUDIENCES
from parvis.notifications.listeners import LISTENERS as NOTIFYING
from parvis.notifications.telling import goes_on
from parvis.people import importing, letters, moving, recovering, requests, verifying
from parvis.people import leftovers as people_leftovers
from parvis.posts import cards, lexicon, polls, processing, scheduled
from parvis.posts import leftovers as posts_leftovers
from parvis.store.blobs import Blobs
from parvis.store.jobs import Kind
from parvis.store.transaction import Route, Routes
from parvis.studio import easel
from parvis.timelines import trends
from parvis.timelines.listeners import LISTENERS as FEEDING

Listener = tuple[type[Event], Kind, Callable[[Any], bool]]


def listeners(settings: Settings) -> tuple[Listener, ...]:
    """Each event that somebody waits for, the job it becomes, and which of them concern it."""
    return (*NOTIFYING, *FEEDING, *assistant_listeners(settings))


def routes(listening: Iterable[Listener]) -> Routes:
    """Listeners by event, as the store wants them."""
    by_event: dict[type[Event], list[Route]] = defaultdict(list)
    for event, kind, concerns in listening:
        by_event[event].append(Route(kind.name, concerns))
    return by_event


def kinds(settings: Settings, blobs: Blobs, models: Models, outbound: Outbound) -> tuple[Kind, ...]:
    """Every kind of job that this process runs; `outbound` is how those call other servers that do."""
    return (
        *(kind for _, kind, _ in listeners(settings)),
        people_leftovers.SWEEP,
        trends.MEASURING,
        lexicon.LEARNING,
        requests.GRANTING,
        importing.IMPORTING,
        moving.CARRYING,
        *MODERATING,
        *letters.kinds(settings),
        *recovering.kinds(settings),
        *verifying.kinds(settings, outbound),
        *posts_leftovers.kinds(blobs),
        *processing.kinds(settings, blobs),
        *cards.kinds(settings, blobs, outbound),
        *polls.kinds(),
        *scheduled.kinds(settings),
        *easel.kinds(settings, blobs, models),
        *answering.kinds(settings, models),
        goes_on(AUDIENCES),
        couriers.kind(settings, outbound, push_letter(settings)),
    )
