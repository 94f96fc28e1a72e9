"""What happened to a member while they were away, and who was kept aside; opening the first page marks it read."""

import functools
from typing import Final, get_args

import msgspec
from starlette.responses import Response

from parvis.core.errors import Invalid
from parvis.core.words import N_
from parvis.moderation import announcements
from parvis.notifications import groups, policies, requests
from parvis.notifications.inbox import EVERYTHING, Choice
from parvis.notifications.markers import mark_read, markers_of
from parvis.people.accounts import Account, accounts_by_ids
from parvis.people.requests import count_requests
from parvis.posts.post import Post
from parvis.store.transaction import Tx
from parvis.timelines.company import company_of
from parvis.web.profiles import relationships_with
from parvis.web.square import SIZE, page_of, sifted
from parvis.web.visit import Visit

RATE: Final = "60/minute"
REACTIONS: Final = {"react": announcements.react, "unreact": announcements.unreact}
OFFERED: Final = ("👍", "❤️", "🎉", "😂", "😮", "😢", "🙏", "👀")
LONGEST_EMOJI: Final = 70  # characters of a field
VERBS: Final = {"accept": requests.accept, "dismiss": requests.dismiss}
CHOICES: Final = {
    "": (N_("All"), EVERYTHING),
    "mentions": (N_("Mentions"), Choice(kinds=("mention", "quote"))),
    "likes": (N_("Likes"), Choice(kinds=("like",))),
    "reposts": (N_("Reposts"), Choice(kinds=("repost",))),
    "follows": (N_("Follows"), Choice(kinds=("follow", "follow_request"))),
    "posts": (N_("Posts"), Choice(kinds=("post", "edit", "quoted_edit"))),
    "polls": (N_("Polls"), Choice(kinds=("poll",))),
}
"""Which notifications a page shows, by the last word of its address."""
FACES: Final = 8  # of a group
STRANGERS: Final = (
    ("not_following", N_("People you do not follow"), ""),
    ("not_followers", N_("People who do not follow you"), N_("Or who have for less than 3 days.")),
    ("new_accounts", N_("New accounts"), N_("Made in the last 30 days.")),
    ("private_mentions", N_("Private mentions by strangers"), N_("Unless they answer one of yours.")),
    ("limited_accounts", N_("Accounts that the moderators limited"), ""),
)
NOBODY: Final = policies.Pending(0, 0)
VERDICTS: Final = (("accept", N_("Tell me")), ("filter", N_("Keep aside")), ("drop", N_("Never tell me")))


class Notice(msgspec.Struct, frozen=True):
    """A group of notifications as the page shows it: by whom, the latest first, and how many there are."""

    id: int  # of the latest
    kind: str
    post: Post | None
    actors: tuple[Account, ...]
    many: int
    about_id: int | None  # a collection
    removed: str  # by the moderators, whom one followed: their name here

    @property
    def actor(self) -> Account:
        """Who did it last."""
        return self.actors[0]


async def _heard(visit: Visit, tx: Tx, found: list[groups.Group[Post]]) -> list[Notice]:
    """The groups with those who made them, without what the member's filters hide."""
    known = await accounts_by_ids(tx, {actor for group in found for actor in group.actors[:FACES]})
    told = [group.shown.post for group in found if group.shown.post is not None]
    kept = {post.id: post for post in await sifted(visit, tx, told, "notifications")}
    notices = []
    for group in found:
        actors = tuple(known[actor] for actor in group.actors[:FACES] if actor in known)
        post = group.shown.post
        if actors and (post is None or post.id in kept):
            shown = kept[post.id] if post is not None else None
            told_of = group.shown
            removed = (told_of.details or {}).get("name", "")
            notices.append(Notice(group.newest, told_of.kind, shown, actors, group.many, told_of.about_id, removed))
    return notices


async def read_notifications(visit: Visit, tx: Tx) -> Response:
    """The member's notifications in groups, latest first; those since the last look stand out."""
    viewer = visit.member()
    choice = CHOICES.get(visit.verb, CHOICES[""])[1]
    found = await groups.groups_of(tx, viewer, page_of(visit), choice)
    marker = (await markers_of(tx, viewer, ("notifications",))).get("notifications")
    last_read = marker.last_read_id if marker else 0
    first_page = not visit.query("max_id")
    latest = max((group.newest for group in found), default=0)
    foremost = first_page and choice is EVERYTHING
    if foremost and latest > last_read:
        visit.seen = functools.partial(mark_read, member=viewer, last_read_id=latest)
        visit.unread = 0
    notices = await _heard(visit, tx, found)
    followers = [notice.actor for notice in notices if notice.kind in {"follow", "follow_request"} and notice.many == 1]
    return visit.page(
        "notifications.html",
        notices=notices,
        relationships=await relationships_with(visit, tx, followers),
        waiting=await policies.pending(tx, viewer) if foremost else NOBODY,
        asking_to_follow=await count_requests(tx, viewer) if foremost and viewer.locked else 0,
        announced=await announcements.current(tx, viewer) if foremost else (),
        offered=OFFERED,
        last_read=last_read,
        older=f"{visit.request.url.path}?max_id={found[-1].shown.id}" if len(found) >= SIZE else "",
        first_page=first_page,
        aside=False,
        choices=CHOICES,
        suggested=await company_of(tx, viewer),
    )


async def read_aside(visit: Visit, tx: Tx) -> Response:
    """Who asks to be let in, with the latest of what they said."""
    viewer = visit.member()
    asking = await requests.requests_of(tx, viewer, page_of(visit))
    return visit.page(
        "notifications.html",
        notices=asking,
        relationships={},
        waiting=NOBODY,
        asking_to_follow=0,
        announced=(),
        last_read=0,
        older=f"{visit.request.url.path}?max_id={asking[-1].id}" if len(asking) >= SIZE else "",
        first_page=not visit.query("max_id"),
        aside=True,
        choices=CHOICES,
        suggested=await company_of(tx, viewer),
    )


async def settle_aside(visit: Visit) -> Response:
    """Let somebody in, or send them away."""
    await visit.hold("act", RATE)
    settle = VERBS[visit.verb]
    request_id = visit.number("request")
    async with visit.acting() as (tx, viewer):
        await settle(tx, viewer, [request_id])
    return visit.done({"id": str(request_id)}, "/notifications/aside")


async def put_away(visit: Visit) -> Response:
    """Have read an announcement."""
    await visit.hold("act", RATE)
    async with visit.acting() as (tx, viewer):
        await announcements.dismiss(tx, viewer, visit.number("announcement"))
    return visit.go("/notifications")


async def answer(visit: Visit) -> Response:
    """React to an announcement with an emoji, or take that back."""
    await visit.hold("act", RATE)
    which = visit.number("announcement")
    async with visit.acting() as (tx, viewer):
        await REACTIONS[visit.verb](tx, viewer, which, visit.field("emoji", LONGEST_EMOJI))
        shown = await announcements.get_shown(tx, viewer, which)
    html = visit.fragment("fragments/reactions.html", one=shown, offered=OFFERED) if visit.wants_json else ""
    return visit.done({"html": html}, f"/notifications#announcement-{which}")


async def read_policy(visit: Visit, tx: Tx) -> Response:
    """Of whom the member wants to hear."""
    viewer = visit.member()
    return visit.page(
        "policy.html",
        policy=msgspec.structs.asdict(await policies.policy_of(tx, viewer)),
        waiting=await policies.pending(tx, viewer),
        strangers=STRANGERS,
        verdicts=VERDICTS,
        saved=visit.query("saved", 1) == "1",
    )


async def save_policy(visit: Visit) -> Response:
    """Change it."""
    await visit.hold("settings", RATE)
    wishes = {name: visit.field(name, 10) for name, _, _ in STRANGERS}
    if not set(wishes.values()) <= set(get_args(policies.Verdict)):
        raise Invalid("A notification is told, kept aside or dropped.", field="policy")
    async with visit.acting() as (tx, viewer):
        await policies.change_policy(tx, viewer, **msgspec.convert(wishes, dict[str, policies.Verdict]))
    return visit.go("/settings/notifications?saved=1")
