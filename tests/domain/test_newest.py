from hypothesis import given
from hypothesis import strategies as st

from bot.domain.newest import Newest

STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 8)))


@given(most=st.integers(1, 4), steps=STEPS)
def test_it_keeps_what_was_kept_or_asked_for_last(most: int, steps: list[tuple[bool, int]]) -> None:
    newest, used = Newest[int, int](most), []
    for kept, key in steps:
        if kept:
            newest.keep(key, key * 10)
        if kept or key in used[-most:]:
            assert newest.get(key) == key * 10
            used = [other for other in used if other != key] + [key]
        else:
            assert newest.get(key) is None and key not in newest
    assert len(newest) == len(used[-most:]) and all(key in newest for key in used[-most:])


def test_a_later_value_takes_the_place_of_an_earlier() -> None:
    newest = Newest[str, int](2)
    newest.keep("a", 1)
    newest.keep("a", 2)
    assert (newest.get("a"), len(newest)) == (2, 1)
