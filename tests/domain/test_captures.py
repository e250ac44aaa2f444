"""What a capture date may mean whose day may be its month."""

import pytest

from bot.domain.captures import readings


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
