import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.messaging.card import Card
from bot.ports.store import DatabaseError
from bot.store.console import ConsoleLog
from bot.store.database import connect
from bot.store.tables import metadata
from tests.console.fakes import NOW


@pytest.fixture
def log(engine: sa.Engine) -> ConsoleLog:
    return ConsoleLog(engine)


def test_the_same_key_shows_once(log):
    first = log.add("k", "ops", "", NOW, card=Card("one"))
    assert log.add("k", "ops", "", NOW, card=Card("again")) == first
    assert [entry.card for entry in log.conversation("ops", "")] == [Card("one")]


def test_a_replaced_card_keeps_its_place_and_counts_as_a_change(log):
    first = log.add("a", "ops", "", NOW, card=Card("old"))
    log.add("b", "ops", "", NOW, words="hello", author="lin")
    seen = log.latest()
    log.replace(first, Card("new"))
    assert [entry.id for entry in log.changes(seen)] == [first]
    assert [entry.card for entry in log.conversation("ops", "")] == [Card("new"), None]
    assert log.latest() > seen and log.changes(log.latest()) == []


def test_replacing_what_is_not_there_is_an_error(log):
    with pytest.raises(KeyError):
        log.replace(99, Card("x"))


def test_a_channel_shows_the_first_entry_of_each_thread_only(log):
    for key, thread in (("a", ""), ("b", "C1"), ("c", "C1"), ("d", "C2")):
        log.add(key, "ops", thread, NOW, words=key)
    log.add("e", "sea", "C1", NOW, words="e")
    assert [entry.words for entry in log.conversation("ops", "")] == ["a", "b", "d"]
    assert [entry.words for entry in log.conversation("ops", "C1")] == ["b", "c"]
    assert [entry.root for entry in log.changes(0)] == [False, True, False, True, True]


def test_paging_back(log):
    ids = [log.add(str(n), "ops", "", NOW + timedelta(seconds=n), words=str(n)) for n in range(5)]
    assert [entry.words for entry in log.conversation("ops", "", limit=2)] == ["3", "4"]
    assert [entry.words for entry in log.conversation("ops", "", before=ids[3], limit=2)] == ["1", "2"]


def test_writers_at_once_get_different_changes_and_a_reader_misses_none(log):
    seen: list[int] = []
    done = threading.Event()

    def read() -> None:
        since = 0
        while True:
            last = done.is_set()
            for entry in log.changes(since):
                seen.append(entry.id)
                since = entry.changed
            if last:
                return

    def write(who: int) -> None:
        for n in range(12):
            log.add(f"{who}-{n}", "ops", "", NOW, words="w")

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    assert len(seen) == len(set(seen)) == 48
    assert len({entry.changed for entry in log.changes(0)}) == 48


def test_times_come_back_in_utc(log):
    log.add("k", "ops", "", NOW, words="w")
    (entry,) = log.changes(0)
    assert entry.at == NOW and entry.at.utcoffset() == timedelta(0)


def test_a_database_that_somebody_else_writes_to_is_named_so(tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/busy.db", busy_seconds=0.01)
    metadata.create_all(engine)
    with engine.begin(), pytest.raises(DatabaseError) as refused:
        ConsoleLog(engine).add("k", "ops", "", NOW, words="x")
    assert refused.value.fault == "locked"
