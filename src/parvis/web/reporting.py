"""What a member tells the moderators, and what the moderators decided about the member.

A report is filed on a page of its own, which offers afterwards to mute or block. Every decision about a member stands
on their own page, with its reasons, and is appealed there once.
"""

from typing import Final, get_args

from starlette.responses import Response

from parvis.core.errors import Conflict, Forbidden, Invalid, Refused
from parvis.core.ids import PostId
from parvis.core.words import N_
from parvis.moderation import house, reports, strikes
from parvis.moderation.reports import Category, Filing
from parvis.moderation.strikes import Strike
from parvis.people import relations
from parvis.people.accounts import Account
from parvis.posts import visibility
from parvis.posts.post import Post
from parvis.store.transaction import Tx
from parvis.timelines.page import Page
from parvis.timelines.profiles import posts_of
from parvis.web import page
from parvis.web.profiles import account_of
from parvis.web.visit import PUT_OUT, Visit, whole_number

RATE: Final = "20/hour"
APPEAL_RATE: Final = "20/hour"
OFFERED: Final = 8  # posts to choose among
CATEGORIES: Final[dict[Category, tuple[str, str]]] = {
    "spam": (N_("It is spam"), N_("Deceitful links, false replies, the same thing again and again.")),
    "violation": (N_("It breaks a rule of the house"), N_("You know which; choose it below.")),
    "legal": (N_("It is against the law"), N_("You believe that it is unlawful where you or the house live.")),
    "other": (N_("Something else"), N_("Say it in your own words below.")),
}
"""What a report may be about: its words, and when to choose it."""
DONE: Final = {
    "none": N_("You were warned"),
    "delete": N_("Posts of yours were deleted"),
    "mark": N_("Posts of yours were marked as sensitive"),
    "sensitive": N_("All your pictures are shown as sensitive"),
    "limit": N_("Your account was limited"),
    "disable": N_("Your account was closed to you"),
    "suspend": N_("Your account was suspended"),
}
"""What was decided, as its owner reads it."""


async def read_report(visit: Visit, tx: Tx) -> Response:
    """What to say of somebody, and with which of their posts; or thanks."""
    viewer, account = visit.member(), await account_of(visit, tx)
    if visit.query("done", 1):
        between = await relations.relationship(tx, viewer, account.id)
        return visit.page("reported.html", account=account, relationship=between)
    chosen = [found] if (found := whole_number(visit.query("post", 20))) else []
    return await _form(visit, tx, account, chosen)


async def _form(visit: Visit, tx: Tx, account: Account, chosen: list[int], refusal: Refused | None = None) -> Response:
    viewer = visit.member()
    if account.id == viewer.id:
        raise Invalid("You cannot report yourself.")
    named = await visibility.seen_by(tx, viewer, [PostId(number) for number in chosen])
    recent = await posts_of(tx, viewer, account, Page(limit=OFFERED), replies=True)
    offered: dict[int, Post] = {number: post for number, post in named.items() if post.author.id == account.id}
    offered |= {post.id: post for post in recent if post.author.id == account.id and post.repost_of is None}
    rules = await house.rules_of(tx)
    return visit.asking(
        "report.html",
        refusal,
        account=account,
        posts=list(offered.values()),
        chosen=set(chosen),
        categories=CATEGORIES,
        rules=[(rule.id, *rule.translations.get(visit.language, (rule.text, rule.hint))) for rule in rules],
        given={"category": visit.field("category", 20), "comment": visit.field("comment")},
        given_rules=set(_numbers(visit, "rule")),
        longest=reports.COMMENT_LENGTH,
    )


async def read_report_of_post(visit: Visit, tx: Tx) -> Response:
    """From a post to the page where its author is reported with it."""
    post = await visibility.get_post(tx, visit.member(), PostId(whole_number(visit.query("post", 20)) or 0))
    return visit.go(f"{page.account_path(post.author)}/report?post={post.id}")


async def report(visit: Visit) -> Response:
    """File the report."""
    await visit.hold("reports", RATE)
    category = visit.field("category", 20)
    posts, rules = _numbers(visit, "post"), _numbers(visit, "rule") if category == "violation" else []
    try:
        about = known_category(category)
        async with visit.acting() as (tx, viewer):
            account = await account_of(visit, tx)
            filing = Filing(
                target=account.id,
                posts=tuple(PostId(number) for number in posts),
                comment=visit.field("comment"),
                category=about,
                rules=tuple(rules),
            )
            await reports.file(tx, viewer, filing)
    except Invalid as refusal:
        async with visit.door.store.reading() as tx:
            found = await account_of(visit, tx)
            return await _form(visit, tx, found, posts, refusal)
    return visit.go(f"{page.account_path(account)}/report?done=1")


def _numbers(visit: Visit, name: str) -> list[int]:
    found = [whole_number(value) for value in visit.form.getlist(name) if isinstance(value, str)]
    return [number for number in found if number]


def known_category(word: str) -> Category:
    """What a report is about.

    Raises:
        Invalid: it may not be about that.
    """
    if word not in get_args(Category):
        raise Invalid("Choose what it is about.", field="category")
    return word  # type: ignore[return-value] # it is one of them


async def read_strikes(visit: Visit, tx: Tx) -> Response:
    """What was decided about the member."""
    return await _strikes(visit, tx)


async def _strikes(visit: Visit, tx: Tx, refusal: Refused | None = None, about: int = 0) -> Response:
    found = await strikes.strikes_of(tx, visit.member())
    return visit.asking(
        "strikes.html",
        refusal,
        strikes=found,
        done=DONE,
        open={strike.id for strike in found if _open_to_appeal(strike, tx.now)},
        longest=strikes.APPEAL_LENGTH,
        about=about,
        text=visit.field("text"),
        saved=visit.query("saved", 1) == "1",
    )


def _open_to_appeal(strike: Strike, now: int) -> bool:
    return strike.appeal is None and strike.overruled_at is None and now - strike.created_at <= strikes.APPEALED_WITHIN


async def appeal(visit: Visit) -> Response:
    """Ask for a decision to be looked at again."""
    await visit.hold("appeals", APPEAL_RATE)
    strike = visit.number("strike")
    try:
        async with visit.acting() as (tx, viewer):
            await strikes.appeal(tx, viewer, strike, visit.field("text"))
    except (Invalid, Forbidden, Conflict) as refusal:
        async with visit.door.store.reading() as tx:
            return await _strikes(visit, tx, refusal, strike)
    return visit.go(f"{PUT_OUT}?saved=1")
