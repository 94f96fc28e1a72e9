"""What happened to a member while they were away; opening the page marks it read."""

from starlette.responses import Response

from parvis.notifications.rows import last_read, mark_read, notifications_of
from parvis.store.transaction import Tx
from parvis.timelines.company import company_of
from parvis.web.square import SIZE, page_of
from parvis.web.visit import Visit, whole_number

MENTIONS = ("mention",)


async def read_notifications(visit: Visit, tx: Tx) -> Response:
    """The member's notifications, latest first; those since the last look stand out."""
    viewer = visit.member()
    only = MENTIONS if visit.request.url.path.endswith("/mentions") else ()
    notices = await notifications_of(tx, viewer, page_of(visit), kinds=only)
    first_page = not visit.query("max_id")
    return visit.page(
        "notifications.html",
        notices=notices,
        last_read=await last_read(tx, viewer),
        older=f"{visit.request.url.path}?max_id={notices[-1].id}" if len(notices) >= SIZE else "",
        first_page=first_page,
        suggested=await company_of(tx, viewer),
    )


async def see_notifications(visit: Visit) -> Response:
    """Mark everything up to a notification as read."""
    upto = whole_number(visit.field("upto", 20)) or 0
    async with visit.acting() as (tx, viewer):
        await mark_read(tx, viewer, upto)
    return visit.done({"unread": 0}, "/notifications")
