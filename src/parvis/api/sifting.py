"""What the caller's filters say of the posts that are about to be answered; free for whoever has none."""

from collections.abc import Iterable

from parvis.api.endpoint import Ctx
from parvis.posts.post import Post
from parvis.timelines.taste import taste_of


async def sifted(ctx: Ctx, posts: Iterable[Post], context: str = "") -> list[Post]:
    """The posts with the filters that they meet; with a context, without what is hidden there.

    Timelines sift what they read themselves; this is for posts found otherwise.
    """
    return (await taste_of(ctx.tx, ctx.viewer)).sift(posts, ctx.tx.now, context)
