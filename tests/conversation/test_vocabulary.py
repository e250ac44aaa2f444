"""What people type, and which command they mean by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.vocabulary import CommandVocabulary, tidy
from bot.runtime.conversing import all_handlers
from bot.wording.phrases import shared_phrases
from bot.wording.speech import command_words
from tests.domain.profile import ROOT

PHRASES = shared_phrases(ROOT / "templates", "Asia/Shanghai")
NAMES = list(dict.fromkeys(key.split(".")[1] for key in PHRASES.keys("commands.", "en")))
SPOKEN = command_words(PHRASES, NAMES)
WORDS = CommandVocabulary(
    {"missing": ["missing", "what is missing", "缺什么"], "odr": ["odr"], "case": ["case", "案件"]}
)


@pytest.mark.parametrize(
    ("typed", "command", "rest"),
    [
        ("missing", "missing", ""),
        ("MISSING C3", "missing", "C3"),
        ("  what   is missing  c3 ", "missing", "c3"),
        ("缺什么C3", "missing", "C3"),
        ("缺什么：C3", "missing", "C3"),
        ("ｍｉｓｓｉｎｇ　Ｃ３", "missing", "C3"),
        ("@odr-bot missing", "missing", ""),
        ("<@U123> missing", "missing", ""),
        ("/odr missing C1", "missing", "C1"),
        ("/ODR 缺什么", "missing", ""),
        ("odr us-bright", "odr", "us-bright"),
        ("/odr odr us-bright", "odr", "us-bright"),
        ("/odr", "odr", ""),
        ("missingness", "", "missingness"),
        ("casefold", "", "casefold"),
        ("", "", ""),
    ],
)
def test_a_hurried_persons_words_are_understood(typed: str, command: str, rest: str) -> None:
    assert WORDS.match(tidy(typed)) == (command, rest)


@pytest.mark.parametrize(("typed", "near"), [("mising", "missing"), ("missnig c3", "missing c3"), ("cas", "case")])
def test_a_typing_error_suggests_the_nearest_command(typed: str, near: str) -> None:
    assert WORDS.nearest(tidy(typed)) == near


def test_nonsense_suggests_nothing() -> None:
    assert WORDS.nearest("qqqq") == "" and WORDS.nearest("") == ""


@given(st.text(max_size=300))
def test_any_text_can_be_tidied_and_matched(text: str) -> None:
    command, rest = WORDS.match(tidy(text))
    assert command in ("", "missing", "odr", "case") and len(rest) <= len(tidy(text))
    assert WORDS.nearest(tidy(text)).split(" ")[0] in ("", "what", *WORDS.longest)


HURRIED = """
我认领 | claim |
我来处理 | claim |
C5 我来 | claim | C5
认领一下C5 | claim | C5
I'll take it | claim |
I’ll take it | claim |
缺啥 | missing |
C5缺什么 | missing | C5
案件5 缺什么 | missing | C5
case C5 missing | missing | C5
怎么办 | missing |
what's missing? | missing | ?
还剩多久 | case |
time left | case |
案件 C1 | case | C1
看下C5 | | C5
在吗 | cases |
hello | cases |
全部S1 | tag | 全部 S1
全部标S1 | tag | 全部 S1
标 S1 全部 | tag | 全部 S1
都是S1 | tag | 全部 S1
S1 | tag | S1
0027 S1 | tag | 0027 S1
订单0027标S1 | tag | 0027 S1
0027物流延误 | tag | 0027 S1
tag all as s1 | tag | all S1
all S1 | tag | all S1
场景 0027 S1 Carrier Delay | tag | 0027 S1 Carrier Delay
场景 0027 S9 | tag | 0027 S9
写说明 | draft |
帮我写申诉 | draft |
can you write the explanation | draft |
draft 0027 | draft | 0027
请导出 | export |
帮我导出 C5 | export | C5
打包下载 | export |
export please | export |
提交了 | submit |
我们已经提交了 | submit |
we have submitted it | submit |
submitted C5 now | submit | C5 now
0027 通过 | result | 0027 excluded
0027通过了 | result | 0027 excluded
通过了 0027 | result | 0027 excluded
0027 被驳回了 | result | 0027 rejected
结果 0027 驳回 ODR-07 | result | 0027 rejected ODR-07
结果 0027 不通过 | result | 0027 rejected
0027 approved | result | 0027 excluded
result 0027 rejected ODR-07 | result | 0027 rejected ODR-07
0027 不申诉 | skip | 0027
0027跳过 | skip | 0027
E3 撤回 | withdraw | E3
撤回 E1,E2 | withdraw | E1,E2
修改 0027 Not delivered on time. | edit | 0027 Not delivered on time.
关闭 C5 买家已撤回 | dismiss | C5 买家已撤回
怎么提交 | howto |
where do I submit | howto |
今天谁值班 | oncall |
who's on call | oncall |
stop reminding me | reminders_off |
物流已经送达，买家自己拒收 | |
the parcel was refused by the buyer | |
通过了 | |
"""


@pytest.mark.parametrize("line", HURRIED.strip().splitlines())
def test_what_hurried_people_say_is_understood(line: str) -> None:
    typed, command, rest = (part.strip() for part in line.split("|"))
    meaning = SPOKEN.understand(tidy(typed))
    assert (meaning.command, meaning.rest) == (command, rest)


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("提交不了", "提交"),
        ("C5 还没提交", "提交 C5"),
        ("0027 要不要跳过", "跳过 0027"),
        ("why was it submitted for 0027", "submitted 0027"),
        ("the 0027 is misssing", ""),
    ],
)
def test_what_is_not_certain_is_asked_with_its_names(typed: str, near: str) -> None:
    assert SPOKEN.nearest(tidy(typed)) == near


@pytest.mark.parametrize("typed", ["我们提交申诉材料吧", "提交吧", "提交怎么弄", "submit how", "submitted?"])
def test_words_left_over_leave_a_doubt(typed: str) -> None:
    assert SPOKEN.understand(tidy(typed)).command == "submit" and not SPOKEN.understand(tidy(typed)).whole


def test_every_answer_belongs_to_a_command() -> None:
    assert SPOKEN.standalone.keys() == {"tag", "result"}
    assert SPOKEN.values.keys() == {"tag", "result", "cause", "lang"} <= all_handlers().routes.keys()


PARTS = [*SPOKEN.longest, *SPOKEN.leads, *SPOKEN.tails, "S1", "C5", "0027", "都", " ", "，"]


@given(st.lists(st.sampled_from(PARTS), max_size=12))
def test_any_words_in_any_order_have_an_end(words: list[str]) -> None:
    typed = tidy("".join(words))
    meaning = SPOKEN.understand(typed)
    assert meaning.command in ("", *NAMES)
    if meaning.command and meaning.whole and "C5" in typed.split():
        assert "C5" in meaning.rest.split()
