"""Words that leave an order's validity open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.statuses import StatusWord, decoded, either, encoded, verdict

A, B = StatusWord("status", "a"), StatusWord("sale_type", "")
texts = st.text().map(lambda text: " ".join(text.split()))
words = st.sets(st.builds(StatusWord, st.sampled_from(["status", "order_type", "sale_type"]), texts))


@pytest.mark.parametrize(
    ("answers", "valid"),
    [({}, None), ({A: True}, None), ({A: True, B: True}, True), ({A: False}, False), ({A: False, B: True}, False)],
)
def test_verdict(answers: dict[StatusWord, bool], valid: bool | None) -> None:
    assert verdict([A, B], answers) == valid


def test_no_word_leaves_nothing_open() -> None:
    assert verdict([], {}) is True


@given(words)
def test_words_are_kept_as_they_are(found: set[StatusWord]) -> None:
    assert set(decoded(encoded(found))) == found


@pytest.mark.parametrize("one", [True, False, None])
@pytest.mark.parametrize("other", [True, False, None])
def test_lines_of_one_order(one: bool | None, other: bool | None) -> None:
    both = {one, other}
    assert either(one, other) == (True if True in both else None if None in both else False)
