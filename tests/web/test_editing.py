"""Changing what one said, on its page and without a script: words, pictures and their order, and a poll."""

import re
from collections.abc import Callable

from tests.web.conftest import Browser, join

from parvis.core.ids import PostId
from parvis.moderation import actions
from parvis.posts.post import Post
from parvis.posts.visibility import get_post
from parvis.store.database import Store


def pictures_of(page: str) -> list[str]:
    """The pictures that a form holds, in their order."""
    return re.findall(r'name="media" value="(\d+)"', page)


async def read(store: Store, number: str) -> Post:
    """A post as anybody sees it."""
    async with store.reading() as tx:
        return await get_post(tx, None, PostId(int(number)))


async def test_what_was_said_before_an_edit_can_be_read(browser: Browser, another: Callable[[], Browser]) -> None:
    await join(browser, "ada")
    said = await browser.post("/posts", data={"text": "tpyo"})
    number = said.url.path.rpartition("/")[2]
    assert "tpyo" in (await browser.get(f"/posts/{number}/edit")).text
    changed = await browser.post(f"/posts/{number}/edit", data={"text": "typo"})
    assert f'href="/posts/{number}/history"' in changed.text
    history = (await browser.get(f"/posts/{number}/history")).text
    assert history.index("tpyo") < history.index("typo")
    async with another() as ben:
        await join(ben, "ben")
        assert (await ben.get(f"/posts/{number}/edit")).status_code == 404
        assert (await ben.post(f"/posts/{number}/edit", data={"text": "mine"})).status_code == 404


async def test_a_picture_is_described_anew_and_aimed_at(browser: Browser, a_picture: bytes) -> None:
    await join(browser, "ada")
    files = {"pictures": ("a.png", a_picture, "image/png")}
    said = await browser.post("/posts", data={"text": "look", "focus_1": "0.00,0.80"}, files=files)
    number = said.url.path.rpartition("/")[2]
    page = (await browser.get(f"/posts/{number}/edit")).text
    assert '<option value="0.00,0.80" selected>' in page
    [picture] = re.findall(r'name="media_alt_(\d+)"', page)
    given = {"media": picture, f"media_alt_{picture}": "A quay", f"media_focus_{picture}": "0.20,-0.80"}
    refused = await browser.post(f"/posts/{number}/edit", data={"text": "x" * 600, **given})
    assert refused.status_code == 422
    assert 'value="A quay"' in refused.text
    assert '<option value="0.20,-0.80" selected>' in refused.text
    shown = (await browser.post(f"/posts/{number}/edit", data={"text": "look", **given})).text
    assert 'data-alt="A quay" data-fx="6" data-fy="9"' in shown
    kept = (await browser.post(f"/posts/{number}/edit", data={"text": "look again", "media": picture})).text
    assert 'data-alt="A quay" data-fx="6" data-fy="9"' in kept


async def test_a_picture_aimed_at_more_finely_than_forms_tell_stays_as_it_is(
    browser: Browser, a_picture: bytes, store: Store
) -> None:
    await join(browser, "ada")
    files = {"pictures": ("a.png", a_picture, "image/png")}
    said = await browser.post("/posts", data={"text": "look", "focus_1": "0.1234,-0.5678"}, files=files)
    number = said.url.path.rpartition("/")[2]
    page = (await browser.get(f"/posts/{number}/edit")).text
    [(name, value)] = re.findall(r'name="(media_focus_\d+)".*?<option value="([^"]+)" selected', page)
    given = {"text": "look", "media": name.rpartition("_")[2], name: value}
    await browser.post(f"/posts/{number}/edit", data=given)
    post = await read(store, number)
    assert post.edited_at is None
    assert [(each.focus_x, each.focus_y) for each in post.media] == [(0.1234, -0.5678)]


async def test_what_moderators_mark_does_not_become_the_posts_own(browser: Browser, store: Store) -> None:
    await join(browser, "ada")
    said = await browser.post("/posts", data={"text": "a tpyo"})
    number = PostId(int(said.url.path.rpartition("/")[2]))
    async with store.transaction() as tx:
        post = await get_post(tx, None, number)
        await actions.act(tx, None, post.author.id, "sensitive")
    assert "a typo" in (await browser.post(f"/posts/{number}/edit", data={"text": "a typo"})).text
    async with store.transaction() as tx:
        assert (await get_post(tx, None, number)).sensitive
        await actions.release(tx, None, post.author.id, "sensitive")
        assert not (await get_post(tx, None, number)).sensitive


async def test_pictures_come_go_and_change_places_and_nothing_changes_before_it_is_saved(
    browser: Browser, a_picture: bytes, store: Store
) -> None:
    await join(browser, "ada")
    file = ("pictures", ("a.png", a_picture, "image/png"))
    said = await browser.post("/posts", data={"text": "look", "alt_1": "one", "alt_2": "two"}, files=[file, file])
    number = said.url.path.rpartition("/")[2]
    path = f"/posts/{number}/edit"
    one, two = pictures_of((await browser.get(path)).text)
    given = {"text": "look, anew", "media": [one, two], f"media_alt_{two}": "two, said better"}
    set_out = await browser.post(path, data=given | {"act": f"earlier {two}"})
    assert set_out.status_code == 200
    assert pictures_of(set_out.text) == [two, one]
    assert "look, anew" in set_out.text
    assert 'value="two, said better"' in set_out.text
    for act, left in ((f"later {one}", [two, one]), (f"later {two}", [one, two]), (f"remove {one}", [two])):
        asked = given | {"media": [two, one], "act": act}
        assert pictures_of((await browser.post(path, data=asked)).text) == left
    more = await browser.post(path, data=given | {"media": [two], "act": "add"}, files=[file])
    assert pictures_of(more.text)[0] == two
    [_, three] = pictures_of(more.text)
    assert [picture.alt for picture in (await read(store, number)).media] == ["one", "two"]
    given |= {"media": [three, two], f"media_alt_{three}": "three"}
    assert "look, anew" in (await browser.post(path, data=given)).text
    assert [picture.alt for picture in (await read(store, number)).media] == ["three", "two, said better"]
    history = (await browser.get(f"/posts/{number}/history")).text
    assert re.findall(r'data-alt="([^"]*)"', history) == ["one", "two", "three", "two, said better"]


async def test_pictures_that_came_with_a_refused_form_are_still_there(
    browser: Browser, another: Callable[[], Browser], a_picture: bytes, store: Store
) -> None:
    await join(browser, "ada")
    number = (await browser.post("/posts", data={"text": "look"})).url.path.rpartition("/")[2]
    path = f"/posts/{number}/edit"
    file = ("pictures", ("a.png", a_picture, "image/png"))
    refused = await browser.post(path, data={"text": "x" * 501}, files=[file])
    assert refused.status_code == 422
    [kept] = pictures_of(refused.text)
    async with another() as ben:
        await join(ben, "ben")
        theirs = (await ben.post("/posts", data={"text": "mine"})).url.path.rpartition("/")[2]
        taken = await ben.post(f"/posts/{theirs}/edit", data={"text": "mine", "media": kept})
        assert taken.status_code == 422
        assert not pictures_of(taken.text)
    too_many = await browser.post(path, data={"text": "look", "media": kept}, files=[file] * 4)
    assert too_many.status_code == 422
    assert pictures_of(too_many.text) == [kept]
    await browser.post(path, data={"text": "look", "media": kept})
    assert [str(picture.id) for picture in (await read(store, number)).media] == [kept]


async def test_a_poll_is_changed_and_who_voted_is_thought_of(
    browser: Browser, another: Callable[[], Browser], store: Store
) -> None:
    await join(browser, "ada")
    asked = {"text": "Wich?", "option_1": "Moon", "option_2": "Sun"}
    number = (await browser.post("/posts", data=asked)).url.path.rpartition("/")[2]
    path = f"/posts/{number}/edit"
    async with another() as ben:
        await join(ben, "ben")
        await ben.post(f"/posts/{number}/vote", data={"choice": "1"})

    async def tallies() -> tuple[int, ...]:
        more = (await read(store, number)).more
        return more.poll.tallies if more and more.poll else ()

    page = (await browser.get(path)).text
    assert 'name="option_2" maxlength="50" dir="auto" value="Sun"' in page
    assert "voting starts anew" in page
    await browser.post(path, data=asked | {"text": "Which?", "poll_days": ""})
    assert await tallies() == (0, 1)
    unsure = await browser.post(path, data=asked | {"option_2": "The sun"})
    assert unsure.status_code == 409
    assert "Voters so far: 1." in unsure.text
    assert 'value="The sun"' in unsure.text
    assert 'name="sure" value="on"' in unsure.text
    assert (await browser.post(path, data={"text": "Never mind."})).status_code == 409
    assert await tallies() == (0, 1)
    asked["sure"] = "on"
    refused = await browser.post(path, data=asked | {"option_2": "Moon"})
    assert refused.status_code == 422
    assert 'value="Moon"' in refused.text
    await browser.post(path, data=asked | {"option_2": "The sun", "option_3": "Neither"})
    assert await tallies() == (0, 0, 0)
    history = (await browser.get(f"/posts/{number}/history")).text
    assert history.index(">Sun<") < history.index(">The sun<") < history.index(">Neither<")
    away = await browser.post(path, data=asked | {"act": "unask"})
    assert 'value="Moon"' not in away.text
    assert await tallies() == (0, 0, 0)
    await browser.post(path, data={"text": "Never mind."})
    assert await tallies() == ()
    await browser.post(path, data=asked)
    assert await tallies() == (0, 0)
