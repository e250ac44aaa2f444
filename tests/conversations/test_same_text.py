"""What people type is compared as the same text with what is known (domain.md §1a)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.orders import Shop
from tests.conversations.conftest import ORDERS, Talk
from tests.disguise import FORMS, disguised, parted, wide

NAMES = ("深圳店（美国）", "Bếp Nhà O'Brien", "ร้านน้ำดำ", "ＬＵＭＥＮ　ＨＯＭＥ", "متجر النور")
HIDDEN = "\u200b"


def dresses(text: str) -> list[str]:
    """Some other ways to write it."""
    forms = [unicodedata.normalize(form, text) for form in FORMS]
    return list(dict.fromkeys([*forms, wide(text), parted(text), HIDDEN.join(text), text.upper()]))


@given(st.data(), st.sampled_from(NAMES))
def test_a_shop_is_called_by_its_name_in_every_dress(data: st.DataObject, name: str) -> None:
    shop = Shop("VN-1", data.draw(disguised(name)), "VN", "Asia/Ho_Chi_Minh")
    assert shop.called(data.draw(disguised(name))) and shop.called(data.draw(disguised("vn-1")))
    assert shop.described(data.draw(disguised(name))) and shop.described("")
    assert not shop.called("vn-2") and not shop.called("")


def rename(talk: Talk, name: str) -> None:
    with talk.app.store.unit() as unit:
        shop = unit.shops.get("us-1")
        shop.name = name
        unit.shops.save(shop)


@pytest.mark.parametrize("name", NAMES)
def test_a_channel_is_bound_by_the_shops_name_as_anybody_types_it(talk: Talk, name: str) -> None:
    rename(talk, name)
    talk.person = "boss"
    for number, typed in enumerate(dresses(name)):
        talk.channel = f"console:new{number}"
        assert "已绑定" in talk.say(f"bind {typed}").title, ascii(typed)
        assert unicodedata.normalize("NFC", name) in talk.say(f"odr {typed}").title
        assert typed and "us-1" not in talk.say(f"检查 {typed}").title


@pytest.mark.parametrize("typed", dresses("ODR-07"))
def test_a_rejection_code_is_the_play_books(talk: Talk, typed: str) -> None:
    talk.app.appeals.submitted("C1", "li")
    answer = talk.say(f"结果 {ORDERS[0]} rejected {typed}")
    assert talk.app.cases.get("C1").order(ORDERS[0]).rejection_code == "ODR-07"
    assert "ODR-07" in answer.plain()


@pytest.mark.parametrize(
    "typed", ["ｓ２ Buyer\u3000Misconduct", "s2 buyer\u200b MISCONDUCT", "S\u200b2 buyer  misconduct"]
)
def test_scenario_and_root_cause_are_the_lists(talk: Talk, typed: str) -> None:
    talk.say(f"标注 {ORDERS[0]} {typed}")
    order = talk.app.cases.get("C1").order(ORDERS[0])
    assert (order.scenario, order.root_cause) == ("S2", "Buyer Misconduct")
