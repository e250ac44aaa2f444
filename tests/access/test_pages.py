"""The console's pages and files, and words written directly to the bot: what is foreign answers as what is absent."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.conversation.events import ButtonPressed, CommandReceived, FormSubmitted, Incoming
from bot.domain.evidence import Evidence, Facts
from bot.messaging.card import Attachment
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.runtime.console import console_app
from bot.settings.model import Settings
from bot.settings.team import ShopSettings
from tests.access.conftest import NOTHING, Things
from tests.access.test_table import told
from tests.console.conftest import SAME_ORIGIN
from tests.conversations.conftest import ANOMALY, NOW, ORDERS, Talk, conversation, story
from tests.signing import session_cookie

HOMES = {"us-1": "console:ops", "uk-1": "slack:C0UK"}
HELLO = "hello"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A shop of the console and one that only a channel of Slack hears of."""
    folder = tmp_path_factory.mktemp("pages")
    shops = [
        ShopSettings(id=shop, name=f"{shop} lamps", site="US", opened_on=date(2024, 1, 5), channels=[home])
        for shop, home in HOMES.items()
    ]
    app = App(Settings(data_dir=folder / "data", shops=shops, language="en"), FrozenClock(NOW)).open()
    orders, defects = story()
    with app.store.unit() as unit:
        for shop, first in (("us-1", "5"), ("uk-1", "9")):
            unit.orders.upsert_orders(shop, [(first + str(row[0])[1:], *row[1:]) for row in orders])
            unit.orders.upsert_defects(shop, [(first + str(row[0])[1:], *row[1:]) for row in defects])
    for shop in HOMES:
        app.monitoring.check(ANOMALY, [shop])
    yield app
    app.engine.dispose()


@pytest.fixture(scope="module")
def foreign(app: App, tmp_path_factory: pytest.TempPathFactory) -> Things:
    """What there is of the shop that the console does not show."""
    talk = Talk(app, tmp_path_factory.mktemp("smith"), "smith", "slack:C0UK", iter(range(10_000, 99_999)))
    with app.store.unit(read_only=True) as unit:
        [case] = unit.cases.listed(["uk-1"])
    order = case.orders[0].order_id
    talk.send(("inbox.txt", conversation().replace(ORDERS[0], order)), thread=case.id)
    [package] = [each for each in talk.say(f"export {case.id}").elements if isinstance(each, Attachment)]
    with app.store.unit() as unit:
        [item] = unit.evidence.of_case(case.id)
        stored = app.vault.put_bytes(b"waits")
        waiting = unit.evidence.add(Evidence("", "", stored.sha256, 5, "w.txt", "smith", NOW, Facts()), talk.channel)
    name = app.access.every_shop()[0].name
    sha256, made = item.sha256, package.sha256
    return Things("uk-1", name, case.id, order, item.id, waiting.id, sha256, made, item.message_id)


@pytest.fixture(scope="module")
def client(app: App) -> TestClient:
    web = console_app(app)
    return TestClient(
        web, base_url="http://127.0.0.1", headers=SAME_ORIGIN, follow_redirects=False, cookies=session_cookie(web)
    )


ADDRESSES = (
    "/?thread={case}",
    "/?channel=ops&thread={case}",
    "/?channel={shop}",
    "/?channel=C0UK&thread={case}",
    "/?channel=slack:C0UK&thread={case}",
    "/earlier?thread={case}&before=999999",
    "/sidebar?thread={case}",
    "/cases?channel=C0UK&state=",
    "/cases?owner={shop}&state=",
    "/cases?state=&q={order}",
    "/cases?state=&q={shop}",
    "/cases/{case}",
    "/cases/{case}?tab=work",
    "/cases/{case}?tab=drafts",
    "/cases/{case}?tab=timeline",
    "/overview",
    "/pictures/{sha256}",
    "/files/{sha256}/original.txt",
    "/files/{package}/package.zip",
    "/files/{sha256}/..%2f..%2fodr-bot.db",
)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_pages_and_files_of_a_foreign_shop_are_as_if_absent(
    client: TestClient, foreign: Things, address: str, accept: str
) -> None:
    def page(things: Things) -> tuple[int, str]:
        answer = client.get(address.format(**vars(things)), headers={"accept": accept})
        text = answer.text
        for name, value in sorted(vars(things).items(), key=lambda pair: -len(pair[1])):
            text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(value)}(?![A-Za-z0-9])", f"<{name}>", text)
        return answer.status_code, text

    status, text = page(foreign)
    assert (status, text) == page(NOTHING)
    assert not [value for value in vars(foreign).values() if len(value) > 4 and value in text]


def test_the_board_has_nothing_of_it(client: TestClient, foreign: Things) -> None:
    board = client.get("/cases?state=", headers={"accept": "text/html"}).text
    assert "us-1 lamps" in board and "uk-1" not in board and foreign.case not in board


def asked(things: Things, channel: str) -> Iterator[Incoming]:
    """What somebody may write and press who has nothing to do with the shop."""
    common = {"id": HELLO, "channel": channel, "person": "mallory", "at": NOW, "direct": True}
    for words in ("case {case}", "missing {case}", "timeline {case}", "export {case}", "claim {case}", "undo {case}"):
        yield CommandReceived(**common, text=words.format(**vars(things)))
    for words in ("deadline {case}", "draft {order}", "withdraw {evidence}", "redact {evidence}", "odr {name}"):
        yield CommandReceived(**common, text=words.format(**vars(things)))
    for words in ("deadline {case} 2026-11-22 10:00", "undo {evidence}", "statuses {shop}", "cases", "evidence"):
        yield CommandReceived(**common, text=words.format(**vars(things)))
    payload = {"case": things.case, "order": things.order, "evidence": things.evidence, "shop": things.shop}
    for action in ("case", "missing", "file", "state", "confirm", "export", "undo", "status_means", "entry_open"):
        yield ButtonPressed(**common, action=action, payload=payload)
        yield FormSubmitted(**common, action=action, payload=payload, values={"text": "x", "words": "y"})


@pytest.mark.parametrize("channel", ["console:mallory", "slack:D0MALLORY", "feishu:oc_mallory"])
def test_a_stranger_who_writes_directly_gets_what_absent_things_get(
    app: App, foreign: Things, channel: str, tmp_path: Path
) -> None:
    talk = Talk(app, tmp_path, "mallory", channel, iter(range(hash(channel) % 10**6 * 1000, 10**12)))
    for one, two in zip(asked(foreign, channel), asked(NOTHING, channel), strict=True):
        answers = []
        for event, things in ((one, foreign), (two, NOTHING)):
            cards = talk.hear(replace(event, id=f"asked-{channel}-{next(talk.numbers)}"))
            answers.append(re.sub(r"asked-[^\"#]*", "asked", told(cards, things)))
        assert answers[0] == answers[1], one
        assert not [value for value in vars(foreign).values() if len(value) > 4 and value in answers[0]], one
