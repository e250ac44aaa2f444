"""domain.md §1a: two texts are compared after one normalisation, on both sides."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import end_as_came, folded, same_text, unified
from tests.disguise import APOSTROPHES, FORMS, HIDDEN, SPACES, disguised

UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What is left out of a text as it came."""

SAID = (
    "深圳店（美国）",
    "O'Brien",
    "Đã giao hàng",
    "น้ำดำ",
    "Straße 5",
    "تم التسليم",
    "Zoë Ünal",
    "ｱｲｽﾃｨｰ",
    "① №5 ﬁn…",
)


@given(st.data(), st.sampled_from(SAID))
def test_a_text_is_the_same_in_every_dress(data: st.DataObject, text: str) -> None:
    assert same_text(data.draw(disguised(text)), data.draw(disguised(text)))


@given(st.data(), st.sampled_from(SAID), st.sampled_from(("skip 1 ", "关闭 C1：", "e\u0301 ")))
def test_the_end_of_a_text_comes_back_as_it_came(data: st.DataObject, text: str, before: str) -> None:
    came = data.draw(disguised(text))
    found = end_as_came(before + came, unified(came).strip())
    assert same_text(found, text)
    assert "".join(found.split()) in unicodedata.normalize("NFC", "".join(UNSAFE.sub("", came).split()))


def test_what_is_no_end_of_the_text_stays_as_it_is() -> None:
    assert end_as_came("close C1 duplicate", "another reason") == "another reason"
    assert end_as_came("关闭Ｅ\u0301", "É") == "Ｅ\u0301", "a wide letter with a mark of its own"
    assert end_as_came("关闭C1 重复（见“上周”）", "重复(见“上周”)") == "重复（见“上周”）"


@given(st.text(), st.sampled_from(FORMS))
def test_every_normal_form_is_the_same_text(text: str, form: str) -> None:
    assert folded(unicodedata.normalize(form, text)) == folded(text)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert unified(unified(text)) == unified(text)


@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.whole), 17])
def test_every_character_folds_to_what_stays(step: int) -> None:
    for char in map(chr, range(0, 0x20000, step)):
        text = f"e{char}\u0301"
        assert folded(folded(text)) == folded(text), ascii(text)
        assert all(folded(unicodedata.normalize(form, text)) == folded(text) for form in FORMS), ascii(text)


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_cannot_be_seen_makes_no_difference(hidden: str) -> None:
    assert folded(f"{hidden}un{hidden}paid{hidden}") == "unpaid"
    assert folded(f"e{hidden}\u0301") == "é"


@pytest.mark.parametrize("space", [*SPACES, "\n", "\r\n", "\u2028", "\x85"])
def test_white_space_is_one_space(space: str) -> None:
    assert folded(f"{space}On{space}hold{space}") == "on hold"


@pytest.mark.parametrize("apostrophe", APOSTROPHES)
def test_apostrophes_are_one(apostrophe: str) -> None:
    assert folded(f"don{apostrophe}t") == "don't"


@pytest.mark.parametrize(
    "text", ["น้ำ", "น\u0e49\u0e4d\u0e32", "น\u0e4d\u0e49\u0e32", "น\u200b\u0e49\u0e4d\u200b\u0e32"]
)
def test_sara_am_is_composed(text: str) -> None:
    assert folded(text) == unified(text).strip() == "น้ำ"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("unpaid", "un paid"),
        ("C1", "C11"),
        ("résumé", "resume"),
        ("ส่งคำ", "ส่งคา"),
        ("退款", "退貨"),
        ("-5", "5"),
        ("", "\u0601"),
    ],
)
def test_what_can_be_told_apart_stays_apart(one: str, other: str) -> None:
    assert not same_text(one, other)


def test_lines_and_case_stay_where_words_are_looked_for() -> None:
    assert unified("Ｏｎ\u200b Hold\r\nnow\u2028à") == "On Hold\nnow\nà"
