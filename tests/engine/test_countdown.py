from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.case import CaseStatus
from bot.domain.deadline import next_milestone
from bot.messaging.card import Card, Countdown, Element
from bot.runtime.clock import FrozenClock
from tests.conversations.conftest import NOW, Talk, app, settings, talk  # noqa: F401

UNTIL = datetime(2028, 2, 29, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
STAGES = [(timedelta(days=70), 6 * HOUR), (12 * HOUR, HOUR), (HOUR, 10 * MINUTE)]


@pytest.mark.parametrize(
    ("left", "then"),
    [
        (72 * HOUR, 66 * HOUR),
        (66 * HOUR + MINUTE, 66 * HOUR),
        (13 * HOUR, 12 * HOUR),
        (12 * HOUR, 11 * HOUR),
        (90 * MINUTE, HOUR),
        (HOUR, 50 * MINUTE),
        (MINUTE, timedelta(0)),
    ],
)
def test_milestones_get_denser_towards_the_end(left: timedelta, then: timedelta) -> None:
    assert next_milestone(UNTIL, UNTIL - left, STAGES) == UNTIL - then


def test_after_the_deadline_and_without_stages_nothing_is_drawn_but_the_end() -> None:
    assert next_milestone(UNTIL, UNTIL, STAGES) is None and next_milestone(UNTIL, UNTIL + HOUR, STAGES) is None
    assert next_milestone(UNTIL, UNTIL - HOUR, []) == UNTIL


@given(st.integers(1, 72 * 3600))
def test_whenever_it_is_asked_the_next_one_lies_ahead_and_not_too_far(seconds: int) -> None:
    now = UNTIL - timedelta(seconds=seconds)
    after = next_milestone(UNTIL, now, STAGES)
    assert after is not None and now < after <= UNTIL and after - now <= 6 * HOUR
    assert next_milestone(UNTIL, after - timedelta(microseconds=1), STAGES) == after, "the same for a late observer"


def countdowns(card: Card) -> list[Element]:
    return [element for element in card.elements if isinstance(element, Countdown)]


def test_the_cards_of_open_cases_follow_the_clock_and_turn_at_the_deadline(talk: Talk) -> None:  # noqa: F811
    clock, publisher = talk.app.clock, talk.app.publisher
    assert isinstance(clock, FrozenClock)
    deadline = talk.app.cases.get("C1").deadline
    drawn = 0
    while clock.at < deadline:
        clock.at += 5 * MINUTE
        if publisher.refresh_due():
            drawn += 1
            [shown] = countdowns(talk.in_slot("C1:headline", "C1"))
            assert shown.now == clock.at
    assert 20 <= drawn <= 32, "not once a tick"
    clock.at = deadline + MINUTE
    talk.app.monitoring.close_overdue()
    assert countdowns(talk.in_slot("C1:headline", "C1")) == [] and publisher.refresh_due() == 0


def test_a_case_that_is_no_longer_open_is_left_alone(talk: Talk) -> None:  # noqa: F811
    talk.app.cases.dismiss("C1", "boss", "test")
    clock = talk.app.clock
    assert isinstance(clock, FrozenClock)
    clock.at = NOW + timedelta(hours=20)
    assert talk.app.publisher.refresh_due() == 0


def test_a_clock_that_was_ahead_closes_nothing_for_good(talk: Talk) -> None:  # noqa: F811
    now, clock = talk.app.clock.now(), talk.app.clock
    clock.at = now + timedelta(days=4)
    assert talk.app.monitoring.close_overdue() == ["C1"]
    clock.at = now
    assert talk.app.monitoring.close_overdue() == []
    assert talk.app.cases.get("C1").status is CaseStatus.OPEN
    assert len(countdowns(talk.in_slot("C1:headline", "C1"))) == 1
    assert "时钟" in talk.say("时间线", thread="C1").plain()
    clock.at = now + timedelta(days=4)
    assert talk.app.monitoring.close_overdue() == ["C1"], "and it closes when its time has come"


def test_a_countdown_planned_by_a_clock_that_was_ahead_goes_on(talk: Talk) -> None:  # noqa: F811
    now, clock = talk.app.clock.now(), talk.app.clock
    clock.at = now + timedelta(hours=48)
    assert talk.app.publisher.refresh_due() == 1
    clock.at = now
    assert talk.app.publisher.refresh_due() == 1
    assert talk.app.publisher.refresh_due() == 0
