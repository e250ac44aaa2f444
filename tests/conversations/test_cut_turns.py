"""A turn that a crash cuts off between its change and its answer is run again: it changes nothing more, and people
read what they would have read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.conversation.events import ButtonPressed
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.model import Settings
from bot.store.records import RecordTable
from tests.conversations.conftest import ANOMALY, NOW, ORDERS, Talk, conversation, story, tracking_page

FIRST, SECOND, THIRD = ORDERS
SAID = [
    "release C1",
    "assign C1 boss",
    f"tag {FIRST} S1",
    f"skip {THIRD}",
    f"include {THIRD}",
    f"skip {THIRD}",
    "dismiss C1 wrong data",
    "reopen C1",
    f"edit {FIRST} Delayed at 2026-11-13 10:00 UTC.",
    "snooze C1 1h",
    "reminders off C1",
    "reminders on C1",
    "hold C1",
    "oncall set boss 3d",
    f"submit {FIRST} anyway",
    "submit C1 anyway",
    f"result {FIRST} received",
    f"result {FIRST} rejected ODR-07",
    f"notice {FIRST}",
    f"submit {FIRST}",
    f"result {FIRST} excluded",
    f"result {SECOND} excluded",
    "lang en",
]


class Cut(BaseException):
    """The program dies here."""


@pytest.fixture
def twins(settings: Settings, tmp_path: Path) -> list[Talk]:
    return [twin(settings.model_copy(update={"data_dir": tmp_path / name}), tmp_path) for name in ("whole", "cut")]


def twin(settings: Settings, folder: Path) -> Talk:
    app = App(settings, FrozenClock(NOW)).open()
    orders, defects = story()
    with app.store.unit() as unit:
        unit.orders.upsert_orders("us-1", orders)
        unit.orders.upsert_defects("us-1", defects)
    app.monitoring.check(ANOMALY)
    return Talk(app, folder, person="boss")


def press(version: int) -> Callable[[Talk], list[object]]:
    payload = {"case": "C1", "v": str(version)}
    common = {"id": f"press-{version}", "channel": "console:ops", "person": "boss", "at": NOW, "thread": "C1"}
    return lambda talk: talk.hear(ButtonPressed(**common, action="claim", payload=payload))


def send(talk: Talk) -> list[object]:
    return talk.send(("t.txt", tracking_page()), ("c.txt", conversation()), thread="C1")


def say(words: str) -> Callable[[Talk], list[object]]:
    return lambda talk: talk.says(words, thread="C1")


def test_a_turn_cut_off_after_its_change_gives_its_answer(twins: list[Talk], monkeypatch: pytest.MonkeyPatch) -> None:
    whole, cut = twins
    for number, turn in enumerate([press(1), send, *map(say, SAID)]):
        first = 100 * number
        whole.numbers = iter(range(first, first + 100))
        answer = turn(whole)
        die_before_the_end(cut, turn, first, monkeypatch)
        cut.numbers = iter(range(first, first + 100))
        assert turn(cut) == answer, turn
    assert history(whole) == history(cut)
    for talk in twins:
        talk.app.engine.dispose()


def die_before_the_end(
    talk: Talk, turn: Callable[[Talk], list[object]], first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> bool:
        raise Cut

    talk.numbers = iter(range(first, first + 100))
    with monkeypatch.context() as patch, pytest.raises(Cut):
        patch.setattr(RecordTable, "take_event", die)
        turn(talk)


def history(talk: Talk) -> object:
    with talk.app.store.unit(read_only=True) as unit:
        events = [(event.who, event.what, event.params) for event in unit.cases.timeline("C1")]
        return talk.app.cases.get("C1"), events, [item.id for item in unit.evidence.of_case("C1")]
