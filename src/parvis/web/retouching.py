"""What forms say of pictures: what each of them shows, and what must stay in sight where one is cut.

Two numbers between -1 and 1 flow in as `0.00,0.80`: from the left to the right, and from the bottom to the top.
"""

from collections.abc import Iterable

import msgspec

from parvis.core.errors import Invalid
from parvis.core.ids import MediaId
from parvis.people.accounts import Account
from parvis.posts import media
from parvis.posts.post import Media
from parvis.posts.retouches import Retouch
from parvis.store.transaction import Tx
from parvis.web.visit import Visit, whole_number

Focus = tuple[float, float]


def focus_of(visit: Visit, name: str) -> Focus | None:
    """What must stay in sight, as the form says it; None where it says nothing.

    Raises:
        Invalid: these are not two numbers.
    """
    given = visit.field(name, 60)
    if not given:
        return None
    across, _, up = given.partition(",")
    try:
        return float(across), float(up)
    except ValueError as broken:
        raise Invalid("The focus lies between -1 and 1 on both axes.", field="focus") from broken


def _moved(said: Focus | None, before: Focus) -> Focus | None:
    """What a form says where it is something new: forms tell hundredths, and apps may have been more exact."""
    if said is None or all(f"{new:.2f}" == f"{old:.2f}" for new, old in zip(said, before, strict=True)):
        return None
    return said


async def describe(visit: Visit, tx: Tx, author: Account, media_id: MediaId) -> None:
    """Keep what the form says of a picture that waits for its post, where that is something new."""
    known = await media.find_unattached(tx, author, media_id)
    if known is None:
        return
    before = known.focus_x, known.focus_y
    alt = visit.field(f"media_alt_{media_id}", media.LONGEST_ALT)
    focus = _moved(focus_of(visit, f"media_focus_{media_id}"), before) or before
    if (alt, focus) != (known.alt, before):
        await media.describe(tx, author, media_id, alt=alt, focus=focus)


def chosen_in(given: Iterable[object]) -> list[MediaId]:
    """The pictures that a form or an address names, each once."""
    found = (whole_number(text) for text in given if isinstance(text, str))
    return [MediaId(number) for number in dict.fromkeys(found) if number]


def retouches_of(visit: Visit, pictures: Iterable[Media]) -> tuple[Retouch, ...]:
    """What the form says of these pictures; what it leaves out stays."""
    return tuple(
        Retouch(
            picture.id,
            visit.field(f"media_alt_{picture.id}", media.LONGEST_ALT)
            if f"media_alt_{picture.id}" in visit.form
            else None,
            _moved(focus_of(visit, f"media_focus_{picture.id}"), (picture.focus_x, picture.focus_y)),
        )
        for picture in pictures
    )


def as_written(visit: Visit, pictures: Iterable[Media]) -> list[Media]:
    """The pictures as the form has them, for whoever writes on."""
    return [_as_written(visit, picture) for picture in pictures]


def _as_written(visit: Visit, picture: Media) -> Media:
    alt = str(visit.form.get(f"media_alt_{picture.id}", picture.alt))[: media.LONGEST_ALT]
    try:
        across, up = focus_of(visit, f"media_focus_{picture.id}") or (picture.focus_x, picture.focus_y)
    except Invalid:
        across, up = picture.focus_x, picture.focus_y
    return msgspec.structs.replace(picture, alt=alt, focus_x=across, focus_y=up)
