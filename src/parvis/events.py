"""Every event: what happened, in the past tense, with ids only. What has to travel sideways between rooms travels so.

`Event`s are emitted inside a transaction: after the commit they reach the live bus, and each listener that the
composition root names for them runs as a retried job. `Passing` ones are never stored: progress that matters only to
whoever is watching now.
"""

import msgspec

from parvis.core.ids import AccountId, MediaId, PostId


class Event(msgspec.Struct, frozen=True, tag=True):
    """Something that happened and was committed."""


class AccountOpened(Event, frozen=True):
    """A member signed up, or a character was made."""

    account: AccountId


class ProfileEdited(Event, frozen=True):
    """An account changed its name, words or pictures."""

    account: AccountId


class Followed(Event, frozen=True):
    """An account began to follow another."""

    follower: AccountId
    followee: AccountId


class Unfollowed(Event, frozen=True):
    """An account stopped following another."""

    follower: AccountId
    followee: AccountId


class FollowRequested(Event, frozen=True):
    """An account asks a locked one whether it may follow."""

    follower: AccountId
    followee: AccountId


class FollowRequestEnded(Event, frozen=True):
    """Such a request was granted, refused or taken back."""

    follower: AccountId
    followee: AccountId


class TiesSevered(Event, frozen=True):
    """An account lost whom it followed by what others did: `kind` says what (`suspension`), `name` whom it met."""

    account: AccountId
    kind: str
    name: str
    followers: int  # how many it lost
    following: int


class Blocked(Event, frozen=True):
    """An account blocked another; follows between them are gone."""

    blocker: AccountId
    blocked: AccountId


class Collected(Event, frozen=True):
    """An account (`by`) put another into a collection of theirs."""

    collection: int
    by: AccountId
    account: AccountId


class Uncollected(Event, frozen=True):
    """An account is in a collection no more."""

    collection: int
    account: AccountId


class CollectionEdited(Event, frozen=True):
    """An account says something else of a collection of theirs."""

    collection: int
    by: AccountId


class PostPublished(Event, frozen=True):
    """A post or a reply exists."""

    post: PostId
    author: AccountId
    thread: PostId
    reply_to: PostId | None = None
    mentioned: tuple[AccountId, ...] = ()
    visibility: str = ""


class Reposted(Event, frozen=True):
    """An account passed a post on; `post` is the repost, `original` what it passes on."""

    post: PostId
    author: AccountId
    original: PostId


class PostEdited(Event, frozen=True):
    """A post has new words, pictures, warnings or another poll; `mentioned` are those whom it did not name before."""

    post: PostId
    author: AccountId
    thread: PostId
    mentioned: tuple[AccountId, ...] = ()


class PostQuoted(Event, frozen=True):
    """A post shows another one in itself."""

    post: PostId
    author: AccountId
    quoted: PostId
    quoted_author: AccountId


class QuoteRevoked(Event, frozen=True):
    """The author of a quoted post took back their leave: `post` does not show `quoted` any more."""

    post: PostId
    author: AccountId
    quoted: PostId
    quoted_author: AccountId
    thread: PostId


class PollVoted(Event, frozen=True):
    """Somebody chose answers of the poll of a post."""

    post: PostId
    thread: PostId


class CardFetched(Event, frozen=True):
    """What a post links to was looked at, and the post shows a card of it."""

    post: PostId
    author: AccountId
    thread: PostId


class PollEnded(Event, frozen=True):
    """The poll of a post takes no more votes."""

    post: PostId
    author: AccountId


class PostDeleted(Event, frozen=True):
    """A post (or repost) is gone; so are its likes, reposts and notifications."""

    post: PostId
    author: AccountId
    thread: PostId
    visibility: str = "mentioned"  # what it had: whoever could not see it must not hear that it is gone
    counted: PostId | None = None  # among the answers or the reposts of this one


class PostLiked(Event, frozen=True):
    """An account liked a post."""

    post: PostId
    account: AccountId


class PostUnliked(Event, frozen=True):
    """An account took its like back."""

    post: PostId
    account: AccountId


class Notified(Event, frozen=True):
    """A notification waits for an account."""

    notification: int
    account: AccountId


class NotificationsMerged(Event, frozen=True):
    """Notifications that were kept aside came to the others."""

    account: AccountId


class TastesChanged(Event, frozen=True):
    """A member changed what their feeds hold: a list, a followed hashtag, or (`filters`) a filter."""

    account: AccountId
    version: int
    filters: bool = False


class ConversationGrew(Event, frozen=True):
    """A direct message is the latest of a conversation, as the account sees it."""

    conversation: int
    account: AccountId


class ReportFiled(Event, frozen=True):
    """A member (`account`) reported another."""

    report: int
    account: AccountId
    target: AccountId


class ReportResolved(Event, frozen=True):
    """A moderator closed a report."""

    report: int
    moderator: AccountId


class AccountWarned(Event, frozen=True):
    """A moderator warned an account, or did more: the strike tells what, and why."""

    strike: int
    account: AccountId
    action: str  # none, disable, sensitive, limit, suspend, delete, mark


class AccountRestrained(Event, frozen=True):
    """A moderator disabled, limited or suspended an account, or marked its pictures as sensitive."""

    account: AccountId
    restraint: str  # disable, sensitive, limit, suspend


class AccountReleased(Event, frozen=True):
    """A moderator took a restraint back."""

    account: AccountId
    restraint: str


class AccountApproved(Event, frozen=True):
    """A moderator let an account in that had waited."""

    account: AccountId


class StrikeAppealed(Event, frozen=True):
    """An account asks for a strike to be looked at again."""

    strike: int
    account: AccountId


class AnnouncementPublished(Event, frozen=True):
    """The operators announced something, or changed what they had announced."""

    announcement: int


class AnnouncementReacted(Event, frozen=True):
    """The count of a reaction to an announcement changed; 0 when it is gone."""

    announcement: int
    name: str
    count: int


class AnnouncementDeleted(Event, frozen=True):
    """An announcement is withdrawn, or over."""

    announcement: int


class DrawingKept(Event, frozen=True):
    """A member kept a drawing of the studio as a picture to post."""

    drawing: int
    account: AccountId
    media: MediaId


class Passing(msgspec.Struct, frozen=True, tag=True):
    """Something under way, told to whoever watches now and never stored."""


class DrawingProgressed(Passing, frozen=True):
    """A drawing moved on: its state, and the share done from 0 to 1."""

    drawing: int
    account: AccountId
    state: str
    share: float


class AnswerGrew(Passing, frozen=True):
    """The assistant wrote on: `text` is the piece added at `position` (in code points) of its answer to `question`."""

    question: PostId
    thread: PostId
    author: AccountId
    position: int
    text: str


class AnswerEnded(Passing, frozen=True):
    """The assistant's answer to `question` is published as `answer`, or was given up (None)."""

    question: PostId
    thread: PostId
    author: AccountId
    answer: PostId | None


Live = (
    AccountOpened
    | ProfileEdited
    | Followed
    | Unfollowed
    | FollowRequested
    | FollowRequestEnded
    | TiesSevered
    | Blocked
    | Collected
    | Uncollected
    | CollectionEdited
    | PostPublished
    | Reposted
    | PostEdited
    | CardFetched
    | PostQuoted
    | QuoteRevoked
    | PollVoted
    | PollEnded
    | PostDeleted
    | PostLiked
    | PostUnliked
    | Notified
    | NotificationsMerged
    | TastesChanged
    | ConversationGrew
    | ReportFiled
    | ReportResolved
    | AccountWarned
    | AccountRestrained
    | AccountReleased
    | AccountApproved
    | StrikeAppealed
    | AnnouncementPublished
    | AnnouncementReacted
    | AnnouncementDeleted
    | DrawingKept
    | DrawingProgressed
    | AnswerGrew
    | AnswerEnded
)
"""All that can travel over the bus."""

_decoder: msgspec.json.Decoder[Live] = msgspec.json.Decoder(Live)
_encoder = msgspec.json.Encoder()


def encode(event: Event | Passing) -> bytes:
    """The event as JSON, its class name under `type`."""
    return _encoder.encode(event)


def decode(data: bytes | str) -> Live:
    """The event that `encode` wrote."""
    return _decoder.decode(data)
