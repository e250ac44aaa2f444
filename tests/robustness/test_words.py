"""Whatever people type, press or send: an answer, and nothing worse."""

import threading

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from bot.conversation.events import CommandReceived
from bot.conversation.vocabulary import tidy
from bot.domain.case import CaseStatus
from bot.messaging.card import Actions, Button, Card
from tests.conversations.conftest import CHANNEL, NOW, ORDERS, Talk, buttons, tracking_page


def rows(talk: Talk, shop: str = "us-1") -> list[object]:
    """The cases as they stand."""
    with talk.app.store.unit(read_only=True) as unit:
        return list(unit.cases.listed([shop], active=False))


def tell(talk: Talk, words: str) -> list[Card]:
    """Say something that is for the bot and nobody else, as with a mention of it."""
    return talk.hear(CommandReceived(f"told-{next(talk.numbers)}", CHANNEL, "li", NOW, text=words, called=True))


NONSENSE = pytest.mark.parametrize(
    "words",
    [
        "",
        "   \n\t ",
        "asdf qwer 🙃🙃🙃",
        "\ue000\ue001 \uf8ff \U000f0000\U0010ffff",
        "asdf qwer",
        "\x00\x01\x1b[31mred\x7f",
        "\u202egnp.exe\u202c",
        "{{ 7*7 }}",
        "{% raw %}{{ config }}{% endraw %}",
        "${7*7} #{7*7}",
        "'; DROP TABLE appeal_case; --",
        "<script>alert(1)</script> **bold** [x](javascript:alert(1))",
        "\ud800 half a character",
        "%s %d %n {0}",
        "../../etc/passwd",
    ],
)


@NONSENSE
def test_nonsense_gets_one_card_that_points_to_the_help(talk: Talk, words: str) -> None:
    before = rows(talk)
    [card] = tell(talk, words)
    assert buttons(card)["帮助"].payload == {"text": "帮助"}
    assert "49" not in card.title and "\u202e" not in card.title and "\x1b" not in card.title
    card.plain().encode()
    assert rows(talk) == before


@NONSENSE
def test_nonsense_among_colleagues_is_theirs(talk: Talk, words: str) -> None:
    before = rows(talk)
    assert talk.says(words) == [] == talk.says(words, thread="C1")
    assert rows(talk) == before


@pytest.mark.parametrize("words", ["谢谢", "thanks!", "👍", "🙃🙃🙃", "好的，辛苦了"])
def test_thanks_and_emoji_get_no_card_even_from_whoever_speaks_to_the_bot(talk: Talk, words: str) -> None:
    assert tell(talk, words) == [] == talk.says(words)


@pytest.mark.parametrize("words", ["x" * 1_000_000, "缺什么 " + "长" * 1_000_000, "关闭 C1 " + "y" * 1_000_000])
def test_a_million_characters_get_a_short_answer(talk: Talk, words: str) -> None:
    assert all(len(card.plain()) < 5_000 for card in talk.says(words))


def test_a_million_characters_of_evidence_are_kept_whole(talk: Talk) -> None:
    words = "TikTok Inbox conversation " + "long " * 200_000
    talk.says(f"证据 {ORDERS[0]} {words}")
    with talk.app.store.unit(read_only=True) as unit:
        [item] = unit.evidence.of_case("C1")
    assert item.size >= 1_000_000 and talk.app.vault.verify(item.sha256)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("案件 C99", "C99"),
        ("案件 C999999999", "C999999999"),
        ("认领 C0", "C0"),
        ("证据 99999999", "99999999"),
        ("场景 99999999 S1", "99999999"),
        (f"场景 {ORDERS[0]} S99", "S99"),
        ("撤回 E999999999", "E999999999"),
        (f"证据 {ORDERS[0]}", ORDERS[0]),
        ("指派 C1", "指派"),
        ("语言 klingon", "zh"),
    ],
)
def test_what_does_not_exist_is_named_in_the_answer(talk: Talk, words: str, told: str) -> None:
    before = rows(talk)
    assert told in talk.say(words).plain()
    assert rows(talk) == before


HOSTILE = {"case": "../../C1", "order": "../../../x", "evidence": "E" + "9" * 5000, "kind": "../x", "v": "9" * 5000}


MADE_UP = [HOSTILE, {"case": "\ud800", "text": "\x00"}, {"evidence": "E1", "case": "C9"}]


@pytest.mark.parametrize("action", ["claim", "file", "state", "withdraw", "tag", "submit", "export", "say", "", "🙃"])
def test_made_up_buttons_change_nothing(talk: Talk, action: str) -> None:
    before = rows(talk)
    for payload in MADE_UP if action in ("claim", "submit") else [*MADE_UP, {}]:
        for card in talk.press(Button("?", action, payload)):
            card.plain().encode()
    assert rows(talk) == before


def test_a_button_that_names_no_case_means_the_only_open_one(talk: Talk) -> None:
    talk.press(Button("?", "claim", {}))
    talk.press(Button("?", "submit", {"sure": "yes"}))
    [case] = rows(talk)
    assert (case.owner, case.status) == ("li", CaseStatus.SUBMITTED)


def test_evidence_is_filed_only_where_it_can_belong(talk: Talk) -> None:
    talk.send(("note.txt", "nothing in particular"))
    with talk.app.store.unit(read_only=True) as unit:
        before = unit.evidence.get("E1")
    for wrong in ({"case": "C7"}, {"case": "C1", "order": "../../x"}, {"order": "999"}, {"kind": "../x"}):
        [card] = talk.press(Button("?", "file", {"evidence": "E1", **wrong}))
        assert next(reversed(wrong.values())) in card.plain()
    with talk.app.store.unit(read_only=True) as unit:
        assert unit.evidence.get("E1") == before


def test_files_are_kept_whatever_the_words_beside_them(talk: Talk) -> None:
    for words in ("证据 99999999", f"证据 {ORDERS[0][:6]}", "证据 C9", "证据 41303878"):
        talk.send(("tracking.txt", tracking_page()), text=words)
    with talk.app.store.unit(read_only=True) as unit:
        kept = [*unit.evidence.of_case("C1"), *unit.evidence.unfiled(CHANNEL)]
    assert len(kept) == 4 and all(talk.app.vault.verify(item.sha256) for item in kept)


def test_a_hundred_files_at_once_are_asked_about_a_few_at_a_time(talk: Talk) -> None:
    [card] = talk.send(*((f"note-{number}.txt", f"note {number}") for number in range(100)), thread="C1")
    assert sum(isinstance(element, Actions) for element in card.elements) <= 5
    assert "还有 97 份" in card.plain()


def test_the_same_event_twice_has_one_effect_and_one_answer(talk: Talk) -> None:
    event = CommandReceived("event-x", CHANNEL, "li", NOW, text="认领 C1")
    results: list[int] = []
    threads = [
        threading.Thread(target=lambda: results.append(len(talk.app.dispatcher.handle(event).cards)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(results) == [0, 0, 0, 1]
    with talk.app.store.unit(read_only=True) as unit:
        assert [item.what for item in unit.cases.timeline("C1")].count("claimed") == 1


def test_of_two_who_claim_at_once_one_wins_and_the_other_is_told(talk: Talk) -> None:
    answers: dict[str, str] = {}

    def claim(person: str) -> None:
        event = CommandReceived(f"by-{person}", f"console:{person}", person, NOW, text="claim C1")
        answers[person] = talk.app.dispatcher.handle(event).cards[0].plain()

    people = [f"person{number}" for number in range(6)]
    with talk.app.store.unit() as unit:
        for person in people:
            unit.shops.bind("us-1", f"console:{person}", person, NOW)
    threads = [threading.Thread(target=claim, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    [owner] = {case.owner for case in rows(talk)}
    assert owner in people
    assert all(owner in answers[person] for person in people if person != owner)


def test_a_button_of_an_old_card_changes_nothing(talk: Talk) -> None:
    old = Button("认领", "claim", {"case": "C1", "v": str(rows(talk)[0].version)})
    talk.say("场景 5751 S1")
    [card] = talk.press(old)
    assert "C1" in card.plain() and rows(talk)[0].owner == ""


@effort(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=60), command=st.sampled_from(["", "证据 ", "场景 ", "案件 ", "odr ", "结果 ", "撤回 "]))
def test_any_words_after_any_command_get_an_answer(talk: Talk, command: str, words: str) -> None:
    answers = tell(talk, command + words)
    assert answers or not command
    for card in (*answers, *talk.says(command + words)):
        assert "我这边出错了" not in card.plain()
        card.plain().encode()


@given(st.text(max_size=200))
def test_tidied_words_hold_nothing_invisible_that_reverses_or_commands(text: str) -> None:
    assert not set(tidy(text)) & set("\x00\x07\x1b\x7f\u202a\u202e\u2066\u2069")
