"""Many events at once: kept together, each answered, and one that is wrong harms no other."""

import threading
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from bot.store.records import RecordTable
from bot.store.tables import events
from tests.engine.fakes import Beginning, eventually
from tests.slack.conftest import DOOR, PATIENCE
from tests.slack.fake.doors import HttpDoor
from tests.slack.talk import SlackTalk
from tests.slack.test_events import mention

MANY = 24


def all_at_once(talk: SlackTalk, bodies: list[dict[str, object]]) -> list[list[int]]:
    """Deliver them from as many threads; the statuses of each delivery."""
    doors = [HttpDoor(talk.people.door.url, PATIENCE) for _ in bodies]
    given = [
        threading.Thread(target=door.event, args=({"type": "event_callback", "event_id": f"Ev{n}", "event": body},))
        for n, (door, body) in enumerate(zip(doors, bodies, strict=True))
    ]
    for each in given:
        each.start()
    for each in given:
        each.join()
        assert not each.is_alive()
    for door in doors:
        door.close()
    return [door.statuses for door in doors]


def kept(talk: SlackTalk) -> list[str]:
    with talk.app.engine.connect() as connection:
        return list(connection.scalars(sa.select(events.c.id)))


def test_a_burst_is_kept_whole_with_few_writes(talk: SlackTalk, monkeypatch: pytest.MonkeyPatch) -> None:
    writes: list[int] = []
    keep, gate, arrived = RecordTable.keep_events, threading.Event(), []
    bursts = talk.app.platforms["slack"].routes[DOOR]._events
    take = bursts.take

    async def arrive(payload: dict[str, object]) -> object:
        arrived.append(payload)
        if len(arrived) == MANY:
            gate.set()
        return await take(payload)

    def count(self: RecordTable, rows: list[object]) -> None:
        writes.append(len(rows))
        # The first write takes its time, so that the others gather.
        gate.wait(PATIENCE)
        keep(self, rows)  # type: ignore[arg-type]

    talk.app.engine_proxy.hand_over(Beginning())
    monkeypatch.setattr(RecordTable, "keep_events", count)
    monkeypatch.setattr(bursts, "take", arrive)
    before = len(kept(talk))
    statuses = all_at_once(talk, [mention(talk, f"help {n}") for n in range(MANY)])
    assert statuses == [[200]] * MANY and len(kept(talk)) == before + MANY
    assert len(writes) < MANY / 2 and sum(writes) == MANY


def test_one_that_cannot_be_kept_comes_again_and_the_others_do_not(
    talk: SlackTalk, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = RecordTable.keep_events

    def stumble(self: RecordTable, rows: list[tuple[object, ...]]) -> None:
        if any("poison" in str(row) for row in rows):
            raise OSError("no")
        keep(self, rows)  # type: ignore[arg-type]

    talk.app.engine_proxy.hand_over(Beginning())
    monkeypatch.setattr(RecordTable, "keep_events", stumble)
    bodies = [mention(talk, "poison" if n == 7 else f"help {n}") for n in range(12)]

    @contextmanager
    def expected() -> object:
        threading.excepthook, before = (lambda args: None), threading.excepthook
        try:
            yield
        finally:
            threading.excepthook = before

    with expected():
        statuses = all_at_once(talk, bodies)
    assert statuses[7] == [503] * 4
    assert [each for n, each in enumerate(statuses) if n != 7] == [[200]] * 11


def test_the_beginning_of_turns_holds_up_no_answer_to_slack(talk: SlackTalk) -> None:
    gate, waits = threading.Event(), []
    talk.app.engine_proxy.hand_over(Beginning(lambda event_id: waits.append(gate.wait(PATIENCE)) or (lambda: None)))
    assert all_at_once(talk, [mention(talk, "help")]) == [[200]]
    gate.set()
    eventually(lambda: waits)
    assert waits == [True], "Slack had its answer before the turn had begun"
