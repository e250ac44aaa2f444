import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.slack.limits import Limits
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.chats import SlackSettings
from bot.settings.model import Settings
from bot.settings.sections import EngineSettings
from bot.settings.team import PersonSettings, ShopSettings
from tests.conversations.conftest import ANOMALY, NOW, OpenLinks, png, story  # noqa: F401 - png is a fixture
from tests.conversations.exports import unwalled
from tests.slack.fake.doors import SECRET, Door, HttpDoor, SocketDoor
from tests.slack.fake.people import People
from tests.slack.fake.server import SlackServer, serving
from tests.slack.served import Served
from tests.slack.talk import CHANNELS, PEOPLE, Listening, SlackTalk, Turns, populate

DOOR = "/slack/events"
PATIENCE = 20
"""Three seconds are Slack's; here a busy machine is no slow bot."""
PATIENT = Limits(call=30, prompt=20, reading=20, pace=1e-9, burst=10_000)
"""On a busy machine a call may take longer than people and Slack wait in the wild; the limits of the methods have
their own tests, and the pace would only cost time."""
ROLES = {"guest": "viewer", "boss": "lead", "li": "admin"}


@pytest.fixture(scope="session")
def slack_server() -> Iterator[SlackServer]:
    """A Slack for all tests."""
    with serving() as server:
        yield server


@pytest.fixture
def slack(slack_server: SlackServer) -> SlackServer:
    """A workspace of one's own."""
    slack_server.renew()
    return slack_server


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    """Where apps have their door."""
    server = Served()
    yield server
    server.stop()


@pytest.fixture
def limits() -> Limits:
    """The limits to which the chat keeps."""
    return PATIENT


@pytest.fixture
def mode() -> str:
    """The way in: "http" or "socket"."""
    return "http"


def made_settings(folder: Path, slack: SlackServer, mode: str) -> Settings:
    """A team on Slack with two shops, each with a channel."""
    opened = date(2024, 1, 5)
    places = [f"slack:{CHANNELS[name]}" for name in ("ops", "uk")]
    return Settings(
        data_dir=folder,
        shops=[
            ShopSettings(id="us-1", name="Bright Home", site="US", opened_on=opened, channels=places[:1]),
            ShopSettings(id="uk-1", name="Bright UK", site="UK", opened_on=opened, channels=places[1:]),
        ],
        people=[PersonSettings(id=name, slack=PEOPLE[name], role=ROLES.get(name, "member")) for name in PEOPLE],
        engine=EngineSettings(settle_seconds=0),
        slack=SlackSettings(
            bot_token="xoxb-good",
            app_token="xapp-good" if mode == "socket" else "",
            signing_secret=SECRET if mode == "http" else "",
            mode=mode,
            base_url=slack.base_url,
        ),
    )


def program(settings: Settings, limits: Limits) -> App:
    """The program on the day of the story, on a Slack to which turns can listen."""
    parts = {"links": OpenLinks(), "exports": unwalled()}
    return App(settings, FrozenClock(NOW), adapters={"slack": Listening(limits)}, **parts)


@dataclass(frozen=True)
class Alarmed:
    """A program's data after an alert was shown on Slack, and what Slack remembers of it."""

    folder: Path
    memory: dict[str, Any]


@pytest.fixture(scope="session")
def alarmed(tmp_path_factory: pytest.TempPathFactory, slack_server: SlackServer) -> Alarmed:
    """Lived once: the daily check has just raised an alert, and everybody has seen it."""
    folder = tmp_path_factory.mktemp("alarmed") / "data"
    app = program(made_settings(folder, slack_server, "http"), PATIENT).open()
    alarm(app)
    world = slack_server.renew()
    world.now = lambda: NOW.timestamp()
    populate(world)
    Turns(app).finish()
    app.platforms["slack"].end()
    app.engine.dispose()
    slack_server.renew()
    return Alarmed(folder, world.memory())


def alarm(app: App) -> None:
    """Give the program its orders and let the daily check find the anomaly."""
    orders, defects = story()
    with app.store.unit() as unit:
        unit.orders.upsert_orders("us-1", orders)
        unit.orders.upsert_defects("us-1", defects)
    app.monitoring.check(ANOMALY)


@pytest.fixture
def settings(tmp_path: Path, alarmed: Alarmed, slack: SlackServer, mode: str) -> Settings:
    shutil.copytree(alarmed.folder, tmp_path / "data")
    slack.world.remember(alarmed.memory)
    return made_settings(tmp_path / "data", slack, mode)


@pytest.fixture
def app(settings: Settings, limits: Limits) -> Iterator[App]:
    app = program(settings, limits)
    app.open()
    yield app
    app.engine.dispose()


@pytest.fixture
def door(app: App, slack: SlackServer, served: Served, mode: str) -> Iterator[Door]:
    """The running chat's way in."""
    chat = app.platforms["slack"]
    served.doors = chat.routes
    chat.begin()
    if mode == "socket":
        slack.sockets.wait(1)
    door = SocketDoor(slack.sockets) if mode == "socket" else HttpDoor(served.home + DOOR, PATIENCE)
    yield door
    door.close()
    chat.end()
    served.doors = {}
    if mode == "socket":
        slack.sockets.wait(0)


@pytest.fixture
def people(slack: SlackServer, door: Door) -> People:
    """Those who talk to it."""
    return People(slack.world, door)


@pytest.fixture
def talk(app: App, tmp_path: Path, slack: SlackServer, people: People) -> Iterator[SlackTalk]:
    """A talk where an alert has just been shown, and nobody had to complain afterwards."""
    slack.world.now = lambda: app.clock.now().timestamp()
    yield SlackTalk(app, tmp_path, world=slack.world, people=people)
    assert not slack.world.complaints
    with app.store.unit(read_only=True) as unit:
        assert not unit.messages.failures()
