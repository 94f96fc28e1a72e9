"""Custom emoji: what a post uses is kept with it, and an operator adds and removes them."""

import io

import pytest
from PIL import Image
from tests.conftest import BOTH
from tests.rig import members

from parvis.core.config import Settings
from parvis.core.errors import Invalid, NotFound
from parvis.posts import emojis
from parvis.posts.drafts import Draft
from parvis.posts.post import Post
from parvis.posts.publish import publish
from parvis.posts.visibility import get_post
from parvis.store.blobs import Blobs, open_blobs
from parvis.store.database import Store
from parvis.store.transaction import Tx


def drawn(kind: str = "PNG", frames: int = 1, side: int = 300) -> bytes:
    pictures = [Image.new("RGB", (side, side), colour) for colour in ("red", "blue", "green")[:frames]]
    out = io.BytesIO()
    more = {"save_all": True, "append_images": pictures[1:], "duration": 90} if frames > 1 else {}
    pictures[0].save(out, kind, **more)
    return out.getvalue()


async def add(store: Store, blobs: Blobs, code: str, data: bytes, **more: str) -> tuple[str, str]:
    names = await emojis.keep(blobs, await emojis.draw(data))
    async with store.transaction() as tx:
        await emojis.add(tx, code, *names, **more)
    return names


def codes(post: Post) -> list[str]:
    return [emoji.shortcode for emoji in post.more.emojis] if post.more else []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hello :sun: and :sun:", ["sun"]),
        (":a_1::b2:", []),
        ("(:sun:), :moon:!", ["sun", "moon"]),
        ("10:30:45 and https://x.example/:sun:/", ["sun"]),
        ("x:sun:y ::sun:: :s: :é: no", []),
        ("none", []),
    ],
)
def test_shortcodes_stand_between_colons_and_apart(text: str, found: list[str]) -> None:
    assert emojis.codes_in(text) == found


async def test_a_picture_becomes_small_and_one_that_moves_goes_on() -> None:
    still = await emojis.draw(drawn())
    assert (still.extension, still.data == still.still) == ("png", True)
    with Image.open(io.BytesIO(still.data)) as small:
        assert small.size == (128, 128)
    moving = await emojis.draw(drawn("GIF", 3, 60))
    with Image.open(io.BytesIO(moving.data)) as small:
        assert (small.format, getattr(small, "n_frames", 1), small.size) == ("WEBP", 3, (60, 60))
    with Image.open(io.BytesIO(moving.still)) as small:
        assert small.format == "PNG"
    for broken in (b"", b"<svg/>", drawn()[:60], b"x" * 600_000):
        with pytest.raises(Invalid):
            await emojis.draw(broken)


@BOTH
async def test_a_post_keeps_the_emoji_that_it_uses(store: Store, settings: Settings) -> None:
    (ann,) = await members(store, "ann")
    blobs = open_blobs(settings)
    names = await add(store, blobs, "sun", drawn("GIF", 3), category="Sky")
    await add(store, blobs, "moon", drawn())

    async def say(tx: Tx, words: str, warning: str = "") -> Post:
        return await get_post(tx, ann, await publish(tx, ann, Draft(words, warning=warning)))

    async with store.transaction() as tx:
        post = await say(tx, "the :sun: rises, :stars: do not", "a :moon:")
        assert codes(post) == ["sun", "moon"]
        assert post.more is not None
        assert (post.more.emojis[0].blob, post.more.emojis[0].still, post.more.emojis[0].category) == (*names, "Sky")
        assert (await say(tx, "no emoji here: 10:30:00")).more is None
        await emojis.dress_again(tx, post.id, "only the :moon:")
        assert codes(await get_post(tx, ann, post.id)) == ["moon"]
        await emojis.dress_again(tx, post.id, "nothing")
        assert (await get_post(tx, ann, post.id)).more is None


@BOTH
async def test_a_removed_emoji_is_words_again(store: Store, settings: Settings) -> None:
    (ann,) = await members(store, "ann")
    blobs = open_blobs(settings)
    for code in ("sun", "moon"):
        await add(store, blobs, code, drawn())
    shelf = emojis.Shelf()
    await shelf.look(store)
    assert [emoji.shortcode for emoji in shelf.used_in("Ann :sun:", "of the :moon:")] == ["sun", "moon"]
    assert shelf.version == 1
    async with store.transaction() as tx:
        both, one = [await publish(tx, ann, Draft(words)) for words in (":sun: :moon:", ":sun:")]
        await emojis.remove(tx, "sun")
        assert codes(await get_post(tx, ann, both)) == ["moon"]
        assert codes(await get_post(tx, ann, one)) == []
        assert [emoji.shortcode for emoji, _ in await emojis.all_emojis(tx)] == ["moon"]
        with pytest.raises(NotFound):
            await emojis.remove(tx, "sun")
        with pytest.raises(Invalid):
            await emojis.add(tx, "no spaces", "a", "b")
    await shelf.look(store)
    await shelf.look(store)
    assert (shelf.version, shelf.used_in(":sun:")) == (2, ())
