"""The deadline sweep and what the daily check catches up."""

from copy import copy
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.case import CaseStatus
from bot.domain.refusal import Refusal
from bot.services.anomalies import _main
from bot.services.monitoring import due_at
from tests.services.conftest import DAY, House, meanwhile

MOMENT = timedelta(milliseconds=1)
NINE = time(9)


def test_a_case_is_open_up_to_its_deadline_and_buttons_made_before_are_stale_after_it(opened: House) -> None:
    case, sweep = opened.case(), opened.app.monitoring.close_overdue
    opened.clock.at = case.deadline
    assert sweep() == [] and opened.case().status is CaseStatus.OPEN
    opened.clock.at = case.deadline + MOMENT
    assert sweep() == ["C1"] and sweep() == []
    closed = opened.case()
    assert (closed.status, closed.version) == (CaseStatus.EXPIRED, case.version + 1)
    assert closed.closed_at == opened.clock.at
    opened.clock.at = case.deadline
    assert sweep() == []
    again = opened.case()
    assert (again.status, again.version, again.closed_at) == (CaseStatus.OPEN, case.version + 2, None)
    assert [what for what in opened.noted() if "expired" in what] == ["expired", "not_expired"]


def test_what_a_clock_that_was_ahead_closed_stays_closed_beside_another_open_case(opened: House) -> None:
    case = opened.case()
    opened.clock.at = case.deadline + MOMENT
    opened.app.monitoring.close_overdue()
    opened.clock.at = case.deadline - timedelta(hours=1)
    opened.day(DAY + timedelta(days=1), 200, *(timedelta(hours=10 + number) for number in range(4)))
    assert opened.check(DAY + timedelta(days=1)).case_id == "C2"
    opened.app.monitoring.close_overdue()
    assert opened.case("C1").status is CaseStatus.EXPIRED and opened.case("C2").status is CaseStatus.OPEN


@pytest.mark.parametrize(
    ("zone", "at", "due"),
    [
        ("UTC", time(0), "2026-11-25 00:00"),
        ("UTC", NINE, "2026-11-25 09:00"),
        ("Asia/Shanghai", time(8), "2026-11-25 00:00"),
        ("Asia/Shanghai", time(7, 59), "2026-11-25 23:59"),
        ("America/Los_Angeles", NINE, "2026-11-25 17:00"),
        ("America/Los_Angeles", time(16), "2026-11-25 00:00"),
    ],
)
def test_a_check_is_due_at_the_first_local_time_after_the_day(zone: str, at: time, due: str) -> None:
    assert f"{due_at(DAY, zone, at):%Y-%m-%d %H:%M}" == due


def test_missed_days_are_caught_up_oldest_first_and_not_too_many(house: House) -> None:
    monitoring = house.app.monitoring
    due = due_at(DAY, "America/Los_Angeles", NINE)
    house.clock.at = due - MOMENT
    assert list(monitoring.due(NINE, 5)) == [DAY - timedelta(days=1)], "the newest complete day alone at first"
    house.clock.at = due
    assert monitoring.check_due(NINE, 5) == [("us-1", "2026-11-24")]
    assert monitoring.check_due(NINE, 5) == []
    house.clock.at += timedelta(days=3)
    assert list(monitoring.due(NINE, 5)) == [date(2026, 11, number) for number in (25, 26, 27)]
    assert list(monitoring.due(NINE, 2)) == [date(2026, 11, number) for number in (26, 27)]


def test_only_days_that_can_still_be_appealed_are_measured_for_a_change(house: House) -> None:
    """On the 25th: of days that were never measured, those from the 22nd on."""
    for back in range(9):
        house.day(date(2026, 11, 27) - timedelta(days=back), 200)
    days = [date(2026, 11, number) for number in range(19, 28)]
    measured = [check.detection.measurement.day.day for check in house.changed(*days)]
    assert measured == [22, 23, 24, 25]
    assert house.changed(date(2026, 11, 26)) == []


def test_a_change_measures_again_what_looked_back_at_it(house: House) -> None:
    for number in (10, 24):
        house.day(date(2026, 11, number), 200)
        house.check(date(2026, 11, number))
    measured = [check.detection.measurement.day.day for check in house.changed(date(2026, 11, 9))]
    assert measured == [10, 24], "each oldest first; the changed day itself is history"


def test_a_day_in_the_future_is_not_checked_and_today_is(house: House) -> None:
    with pytest.raises(Refusal, match="future_day"):
        house.app.monitoring.check(date(2026, 11, 26))
    assert len(house.app.monitoring.check(date(2026, 11, 25))) == 1
    assert house.app.monitoring.check(date(2026, 11, 25), []) == []


def test_shops_are_saved_when_they_have_changed(house: House) -> None:
    with house.app.store.unit(read_only=True) as unit:
        [shop] = unit.shops.configured()
    house.app.monitoring.save_shops([replace(shop, name="Other")])
    with house.app.store.unit(read_only=True) as unit:
        assert [each.name for each in unit.shops.configured()] == ["Other"]


def test_the_first_defect_whose_hours_still_run_counts_when_the_onset_s_are_over(house: House) -> None:
    """Found three days late: the early defects of the day can no longer be appealed, the late ones can."""
    for back in range(1, 31):
        house.day(DAY - timedelta(days=back), 200)
    house.day(DAY, 200, *(timedelta(hours=number) for number in (1, 2, 3, 4, 20, 21)))
    house.clock.at = datetime(2026, 11, 27, 12, tzinfo=UTC)
    found = house.check(DAY)
    assert found.onset and found.onset.at == datetime(2026, 11, 24, 20, tzinfo=UTC) and found.onset.exact
    assert house.case().deadline == datetime(2026, 11, 27, 20, tzinfo=UTC)


@pytest.mark.parametrize("act", ["dismiss", "deadline"])
def test_what_changes_between_looking_and_closing_is_looked_at_again(opened: House, act: str) -> None:
    end = opened.case().deadline
    opened.clock.at = end + MOMENT

    def change() -> None:
        if act == "dismiss":
            opened.app.cases.dismiss("C1", "li", "a test order")
        else:
            opened.app.deadlines.stated("C1", "li", end + timedelta(hours=5))

    late = copy(opened.app.monitoring)
    late.units = meanwhile(opened, change)
    assert late.close_overdue() == [] and "expired" not in opened.noted()
    assert opened.case().status is (CaseStatus.DISMISSED if act == "dismiss" else CaseStatus.OPEN)


def test_a_deadline_of_the_data_is_accepted_while_it_lies_ahead(opened: House) -> None:
    deadlines, end = opened.app.deadlines, opened.case().deadline
    deadlines.stated("C1", "li", end + timedelta(hours=9))
    opened.clock.at = end
    with pytest.raises(Refusal, match="deadline_unlikely") as refused:
        deadlines.computed("C1", "wang")
    assert refused.value.params["past"] is True and refused.value.params["at"] == end
    opened.clock.at = end - MOMENT
    case = deadlines.computed("C1", "wang")
    assert (case.deadline, case.deadline_by) == (end, "")
    noted = opened.noted().count("deadline_accepted")
    deadlines.computed("C1", "wang")
    assert opened.noted().count("deadline_accepted") == noted == 1


@pytest.mark.parametrize(
    ("fired", "main"), [([23, 24, 25], 24), ([23, 25, 26], 25), ([21, 22], 22), ([22, 23], 23), ([24], 24)]
)
def test_a_case_s_own_day_speaks_for_it_then_the_next_then_the_one_before(fired: list[int], main: int) -> None:
    checks = {date(2026, 11, number): number for number in fired}
    assert _main(checks, DAY) == main
