"""The tables of people: accounts, how they sign in, which apps act for them, and what stands between them."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from parvis.store.columns import Id, Key, Time, metadata, version
from parvis.store.columns import account_key as _account

__all__ = [
    "accounts",
    "apps",
    "barred_addresses",
    "barred_mail_domains",
    "barred_mails",
    "blocks",
    "charges",
    "collection_items",
    "collections",
    "confirmations",
    "credentials",
    "endorsements",
    "follow_requests",
    "follows",
    "grants",
    "left_handles",
    "mailbox",
    "mutes",
    "name_words",
    "notes",
    "passed_over",
    "preferences",
    "sessions",
    "shunned_domains",
    "tokens",
]

accounts = Table(
    "accounts",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("handle", Text, nullable=False),  # as the member writes it
    Column("handle_key", Key, nullable=False),  # folded: what must be unique
    Column("domain", Text, nullable=False, server_default=""),  # empty for this instance's own
    Column("name", Text, nullable=False, server_default=""),
    Column("bio", Text, nullable=False, server_default=""),
    Column("kind", Text, nullable=False, server_default="person"),  # person, character, assistant
    Column("owner_id", Id, ForeignKey("accounts.id", ondelete="SET NULL")),  # the human behind a character
    Column("language", Text, nullable=False, server_default="en"),
    Column("avatar", Text, nullable=False, server_default=""),  # blob names
    Column("header", Text, nullable=False, server_default=""),
    Column("role", Text, nullable=False, server_default="member"),  # member, moderator, admin
    Column("posts_count", Integer, nullable=False, server_default="0"),
    Column("followers_count", Integer, nullable=False, server_default="0"),
    Column("following_count", Integer, nullable=False, server_default="0"),
    Column("created_at", Time, nullable=False),
    Column("last_post_at", Time),
    Column("suspended_at", Time),
    Column("tastes", BigInteger, nullable=False, server_default="0"),  # version of what they set for feeds; 0: nothing
    Column("restraints", SmallInteger, nullable=False, server_default="0"),  # bits of `people.restraints`
    Column("traits", Integer, nullable=False, server_default="0"),  # the bits of `people.details.Trait`
    Column("details", Text, nullable=False, server_default=""),  # JSON of `people.details.Details`; empty for most
    version("accounts"),
    UniqueConstraint("handle_key", "domain"),
    Index(
        "ix_accounts_suspended",
        "id",
        postgresql_where=text("suspended_at IS NOT NULL"),
        sqlite_where=text("suspended_at IS NOT NULL"),
    ),
    Index(
        "ix_accounts_restrained", "id", postgresql_where=text("restraints != 0"), sqlite_where=text("restraints != 0")
    ),
)

credentials = Table(
    "credentials",
    metadata,
    _account("account_id", primary_key=True),
    Column("email", Text, unique=True),  # folded to lower case; none for the demo cast and the assistant
    Column("password_hash", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),  # why they want in, where one is asked
    Column("address", Text, nullable=False, server_default=""),  # where they signed up from; forgotten after a year
    Column("app_id", Id),  # the app that they signed up with
)

confirmations = Table(
    "confirmations",
    metadata,
    _account("account_id", primary_key=True),
    Column("key_hash", LargeBinary, nullable=False, unique=True),  # SHA-256 of what the letter carries
    Column("email", Text, nullable=False),
    Column("asked_at", Time, nullable=False),
)

mailbox = Table(  # what a local instance that can send no letter keeps instead
    "mailbox",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("recipient", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("created_at", Time, nullable=False),
)

preferences = Table(
    "preferences",
    metadata,
    _account("account_id", primary_key=True),
    Column("values", JSON, nullable=False),  # `people.preferences.Preferences`
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),  # SHA-256 of the cookie's value
    _account("account_id"),
    Column("created_at", Time, nullable=False),
    Column("seen_at", Time, nullable=False),
    Column("expires_at", Time, nullable=False),
    Column("agent", Text, nullable=False, server_default=""),
    Column("address", Text, nullable=False, server_default=""),  # where it began; gone with the session
    Index(None, "account_id"),
)

follows = Table(
    "follows",
    metadata,
    _account("follower_id", primary_key=True),
    _account("followee_id", primary_key=True),
    Column("id", Id, nullable=False),  # orders the pages of followers
    Column("reposts", Boolean, nullable=False, server_default=true()),  # home shows what the followee passes on
    Column("notify", Boolean, nullable=False, server_default=false()),  # of each new post
    Column("languages", Text, nullable=False, server_default=""),  # ",en,fr,": home shows these alone; empty: all
    Column("picky", Boolean, nullable=False, server_default=false()),  # home hides something of theirs
    Index(None, "followee_id", "id"),
    Index("ix_follows_picky", "follower_id", postgresql_where=text("picky"), sqlite_where=text("picky")),
    Index("ix_follows_notify", "followee_id", postgresql_where=text("notify"), sqlite_where=text("notify")),
    sqlite_with_rowid=False,
)

left_handles = Table(  # of members who left: nobody else takes them
    "left_handles",
    metadata,
    Column("handle_key", Key, primary_key=True),
    Column("left_at", Time, nullable=False),
)

follow_requests = Table(
    "follow_requests",
    metadata,
    _account("follower_id", primary_key=True),
    _account("followee_id", primary_key=True),
    Column("id", Id, nullable=False),
    Column("reposts", Boolean, nullable=False, server_default=true()),  # what the follow will be
    Column("notify", Boolean, nullable=False, server_default=false()),
    Column("languages", Text, nullable=False, server_default=""),
    Index(None, "followee_id", "id"),
    sqlite_with_rowid=False,
)

endorsements = Table(
    "endorsements",
    metadata,
    _account("account_id", primary_key=True),
    _account("endorsed_id", primary_key=True),
    Column("id", Id, nullable=False),
    Index(None, "endorsed_id"),
    sqlite_with_rowid=False,
)

notes = Table(
    "notes",
    metadata,
    _account("writer_id", primary_key=True),
    _account("about_id", primary_key=True),
    Column("words", Text, nullable=False),
    Index(None, "about_id"),
    sqlite_with_rowid=False,
)

shunned_domains = Table(
    "shunned_domains",
    metadata,
    _account("account_id", primary_key=True),
    Column("domain", Text, primary_key=True),
    Column("id", Id, nullable=False),
    sqlite_with_rowid=False,
)

name_words = Table(  # of what members call themselves, folded
    "name_words",
    metadata,
    Column("word", Key, primary_key=True),
    _account("account_id", primary_key=True),
    Index(None, "account_id"),
    sqlite_with_rowid=False,
)

passed_over = Table(  # of suggestions whom to follow
    "passed_over",
    metadata,
    _account("account_id", primary_key=True),
    _account("passed_id", primary_key=True),
    Index(None, "passed_id"),
    sqlite_with_rowid=False,
)

blocks = Table(
    "blocks",
    metadata,
    _account("blocker_id", primary_key=True),
    _account("blocked_id", primary_key=True),
    Column("id", Id, nullable=False),
    Index(None, "blocked_id", "blocker_id"),
    sqlite_with_rowid=False,
)

mutes = Table(
    "mutes",
    metadata,
    _account("muter_id", primary_key=True),
    _account("muted_id", primary_key=True),
    Column("id", Id, nullable=False),
    Column("until", Time),
    Column("notifications", Boolean, nullable=False, server_default=true()),
    sqlite_with_rowid=False,
)

apps = Table(
    "apps",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("client_id", Text, nullable=False, unique=True),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("website", Text, nullable=False, server_default=""),
    Column("redirect_uris", JSON, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("created_at", Time, nullable=False),
)

grants = Table(
    "grants",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True),
    Column("app_id", Id, ForeignKey("apps.id", ondelete="CASCADE"), nullable=False),
    _account("account_id"),
    Column("redirect_uri", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("challenge", Text, nullable=False, server_default=""),  # PKCE S256
    Column("expires_at", Time, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("app_id", Id, ForeignKey("apps.id", ondelete="CASCADE"), nullable=False),
    Column("account_id", Id, ForeignKey("accounts.id", ondelete="CASCADE")),  # none for an app's own token
    Column("scopes", Text, nullable=False),
    Column("created_at", Time, nullable=False),
    Column("code_hash", LargeBinary),  # of the code that it was given for: a code used twice takes it back
    Index(None, "account_id"),
    Index(None, "app_id", "account_id"),
    Index(None, "code_hash"),
)

charges = Table(
    "charges",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("account_id"),
    Column("day", Integer, nullable=False),  # days since 1970, UTC
    Column("purpose", Text, nullable=False),  # imagine, answer, polish
    Column("units", Integer, nullable=False),
    Column("state", Text, nullable=False),  # held, spent, refunded
    Index(None, "account_id", "day"),
)

barred_addresses = Table(
    "barred_addresses",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("network", Text, nullable=False, unique=True),  # 192.0.2.0/24
    Column("severity", Text, nullable=False),  # approval, no_sign_up, no_access
    Column("comment", Text, nullable=False, server_default=""),
    Column("expires_at", Time),
)

barred_mail_domains = Table(
    "barred_mail_domains",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("domain", Text, nullable=False, unique=True),
    Column("with_approval", Boolean, nullable=False, server_default=false()),  # let in when a moderator says so
)

barred_mails = Table(
    "barred_mails",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("digest", Text, nullable=False, unique=True),  # SHA-256, in hex, of the canonical address
)

collections = Table(
    "collections",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("account_id"),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("language", Text),
    Column("sensitive", Boolean, nullable=False, server_default=false()),
    Column("discoverable", Boolean, nullable=False, server_default=true()),  # others find it at the profile
    Column("tag", Text, nullable=False, server_default=""),  # folded
    Column("updated_at", Time, nullable=False),
    Index("ix_collections_account_id_id", "account_id", "id"),
)

collection_items = Table(
    "collection_items",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("collection_id", Id, ForeignKey("collections.id", ondelete="CASCADE"), nullable=False),
    _account("account_id"),
    Column("state", Text, nullable=False),  # pending, accepted, revoked: who left is not put in again
    UniqueConstraint("collection_id", "account_id"),
    Index(None, "account_id"),
)
