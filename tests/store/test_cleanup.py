import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.conversation.events import FileReceived, Upload, to_payload
from bot.runtime.clock import FrozenClock
from bot.store.cleanup import FileCleanup
from bot.store.unit import Store
from bot.store.vault import DiskVault

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.fixture
def leftovers(store: Store, tmp_path: Path) -> FileCleanup:
    (tmp_path / "incoming").mkdir()
    return FileCleanup(store.unit, tmp_path / "incoming", DiskVault(tmp_path / "vault").root, FrozenClock(NOW))


def aged(path: Path, hours: float) -> Path:
    path.write_text("x")
    at = (NOW - timedelta(hours=hours)).timestamp()
    os.utime(path, (at, at))
    return path


def kept(store: Store, path: Path, handled: bool = False) -> None:
    uploads = (Upload(path, "a.txt", 1),)
    event = FileReceived("e1", "fake:a", "li", NOW - timedelta(days=2), uploads=uploads)
    with store.unit() as unit:
        unit.records.keep_events([(event.id, event.at, event.channel, event.person, to_payload(event))])
        if handled:
            unit.records.take_event(event.id, NOW, event.channel, event.person)


@pytest.mark.parametrize("place", ["incoming/upload-1", "vault/.new-1"])
def test_what_a_crash_left_goes_after_a_day_and_not_before(
    leftovers: FileCleanup, tmp_path: Path, place: str
) -> None:
    path = aged(tmp_path / place, 23.9)
    assert leftovers.sweep() == 0 and path.exists()
    aged(path, 24.1)
    assert leftovers.sweep() == 1 and not path.exists()


def test_the_file_of_a_turn_that_is_still_to_be_run_stays(
    leftovers: FileCleanup, store: Store, tmp_path: Path
) -> None:
    path = aged(tmp_path / "incoming/upload-1", 72)
    kept(store, path)
    assert leftovers.sweep() == 0 and path.exists()


def test_the_file_of_a_turn_that_is_over_goes(leftovers: FileCleanup, store: Store, tmp_path: Path) -> None:
    kept(store, aged(tmp_path / "incoming/upload-1", 72), handled=True)
    assert leftovers.sweep() == 1


def test_originals_stay_however_old(leftovers: FileCleanup, tmp_path: Path) -> None:
    vault = DiskVault(tmp_path / "vault")
    stored = vault.put_bytes(b"original")
    os.utime(vault.path(stored.sha256), (0, 0))
    assert leftovers.sweep() == 0 and vault.verify(stored.sha256)
