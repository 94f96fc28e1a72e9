"""Who mentions the assistant gets an answer queued, within bounds that keep it from talking without end.

It answers people only, never itself or a character; a thread has at most PER_THREAD answers a day and a member PER_HOUR
an hour, beyond which it stays silent; a member whose allowance is spent is told so once a day.
"""

from collections.abc import Callable
from typing import Final

from parvis.assistant import phrases
from parvis.assistant.answers import ASK, IN_THREAD, OF_ASKER, OWN_WORDS, TOLD, Question, move, reply
from parvis.assistant.member import find_assistant
from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import OverAllowance
from parvis.events import PostPublished
from parvis.people import allowances
from parvis.people.accounts import Account, find_account
from parvis.posts.post import Post
from parvis.posts.visibility import seen_by
from parvis.store.jobs import Kind, listener
from parvis.store.transaction import Tx

UNITS: Final = 4  # of a member's daily allowance
PER_THREAD: Final = 8  # answers a day
PER_HOUR: Final = 20  # questions of one member


def mentions_someone(event: PostPublished) -> bool:
    """Whether the event may concern the assistant: most posts mention nobody."""
    return bool(event.mentioned)


def listeners(settings: Settings) -> tuple[tuple[type[PostPublished], Kind, Callable[[PostPublished], bool]], ...]:
    """What the assistant listens to."""

    async def ask_when_mentioned(tx: Tx, event: PostPublished) -> None:
        await ask(tx, event, settings)

    return ((PostPublished, listener(ask_when_mentioned, PostPublished), mentions_someone),)


async def ask(tx: Tx, event: PostPublished, settings: Settings) -> None:
    """Queue an answer to a person's post that mentions the assistant, within the bounds; asked twice, it is one."""
    assistant = await find_assistant(tx)
    if assistant is None or assistant.id not in event.mentioned or event.author == assistant.id:
        return
    asker = await find_account(tx, event.author)
    question = (await seen_by(tx, assistant, (event.post,))).get(event.post)
    if asker is None or asker.kind != "person" or asker.suspended_at is not None or question is None:
        return
    crowded = await _is_crowded(tx, asker, question)
    asked = await tx.first(
        ASK,
        question_id=event.post,
        account_id=asker.id,
        thread_id=event.thread,
        state="declined" if crowded else "asked",
        created_at=tx.now,
    )
    if asked is None or crowded:  # asked before, or too often
        return
    try:
        charge = await allowances.hold(tx, asker, "answer", UNITS, daily=settings.ai_daily_units)
    except OverAllowance:
        await _decline(tx, assistant, question, settings)
        return
    await move(tx, event.post, "asked", charge=charge)
    tx.enqueue("answer", Question(event.post, charge))


async def _is_crowded(tx: Tx, asker: Account, question: Post) -> bool:
    in_thread = await tx.value(IN_THREAD, thread=question.thread_id, since=tx.now - clock.DAY)
    of_asker = await tx.value(OF_ASKER, asker=asker.id, since=tx.now - clock.HOUR)
    return bool(in_thread >= PER_THREAD or of_asker >= PER_HOUR)


async def _decline(tx: Tx, assistant: Account, question: Post, settings: Settings) -> None:
    """Tell a member once a day that the allowance is spent; stay silent the other times."""
    answer = None
    if not await tx.value(TOLD, asker=question.author.id, since=tx.now - clock.DAY):
        language = (question.language or question.author.language).partition("-")[0]
        words = phrases.in_language(phrases.OVER_ALLOWANCE, language)
        answer = await reply(tx, assistant, question, words, language=language, maker=OWN_WORDS, settings=settings)
    await move(tx, question.id, "declined", why="allowance", answer=answer)
