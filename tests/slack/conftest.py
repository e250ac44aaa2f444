from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.app import App
from bot.chats import SlackSettings
from bot.settings import EngineSettings, PersonSettings, Settings, ShopSettings
from tests.conversations.conftest import ANOMALY, app, png  # noqa: F401 - the conversations' own
from tests.slack.fake.doors import SECRET, Door, HttpDoor, SocketDoor
from tests.slack.fake.people import People
from tests.slack.fake.server import SlackServer, serving
from tests.slack.served import Served
from tests.slack.talk import CHANNELS, PEOPLE, SlackTalk

DOOR = "/slack/events"
ROLES = {"guest": "viewer", "boss": "lead"}


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
def mode() -> str:
    """The way in: "http" or "socket"."""
    return "http"


@pytest.fixture
def settings(tmp_path: Path, slack: SlackServer, mode: str) -> Settings:
    opened = date(2024, 1, 5)
    places = [f"slack:{CHANNELS[name]}" for name in ("ops", "uk")]
    return Settings(
        data_dir=tmp_path / "data",
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


@pytest.fixture
def door(app: App, slack: SlackServer, served: Served, mode: str) -> Iterator[Door]:  # noqa: F811
    """The running chat's way in."""
    chat = app.chats["slack"]
    served.doors = chat.routes
    # The pace has its own tests; here it would only cost time.
    chat.platform.pace_seconds = 1e-9
    chat.begin()
    if mode == "socket":
        slack.sockets.wait(1)
    door = SocketDoor(slack.sockets) if mode == "socket" else HttpDoor(served.home + DOOR)
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
def talk(app: App, tmp_path: Path, slack: SlackServer, people: People) -> Iterator[SlackTalk]:  # noqa: F811
    """A talk where the daily check has just raised an alert, and nobody had to complain afterwards."""
    slack.world.now = lambda: app.clock.now().timestamp()
    app.monitoring.check(ANOMALY)
    yield SlackTalk(app, tmp_path, world=slack.world, people=people)
    assert not slack.world.complaints
    with app.store.unit(read_only=True) as unit:
        assert not unit.messages.failures()
