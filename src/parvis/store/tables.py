"""The schema: one definition for both engines.

A section, or a file beside this one (`tables_timelines`), names the room that owns its tables: any room may read them,
only the owner writes. All are to be had here.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    false,
    text,
)

from parvis.store import columns
from parvis.store.columns import Id, Time
from parvis.store.columns import account_key as _account
from parvis.store.columns import post_key as _post
from parvis.store.tables_assistant import *  # noqa: F403
from parvis.store.tables_media import *  # noqa: F403
from parvis.store.tables_moderation import *  # noqa: F403
from parvis.store.tables_notifications import *  # noqa: F403
from parvis.store.tables_people import *  # noqa: F403
from parvis.store.tables_posts import *  # noqa: F403
from parvis.store.tables_signing import *  # noqa: F403
from parvis.store.tables_studio import *  # noqa: F403
from parvis.store.tables_timelines import *  # noqa: F403

metadata = columns.metadata
SHOWING = "length(CAST(media AS TEXT)) > 2"  # more than []

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
    Index(
        "ix_posts_showing",  # what shows something: see `posts.visibility.showing`
        "visibility",
        "id",
        postgresql_where=text(SHOWING),
        sqlite_where=text(SHOWING),
    ),
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
