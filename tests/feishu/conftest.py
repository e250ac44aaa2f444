import itertools
import os
import shutil
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from bot.platforms.feishu.limits import Limits
from bot.platforms.feishu.platform import FeishuPlatform
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.runtime.foundation import Adapter
from bot.settings.chats import FeishuSettings
from bot.settings.model import Settings
from bot.settings.sections import EngineSettings
from bot.settings.team import PersonSettings, ShopSettings
from tests.conversations.conftest import ANOMALY, NOW, OpenLinks, png, story  # noqa: F401
from tests.conversations.exports import unwalled
from tests.engine.fakes import Undelivered
from tests.feishu.fake.clock import Advanced, Pauses
from tests.feishu.fake.server import FakeFeishu
from tests.feishu.talk import FeishuTalk

PEOPLE = {"li": "admin", "wang": "member", "guest": "viewer", "boss": "lead"}
DOOR = "/feishu/events"
_numbers = itertools.count(1)
PATIENT = Limits(answer=15.0, settle=30.0, lookup=15.0, learning=15.0, at_once=10_000)
"""On a busy machine a turn or a call may take longer than people and Feishu wait in the wild. To what all programs
together keep would be waited for here."""


def adapters(limits: Limits) -> dict[str, Adapter]:
    """The chat with its limits."""
    return {"feishu": partial(FeishuPlatform, limits=limits)}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs on this machine is asked directly."""
    monkeypatch.setitem(os.environ, "NO_PROXY", "127.0.0.1")


@pytest.fixture
def limits() -> Limits:
    """The limits to which the chat keeps."""
    return PATIENT


@pytest.fixture
def fake() -> Iterator[FakeFeishu]:
    """A Feishu with an app of its own, and the groups of the tests."""
    fake = FakeFeishu(f"cli_{next(_numbers)}", Advanced(NOW)).start()
    # Three seconds are for the benchmarks and the tests of the limit: here a busy machine is no slow bot.
    fake.post.limit = 20
    for group in ("oc_ops", "oc_uk"):
        fake.world.chat(group, *(f"ou_{person}" for person in PEOPLE))
    yield fake
    fake.stop()


def feishu_settings(fake: FakeFeishu, mode: str = "webhook") -> FeishuSettings:
    """The settings of an app that lives on the fake."""
    world = fake.world
    secrets = {"encrypt_key": world.encrypt_key, "verification_token": world.verification_token}
    return FeishuSettings(
        app_id=world.app_id, app_secret=world.app_secret, mode=mode, base_url=fake.address, **secrets
    )


def team_settings(folder: Path, feishu: FeishuSettings) -> Settings:
    """The team of the console's conversations, in Feishu's groups."""
    opened = date(2024, 1, 5)
    shops = [
        ShopSettings(id="us-1", name="Bright Home", site="US", opened_on=opened, channels=["feishu:oc_ops"]),
        ShopSettings(id="uk-1", name="Bright UK", site="UK", opened_on=opened, channels=["feishu:oc_uk"]),
    ]
    people = [PersonSettings(id=name, feishu=f"ou_{name}", role=role) for name, role in PEOPLE.items()]
    engine = EngineSettings(settle_seconds=0, fallback_channel="")
    return Settings(data_dir=folder, shops=shops, people=people, engine=engine, feishu=feishu)


@pytest.fixture(scope="session")
def alerted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the daily check has just raised an alert that nobody has seen yet: case C1."""
    folder = tmp_path_factory.mktemp("alerted")
    app = App(team_settings(folder, FeishuSettings()), FrozenClock(NOW), outbox=Undelivered()).open()
    orders, defects = story()
    with app.store.unit() as unit:
        unit.orders.upsert_orders("us-1", orders)
        unit.orders.upsert_defects("us-1", defects)
    app.monitoring.check(ANOMALY)
    app.engine.dispose()
    return folder


@pytest.fixture
def settings(tmp_path: Path, alerted: Path, fake: FakeFeishu) -> Settings:
    shutil.copytree(alerted, tmp_path / "data")
    return team_settings(tmp_path / "data", feishu_settings(fake))


@pytest.fixture
def app(settings: Settings, limits: Limits, fake: FakeFeishu) -> Iterator[App]:
    """The program. Pauses between messages move Feishu's clock; a channel that is held back is free again when that
    says so."""
    times = {"transport": fake.clock, "pauses": Pauses(fake.clock)}
    app = App(settings, FrozenClock(NOW), links=OpenLinks(), exports=unwalled(), adapters=adapters(limits), **times)
    app.open()
    yield app
    app.engine.dispose()
    for platform in app.platforms.values():
        platform.end()


@pytest.fixture
def talk(app: App, fake: FakeFeishu, tmp_path: Path) -> Iterator[FeishuTalk]:
    """A talk in the group where the alert stands; in the end Feishu has taken every card."""
    fake.knock_at(app.platforms["feishu"].routes[DOOR], DOOR)
    yield FeishuTalk(app, tmp_path, fake=fake)
    assert not fake.world.refused_cards


@pytest.fixture
def twin(talk: FeishuTalk, settings: Settings, limits: Limits, fake: FakeFeishu) -> Iterator[App]:
    """A second program on the same database with a long connection of its own."""
    app = App(settings, FrozenClock(NOW), links=OpenLinks(), exports=unwalled(), adapters=adapters(limits))
    app.open().platforms["feishu"].begin()
    fake.wait_for_lines(2)
    yield app
    app.engine.dispose()
    app.platforms["feishu"].end()
