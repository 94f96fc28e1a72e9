"""Pictures of a post that is edited or deleted: taken over, described anew, set free to be posted again.

A picture that an edit takes out of a post stays with it, since what the post said before shows it.
"""

import msgspec
from sqlalchemy import BigInteger, Float, Text, bindparam, null, or_, select, update

from parvis.core.errors import Invalid
from parvis.core.ids import MediaId, PostId
from parvis.people.accounts import Account
from parvis.posts import leftovers
from parvis.posts.media import COLUMNS, LONGEST_ALT, require_fit, shape
from parvis.posts.post import Media
from parvis.store.statement import Statement, among
from parvis.store.tables import media
from parvis.store.transaction import Tx


class Retouch(msgspec.Struct, frozen=True):
    """What to say of a picture from now on; what is left out stays."""

    media: MediaId
    alt: str | None = None
    focus: tuple[float, float] | None = None


_post = bindparam("post", type_=BigInteger)
_at_hand = (
    media.c.account_id == bindparam("account", type_=BigInteger),
    or_(media.c.post_id.is_(None), media.c.post_id == _post),
    media.c.scheduled_id.is_(None),
)
_AT_HAND = Statement(select(*COLUMNS).where(among(media.c.id, "ids"), *_at_hand), shape)
_TAKE = Statement(update(media).where(among(media.c.id, "ids"), *_at_hand).values(post_id=_post))
_one = (media.c.id == bindparam("media", type_=BigInteger), *_at_hand)
_SAY = Statement(update(media).where(*_one).values(alt=bindparam("said", type_=Text)))
_POINT = Statement(
    update(media).where(*_one).values(focus_x=bindparam("x", type_=Float), focus_y=bindparam("y", type_=Float))
)
_SET_FREE = Statement(
    update(media)
    .where(media.c.post_id == _post)
    .values(post_id=null(), created_at=bindparam("moment", type_=BigInteger))
)


async def take_over(
    tx: Tx, account: Account, post_id: PostId, ids: tuple[MediaId, ...], retouches: tuple[Retouch, ...]
) -> tuple[Media, ...]:
    """The pictures with these ids, waiting or in the post already, described as the retouches say; the post has them.

    Raises:
        Invalid: one of them is not there, not the account's, or in another post; or a retouch breaks a rule.
    """
    for retouch in retouches:
        if retouch.media in ids:
            await _retouch(tx, account, post_id, retouch)
    taken = await tx.run(_TAKE, ids=list(ids), account=account.id, post=post_id)
    found = {one.id: one for one in await tx.all(_AT_HAND, ids=list(ids), account=account.id, post=post_id)}
    if not len(found) == taken == len(ids):
        raise Invalid("A picture is not there any more; add it again.", field="media")
    chosen = tuple(found[media_id] for media_id in ids)
    require_fit(chosen)
    return chosen


async def set_free(tx: Tx, post_id: PostId) -> None:
    """Have a post's pictures wait to be posted again, as if they had just been added."""
    await tx.run(_SET_FREE, post=post_id, moment=tx.now)
    leftovers.set_sweep(tx)


async def _retouch(tx: Tx, account: Account, post_id: PostId, retouch: Retouch) -> None:
    if retouch.alt is not None:
        if len(retouch.alt) > LONGEST_ALT:
            raise Invalid("The description is longer than {limit} characters.", field="description", limit=LONGEST_ALT)
        await tx.run(_SAY, media=retouch.media, account=account.id, post=post_id, said=retouch.alt)
    if retouch.focus is not None:
        if not all(-1 <= value <= 1 for value in retouch.focus):
            raise Invalid("The focus lies between -1 and 1 on both axes.", field="focus")
        x, y = retouch.focus
        await tx.run(_POINT, media=retouch.media, account=account.id, post=post_id, x=x, y=y)
