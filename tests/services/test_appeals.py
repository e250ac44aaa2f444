"""Submissions and outcomes of a real case: which orders, in which state, and when it closes."""

from datetime import timedelta

import pytest

from bot.domain.case import AppealStatus, Case, CaseStatus
from bot.domain.refusal import Refusal
from tests.services.conftest import House

EXCLUDED, REJECTED = AppealStatus.EXCLUDED, AppealStatus.REJECTED


def ids(case: Case) -> list[str]:
    return [order.order_id for order in case.orders]


def appeals(case: Case) -> list[str]:
    return [order.appeal.value for order in case.orders]


def test_orders_are_submitted_one_by_one_and_the_last_closes_the_work(opened: House) -> None:
    submit, orders = opened.app.appeals.submitted, ids(opened.case())
    case = submit("C1", "li", orders[:1])
    assert case.status is CaseStatus.OPEN and appeals(case) == ["submitted", "none", "none", "none"]
    opened.app.cases.skip("C1", orders[1:2], "li", True)
    case = submit("C1", "wang")
    assert case.status is CaseStatus.SUBMITTED and appeals(case) == ["submitted", "none", "submitted", "submitted"]
    with pytest.raises(Refusal, match="nothing_to_submit"):
        submit("C1", "li")
    with pytest.raises(Refusal, match="wrong_state"):
        submit("C1", "li", orders[:1])


def test_a_first_appeal_is_bound_to_the_window_and_a_second_is_not(opened: House) -> None:
    app, orders = opened.app, ids(opened.case())
    app.appeals.submitted("C1", "li", orders[:1])
    opened.clock.at = opened.case().deadline + timedelta(milliseconds=1)
    with pytest.raises(Refusal, match="window_closed"):
        app.appeals.submitted("C1", "li", orders[1:2])
    app.appeals.result("C1", orders[:1], REJECTED, "li", "ODR-07")
    with pytest.raises(Refusal, match="wrong_state"):
        app.appeals.submitted("C1", "li", orders[:1])
    app.appeals.allow_again("C1", orders[:1], "li")
    assert app.appeals.submitted("C1", "li", orders[:1]).orders[0].appeal is AppealStatus.SUBMITTED


def test_the_last_moment_is_in_time(opened: House) -> None:
    opened.clock.at = opened.case().deadline
    assert opened.app.appeals.submitted("C1", "li").status is CaseStatus.SUBMITTED


def test_a_case_closes_with_its_last_outcome_and_a_correction_reopens_nothing(opened: House) -> None:
    app, orders = opened.app, ids(opened.case())
    app.appeals.submitted("C1", "li")
    app.appeals.result("C1", orders[:1], AppealStatus.RECEIVED, "li")
    assert app.appeals.result("C1", orders[:3], EXCLUDED, "li").status is CaseStatus.SUBMITTED
    opened.clock.at += timedelta(hours=1)
    case = app.appeals.result("C1", orders[3:], REJECTED, "li", "ODR-07")
    assert (case.status, case.closed_at) == (CaseStatus.CLOSED, opened.clock.at)
    corrected = app.appeals.result("C1", orders[3:], EXCLUDED, "li")
    assert corrected.status is CaseStatus.CLOSED and corrected.orders[3].rejection_code == ""
    with pytest.raises(Refusal, match="not_rejected"):
        app.appeals.allow_again("C1", orders[3:], "li")


def test_all_outcomes_are_recorded_or_none(opened: House) -> None:
    app, orders = opened.app, ids(opened.case())
    app.appeals.submitted("C1", "li", orders[:2])
    with pytest.raises(Refusal, match="wrong_state") as refused:
        app.appeals.result("C1", orders[1:3], EXCLUDED, "li")
    assert (refused.value.params["case"], refused.value.params["others"]) == (orders[2], [orders[1]])
    assert (refused.value.params["now"], refused.value.params["wanted"]) == ("none", "excluded")
    assert appeals(opened.case()) == ["submitted", "submitted", "none", "none"]


def test_a_case_set_aside_is_not_submitted(opened: House) -> None:
    opened.app.cases.dismiss("C1", "li", "a test order")
    with pytest.raises(Refusal, match="case_finished"):
        opened.app.appeals.submitted("C1", "li")


def test_an_unknown_code_has_the_usual_play(opened: House) -> None:
    appeals = opened.app.appeals
    assert appeals.play("ODR-07") is appeals.codes["ODR-07"] and appeals.play("ODR-99") is appeals.codes["*"]


def test_excluded_orders_leave_both_sides_of_the_statistic(opened: House) -> None:
    app, orders = opened.app, ids(opened.case())
    day = opened.case().orders[0].occurred_at.date()

    def rate() -> tuple[int, int]:
        daily = app.monitoring.look(day, ["us-1"])[0].detection.measurement.daily
        return daily.defects, daily.orders

    before = rate()
    app.appeals.submitted("C1", "li")
    app.appeals.result("C1", orders[:2], EXCLUDED, "li")
    assert rate() == (before[0] - 2, before[1] - 2)
    app.appeals.result("C1", orders[:1], REJECTED, "li", "ODR-07")
    assert rate() == (before[0] - 1, before[1] - 1)
