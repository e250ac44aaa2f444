"""One open case per shop: defects that no case takes open a new one (domain.md §2)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from bot.domain.case import CaseStatus
from tests.measuring.conftest import House

H = timedelta(hours=1)
D23, D24, D25, D26 = (date(2026, 11, number) for number in (23, 24, 25, 26))


def day_of_four(house: House) -> None:
    """A usual month, and 4 of 200 on 24 November, found on the next morning."""
    for back in range(1, 31):
        house.day(D24 - timedelta(days=back), 200)
    house.day(D24, 200, *(10 * H + n * H for n in range(4)))
    house.at(2026, 11, 25, 9)
    assert house.check(D24).case_id == "C1"


def expire(house: House) -> None:
    # Found late: the clock stands three days after the onset, while the next day's own 72 h still run.
    house.at(2026, 11, 27, 20)
    assert house.app.monitoring.close_overdue() == ["C1"]


def dismiss(house: House) -> None:
    house.app.cases.dismiss("C1", "li", "no ground")


def submit(house: House) -> None:
    house.app.appeals.submitted("C1", "li")


@pytest.mark.parametrize("finish", [expire, dismiss, submit])
def test_new_defects_open_a_new_linked_case_once_the_old_one_is_over(
    house: House, finish: Callable[[House], None]
) -> None:
    day_of_four(house)
    finish(house)
    house.day(D25, 200, *(12 * H + n * H for n in range(6)))
    found = house.check(D25)
    case = house.case("C2")
    assert found.case_id == "C2" and case.status is CaseStatus.OPEN
    assert case.earlier_case == "C1" and len(case.orders) == 6
    assert not {order.order_id for order in case.orders} & {order.order_id for order in house.case().orders}


def test_a_day_without_new_defects_opens_none(house: House) -> None:
    day_of_four(house)
    dismiss(house)
    house.day(D25, 200)
    found = house.check(D25)
    assert found.detection.triggers == ("surge",) and found.case_id == ""


def test_while_it_is_open_the_next_days_join_it(house: House) -> None:
    day_of_four(house)
    house.day(D25, 200, *(12 * H + n * H for n in range(6)))
    assert house.check(D25).case_id == "C1"
    assert len(house.case().orders) == 10


def test_a_condition_that_goes_on_for_weeks_hides_no_defects(house: House) -> None:
    for back in range(30, 0, -1):
        house.day(D25 - timedelta(days=back), 100, 5 * H, 6 * H)
    seen = []
    for number in range(12):
        day = D25 + timedelta(days=number)
        house.day(day, 100, 5 * H, 6 * H)
        house.at(2026, day.month, day.day, 23, 59)
        house.clock.at += 9 * H
        house.app.monitoring.close_overdue()
        seen.append(house.check(day).case_id)
    assert "" not in seen and len(set(seen)) >= 3
    taken = [order.order_id for number in range(len(set(seen))) for order in house.case(f"C{number + 1}").orders]
    assert len(taken) == len(set(taken)) and len(taken) >= 24, "every defect order is in one case"


def test_checking_a_finished_day_again_names_its_case(house: House) -> None:
    day_of_four(house)
    dismiss(house)
    assert house.check(D24).case_id == "C1"


def test_a_late_defect_of_a_dismissed_day_opens_a_case_of_its_own(house: House) -> None:
    day_of_four(house)
    dismiss(house)
    house.day(D24, 200, *(10 * H + n * H for n in range(5)))
    [found] = [check for check in house.changed(D24) if check.detection.measurement.day == D24]
    assert found.case_id == "C2" and len(house.case("C2").orders) == 1
