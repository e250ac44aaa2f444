"""What a capture date may mean whose day may be its month."""

from datetime import UTC, datetime

import pytest

from bot.domain.captures import orders, readings, with_order
from bot.domain.evidence import Facts, TimeRole, Timestamp


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("07/11/2026 17:38", ["2026-07-11T17:38", "2026-11-07T17:38"]),
        ("5:38 PM 3.12.26", ["2026-03-12T17:38", "2026-12-03T17:38"]),
        ("12:05 am 03-12-2026", ["2026-03-12T00:05", "2026-12-03T00:05"]),
        ("20/11/2026", ["2026-11-20T00:00"]),
        ("11/11/2026", ["2026-11-11T00:00"]),
        ("31/02/2026", []),
        ("02/28/2026 09.05", ["2026-02-28T09:05"]),
        ("07-11-2026 12:30 PM", ["2026-07-11T12:30", "2026-11-07T12:30"]),
        ("1/2/99 9:05", ["2099-01-02T09:05", "2099-02-01T09:05"]),
        ("1/2/2026 24:00", []),
        ("107/11/2026", []),
        ("7/11/20261", []),
        ("Nov 7", []),
    ],
)
def test_the_days_that_a_date_may_mean(printed: str, expected: list[str]) -> None:
    assert [f"{at:%Y-%m-%dT%H:%M}" for at in readings(printed)] == expected


def test_an_order_of_day_and_month_holds_for_all_dates_of_a_page_but_for_its_clock() -> None:
    asked = Timestamp("07/11/2026 17:38", None, TimeRole.DELIVERED, 480)
    clock = Timestamp("07/11/2026 18:00", None, TimeRole.CAPTURED)
    clear = Timestamp("2026-11-05 08:00", datetime(2026, 11, 5, 8, tzinfo=UTC), TimeRole.PICKED_UP)
    zoneless = Timestamp("08/11/2026 10:00 CST", None, TimeRole.EXCEPTION)
    facts = Facts(
        timestamps=(asked, clock, clear, zoneless),
        warnings=(*(f"date_order_ambiguous:{stamp.text}" for stamp in (asked, clock)), "zone_ambiguous:CST"),
    )
    days = {}
    for order in orders(asked.text).values():
        told = with_order(facts, order)
        assert [stamp.at for stamp in told.timestamps[1:]] == [None, clear.at, None]
        assert told.warnings == facts.warnings[1:]
        days[order] = told.timestamps[0].at
    assert days == {
        "dmy": datetime(2026, 11, 7, 9, 38, tzinfo=UTC),
        "mdy": datetime(2026, 7, 11, 9, 38, tzinfo=UTC),
    }
    assert orders("20/11/2026") == orders("11/11/2026") == orders("Nov 7") == {}
