from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from tests.cast import block, follow, members, mute, newcomers, say
from tests.conftest import BOTH
from tests.timelines.test_filters import signed_in

from parvis.people import restraining
from parvis.people.restraints import Restraint
from parvis.posts.page import FIRST, Page
from parvis.store.database import Store
from parvis.timelines import hashtags, home, lists, steered
from parvis.timelines.tags import Beside, tagged

pytestmark = BOTH


async def test_members_of_an_exclusive_list_are_not_in_home(store: Store) -> None:
    ann, bob, eve = await members(store, "ann", "bob", "eve")
    async with store.transaction() as tx:
        for one in (bob, eve):
            await follow(tx, ann, one)
        made = await lists.make_list(tx, ann, "apart")
        await lists.add_members(tx, ann, made.id, [bob.id, ann.id])
    of_bob, of_eve, own = [await say(store, one, "hello") for one in (bob, eve, ann)]
    async with store.transaction() as tx:
        plain = await signed_in(tx, ann)
        assert plain.tastes == 0
        assert [item.post.id for item in await steered.timeline(tx, plain)] == [own, of_eve, of_bob]
        await lists.edit_list(tx, ann, made.id, exclusive=True)
        assert [item.post.id for item in await steered.timeline(tx, await signed_in(tx, ann))] == [own, of_eve]
        await lists.drop_members(tx, ann, made.id, [bob.id])
        assert len(await steered.timeline(tx, await signed_in(tx, ann))) == 3
        await lists.add_members(tx, ann, made.id, [bob.id])
        await lists.delete_list(tx, ann, made.id)
        back = await signed_in(tx, ann)
        assert (back.tastes, len(await steered.timeline(tx, back))) == (0, 3)


async def test_private_words_are_messages_and_leave_no_hole_at_home(store: Store) -> None:
    ann, bob = await members(store, "ann", "bob")
    async with store.transaction() as tx:
        await follow(tx, ann, bob)
    said = [await say(store, bob, f"aloud {number}") for number in range(4)]
    for number in range(25):
        await say(store, bob, f"@ann psst {number}", visibility="mentioned")
    said += [await say(store, bob, "aloud again")]
    async with store.transaction() as tx:
        me = await signed_in(tx, ann)
        first = [item.post.id for item in await steered.timeline(tx, me, Page(limit=3))]
        assert first == [said[4], said[3], said[2]]
        short = await steered.timeline(tx, me, Page(limit=2, longest=2))  # however much was said in between
        assert [item.post.id for item in short] == first[:2]
        assert [item.post.id for item in await steered.timeline(tx, me, Page(limit=3, max_id=first[-1]))] == said[1::-1]
        assert [item.post.id for item in await steered.timeline(tx, me, Page(limit=2, min_id=said[2]))] == first[:2]


async def test_public_posts_under_a_followed_hashtag_come_home_and_say_so(store: Store) -> None:
    ann, bob, eve, loud, foe, odd = await members(store, "ann", "bob", "eve", "loud", "foe", "odd")
    async with store.transaction() as tx:
        await follow(tx, ann, bob)
        await restraining.lay(tx, odd.id, Restraint.LIMITED)
        await mute(tx, ann, loud)
        await block(tx, foe, ann)
        assert await hashtags.follow_tag(tx, ann, "#\u00c9t\u00e9") == "\u00e9t\u00e9"
        await hashtags.follow_tag(tx, ann, "sea")
    of_eve = await say(store, eve, "#\u00e9t\u00e9 and #sea")
    followed = await say(store, bob, "#sea")
    for visibility in ("unlisted", "followers", "mentioned"):
        await say(store, eve, "@ann #sea", visibility=visibility)
    for one in (loud, foe, odd):
        await say(store, one, "#sea")
    own = await say(store, ann, "my #sea")
    async with store.transaction() as tx:
        me = await signed_in(tx, ann)
        items = await steered.timeline(tx, me)
        assert [item.post.id for item in items] == [own, followed, of_eve]
        assert [item.because.kind for item in items] == ["own", "followed", "tag"]
        assert items[2].because == home.Because("tag", eve.id, "sea")
        await hashtags.unfollow_tag(tx, ann, "SEA")
        assert (await steered.timeline(tx, await signed_in(tx, ann)))[2].because.tag == "\u00e9t\u00e9"
        await hashtags.unfollow_tag(tx, ann, "\u00e9t\u00e9")
        assert (await signed_in(tx, ann)).tastes == 0


@examples(max_examples=8)
@given(who=st.lists(st.sampled_from("fts"), max_size=14), limit=st.integers(1, 4))
async def test_walking_a_steered_home_shows_every_post_once(store: Store, who: list[str], limit: int) -> None:
    ann, friend, stranger = await newcomers(store, 3)
    tag = f"t{ann.id}"
    async with store.transaction() as tx:
        await follow(tx, ann, friend)
        await hashtags.follow_tag(tx, ann, tag)
    said = {"f": (friend, "plain"), "t": (stranger, f"#{tag}"), "s": (stranger, "elsewhere")}
    expected = [post for one in who if (post := await say(store, *said[one])) and one != "s"][::-1]
    async with store.transaction() as tx:
        me = await signed_in(tx, ann)
        walked: list[int] = []
        while page := await steered.timeline(tx, me, Page(limit=limit, max_id=walked[-1] if walked else None)):
            walked += [item.post.id for item in page]
        assert walked == expected
        walked = []
        while page := await steered.timeline(tx, me, Page(limit=limit, min_id=walked[0] if walked else 0)):
            walked = [item.post.id for item in page] + walked
        assert walked == expected


async def test_hashtags_beside_one_another(store: Store) -> None:
    (ann,) = await members(store, "ann")
    a, ab, abc, b, c = [await say(store, ann, words) for words in ("#a", "#a #b", "#a #b #c", "#b", "#c")]
    async with store.reading() as tx:

        async def found(page: Page = FIRST, **beside: tuple[str, ...] | bool) -> list[int]:
            return [post.id for post in await tagged(tx, None, "A", page, Beside(**beside))]

        assert await found() == [abc, ab, a]
        assert await found(any=("b",)) == [b, abc, ab, a]
        assert await found(any=("B", "c"), page=Page(limit=2, max_id=c)) == [b, abc]
        assert await found(any=("b", "c"), page=Page(limit=2, min_id=a)) == [abc, ab]
        assert await found(all=("b",)) == [abc, ab]
        assert await found(all=("b", "#C")) == [abc]
        assert await found(none=("c",)) == [ab, a]
        assert await found(any=("c",), none=("b",)) == [c, a]
        assert await found(local=True) == [abc, ab, a]
        assert await found(remote=True) == []
        assert await found(media=True) == []


async def test_hashtags_on_a_profile_say_how_often_they_are_used(store: Store) -> None:
    (ann,) = await members(store, "ann")
    await say(store, ann, "#sea #shore")
    last = await say(store, ann, "#sea", visibility="unlisted")
    await say(store, ann, "#sea #hidden", visibility="followers")
    async with store.transaction() as tx:
        assert await hashtags.often_used(tx, ann) == ["sea", "shore"]
        await hashtags.feature(tx, ann, "Sea")
        await hashtags.feature(tx, ann, "never")
        assert await hashtags.feature(tx, ann, "sea") == "sea"
        assert [(one.tag, one.posts_count, one.last_post_id) for one in await hashtags.featured_by(tx, ann.id)] == [
            ("sea", 2, last),
            ("never", 0, None),
        ]
        assert await hashtags.often_used(tx, ann) == ["shore"]
        await hashtags.unfeature(tx, ann, "#sea")
        assert [one.tag for one in await hashtags.featured_by(tx, ann.id)] == ["never"]
