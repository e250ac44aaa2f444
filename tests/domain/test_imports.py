"""Which later imports stand in the way of undoing an earlier one."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.imports import Import, in_the_way

AT = datetime(2026, 11, 18, tzinfo=UTC)
WANTED = Import("9", "us-1", "orders", "a.csv", AT, "li", "", 10, 100, 110)


@pytest.mark.parametrize(
    ("later", "meets"),
    [
        ({}, True),
        ({"first_day": 110, "last_day": 120}, True),
        ({"first_day": 111, "last_day": 120}, False),
        ({"first_day": 90, "last_day": 100}, True),
        ({"first_day": 90, "last_day": 99}, False),
        ({"first_day": 0, "last_day": 200}, True),
        ({"first_day": None, "last_day": None}, False),
        ({"shop": "uk-1"}, False),
        ({"kind": "returns"}, False),
        ({"undone_at": AT}, False),
        ({"id": "8"}, False),
        ({"id": "9"}, False),
    ],
)
def test_later_imports_of_the_same_rows_stand_in_the_way(later: dict, meets: bool) -> None:
    other = replace(WANTED, **{"id": "10", **later})
    assert in_the_way(WANTED, [other]) == ([other] if meets else [])


def test_all_kinds_of_defects_meet_each_other() -> None:
    returns, reviews = replace(WANTED, kind="returns"), replace(WANTED, id="10", kind="reviews")
    assert in_the_way(returns, [reviews]) == [reviews]


def test_an_import_has_the_days_of_its_rows() -> None:
    assert (next(iter(WANTED.days)), len(WANTED.days), WANTED.state) == (100, 11, "taken")
    assert not replace(WANTED, first_day=None).days and replace(WANTED, undone_at=AT).state == "undone"
