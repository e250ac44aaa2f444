"""A watched folder takes what a sync client or a script puts there, and says beside the file what came of it."""

import os
import time
from functools import partial
from pathlib import Path

import pytest

from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.services.watched_folder import WatchedFolder, is_temporary
from bot.settings.model import Settings
from tests.conversations.conftest import NOW, ORDERS, Talk
from tests.conversations.exports import ERP_LOG, returns, unwalled, us_orders, zipped


@pytest.fixture
def watching(settings: Settings, talk: Talk, tmp_path: Path) -> tuple[WatchedFolder, Path, Talk]:
    inbox = tmp_path / "inbox"
    (inbox / "us-1").mkdir(parents=True)
    app = App(settings.model_copy(update={"language": "en"}), FrozenClock(NOW), exports=unwalled()).open()
    say = partial(app.phrases.say, lang="en")
    parts = (
        app.arriving.looked_at,
        app.export_folder,
        app.import_cards,
        app.import_work.run,
        say,
        lambda: time.time() + 60,
    )
    return WatchedFolder(inbox, app.access.whole, app.clock, *parts), inbox / "us-1", Talk(app, tmp_path)


def put(path: Path, content: str | bytes, seconds: float = 60) -> Path:
    """A file that was written so many seconds before the folder is looked at."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.utime(path, (time.time() + 60 - seconds,) * 2)
    return path


def listing(place: Path) -> dict[str, list[str]]:
    return {each: sorted(path.name for path in (place / each).glob("*")) for each in ("done", "refused")}


def test_an_export_is_taken_with_a_report_and_a_card(watching: tuple[WatchedFolder, Path, Talk]) -> None:
    folder, place, talk = watching
    put(place / "orders.csv", us_orders())
    folder.tick()
    assert listing(place) == {"done": ["orders.csv", "orders.csv.report.txt"], "refused": []}
    assert "40 new" in (place / "done" / "orders.csv.report.txt").read_text("utf-8")
    [known] = talk.app.importing.listed(["us-1"])
    assert (known.by, known.state, known.rows) == ("folder", "taken", 40)
    assert any("is imported" in (card.read_in("en")).title for card in talk.shown())
    folder.tick()
    assert len(talk.app.importing.listed(["us-1"])) == 1


def test_the_exports_of_an_archive_are_taken_and_the_archive_is_moved_once(
    watching: tuple[WatchedFolder, Path, Talk],
) -> None:
    folder, place, talk = watching
    orders = ("orders.csv", us_orders(2))
    put(
        place / "day.zip",
        zipped(orders, ("readme.txt", "made by the ERP"), ("returns.csv", returns(ORDERS, "11/19/2026 10:00:00 PM"))),
    )
    put(place / "empty.zip", zipped(("log.csv", ERP_LOG)))
    folder.tick()
    assert listing(place)["done"] == ["day.zip", "day.zip.report.txt"]
    assert {(each.file, each.state) for each in talk.app.importing.listed(["us-1"])} == {
        ("orders.csv", "taken"),
        ("returns.csv", "taken"),
    }
    assert "Missing" in (place / "refused" / "empty.zip.report.txt").read_text("utf-8")


def test_what_is_no_export_is_refused_with_the_reason(watching: tuple[WatchedFolder, Path, Talk]) -> None:
    folder, place, talk = watching
    put(place / "log.csv", ERP_LOG)
    (place / "secret.csv").symlink_to("/etc/passwd")
    folder.tick()
    assert listing(place)["done"] == [] and "log.csv" in listing(place)["refused"]
    assert "Missing" in (place / "refused" / "log.csv.report.txt").read_text("utf-8")
    assert (place / "refused" / "secret.csv").is_symlink()
    assert "not opened" in (place / "refused" / "secret.csv.report.txt").read_text("utf-8")
    assert talk.app.importing.listed(["us-1"]) == []


def test_half_written_and_temporary_files_wait(watching: tuple[WatchedFolder, Path, Talk]) -> None:
    folder, place, _ = watching
    put(place / "orders.csv", us_orders(), seconds=0)
    for name in (".~lock.orders.csv", "orders.csv.part", "~$orders.xlsx", ".syncthing.orders.csv.tmp"):
        put(place / name, us_orders())
        assert is_temporary(name)
    folder.tick()
    assert listing(place) == {"done": [], "refused": []} and (place / "orders.csv").exists()
