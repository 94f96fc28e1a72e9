"""Drawings: a member's words on their way to a picture, and what may become of it.

`queued → drawing → drawn → kept`, and from each but the last `cancelled`, from the first two `failed`. Starting holds
the charge; it is spent in the transaction that shows the picture and refunded in the one that gives up. A move that is
not in `MOVES` does not happen, so that two who act at once, or a job that runs twice, leave one story.
"""

import secrets
from typing import Any, Literal

import msgspec
from sqlalchemy import BigInteger, Integer, Text, bindparam, false, func, insert, or_, select, update

from parvis.core import clock, errors
from parvis.core.ids import AccountId, MediaId
from parvis.events import DrawingKept
from parvis.people import allowances, standing
from parvis.people.accounts import Account
from parvis.posts import media
from parvis.posts.post import Media
from parvis.store.statement import Statement
from parvis.store.tables import accounts, drawings
from parvis.store.transaction import Tx
from parvis.studio import prompts

State = Literal["queued", "drawing", "drawn", "kept", "cancelled", "failed"]
MOVES: dict[State, frozenset[State]] = {
    "queued": frozenset({"drawing", "cancelled", "failed"}),
    "drawing": frozenset({"drawing", "drawn", "cancelled", "failed"}),
    "drawn": frozenset({"kept", "cancelled"}),
    "kept": frozenset(),
    "cancelled": frozenset(),
    "failed": frozenset(),
}
Size = Literal["landscape", "portrait", "square"]
SIZES: dict[Size, tuple[int, int]] = {"landscape": (1024, 768), "portrait": (768, 1024), "square": (896, 896)}
UNITS = 10  # of a member's daily allowance
MOST_AT_ONCE = 2  # drawings of one member under way
KEPT_FOR = clock.DAY  # an unkept drawing
SEEDS = 2**31


class Drawing(msgspec.Struct, frozen=True):
    """One try at a picture."""

    id: int
    account_id: AccountId
    prompt: str
    seed: int
    width: int
    height: int
    state: State
    share: float  # done, 0 to 1
    preview: str  # blob names
    result: str
    stored: dict[str, Any] | None  # what `posts.media` says of the result
    maker: str
    method: str
    description: str
    undrawn: list[str]
    credits: list[str]
    problem: str  # a translatable sentence: why it failed
    charge_id: int | None
    media_id: MediaId | None
    created_at: int

    @property
    def under_way(self) -> bool:
        """Whether it still waits or is being drawn."""
        return self.state in ("queued", "drawing")


class DrawingJob(msgspec.Struct, frozen=True):
    """What the studio's jobs carry."""

    drawing: int


_columns = tuple(drawings.c[field] for field in Drawing.__struct_fields__)
_this = drawings.c.id == bindparam("drawing", type_=BigInteger)
_mine = drawings.c.account_id == bindparam("account", type_=BigInteger)
_under_way = or_(drawings.c.state == "queued", drawings.c.state == "drawing")
_SET = ("seed", "width", "height", "prompt", "charge_id", "created_at", "id", "account_id")
FIND = Statement(select(*_columns).where(_this), Drawing)
HOLD = Statement(select(*_columns).where(_this).with_for_update(), Drawing)
FIND_MINE = Statement(select(*_columns).where(_this, _mine), Drawing)
HOLD_MINE = Statement(select(*_columns).where(_this, _mine).with_for_update(), Drawing)
NEWEST = Statement(
    select(*_columns).where(_mine).order_by(drawings.c.id.desc()).limit(bindparam("most", type_=Integer)), Drawing
)
LOCK = Statement(select(accounts.c.id).where(accounts.c.id == bindparam("account", type_=BigInteger)).with_for_update())
COUNT_UNDER_WAY = Statement(select(func.count()).where(_mine, _under_way))
ADD = Statement(
    insert(drawings).values({n: bindparam(n, type_=drawings.c[n].type) for n in _SET} | {"state": "queued"})
)
MOVE = {
    state: Statement(
        update(drawings)
        .where(_this, or_(false(), *(drawings.c.state == before for before, after in MOVES.items() if state in after)))
        .values(state=state, problem=bindparam("why", type_=Text))
    )
    for state in MOVES
}
KEEP_MEDIA = Statement(update(drawings).where(_this).values(media_id=bindparam("media", type_=BigInteger)))


async def start(
    tx: Tx,
    account: Account,
    prompt: str,
    *,
    seed: int | None = None,
    size: Size = "landscape",
    daily: int = allowances.DAILY,
) -> Drawing:
    """Queue a drawing and hold its charge; `daily` is the member's allowance (`ai_daily_units`).

    Raises:
        Invalid: the prompt or the size cannot be taken; nothing is held.
        Forbidden: the member may not draw.
        Conflict: as many drawings of the member's as may be are under way.
        OverAllowance: the day's allowance is spent.
    """
    standing.require(account, "draw")
    words = prompts.tidy(prompt)
    if size not in SIZES:
        raise errors.Invalid("A drawing is landscape, portrait or square.", field="size")
    if seed is not None and not 0 <= seed < SEEDS:
        raise errors.Invalid("A seed is a number from 0 to {most}.", field="seed", most=SEEDS - 1)
    await tx.all(LOCK, account=account.id)
    if await tx.value(COUNT_UNDER_WAY, account=account.id) >= MOST_AT_ONCE:
        raise errors.Conflict("{most} of your drawings are under way. Wait for one, or cancel it.", most=MOST_AT_ONCE)
    width, height = SIZES[size]
    drawing = tx.new_id()
    await tx.run(
        ADD,
        id=drawing,
        account_id=account.id,
        prompt=words,
        seed=secrets.randbelow(SEEDS) if seed is None else seed,
        width=width,
        height=height,
        charge_id=await allowances.hold(tx, account, "imagine", UNITS, daily=daily),
        created_at=tx.now,
    )
    tx.enqueue("draw", DrawingJob(drawing))
    tx.enqueue("sweep_drawing", DrawingJob(drawing), run_at=tx.now + KEPT_FOR)
    return await get_drawing(tx, account, drawing)


async def retry(tx: Tx, account: Account, drawing: int, *, daily: int = allowances.DAILY) -> Drawing:
    """Draw the same words once more, with another seed: a new drawing, charged as one.

    Raises:
        NotFound: the member has no such drawing.
        As `start` does.
    """
    old = await get_drawing(tx, account, drawing)
    seed = (old.seed + 1 + secrets.randbelow(SEEDS - 1)) % SEEDS  # any but the old one
    size: Size = next((name for name, sides in SIZES.items() if sides == (old.width, old.height)), "landscape")
    return await start(tx, account, old.prompt, seed=seed, size=size, daily=daily)


async def cancel(tx: Tx, account: Account, drawing: int) -> Drawing:
    """Give the drawing up: one under way stops within a second and is refunded, a finished one is thrown away.

    What is kept, failed or cancelled stays as it is.

    Raises:
        NotFound: the member has no such drawing.
    """
    found = await tx.one(HOLD_MINE, drawing=drawing, account=account.id)
    if await move(tx, drawing, "cancelled") and found.under_way:
        await give_back(tx, found)
    return await get_drawing(tx, account, drawing)


async def keep(tx: Tx, account: Account, drawing: int) -> Media:
    """Make the drawn picture one of the member's, to post; keeping it again gives the same one.

    Raises:
        NotFound: the member has no such drawing.
        Conflict: it is not drawn, was thrown away, or a post holds it.
    """
    found = await tx.one(HOLD_MINE, drawing=drawing, account=account.id)
    if found.media_id is not None and (waiting := await media.find_unattached(tx, account, found.media_id)):
        return waiting
    if not await move(tx, drawing, "kept"):
        raise errors.Conflict("This drawing is not finished, was thrown away, or is posted already.")
    kept = await media.add_media(
        tx,
        account,
        msgspec.convert(found.stored, media.Stored),
        alt=(found.description or found.prompt)[: media.LONGEST_ALT],
        origin="generated",
        maker=found.maker,
    )
    await tx.run(KEEP_MEDIA, drawing=drawing, media=kept.id)
    tx.emit(DrawingKept(drawing, account.id, kept.id))
    return kept


async def get_drawing(tx: Tx, account: Account, drawing: int) -> Drawing:
    """The member's own drawing.

    Raises:
        NotFound: the member has no such drawing.
    """
    return await tx.one(FIND_MINE, drawing=drawing, account=account.id)


async def drawings_of(tx: Tx, account: Account, most: int = 20) -> list[Drawing]:
    """The member's drawings of the last day, and all those they kept, newest first; at most 40."""
    return await tx.all(NEWEST, account=account.id, most=max(1, min(most, 40)))


async def move(tx: Tx, drawing: int, state: State, why: str = "") -> bool:
    """Bring the drawing into this state if it may go there from where it is; say whether it did."""
    return bool(await tx.run(MOVE[state], drawing=drawing, why=why))


async def give_back(tx: Tx, drawing: Drawing) -> None:
    """Refund what the drawing held."""
    if drawing.charge_id is not None:
        await allowances.refund(tx, drawing.charge_id)
