import pytest

from bot.runtime.bootstrap import App
from tests.conversations.conftest import ORDERS, Talk
from tests.conversations.lines.heard import Hearing, lines

RIGHT = ("acts rightly", "asks rightly", "shows", "silent rightly")


@pytest.mark.parametrize("name", ["first", "second"])
def test_real_talk_does_what_it_says_and_nothing_else(app: App, talk: Talk, name: str) -> None:
    hearing = Hearing(app, talk)
    heard = [hearing.hear(line) for line in lines(name)]
    assert [(one.line.say, one.verdict, one.changed, one.words) for one in heard if one.verdict not in RIGHT] == []


def test_pasted_evidence_is_kept_as_it_came(app: App, talk: Talk) -> None:
    pasted = "UPS　tracking：１Ｚ…\n  2026-11-13   “weather delay”\n\n  Cafe\u0301"
    talk.say(f"evidence 5751 {pasted}", thread="C1")
    with app.store.unit(read_only=True) as unit:
        [item] = unit.evidence.of_case("C1")
    assert item.order_ids == [ORDERS[0]]
    assert app.vault.path(item.sha256).read_text() == pasted.replace("e\u0301", "é")


def test_what_is_asked_back_is_shown_as_it_came(talk: Talk) -> None:
    assert "“关闭C1，对吗？”" in talk.say("关闭C1，对吗？", thread="C1").title
