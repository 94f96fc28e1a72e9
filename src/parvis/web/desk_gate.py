"""The gate as the desk keeps it: networks, mail domains, mail addresses and servers that are kept out; and trends."""

from typing import Final, get_args
from urllib.parse import quote

from starlette.responses import Response

from parvis.core import clock
from parvis.core.errors import Invalid
from parvis.core.ids import PostId
from parvis.core.words import N_
from parvis.moderation import domains, gate, taxonomy
from parvis.moderation.domains import Severity as DomainSeverity
from parvis.moderation.domains import Terms
from parvis.moderation.roles import May
from parvis.people.barred import Severity
from parvis.posts import visibility
from parvis.posts.page import Page
from parvis.store.transaction import Tx
from parvis.web.desk import RATE, again, desk_page
from parvis.web.visit import Visit, whole_number

SHOWN: Final = Page(limit=100, longest=100)
NETWORKS: Final[dict[str, str]] = {
    "approval": N_("A moderator says yes to each"),
    "no_sign_up": N_("Nobody signs up from there"),
    "no_access": N_("Nobody comes in from there"),
}
SERVERS: Final[dict[str, str]] = {"none": N_("Nothing yet"), "limit": N_("Limited"), "suspend": N_("Suspended")}
LASTING: Final = ((0, N_("For good")), (1, N_("For a day")), (7, N_("For a week")), (30, N_("For a month")))
MOST_TRENDS: Final = 15


async def read_gate(visit: Visit, tx: Tx) -> Response:
    """Everything that is kept out, the newest first, 100 of each kind at most."""
    viewer = visit.member()
    return desk_page(
        visit,
        "desk/gate.html",
        networks=await gate.NETWORKS.read(tx, viewer, SHOWN),
        mail_domains=await gate.MAIL_DOMAINS.read(tx, viewer, SHOWN),
        mails=await gate.MAILS.read(tx, viewer, SHOWN),
        servers=await domains.BARRED.read(tx, viewer, SHOWN),
        network_severities=NETWORKS,
        server_severities=SERVERS,
        lasting=LASTING,
    )


async def bar(visit: Visit) -> Response:
    """Keep something out."""

    async def doing() -> Response:
        await BARS[visit.verb](visit)
        return visit.go(f"/desk/house/gate#{visit.verb}")

    return await again(visit, read_gate, doing)


async def _bar_network(visit: Visit) -> None:
    severity = visit.field("severity", 20)
    if severity not in get_args(Severity):
        raise Invalid("Choose how it is kept out.", field="severity")
    days = min(whole_number(visit.field("days", 5)) or 0, 3650)
    async with visit.acting() as (tx, viewer):
        await gate.bar_network(
            tx,
            viewer,
            visit.field("network", 100),
            severity,  # type: ignore[arg-type] # it is one of them
            comment=visit.field("comment", 2000),
            expires_in=days * clock.DAY // clock.SECOND or None,
        )


async def _bar_mail_domain(visit: Visit) -> None:
    async with visit.acting() as (tx, viewer):
        domain, softly = visit.field("domain", 300), visit.field("with_approval", 3) == "on"
        await gate.bar_mail_domain(tx, viewer, domain, with_approval=softly)


async def _bar_mail(visit: Visit) -> None:
    async with visit.acting() as (tx, viewer):
        await gate.bar_mail(tx, viewer, email=visit.field("email", 300))


async def _bar_server(visit: Visit) -> None:
    severity = visit.field("severity", 20)
    if severity not in get_args(DomainSeverity):
        raise Invalid("Choose how it is kept out.", field="severity")
    terms = Terms(
        severity=severity,  # type: ignore[arg-type] # it is one of them
        reject_media=visit.field("reject_media", 3) == "on",
        reject_reports=visit.field("reject_reports", 3) == "on",
        private_comment=visit.field("private_comment", 2000),
        public_comment=visit.field("public_comment", 2000),
        obfuscate=visit.field("obfuscate", 3) == "on",
    )
    async with visit.acting() as (tx, viewer):
        await domains.bar(tx, viewer, visit.field("domain", 300), terms)


async def free(visit: Visit) -> Response:
    """Keep something out no longer."""
    await visit.hold("desk", RATE)
    async with visit.acting() as (tx, viewer):
        await FREES[visit.request.url.path.split("/")[4]](tx, viewer, visit.number("bar"))
    return visit.go("/desk/house/gate")


BARS: Final = {
    "networks": _bar_network,
    "mail-domains": _bar_mail_domain,
    "mails": _bar_mail,
    "servers": _bar_server,
}
FREES: Final = {
    "networks": gate.NETWORKS.free,
    "mail-domains": gate.MAIL_DOMAINS.free,
    "mails": gate.MAILS.free,
    "servers": domains.BARRED.free,
}


async def read_trends(visit: Visit, tx: Tx) -> Response:
    """What many took up lately, to be let into the trends or kept out of them."""
    viewer = visit.member()
    liked = await taxonomy.liked_lately(tx, viewer, MOST_TRENDS)
    posts = await visibility.seen_by(tx, viewer, liked)
    return desk_page(
        visit,
        "desk/trends.html",
        tags=await taxonomy.used_lately(tx, viewer, MOST_TRENDS),
        links=await taxonomy.linked_lately(tx, viewer, MOST_TRENDS),
        publishers=await taxonomy.publishers_lately(tx, viewer, MOST_TRENDS),
        posts=[posts[post] for post in liked if post in posts],
        verdicts=await taxonomy.verdicts_on(tx, "post", [str(post) for post in liked]),
    )


async def judge(visit: Visit) -> Response:
    """Let something trend, or not."""
    await visit.hold("desk", RATE)
    kind, subject = visit.field("kind", 10), visit.field("subject", 2000)
    trendable = visit.verb == "allow"
    async with visit.acting() as (tx, viewer):
        if kind == "post":
            await taxonomy.judge_post(tx, viewer, PostId(whole_number(subject) or 0), trendable=trendable)
        elif kind == "link":
            await taxonomy.judge_link(tx, viewer, subject, trendable=trendable)
        elif kind in ("tag", "publisher"):
            await taxonomy.judge(tx, viewer, kind, subject, trendable=trendable)  # type: ignore[arg-type] # it is one
        else:
            raise Invalid("There is no such thing to judge.", field="kind")
    return visit.go(f"/desk/trends#{kind}-{quote(subject)}")


READERS: Final = (("/desk/house/gate", May.BLOCKS, read_gate), ("/desk/trends", May.TAXONOMIES, read_trends))
ACTORS: Final = (
    *((f"/desk/house/gate/{kind}", May.BLOCKS, bar) for kind in BARS),
    *((f"/desk/house/gate/{kind}/{{bar}}/free", May.BLOCKS, free) for kind in FREES),
    *((f"/desk/trends/{verb}", May.TAXONOMIES, judge) for verb in ("allow", "deny")),
)
