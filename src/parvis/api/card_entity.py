"""A card, which shows the page that a status links to, as Mastodon's clients know it."""

from typing import Annotated, Literal, cast

import msgspec
from msgspec import Meta

from parvis.api.account_entity import Account, Moment
from parvis.api.door import Urls
from parvis.core import clock
from parvis.posts.post import Card

Kind = Literal["link", "photo", "video", "rich"]


class PreviewCardAuthor(msgspec.Struct, frozen=True):
    """Who wrote the page."""

    name: str
    url: str
    account: Account | None = None


class PreviewCard(msgspec.Struct, frozen=True, kw_only=True):
    """A page that a status links to."""

    url: str
    title: str
    description: str
    language: str | None
    type: Kind
    author_name: str
    author_url: str
    authors: tuple[PreviewCardAuthor, ...] = ()
    provider_name: str
    provider_url: str
    html: Annotated[str, Meta(description="A player of the page's own, when there is one.")]
    width: int
    height: int
    image: str | None
    image_description: str
    embed_url: str
    blurhash: str | None
    published_at: Moment | None


def card_entity(card: Card, urls: Urls) -> PreviewCard:
    """The card with its picture's address."""
    return PreviewCard(
        url=card.url,
        title=card.title,
        description=card.description,
        language=card.language,
        type=cast(Kind, card.kind),
        author_name=card.author_name,
        author_url=card.author_url,
        authors=(PreviewCardAuthor(card.author_name, card.author_url),) if card.author_name else (),
        provider_name=card.provider_name,
        provider_url=card.provider_url,
        html=card.html,
        width=card.width,
        height=card.height,
        image=urls.media + card.image if card.image else None,
        image_description=card.image_description,
        embed_url=card.embed_url,
        blurhash=card.blurhash or None,
        published_at=clock.iso(card.published_at) if card.published_at is not None else None,
    )
