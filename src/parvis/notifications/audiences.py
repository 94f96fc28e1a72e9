"""Who hears of what: for each kind, those whom it concerns while it is so, as one query.

Each looks at what is so when it is asked, not at what was so when its job was called, since jobs may overtake each
other: a like taken back quickly leaves nothing, one given again stays. A locked account that lets a follower in knows.
"""

from typing import Final

from sqlalchemy import literal_column, or_, select, union_all

from parvis.notifications.policies import Hearer
from parvis.notifications.telling import about, account, actor, doer, hearers, post, said
from parvis.people.details import Trait
from parvis.store.statement import Statement
from parvis.store.tables import (
    accounts,
    collection_items,
    follow_requests,
    follows,
    likes,
    post_mentions,
    posts,
    quotes,
    votes,
)

_STAFF = accounts.c.role.in_([literal_column("'moderator'"), literal_column("'admin'")])
_origin = posts.alias("origin")
_passed_on = posts.alias("passed_on")

AUDIENCES: Final[dict[str, Statement[Hearer]]] = {
    "mention": hearers(
        post_mentions.join(said, said.c.id == post_mentions.c.post_id).join(
            accounts, accounts.c.id == post_mentions.c.account_id
        ),
        post_mentions.c.post_id == post,
        or_(account.is_(None), accounts.c.id == account),
        worded=True,
    ),
    "like": hearers(
        likes.join(posts, posts.c.id == likes.c.post_id).join(accounts, accounts.c.id == posts.c.author_id),
        likes.c.post_id == post,
        likes.c.account_id == actor,
    ),
    "repost": hearers(
        posts.join(_origin, _origin.c.id == posts.c.repost_of_id).join(accounts, accounts.c.id == _origin.c.author_id),
        posts.c.id == post,
    ),
    "follow": hearers(
        follows.join(accounts, accounts.c.id == follows.c.followee_id),
        follows.c.follower_id == actor,
        follows.c.followee_id == account,
        accounts.c.traits.bitwise_and(literal_column(str(int(Trait.LOCKED)))) == literal_column("0"),
    ),
    "quote": hearers(
        quotes.join(accounts, accounts.c.id == quotes.c.quoted_author_id),
        quotes.c.post_id == post,
        quotes.c.state == literal_column("'accepted'"),
    ),
    "post": hearers(
        follows.join(said, said.c.author_id == follows.c.followee_id).join(
            accounts, accounts.c.id == follows.c.follower_id
        ),
        follows.c.followee_id == actor,
        follows.c.notify,
        said.c.id == post,
        said.c.visibility != literal_column("'mentioned'"),
        or_(said.c.reply_to_author_id.is_(None), said.c.reply_to_author_id == said.c.author_id),
    ),
    "follow_request": hearers(
        follow_requests.join(accounts, accounts.c.id == follow_requests.c.followee_id),
        follow_requests.c.follower_id == actor,
        follow_requests.c.followee_id == account,
    ),
    "poll": hearers(
        accounts,
        accounts.c.id.in_(union_all(select(votes.c.account_id).where(votes.c.post_id == post), select(actor))),
        own=True,
    ),
    "edit": hearers(
        _passed_on.join(accounts, accounts.c.id == _passed_on.c.author_id),
        _passed_on.c.repost_of_id == post,
    ),
    "quoted_edit": hearers(
        quotes.join(posts, posts.c.id == quotes.c.post_id).join(accounts, accounts.c.id == posts.c.author_id),
        quotes.c.quoted_id == post,
        quotes.c.state == literal_column("'accepted'"),
        theirs=quotes.c.post_id,
    ),
    "collected": hearers(
        collection_items.join(accounts, accounts.c.id == collection_items.c.account_id),
        collection_items.c.collection_id == about,
        collection_items.c.account_id == account,
        collection_items.c.state == literal_column("'accepted'"),
    ),
    "collection_edit": hearers(
        collection_items.join(accounts, accounts.c.id == collection_items.c.account_id),
        collection_items.c.collection_id == about,
        collection_items.c.state == literal_column("'accepted'"),
    ),
    "sign_up": hearers(accounts, _STAFF, doer.c.kind == literal_column("'person'")),
    "report": hearers(accounts, _STAFF),
    "severance": hearers(accounts, accounts.c.id == account, own=True),
    "warning": hearers(accounts, accounts.c.id == account, own=True),
}
