"""What the data say of a deadline people decide: by command and by button, in both languages (domain.md §1a)."""

from datetime import datetime, timedelta

import pytest

from bot.domain.case import Case, CaseStatus
from tests.conversations.conftest import NOW, Talk, buttons

H = timedelta(hours=1)


def case(talk: Talk) -> Case:
    with talk.app.store.unit(read_only=True) as unit:
        found = unit.cases.get("C1")
    assert found
    return found


def found(talk: Talk, onset: datetime) -> None:
    """The data now put the onset there."""
    with talk.app.store.unit() as unit:
        changed = unit.cases.get("C1")
        assert changed
        changed.onset_found, changed.onset_found_exact = onset, True
        unit.cases.save(changed)


def noted(talk: Talk) -> list[tuple[str, str]]:
    with talk.app.store.unit(read_only=True) as unit:
        return [(event.who, event.what) for event in unit.cases.timeline("C1")]


LATER = ["deadline computed C1", "accept the deadline C1", "accept deadline c1", "C1 accept deadline"]
LATER += ["按数据截止 C1", "接受截止时间 C1", "按数据算 C1", "C1 接受截止时间"]
OPEN = ["entry open C1", "C1 entry open", "the entry is still open C1", "entry still open", "C1 still open"]
OPEN += ["入口开放 C1", "C1 入口还开着", "入口仍开放", "C1 还能提交"]


@pytest.mark.parametrize("words", LATER)
def test_a_later_deadline_is_accepted_by_words(talk: Talk, words: str) -> None:
    before = case(talk)
    found(talk, before.onset + 5 * H)
    assert case(talk).deadline == before.deadline
    talk.say(words)
    after = case(talk)
    assert (after.deadline, after.onset, after.onset_found) == (before.deadline + 5 * H, before.onset + 5 * H, None)
    assert ("li", "deadline_accepted") in noted(talk)


@pytest.mark.parametrize(("language", "label"), [("en", "Accept the later deadline"), ("zh", "采用更晚的截止时间")])
def test_a_later_deadline_is_accepted_by_its_button(talk: Talk, language: str, label: str) -> None:
    talk.say(f"lang {language}")
    before = case(talk)
    found(talk, before.onset + 5 * H)
    shown = talk.in_slot("C1:headline", "C1")
    [answer] = talk.press(buttons(shown)[label], "C1")
    until = f"{before.deadline + 5 * H:%Y-%m-%d %H:%M}"
    assert case(talk).deadline == before.deadline + 5 * H and until in answer.plain()
    fresh = talk.in_slot("C1:headline", "C1")
    assert label not in buttons(fresh) and until in fresh.plain()
    # An old card's button changes nothing more.
    talk.press(buttons(shown)[label], "C1")
    assert case(talk).deadline == before.deadline + 5 * H
    assert noted(talk).count(("li", "deadline_accepted")) == 1


@pytest.mark.parametrize("words", OPEN)
def test_the_entry_is_open_by_words(talk: Talk, words: str) -> None:
    before = case(talk)
    found(talk, NOW - 73 * H)
    talk.say(words)
    after = case(talk)
    assert (after.deadline, after.deadline_by, after.status) == (before.deadline, "li", CaseStatus.OPEN)
    assert ("li", "entry_open") in noted(talk)


@pytest.mark.parametrize(("language", "label"), [("en", "The entry is open"), ("zh", "入口还开着")])
def test_the_entry_is_open_by_its_button(talk: Talk, language: str, label: str) -> None:
    talk.say(f"lang {language}")
    before = case(talk)
    found(talk, NOW - 73 * H)
    [answer] = talk.press(buttons(talk.in_slot("C1:headline", "C1"))[label], "C1")
    assert f"{before.deadline:%Y-%m-%d %H:%M}" in answer.plain()
    assert case(talk).deadline_by == "li" and label not in buttons(talk.in_slot("C1:headline", "C1"))


@pytest.mark.parametrize("words", ["entry open C1", "入口开放 C1"])
def test_an_expired_case_needs_the_time_that_is_shown(talk: Talk, words: str) -> None:
    talk.app.clock.at = NOW + timedelta(days=4)
    talk.app.monitoring.close_overdue()
    answer = talk.say(words).plain()
    assert "deadline C1" in answer or "截止 C1" in answer
    after = case(talk)
    assert (after.status, after.deadline_by) == (CaseStatus.EXPIRED, "")


@pytest.mark.parametrize(
    "words", ["deadline computed C1?", "entry open C1?", "入口还开着吗 C1", "接受截止时间 C1 吗"]
)
def test_a_question_decides_nothing(talk: Talk, words: str) -> None:
    before = case(talk)
    found(talk, before.onset + 5 * H)
    talk.say(words)
    assert (case(talk).deadline, case(talk).deadline_by) == (before.deadline, "")


@pytest.mark.parametrize("words", ["deadline computed C1", "入口开放 C1"])
def test_it_can_be_undone(talk: Talk, words: str) -> None:
    before = case(talk)
    found(talk, before.onset + 5 * H)
    talk.say(words)
    talk.say("undo C1")
    after = case(talk)
    assert (after.deadline, after.deadline_by, after.onset_found) == (before.deadline, "", before.onset + 5 * H)


def test_who_only_looks_decides_nothing(talk: Talk) -> None:
    before = case(talk)
    found(talk, before.onset + 5 * H)
    talk.person = "guest"
    for words in ("deadline computed C1", "entry open C1"):
        talk.say(words)
    assert (case(talk).deadline, case(talk).deadline_by) == (before.deadline, "")
