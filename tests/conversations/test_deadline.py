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
        assert "C1" in talk.say(words).plain()
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


@pytest.mark.parametrize(
    "words", ["deadline C1 2026-11-21T01:00Z", "截止 C1 2026-11-21 09:00 北京时间", "deadline C1", "deadline C1 soon"]
)
def test_a_picture_that_shows_it_is_kept_with_the_case(talk: Talk, png: bytes, words: str) -> None:
    answers = talk.send(("entry.png", png), text=words)
    assert len(answers) == 1 and not any("entry.png" in card.plain() for card in answers)
    with talk.app.store.unit(read_only=True) as unit:
        [item] = unit.evidence.of_case("C1")
        stated = [event for event in unit.cases.timeline("C1") if event.what == "deadline_stated"]
    assert (item.kind, item.order_ids, item.uploader, item.file_name) == ("deadline", [], "li", "entry.png")
    assert talk.app.vault.intact(item.sha256).read_bytes() == png
    assert [event.params["evidence"] for event in stated] == [item.id] * ("11-21" in words)
    shown = talk.say("timeline C1").plain()
    assert "entry.png" in shown and item.id in shown
    # It is no order's: nothing is asked about it, and nothing is met by it.
    assert "entry.png" not in talk.in_slot("C1:work", "C1").plain()


def test_a_picture_sent_by_who_only_looks_changes_nothing(talk: Talk, png: bytes) -> None:
    talk.person = "guest"
    talk.send(("entry.png", png), text="deadline C1 2026-11-21T01:00Z")
    with talk.app.store.unit(read_only=True) as unit:
        assert unit.evidence.of_case("C1") == []
    assert case(talk).deadline_by == ""
