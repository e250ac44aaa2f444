import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from bot.conversation.events import ButtonPressed, CommandReceived, FileReceived, FormSubmitted, Incoming, Upload
from bot.domain.evidence import LinkState
from bot.messaging.card import Actions, Button, Card, Form
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.model import Settings
from bot.settings.team import PersonSettings, ShopSettings
from bot.store.console import ConsoleLog
from bot.store.tables import to_ms

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
ANOMALY = date(2026, 11, 19)
CHANNEL = "console:ops"
ORDERS = ("576461413038785751", "576461413038785752", "576461413038786753")
"""The texts, loaded once for all programs of the tests."""
TRACKING = ("1Z999AA10123456784", "1Z879E930346834440", "1Z12345E6605272234")


class OpenLinks:
    """A link checker that finds every allowed link public."""

    def check(self, url: str) -> LinkState:
        return LinkState.PUBLIC if "drive.google.com" in url else LinkState.REFUSED


@dataclass
class Talk:
    """A conversation as a person has it: what is said goes through the router, what is answered is read where
    people see it."""

    app: App
    folder: Path
    person: str = "li"
    channel: str = CHANNEL
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def _common(self, thread: str) -> dict[str, object]:
        about = {"id": f"event-{next(self.numbers)}", "channel": self.channel, "person": self.person}
        return about | {"at": self.app.clock.now(), "thread": thread}

    def hear(self, event: Incoming) -> list[Card]:
        return list(self.app.dispatcher.handle(event).cards)

    def say(self, text: str, thread: str = "") -> Card:
        return self.hear(CommandReceived(**self._common(thread), text=text))[0]

    def says(self, text: str, thread: str = "") -> list[Card]:
        return self.hear(CommandReceived(**self._common(thread), text=text))

    def send(self, *files: tuple[str, str | bytes], text: str = "", thread: str = "") -> list[Card]:
        uploads = []
        for name, content in files:
            path = self.folder / f"upload-{next(self.numbers)}"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            uploads.append(Upload(path, name, path.stat().st_size))
        return self.hear(FileReceived(**self._common(thread), uploads=tuple(uploads), text=text))

    def press(self, button: Button, thread: str = "") -> list[Card]:
        return self.hear(ButtonPressed(**self._common(thread), action=button.action, payload=button.payload))

    def submit(self, form: Form, thread: str = "", **values: str) -> list[Card]:
        given = {"action": form.action, "payload": form.payload, "values": values}
        return self.hear(FormSubmitted(**self._common(thread), **given))

    def shown(self, thread: str = "") -> list[Card]:
        """The cards that stand in the channel or thread now."""
        entries = ConsoleLog(self.app.engine).conversation(self.channel.partition(":")[2], thread, limit=500)
        return [entry.card for entry in entries if entry.card and entry.thread == thread]

    def in_slot(self, slot: str, thread: str = "") -> Card:
        [card] = [card for card in self.shown(thread) if card.slot == slot]
        return card


def buttons(card: Card) -> dict[str, Button]:
    """The card's buttons by label."""
    rows = [element for element in card.elements if isinstance(element, Actions)]
    return {button.label: button for row in rows for button in row.buttons}


def forms(card: Card) -> list[Form]:
    """The card's forms."""
    return [element for element in card.elements if isinstance(element, Form)]


def story() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """34 quiet days of 100 orders and a day with three defects, as rows of the store."""
    orders: list[tuple[object, ...]] = []
    for back in range(34, -1, -1):
        midnight = datetime.combine(ANOMALY - timedelta(days=back), datetime.min.time(), UTC)
        for number in range(100):
            at = to_ms(midnight + timedelta(minutes=14 * number))
            orders.append((f"57640000{back:04d}{number:06d}", at, at // 86_400_000, True, "", "", ""))
    midnight = datetime.combine(ANOMALY, datetime.min.time(), UTC)
    defects: list[tuple[object, ...]] = []
    for number, (order_id, tracking) in enumerate(zip(ORDERS, TRACKING, strict=True)):
        made, hurt = to_ms(midnight - timedelta(days=9)), to_ms(midnight + timedelta(hours=20 + number))
        orders.append((order_id, made, made // 86_400_000, True, tracking, "UPS", f"buyer{number}"))
        defects.append((order_id, "return_refund", hurt, hurt // 86_400_000, True, True, "never arrived"))
    return orders, defects


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    shops = [
        ShopSettings(id="us-1", name="Bright Home", site="US", opened_on=date(2024, 1, 5)),
        ShopSettings(id="uk-1", name="Bright UK", site="UK", opened_on=date(2024, 1, 5), channels=["console:uk"]),
    ]
    people = [
        PersonSettings(id="guest", role="viewer"),
        PersonSettings(id="boss", role="lead"),
        PersonSettings(id="wang", name="小王"),
        PersonSettings(id="zhao", name="小赵"),
        PersonSettings(id="li", role="admin"),
    ]
    return Settings(data_dir=tmp_path / "data", shops=shops, people=people)


def fed(settings: Settings, alerted: bool = False, **parts: object) -> App:
    """The program with the story's orders, opened; `alerted` after the daily check has found the anomaly."""
    parts = {"links": OpenLinks(), **parts}
    if settings.database.url:
        return lived(App(settings, FrozenClock(NOW), **parts), alerted)
    shutil.copytree(prepared(settings, alerted), settings.data_dir, dirs_exist_ok=True)
    return App(settings, FrozenClock(NOW), **parts).open()


def prepared(settings: Settings, alerted: bool) -> Path:
    """The data folder after that beginning of the story, lived once for all tests with the same settings."""
    told = settings.model_dump_json(exclude={"data_dir"}) + str(alerted)
    folder = settings.data_dir.parent.parent / f"lived-{sha256(told.encode()).hexdigest()[:16]}"
    if not folder.exists():
        app = App(settings.model_copy(update={"data_dir": folder}), FrozenClock(NOW), links=OpenLinks())
        lived(app, alerted).engine.dispose()
    return folder


def lived(app: App, alerted: bool) -> App:
    """The program, opened, that has been given the story's orders."""
    orders, defects = story()
    with app.open().store.unit() as unit:
        unit.orders.upsert_orders("us-1", orders)
        unit.orders.upsert_defects("us-1", defects)
    if alerted:
        app.monitoring.check(ANOMALY)
    return app


@pytest.fixture
def app(settings: Settings, request: pytest.FixtureRequest) -> Iterator[App]:
    app = fed(settings, alerted="talk" in request.fixturenames)
    yield app
    app.engine.dispose()


@pytest.fixture
def talk(app: App, tmp_path: Path) -> Talk:
    """A talk in a channel where the daily check has just raised an alert: case C1 with three orders."""
    with app.store.unit(read_only=True) as unit:
        alerted = unit.cases.listed(["us-1"])
    if not alerted:
        app.monitoring.check(ANOMALY)
    return Talk(app, tmp_path)


def tracking_page(number: int = 0, captured: str = "2026-11-20 07:30 UTC") -> str:
    return (
        f"UPS tracking\nTracking number: {TRACKING[number]}\nPicked up 2026-11-10 09:12 UTC\n"
        f"Exception: weather delay 2026-11-13 10:00 UTC\nDelivered 2026-11-18 15:20 UTC\nCaptured on {captured}\n"
    )


def conversation(number: int = 0) -> str:
    return (
        f"TikTok Inbox conversation, order {ORDERS[number]}\n"
        "Buyer (2026-11-18 11:00 UTC): Where is my parcel? It did not arrive.\n"
        "Seller (2026-11-18 11:20 UTC): UPS reports a weather delay.\n"
        "Buyer (2026-11-18 16:00 UTC): Received now, thank you.\n"
    )


def erp_log(number: int = 0) -> str:
    return (
        f"time,order_id,event,error\n2026-11-10T08:00:00Z,{ORDERS[number]},order synchronised,\n"
        f"2026-11-10T09:15:00Z,{ORDERS[number]},tracking number sent,\n"
    )


@pytest.fixture
def png() -> bytes:
    from io import BytesIO

    from PIL import Image

    data = BytesIO()
    Image.new("RGB", (40, 30), "white").save(data, "PNG")
    return data.getvalue()
