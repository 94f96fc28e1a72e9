"""The schema: one definition for both engines.

Ids are 64-bit and made by the application; times are milliseconds since 1970, UTC; defaults are the database's own,
since bare drivers know no other. A section names the room that owns its tables: any room may read them, only the owner
writes.
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
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer, "sqlite")  # INTEGER PRIMARY KEY is SQLite's row id: no second tree
Time = BigInteger
Key = Text().with_variant(Text(collation="C"), "postgresql")  # compared by code point, so that prefixes are ranges


def _account(name: str, *, primary_key: bool = False) -> Column[int]:
    key = ForeignKey("accounts.id", ondelete="CASCADE")
    return Column(name, Id, key, nullable=False, primary_key=primary_key)


def _post(name: str, *, nullable: bool = False, primary_key: bool = False) -> Column[int]:
    rule = "SET NULL" if nullable else "CASCADE"
    return Column(name, Id, ForeignKey("posts.id", ondelete=rule), nullable=nullable, primary_key=primary_key)


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
    Column("tastes", BigInteger, nullable=False, server_default="0"),  # version of what they set for feeds; 0: nothing
    UniqueConstraint("handle_key", "domain"),
)

credentials = Table(
    "credentials",
    metadata,
    _account("account_id", primary_key=True),
    Column("email", Text, unique=True),  # folded to lower case; none for the demo cast and the assistant
    Column("password_hash", Text, nullable=False),
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
    # All that a look over many authors asks of a post, so that it reads the index alone.
    Index("ix_posts_author_id_id", "author_id", "id", "repost_of_id", "reply_to_author_id", "visibility"),
    Index("ix_posts_thread_id_id", "thread_id", "id"),
    Index("ix_posts_visibility_id", "visibility", "id"),
    Index("ix_posts_repost", "repost_of_id", "author_id", unique=True),
    Index("ix_posts_reply_to_id", "reply_to_id"),
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
    Column("id", Id, nullable=False),
    Index(None, "post_id"),
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
    Column("unsafe", Float),  # the classifier's score, 0 to 1
    Column("created_at", Time, nullable=False),
    Index(None, "post_id"),
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

# -- notifications -----------------------------------------------------------------------------------------------------

notifications = Table(
    "notifications",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("account_id"),  # who is told
    Column("kind", Text, nullable=False),  # one of `notifications.kinds`
    _account("actor_id"),
    Column("post_id", Id, ForeignKey("posts.id", ondelete="CASCADE")),
    Column("subject", Text, nullable=False),  # what makes it one: "like:actor:post"
    Column("about_id", Id),  # a report, a warning or a collection, where it is about one
    Column("details", JSON),  # of ties that were severed
    Column("filtered", Boolean, nullable=False, server_default=false()),  # kept aside by the member's policy
    Column("group_key", Key, nullable=False, server_default=""),  # shared by those told together; empty: told alone
    UniqueConstraint("account_id", "subject"),
    Index("ix_notifications_account_id_id", "account_id", "id"),
    Index(
        "ix_notifications_group",
        "account_id",
        "group_key",
        "id",
        "actor_id",
        postgresql_where=text("group_key <> ''"),
        sqlite_where=text("group_key <> ''"),
    ),
    Index(
        "ix_notifications_filtered",
        "account_id",
        "actor_id",
        postgresql_where=text("filtered"),
        sqlite_where=text("filtered = 1"),
    ),
    Index(None, "post_id"),
)

notification_policies = Table(
    "notification_policies",
    metadata,
    _account("account_id", primary_key=True),
    *(
        Column(whom, Text, nullable=False)  # accept, filter, drop
        for whom in ("not_following", "not_followers", "new_accounts", "private_mentions", "limited_accounts")
    ),
)

notification_requests = Table(  # who was kept aside, and is neither let in nor sent away yet
    "notification_requests",
    metadata,
    _account("account_id", primary_key=True),
    _account("actor_id", primary_key=True),
    Column("id", Id, nullable=False),
    Column("updated_at", Time, nullable=False),
    Index(None, "account_id", "id"),
    sqlite_with_rowid=False,
)

notification_permissions = Table(  # whom the member let in, whatever the policy says
    "notification_permissions",
    metadata,
    _account("account_id", primary_key=True),
    _account("actor_id", primary_key=True),
    sqlite_with_rowid=False,
)

push_subscriptions = Table(
    "push_subscriptions",
    metadata,
    Column("token_hash", LargeBinary, ForeignKey("tokens.token_hash", ondelete="CASCADE"), primary_key=True),
    Column("id", Id, nullable=False, unique=True),
    _account("account_id"),
    Column("endpoint", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False),  # the browser's P-256 point, uncompressed
    Column("secret", LargeBinary, nullable=False),  # 16 bytes that both ends know
    Column("standard", Boolean, nullable=False, server_default=false()),  # RFC 8291, or the draft before it
    Column("alerts", JSON, nullable=False),  # the kinds that are pushed
    Column("policy", Text, nullable=False, server_default="all"),  # all, followed, follower, none
    Column("sealed_token", LargeBinary, nullable=False),  # for the payload, by which an app knows the account
    Index(None, "account_id"),
)

push_keys = Table(
    "push_keys",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),  # 1: there is one pair
    Column("public_key", Text, nullable=False),  # base64url
    Column("sealed_key", LargeBinary, nullable=False),  # by `core.vault`
)

markers = Table(
    "markers",
    metadata,
    _account("account_id", primary_key=True),
    Column("timeline", Text, primary_key=True),  # home, notifications
    Column("last_read_id", Id, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("updated_at", Time, nullable=False),
)

# -- timelines ---------------------------------------------------------------------------------------------------------

lists = Table(
    "lists",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("account_id"),
    Column("title", Text, nullable=False),
    Column("replies", Text, nullable=False),  # whose answers to others it shows: none, list, followed
    Column("exclusive", Boolean, nullable=False, server_default=false()),  # its members are read here and not in home
    Index(None, "account_id"),
)

list_members = Table(
    "list_members",
    metadata,
    Column("list_id", Id, ForeignKey("lists.id", ondelete="CASCADE"), nullable=False, primary_key=True),
    _account("account_id", primary_key=True),
    Column("id", Id, nullable=False),
    Index(None, "account_id"),
    sqlite_with_rowid=False,
)

filters = Table(
    "filters",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("account_id"),
    Column("title", Text, nullable=False),
    Column("contexts", JSON, nullable=False),  # ["home", "notifications", "public", "thread", "account"]
    Column("action", Text, nullable=False),  # warn, hide, blur
    Column("expires_at", Time),
    Index(None, "account_id"),
)

filter_keywords = Table(
    "filter_keywords",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("filter_id", Id, ForeignKey("filters.id", ondelete="CASCADE"), nullable=False),
    Column("keyword", Text, nullable=False),
    Column("whole_word", Boolean, nullable=False, server_default=true()),
    Index(None, "filter_id"),
)

filter_posts = Table(
    "filter_posts",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("filter_id", Id, ForeignKey("filters.id", ondelete="CASCADE"), nullable=False),
    _post("post_id"),
    UniqueConstraint("filter_id", "post_id"),
    Index(None, "post_id"),
)

tag_follows = Table(
    "tag_follows",
    metadata,
    _account("account_id", primary_key=True),
    Column("tag", Text, primary_key=True),
    Column("id", Id, nullable=False),
    Index(None, "tag"),
    sqlite_with_rowid=False,
)

featured_tags = Table(
    "featured_tags",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("account_id"),
    Column("tag", Text, nullable=False),
    UniqueConstraint("account_id", "tag"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("account_id"),  # whose view of it this is
    Column("thread_id", Id, nullable=False),
    Column("company", Text, nullable=False),  # the ids of the others, ascending: "115 116"
    Column("last_post_id", Id, nullable=False),
    Column("unread", Boolean, nullable=False),
    UniqueConstraint("account_id", "thread_id", "company"),
    Index("ix_conversations_account_id_last_post_id", "account_id", "last_post_id"),
    Index(None, "last_post_id"),
)

conversation_posts = Table(
    "conversation_posts",
    metadata,
    Column("conversation_id", Id, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, primary_key=True),
    _post("post_id", primary_key=True),
    Index(None, "post_id"),
    sqlite_with_rowid=False,
)

# -- studio ------------------------------------------------------------------------------------------------------------

drawings = Table(
    "drawings",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    _account("account_id"),
    Column("prompt", Text, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("state", Text, nullable=False),  # queued, drawing, drawn, kept, cancelled, failed
    Column("share", Float, nullable=False, server_default="0"),  # done, 0 to 1
    Column("preview", Text, nullable=False, server_default=""),  # blob names
    Column("result", Text, nullable=False, server_default=""),
    Column("stored", JSON),  # what `posts.media` says of the result, so that keeping it is one insert
    Column("maker", Text, nullable=False, server_default=""),
    Column("method", Text, nullable=False, server_default=""),
    Column("description", Text, nullable=False, server_default=""),
    Column("undrawn", JSON, nullable=False, server_default="[]"),
    Column("credits", JSON, nullable=False, server_default="[]"),
    Column("problem", Text, nullable=False, server_default=""),  # why it failed, safe to show
    Column("charge_id", Id),
    Column("media_id", Id),
    Column("created_at", Time, nullable=False),
    Index("ix_drawings_account_id_id", "account_id", "id"),
)

# -- assistant ---------------------------------------------------------------------------------------------------------

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
