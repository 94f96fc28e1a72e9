"""What a member signs in with beside a password, and how often it was tried. `people` owns these."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from parvis.store.columns import Id, Time, metadata
from parvis.store.columns import account_key as _account

__all__ = ["passkeys", "recovery_codes", "second_factors", "tallies"]

second_factors = Table(
    "second_factors",
    metadata,
    _account("account_id", primary_key=True),
    Column("secret", LargeBinary, nullable=False),  # sealed
    Column("confirmed_at", Time),  # none while it is being set up
    Column("last_step", BigInteger, nullable=False, server_default="0"),  # no code is good twice
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    _account("account_id", primary_key=True),
    Column("code_hash", LargeBinary, primary_key=True),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("account_id"),
    Column("credential_id", LargeBinary, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", Time, nullable=False),
    Column("used_at", Time),
    Index(None, "account_id"),
)

tallies = Table(
    "tallies",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("ends_at", Time, nullable=False),
    Index(None, "ends_at"),
)
