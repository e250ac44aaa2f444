from hypothesis import given
from hypothesis import strategies as st

from bot.domain.remark import Remark

KEYS = st.text(st.characters(exclude_characters=":"), min_size=1)


@given(KEYS, st.text())
def test_a_remark_is_read_as_it_was_written(key: str, value: str) -> None:
    assert Remark.read(str(Remark(key, value))) == Remark(key, value)


def test_the_stored_forms_stay() -> None:
    """Facts that earlier versions wrote are read the same."""
    assert str(Remark("day_relative", "today 10:30")) == "day_relative:today 10:30"
    assert str(Remark("pdf_damaged")) == "pdf_damaged"
    assert Remark.read("editor:Adobe: Photoshop") == Remark("editor", "Adobe: Photoshop")
