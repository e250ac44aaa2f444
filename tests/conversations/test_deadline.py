"""`deadline`: what a person read in Seller Center wins (domain.md §1a)."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.case import CaseStatus
from tests.conversations.conftest import NOW, Talk

READ = datetime(2026, 11, 21, 1, tzinfo=UTC)


def case(talk: Talk):
    with talk.app.store.unit(read_only=True) as unit:
        return unit.cases.get("C1")


@pytest.mark.parametrize(
    "words",
    [
        "deadline C1 2026-11-21T01:00Z",
        "截止 C1 2026-11-21 09:00 北京时间",
        "截止 C1 11月21日9点",
        "deadline C1 11-21 09:00 Beijing time",
    ],
)
def test_a_read_deadline_is_kept_with_who(talk: Talk, words: str) -> None:
    before = case(talk).deadline
    assert "2026-11-21 01:00" in talk.say(words).plain()
    kept = case(talk)
    assert (kept.deadline, kept.deadline_by) == (READ, "li") and kept.deadline != before
    assert "2026-11-21 01:00" in talk.in_slot("C1:headline", "C1").plain()


def test_without_a_time_it_shows_the_case(talk: Talk) -> None:
    for words in ("deadline", "deadline C1", "deadline C1?", "截止", "C1 截止"):
        assert "C1" in talk.say(words).title
    assert case(talk).deadline_by == ""


@pytest.mark.parametrize(
    "words", ["deadline C1 2026-11-01T01:00Z", "deadline C1 2028-11-01T01:00Z", "deadline C1 soon"]
)
def test_what_cannot_be_is_not_kept(talk: Talk, words: str) -> None:
    before = case(talk).deadline
    assert "没有改动" in talk.say(words).plain()
    assert case(talk).deadline == before


def test_a_viewer_changes_nothing(talk: Talk) -> None:
    talk.person = "guest"
    talk.say("deadline C1 2026-11-21T01:00Z")
    assert case(talk).deadline_by == ""


def test_an_expired_case_is_open_again(talk: Talk) -> None:
    talk.app.clock.at = NOW + timedelta(days=4)
    talk.app.monitoring.close_overdue()
    assert case(talk).status is CaseStatus.EXPIRED
    talk.say("deadline C1 2026-11-25T01:00Z")
    assert case(talk).status is CaseStatus.OPEN
