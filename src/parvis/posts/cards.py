"""Cards: what a post's first link leads to, fetched after the post is published and shown under it.

A link flows in with the post's own transaction; a job fetches the page through `core.outbound`, keeps its picture,
small and encoded anew, and writes the card under the post: one fetch serves every post with that link for two weeks. A
page that does not answer is asked once more. Nothing of this holds up a post.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import BigInteger, Text, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import Invalid, Refused, TooLarge, TryAgain, Unavailable
from parvis.core.ids import AccountId, PostId
from parvis.core.outbound import Outbound
from parvis.events import CardFetched
from parvis.people.accounts import find_by_handle
from parvis.people.preferences import preferences_of
from parvis.posts import extras, leftovers, pages, pictures
from parvis.posts.pages import Page
from parvis.posts.post import Card
from parvis.posts.text import Token
from parvis.store.blobs import Blobs
from parvis.store.jobs import Kind, Work
from parvis.store.statement import Statement
from parvis.store.tables import cards, post_links, posts
from parvis.store.transaction import Tx

FETCH = "fetch_card"
FRESH = 14 * clock.DAY
FRESH_NOTHING = clock.HOUR
TAKES = 2  # tries for a page that does not answer
PAUSE = 30.0  # seconds between them
HTML_BYTES = 1 << 20
JSON_BYTES = 256 * 1024
PICTURE_BYTES = 8 << 20
PICTURE_PIXELS = 30_000_000
LONGEST_LINK = 2000
HTML = ("text/html", "application/xhtml+xml")


class Link(msgspec.Struct, frozen=True):
    """Fetch what this post links to."""

    post: PostId
    url: str


class Known(msgspec.Struct, frozen=True):
    """What was found at a link."""

    card: dict[str, object] | None
    image: str
    fetched_at: int


class _Linking(msgspec.Struct, frozen=True):
    author_id: AccountId
    thread_id: PostId
    text: str


_post = bindparam("post", type_=BigInteger)
_url = bindparam("url", type_=Text)
_KNOWN = Statement(select(cards.c.card, cards.c.image, cards.c.fetched_at).where(cards.c.url == _url), Known)
_put = insert(cards).values({c.name: bindparam(c.name, type_=c.type) for c in cards.columns})
_PUT = Statement(
    _put.on_conflict_do_update(
        index_elements=["url"],
        set_={name: _put.excluded[name] for name in ("card", "image", "fetched_at")},
    )
)
_LINKING = Statement(
    select(posts.c.author_id, posts.c.thread_id, posts.c.text).where(posts.c.id == _post).with_for_update(), _Linking
)
_SHOW = Statement(
    update(posts)
    .where(posts.c.id == _post)
    .values(
        card=bindparam("shown", type_=posts.c.card.type), extras=posts.c.extras.op("|")(bindparam("bit", extras.CARD))
    )
)
_HIDE = Statement(
    update(posts)
    .where(posts.c.id == _post, posts.c.card.is_not(None))
    .values(card=bindparam("shown", type_=posts.c.card.type), extras=posts.c.extras.op("&")(bindparam("bits", 0)))
)
_LINK = Statement(insert(post_links).values(url=_url, post_id=_post).on_conflict_do_nothing())
_UNLINK = Statement(delete(post_links).where(post_links.c.post_id == _post))
_SHOW_ALL = Statement(
    update(posts)
    .where(posts.c.id.in_(select(post_links.c.post_id).where(post_links.c.url == _url)), posts.c.card.is_not(None))
    .values(card=bindparam("shown", type_=posts.c.card.type))
)


def link_of(pieces: Sequence[Token], settings: Settings) -> str | None:
    """The first link that a card can be made of: not one to this instance itself."""
    for piece in pieces:
        if piece.kind == "link" and len(piece.value) <= LONGEST_LINK:
            return None if f"{piece.value}/".startswith(f"{settings.url}/") else piece.value
    return None


def ask(tx: Tx, post_id: PostId, pieces: Sequence[Token], settings: Settings) -> None:
    """Have a card made of the first link among a new post's pieces, if there is one."""
    if url := link_of(pieces, settings):
        tx.enqueue(FETCH, Link(post_id, url))


async def ask_again(tx: Tx, post_id: PostId, pieces: Sequence[Token], settings: Settings) -> None:
    """Forget an edited post's card, and have one made of the link that it has now."""
    await tx.run(_HIDE, post=post_id, shown=None, bits=~extras.CARD)
    await tx.run(_UNLINK, post=post_id)
    ask(tx, post_id, pieces, settings)


def kinds(settings: Settings, blobs: Blobs, outbound: Outbound) -> tuple[Kind, ...]:
    """The job."""
    fetcher = Fetcher(settings, blobs, outbound)
    return (Kind(name=FETCH, payload=Link, run=fetcher.fetch, concurrency=4, attempts=TAKES),)


class Fetcher:
    """What the job needs, and what it does with it."""

    def __init__(self, settings: Settings, blobs: Blobs, outbound: Outbound) -> None:
        self._bounds = msgspec.structs.replace(
            settings, picture_bytes=PICTURE_BYTES, picture_pixels=min(PICTURE_PIXELS, settings.picture_pixels)
        )
        self._blobs = blobs
        self._outbound = outbound

    async def fetch(self, work: Work) -> None:
        """Make the card, or take the one that is known, and show it."""
        asked: Link = work.payload
        async with work.store.reading() as tx:
            known = await tx.first(_KNOWN, url=asked.url)
            now = tx.now
        if known is not None and known.fetched_at > now - (FRESH if known.card else FRESH_NOTHING):
            card = msgspec.convert(known.card, Card) if known.card else None
            async with work.ending() as tx:
                await _show(tx, asked, card)
            return
        card = await self._made(work, asked.url)
        async with work.ending() as tx:
            for url in sorted({asked.url, card.url} if card else {asked.url}):  # as it was called, and its own name
                await tx.run(_PUT, url=url, card=card, image=card.image if card else "", fetched_at=tx.now)
            leftovers.set_sweep(tx)
            if known is not None and known.card and card and known.card["url"] == card.url:
                await tx.run(_SHOW_ALL, url=card.url, shown=card)
                leftovers.set_forgetting(tx, [known.image])
            await _show(tx, asked, card)

    async def _made(self, work: Work, url: str) -> Card | None:
        try:
            page = await self._page(url)
        except Unavailable as absent:
            if work.taken.attempts < TAKES:
                raise TryAgain(PAUSE) from absent
            return None
        except (Invalid, TooLarge):
            return None
        if page is None:
            return None
        return await self._illustrated(await self._credited(work, page) if page.creator else page)

    async def _credited(self, work: Work, page: Page) -> Page:
        """The page with the member as its author whom it names, if they let it do so."""
        handle, _, domain = page.creator.partition("@")
        if domain.lower() != self._bounds.domain:
            return page
        async with work.store.reading() as tx:
            member = await find_by_handle(tx, handle)
            allowed = (await preferences_of(tx, member.id)).credited_by if member else ()
        host = f".{urlsplit(page.card.url).hostname}"
        if member is None or not any(host.endswith(f".{each}") for each in allowed):
            return page
        address = f"{self._bounds.url}/@{member.acct}"
        card = msgspec.structs.replace(page.card, author_name=member.name or member.handle, author_url=address)
        return msgspec.structs.replace(page, card=card)

    async def _page(self, url: str) -> Page | None:
        answer = await self._outbound.fetch(
            url, headers={"accept": "text/html,application/xhtml+xml"}, most_bytes=HTML_BYTES, cut=True
        )
        if not answer.ok or answer.media_type not in HTML:
            return None
        page = await pictures.in_thread(pages.read_page, answer.data, answer.charset, answer.url)
        if page is None or not page.oembed:
            return page
        try:
            told = await self._outbound.fetch(page.oembed, most_bytes=JSON_BYTES)
        except Refused:
            return page
        return pages.read_oembed(told.data, page) if told.ok else page

    async def _illustrated(self, page: Page) -> Card:
        """The card with its picture kept, as small as a card needs it; without, when that cannot be had."""
        if not page.image:
            return page.card
        try:
            answer = await self._outbound.fetch(page.image, headers={"accept": "image/*"}, most_bytes=PICTURE_BYTES)
            if not answer.ok:
                return page.card
            prepared = await pictures.prepare(answer.data, self._bounds)
        except Refused:
            return page.card
        sizes = {} if page.card.html else {"width": prepared.preview_width, "height": prepared.preview_height}
        return msgspec.structs.replace(
            page.card,
            image=await self._blobs.put(prepared.preview, prepared.preview_extension),
            blurhash=prepared.blurhash,
            **sizes,
        )


async def _show(tx: Tx, asked: Link, card: Card | None) -> None:
    """Show the card under the post, if it still has the link."""
    post = await tx.first(_LINKING, post=asked.post)
    if card is None or post is None or asked.url not in post.text:
        return
    await tx.run(_SHOW, post=asked.post, shown=card)
    await tx.run(_UNLINK, post=asked.post)
    await tx.run(_LINK, post=asked.post, url=card.url)
    tx.emit(CardFetched(asked.post, post.author_id, post.thread_id))
