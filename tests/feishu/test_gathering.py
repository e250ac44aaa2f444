"""Messages that arrive together are kept together; what is wrong with one concerns no other."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.app import App
from bot.platforms.feishu.gathering import Gathering, Kept
from bot.store.records import RecordTable
from tests import loops
from tests.feishu.conftest import DOOR
from tests.feishu.fake.server import FakeFeishu
from tests.feishu.fake.webhook import Webhook, sealed


def run(keep: Any, count: int) -> list[Any]:
    """What became of events 0, 1, … taken at the same time."""

    async def together() -> list[Any]:
        gathering = Gathering(keep, pool)
        taken = [gathering.take({"number": number}) for number in range(count)]
        return await asyncio.gather(*taken, return_exceptions=True)

    with ThreadPoolExecutor(4) as pool:
        return loops.run(asyncio.wait_for(together(), 10))


def test_what_comes_together_is_kept_together() -> None:
    batches: list[int] = []

    def keep(events: list[Any], kept: Kept) -> None:
        batches.append(len(events))
        kept([None] * len(events))

    assert run(keep, 50) == [None] * 50 and batches == [50]


def test_a_fault_of_one_is_its_own() -> None:
    fault = OSError("full")

    def keep(events: list[Any], kept: Kept) -> None:
        kept([fault if event["number"] == 2 else None for event in events])

    assert run(keep, 4) == [None, None, fault, None]


def test_a_fault_of_all_is_everybodys() -> None:
    def keep(events: list[Any], kept: Kept) -> None:
        raise OSError("gone")

    assert [type(each) for each in run(keep, 3)] == [OSError] * 3


def test_what_follows_the_keeping_holds_nobody_up() -> None:
    gate, sizes = threading.Event(), []

    def keep(events: list[Any], kept: Kept) -> None:
        sizes.append(len(events))
        kept([None] * len(events))
        gate.wait(10)

    async def two_bursts() -> None:
        gathering = Gathering(keep, pool)
        await gathering.take({})
        await gathering.take({})
        gate.set()

    with ThreadPoolExecutor(4) as pool:
        loops.run(asyncio.wait_for(two_bursts(), 10))
    assert sizes == [1, 1]


def test_a_burst_at_the_door_is_few_writes_and_no_message_is_lost(
    app: App, fake: FakeFeishu, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes, keep = [], RecordTable.keep_events

    def counted(table: RecordTable, rows: Sequence[Any]) -> None:
        writes.append(len(rows))
        keep(table, rows)

    monkeypatch.setattr(RecordTable, "keep_events", counted)
    monkeypatch.setattr(app.intake, "begin", lambda event_id: lambda: None)
    door = Webhook(fake.world, app.chats["feishu"].routes[DOOR], DOOR)
    for _ in range(40):
        fake.hands.write("oc_ops", "ou_li", "帮助")
    parcels = [sealed(fake.world, each.event) for each in fake.post.deliveries]

    async def burst() -> list[int]:
        posted = await asyncio.gather(*(door._posted(parcel) for parcel in parcels))
        return [status for status, _ in posted]

    assert loops.run(burst()) == [200] * 40
    assert sum(writes) == 40 and len(writes) <= 10
    with app.store.unit(read_only=True) as unit:
        assert len(unit.records.waiting_events()) == 40
