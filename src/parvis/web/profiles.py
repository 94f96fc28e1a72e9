"""People: a profile with its posts, who follows whom, looking for someone, and following, muting, blocking."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from parvis.core.errors import Invalid, NotFound
from parvis.core.ids import AccountId
from parvis.core.words import N_, TONGUES
from parvis.people import regard, relations
from parvis.people.accounts import Account, find_account, find_by_handle, get_account
from parvis.people.circles import Span, followers_of, following_of, hides
from parvis.people.collections import collections_of
from parvis.people.directory import familiar_followers, pass_over
from parvis.store.transaction import Tx
from parvis.timelines.company import company_of
from parvis.timelines.hashtags import featured_by
from parvis.timelines.profiles import posts_of
from parvis.web import glass, page
from parvis.web.filtering import LIVES
from parvis.web.gate import HEADERS, way_back
from parvis.web.square import SIZE, entries_of, page_of, stretch_of
from parvis.web.visit import Visit, whole_number

RATE = "60/minute"
FEW = Span(limit=12)  # endorsed
TABS = ("replies", "media")
EMPTY = N_("The stage is empty, the light is on.")
Verb = Callable[[Tx, Account, AccountId], Awaitable[object]]
VERBS: dict[str, Verb] = {
    "follow": relations.follow,
    "unfollow": relations.unfollow,
    "mute": relations.mute,
    "unmute": relations.unmute,
    "block": relations.block,
    "unblock": relations.unblock,
    "dismiss": pass_over,
    "endorse": regard.endorse,
    "unendorse": regard.unendorse,
    "send-away": relations.send_away,
}


async def account_of(visit: Visit, tx: Tx) -> Account:
    """Whose page it is.

    Raises:
        NotFound: nobody's.
    """
    found = await _find(visit, tx, str(visit.request.path_params["acct"]))
    if found is None or found.suspended_at is not None or (found.awaited and found != visit.viewer):
        raise NotFound("There is nobody of this name here.")
    return found


async def named_in(visit: Visit, tx: Tx) -> AccountId:
    """Whom the form names by their handle.

    Raises:
        Invalid: nobody.
    """
    return (await somebody(visit, tx, visit.field("handle", 300))).id


async def somebody(visit: Visit, tx: Tx, name: str) -> Account:
    """Who has this handle, with or without its @.

    Raises:
        Invalid: nobody.
    """
    found = await _find(visit, tx, name.strip().removeprefix("@"))
    if found is None:
        raise Invalid("There is nobody of this name here.")
    return found


async def _find(visit: Visit, tx: Tx, acct: str) -> Account | None:
    """The account of this handle, with the domain where it lives; here, with or without."""
    handle, _, domain = acct.partition("@")
    return await find_by_handle(tx, handle, "" if domain.lower() == visit.door.settings.domain else domain)


async def read_profile(visit: Visit, tx: Tx) -> Response:
    """Somebody, and what they said."""
    account = await account_of(visit, tx)
    tab = f"/{visit.verb}" if visit.verb in TABS else ""
    posts = await posts_of(
        tx,
        visit.viewer,
        account,
        page_of(visit),
        replies=tab == "/replies",
        reposts=tab == "",
        messages=False,
        media=tab == "/media",
    )
    stretch = stretch_of(visit, entries_of(posts))
    first = tab == "" and stretch.first_page
    stranger = visit.viewer is not None and visit.viewer.id != account.id
    return visit.page(
        "profile.html",
        account=account,
        owner=await find_account(tx, account.owner_id) if account.owner_id else None,
        moved_to=await find_account(tx, account.more.moved_to) if account.more.moved_to else None,
        relationship=await relations.relationship(tx, visit.member(), account.id) if stranger else None,
        tab=tab,
        stretch=stretch,
        pinned=await posts_of(tx, visit.viewer, account, pinned=True) if first else (),
        featured=await featured_by(tx, account.id) if first and account.more.show_featured else (),
        endorsed=[tie.account for tie in await regard.endorsed_by(tx, visit.viewer, account.id, FEW)] if first else (),
        collections=await collections_of(tx, visit.viewer, account.id) if first else (),
        familiar=await _familiar(visit, tx, account) if first and stranger else (),
        lives=LIVES,
        saved=visit.query("saved", 1) == "1",
        suggested=await company_of(tx, visit.viewer),
    )


async def _familiar(visit: Visit, tx: Tx, account: Account) -> list[Account]:
    return (await familiar_followers(tx, visit.member(), [account.id]))[account.id]


async def read_followers(visit: Visit, tx: Tx) -> Response:
    """Who follows somebody, or whom they follow."""
    account = await account_of(visit, tx)
    followers = visit.verb == "followers"
    listed = followers_of if followers else following_of
    span = Span(before=whole_number(visit.query("max_id", 20)), limit=2 * SIZE)
    found = await listed(tx, visit.viewer, account, span)
    return visit.page(
        "people.html",
        heading=account.name,
        account=account,
        back=page.account_path(account),
        tab="/followers" if followers else "/following",
        accounts=[each.account for each in found],
        relationships=await relationships_with(visit, tx, [each.account for each in found]),
        older=f"{visit.request.url.path}?max_id={found[-1].id}" if len(found) >= 2 * SIZE else "",
        nobody=visit.words(N_("They keep this to themselves.") if hides(account, visit.viewer) else EMPTY),
        q="",
        suggested=await company_of(tx, visit.viewer),
    )


async def relationships_with(visit: Visit, tx: Tx, accounts: list[Account]) -> dict[AccountId, relations.Relationship]:
    """What stands between the reader and each of these; nothing where nobody is signed in."""
    if visit.viewer is None or not accounts:
        return {}
    return await relations.relationships(tx, visit.viewer, [account.id for account in accounts])


async def act_on_account(visit: Visit) -> Response:
    """Follow, mute, block, or take either back."""
    await visit.hold("act", RATE)
    verb = VERBS[visit.verb]
    account_id = AccountId(visit.number("account"))
    async with visit.acting() as (tx, viewer):
        account = await get_account(tx, account_id)
        await verb(tx, viewer, account_id)
        relationship = await relations.relationship(tx, viewer, account_id)
    state = {
        "id": str(account_id),
        "following": relationship.following,
        "muting": relationship.muting,
        "blocking": relationship.blocking,
    }
    return visit.done(state, way_back(visit.request, page.account_path(account)))


async def keep_note(visit: Visit) -> Response:
    """Write down something about somebody, for oneself alone."""
    await visit.hold("act", RATE)
    async with visit.acting() as (tx, viewer):
        account = await get_account(tx, AccountId(visit.number("account")))
        await regard.note(tx, viewer, account.id, visit.field("note", 10_000))
    return _kept(visit, account)


def _kept(visit: Visit, account: Account) -> Response:
    return visit.go(f"{page.account_path(account)}?saved=1#between")


async def change_manner(visit: Visit) -> Response:
    """How one follows: with reposts or without, in which languages, and whether each new post rings."""
    await visit.hold("act", RATE)
    languages = tuple(text for text in visit.form.getlist("languages") if isinstance(text, str) and text in TONGUES)
    async with visit.acting() as (tx, viewer):
        account = await get_account(tx, AccountId(visit.number("account")))
        bond = await relations.relationship(tx, viewer, account.id)
        if not (bond.following or bond.asked):
            raise NotFound("You do not follow this account.")
        await relations.follow(
            tx,
            viewer,
            account.id,
            reposts=visit.field("reposts", 3) == "on",
            notify=visit.field("notify", 3) == "on",
            languages=languages,
        )
    return _kept(visit, account)


async def mute_for(visit: Visit) -> Response:
    """Mute somebody for a while, and say whether their notifications are muted too."""
    await visit.hold("act", RATE)
    seconds = whole_number(visit.field("life", 10))
    if seconds not in {life for life, _ in LIVES}:
        raise Invalid("A mute ends in the future.", field="duration")
    async with visit.acting() as (tx, viewer):
        account = await get_account(tx, AccountId(visit.number("account")))
        until = tx.now + seconds * 1000 if seconds else None
        await relations.mute(tx, viewer, account.id, until=until, notifications=visit.field("notices", 3) == "on")
    return _kept(visit, account)


async def draw_face(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """The stained glass of an account that chose no picture."""
    return _drawn(glass.rose(visit.number("account")), "image/svg+xml")


async def draw_header(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """The arcade above a profile that chose no header."""
    return _drawn(glass.arcade(visit.number("account")), "image/svg+xml")


async def paint_face(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """The same stained glass, for apps that show no SVG."""
    return _drawn(await glass.picture(glass.rose, visit.number("account"), 400), "image/png")


async def paint_header(visit: Visit, tx: Tx) -> Response:  # noqa: ARG001 - a reader's signature
    """The same arcade, for apps that show no SVG."""
    return _drawn(await glass.picture(glass.arcade, visit.number("account"), 1200), "image/png")


def _drawn(drawn: str | bytes, kind: str) -> Response:
    headers = HEADERS | {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(drawn, media_type=kind, headers=headers)
