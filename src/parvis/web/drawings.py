"""*Imagine* in the pages: a prompt becomes a drawing that is watched, cancelled, tried again, and kept for a post."""

from urllib.parse import urlencode

from starlette.responses import Response

from parvis.core.errors import Invalid, Refused
from parvis.people import allowances
from parvis.people.accounts import Account
from parvis.people.allowances import Allowance
from parvis.store.transaction import Tx
from parvis.studio import drawings
from parvis.studio.drawings import Drawing, get_drawing
from parvis.web.composer import tools
from parvis.web.page import STYLES
from parvis.web.visit import Visit

RATE = "20/minute"
VERBS = ("cancel", "again")


async def read_easel(visit: Visit, tx: Tx) -> Response:
    """The page for asking a drawing where there is no script."""
    visit.member()
    return visit.asking("drawing.html", d=None, **await tools(visit, tx))


async def read_drawing(visit: Visit, tx: Tx) -> Response:
    """A drawing on its way, or done; to a module, the part of the page that shows it."""
    found = await get_drawing(tx, visit.member(), visit.number("drawing"))
    if visit.wants_json:
        return visit.json(drawing_state(visit, found))
    return visit.asking("drawing.html", d=found, **await tools(visit, tx))


def drawing_state(visit: Visit, drawing: Drawing, allowance: Allowance | None = None) -> dict[str, str]:
    """A drawing as a module puts it in its place, and what is left of the allowance where that may have changed."""
    state = {"id": str(drawing.id), "state": drawing.state}
    state["html"] = visit.fragment("fragments/drawing.html", d=drawing)
    if allowance is not None:
        state["units"] = visit.fragment("fragments/units.html", allowance=allowance).strip()
    return state


async def _allowance(visit: Visit, tx: Tx, account: Account) -> Allowance:
    return await allowances.remaining(tx, account, daily=visit.door.settings.ai_daily_units)


async def start_drawing(visit: Visit) -> Response:
    """Queue a drawing of the words in the style that was chosen."""
    await visit.hold("draw", RATE)
    prompt, style = visit.field("prompt", 400).strip(), visit.field("style", 40)
    try:
        if not prompt:
            raise Invalid("Say what shall be drawn.", field="prompt")
        words = f"{prompt}, {style}" if style in dict(STYLES) and style not in prompt.lower() else prompt
        async with visit.acting() as (tx, viewer):
            drawing = await drawings.start(tx, viewer, words, daily=visit.door.settings.ai_daily_units)
            left = await _allowance(visit, tx, viewer)
    except Refused as refusal:
        if visit.wants_json or visit.viewer is None:
            raise
        async with visit.door.store.reading() as tx:
            return visit.asking("drawing.html", refusal, d=None, **await tools(visit, tx))
    return visit.done(drawing_state(visit, drawing, left), f"/drawings/{drawing.id}")


async def act_on_drawing(visit: Visit) -> Response:
    """Cancel a drawing, or draw the same words with another seed."""
    await visit.hold("draw", RATE)
    number = visit.number("drawing")
    async with visit.acting() as (tx, viewer):
        if visit.verb == "again":
            drawing = await drawings.retry(tx, viewer, number, daily=visit.door.settings.ai_daily_units)
        else:
            drawing = await drawings.cancel(tx, viewer, number)
        left = await _allowance(visit, tx, viewer)
    return visit.done(drawing_state(visit, drawing, left), f"/drawings/{drawing.id}")


async def keep_drawing(visit: Visit) -> Response:
    """Keep a drawing as a picture, ready to be posted."""
    await visit.hold("draw", RATE)
    async with visit.acting() as (tx, viewer):
        kept = await drawings.keep(tx, viewer, visit.number("drawing"))
    state = {"media": str(kept.id), "preview": f"/media/{kept.preview}", "alt": kept.alt}
    return visit.done(state, "/compose?" + urlencode({"media": kept.id}))
