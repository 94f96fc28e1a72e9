"""Messages between two or several, who asks to follow, and what is found: over the pages, without JavaScript."""

import re
from collections.abc import Callable

from tests.web.conftest import Browser, join, mention

from parvis.core.ids import AccountId
from parvis.people.accounts import find_by_handle
from parvis.people.farewell import close_account
from parvis.store.database import Store

JSON = {"accept": "application/json"}


async def number_of(store: Store, handle: str) -> int:
    """A member's id."""
    async with store.reading() as tx:
        found = await find_by_handle(tx, handle)
        assert found is not None
        return found.id


def bubbles(page: str) -> list[str]:
    """What the messages on a page say, in order."""
    return re.findall(r'<div class="bubble">\s*<div class="prose"[^>]*><p>(.*?)</p>', page)


async def test_one_talks_to_one_and_to_several_by_forms_alone(
    browser: Browser, another: Callable[[], Browser], store: Store, a_picture: bytes
) -> None:
    await join(browser, "ada")
    async with another() as ben, another() as cy:
        await join(ben, "ben")
        await join(cy, "cy")
        number = await number_of(store, "ben")
        assert f"/messages/new?to={number}" in (await browser.get("/@ben")).text
        begun = await browser.get(f"/messages/new?to={number}")
        assert "Ben" in begun.text
        assert not bubbles(begun.text)
        first = await browser.post("/messages/new", data={"to": str(number), "text": "hello", "key": "a"})
        assert bubbles(first.text) == ["hello"]
        assert "hello" not in (await browser.get("/@ada")).text
        again = await browser.get(f"/messages/new?to={number}")
        assert again.url == first.url  # it is gone on with
        await browser.post(str(first.url), data={"text": "is it late?"})
        picture = {"pictures": ("a.png", a_picture, "image/png")}
        refused = await browser.post(str(first.url), data={"text": "and what of @cy?"}, files=picture)
        assert refused.status_code == 422
        assert "names somebody who is not in this conversation" in refused.text
        assert ">and what of @cy?</textarea>" in refused.text
        [kept] = re.findall(r'name="media" value="(\d+)"', refused.text)
        shown = await browser.post(str(first.url), data={"text": "", "media": kept})
        assert len(re.findall('<a class="picture"', shown.text)) == 1
        assert (await ben.get(str(first.url.path))).status_code == 404
        await mention(store, "ben", "@ada it is late")
        there = await browser.get(str(first.url))
        assert bubbles(there.text) == ["hello", "is it late?", "it is late"]

        picked = await browser.get(f"/messages/new?among=1&to={number}&who=@cy")
        assert "Cy" in picked.text
        nobody = await browser.get(f"/messages/new?among=1&to={number}&who=dora")
        assert nobody.status_code == 422
        assert "There is nobody of this name here." in nobody.text
        assert "Ben" in nobody.text
        three = {"to": [str(number), str(await number_of(store, "cy"))], "text": "hello both"}
        group = await browser.post("/messages/new", data=three)
        assert bubbles(group.text) == ["hello both"]
        assert group.url != first.url
        assert len(re.findall('data-last="', (await browser.get("/messages")).text)) == 2
        alone = await browser.post("/messages/new", data={"text": "to whom?"})
        assert alone.status_code == 422
        assert ">to whom?</textarea>" in alone.text


async def test_what_is_unread_is_counted_in_the_menu_until_it_is_seen(
    browser: Browser, another: Callable[[], Browser], store: Store
) -> None:
    await join(browser, "ada")
    async with another() as ben:
        await join(ben, "ben")
        await browser.post(f"/accounts/{await number_of(store, 'ben')}/follow")  # or the bell would not ring at all
        await mention(store, "ben", "@ada the first")
        await mention(store, "ben", "@ada the second, in a thread of its own")
        home = (await browser.get("/")).text
        assert "data-chats-unread>1<" in home
        assert "data-unread><" in home  # the chat tells of it, and the bell does not
        assert "the first" in (await browser.get("/notifications")).text
        listed = (await browser.get("/messages")).text
        assert "data-chats-unread>1<" in listed
        [path] = re.findall(r'<li class="fresh" data-last="\d+"><a href="(/messages/\d+)"', listed)
        chat = (await browser.get(path)).text
        assert "data-chats-unread><" in chat
        assert len(bubbles(chat)) == 2
        after = re.findall(r'data-post="(\d+)"', chat)
        assert "fresh" not in (await browser.get("/messages")).text
        await mention(store, "ben", "@ada the third")
        news = (await browser.get(f"{path}?min_id={after[-1]}", headers=JSON)).json()
        assert (bubbles(news["html"]), news["older"], news["unread"]) == (["the third"], "", 0)
        sent = await browser.post(path, data={"text": "the fourth", "after": after[-1]}, headers=JSON)
        assert bubbles(sent.json()["html"]) == ["the third", "the fourth"]
        for place in range(35):
            await mention(store, "ben", f"@ada word {place}")
        latest = (await browser.get(path)).text
        assert len(bubbles(latest)) == 30
        [older] = re.findall(r'href="(/messages/\d+\?max_id=\d+)"', latest)
        before = bubbles((await browser.get(older)).text)
        assert before[:3] == ["the first", "the second, in a thread of its own", "the third"]
        assert "word 4" in before[-1]
        gone = await browser.post(f"{path}/delete")
        assert "No messages yet" in gone.text


async def test_whom_one_blocked_is_not_written_to(
    browser: Browser, another: Callable[[], Browser], store: Store
) -> None:
    await join(browser, "ada")
    async with another() as ben:
        await join(ben, "ben")
        number = await number_of(store, "ben")
        chat = str((await browser.post("/messages/new", data={"to": str(number), "text": "hello"})).url)
        await browser.post(f"/accounts/{number}/block")
        shut = (await browser.get(chat)).text
        assert "Nobody in this conversation would read it now." in shut
        assert "data-letter" not in shut
        assert (await browser.post(chat, data={"text": "hello?"})).status_code == 403
        async with store.transaction() as tx:
            await close_account(tx, AccountId(number))
        for page in (chat, "/messages"):
            assert "Somebody who left" in (await browser.get(page)).text
        assert (await browser.post(chat, data={"text": "hello?"})).status_code == 403


async def test_who_locks_the_door_is_asked_and_lets_in(browser: Browser, another: Callable[[], Browser]) -> None:
    await join(browser, "ada")
    saved = await browser.post(
        "/settings/privacy", data={"locked": "on", "found": "on", "visibility": "followers", "quotes": "nobody"}
    )
    assert re.search(r'name="locked" checked', saved.text)
    assert not re.search(r'name="searched" checked', saved.text)
    assert '<option value="followers" selected>' in (await browser.get("/")).text
    async with another() as ben:
        await join(ben, "ben")
        follow = re.findall(r'formaction="(/accounts/\d+/follow)"', (await ben.get("/@ada")).text)[0]
        await ben.post(follow)
        waiting = (await browser.get("/requests")).text
        assert "Ben" in waiting
        [grant] = re.findall(r'formaction="(/requests/\d+/grant)"', waiting)
        assert "Ben" not in (await browser.post(grant)).text
        assert "You follow" in (await ben.get("/@ada")).text


async def test_search_without_an_answer_says_so(browser: Browser) -> None:
    await join(browser, "ada")
    assert "Nothing was found" in (await browser.get("/search?q=zzzzz")).text
    assert "Ada" in (await browser.get("/search?q=ad")).text
