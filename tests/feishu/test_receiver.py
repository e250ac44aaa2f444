"""Messages that arrive together are kept together, at the door."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from bot.runtime.bootstrap import App
from bot.store.records import RecordTable
from tests.engine.fakes import Beginning
from tests.feishu.conftest import DOOR
from tests.feishu.fake.server import FakeFeishu
from tests.feishu.fake.webhook import Webhook, sealed
from tests.loops import run


def test_a_burst_at_the_door_is_few_writes_and_no_message_is_lost(
    app: App, fake: FakeFeishu, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes, keep = [], RecordTable.keep_events

    def counted(table: RecordTable, rows: Sequence[Any]) -> None:
        writes.append(len(rows))
        keep(table, rows)

    monkeypatch.setattr(RecordTable, "keep_events", counted)
    app.engine_proxy.hand_over(Beginning())
    door = Webhook(fake.world, app.platforms["feishu"].routes[DOOR], DOOR)
    for _ in range(40):
        fake.hands.write("oc_ops", "ou_li", "帮助")
    parcels = [sealed(fake.world, each.event) for each in fake.post.deliveries]

    async def burst() -> list[int]:
        posted = await asyncio.gather(*(door._posted(parcel) for parcel in parcels))
        return [status for status, _ in posted]

    assert run(burst()) == [200] * 40
    assert sum(writes) == 40 and len(writes) <= 10
    with app.store.unit(read_only=True) as unit:
        assert len(unit.records.waiting_events()) == 40
