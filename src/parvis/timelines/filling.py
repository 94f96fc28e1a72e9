"""Fills a page of any feed with what its reader wants to see: what their filters hide leaves no hole.

A way to read a page flows in, posts flow out, each with the filters that it meets. For who has no filter this is one
reading and nothing else; for others a page that came out short is read on, a bounded number of times.
"""

from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from parvis.people.accounts import Account
from parvis.posts.page import Page
from parvis.posts.post import Post
from parvis.store.transaction import Tx
from parvis.timelines.taste import taste_of

MOST_ROUNDS: Final = 5


async def filled(
    tx: Tx, member: Account | None, page: Page, context: str, read: Callable[[Page], Awaitable[list[Post]]]
) -> list[Post]:
    """The page as `read` finds it, newest first, without what the member's filters hide in this context."""
    taste = await taste_of(tx, member)
    if not taste.sieves:
        return await read(page)
    kept: list[Post] = []
    missing = page.most
    for _ in range(MOST_ROUNDS):
        found = await read(page)
        fit = taste.sift(found, tx.now, context)
        if page.forward:
            kept = fit[-missing:] + kept
        else:
            kept += fit[:missing]
        missing -= min(len(fit), missing)
        if not missing or not found:
            break
        page = msgspec.structs.replace(page.beyond((found[0] if page.forward else found[-1]).id), limit=page.longest)
    return kept
