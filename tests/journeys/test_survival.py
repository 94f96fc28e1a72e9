"""Nothing said is lost: what was acknowledged survives kill -9 at any moment, once."""

from benchmarks.kill import survive
from tests.conftest import BOTH

from parvis.core.config import Settings

ROUNDS = 5


@BOTH
async def test_what_was_acknowledged_is_there_once_after_every_kill(settings: Settings) -> None:
    tally = await survive(ROUNDS, settings.data, settings.database)
    assert tally.rounds == ROUNDS
    assert tally.posts > 0
    assert tally.scheduled > 0
    assert tally.likes > 0
    assert (tally.lost, tally.doubled, tally.unannounced) == (0, 0, 0)
