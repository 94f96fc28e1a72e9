"""Turn a draft into a post. Whatever follows (notifications, answers, live pages), follows from the event."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Text, bindparam, insert, select

from parvis.core.config import Settings
from parvis.core.errors import Invalid
from parvis.core.ids import AccountId, PostId
from parvis.events import PostPublished
from parvis.people import activity, standing
from parvis.people.accounts import Account
from parvis.posts import acts, cards, drafts, emojis, leftovers, media
from parvis.posts.drafts import Draft
from parvis.posts.heads import raise_head
from parvis.posts.post import Media
from parvis.posts.text import Mention, Token, parse, render, tags_of
from parvis.store.statement import Statement, among_words
from parvis.store.tables import accounts, idempotency, post_mentions, post_tags, posts
from parvis.store.transaction import Tx

DEFAULTS = Settings()
MOST_MENTIONS = 50  # later ones stay words
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
)
_ADD = Statement(insert(posts).values({name: bindparam(name, type_=posts.c[name].type) for name in _GIVEN}))
_ADD_MENTION = Statement(
    insert(post_mentions).values(account_id=bindparam("account", type_=BigInteger), post_id=bindparam("post"))
)
_ADD_TAG = Statement(insert(post_tags).values(tag=bindparam("tag", type_=Text), post_id=bindparam("post")))
_NAMED = Statement(
    select(accounts.c.id, accounts.c.handle, accounts.c.domain).where(
        among_words(accounts.c.handle_key, "handles"), accounts.c.suspended_at.is_(None)
    ),
    Mention,
)
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
        NotFound: it answers what the author may not see.
        Forbidden: the author may not post now.
    """
    standing.require(author, "post")
    drafts.check(draft)
    text, pieces = parse(draft.text, settings.post_limit)
    if not text and not draft.media:
        raise Invalid("A post needs words or a picture.", field="text")
    if key is not None:
        first = await _first_with(tx, author, key)
        if first is not None:
            return first
    parent = await acts.target_of(tx, author, draft.reply_to) if draft.reply_to is not None else None
    named = await _named_in(tx, pieces, settings.domain)
    pictures = await media.unattached(tx, author, draft.media) if draft.media else ()
    origin, maker = _origin(origin, maker, pictures)

    post_id = PostId(tx.new_id())
    thread_id = parent.thread_id if parent else post_id
    mentions = list({member.id: member for member in named.values()}.values())
    tags = tags_of(pieces)
    await tx.run(
        _ADD,
        id=post_id,
        author_id=author.id,
        text=text,
        html=render(pieces, lambda piece: named.get((piece.value.lower(), piece.domain))),
        warning=draft.warning,
        sensitive=draft.sensitive,
        language=draft.language,
        visibility=draft.visibility,
        origin=origin,
        maker=maker,
        thread_id=thread_id,
        reply_to_id=parent.id if parent else None,
        reply_to_author_id=parent.author_id if parent else None,
        mentions=mentions,
        tags=tags,
        media=pictures,
        app_id=app_id,
    )
    await raise_head(tx, author.id, post_id)
    cards.ask(tx, post_id, pieces, settings)
    await emojis.dress(tx, post_id, text, draft.warning)
    told = {AccountId(member.id) for member in mentions} - {author.id}
    readers = told | {parent.author_id} - {author.id} if parent else told
    await tx.many(_ADD_MENTION, [{"account": account, "post": post_id} for account in sorted(readers)])
    await tx.many(_ADD_TAG, [{"tag": tag, "post": post_id} for tag in tags])
    if pictures:
        await media.attach(tx, author, post_id, draft.media)
    if key is not None:
        await tx.run(_ADD_KEY, account_id=author.id, key=key, post_id=post_id, created_at=tx.now)
        leftovers.set_sweep(tx)
    if acts.is_counted(draft.visibility):
        if parent:
            await tx.run(acts.COUNT_REPLIES, post=parent.id, change=1)
        await activity.count_post(tx, author.id)
    answered = parent.id if parent else None
    tx.emit(PostPublished(post_id, author.id, thread_id, answered, tuple(sorted(told)), draft.visibility))
    return post_id


async def _first_with(tx: Tx, author: Account, key: str) -> PostId | None:
    """The post that this key made. Two tries at once come one after the other here."""
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid("The idempotency key is 1 to {limit} characters long.", field="key", limit=LONGEST_KEY)
    await tx.run(_LOCK_AUTHOR, author=author.id)
    first: PostId | None = await tx.value(_FIRST_WITH_KEY, author=author.id, key=key)
    return first


async def _named_in(tx: Tx, pieces: Sequence[Token], home: str) -> dict[tuple[str, str], Mention]:
    """The members whom the mentions name, by folded handle and written domain, in one query."""
    wanted = list(dict.fromkeys((piece.value.lower(), piece.domain) for piece in pieces if piece.kind == "mention"))[
        :MOST_MENTIONS
    ]
    if not wanted:
        return {}
    found = await tx.all(_NAMED, handles=[handle for handle, _ in wanted])
    members = {(member.handle.lower(), member.domain): member for member in found}
    named = {}
    for handle, domain in wanted:
        member = members.get((handle, "" if domain == home else domain))
        if member is not None:
            named[handle, domain] = member
    return named


def _origin(origin: str, maker: str, pictures: Sequence[Media]) -> tuple[str, str]:
    """The origin of the whole: a picture that a model made is never hidden behind a human's words."""
    made = next((picture for picture in pictures if picture.origin != "human"), None)
    if origin == "human" and made is not None:
        return "assisted", made.maker
    return origin, maker
