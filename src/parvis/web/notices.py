"""What happened to a member while they were away; opening the first page marks it read."""

from starlette.responses import Response

from parvis.notifications.inbox import EVERYTHING, Choice, notifications_of
from parvis.notifications.markers import markers_of
from parvis.store.transaction import Tx
from parvis.timelines.company import company_of
from parvis.web.square import SIZE, page_of
from parvis.web.visit import Visit

MENTIONS = Choice(kinds=("mention",))


async def read_notifications(visit: Visit, tx: Tx) -> Response:
    """The member's notifications, latest first; those since the last look stand out."""
    viewer = visit.member()
    choice = MENTIONS if visit.verb == "mentions" else EVERYTHING
    notices = await notifications_of(tx, viewer, page_of(visit), choice)
    marker = (await markers_of(tx, viewer, ("notifications",))).get("notifications")
    last_read = marker.last_read_id if marker else 0
    first_page = not visit.query("max_id")
    if first_page and choice is EVERYTHING and notices and notices[0].id > last_read:
        visit.read_upto = notices[0].id
        visit.unread = 0
    return visit.page(
        "notifications.html",
        notices=notices,
        last_read=last_read,
        older=f"{visit.request.url.path}?max_id={notices[-1].id}" if len(notices) >= SIZE else "",
        first_page=first_page,
        suggested=await company_of(tx, viewer),
    )
