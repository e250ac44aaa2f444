"""The deadline follows the earliest onset that the data support (domain.md §1a)."""

from datetime import UTC, date, datetime, timedelta

from bot.domain.case import CaseStatus
from tests.measuring.conftest import House

H, S = timedelta(hours=1), timedelta(seconds=1)
D4, D5, D6 = (date(2026, 11, number) for number in (4, 5, 6))
FOUR = tuple(H + n * S for n in range(4))
RIGHT = datetime(2026, 11, 8, 1, 0, 1, tzinfo=UTC)
THOUGHT = datetime(2026, 11, 9, tzinfo=UTC)


def quiet_month(house: House) -> None:
    for back in range(2, 33):
        house.day(D6 - timedelta(days=back), 100)
    house.day(D6, 100)


def thought_to_begin_on_the_sixth(house: House) -> None:
    """The fifth's returns are not there yet; one return of the sixth, without a time, makes the case."""
    quiet_month(house)
    house.day(D5, 100)
    house.day(D6, 100, 0 * H, 0 * H, timed=False)
    house.at(2026, 11, 7, 8)
    assert house.check(D6).deadline == THOUGHT


def test_four_defects_of_a_hundred_orders(house: House) -> None:
    # The second of the four crosses 1 %; the day after is checked first.
    quiet_month(house)
    house.day(D5, 100, *FOUR)
    house.at(2026, 11, 7, 8)
    assert house.check(D6).detection.triggers == ("surge",)
    assert house.check(D5).onset.at == RIGHT - timedelta(hours=72)
    assert house.case().deadline == RIGHT and house.case().onset_exact
    assert len(house.case().orders) == 4


def test_late_data_move_the_deadline_earlier_at_once_with_an_alert(house: House) -> None:
    thought_to_begin_on_the_sixth(house)
    house.day(D5, 100, *FOUR)
    house.changed(D5)
    assert house.case().deadline == RIGHT
    assert "deadline_moved" in house.noted()
    assert any("deadline is earlier" in card for card in told(house))


def test_later_only_when_a_person_accepts_it(house: House) -> None:
    quiet_month(house)
    house.day(D5, 100, *FOUR)
    house.day(D6, 100, *(12 * H + n * H for n in range(3)))
    house.at(2026, 11, 7, 8)
    house.check(D5)
    house.day(D5, 100, *FOUR, counted=False)
    house.changed(D5)
    case = house.case()
    assert case.deadline == RIGHT and case.onset_found == datetime(2026, 11, 6, 13, tzinfo=UTC)


def test_an_undo_restores_what_it_moved(house: House) -> None:
    thought_to_begin_on_the_sixth(house)
    house.day(D5, 100, *FOUR)
    house.changed(D5)
    house.day(D5, 100, *FOUR, counted=False)
    house.changed(D5, restores=True)
    assert house.case().deadline == THOUGHT and house.case().onset_found is None


def test_a_deadline_that_would_be_past_closes_nothing_and_is_asked_about(house: House) -> None:
    thought_to_begin_on_the_sixth(house)
    house.at(2026, 11, 8, 12)
    house.day(D5, 100, *FOUR)
    house.changed(D5)
    assert house.app.monitoring.close_overdue() == []
    case = house.case()
    assert case.status is CaseStatus.OPEN and case.deadline == THOUGHT
    assert case.onset_found == RIGHT - timedelta(hours=72)


def test_data_that_cross_no_limit_any_more_leave_the_case_open_and_say_so(house: House) -> None:
    quiet_month(house)
    house.day(D5, 100, *FOUR)
    house.at(2026, 11, 6, 8)
    house.check(D5)
    house.day(D5, 100, *FOUR, counted=False)
    house.changed(D5)
    assert house.case().status is CaseStatus.OPEN and not house.case().crosses
    house.day(D5, 100, *FOUR)
    house.changed(D5)
    assert house.case().crosses and house.case().deadline == RIGHT


def told(house: House) -> list[str]:
    from bot.store.console import ConsoleLog

    house.app.outbox.deliver()
    entries = ConsoleLog(house.app.engine).conversation("ops", "C1", limit=100)
    return [entry.card.plain() for entry in entries if entry.card]
