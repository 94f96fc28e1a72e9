import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from parvis.core import clock


@given(st.integers(0, 4_000_000_000_000))
def test_a_moment_is_written_as_the_calendar_has_it(milliseconds: int) -> None:
    moment = dt.datetime.fromtimestamp(milliseconds // 1000, dt.UTC).replace(microsecond=milliseconds % 1000 * 1000)
    assert clock.iso(milliseconds) == moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
