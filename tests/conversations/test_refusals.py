"""Refusals in the words of whoever reads them: what happened, what of the deadline, what to do now."""

import pytest

from bot.conversation.events import FileReceived, Problem, Upload
from tests.conversations.conftest import ORDERS, Talk

UNCHANGED = {"zh": "没有任何改动", "en": "nothing was changed"}
COUNTING = {"zh": "倒计时还在走", "en": "countdown goes on"}
FIRST = {"zh": "请先输入：已提交", "en": "type first: submit"}
REOPEN = {"zh": "重新打开 C1", "en": "reopen C1"}
STATES = {"zh": "（已关闭）", "en": "(dismissed)"}
NOT_YET = {"zh": "“未提交”", "en": "“not submitted”"}
ROLE = {"zh": "“成员”权限", "en": "role “member”"}
SAVED = {"zh": "保存", "en": "saved"}
PROBLEMS = ("file_scope", "file_gone", "file_too_large", "file_unreachable", "file_empty", "file_forwarded")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_states_and_roles_are_words_and_the_way_on_is_told(talk: Talk, language: str) -> None:
    talk.person = "boss"
    talk.say(f"lang {language}")
    early = talk.say(f"result {ORDERS[0]} rejected ODR-07", thread="C1").title
    assert UNCHANGED[language] in early and FIRST[language] in early
    assert NOT_YET[language] in early
    talk.say("dismiss C1 the buyer withdrew")
    for words in ("claim C1", f"tag {ORDERS[0]} S1", f"submit {ORDERS[0]}"):
        over = talk.say(words, thread="C1").title
        assert UNCHANGED[language] in over and REOPEN[language] in over
        assert STATES[language] in over
    talk.person = "guest"
    talk.say(f"lang {language}")
    denied = talk.say("claim C1").title
    assert ROLE[language] in denied and COUNTING[language] in denied


def test_what_was_set_aside_cannot_be_submitted_in_parts(talk: Talk) -> None:
    talk.person = "boss"
    talk.say("关闭 C1 买家已撤回")
    assert "已结束" in talk.say(f"已提交 {ORDERS[0]}", thread="C1").title
    assert talk.app.cases.get("C1").order(ORDERS[0]).appeal.value == "none"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_file_that_did_not_arrive_says_what_that_means(talk: Talk, problem: Problem, language: str) -> None:
    talk.say(f"lang {language}")
    upload, now = Upload(talk.folder / "x", "track.png", 0, problem=problem), talk.app.clock.now()
    [card] = talk.hear(FileReceived(f"f-{problem}", talk.channel, talk.person, now, "C1", (upload,)))
    assert SAVED[language] in card.title and COUNTING[language] in card.title
    assert ("100 MB" in card.title) is (problem == "file_too_large")
