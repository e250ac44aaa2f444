from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.case import (
    APPEAL_TRANSITIONS,
    CASE_TRANSITIONS,
    AppealStatus,
    Case,
    CaseOrder,
    CaseStatus,
    IllegalTransition,
)

NOW = datetime(2026, 11, 18, tzinfo=UTC)


def a_case(status: CaseStatus) -> Case:
    return Case("C1", "shop", NOW, NOW, True, NOW, "2026-11-18", ["red"], status)


def an_order(appeal: AppealStatus, resubmit: bool = False) -> CaseOrder:
    return CaseOrder("C1", "1", [], NOW, appeal=appeal, resubmit_allowed=resubmit)


@pytest.mark.parametrize("wanted", CaseStatus)
@pytest.mark.parametrize("status", CaseStatus)
def test_a_case_moves_only_along_its_life_cycle(status: CaseStatus, wanted: CaseStatus) -> None:
    case = a_case(status)
    if wanted in CASE_TRANSITIONS[status]:
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
    assert CaseStatus.EXPIRED not in CASE_TRANSITIONS[CaseStatus.SUBMITTED]


@pytest.mark.parametrize("wanted", AppealStatus)
@pytest.mark.parametrize("status", AppealStatus)
def test_an_appeal_moves_only_along_its_life_cycle(status: AppealStatus, wanted: AppealStatus) -> None:
    order = an_order(status, resubmit=True)
    if wanted in APPEAL_TRANSITIONS[status]:
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
