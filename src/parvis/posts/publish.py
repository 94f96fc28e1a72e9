"""Turn a draft into a post. Whatever follows (notifications, answers, live pages), follows from the event."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Text, bindparam, insert, select

from parvis.core.config import Settings
from parvis.core.errors import Invalid, NotFound
from parvis.core.ids import PostId
from parvis.events import PostPublished
from parvis.people import activity, standing
from parvis.people.accounts import Account
from parvis.posts import acts, cards, drafts, emojis, extras, leftovers, lexicon, media, polls, quotes
from parvis.posts.drafts import Draft
from parvis.posts.heads import raise_head
from parvis.posts.post import Media
from parvis.posts.prose import Unexpected, read, record
from parvis.store.statement import Statement
from parvis.store.tables import accounts, idempotency, posts
from parvis.store.transaction import Tx

DEFAULTS = Settings()
LONGEST_KEY = 200

_GIVEN = (
    "id",
    "author_id",
    "text",
    "html",
    "warning",
    "sensitive",
    "language",
    "visibility",
    "origin",
    "maker",
    "thread_id",
    "reply_to_id",
    "reply_to_author_id",
    "mentions",
    "tags",
    "media",
    "app_id",
    "extras",
)
_ADD = Statement(insert(posts).values({name: bindparam(name, type_=posts.c[name].type) for name in _GIVEN}))
_author = bindparam("author", type_=BigInteger)
_LOCK_AUTHOR = Statement(select(accounts.c.id).where(accounts.c.id == _author).with_for_update(key_share=True))
_FIRST_WITH_KEY = Statement(
    select(idempotency.c.post_id).where(
        idempotency.c.account_id == _author, idempotency.c.key == bindparam("key", type_=Text)
    )
)
_ADD_KEY = Statement(
    insert(idempotency).values(
        {
            name: bindparam(name, type_=idempotency.c[name].type)
            for name in ("account_id", "key", "post_id", "created_at")
        }
    )
)


async def publish(
    tx: Tx,
    author: Account,
    draft: Draft,
    *,
    origin: str = "human",
    maker: str = "",
    app_id: int | None = None,
    key: str | None = None,
    settings: Settings = DEFAULTS,
) -> PostId:
    """Publish the draft. A key that the author used before gives back the post it made then.

    A reply also reaches the author of what it answers, whatever its visibility. A post with a picture that a model
    made is at least `assisted`, whatever its words are.

    Raises:
        Invalid: the draft breaks a rule.
        NotFound: it answers what the author may not see, or quotes what they may not quote.
        Forbidden: the author may not post now.
    """
    standing.require(author, "post")
    drafts.check(draft)
    prose = await read(tx, draft.text, settings)
    drafts.require_content(prose.text, something=bool(draft.media) or draft.quotes is not None)
    if key is not None:
        first = await _first_with(tx, author, key)
        if first is not None:
            return first
    parent = await find_answered(tx, author, draft.reply_to) if draft.reply_to is not None else None
    quoted = await quotes.find_quotable(tx, author, draft.quotes) if draft.quotes is not None else None
    pictures = await media.unattached(tx, author, draft.media) if draft.media else ()
    origin, maker = origin_of(origin, maker, pictures)
    told = prose.mentioned(author.id)
    if draft.allowed is not None and (unexpected := told - set(draft.allowed)):
        raise Unexpected(sorted(unexpected))
    shown_to = quotes.narrowed(draft.visibility, quoted, told, author) if quoted else draft.visibility

    post_id = PostId(tx.new_id("posts"))
    thread_id = parent.thread_id if parent else post_id
    await tx.run(
        _ADD,
        id=post_id,
        author_id=author.id,
        text=prose.text,
        html=quotes.led_in(prose.html, prose.text, quoted, settings) if quoted else prose.html,
        warning=draft.warning,
        sensitive=draft.sensitive,
        language=draft.language,
        visibility=shown_to,
        origin=origin,
        maker=maker,
        thread_id=thread_id,
        reply_to_id=parent.id if parent else None,
        reply_to_author_id=parent.author_id if parent else None,
        mentions=prose.mentions,
        tags=prose.tags,
        media=pictures,
        app_id=app_id,
        extras=_bits(draft, shown_to),
    )
    await raise_head(tx, author.id, post_id)
    if quoted is None:
        cards.ask(tx, post_id, prose.pieces, settings)
    await emojis.dress(tx, post_id, prose.text, draft.warning, *(draft.poll.options if draft.poll else ()))
    await record(tx, post_id, told | {parent.author_id} - {author.id} if parent else told, prose.tags)
    if pictures:
        await media.attach(tx, author, post_id, draft.media)
    if draft.poll is not None:
        await polls.add_poll(tx, post_id, draft.poll)
    await lexicon.learn(tx, post_id)
    if quoted is not None:
        await quotes.add_quote(tx, author, post_id, quoted)
    if key is not None:
        await tx.run(_ADD_KEY, account_id=author.id, key=key, post_id=post_id, created_at=tx.now)
        leftovers.set_sweep(tx)
    if acts.is_counted(shown_to):
        await acts.count(
            tx,
            (acts.COUNT_REPLIES, parent.id if parent else None, 1),
            (acts.COUNT_QUOTES, quoted.id if quoted else None, 1),
        )
        await activity.count_post(tx, author.id)
    answered = parent.id if parent else None
    tx.emit(PostPublished(post_id, author.id, thread_id, answered, tuple(sorted(told)), shown_to))
    return post_id


async def find_answered(tx: Tx, author: Account, post_id: PostId) -> acts.Target:
    """The post that the author wants to answer, which stays until the transaction ends.

    Raises:
        NotFound: there is none, or they may not see it.
    """
    try:
        return await acts.target_of(tx, author, post_id)
    except NotFound:
        raise NotFound("The post you are trying to reply to does not appear to exist.") from None


def _bits(draft: Draft, visibility: str) -> int:
    """What else there will be to read of it, as `posts.extras` says it."""
    carried = (extras.POLL if draft.poll else 0) | (extras.QUOTE if draft.quotes is not None else 0)
    return carried | quotes.policy_bits(draft.quote_policy, visibility)


async def _first_with(tx: Tx, author: Account, key: str) -> PostId | None:
    """The post that this key made. Two tries at once come one after the other here."""
    await tx.run(_LOCK_AUTHOR, author=author.id)
    first: PostId | None = await tx.value(_FIRST_WITH_KEY, author=author.id, key=checked_key(key))
    return first


def checked_key(key: str) -> str:
    """The key that tells a retry.

    Raises:
        Invalid: it is empty or too long.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid("The idempotency key is 1 to {limit} characters long.", field="key", limit=LONGEST_KEY)
    return key


def origin_of(origin: str, maker: str, pictures: Sequence[Media]) -> tuple[str, str]:
    """The origin of the whole: a picture that a model made is never hidden behind a human's words."""
    made = next((picture for picture in pictures if picture.origin != "human"), None)
    if origin == "human" and made is not None:
        return "assisted", made.maker
    return origin, maker
