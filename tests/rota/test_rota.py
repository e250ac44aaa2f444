"""Who is on call, across daylight saving, leap days, overrides and swaps."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.refusal import Refusal
from bot.domain.rota import Agenda, Rota, Rotation, Shift, gaps, overlaps, swap

MONDAY = date(2026, 11, 2)
WEEKLY = Rotation(("li", "wang", "zhao"), 7, "Asia/Shanghai", MONDAY, time(9))
DAILY = Rotation(("li", "wang"), 1, "America/New_York", date(2024, 1, 1), time(9))
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


def local(zone: str, *when: int, fold: int = 0) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def test_turns_change_at_the_handover_and_come_round() -> None:
    def who(*when: int) -> str:
        return WEEKLY.on_call(local("Asia/Shanghai", *when))

    assert who(2026, 11, 2, 8, 59) == "" and who(2026, 11, 2, 9) == "li"
    assert who(2026, 11, 9, 8, 59) == "li" and who(2026, 11, 9, 9) == "wang"
    assert who(2026, 11, 16, 9) == "zhao" and who(2026, 11, 23, 9) == "li"


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1)])
def test_a_day_of_23_or_25_hours_is_one_turn(day: date) -> None:
    zone = "America/New_York"
    before, after = (local(zone, *(day + timedelta(days=step)).timetuple()[:3], 9) for step in (-1, 0))
    assert after - before in (timedelta(hours=23), timedelta(hours=25))
    assert DAILY.number_at(before) + 1 == DAILY.number_at(after)
    assert DAILY.on_call(after - timedelta(seconds=1)) == DAILY.on_call(before) != DAILY.on_call(after)


@pytest.mark.parametrize("handover", [time(1, 30), time(2, 30)])
def test_a_handover_in_the_hour_that_is_missing_or_comes_twice_happens_once(handover: time) -> None:
    rotation = Rotation(("li", "wang"), 1, "America/New_York", date(2026, 1, 1), handover)
    for day in (datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)):
        people = [rotation.on_call(day + timedelta(minutes=15 * quarter)) for quarter in range(24 * 4)]
        assert sum(one != other for one, other in pairwise(people)) == 1


def test_a_leap_day_is_a_day_like_any_other() -> None:
    who = [
        DAILY.on_call(local("America/New_York", 2028, month, day, 12)) for month, day in ((2, 28), (2, 29), (3, 1))
    ]
    assert who[0] == who[2] != who[1]


ROTATIONS = st.builds(
    Rotation,
    st.lists(st.sampled_from("abcdef"), min_size=1, max_size=5, unique=True).map(tuple),
    st.sampled_from([1, 7]),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe"]),
    st.dates(date(2024, 1, 1), date(2028, 12, 31)),
    st.sampled_from([time(0), time(1, 30), time(2, 30), time(9), time(23, 59)]),
)


@given(ROTATIONS, st.integers(0, 400 * 24 * 60))
def test_every_instant_after_the_start_lies_in_exactly_one_turn(rotation: Rotation, minutes: int) -> None:
    at = rotation.turn(0).starts + timedelta(minutes=minutes)
    number = rotation.number_at(at)
    turn = rotation.turn(number)
    assert turn.covers(at) and rotation.on_call(at) == turn.person
    assert rotation.turn(number + 1).starts == turn.ends


@given(ROTATIONS, st.integers(0, 400), st.integers(1, 40))
def test_a_schedule_has_no_hole_and_says_what_on_call_says(rotation: Rotation, day: int, length: int) -> None:
    rota = Rota((rotation,))
    start = rotation.turn(0).starts + timedelta(days=day)
    shifts = rota.schedule("", start, start + timedelta(days=length))
    assert shifts[0].starts == start and shifts[-1].ends == start + timedelta(days=length)
    assert all(one.ends == other.starts and one.person != other.person for one, other in pairwise(shifts))
    middles = [shift.starts + (shift.ends - shift.starts) / 2 for shift in shifts]
    assert [rota.on_call("", middle) for middle in middles] == [shift.person for shift in shifts]


def test_overrides_of_the_settings_come_before_the_turns() -> None:
    given_away = Agenda((Shift("guest", NOW, NOW + timedelta(hours=5)),))
    rotation = Rotation(WEEKLY.people, 7, WEEKLY.zone, MONDAY, WEEKLY.handover, overrides=given_away)
    assert rotation.on_call(NOW) == "guest" and rotation.on_call(NOW + timedelta(hours=5)) == "zhao"


def test_a_command_comes_before_the_settings_and_the_last_one_counts() -> None:
    changes = (Shift("a", NOW, NOW + timedelta(days=2)), Shift("b", NOW, NOW + timedelta(days=1)))
    rota = Rota((WEEKLY,), changes)
    people = [rota.on_call("us-1", NOW + timedelta(hours=hours)) for hours in (0, 23, 24, 47, 48)]
    assert people == ["b", "b", "a", "a", "zhao"]


def test_a_shops_own_rota_comes_before_the_teams_and_falls_back_to_it() -> None:
    own = Agenda((Shift("uk-person", NOW, NOW + timedelta(days=1)),), ("uk-1",))
    rota = Rota((WEEKLY, own), (Shift("guest", NOW, NOW + timedelta(days=3)),))
    assert rota.on_call("uk-1", NOW) == "uk-person" and rota.on_call("us-1", NOW) == "guest"
    assert rota.on_call("uk-1", NOW + timedelta(days=1)) == "guest"
    assert rota.special("uk-1") and not rota.special("us-1")


def test_gaps_are_found_and_a_full_rota_has_none() -> None:
    written = Agenda(
        (Shift("li", NOW, NOW + timedelta(days=1)), Shift("li", NOW + timedelta(days=2), NOW + timedelta(days=9)))
    )
    found = gaps(Rota((written,)), "", NOW, NOW + timedelta(days=5))
    assert [(gap.starts, gap.ends) for gap in found] == [(NOW + timedelta(days=1), NOW + timedelta(days=2))]
    assert gaps(Rota((WEEKLY,)), "", NOW, NOW + timedelta(days=60)) == []


def test_overlaps_inside_one_source_and_between_two_are_found() -> None:
    both = Agenda(
        (Shift("li", NOW, NOW + timedelta(days=2)), Shift("wang", NOW + timedelta(days=1), NOW + timedelta(days=3)))
    )
    [(one, other)] = overlaps(Rota((both,)), NOW, NOW + timedelta(days=9))
    assert (one.person, other.person) == ("li", "wang")
    second = Rotation(("guest",), 7, "UTC", MONDAY, time(9))
    assert len(overlaps(Rota((WEEKLY, second)), NOW, NOW + timedelta(days=9))) == 1
    for_uk = Rotation(("guest",), 7, "UTC", MONDAY, time(9), shops=("uk-1",))
    assert overlaps(Rota((WEEKLY, for_uk)), NOW, NOW + timedelta(days=9)) == []
    touching = Agenda(
        (Shift("li", NOW, NOW + timedelta(days=1)), Shift("wang", NOW + timedelta(days=1), NOW + timedelta(days=2)))
    )
    assert overlaps(Rota((touching,)), NOW, NOW + timedelta(days=9)) == []


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ((-9, -5), (-7, -5), False),
        ((-9, 5), (-7, -5), False),
        ((-9, 0), (-7, 5), False),
        ((-9, 5), (-7, 5), True),
        ((8, 20), (9, 20), False),
        ((0, 20), (8, 20), True),
    ],
)
def test_only_overlaps_that_are_ahead_are_told(first: tuple[int, int], second: tuple[int, int], told: bool) -> None:
    """Two shifts, in days from now; asked of the next nine days."""
    shifts = (
        Shift(person, NOW + timedelta(days=starts), NOW + timedelta(days=ends))
        for person, (starts, ends) in (("li", first), ("wang", second))
    )
    assert bool(overlaps(Rota((Agenda(tuple(shifts)),)), NOW, NOW + timedelta(days=9))) is told


def test_a_swap_gives_the_turn_and_takes_the_next_one() -> None:
    rota = Rota((WEEKLY,))
    day = local("Asia/Shanghai", 2026, 11, 25, 12)
    changes = swap(rota, "", "li", "wang", day, NOW)
    after = Rota((WEEKLY,), tuple(changes))
    weeks = [after.on_call("", day + timedelta(weeks=week)) for week in range(4)]
    assert weeks == ["wang", "li", "zhao", "li"]


def test_a_swap_of_the_running_turn_changes_only_what_is_left_of_it() -> None:
    [first, _] = swap(Rota((WEEKLY,)), "", "wang", "zhao", NOW, NOW)
    assert (first.person, first.starts, first.ends) == ("wang", NOW, local("Asia/Shanghai", 2026, 11, 23, 9))


@pytest.mark.parametrize(("first", "second", "days"), [("a", "b", 0), ("li", "li", 5), ("zhao", "li", -5)])
def test_a_swap_that_makes_no_sense_is_refused(first: str, second: str, days: int) -> None:
    with pytest.raises(Refusal, match="nothing_to_swap"):
        swap(Rota((WEEKLY,)), "", first, second, NOW + timedelta(days=days), NOW)
