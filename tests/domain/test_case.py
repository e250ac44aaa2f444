from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.case import AppealStatus, Case, CaseOrder, CaseStatus, IllegalTransition, exclusions

NOW = datetime(2026, 11, 18, tzinfo=UTC)
# Both life cycles once more, in words: what the code says of itself proves nothing.
CASES = {
    ("open", "submitted"),
    ("open", "dismissed"),
    ("open", "expired"),
    ("submitted", "closed"),
    ("closed", "submitted"),
    ("dismissed", "open"),
    ("expired", "open"),
}
APPEALS = {
    ("none", "submitted"),
    ("submitted", "received"),
    ("submitted", "excluded"),
    ("submitted", "rejected"),
    ("received", "excluded"),
    ("received", "rejected"),
    ("rejected", "submitted"),
}


def a_case(status: CaseStatus) -> Case:
    return Case("C1", "shop", NOW, NOW, True, NOW, "2026-11-18", ["red"], status)


def an_order(appeal: AppealStatus, resubmit: bool = False) -> CaseOrder:
    return CaseOrder("C1", "1", [], NOW, appeal=appeal, resubmit_allowed=resubmit)


@pytest.mark.parametrize("wanted", CaseStatus)
@pytest.mark.parametrize("status", CaseStatus)
def test_a_case_moves_only_along_its_life_cycle(status: CaseStatus, wanted: CaseStatus) -> None:
    case = a_case(status)
    if (status, wanted) in CASES:
        case.move(wanted, NOW)
        assert case.status is wanted
        assert (case.closed_at is None) == (wanted in (CaseStatus.OPEN, CaseStatus.SUBMITTED))
    else:
        with pytest.raises(IllegalTransition):
            case.move(wanted, NOW)
        assert case.status is status


def test_what_the_window_closed_stays_closed() -> None:
    case = a_case(CaseStatus.EXPIRED)
    with pytest.raises(IllegalTransition):
        case.move(CaseStatus.OPEN, case.deadline + timedelta(milliseconds=1))
    case.move(CaseStatus.OPEN, case.deadline)


@pytest.mark.parametrize("wanted", AppealStatus)
@pytest.mark.parametrize("status", AppealStatus)
def test_an_appeal_moves_only_along_its_life_cycle(status: AppealStatus, wanted: AppealStatus) -> None:
    order = an_order(status, resubmit=True)
    if (status, wanted) in APPEALS:
        order.move(wanted, NOW)
        assert (order.appeal, order.appeal_at) == (wanted, NOW)
    else:
        with pytest.raises(IllegalTransition):
            order.move(wanted, NOW)
        assert order.appeal is status


def test_a_rejected_order_waits_for_the_platform_s_notice() -> None:
    order = an_order(AppealStatus.REJECTED)
    with pytest.raises(IllegalTransition):
        order.move(AppealStatus.SUBMITTED, NOW)
    order.resubmit_allowed = True
    order.move(AppealStatus.SUBMITTED, NOW)
    assert not order.resubmit_allowed


@pytest.mark.parametrize("outcome", [AppealStatus.RECEIVED, AppealStatus.EXCLUDED, AppealStatus.REJECTED])
@pytest.mark.parametrize("status", AppealStatus)
def test_an_outcome_is_recorded_of_what_was_submitted(status: AppealStatus, outcome: AppealStatus) -> None:
    assert an_order(status).may_be(outcome) is (status is not AppealStatus.NONE)


def test_a_rejection_keeps_its_code_until_another_outcome_takes_its_place() -> None:
    order = an_order(AppealStatus.SUBMITTED)
    order.record(AppealStatus.REJECTED, NOW, "ODR-07")
    assert (order.appeal, order.appeal_at, order.rejection_code) == (AppealStatus.REJECTED, NOW, "ODR-07")
    order.resubmit_allowed = True
    order.record(AppealStatus.REJECTED, NOW + timedelta(days=1))
    assert (order.rejection_code, order.appeal_at, order.resubmit_allowed) == ("ODR-07", NOW, True)
    order.record(AppealStatus.REJECTED, NOW + timedelta(days=1), "ODR-09")
    assert order.rejection_code == "ODR-09"
    order.record(AppealStatus.EXCLUDED, NOW + timedelta(days=2), "ODR-09")
    assert (order.appeal, order.rejection_code, order.resubmit_allowed) == (AppealStatus.EXCLUDED, "", False)
    order.record(AppealStatus.REJECTED, NOW + timedelta(days=3))
    assert order.rejection_code == ""


@pytest.mark.parametrize(
    ("status", "appeals", "after"),
    [
        (CaseStatus.CLOSED, ["excluded", "none"], CaseStatus.OPEN),
        (CaseStatus.CLOSED, ["excluded", "received"], CaseStatus.SUBMITTED),
        (CaseStatus.CLOSED, ["excluded", "rejected"], CaseStatus.CLOSED),
        (CaseStatus.SUBMITTED, ["submitted", "none"], CaseStatus.OPEN),
        (CaseStatus.SUBMITTED, ["submitted"], CaseStatus.SUBMITTED),
        (CaseStatus.DISMISSED, ["none"], CaseStatus.DISMISSED),
        (CaseStatus.EXPIRED, ["none"], CaseStatus.EXPIRED),
    ],
)
def test_a_case_follows_what_was_taken_back(status: CaseStatus, appeals: list[str], after: CaseStatus) -> None:
    case = replace(a_case(status), closed_at=NOW, orders=[an_order(AppealStatus(each)) for each in appeals])
    case.settle()
    assert case.status is after
    assert (case.closed_at is None) is (after is not status or status is CaseStatus.SUBMITTED)


def test_skipped_orders_wait_for_nothing() -> None:
    skipped = replace(an_order(AppealStatus.NONE), skipped=True)
    case = replace(a_case(CaseStatus.CLOSED), orders=[an_order(AppealStatus.EXCLUDED), skipped])
    case.settle()
    assert case.status is CaseStatus.CLOSED and not case.to_do and not case.takes_work


@pytest.mark.parametrize("status", CaseStatus)
def test_what_is_still_to_be_done(status: CaseStatus) -> None:
    fresh, waits, again = an_order(AppealStatus.NONE), an_order(AppealStatus.SUBMITTED), an_order(AppealStatus.NONE)
    again.appeal, again.resubmit_allowed = AppealStatus.REJECTED, True
    is_open = status is CaseStatus.OPEN
    assert replace(a_case(status), orders=[fresh, waits, again]).to_do == ([fresh, again] if is_open else [again])
    assert replace(a_case(status), orders=[fresh, waits]).takes_work is is_open
    assert replace(a_case(status), orders=[again]).takes_work
    assert a_case(status).active is (status in (CaseStatus.OPEN, CaseStatus.SUBMITTED))


def test_a_reason_is_kept_until_there_is_another() -> None:
    case = a_case(CaseStatus.OPEN)
    case.move(CaseStatus.DISMISSED, NOW, "buyer withdrew")
    case.move(CaseStatus.OPEN, NOW)
    assert case.reason == "buyer withdrew"
    case.move(CaseStatus.DISMISSED, NOW, "test order")
    assert (case.reason, case.closed_at) == ("test order", NOW)


def test_only_what_changed_its_side_of_the_statistic_is_told() -> None:
    def with_outcomes(*outcomes: str) -> Case:
        orders = [replace(an_order(AppealStatus(each)), order_id=str(place)) for place, each in enumerate(outcomes)]
        return replace(a_case(CaseStatus.SUBMITTED), orders=orders)

    before, after = (
        with_outcomes("excluded", "excluded", "received", "rejected"),
        with_outcomes("excluded", "rejected", "excluded", "submitted"),
    )
    assert [order.order_id for order in exclusions(before, after)] == ["1", "2"]
    assert exclusions(before, before) == []
