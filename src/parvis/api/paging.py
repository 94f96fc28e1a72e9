"""Mastodon's paging: `max_id`, `since_id`, `min_id` and `limit` in, a Link header out (RFC 8288)."""

import functools
from collections.abc import Sequence
from typing import Annotated
from urllib.parse import parse_qsl, quote, urlencode

import msgspec
from msgspec import Meta

from parvis.api.endpoint import Ctx
from parvis.api.fields import Id
from parvis.posts.page import LONGEST, Page

Limit40 = Annotated[int, Meta(ge=1, description="How many; 40 at most.")]
Limit80 = Annotated[int, Meta(ge=1, description="How many; 80 at most.")]


class Paging(msgspec.Struct, frozen=True, kw_only=True):
    """Where a page of a timeline lies; newest first whichever end it is walked from."""

    max_id: Id | None = None
    since_id: Id | None = None
    min_id: Id | None = None
    limit: Limit40 = 20

    def page(self, longest: int = LONGEST) -> Page:
        """The page that is asked for; `longest` is what its limit may be."""
        return Page(
            max_id=int(self.max_id) if self.max_id else None,
            since_id=int(self.since_id) if self.since_id else None,
            min_id=int(self.min_id) if self.min_id else None,
            limit=self.limit,
            longest=longest,
        )


def link(ctx: Ctx, ids: Sequence[int], newer: str = "min_id", *, of: Page | None = None) -> None:
    """Name the neighbouring pages of one that shows these ids (newest first); an empty page has none.

    Lists of accounts and hashtags are told what is `newer` by `since_id`, as Mastodon's are: the newest of it. Given
    the page `of` which they are, one that came out short names nothing older: it is the last. (Feeds always go on.)
    """
    if not ids:
        return
    beginning = _beginning(ctx.urls.base, ctx.scope["path"], ctx.scope["query_string"])
    value = f'<{beginning}{newer}={ids[0]}>; rel="prev"'
    if of is None or of.forward or len(ids) >= of.most:
        value = f'<{beginning}max_id={ids[-1]}>; rel="next", {value}'
    ctx.headers.append((b"link", value.encode("latin-1")))


@functools.lru_cache(maxsize=512)
def _beginning(base: str, path: str, query: bytes) -> str:
    """The address as it was asked for, without its place in the pages."""
    kept = ""
    if query:
        given = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
        kept = urlencode([pair for pair in given if pair[0] not in {"max_id", "since_id", "min_id", "access_token"}])
    return f"{base}{quote(path)}?{kept}{'&' if kept else ''}"
