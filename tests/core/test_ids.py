import itertools

from hypothesis import example, given
from hypothesis import strategies as st

from parvis.core import ids


@example([2, 1])
@given(st.lists(st.integers(min_value=1, max_value=2**45), min_size=1, max_size=3000))
def test_ids_only_grow_whatever_the_clock_does(moments: list[int]) -> None:
    clock = itertools.chain(moments, itertools.repeat(moments[-1]))
    maker = ids.IdMaker(3, lambda: next(clock))
    made, bounds = [], []
    for _ in range(len(moments) + 1100):
        bounds.append(maker.upcoming())
        made.append(maker.make())
    assert all(earlier < later for earlier, later in itertools.pairwise(made))
    assert all(bound <= number for bound, number in zip(bounds, made, strict=True))
    assert all(earlier < bound for earlier, bound in zip(made, bounds[1:], strict=False))
    assert all(number >> 10 & 63 == 3 for number in made)


def test_an_id_says_when_it_was_made() -> None:
    assert ids.moment_of(ids.IdMaker(0, lambda: 1_700_000_000_000).make()) == 1_700_000_000_000
    assert ids.at(5) <= ids.IdMaker(0, lambda: 5).make()
