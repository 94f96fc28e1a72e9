import asyncio

import pytest
from tests.cast import SOON
from tests.conftest import BOTH
from tests.rig import member, members

from parvis.core.errors import Invalid
from parvis.people.importing import IMPORTING, LONGEST, MOST, addresses_in, ask_to_import
from parvis.people.relations import block, relationship
from parvis.store.database import Store
from parvis.store.jobs import Runner

HOME = "parvis.example"


def test_an_exported_list_is_read_whatever_its_other_columns_are() -> None:
    exported = (
        "Account address,Show boosts,Notify on new posts,Languages\r\n"
        "ada@elsewhere.example,true,false,\r\n@Ben@PARVIS.example,true,false,en\r\nben,true,false,\r\n\r\n"
    )
    assert addresses_in(b"\xef\xbb\xbf" + exported.encode(), HOME) == [("ada", "elsewhere.example"), ("ben", "")]


MANY = "\n".join(f"m{number}" for number in range(MOST + 1)).encode()


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b"\0\0", b"not an address", b"a" * (LONGEST + 1), MANY],
    ids=["empty", "binary", "zeros", "words", "long", "many"],
)
def test_what_is_no_such_list_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        addresses_in(data, HOME)


@BOTH
async def test_everyone_on_the_list_is_followed_but_who_cannot_be(store: Store) -> None:
    ada, ben, cleo = await members(store, "ada", "ben", "cleo")
    others = await members(store, *(f"member{number}" for number in range(60)))
    async with store.transaction() as tx:
        await block(tx, cleo, ada.id)
        names = ("ada", "ben", "cleo", "nobody", *(other.handle for other in others))
        ask_to_import(tx, ada, "follow", [(name, "") for name in names] + [("ben", "elsewhere.example")])
    runner = Runner(store, [IMPORTING])
    running = asyncio.create_task(runner.run())
    await asyncio.wait_for(runner.settle(), SOON)
    running.cancel()
    async with store.reading() as tx:
        assert (await relationship(tx, ada, ben.id)).following
        assert not (await relationship(tx, ada, cleo.id)).following
        assert all([(await relationship(tx, ada, other.id)).following for other in others])


async def test_there_are_three_things_to_do_with_a_list(store: Store) -> None:
    ada = await member(store, "ada")
    async with store.transaction() as tx:
        with pytest.raises(Invalid):
            ask_to_import(tx, ada, "delete", [("ben", "")])
