"""Returns, reviews, ratings and defect lists."""

import pytest

from bot.sources.errors import SourceError
from tests.sources.conftest import Open, ms
from tests.sources.samples import EXAMPLES, RETURN_HEADER, returned, table


def test_the_example_returns(opened: Open) -> None:
    got = opened(EXAMPLES / "returns-us.csv")
    assert (got.kind, got.rows, got.skipped) == ("returns", 4, [])
    assert sorted((row[0][-2:], row[1], row[2], row[4], row[5]) for row in got.defects) == [
        ("03", "return_refund", ms("2026-11-04T18:02:30"), True, False),
        ("05", "return_refund", ms("2026-11-06T01:40:00"), True, True),
        ("07", "return_refund", ms("2026-11-06T00:12:09"), True, True),
    ]
    assert got.defects[0][6] == "Package didn't arrive on time · Waited two days longer than promised"


@pytest.mark.parametrize("status", ["Refund rejected", "Canceled", "已取消", "REJECT_RECEIVE_PACKAGE"])
def test_rejected_and_cancelled_returns_are_not_counted(opened: Open, status: str) -> None:
    assert [row[5] for row in opened(table(RETURN_HEADER, returned(Return_Status=status))).defects] == [False]


def test_one_counted_return_outweighs_a_cancelled_one(opened: Open) -> None:
    early = returned(Return_Status="Canceled", Time_Requested="11/03/2026 1:00:00 PM")
    got = opened(table(RETURN_HEADER, returned(), early))
    assert [(row[2], row[5]) for row in got.defects] == [(ms("2026-11-06T00:12:09"), True)]


def test_an_unknown_return_status_counts_and_is_told(opened: Open) -> None:
    got = opened(table(RETURN_HEADER, returned(Return_Status="En revisión")))
    assert ([row[5] for row in got.defects], got.reasons) == ([True], [(2, "return_status_unknown")])


@pytest.mark.parametrize(
    ("stars", "bad"),
    [
        ("1", True),
        ("2.0", True),
        ("2.5", False),
        ("3", False),
        ("★★☆☆☆", True),
        ("★★★★★", False),
        ("1/5", True),
        ("2星", True),
    ],
)
@pytest.mark.parametrize(
    ("kind", "column", "defect"), [("reviews", "Review", "negative_review"), ("ratings", "Service", "service_rating")]
)
def test_stars(opened: Open, stars: str, bad: bool, kind: str, column: str, defect: str) -> None:
    time = "Review Time" if kind == "reviews" else "Rating Time"
    got = opened(f"Order ID,{column} Rating,{time}\n5771,{stars},11/05/2026 1:00:00 PM\n")
    assert got.kind == kind
    assert [row[:2] for row in got.defects] == ([("5771", defect)] if bad else [])
    assert got.cleared == ([] if bad else [("5771", defect)])


def test_a_bad_review_is_not_cleared_by_a_good_one(opened: Open) -> None:
    got = opened("Order ID,Review Rating,Review Time\n5771,1,2026-11-05\n5771,5,2026-11-05\n")
    assert (len(got.defects), got.cleared) == (1, [])


@pytest.mark.parametrize("stars", ["", "0", "6", "good", "11"])
def test_unreadable_stars(opened: Open, stars: str) -> None:
    got = opened(f"Order ID,Review Rating,Review Time\n5771,{stars},11/05/2026 1:00:00 PM\n")
    assert (got.defects, got.reasons) == ([], [(2, "stars_unreadable")])


def test_a_date_without_time_is_the_utc_day(opened: Open) -> None:
    got = opened("Order ID,Review Rating,Review Time\n5771,1,11/05/2026\n")
    assert [row[2:5] for row in got.defects] == [(ms("2026-11-05T00:00"), 20762, False)]


def test_the_canonical_defects(opened: Open) -> None:
    got = opened(EXAMPLES / "defects.csv")
    assert got.kind == "defects"
    assert [(row[1], row[2], row[4]) for row in got.defects] == [
        ("negative_review", ms("2026-11-05T20:15"), True),
        ("service_rating", ms("2026-11-05T21:30"), True),
    ]


def test_canonical_defects_need_a_zone_and_a_known_type(opened: Open) -> None:
    got = opened(
        "order_id,defect_type,occurred_at\nA,return_refund,2026-11-05T20:15:00\nB,late,2026-11-05T20:15:00Z\n"
    )
    assert (got.defects, got.reasons) == ([], [(2, "zone_missing"), (3, "defect_type_unknown")])


def test_the_defect_list_in_chinese(opened: Open) -> None:
    got = opened(
        "订单号,缺陷类型,发生时间,详情\n5771,退货退款,2026/11/05 08:00,坏了\n5771,差评,2026-11-05,慢\n", "TH"
    )
    assert [(row[1], row[2], row[6]) for row in got.defects] == [
        ("return_refund", ms("2026-11-05T01:00"), "坏了"),
        ("negative_review", ms("2026-11-05T00:00"), "慢"),
    ]


def test_columns_that_do_not_fit_are_explained(opened: Open) -> None:
    with pytest.raises(SourceError) as refused:
        opened("Order ID,How good,When\n1,2,3\n", kind="reviews")
    assert refused.value.key == "columns_missing"
    assert refused.value.params["kind"] == "reviews"
    assert refused.value.params["found"] == "Order ID, How good, When"
    assert refused.value.params["missing"] == "stars; occurred_at"
    assert "Review Rating" in refused.value.params["accepted"]


def test_two_kinds_that_fit_are_asked_for(opened: Open) -> None:
    text = "Order ID,Rating,Review Time,Rating Time\n1,1,2026-11-05,2026-11-06\n"
    with pytest.raises(SourceError, match="kind_unclear"):
        opened(text)
    assert opened(text, kind="ratings").defects[0][3] == 20763


def test_an_unknown_kind(opened: Open) -> None:
    with pytest.raises(SourceError, match="kind_unknown"):
        opened("order_id\n1\n", kind="refunds")
