"""Whoever leaves is gone at once, erased soon, and nobody takes their handle."""

import pytest
from tests.api.conftest import Caller, World
from tests.conftest import BOTH

from parvis.core.errors import Conflict, NotFound
from parvis.moderation.erasing import leave_for_good
from parvis.people.accounts import Application, find_account, open_account
from parvis.people.profiles import edit_profile
from parvis.people.sessions import find_session, start_session


@BOTH
async def test_who_leaves_is_gone_at_once_and_their_handle_with_them(ada: Caller, ben: Caller, world: World) -> None:
    await ada.post(f"/api/v1/accounts/{ben.id}/follow")
    status = await ben.say("I was here")
    kept = await ada.say("and I am still")
    await ben.post(f"/api/v1/statuses/{kept['id']}/favourite")
    face = await world.door.blobs.put(b"a face", "webp")
    async with world.store.transaction() as tx:
        await edit_profile(tx, ben.account, avatar=face)
        session = await start_session(tx, ben.account)
        await leave_for_good(tx, ben.account)
    async with world.store.reading() as tx:
        assert await find_session(tx, session) is None
    await ada.get(f"/api/v1/statuses/{status['id']}", 404)
    await world.settle()
    assert (await ada.get(f"/api/v1/statuses/{kept['id']}"))["favourites_count"] == 0
    assert (await ada.get("/api/v1/accounts/verify_credentials"))["following_count"] == 0
    assert await ada.get("/api/v1/notifications?types[]=severed_relationships") == []
    async with world.store.transaction() as tx:
        assert await find_account(tx, ben.account.id) is None
        with pytest.raises(Conflict):
            await open_account(tx, Application(handle="Ben"))
    with pytest.raises(NotFound):
        await world.door.blobs.get(face)
