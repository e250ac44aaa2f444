from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.evidence import Message
from bot.domain.orders import DefectType
from bot.domain.scenario import suggest
from bot.wording.phrases import shared_phrases
from tests.domain.profile import ROOT
from tests.rules.build import (
    CONVERSATION,
    ERP_LOG,
    ORDER_DETAIL,
    OTHER,
    PICKED_UP,
    RECORD,
    SAID_AT,
    TRACKING_PAGE,
    case_order,
    changed,
    context,
    evidence,
    stamp,
)

PHRASES = shared_phrases(ROOT / "templates", "Asia/Shanghai")
QUICK = changed(
    TRACKING_PAGE, timestamps=(stamp(PICKED_UP, "picked_up"), stamp(PICKED_UP + timedelta(days=2), "delivered"))
)
SLOW = changed(QUICK, timestamps=(stamp(PICKED_UP, "picked_up"), stamp(PICKED_UP + timedelta(days=12), "delivered")))
TWO_ORDERS = {RECORD.id: RECORD, OTHER: replace(RECORD, id=OTHER)}
COMPLAINT = changed(CONVERSATION, messages=(Message("buyer", SAID_AT, "I have not received my parcel"),))


def suggested(*items, defect: str = "return_refund", text: str = "", **changes) -> dict[str, str]:
    order = case_order(scenario="", defect_types=[DefectType(defect)], text=text)
    whole = context(QUICK, *items, order=order, **changes)
    return {item.scenario: item.reason for item in suggest(whole, order)}


def test_nothing_known_suggests_nothing() -> None:
    assert suggested() == {}


@pytest.mark.parametrize(
    ("items", "defect", "text", "changes", "scenario", "reason"),
    [
        ([TRACKING_PAGE], "return_refund", "", {}, "S1", "exception"),
        ([replace(SLOW, id="E-slow")], "return_refund", "", {}, "S1", "on_the_way"),
        ([], "return_refund", "", {"orders": TWO_ORDERS}, "S2", "same_buyer"),
        ([evidence("product_page")], "negative_review", "", {}, "S3", "product_page"),
        ([changed(ORDER_DETAIL, words="待发货")], "return_refund", "", {}, "S4", "shown_unshipped"),
        ([COMPLAINT], "negative_review", "", {}, "S5", "not_received"),
        ([], "service_rating", "never received it", {}, "S5", "not_received"),
        ([evidence("activity_page")], "service_rating", "", {}, "S6", "activity_page"),
        ([ERP_LOG], "return_refund", "", {}, "S7", "log_error"),
        ([], "negative_review", "สินค้าดีแต่มาช้า", {}, "S8", "language"),
        ([], "negative_review", "جيد جدا", {}, "S8", "language"),
        ([], "negative_review", "Hàng đẹp nhưng giao chậm", {}, "S8", "language"),
        ([evidence("review_screenshot", languages=("ms",))], "negative_review", "", {}, "S8", "language"),
    ],
)
def test_each_scenario_is_suggested_for_a_reason(items, defect, text, changes, scenario, reason) -> None:
    assert suggested(*items, defect=defect, text=text, **changes) == {scenario: reason}


def test_a_scenario_that_does_not_explain_the_defect_is_not_suggested() -> None:
    assert suggested(defect="negative_review", orders=TWO_ORDERS) == {}
    assert suggested(defect="return_refund", text="สินค้าดี") == {}


def test_english_and_chinese_reviews_are_no_small_languages() -> None:
    assert suggested(evidence("review_screenshot", languages=("en",)), defect="negative_review", text="太差了") == {}


def test_every_reason_has_words_in_both_languages() -> None:
    order = case_order(scenario="", defect_types=[DefectType.NEGATIVE_REVIEW], text="ยังไม่ได้ not received")
    whole = context(ERP_LOG, COMPLAINT, order=order)
    found = suggest(whole, order)
    assert len(found) >= 4
    for item in found:
        for language in ("en", "zh"):
            assert PHRASES.say(f"scenario.{item.reason}", language, **item.params)
