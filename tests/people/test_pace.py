import asyncio

import pytest
from tests.conftest import BOTH

from parvis.core.errors import TooFast
from parvis.people import pace
from parvis.people.pace import Counters, Left, Pace, place_of
from parvis.people.tallies import Tallies
from parvis.store.database import Store


async def test_the_rate_holds_for_each_key_until_the_window_ends() -> None:
    moment = 1000.0
    holder = Pace(now=lambda: moment)
    assert await holder.hold("sign in", "1.2.3.4", "2/minute") == Left(2, 1, 1061)
    moment += 20
    assert await holder.hold("sign in", "1.2.3.4", "2/minute") == Left(2, 0, 1061)
    with pytest.raises(TooFast) as refusal:
        await holder.hold("sign in", "1.2.3.4", "2/minute")
    assert 40 <= refusal.value.after <= 41
    assert (await holder.hold("sign in", "5.6.7.8", "2/minute")).remaining == 1
    assert (await holder.hold("sign up", "1.2.3.4", "2/minute")).remaining == 1
    moment += refusal.value.after
    assert (await holder.hold("sign in", "1.2.3.4", "2/minute")).remaining == 1


@BOTH
async def test_what_is_counted_together_holds_for_all_processes(store: Store) -> None:
    moment = 1000.0
    one, other = (Pace(store=store, now=lambda: moment) for _ in range(2))
    assert (await one.hold("sign in", "ann", "2/minute", together=True)).remaining == 1
    assert await other.hold("sign in", "ann", "2/minute", together=True) == Left(2, 0, 1061)
    with pytest.raises(TooFast) as refusal:
        await one.hold("sign in", "ann", "2/minute", together=True)
    assert 60 <= refusal.value.after <= 61
    assert (await other.hold("sign in", "bob", "2/minute", together=True)).remaining == 1
    moment += refusal.value.after
    found = await asyncio.gather(
        *(pace.hold("sign in", "ann", "2/minute", together=True) for pace in (one, other, one, other)),
        return_exceptions=True,
    )
    assert [isinstance(each, TooFast) for each in found].count(True) == 2


@BOTH
async def test_tallies_that_ended_are_swept(store: Store) -> None:
    moment = 0.0
    tallies = Tallies(store, lambda: moment)
    for number in range(30):
        await tallies.incr(str(number), 60)
    assert await tallies.get("29") == 1
    moment = 60.0
    assert await tallies.get("29") == 0
    for _ in range(4):
        await tallies.incr("new", 60)
    assert await tallies.get_expiry("new") == 120.0
    assert await tallies.reset() == 1


async def test_switched_off_it_lets_everything_pass() -> None:
    holder = Pace(enabled=False)
    for _ in range(5):
        assert (await holder.hold("sign in", "1.2.3.4", "1/minute")).remaining == 1


async def test_the_counters_are_bounded_and_those_that_ended_are_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 0.0
    counters = Counters(now=lambda: moment)
    for number in range(100):
        await counters.incr(str(number), 60)
    moment = 60.0
    for number in range(100, 150):
        await counters.incr(str(number), 60)
    monkeypatch.setattr(pace, "MOST_COUNTERS", 70)
    assert await counters.get("149") == 1
    assert await counters.reset() == 50
    for number in range(100):
        await counters.incr(str(number), 60)
    assert await counters.reset() == 70


def test_a_subscriber_s_whole_network_is_one_place() -> None:
    assert place_of("192.0.2.7") == "192.0.2.7"
    assert place_of("2001:db8:1:2::7") == place_of("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
    assert place_of("2001:db8:1:3::7") != place_of("2001:db8:1:2::7")
    assert place_of("no:address") == "no:address"
