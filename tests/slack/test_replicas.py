"""Two programs on one database: whichever gets an event, it is answered once."""

import itertools
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.runtime.bootstrap import App
from bot.settings.model import Settings
from bot.settings.sections import DatabaseSettings
from tests.conversations.conftest import ORDERS, buttons
from tests.slack.conftest import DOOR, PATIENCE, PATIENT, alarm, made_settings, program
from tests.slack.fake.doors import HttpDoor
from tests.slack.fake.server import SlackServer
from tests.slack.served import Served
from tests.slack.talk import SlackTalk, Turns, populate
from tests.slack.test_events import mention, timeline

pytestmark = pytest.mark.postgres


@pytest.fixture
def settings(tmp_path: Path, slack: SlackServer, mode: str, postgres_url: str) -> Settings:
    populate(slack.world)
    return made_settings(tmp_path / "data", slack, mode).model_copy(
        update={"database": DatabaseSettings(url=postgres_url)}
    )


@pytest.fixture
def app(app: App) -> App:
    """The first program, on a database without history."""
    alarm(app)
    return app


@pytest.fixture
def twin(app: App, settings: Settings, tmp_path: Path) -> Iterator[App]:
    """A second program on the same data."""
    twin = program(settings, PATIENT)
    twin.open()
    yield twin
    twin.engine.dispose()


@pytest.fixture
def second(twin: App) -> Iterator[HttpDoor]:
    """The twin's own door."""
    server = Served()
    server.doors = twin.platforms["slack"].routes
    twin.platforms["slack"].begin()
    door = HttpDoor(server.home + DOOR, PATIENCE)
    yield door
    door.close()
    twin.platforms["slack"].end()
    server.stop()


def test_both_get_the_same_event_and_one_answers(talk: SlackTalk, twin: App, second: HttpDoor) -> None:
    others, first = Turns(twin), talk.people.door
    body = {
        "event": mention(talk, "claim C1"),
        "event_id": "EvBoth00001",
        "type": "event_callback",
        "team_id": "T0TEAM001",
    }
    both = [threading.Thread(target=door.event, args=(body,)) for door in (first, second)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    talk.turns.finish()
    others.finish()
    assert timeline(talk).count("claimed") == 1
    assert len(talk.world.shown(talk.place, "")) == 2, "the headline and one answer"


def test_a_conversation_goes_on_with_whichever_program(talk: SlackTalk, twin: App, second: HttpDoor) -> None:
    others = Turns(twin)
    doors = itertools.cycle([second, talk.people.door])
    for words in ("认领", "缺什么", "场景 全部 S1", f"草稿 {ORDERS[0]}", "时间线"):
        talk.people.door = next(doors)
        talk.people.say(talk.user, talk.place, words, talk.root("C1"))
        assert len([*talk.turns.finish(), *others.finish()]) == 1
    talk._look()
    talk.people.door = second
    button = buttons(talk.in_slot("C1:headline", "C1"))["还缺什么"]
    talk._press(talk._sight(lambda card: button in buttons(card).values()), button.label)
    assert len(others.finish()) == 1
    assert len(talk.world.called("pins.add")) == 1, "pinned once, by whichever"


def test_they_keep_one_rate_limit_together(talk: SlackTalk, twin: App, slack: SlackServer) -> None:
    limits = [each.host("slack").rates for each in (talk.app, twin)]
    # A minute lies between two places, so that it does not matter how long asking takes.
    waits = [limits[number % 2].reserve("users.info", 1, burst=2) for number in range(6)]
    assert waits[:2] == [0, 0] and waits[-1] > 120 and sorted(waits) == waits


@pytest.mark.parametrize("mode", ["socket"])
def test_two_socket_connections_share_the_events_and_each_is_answered_once(
    talk: SlackTalk, twin: App, slack: SlackServer
) -> None:
    others, chat = Turns(twin), twin.platforms["slack"]
    chat.begin()
    slack.sockets.wait(2)
    slack.sockets.choose = lambda number: number
    for words in ("缺什么", "订单", "胜算", "时间线"):
        talk.people.say(talk.user, talk.place, words, talk.root("C1"))
        assert len([*talk.turns.finish(), *others.finish()]) == 1
    assert set(slack.sockets.used) == {0, 1}, "both had something to do"
    talk.people.last.clear()
    talk.people.say(talk.user, talk.place, "认领", talk.root("C1"))
    talk.people.repeat(list(talk.people.last))
    talk.turns.finish()
    others.finish()
    assert timeline(talk).count("claimed") == 1, "brought again to the other one, it is the same event"
    chat.end()
    slack.sockets.wait(1)
