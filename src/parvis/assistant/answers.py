"""Answers as rows, and the reply that each becomes.

One row for each question; its state, its reply and its charge are written together. A reply's key is made from its
question, so that a question has one reply whatever runs twice.
"""

from typing import Final

import msgspec
from sqlalchemy import BigInteger, Text, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from parvis.core.config import Settings
from parvis.core.ids import AccountId, PostId
from parvis.people.accounts import Account
from parvis.posts.drafts import Draft
from parvis.posts.post import Post
from parvis.posts.publish import publish
from parvis.store.statement import Statement
from parvis.store.tables import answers
from parvis.store.transaction import Tx

OWN_WORDS: Final = "Parvis"  # the maker of what no model wrote
FOR_EVERYONE: Final = ("public", "unlisted")


class Question(msgspec.Struct, frozen=True):
    """What an answer's job carries."""

    post: PostId
    charge: int


class Answer(msgspec.Struct, frozen=True):
    """How a question stands: asked, writing, answered, declined or failed."""

    question_id: PostId
    account_id: AccountId
    thread_id: PostId
    state: str
    answer_id: PostId | None
    charge_id: int | None
    created_at: int


_columns = tuple(answers.c[field] for field in Answer.__struct_fields__)
_question = answers.c.question_id == bindparam("question", type_=BigInteger)
_since = answers.c.created_at > bindparam("since", type_=BigInteger)
_asker = answers.c.account_id == bindparam("asker", type_=BigInteger)
_SET = ("question_id", "account_id", "thread_id", "state", "created_at")
ASK = Statement(
    insert(answers)
    .values({name: bindparam(name, type_=answers.c[name].type) for name in _SET})
    .on_conflict_do_nothing()
    .returning(*_columns),
    Answer,
)
FIND = Statement(select(*_columns).where(_question), Answer)
MOVE = Statement(
    update(answers)
    .where(_question)
    .values(
        state=bindparam("new_state", type_=Text),
        problem=bindparam("why", type_=Text),
        charge_id=bindparam("charge", type_=BigInteger),
        answer_id=bindparam("answer", type_=BigInteger),
    )
)
IN_THREAD = Statement(
    select(func.count()).where(
        answers.c.thread_id == bindparam("thread", type_=BigInteger), answers.c.state != "declined", _since
    )
)
OF_ASKER = Statement(select(func.count()).where(_asker, _since))
TOLD = Statement(select(func.count()).where(_asker, _since, answers.c.problem == "allowance", answers.c.answer_id > 0))


async def move(
    tx: Tx, question: PostId, state: str, *, why: str = "", charge: int | None = None, answer: PostId | None = None
) -> None:
    await tx.run(MOVE, question=question, new_state=state, why=why, charge=charge, answer=answer)


async def reply(
    tx: Tx, assistant: Account, question: Post, words: str, *, language: str, maker: str, settings: Settings
) -> PostId:
    """Publish the words under the question, for whom the question was; the same question gets the same reply."""
    draft = Draft(
        text=f"@{question.author.acct} {words}",
        reply_to=question.id,
        visibility=question.visibility if question.visibility in FOR_EVERYONE else "mentioned",
        language=language or None,
    )
    key = f"answer:{question.id}"
    return await publish(tx, assistant, draft, origin="generated", maker=maker, key=key, settings=settings)
