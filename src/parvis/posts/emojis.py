"""Custom emoji: small pictures that stand for `:shortcode:` in posts and names.

An operator adds them; a picture flows in, and a blob, moving if it moved, and one that stays still flow out. What a
post uses is looked up when it is written and kept with it, so that reading costs nothing; names are dressed by a
`Shelf`, which knows all of them and looks now and then for new ones.
"""

import io
import re

import msgspec
from PIL import Image
from sqlalchemy import BigInteger, Text, bindparam, cast, delete, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from parvis.core.errors import Invalid, NotFound
from parvis.core.ids import PostId
from parvis.posts import extras, leftovers, pictures
from parvis.posts.post import Emoji
from parvis.store.blobs import Blobs
from parvis.store.database import Store
from parvis.store.statement import Statement, among_words
from parvis.store.tables import emojis, posts
from parvis.store.transaction import Tx

SIDE = 128  # pixels that are kept
MOST_BYTES = 512 * 1024
MOST_PIXELS = 4_000_000
MOST_USED = 50  # different ones in one text
FRESH = 30.0  # seconds between two looks of a shelf

_CODE = re.compile(r"[A-Za-z0-9_]{2,60}")
_USED = re.compile(r"(?<![\w:]):([A-Za-z0-9_]{2,60}):(?![\w:])")

_columns = (emojis.c.shortcode, emojis.c.blob, emojis.c.still, emojis.c.category)
_ALL = Statement(select(*_columns, emojis.c.listed).order_by(emojis.c.category, emojis.c.shortcode))
_NAMED = Statement(select(*_columns).where(among_words(emojis.c.shortcode, "codes")), Emoji)
_add = insert(emojis).values({c.name: bindparam(c.name, type_=c.type) for c in emojis.columns})
_ADD = Statement(
    _add.on_conflict_do_update(
        index_elements=["shortcode"],
        set_={name: _add.excluded[name] for name in ("blob", "still", "category", "listed")},
    )
)
_REMOVE = Statement(
    delete(emojis).where(emojis.c.shortcode == bindparam("code", type_=Text)).returning(emojis.c.blob, emojis.c.still)
)
_this = posts.c.id == bindparam("post", type_=BigInteger)
_DRESS = Statement(
    update(posts)
    .where(_this)
    .values(
        emojis=bindparam("used", type_=posts.c.emojis.type),
        extras=posts.c.extras.op("|")(literal_column(str(extras.EMOJIS))),
    )
)
_UNDRESS = Statement(
    update(posts)
    .where(_this, posts.c.emojis.is_not(None))
    .values(
        emojis=bindparam("used", type_=posts.c.emojis.type),
        extras=posts.c.extras.op("&")(literal_column(str(~extras.EMOJIS))),
    )
)
_USING = Statement(
    select(posts.c.id, posts.c.emojis).where(
        posts.c.emojis.is_not(None), cast(posts.c.emojis, Text).contains(bindparam("quoted", type_=Text))
    ),
    slow=True,
)


class Drawn(msgspec.Struct, frozen=True):
    """An emoji's picture, and the same without movement."""

    data: bytes
    extension: str
    still: bytes


def codes_in(*texts: str) -> list[str]:
    """The shortcodes that stand in these texts, each once, whether there are such emoji or not."""
    found = (code for text in texts if ":" in text for code in _USED.findall(text))
    return list(dict.fromkeys(found))[:MOST_USED]


async def used_in(tx: Tx, *texts: str) -> tuple[Emoji, ...]:
    """The emoji that these texts use; where no text has a shortcode, nothing is asked."""
    codes = codes_in(*texts)
    if not codes:
        return ()
    found = {emoji.shortcode: emoji for emoji in await tx.all(_NAMED, codes=codes)}
    return tuple(found[code] for code in codes if code in found)


async def dress(tx: Tx, post_id: PostId, *texts: str) -> None:
    """Keep with a new post the emoji that its texts use."""
    if used := await used_in(tx, *texts):
        await tx.run(_DRESS, post=post_id, used=used)


async def dress_again(tx: Tx, post_id: PostId, *texts: str) -> None:
    """Keep with an edited post those that its texts use now."""
    await tx.run(_UNDRESS, post=post_id, used=None)
    await dress(tx, post_id, *texts)


# -- the operator's ----------------------------------------------------------------------------------------------------


async def draw(data: bytes) -> Drawn:
    """Make a picture an emoji: small, without metadata; one that moves goes on moving.

    Raises:
        Invalid: it is no picture, or too large.
    """
    if len(data) > MOST_BYTES:
        raise Invalid("An emoji has at most {limit} kB.", limit=MOST_BYTES // 1024)
    return await pictures.in_thread(_draw, data)


async def add(tx: Tx, shortcode: str, blob: str, still: str, *, category: str = "", listed: bool = True) -> None:
    """Have an emoji of this name from now on; it takes the place of one that had it.

    Raises:
        Invalid: that is no shortcode.
    """
    if not _CODE.fullmatch(shortcode):
        raise Invalid("A shortcode has 2 to 60 letters, digits and underscores.", field="shortcode")
    await tx.run(
        _ADD,
        shortcode=shortcode,
        blob=blob,
        still=still,
        category=category[:100],
        listed=listed,
        created_at=tx.now,
    )


async def keep(blobs: Blobs, drawn: Drawn) -> tuple[str, str]:
    """Keep the two pictures; their names."""
    return await blobs.put(drawn.data, drawn.extension), await blobs.put(drawn.still, "png")


async def remove(tx: Tx, shortcode: str) -> None:
    """Have no emoji of this name any more: posts that use it show its name.

    Raises:
        NotFound: there is none.
    """
    gone = await tx.all(_REMOVE, code=shortcode)
    if not gone:
        raise NotFound("There is no emoji :{code}:.", code=shortcode)
    for post_id, used in await tx.all(_USING, quoted=f'"{shortcode}"'):
        left = [emoji for emoji in used if emoji[0] != shortcode]
        await (tx.run(_DRESS, post=post_id, used=left) if left else tx.run(_UNDRESS, post=post_id, used=None))
    leftovers.set_forgetting(tx, gone[0])


async def all_emojis(tx: Tx) -> list[tuple[Emoji, bool]]:
    """Every emoji, by category and name, and whether it is offered where one chooses."""
    return [(Emoji(*row[:-1]), bool(row[-1])) for row in await tx.all(_ALL)]


class Shelf:
    """All emoji, for names: `used_in` costs a look into a dictionary, and `version` changes when they do."""

    def __init__(self) -> None:
        self._known: dict[str, Emoji] = {}
        self.version = 0

    def used_in(self, *texts: str) -> tuple[Emoji, ...]:
        """The emoji that these texts use."""
        if not self._known:
            return ()
        return tuple(self._known[code] for code in codes_in(*texts) if code in self._known)

    async def look(self, store: Store) -> None:
        """Learn which emoji there are now."""
        async with store.reading() as tx:
            known = {emoji.shortcode: emoji for emoji, _ in await all_emojis(tx)}
        if known != self._known:
            self._known, self.version = known, self.version + 1


# -- in the thread -----------------------------------------------------------------------------------------------------


def _draw(data: bytes) -> Drawn:
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "GIF", "WEBP", "JPEG")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Invalid("This is no picture that can be an emoji: send PNG, GIF, WebP or JPEG.", field="file")
            frames, times = pictures.unrolled(opened, SIDE)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, *pictures.BROKEN) as broken:
        raise Invalid("This is no picture that can be an emoji: send PNG, GIF, WebP or JPEG.", field="file") from broken
    still = io.BytesIO()
    frames[0].save(still, "PNG", optimize=True)
    if len(frames) == 1:
        return Drawn(still.getvalue(), "png", still.getvalue())
    return Drawn(pictures.rolled(frames, times, quality=85), "webp", still.getvalue())
