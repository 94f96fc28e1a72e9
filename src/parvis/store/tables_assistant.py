"""The tables of `assistant`, which alone writes them."""

from sqlalchemy import (
    Column,
    Index,
    Table,
    Text,
)

from parvis.store.columns import Id, Time, metadata
from parvis.store.columns import account_key as _account
from parvis.store.columns import post_key as _post

__all__ = ["answers"]

answers = Table(
    "answers",
    metadata,
    _post("question_id", primary_key=True),
    _account("account_id"),  # who asked
    Column("thread_id", Id, nullable=False),
    Column("state", Text, nullable=False),  # asked, writing, answered, declined, failed
    Column("answer_id", Id),
    Column("charge_id", Id),
    Column("problem", Text, nullable=False, server_default=""),
    Column("created_at", Time, nullable=False),
    Index(None, "account_id", "created_at"),
    Index(None, "thread_id"),
)
