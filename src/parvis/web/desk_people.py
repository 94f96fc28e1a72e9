"""The people as those at the desk see them: found, let in or turned away, decided about; appeals; and the log."""

import itertools
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from parvis.core.errors import Invalid
from parvis.core.ids import AccountId
from parvis.core.words import N_
from parvis.moderation import actions, audit, desk, members, remarks, reports, strikes
from parvis.moderation.audit import Entry
from parvis.moderation.members import Search, Status
from parvis.moderation.roles import May
from parvis.people.accounts import Role, accounts_by_ids, get_account
from parvis.store.transaction import Tx
from parvis.web.desk import NO, RATE, again, asked_again, deciding, desk_page, known_action, unsure
from parvis.web.desk_gate import SERVERS
from parvis.web.gate import local_path
from parvis.web.reporting import CATEGORIES
from parvis.web.square import SIZE, page_of
from parvis.web.visit import Visit

FILTERS: Final[tuple[tuple[str, str], ...]] = (
    ("", N_("All")),
    ("active", N_("Active")),
    ("pending", N_("Pending")),
    ("silenced", N_("Limited")),
    ("disabled", N_("Closed to its owner")),
    ("suspended", N_("Suspended")),
    ("staff", N_("Staff")),
)
ROLES: Final[dict[Role, str]] = {"member": N_("Member"), "moderator": N_("Moderator"), "admin": N_("Administrator")}
VERBS: Final = {
    "account.none": N_("warned"),
    "account.sensitive": N_("marked the pictures of"),
    "account.limit": N_("limited"),
    "account.disable": N_("closed to its owner"),
    "account.suspend": N_("suspended"),
    "account.release_sensitive": N_("marks no longer"),
    "account.release_limit": N_("limits no longer"),
    "account.release_disable": N_("opened again to its owner"),
    "account.release_suspend": N_("suspends no longer"),
    "account.approve": N_("let in"),
    "account.reject": N_("turned away"),
    "account.erase": N_("erased"),
    "account.appoint": N_("gave another role to"),
    "post.delete": N_("deleted"),
    "report.assign": N_("took on"),
    "report.unassign": N_("left to others"),
    "report.resolve": N_("closed"),
    "report.reopen": N_("opened again"),
    "report.update": N_("sorted"),
    "appeal.approved": N_("granted the appeal against"),
    "appeal.rejected": N_("turned down the appeal against"),
    "announcement.publish": N_("announced"),
    "announcement.schedule": N_("will announce"),
    "announcement.rewrite": N_("rewrote"),
    "announcement.end": N_("ended"),
    "announcement.delete": N_("deleted"),
    "rule.add": N_("added"),
    "rule.rewrite": N_("rewrote"),
    "rule.translate": N_("translated"),
    "rule.move": N_("moved"),
    "rule.remove": N_("removed"),
    "text.write": N_("wrote"),
    "gate.bar_network": N_("barred a network"),
    "gate.change_network": N_("changed the bar of a network"),
    "gate.free_network": N_("freed a network"),
    "gate.bar_mail_domain": N_("barred a mail domain"),
    "gate.free_mail_domain": N_("freed a mail domain"),
    "gate.bar_mail": N_("barred an e-mail address"),
    "gate.free_mail": N_("freed an e-mail address"),
    "domain.bar": N_("barred"),
    "domain.change": N_("changed the bar of"),
    "domain.free": N_("freed"),
    "domain.allow": N_("let in"),
    "domain.disallow": N_("lets in no longer"),
    "judge.tag": N_("judged"),
    "judge.post": N_("judged"),
    "judge.link": N_("judged"),
    "judge.publisher": N_("judged"),
    "emoji.add": N_("added"),
    "emoji.remove": N_("removed"),
    "job.retry": N_("has run again"),
    "job.drop": N_("dropped"),
}
"""What the log says was done; a verb that is not here is told as it is."""
TAKING_DOWN: Final = "post.delete"  # what the log adds to it names the author; to nothing else does it add a name
DETAILS: Final[dict[str, Mapping[str, str]]] = {
    "judge": {"trendable=True": N_("May trend"), "trendable=False": N_("Kept out")},
    "domain": SERVERS,
    "report.update": {category: words for category, (words, _) in CATEGORIES.items()},
    "account.appoint": {str(role): words for role, words in ROLES.items()},
}
"""What the log's codes mean, by the verb or by its first word."""


def search_for(words: str, shown: str) -> Search:
    """What was typed, as a search: an e-mail address or its end, a network address, or how a name begins."""
    status: Status = shown if shown in {"active", "pending", "silenced", "disabled", "suspended"} else ""  # type: ignore[assignment] # it is one of them
    typed = words.strip()
    by_mail = "@" in typed[1:] or (typed.startswith("@") and "." in typed)
    by_address = not by_mail and (typed.count(".") == 3 or ":" in typed)  # noqa: PLR2004 - an IPv4 address has three
    return Search(
        status=status,
        staff=shown == "staff",
        email=typed if by_mail else "",
        address=typed if by_address else "",
        words="" if by_mail or by_address else typed,
    )


async def read_people(visit: Visit, tx: Tx) -> Response:
    """Accounts by what is known of them."""
    shown, words = visit.query("show", 10), visit.query("q", 200)
    found = await members.found(tx, visit.member(), search_for(words, shown), page_of(visit))
    older = ""
    if len(found) >= SIZE:
        older = str(visit.request.url.include_query_params(max_id=found[-1].account.id).query)
    return desk_page(
        visit,
        "desk/people.html",
        people=found,
        shown=shown,
        words=words,
        filters=FILTERS,
        older=f"/desk/people?{older}" if older else "",
    )


async def read_person(visit: Visit, tx: Tx) -> Response:
    """One account, with everything that a moderator needs."""
    viewer, number = visit.member(), AccountId(visit.number("account"))
    person = await members.get_member(tx, viewer, number)
    history = await desk.history_of(tx, viewer, number)
    remarked = await remarks.remarks_on(tx, viewer, number)
    waiting = await reports.listed(tx, viewer, target=number)
    closed = await reports.listed(tx, viewer, target=number, resolved=True)
    return desk_page(
        visit,
        "desk/person.html",
        member=person,
        history=history,
        remarks=remarked,
        staff_names=await desk.names_of(tx, history, remarked),
        reports=[*waiting, *closed],
        categories=CATEGORIES,
        roles=ROLES,
        **deciding(visit, person.account),
    )


async def decide_on_person(visit: Visit) -> Response:
    """Do to an account what was decided about it."""

    async def doing() -> Response:
        number, action = AccountId(visit.number("account")), visit.field("action", 20)
        known = known_action(action)
        async with visit.door.store.reading() as tx:
            if visit.field("sure", 1) == NO:
                return await read_person(visit, tx)
            account = await get_account(tx, number)
        if asked := asked_again(visit, action, account):
            return asked
        async with visit.acting() as (tx, viewer):
            await actions.act(tx, viewer, number, known, text=visit.field("text"))
        return visit.go(f"/desk/people/{number}?done={action}")

    return await again(visit, read_person, doing)


async def remark(visit: Visit) -> Response:
    """Write something about an account for whoever sits at the desk."""
    await visit.hold("desk", RATE)
    number = AccountId(visit.number("account"))
    async with visit.acting() as (tx, viewer):
        await remarks.remark(tx, viewer, number, visit.field("text"))
    return visit.go(local_path(visit.field("back", 300), f"/desk/people/{number}"))


async def take_remark_away(visit: Visit) -> Response:
    """Take a remark away."""
    await visit.hold("desk", RATE)
    async with visit.acting() as (tx, viewer):
        number = await remarks.take_away(tx, viewer, visit.number("remark"))
    return visit.go(local_path(visit.field("back", 300), f"/desk/people/{number}"))


async def approve(visit: Visit) -> Response:
    """Let somebody in who waits."""
    await visit.hold("desk", RATE)
    number = AccountId(visit.number("account"))
    async with visit.acting() as (tx, viewer):
        await members.approve(tx, viewer, number)
    return visit.go(local_path(visit.field("back", 300), f"/desk/people/{number}?done=approve"))


async def reject(visit: Visit) -> Response:
    """Turn somebody away who waits."""
    await visit.hold("desk", RATE)
    warning = N_("The account is erased. Whoever asked for it may ask again.")
    if asked := unsure(visit, N_("Turn away"), warning, N_("Yes, turn away")):
        return asked
    async with visit.acting() as (tx, viewer):
        await members.reject(tx, viewer, AccountId(visit.number("account")))
    return visit.go("/desk/people?show=pending&done=1")


async def erase(visit: Visit) -> Response:
    """Erase a suspended account for good."""
    await visit.hold("desk", RATE)
    warning = N_("The account and all that it posted are erased. Nothing brings them back.")
    if asked := unsure(visit, N_("Erase for good"), warning, N_("Yes, erase")):
        return asked
    async with visit.acting() as (tx, viewer):
        await members.erase(tx, viewer, AccountId(visit.number("account")))
    return visit.go("/desk/people?show=suspended&done=1")


async def appoint(visit: Visit) -> Response:
    """Give somebody another role."""
    await visit.hold("desk", RATE)
    number, role = AccountId(visit.number("account")), visit.field("role", 20)
    if role not in ROLES:
        raise Invalid("There is no such role.", field="role")
    async with visit.acting() as (tx, viewer):
        await actions.appoint(tx, viewer, number, role)
    return visit.go(f"/desk/people/{number}?done=role")


async def read_appeals(visit: Visit, tx: Tx) -> Response:
    """The appeals that wait for a decision."""
    found = await strikes.pending_appeals(tx, visit.member())
    people = await members.several(tx, [strike.account_id for strike in found])
    return desk_page(
        visit, "desk/appeals.html", appeals=found, people=people, staff_names=await desk.names_of(tx, found)
    )


async def settle_appeal(visit: Visit) -> Response:
    """Grant an appeal, which takes back what was decided, or turn it down."""
    await visit.hold("desk", RATE)
    async with visit.acting() as (tx, viewer):
        await actions.decide_appeal(tx, viewer, visit.number("strike"), approved=visit.verb == "grant")
    return visit.go("/desk/appeals?done=1")


async def read_log(visit: Visit, tx: Tx) -> Response:
    """Who did what at the desk, the latest first."""
    viewer = visit.member()
    found = await audit.entries(tx, viewer, page_of(visit, 2 * SIZE))
    authors = [entry.detail for entry in found if entry.verb == TAKING_DOWN]
    about = await desk.concerned(tx, [*(entry.subject for entry in found), *authors])
    return desk_page(
        visit,
        "desk/log.html",
        entries=_together(found, about),
        who=await accounts_by_ids(tx, {*about.values(), *(entry.actor_id for entry in found if entry.actor_id)}),
        about=about,
        detail_of=lambda entry: "" if entry.verb == TAKING_DOWN else _detail(visit, entry),
        verbs=VERBS,
        older=f"/desk/audit?max_id={found[-1].id}" if len(found) >= 2 * SIZE else "",
    )


def _together(entries: list[Entry], about: dict[str, AccountId]) -> list[tuple[Entry, int]]:
    """The entries, each with how many it stands for: what was done in a row to reports about one account is one."""

    def same(entry: Entry) -> tuple[Any, ...]:
        single = not entry.subject.startswith("report:")
        return (entry.actor_id, entry.verb, about.get(entry.subject), entry.id if single else 0)

    grouped = [list(group) for _, group in itertools.groupby(entries, same)]
    return [(group[0], len(group)) for group in grouped]


def _detail(visit: Visit, entry: Entry) -> str:
    """What the log adds to an act, in words where it is a code."""
    words = DETAILS.get(entry.verb, DETAILS.get(entry.verb.split(".")[0], {})).get(entry.detail)
    return visit.words(words) if words else entry.detail


APPEAL_VERBS: Final = ("grant", "decline")
READERS: Final = (
    ("/desk/people", May.USERS, read_people),
    ("/desk/people/{account}", May.USERS, read_person),
    ("/desk/appeals", May.APPEALS, read_appeals),
    ("/desk/audit", May.SEE_AUDIT_LOG, read_log),
)
ACTORS: Final = (
    ("/desk/people/{account}/decide", May.USERS, decide_on_person),
    ("/desk/people/{account}/remark", May.REPORTS, remark),
    ("/desk/remarks/{remark}/remove", May.REPORTS, take_remark_away),
    ("/desk/people/{account}/approve", May.USERS, approve),
    ("/desk/people/{account}/reject", May.USERS, reject),
    ("/desk/people/{account}/erase", May.DELETE, erase),
    ("/desk/people/{account}/role", May.ROLES, appoint),
    *((f"/desk/appeals/{{strike}}/{verb}", May.APPEALS, settle_appeal) for verb in APPEAL_VERBS),
)
