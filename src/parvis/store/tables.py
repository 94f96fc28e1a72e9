"""The schema: one definition for both engines.

A section, or a file beside this one (`tables_timelines`), names the room that owns its tables: any room may read them,
only the owner writes. All are to be had here.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    true,
)

from parvis.store import columns
from parvis.store.columns import Id, Key, Time
from parvis.store.columns import account_key as _account
from parvis.store.columns import post_key as _post
from parvis.store.tables_assistant import *  # noqa: F403
from parvis.store.tables_media import *  # noqa: F403
from parvis.store.tables_moderation import *  # noqa: F403
from parvis.store.tables_notifications import *  # noqa: F403
from parvis.store.tables_posts import *  # noqa: F403
from parvis.store.tables_studio import *  # noqa: F403
from parvis.store.tables_timelines import *  # noqa: F403

metadata = columns.metadata

# -- people ------------------------------------------------------------------------------------------------------------

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
    Column("restraints", SmallInteger, nullable=False, server_default="0"),  # bits of `people.restraints`
    Column("tastes", BigInteger, nullable=False, server_default="0"),  # version of what they set for feeds; 0: nothing
    columns.version("accounts"),
    UniqueConstraint("handle_key", "domain"),
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
    Index(None, "followee_id", "id"),
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
    Index(None, "account_id"),
    Index(None, "app_id", "account_id"),
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

turned_away = Table(
    "turned_away",
    metadata,
    Column("domain", Text, primary_key=True),
    Column("day", Integer, primary_key=True),  # days since 1970, UTC
    Column("times", Integer, nullable=False),  # that a sign-up from the mail domain was refused
)

# -- posts -------------------------------------------------------------------------------------------------------------

posts = Table(
    "posts",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("author_id"),
    Column("text", Text, nullable=False, server_default=""),
    Column("html", Text, nullable=False, server_default=""),  # made from text when published
    Column("warning", Text, nullable=False, server_default=""),
    Column("sensitive", Boolean, nullable=False, server_default=false()),
    Column("language", Text),
    Column("visibility", Text, nullable=False),  # public, unlisted, followers, mentioned
    Column("origin", Text, nullable=False),  # human, assisted, generated
    Column("maker", Text, nullable=False, server_default=""),  # the model's name, when origin is not human
    Column("thread_id", Id, nullable=False),  # the first post of the thread; its own id when it is the first
    _post("reply_to_id", nullable=True),
    Column("reply_to_author_id", Id),
    Column("repost_of_id", Id, ForeignKey("posts.id", ondelete="CASCADE")),
    Column("mentions", JSON, nullable=False, server_default="[]"),  # [[account id, handle, domain], ...]
    Column("tags", JSON, nullable=False, server_default="[]"),  # ["folded", ...]
    Column(
        "media", JSON, nullable=False, server_default="[]"
    ),  # what `media` holds, copied so that a feed reads one row
    Column("app_id", Id),
    Column("likes_count", Integer, nullable=False, server_default="0"),
    Column("reposts_count", Integer, nullable=False, server_default="0"),
    Column("replies_count", Integer, nullable=False, server_default="0"),
    Column("edited_at", Time),
    columns.version("posts"),
    Column("extras", SmallInteger, nullable=False, server_default="0"),  # what else there is to read: posts.extras
    Column("quotes_count", Integer, nullable=False, server_default="0"),
    Column("card", JSON),  # a `Card`, once the link that it shows was fetched
    Column("emojis", JSON),  # [[shortcode, blob, still blob, category], ...]
    # All that a look over many authors asks of a post, so that it reads the index alone.
    Index("ix_posts_author_id_id", "author_id", "id", "repost_of_id", "reply_to_author_id", "visibility"),
    Index("ix_posts_thread_id_id", "thread_id", "id"),
    Index("ix_posts_visibility_id", "visibility", "id"),
    Index("ix_posts_repost", "repost_of_id", "author_id", unique=True),
    Index("ix_posts_reply_to_id", "reply_to_id"),
)

heads = Table(
    "heads",  # of each author: small, so that asking who spoke lately reads little
    metadata,
    Column("author_id", Id, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("post_id", Id, nullable=False),  # no post or repost of theirs has a larger id; it may be gone by now
    Column("turns", Integer, nullable=False, server_default="1"),  # how often they published or passed on
)

post_mentions = Table(
    "post_mentions",
    metadata,
    _account("account_id", primary_key=True),
    _post("post_id", primary_key=True),
    Index(None, "post_id"),
    sqlite_with_rowid=False,
)

post_tags = Table(
    "post_tags",
    metadata,
    Column("tag", Text, primary_key=True),
    _post("post_id", primary_key=True),
    Index(None, "post_id"),
    sqlite_with_rowid=False,
)

likes = Table(
    "likes",
    metadata,
    _account("account_id", primary_key=True),
    _post("post_id", primary_key=True),
    Column("id", Id, nullable=False),  # orders the pages of what one likes, and of who likes it
    Index("ix_likes_post_id_id", "post_id", "id"),
    Index("ix_likes_account_id_id", "account_id", "id"),
    sqlite_with_rowid=False,
)

media = Table(
    "media",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("account_id"),
    _post("post_id", nullable=True),
    Column("kind", Text, nullable=False, server_default="picture"),
    Column("blob", Text, nullable=False),  # blob names
    Column("preview", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("preview_width", Integer, nullable=False),
    Column("preview_height", Integer, nullable=False),
    Column("blurhash", Text, nullable=False),
    Column("alt", Text, nullable=False, server_default=""),
    Column("focus_x", Float, nullable=False, server_default="0"),
    Column("focus_y", Float, nullable=False, server_default="0"),
    Column("origin", Text, nullable=False, server_default="human"),
    Column("maker", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False, server_default="ready"),  # processing, ready, failed
    Column("film", JSON),  # a `Film`: length, rates and sound of what moves or sounds
    Column("unsafe", Float),  # the classifier's score, 0 to 1
    Column("scheduled_id", Id),  # of the scheduled post that waits with it
    Column("created_at", Time, nullable=False),
    Index(None, "post_id"),
    Index(None, "scheduled_id"),
    Index(None, "account_id"),
    Index(None, "blob"),
    Index(None, "preview"),
)

idempotency = Table(
    "idempotency",
    metadata,
    _account("account_id", primary_key=True),
    Column("key", Text, primary_key=True),
    _post("post_id"),
    Column("created_at", Time, nullable=False),
    Index(None, "post_id"),
    Index(None, "created_at"),
)

# -- store -------------------------------------------------------------------------------------------------------------

jobs = Table(
    "jobs",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False),  # JSON
    Column("run_at", Time, nullable=False),  # not before; taking a job postpones it by its lease
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("failures", SmallInteger, nullable=False, server_default="0"),
    Column("error", Text, nullable=False, server_default=""),
    Column("dead_at", Time),
    Column("key", Text, unique=True),  # at most one waiting job has it
    Index("ix_jobs_due", "kind", "run_at"),
)
