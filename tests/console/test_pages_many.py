"""Much in the console costs no more than what is shown of it."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store.console import ConsoleLog
from bot.store.database import connect
from bot.store.tables import console_entries, metadata
from tests.console.fakes import NOW
from tests.counting import steps

FEW, MANY = 200, 2_000


@pytest.fixture
def engine(tmp_path: Path) -> sa.Engine:
    engine = connect(f"sqlite:///{tmp_path}/much.db")
    metadata.create_all(engine)
    return engine


def fill(engine: sa.Engine, thread: str, first: int, last: int) -> None:
    rows = [
        {"key": f"{thread}{number}", "channel": "ops", "thread": thread, "words": "w", "at": NOW}
        | {"position": number, "changed": number, "in_channel": not thread or number == 1}
        for number in range(first, last + 1)
    ]
    with engine.begin() as connection:
        connection.execute(sa.insert(console_entries), rows)


def opening(engine: sa.Engine, thread: str) -> int:
    log = ConsoleLog(engine)
    with steps(engine) as counted:
        log.conversation("ops", thread)
        log.changes(log.latest() - 1)
    return counted["steps"]


@pytest.mark.parametrize(("filled", "opened"), [("", ""), ("C1", ""), ("C1", "C1")])
def test_opening_a_conversation_costs_what_it_shows_not_what_there_is(engine, filled, opened):
    fill(engine, filled, 1, FEW)
    few = opening(engine, opened)
    fill(engine, filled, FEW + 1, MANY)
    assert 0 < opening(engine, opened) <= few + 5
