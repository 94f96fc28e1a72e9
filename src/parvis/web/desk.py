"""The desk: who may sit at it, its reports, and what is decided on them.

Every address of the desk stands in a table with the permission that it asks for; whoever lacks it finds nothing there.
What cannot be taken back easily is asked once more, on a page that says what will happen.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final, get_args

from starlette.responses import Response

from parvis.core.errors import Conflict, Invalid, NotFound, TooLarge
from parvis.core.ids import AccountId, PostId
from parvis.core.words import N_
from parvis.moderation import actions, desk, house, remarks, reports, roles
from parvis.moderation.actions import Action
from parvis.moderation.reports import MOST_RULES
from parvis.moderation.roles import May
from parvis.people.accounts import Account, get_account
from parvis.people.restraints import Restraint
from parvis.posts.page import Page
from parvis.store.transaction import Tx
from parvis.web.gate import local_path
from parvis.web.reporting import CATEGORIES, known_category
from parvis.web.square import SIZE, page_of
from parvis.web.visit import Guard, Reader, Visit, whole_number

RATE: Final = "240/minute"
PAGES: Final = (
    ("/desk", "flag", N_("Reports"), May.REPORTS),
    ("/desk/people", "users-round", N_("People"), May.USERS),
    ("/desk/appeals", "scale", N_("Appeals"), May.APPEALS),
    ("/desk/trends", "trending-up", N_("Trends"), May.TAXONOMIES),
    ("/desk/numbers", "chart-bar-big", N_("Numbers"), May.SEE_DASHBOARD),
    ("/desk/house", "house", N_("House"), May.SETTINGS),
    ("/desk/audit", "history", N_("Log"), May.SEE_AUDIT_LOG),
    ("/desk/jobs", "refresh-cw", N_("Jobs"), May.DEVOPS),
    ("/desk/status", "info", N_("Status"), May.DEVOPS),
)
"""The rooms of the desk, and what each asks for."""
DECISIONS: Final[dict[str, tuple[str, str]]] = {
    "none": (N_("Warn"), N_("Nothing changes; the member reads your words.")),
    "delete": (N_("Delete the chosen posts"), N_("They are gone for good, for everyone.")),
    "sensitive": (N_("Mark all pictures as sensitive"), N_("Whoever looks at them is asked first.")),
    "limit": (N_("Limit"), N_("Only followers come across the account; it is in no public feed.")),
    "disable": (N_("Close to its owner"), N_("Nobody can sign in to it; what was posted stays.")),
    "suspend": (N_("Suspend"), N_("The account and all its posts are out of sight, for everyone.")),
}
"""What may be decided: its words, and what it does."""
GRAVE: Final = frozenset({"delete", "disable", "suspend"})
RESTRAINTS: Final = (
    (Restraint.PENDING, N_("Pending"), "", ""),
    (Restraint.UNCONFIRMED, N_("E-mail not confirmed"), "", ""),
    (Restraint.SENSITIVE, N_("Pictures marked as sensitive"), "sensitive", N_("Mark no longer")),
    (Restraint.LIMITED, N_("Limited"), "limit", N_("Limit no longer")),
    (Restraint.DISABLED, N_("Closed to its owner"), "disable", N_("Open to its owner again")),
)
"""What may lie on an account: its words, and how it is taken back."""
ALIKE: Final = Page(limit=40)  # other reports about the same account that are shown with one
YES: Final = "1"
NO: Final = "0"  # back to the form, with what was typed
FILTERS: Final = (("", N_("Open")), ("mine", N_("Mine")), ("resolved", N_("Resolved")))


def for_staff(permission: May) -> Guard:
    """A guard: whoever does not hold the permission finds nothing here."""

    def guard(visit: Visit) -> None:
        if visit.viewer is None or not roles.may(visit.viewer, permission):
            raise NotFound("Nothing stands at this address, or it is not for you to see.")

    return guard


def desk_page(visit: Visit, template: str, **context: Any) -> Response:
    """A page of the desk, with the ways to those of its rooms that this reader may enter."""
    viewer = visit.member()
    rooms = [(path, sign, label) for path, sign, label, permission in PAGES if roles.may(viewer, permission)]
    given = {
        "rooms": rooms,
        "pending": {path: visit.pending.get(permission, 0) for path, _, _, permission in PAGES},
        "may": lambda name: roles.may(viewer, May[name]),
        "done": visit.query("done", 20),
        "refused": visit.verb if visit.refusal else "",
        "typed": lambda name, before="": _typed(visit, name, before),
    }
    return visit.asking(template, visit.refusal, **given | context)


def _typed(visit: Visit, name: str, before: str) -> str:
    """What stands in a field of a form that was refused; in any other, what is kept there."""
    value = visit.form.get(name, "") if visit.refusal else before
    return value if isinstance(value, str) else ""


def unsure(visit: Visit, title: str, warning: str, label: str, **about: Any) -> Response | None:
    """The page that asks once more, with what it is about, or None when this was answered with yes."""
    if visit.field("sure", 1) == YES:
        return None
    kept = [(name, value) for name, value in visit.form.multi_items() if isinstance(value, str) and name != "sure"]
    back = visit.field("back", 300) or "/desk"
    return desk_page(
        visit,
        "desk/sure.html",
        kept=kept,
        back=local_path(back, "/desk"),
        heading=visit.words(title),
        warning=visit.words(warning),
        label=visit.words(label),
        **about,
    )


async def again(visit: Visit, reader: Reader, doing: Callable[[], Awaitable[Response]]) -> Response:
    """What doing it answers; where it is refused, the page that the reader shows, with the reason."""
    await visit.hold("desk", RATE)
    try:
        return await doing()
    except (Invalid, Conflict, TooLarge) as refusal:
        visit.refusal = refusal
        async with visit.door.store.reading() as tx:
            return await reader(visit, tx)


def counting(reader: Reader) -> Reader:
    """A reader who first counts what waits in the rooms of the desk."""

    async def counted(visit: Visit, tx: Tx) -> Response:
        visit.pending = await desk.pending(tx, visit.member())
        return await reader(visit, tx)

    return counted


async def read_reports(visit: Visit, tx: Tx) -> Response:
    """The reports: the open ones by whom they are about, mine, or those that are closed."""
    viewer, shown = visit.member(), visit.query("show", 10)
    if shown in ("mine", "resolved"):
        mine = viewer.id if shown == "mine" else None
        reported = await reports.listed(tx, viewer, page_of(visit), resolved=shown == "resolved", assigned=mine)
        found = [(case, 1) for case in await desk.cases(tx, reported)]
    else:
        found = await desk.open_cases(tx, viewer, page_of(visit))
    kept = f"show={shown}&" if shown else ""
    return desk_page(
        visit,
        "desk/reports.html",
        cases=found,
        shown=shown,
        first_page=not visit.query("max_id", 20),
        filters=FILTERS,
        categories=CATEGORIES,
        older=f"/desk?{kept}max_id={found[-1][0].report.id}" if len(found) >= SIZE else "",
    )


async def read_report(visit: Visit, tx: Tx) -> Response:
    """One report, with all that one needs to decide on it."""
    viewer = visit.member()
    case = await desk.get_case(tx, viewer, visit.number("report"))
    about = await reports.listed(tx, viewer, ALIKE, target=case.target.account.id)
    others = [report for report in about if report.id != case.report.id]
    history = await desk.history_of(tx, viewer, case.target.account.id)
    remarked = await remarks.remarks_on(tx, viewer, case.target.account.id)
    return desk_page(
        visit,
        "desk/report.html",
        case=case,
        others=others,
        rules=await house.rules_of(tx),
        next_case=await desk.next_case(tx, viewer, case.report, others),
        chosen=[str(post.id) for post in case.posts] if visit.request.method == "GET" else visit.form.getlist("post"),
        history=history,
        remarks=remarked,
        staff_names=await desk.names_of(tx, history, remarked),
        categories=CATEGORIES,
        gone=len(case.report.posts) - len(case.posts),
        **deciding(visit, case.target.account, posts=bool(case.posts)),
    )


def deciding(visit: Visit, account: Account, *, posts: bool = False) -> dict[str, Any]:
    """What the form to decide on an account needs to know."""
    viewer = visit.member()
    laid = [one for one in RESTRAINTS if account.restraints & one[0]]
    return {
        "decisions": {name: words for name, words in DECISIONS.items() if posts or name != "delete"},
        "above": roles.RANKS.index(viewer.role) > roles.RANKS.index(account.role),
        "laid": laid,
        "given": {"action": visit.field("action", 20), "text": visit.field("text"), "rest": visit.field("rest", 3)},
    }


async def decide_on_report(visit: Visit) -> Response:
    """Do what was decided on a report, and close it."""

    async def doing() -> Response:
        number, action = visit.number("report"), visit.field("action", 20)
        posts = _chosen_posts(visit) if action == "delete" else ()
        async with visit.door.store.reading() as tx:
            if visit.field("sure", 1) == NO:
                return await read_report(visit, tx)
            target = await get_account(tx, (await reports.get(tx, visit.member(), number)).target_id)
        if asked := asked_again(visit, action, target):
            return asked
        async with visit.acting() as (tx, viewer):
            if action == "delete":
                await actions.take_down_all(tx, viewer, posts, text=visit.field("text"), report_id=number)
            else:
                known = known_action(action)
                await actions.act(tx, viewer, target.id, known, text=visit.field("text"), report_id=number)
            if visit.field("rest", 3) == "on":
                await reports.resolve_about(tx, viewer, target.id)
        return visit.go(f"/desk/reports/{number}?done={action}")

    return await again(visit, read_report, doing)


def _chosen_posts(visit: Visit) -> tuple[PostId, ...]:
    found = [whole_number(value) for value in visit.form.getlist("post") if isinstance(value, str)]
    if not any(found):
        raise Invalid("Choose the posts that are to be deleted.", field="post")
    return tuple(PostId(number) for number in found if number)


def asked_again(visit: Visit, action: str, account: Account) -> Response | None:
    """The page that asks once more before something grave, if it was not answered; whom it concerns stands there."""
    if action not in GRAVE:
        return None
    title, meaning = DECISIONS[action]
    posts = len(visit.form.getlist("post")) if action == "delete" else 0
    return unsure(visit, title, meaning, N_("Yes, do it"), about=account, posts=posts, text=visit.field("text"))


def known_action(word: str) -> Action:
    """What is to be done.

    Raises:
        Invalid: nobody can do that.
    """
    if word not in get_args(Action):
        raise Invalid("Choose what is to be done.", field="action")
    return word  # type: ignore[return-value] # it is one of them


async def move_report(visit: Visit) -> Response:
    """Take a report on, leave it, close it (with all about the same account, if that is asked) or open it again."""
    await visit.hold("desk", RATE)
    number = visit.number("report")
    async with visit.acting() as (tx, viewer):
        if visit.verb == "assign":
            await reports.assign(tx, viewer, number)
        elif visit.verb == "resolve" and visit.field("all", 1):
            await reports.resolve_about(tx, viewer, (await reports.get(tx, viewer, number)).target_id)
        else:
            verbs = {"unassign": reports.unassign, "resolve": reports.resolve, "reopen": reports.reopen}
            await verbs[visit.verb](tx, viewer, number)
    return visit.go(f"/desk/reports/{number}" + ("?done=resolve" if visit.verb == "resolve" else ""))


async def sort_report(visit: Visit) -> Response:
    """Say more exactly what a report is about."""
    await visit.hold("desk", RATE)
    number, category = visit.number("report"), visit.field("category", 20)
    rules = tuple(filter(None, (whole_number(str(value)) for value in visit.form.getlist("rule")[:MOST_RULES])))
    async with visit.acting() as (tx, viewer):
        await reports.update_report(tx, viewer, number, category=known_category(category), rules=rules)
    return visit.go(f"/desk/reports/{number}")


async def release(visit: Visit) -> Response:
    """Take back what lies on an account."""
    await visit.hold("desk", RATE)
    account = AccountId(visit.number("account"))
    async with visit.acting() as (tx, viewer):
        await actions.release(tx, viewer, account, known_action(visit.field("action", 20)))
    return visit.go(local_path(visit.field("back", 300), f"/desk/people/{account}") + "?done=release")


REPORT_VERBS: Final = ("assign", "unassign", "resolve", "reopen")
