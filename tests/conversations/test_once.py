"""What one message costs: a case is judged once per change, its cards are made once, its words are read once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.conversation.naming import named
from bot.domain.anomaly import detect
from bot.messaging.card import Button, Form
from bot.rules import review
from bot.runtime.bootstrap import App
from bot.wording.card_factory import CardFactory
from tests.conversations.conftest import ANOMALY, NOW, ORDERS, TRACKING, Talk, conversation, tracking_page
from tests.conversations.test_timeline import CHANGES, prepare
from tests.counting import calls, transactions

LANGUAGES = 2
CHANGE = {"review": 1, "detect": 1, "CardFactory.headline": LANGUAGES, "CardFactory.work": LANGUAGES}
"""What a change of a case costs, in however many channels it is shown."""
NONE: dict[str, int] = {}
COSTS = {
    # What no card of the case shows changes none of them.
    "ack": NONE,
    "snooze": NONE,
    "reminders_off": NONE,
    "reminders_on": NONE,
    "redact": NONE,
    "note": NONE,
    # The package is written from what is judged.
    "export": {"review": 1},
    "export_covered": {"review": 1},
    "export_originals": {"review": 1},
    # What stops a submission is looked at before it.
    "submit": CHANGE | {"review": 2},
    # An excluded order is out of the rate: the case's own day and the next, which speaks for it, are measured again.
    "result": CHANGE | {"detect": 2},
}
READS = {
    "export": 4,
    "export_covered": 4,
    "export_originals": 4,
    "assign": 3,
    "undo": 3,
    "submit": 3,
    "result": 3,
    "redact": 3,
}
"""Transactions in which a turn reads before it writes, where it takes more than who speaks and what it is about."""
USUAL_READS = 2


def cost(talk: Talk, act: Callable[[], object]) -> tuple[dict[str, int], int]:
    """What is counted while somebody does something, and how many transactions read before the first one writes."""
    counted_calls = calls(review, detect, CardFactory.headline, CardFactory.work, named)
    with counted_calls as counted, transactions(talk.app.engine) as begun:
        act()
    return dict(counted), begun.index("write")


def test_an_alert_measures_each_day_once_and_judges_its_case_once(app: App) -> None:
    """The day of both shops; of the one that fires also the day before, where the anomaly may have begun, and the one
    after, which speaks for its case too. Before, the case's own day was measured three times."""
    with calls(review, detect, CardFactory.headline, CardFactory.work) as counted:
        app.monitoring.check(ANOMALY)
    assert counted == CHANGE | {"detect": 4}
    with calls(review, detect) as counted:
        app.monitoring.check(ANOMALY)
    assert counted == {"review": 1, "detect": 4}, "found again, and so are its figures"


def test_a_countdown_that_moves_judges_its_case_once(talk: Talk) -> None:
    talk.app.clock.at = NOW + timedelta(hours=30)
    with calls(review, detect, CardFactory.headline, CardFactory.work) as counted:
        assert talk.app.publisher.refresh_due() == 1
    assert counted == CHANGE


@pytest.mark.parametrize("handler", CHANGES)
def test_a_command_reads_its_words_once_and_judges_its_case_once(talk: Talk, handler: str) -> None:
    before, words = CHANGES[handler]
    for step in before:
        prepare(talk, step)
    counted, reads = cost(talk, lambda: talk.say(words, thread="C1"))
    assert counted == COSTS.get(handler, CHANGE) | {"named": 1}
    assert reads <= READS.get(handler, USUAL_READS)


FILES = [("t.txt", tracking_page(0)), ("c.txt", conversation(0)), ("u.txt", tracking_page(1))]


@pytest.mark.parametrize("thread", ["C1", ""])
@pytest.mark.parametrize("words", ["", f"证据 {ORDERS[0]} 物流", "谢谢"])
@pytest.mark.parametrize("number", [1, 3])
def test_files_of_one_message_make_the_cards_of_their_case_once(
    talk: Talk, thread: str, words: str, number: int
) -> None:
    counted, reads = cost(talk, lambda: talk.send(*FILES[:number], text=words, thread=thread))
    assert counted.pop("named") <= 2, "what stands beside files may be a turn of its own"
    assert (counted, reads) == (CHANGE, 2)


def test_the_answer_to_files_is_the_card_that_their_change_has_put(talk: Talk) -> None:
    [answer] = talk.send(*FILES[:1], thread="C1")
    assert "E1" in answer.plain()
    assert talk.in_slot("C1:work", "C1").elements == answer.elements
    [elsewhere] = talk.send(*FILES[1:2])
    assert "E2" in elsewhere.plain() and "E1" not in elsewhere.plain()
    assert talk.in_slot("C1:work", "C1").elements == elsewhere.elements


def test_a_link_and_words_are_evidence_at_the_same_cost(talk: Talk) -> None:
    for words in (f"证据 {ORDERS[0]} https://drive.google.com/file/1", f"证据 {ORDERS[0]} {conversation(0)}"):
        counted, reads = cost(talk, lambda words=words: talk.say(words, thread="C1"))
        assert (counted, reads) == (CHANGE | {"named": 1}, 2)


def test_what_people_say_of_evidence_changes_its_case_once_however_much_it_is(talk: Talk, png: bytes) -> None:
    talk.send(("1.png", png), ("2.png", png + b"\0"), ("3.png", png + b"\0\0"), thread="C1")
    about = {"evidence": "E1,E2,E3", "order": ORDERS[1], "kind": "tracking_page"}
    counted, reads = cost(talk, lambda: talk.press(Button("", "file", about), "C1"))
    assert (counted, reads) == (CHANGE, 2)
    form = Form("", "state", (), "", {"evidence": "E1"})
    counted, reads = cost(talk, lambda: talk.submit(form, "C1", tracking_number=TRACKING[1]))
    assert (counted, reads) == (CHANGE, 2)
    number = {"evidence": "E2", "fact": "tracking_number", "number": TRACKING[1]}
    counted, reads = cost(talk, lambda: talk.press(Button("", "confirm", number), "C1"))
    assert (counted, reads) == (CHANGE, 2)


@pytest.mark.parametrize(("words", "looks"), [("缺什么", 1), ("C1", 1), ("订单 C1", 1), ("草稿 C1", 1), ("帮助", 0)])
def test_who_only_asks_has_the_case_looked_at_once(talk: Talk, words: str, looks: int) -> None:
    counted, reads = cost(talk, lambda: talk.say(words, thread="C1"))
    assert counted.get("review", 0) == looks and counted.get("named", 0) <= 2 and reads <= 4
