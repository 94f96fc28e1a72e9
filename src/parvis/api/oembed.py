"""oEmbed: how another site frames a public status (https://oembed.com)."""

import html
import re
from typing import Annotated

import msgspec
from msgspec import Meta

from parvis.api.account_entity import Address
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.fields import Url
from parvis.core import clock, errors
from parvis.core.ids import PostId
from parvis.posts import visibility

endpoints = Endpoints("oembed")

WIDTH, HEIGHT = 400, 480  # pixels
NARROWEST, SHORTEST = 220, 120
DAY = clock.DAY // clock.SECOND
_STATUS = re.compile(r"/@(?P<acct>[^/]{1,300})/(?P<post>[0-9]{1,18})(?:/embed)?/?(?:[?#].*)?")
_POST = re.compile(r"/posts/(?P<post>[0-9]{1,18})/?(?:[?#].*)?")

Side = Annotated[int, Meta(ge=1, le=10_000)]


class Wish(msgspec.Struct, frozen=True):
    """What should be framed, and how large it may be."""

    url: Url
    maxwidth: Side | None = None
    maxheight: Side | None = None


class OEmbed(msgspec.Struct, frozen=True, kw_only=True):
    """A status to be framed."""

    type: str = "rich"
    version: str = "1.0"
    title: str
    author_name: str
    author_url: Address
    provider_name: str
    provider_url: Address
    cache_age: Annotated[int, Meta(description="Seconds.")] = DAY
    html: str
    width: int
    height: int | None


@endpoints.get("/api/oembed", refuses=(404,))
async def get_oembed(ctx: Ctx, given: Wish) -> OEmbed:
    """How to frame a public status of this instance; its format is JSON."""
    found = _found(given.url, ctx.urls.base)
    if found is None:
        raise errors.NotFound("Record not found")
    post = await visibility.get_post(ctx.tx, None, PostId(int(found["post"])))
    acct = found.groupdict().get("acct")
    if post.repost_of is not None or (acct is not None and acct.lower() != post.author.acct.lower()):
        raise errors.NotFound("Record not found")
    author = post.author
    width = max(NARROWEST, min(WIDTH, given.maxwidth or WIDTH))
    height = max(SHORTEST, given.maxheight) if given.maxheight else None
    address = f"{ctx.urls.profile}{author.acct}"
    return OEmbed(
        title=f"New status by {author.name or author.handle}",
        author_name=author.name or author.handle,
        author_url=address,
        provider_name=ctx.door.settings.domain,
        provider_url=f"{ctx.urls.base}/",
        html=_frame(f"{address}/{post.id}/embed", width, height or HEIGHT),
        width=width,
        height=height,
    )


def _found(url: str, base: str) -> re.Match[str] | None:
    """The status that an address of ours names."""
    if not url.startswith(f"{base}/"):
        return None
    path = url[len(base) :]
    return _STATUS.fullmatch(path) or _POST.fullmatch(path)


def _frame(address: str, width: int, height: int) -> str:
    return (
        f'<iframe src="{html.escape(address)}" class="mastodon-embed" style="max-width: 100%; border: 0" '
        f'width="{width}" height="{height}" allowfullscreen="allowfullscreen" loading="lazy"></iframe>'
    )
