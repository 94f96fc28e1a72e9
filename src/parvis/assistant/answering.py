"""Answering: a queued question becomes a reply in its thread, while everyone watches it being written.

A question flows in; the growing text on the bus and one reply flow out. The charge that was held is spent in the
transaction that publishes, refunded in the one that gives up. A run that was killed begins anew and ends in the same
one reply; a model that does not answer is asked again a few times, then the assistant says kindly that it cannot.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Sequence
from typing import Final, cast

from parvis.ai.protocols import Chunk, Message, Models, Unavailable
from parvis.assistant import phrases, prompts, reading, wording
from parvis.assistant.answers import FIND, FOR_EVERYONE, OWN_WORDS, Answer, Question, move, reply
from parvis.assistant.member import find_assistant
from parvis.assistant.reading import Thread
from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import TryAgain
from parvis.core.ids import PostId
from parvis.events import AnswerEnded, AnswerGrew
from parvis.people import allowances
from parvis.people.accounts import find_account
from parvis.posts import hearing, text
from parvis.store.jobs import Kind, Work
from parvis.store.transaction import Tx

AT_ONCE: Final = 2  # answers of this process
MOST_TAKES: Final = 4  # runs of one job, kills and failures together, before it gives up
PAUSE: Final = 4.0  # seconds before a model that did not answer is asked again, times the runs it had
TIME_LIMIT: Final = 180.0  # seconds for one answer
TICK: Final = 0.1  # seconds between two pieces on the bus
LEASE: Final = 45 * clock.SECOND
MOST_TOKENS: Final = 220
MOST_RAW: Final = 4000  # code points after which a model is stopped, whatever it counts
TEMPERATURE: Final = 0.1
MOST_SOURCES: Final = 2


def kinds(
    settings: Settings,
    models: Models,
    *,
    tick: float = TICK,
    time_limit: float = TIME_LIMIT,
    pause: float = PAUSE,
) -> tuple[Kind, ...]:
    """The assistant's job: to answer."""
    desk = Desk(settings, models, tick, time_limit, pause)
    return (
        Kind(
            name="answer",
            payload=Question,
            run=desk.answer,
            concurrency=AT_ONCE,
            attempts=MOST_TAKES + 1,
            lease=LEASE,
        ),
    )


class Growth:
    """The text as the model writes it, and how much of it was told."""

    def __init__(self, thread: Thread) -> None:
        posts = (*thread.before, thread.question)
        self.raw = ""
        self.told = ""
        self.whole = False
        self._links = {address for post in posts for address in wording.links_of(post.text)}
        self._names = sorted({post.author.handle for post in posts})
        self._sources = [words for post in posts for words in (post.text, *(picture.alt for picture in post.media))]
        self._grounded = bool(thread.before)

    def words(self, limit: int) -> str:
        """What may leave of it in the end."""
        words = wording.plain(self.raw, self._links, self._names, whole=self.whole, limit=limit)
        return wording.grounded(words, self._sources) if self._grounded else words

    def grown(self) -> tuple[int, str] | None:
        """The piece to tell next and its position; None when nothing changed."""
        words = wording.plain(self.raw, self._links, self._names)
        same = next((i for i, (a, b) in enumerate(zip(words, self.told, strict=False)) if a != b), None)
        position = min(len(words), len(self.told)) if same is None else same
        piece, self.told = words[position:], words
        return (position, piece) if piece else None


class Desk:
    """What the assistant's job needs, and what it does with it."""

    def __init__(self, settings: Settings, models: Models, tick: float, time_limit: float, pause: float) -> None:
        self._settings = settings
        self._models = models
        self._tick = tick
        self._time_limit = time_limit
        self._pause = pause

    async def answer(self, work: Work) -> None:
        """Answer the question, or kindly give up."""
        question: Question = work.payload
        async with work.store.transaction(durable=False) as tx:
            row = await tx.first(FIND, question=question.post)
            thread = await self._begin(tx, row, question)
        if row is None or thread is None:
            await self._drop(work, row, question)
            return
        language = await self._language(thread)
        if work.taken.attempts > MOST_TAKES:
            await self._say(work, thread, phrases.UNAVAILABLE, language)
            return
        growth = Growth(thread)
        try:
            await self._write(work, thread, growth, language)
        except (Unavailable, TimeoutError) as absent:
            if work.taken.attempts < MOST_TAKES:
                raise TryAgain(self._pause * work.taken.attempts) from absent
            await self._say(work, thread, phrases.UNAVAILABLE, language)
        else:
            await self._publish(work, thread, growth, language)

    async def _begin(self, tx: Tx, row: Answer | None, question: Question) -> Thread | None:
        """The thread to answer in; None when there is nothing to answer any more."""
        if row is None or row.state not in ("asked", "writing"):
            return None
        assistant, asker = await find_assistant(tx), await find_account(tx, row.account_id)
        if assistant is None or asker is None or asker.suspended_at is not None:
            return None
        thread = await reading.find_thread(tx, asker, assistant, question.post)
        if thread is not None:
            await move(tx, question.post, "writing", charge=question.charge)
        return thread

    async def _language(self, thread: Thread) -> str:
        """The question's language: as the classifier hears it, else as it was declared, else the asker's own."""
        question = thread.question
        declared = question.language or question.author.language
        heard = await hearing.language_of(question.text, self._models.classifier)
        return (heard or declared).partition("-")[0].lower()

    async def _write(self, work: Work, thread: Thread, growth: Growth, language: str) -> None:
        """Have the model write, telling what it wrote some ten times a second and holding the job meanwhile."""
        excerpts = prompts.fitting([reading.excerpt(post) for post in thread.before], thread.near)
        prompt = prompts.messages(excerpts, reading.asked(thread.question), language)
        model = asyncio.ensure_future(self._listen(prompt, growth))
        renewed = time.monotonic()
        try:
            async with asyncio.timeout(self._time_limit):
                while not (await asyncio.wait({model}, timeout=self._tick))[0]:
                    await self._tell(work, thread, growth)
                    if time.monotonic() - renewed > LEASE / clock.SECOND / 3:
                        await work.renew()
                        renewed = time.monotonic()
                await model
        finally:
            model.cancel()
            await asyncio.gather(model, return_exceptions=True)
        await self._tell(work, thread, growth)

    async def _listen(self, prompt: Sequence[Message], growth: Growth) -> None:
        chunks = self._models.text.stream(prompt, max_tokens=MOST_TOKENS, temperature=TEMPERATURE)
        async with contextlib.aclosing(cast("AsyncGenerator[Chunk, None]", chunks)):  # closing it stops the model
            async for chunk in chunks:
                growth.raw += chunk.text
                if chunk.usage is not None:
                    growth.whole = chunk.usage.completion_tokens < MOST_TOKENS
                if len(growth.raw) > MOST_RAW:
                    return

    async def _tell(self, work: Work, thread: Thread, growth: Growth) -> None:
        piece = growth.grown()
        if piece is not None and _is_watched(thread):
            question = thread.question
            grew = AnswerGrew(question.id, question.thread_id, question.author.id, *piece)
            await work.store.bus.publish(grew)

    async def _publish(self, work: Work, thread: Thread, growth: Growth, language: str) -> None:
        """Reply with what the model wrote, and spend the charge."""
        room = self._settings.post_limit - len(thread.question.author.acct) - 2
        words = growth.words(min(room, wording.LONGEST))
        if not words:
            unsaid = phrases.NOT_SAID if growth.told and thread.before else phrases.SPEECHLESS
            await self._say(work, thread, unsaid, language)
            return
        for source in reading.relied_on(thread, words)[:MOST_SOURCES]:
            longer = f"{words}\n{self._settings.url}/@{source.author.acct}/{source.id}"
            words = longer if text.length(text.tokens(longer)) <= room else words
        await self._end(work, thread, words, language, self._models.text.name)

    async def _say(self, work: Work, thread: Thread, phrase: dict[str, str], language: str) -> None:
        """Reply with a fixed phrase, and give the charge back."""
        await self._end(work, thread, phrases.in_language(phrase, language), language, None)

    async def _end(self, work: Work, thread: Thread, words: str, language: str, maker: str | None) -> None:
        """Publish the words and settle the charge: spent for a model's (`maker`) words, else refunded."""
        question: Question = work.payload
        answer: PostId | None = None
        async with work.ending() as tx:
            row = await tx.first(FIND, question=question.post)
            ready = await self._begin(tx, row, question)  # the last look: it may be gone, or answered, by now
            assistant = await find_assistant(tx)
            if ready is not None and assistant is not None:
                answer = await reply(
                    tx,
                    assistant,
                    thread.question,
                    words,
                    language=language,
                    maker=maker or OWN_WORDS,
                    settings=self._settings,
                )
                state = "answered" if maker else "failed"
                await move(tx, question.post, state, charge=question.charge, answer=answer)
            settle = allowances.spend if maker and answer else allowances.refund
            await settle(tx, question.charge)
        if _is_watched(thread):
            asked = thread.question
            await work.store.bus.publish(AnswerEnded(asked.id, asked.thread_id, asked.author.id, answer))

    async def _drop(self, work: Work, row: Answer | None, question: Question) -> None:
        """Give the charge of a question back that cannot be answered any more: deleted, hidden, or its asker gone."""
        if row is not None and row.state not in ("asked", "writing"):
            return
        async with work.ending() as tx:
            await allowances.refund(tx, question.charge)
            if row is not None:
                await move(tx, question.post, "failed", why="gone", charge=question.charge)
        if row is not None:
            await work.store.bus.publish(AnswerEnded(row.question_id, row.thread_id, row.account_id, None))


def _is_watched(thread: Thread) -> bool:
    """Whether the answer grows before everyone's eyes: only when it is for everyone.

    Whoever may see a question watches its answer grow; an answer to the asker alone arrives whole, as a post.
    """
    return thread.question.visibility in FOR_EVERYONE
