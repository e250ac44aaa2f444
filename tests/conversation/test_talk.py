"""What people say in their own words, in the scene of benchmarks/talk: no program runs, only the understanding."""

from collections import Counter

import pytest

from benchmarks.talk.measure import LINES, entries, measure
from benchmarks.talk.scene import scene
from bot.conversation.readings import Response

STAGE = scene()
SAMPLE = 6
"""Of the labelled lines every so many-th is tried here; `make accuracy` tries all."""


def counted(name: str, every: int = 1) -> tuple[Counter[str], list[str]]:
    found = measure(entries(LINES / f"{name}.toml")[::every], STAGE)
    faults = [fault for tally in found.values() for fault in tally.faults]
    return sum((tally.counts for tally in found.values()), Counter()), faults


@pytest.mark.parametrize("name", ["talk-zh", "talk-en"])
def test_talk_between_colleagues_does_nothing_and_gets_no_card(name: str) -> None:
    counts, faults = counted(name)
    assert counts.total() >= 200 and not faults


@pytest.mark.parametrize("name", ["seen-zh", "seen-en"])
def test_of_what_people_say_most_is_understood_and_nothing_done_that_nobody_asked_for(name: str) -> None:
    counts, faults = counted(name, SAMPLE)
    assert not counts["wrong act"] and not counts["talk answered"], faults
    assert counts["understood"] + counts["rightly asked"] >= 0.8 * counts.total(), faults


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("0083是物流延误，0071翻译错了", {"S1": ["0083"], "S8": ["0071"]}),
        ("0083=S1 0071=S8 0018=S2", {"S1": ["0083"], "S8": ["0071"], "S2": ["0018"]}),
        ("5752 S1\n0018 S3\n0083 S2\n0071 S8", {"S1": ["5752"], "S3": ["0018"], "S2": ["0083"], "S8": ["0071"]}),
        ("全部都是物流问题，除了0018是翻译错误", {"S1": ["5752", "0083", "0071"], "S8": ["0018"]}),
        (
            "all late delivery except 0083, that one is the platform sync",
            {"S1": ["5752", "0018", "0071"], "S4": ["0083"]},
        ),
        ("S1 for 0083 and S3 for 0071 please", {"S1": ["0083"], "S3": ["0071"]}),
        ("0018 and 0083 both stuck at customs", {"S1": ["0018", "0083"]}),
        ("26 was a translation issue", {}),
        ("0083是物流延误吗", {}),
        ("她说0083是物流延误", {}),
        ("如果买家不回，0083就标物流延误", {}),
        ("0083不是物流延误", {}),
    ],
)
def test_orders_get_the_values_that_are_said_of_them(said: str, values: dict[str, list[str]]) -> None:
    heard = STAGE.hear(said, "thread C1")
    each = heard.reading.each if heard.reading and heard.command == "tag" else ()
    assert {one.value: [order[-4:] for order in one.orders] for one in each} == values


@pytest.mark.parametrize(
    ("said", "where", "command", "rest"),
    [
        ("我接了", "thread C1", "claim", ""),
        ("把C2给王强", "channel my", "assign", "C2 wang"),
        ("@Anna 这单你来跟一下", "thread C1", "assign", "anna"),
        ("用中文", "thread C1", "lang", "zh"),
        ("oops wrong one", "thread C1", "undo", ""),
        ("0018 被驳回 ODR-07", "thread C1", "result", "0018 rejected ODR-07"),
        ("不申诉0083了", "thread C1", "skip", "0083"),
        ("83 71我们自己的锅,这两单不申述", "thread C1", "skip", "0083 0071"),
        ("nova那个案子最晚什么时候要交", "private", "answer", "C2"),
        ("C3还剩几个小时", "channel ph", "answer", "C3"),
        ("没有聊天记录怎么办", "thread C1", "answer", ""),
        ("what does S1 mean", "thread C1", "answer", "S1"),
    ],
)
def test_what_is_wanted_is_done(said: str, where: str, command: str, rest: str) -> None:
    heard = STAGE.hear(said, where)
    assert (heard.command, heard.rest) == (command, rest)


@pytest.mark.parametrize(
    "said", ["stop bugging me", "别提交", "先不要交", "她说 dismiss", "> dismiss C1 not our fault"]
)
def test_no_act_is_offered_that_was_denied_quoted_or_only_sounds_like_it(said: str) -> None:
    heard = STAGE.hear(said, "thread C1")
    offered = {heard.command, *(each.command for each in heard.readings)}
    assert not offered & {"submit", "dismiss", "unhold"}


@pytest.mark.parametrize("people", [{"skip": "p1", "提交": "p2"}, {"mark": "p1", "will": "p2"}])
def test_people_who_are_called_like_commands_act_by_nothing(people: dict[str, str]) -> None:
    from dataclasses import replace

    from benchmarks.talk.scene import surroundings

    around = replace(surroundings("thread C1"), people=people)
    for name in people:
        for line in (f"{name} 今天休假", f"ask {name} about 0083", f"@{name} 在吗"):
            meaning = STAGE.listener.understanding.of(line, around)
            assert meaning.response is not Response.ACT, line


@pytest.mark.parametrize(
    "said",
    [
        *("0083 S1 是错的", "0083 物流延误是错的", "0083 S1标错了", "0083 已通过是错的", "0083通过有误"),
        *("0083 S1 is wrong", "0083 S1 incorrect", "0083 approved is wrong", "0083 approved was a mistake"),
        *("note C1 carrier record attached?", "note: should we appeal 0083?", "备注一下 这单要不要申诉？"),
        *("备注 C1 承运商轨迹之前先问我", "证据 0083 承运商轨迹是错的", "note C1 carrier record attached — not yet"),
    ],
)
@pytest.mark.parametrize("where", ["thread C1", "channel ph", "private"])
def test_what_is_called_wrong_or_asked_is_neither_done_nor_kept(said: str, where: str) -> None:
    assert STAGE.hear(said, where).command in ("", "answer")


@pytest.mark.parametrize(
    ("said", "where", "command", "rest"),
    [
        ("odr S1", "channel ph", "odr", "S1"),
        ("odr LUMIERE　PH", "channel ph", "odr", "lumiere ph"),
        ("replay S1", "channel ph", "replay", "S1"),
        ("odr us-9", "channel ph", "odr", "us-9"),
        ("how's nova's odr?", "private", "odr", "S2"),
        ("odr is terrible today", "channel ph", "", "odr is terrible today"),
    ],
)
def test_a_command_about_a_shop_keeps_its_shop(said: str, where: str, command: str, rest: str) -> None:
    heard = STAGE.hear(said, where)
    assert (heard.command, heard.rest.casefold()) == (command, rest.casefold())


@pytest.mark.parametrize(
    ("said", "silent"), [("misssing", False), ("caes", False), ("passing", True), ("dismis", True)]
)
def test_a_misspelt_command_that_only_shows_is_answered(said: str, silent: bool) -> None:
    assert STAGE.hear(said, "channel ph").silent is silent
