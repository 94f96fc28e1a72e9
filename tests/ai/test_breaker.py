"""The breaker opens after failures in a row, lets one trial pass after its pause, and closes on success."""

import pytest

from parvis.ai.breaker import Breaker, Declined
from parvis.ai.protocols import Unavailable


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def _fail(breaker: Breaker, error: Exception | None = None) -> None:
    with pytest.raises(type(error or Unavailable(""))), breaker.attempt():
        raise error or Unavailable("x")


def _succeed(breaker: Breaker) -> None:
    with breaker.attempt():
        pass


def test_it_opens_after_so_many_failures_in_a_row_and_refuses_at_once() -> None:
    breaker = Breaker(failures=2, clock=Clock())
    _fail(breaker)
    _succeed(breaker)  # breaks the row
    _fail(breaker)
    assert breaker.state() == "closed"
    _fail(breaker)
    assert breaker.state() == "open"
    with pytest.raises(Unavailable, match="left alone"), breaker.attempt():
        pytest.fail("an open circuit let an attempt pass")


def test_after_the_pause_one_trial_decides() -> None:
    clock = Clock()
    breaker = Breaker(failures=1, pause=10, clock=clock)
    _fail(breaker)
    clock.now = 10
    assert breaker.state() == "half-open"
    with breaker.attempt(), pytest.raises(Unavailable), breaker.attempt():
        pytest.fail("two trials at once")
    assert breaker.state() == "closed"
    _fail(breaker)
    clock.now = 20
    _fail(breaker)
    clock.now = 29
    assert breaker.state() == "open"


def test_only_failures_of_the_model_count() -> None:
    breaker = Breaker(failures=1, clock=Clock())
    _fail(breaker, Declined("too long"))
    _fail(breaker, KeyError("ours"))
    assert breaker.state() == "closed"


def test_a_trial_that_is_given_up_leaves_room_for_the_next() -> None:
    clock = Clock()
    breaker = Breaker(failures=1, pause=1, clock=clock)
    _fail(breaker)
    clock.now = 1
    _fail(breaker, KeyError("cancelled"))
    _succeed(breaker)
    assert breaker.state() == "closed"
