"""Quotes: a post shown inside another one, with its author's leave, which they can take back.

Who may quote is the quoted author's choice, post by post: the public, their followers, or nobody but they. What only
followers may see, only its author quotes, and only for followers; what is for those mentioned, nobody quotes.
"""

import html
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Integer, Text, bindparam, insert, literal_column, select, update

from parvis.core.config import Settings
from parvis.core.errors import Forbidden, Invalid, NotFound
from parvis.core.ids import AccountId, PostId
from parvis.events import PostQuoted, QuoteRevoked
from parvis.people.accounts import COLUMNS, Account
from parvis.posts import acts, extras
from parvis.posts.page import FIRST, Page, Paged
from parvis.posts.post import QUOTE_POLICIES, Post
from parvis.posts.visibility import NOBODY, get_post, in_order, muting, viewer, visible
from parvis.store.statement import Statement
from parvis.store.tables import accounts, posts, quotes
from parvis.store.transaction import Tx

_post = bindparam("post", type_=BigInteger)
_ADD = Statement(
    insert(quotes).values(
        {name: bindparam(name, type_=quotes.c[name].type) for name in ("post_id", "quoted_id", "quoted_author_id")}
        | {"state": literal_column("'accepted'")}
    )
)
_OF = Statement(
    select(quotes.c.quoted_id, quotes.c.quoted_author_id, quotes.c.state, posts.c.visibility)
    .join_from(quotes, posts, posts.c.id == quotes.c.post_id)
    .where(quotes.c.post_id == _post)
    .with_for_update(of=quotes)
)
_quoted = posts.alias("quoted")
_QUOTED = Statement(
    select(_quoted.c.id, _quoted.c.visibility, *COLUMNS)
    .join_from(quotes, _quoted, _quoted.c.id == quotes.c.quoted_id)
    .join(accounts, accounts.c.id == _quoted.c.author_id)
    .where(quotes.c.post_id == _post)
)
_SET_STATE = Statement(update(quotes).where(quotes.c.post_id == _post).values(state=bindparam("became", type_=Text)))
_policies = literal_column(str(extras.BY_FOLLOWERS | extras.BY_NOBODY), Integer)
_SET_POLICY = Statement(
    update(posts)
    .where(posts.c.id == _post)
    .values(extras=posts.c.extras - posts.c.extras.op("&")(_policies) + bindparam("policy", type_=Integer))
)
_QUOTING: Paged[tuple[Any, ...]] = Paged(
    select(posts.c.id)
    .join_from(quotes, posts, posts.c.id == quotes.c.post_id)
    .where(
        quotes.c.quoted_id == _post,
        quotes.c.state == literal_column("'accepted'"),
        visible(posts),
        ~muting(viewer, posts.c.author_id),
    ),
    quotes.c.post_id,
)


class Quoted(msgspec.Struct, frozen=True):
    """A post that is about to be quoted."""

    id: PostId
    author: Account
    visibility: str


def policy_bits(policy: str, visibility: str) -> int:
    """The bits of `posts.extras` that keep who may quote a post of this visibility."""
    if visibility not in ("public", "unlisted"):
        return 0  # nobody may, whatever they say
    return {"public": 0, "followers": extras.BY_FOLLOWERS, "nobody": extras.BY_NOBODY}[policy]


async def find_quotable(tx: Tx, account: Account, post_id: PostId) -> Quoted:
    """The post (what a repost passes on), once it is sure that the account may quote it.

    Raises:
        NotFound: there is none, or the account may not see or not quote it: the three look the same.
    """
    try:
        await acts.target_of(tx, account, post_id)  # which stays until the transaction ends
        post = (await get_post(tx, account, post_id)).shown
    except NotFound:
        raise NotFound("The post you are trying to quote does not appear to exist.") from None
    if not post.quotable:
        raise NotFound("The post you are trying to quote does not appear to exist.")
    return Quoted(post.id, post.author, post.visibility)


def narrowed(visibility: str, quoted: Quoted, mentioned: set[AccountId], author: Account) -> str:
    """The visibility of a post that quotes: what is for followers is quoted for them at most.

    Raises:
        Invalid: it is for those mentioned, and the quoted author is not among them.
    """
    if visibility == "mentioned" and quoted.author.id not in mentioned | {author.id}:
        raise Invalid("A private mention cannot quote somebody whom it does not mention.", field="quoted_status_id")
    if quoted.visibility == "followers" and visibility in ("public", "unlisted"):
        return "followers"
    return visibility


def led_in(rendered: str, text: str, quoted: Quoted, settings: Settings) -> str:
    """The HTML of a post that quotes: it begins with a link to what it quotes, unless its words hold one."""
    path = f"/@{quoted.author.acct}/{quoted.id}"
    address = settings.url + path
    if address in text:
        return rendered
    return f'<p class="quote-inline">RE: <a href="{html.escape(path)}">{html.escape(address)}</a></p>{rendered}'


async def add_quote(tx: Tx, author: Account, post_id: PostId, quoted: Quoted) -> None:
    """Have the new post quote the other. It is not counted yet."""
    await tx.run(_ADD, post_id=post_id, quoted_id=quoted.id, quoted_author_id=quoted.author.id)
    tx.emit(PostQuoted(post_id, author.id, quoted.id, quoted.author.id))


async def find_quoted(tx: Tx, post_id: PostId) -> Quoted | None:
    """What a post quotes, if it is still there."""
    row = await tx.first(_QUOTED, post=post_id)
    return None if row is None else Quoted(row[0], Account(*row[2:]), row[1])


async def counted_by(tx: Tx, post_id: PostId) -> PostId | None:
    """The post whose quotes this one, which quotes, is counted among."""
    found = await tx.first(_OF, post=post_id)
    if found is None or found[2] != "accepted" or not acts.is_counted(found[3]):
        return None
    quoted: PostId | None = found[0]
    return quoted


async def revoke(tx: Tx, account: Account, post_id: PostId, quoting_id: PostId) -> Post:
    """Take back one's leave: the post `quoting_id` does not show one's post any more. The quoting post.

    Raises:
        NotFound: there is no such quote, or the account may not see either post.
        Forbidden: it is somebody else's post that is quoted.
    """
    own = await get_post(tx, account, post_id)
    quoting = await get_post(tx, account, quoting_id)
    found = await tx.first(_OF, post=quoting.id)
    if found is None or found[0] != own.id:
        raise NotFound("There is no such quote.")
    if own.author.id != account.id:
        raise Forbidden("This is not for you to do.")
    if found[2] != "revoked":
        await tx.run(_SET_STATE, post=quoting.id, became="revoked")
        if acts.is_counted(found[3]):
            await acts.count(tx, (acts.COUNT_QUOTES, own.id, -1))
        tx.emit(QuoteRevoked(quoting.id, quoting.author.id, own.id, account.id, quoting.thread_id))
    return await get_post(tx, account, quoting.id)


async def set_policy(tx: Tx, account: Account, post_id: PostId, policy: str) -> None:
    """Say who may quote one's post from now on; quotes that exist stay.

    Raises:
        NotFound: the account has no such post.
        Invalid: there is no such policy.
    """
    post = await get_post(tx, account, post_id)
    if post.author.id != account.id or post.repost_of is not None:
        raise NotFound("This post does not exist, or you may not see it.")
    if policy not in QUOTE_POLICIES:
        raise Invalid("A post is quoted by the public, by followers or by nobody.", field="quote_approval_policy")
    await tx.run(_SET_POLICY, post=post.id, policy=policy_bits(policy, post.visibility))


async def quotes_of(tx: Tx, member: Account | None, post_id: PostId, page: Page = FIRST) -> list[Post]:
    """A page of the posts that quote this one, as far as the member may see them.

    Raises:
        NotFound: there is no such post, or the member may not see it.
    """
    post = (await get_post(tx, member, post_id)).shown
    rows = await _QUOTING.read(tx, page, post=post.id, viewer=member.id if member else NOBODY, now=tx.now)
    return await in_order(tx, member, rows)
