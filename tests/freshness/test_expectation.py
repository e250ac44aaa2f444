"""By when a day's data are expected: weekends, public holidays, zones (domain.md §1a)."""

from datetime import UTC, date, datetime, time

import pytest

from bot.domain.freshness import Expectation, Way, way_of
from bot.reading.public_holidays import WorkingCalendar

CHINA = WorkingCalendar(["CN"])


def expected(zone: str = "Asia/Shanghai", works: WorkingCalendar = CHINA) -> Expectation:
    return Expectation(zone, works=works)


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2026-11-18", "2026-11-19T04:00"),
        # What Friday, Saturday and Sunday brought is there on Monday at noon.
        ("2026-11-20", "2026-11-23T04:00"),
        ("2026-11-21", "2026-11-23T04:00"),
        ("2026-11-22", "2026-11-23T04:00"),
        # National Day: nobody works from 1 to 7 October.
        ("2026-09-30", "2026-10-08T04:00"),
        # Spring Festival: off from 16 to 23 February, and the Saturday before it is worked.
        ("2026-02-13", "2026-02-14T04:00"),
        ("2026-02-14", "2026-02-24T04:00"),
    ],
)
def test_files_are_expected_at_noon_of_the_next_working_day(day: str, due: str) -> None:
    found = expected().due(date.fromisoformat(day), by_api=False)
    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_an_api_has_twelve_hours_on_every_day() -> None:
    assert expected().due(date(2026, 10, 1), by_api=True) == datetime(2026, 10, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        ("America/Los_Angeles", datetime(2026, 11, 19, 20, tzinfo=UTC)),
        # There noon of the 19th is still in the UTC day of the 18th.
        ("Pacific/Kiritimati", datetime(2026, 11, 19, 22, tzinfo=UTC)),
    ],
)
def test_no_day_is_expected_before_it_is_over(zone: str, due: datetime) -> None:
    assert expected(zone).due(date(2026, 11, 18), by_api=False) == due


def test_people_are_told_in_working_hours() -> None:
    plan = expected()
    times = {
        datetime(2026, 11, 20, 1, tzinfo=UTC): True,
        datetime(2026, 11, 20, 0, 59, tzinfo=UTC): False,
        datetime(2026, 11, 20, 10, tzinfo=UTC): False,
        datetime(2026, 11, 21, 4, tzinfo=UTC): False,
        datetime(2026, 10, 5, 4, tzinfo=UTC): False,
        datetime(2026, 10, 10, 4, tzinfo=UTC): True,
    }
    assert {at: plan.may_tell(at) for at in times} == times
    assert Expectation("UTC", hours=(time(0), time(1))).may_tell(datetime(2026, 11, 20, 0, 30, tzinfo=UTC))


def test_a_working_day_is_one_in_every_country() -> None:
    both = WorkingCalendar(["CN", "US"])
    thanksgiving, national_day = date(2026, 11, 26), date(2026, 10, 1)
    assert CHINA(thanksgiving) and not both(thanksgiving) and not both(national_day)
    assert WorkingCalendar([])(national_day) and not WorkingCalendar([])(date(2026, 11, 21))


def test_a_delivery_is_known_by_its_name() -> None:
    assert [way_of(name) for name in ("17", "api", "api:b", "5e1f")] == [Way.FILE, Way.API, Way.API, Way.DEMO]
