"""Backup and restore, on both databases, while the program works, and with files that are not what they say."""

import base64
import hashlib
import json
import pickle
import shutil
import sqlite3
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.cli.archive import DATABASE, MANIFEST
from bot.cli.backup import restore_backup, write_backup
from bot.conversation.events import CommandReceived
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.domain.teams import Membership
from bot.messaging.card import Card
from bot.ports.records import Person
from bot.ports.store import DatabaseError
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.runtime.engine import VERSION, Engine
from bot.runtime.engine_tables import EngineTables
from bot.settings.model import Settings
from bot.settings.sections import DatabaseSettings
from bot.settings.team import ShopSettings
from bot.store.database import HEAD, connect
from bot.store.locking import only_one
from bot.store.tables import metadata
from bot.store.unit import Store
from tests.conversations.conftest import ANOMALY, NOW, Talk, erp_log, story, tracking_page
from tests.engine.fakes import Harm


def silent(text: str) -> None: ...


def settings_for(folder: Path, url: str = "") -> Settings:
    shops = [ShopSettings(id="us-1", name="Bright Home", site="US")]
    return Settings(
        data_dir=folder, shops=shops, database=DatabaseSettings(url=url), console={"token": "very-secret-token"}
    )


def fill(settings: Settings, folder: Path) -> App:
    """A case with evidence, a timeline and messages."""
    app = App(settings, FrozenClock(NOW)).open()
    orders, defects = story()
    with app.store.unit() as unit:
        unit.orders.upsert_orders("us-1", orders)
        unit.orders.upsert_defects("us-1", defects)
    app.monitoring.check(ANOMALY)
    Talk(app, folder).send(("t.txt", tracking_page(0)), ("e.csv", erp_log(0)), thread="C1")
    return app


ABOUT = "'database'"


def rows(settings: Settings) -> dict[str, list[Any]]:
    """Every row of every table, but the lines of the trail that tell of backups and restores themselves."""
    engine = connect(settings.database_url)
    with engine.connect() as connection:
        found = {
            table.name: sorted(each for each in map(repr, connection.execute(sa.select(table))) if ABOUT not in each)
            for table in metadata.sorted_tables
        }
    engine.dispose()
    return found


def originals(settings: Settings) -> dict[str, str]:
    paths = (settings.data_dir / "vault").glob("??/*")
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


@pytest.fixture(scope="module")
def filled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that is filled, as it lies when its program has stopped."""
    folder = tmp_path_factory.mktemp("filled")
    fill(settings_for(folder / "data"), folder).engine.dispose()
    return folder / "data"


@pytest.fixture
def filled(filled_once: Path, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a filled data folder whose program is running."""
    settings = settings_for(tmp_path / "data")
    shutil.copytree(filled_once, settings.data_dir)
    app = App(settings, FrozenClock(NOW)).open()
    yield settings
    app.engine.dispose()


@pytest.fixture
def file(filled: Settings, tmp_path: Path) -> Path:
    target = tmp_path / "backup.zip"
    write_backup(filled, target, False, silent)
    return target


def test_everything_comes_back(filled: Settings, file: Path, tmp_path: Path) -> None:
    elsewhere = settings_for(tmp_path / "other")
    elsewhere.data_dir.mkdir()
    done = restore_backup(elsewhere, file, False, silent)
    assert done == {"originals": 2, "tables": HEAD, "earlier_database": "", "roles": [], "roles_from": "backup"}
    assert rows(elsewhere) == rows(filled) and originals(elsewhere) == originals(filled)
    app = App(elsewhere, FrozenClock(NOW)).open()
    assert [item.id for item in app.judge.judge("C1").context.evidence] == ["E1", "E2"]
    app.monitoring.check(ANOMALY)
    app.engine.dispose()


@pytest.mark.postgres
def test_postgresql_goes_out_and_comes_back_and_goes_on_counting(postgres_url: str, tmp_path: Path) -> None:
    server, small = settings_for(tmp_path / "pg", postgres_url), settings_for(tmp_path / "small")
    fill(server, tmp_path).engine.dispose()
    before = rows(server)
    write_backup(server, tmp_path / "b.zip", False, silent)
    small.data_dir.mkdir()
    restore_backup(small, tmp_path / "b.zip", False, silent)
    assert rows(small) == before and originals(small) == originals(server)
    with pytest.raises(Refusal, match="restore_not_empty"):
        restore_backup(server, tmp_path / "b.zip", False, silent)
    app = App(server, FrozenClock(NOW))
    with app.store.unit() as unit:
        unit.cases.add(unit.cases.get("C1"))
    app.engine.dispose()
    restore_backup(server, tmp_path / "b.zip", True, silent)
    assert rows(server) == before
    app = App(server, FrozenClock(NOW))
    with app.store.unit() as unit:
        assert unit.cases.add(unit.cases.get("C1")).id == "C2"
    app.engine.dispose()


def test_a_backup_is_made_while_others_write(filled: Settings, tmp_path: Path) -> None:
    app, stop, begun, written = App(filled, FrozenClock(NOW)), threading.Event(), threading.Event(), [0]

    def write() -> None:
        while not stop.is_set():
            with app.store.unit() as unit:
                unit.records.take_run("noise", "x", str(written[0]), NOW)
                unit.records.take_run("echo", "x", str(written[0]), NOW)
            written[0] += 1
            begun.set()

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    assert begun.wait(60)
    serving = only_one(app.engine)
    for number in range(3):
        write_backup(filled, tmp_path / f"{number}.zip", False, silent)
    stop.set()
    serving.close()
    thread.join()
    app.engine.dispose()
    elsewhere = settings_for(tmp_path / "other")
    elsewhere.data_dir.mkdir()
    restore_backup(elsewhere, tmp_path / "2.zip", False, silent)
    pairs = [row for row in rows(elsewhere)["scheduled_run"] if "noise" in row or "echo" in row]
    assert pairs and len(pairs) % 2 == 0, "one transaction is in it whole or not at all"


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as database:
        return {f"{kind} {name}" for kind, name in database.execute("SELECT type, name FROM sqlite_master")}


@contextmanager
def launched(settings: Settings) -> Iterator[App]:
    """The program with its engine."""
    app = App(settings, FrozenClock(NOW)).open()
    engine = Engine(settings.database_url, "main", app.inbox, app.outbox, None, EngineTables(app.engine))
    engine.launch()
    try:
        yield app
    finally:
        engine.stop(patience=0)
        app.engine.dispose()


def plant(path: Path, mark: Path) -> None:
    """A row of the engine's that harms when it is loaded, as this program's own rows were written before."""
    inputs = base64.b64encode(pickle.dumps({"args": (Harm(mark),), "kwargs": {}})).decode()
    rows = [("a", "ENQUEUED", None), ("b", "PENDING", "main"), ("c", "PENDING", "local")]
    with closing(sqlite3.connect(path)) as database, database:
        database.executemany(
            "INSERT INTO workflow_status (workflow_uuid, status, executor_id, name, queue_name, application_version,"
            " application_name, recovery_attempts, priority, created_at, updated_at, serialization, inputs)"
            f" VALUES (?, ?, ?, 'turn', 'turns', '{VERSION}', 'odr-bot', 0, 0, 1, 1, 'py_pickle', '{inputs}')",
            rows,
        )


def test_the_tables_of_the_engine_stay_out_of_a_backup(filled: Settings, tmp_path: Path) -> None:
    path, mark = filled.data_dir / "odr-bot.sqlite3", tmp_path / "harm"
    with launched(filled):
        pass
    plant(path, mark)
    write_backup(filled, tmp_path / "b.zip", False, silent)
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        content = archive.read(DATABASE)
        archive.extract(DATABASE, tmp_path)
    found = {name for name in tables(tmp_path / DATABASE) if name.startswith("table ")}
    assert found == {f"table {name}" for name in (*metadata.tables, "alembic_version")}
    assert b"py_pickle" not in content and str(mark).encode() not in content


def test_what_an_archive_holds_beside_our_rows_is_not_put_back(filled: Settings, file: Path, tmp_path: Path) -> None:
    """Rows of the engine that run code when they are loaded, and triggers."""
    clean, mark = rows(filled), tmp_path / "harm"
    with launched(filled):
        pass
    plant(filled.data_dir / "odr-bot.sqlite3", mark)
    with closing(sqlite3.connect(filled.data_dir / "odr-bot.sqlite3")) as database:
        database.execute("CREATE TRIGGER bad AFTER UPDATE ON person BEGIN DELETE FROM evidence; END")
        database.execute("CREATE VIEW seen AS SELECT * FROM person")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = (filled.data_dir / "odr-bot.sqlite3").read_bytes()

    def forge(content: dict[str, bytes]) -> None:
        content[DATABASE] = data
        about = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        manifest(content, lambda held: held["files"][0].update(about))

    elsewhere = settings_for(tmp_path / "other")
    elsewhere.data_dir.mkdir()
    restore_backup(elsewhere, rewritten(file, forge), False, silent)
    found = tables(elsewhere.data_dir / "odr-bot.sqlite3")
    assert not found & {"trigger bad", "view seen", "table workflow_status"} and rows(elsewhere) == clean
    with launched(elsewhere) as app:
        app.inbox.receive(CommandReceived("e1", "console:ops", "li", NOW, text="help"))
    assert not mark.exists()


@pytest.mark.postgres
def test_a_restore_makes_the_tables_of_the_engine_anew(postgres_url: str, file: Path, tmp_path: Path) -> None:
    server = settings_for(tmp_path / "pg", postgres_url)
    with launched(server) as app, app.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO dbos.workflow_status (workflow_uuid, status, priority, created_at, updated_at)"
            " VALUES ('turn:x', 'ENQUEUED', 0, 1, 1)"
        )
    restore_backup(server, file, True, silent)
    engine = connect(server.database_url)
    assert "dbos" not in sa.inspect(engine).get_schema_names()
    engine.dispose()
    with launched(server) as app:
        app.inbox.receive(CommandReceived("e1", "console:ops", "li", NOW, text="help"))


def test_settings_and_secrets_are_not_in_it(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        assert sorted(name.partition("/")[0] for name in names) == [DATABASE, MANIFEST, "vault", "vault"]
        assert not any(b"very-secret-token" in archive.read(name) for name in names)


def test_what_is_there_is_not_replaced_unless_told(filled: Settings, file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(Refusal, match="backup_exists"):
        write_backup(filled, file, False, silent)
    assert file.read_bytes() == before
    write_backup(filled, file, True, silent)
    with pytest.raises(Refusal, match="restore_not_empty"):
        restore_backup(filled, file, False, silent)


def test_forced_restore_keeps_the_earlier_database_beside_the_new_one(filled: Settings, file: Path) -> None:
    before = rows(filled)
    app = App(filled, FrozenClock(NOW))
    app.cases.claim("C1", "li")
    app.engine.dispose()
    after = rows(filled)
    done = restore_backup(filled, file, True, silent)
    assert rows(filled) == before != after
    earlier = Path(done["earlier_database"])
    assert rows(Settings(data_dir=filled.data_dir, database=DatabaseSettings(url=f"sqlite:///{earlier}"))) == after


def test_restore_refuses_while_the_program_serves(filled: Settings, file: Path) -> None:
    engine = connect(filled.database_url)
    before = rows(filled)
    held = only_one(engine)
    with pytest.raises(DatabaseError) as caught:
        restore_backup(filled, file, True, silent)
    held.close()
    engine.dispose()
    assert caught.value.fault == "served" and rows(filled) == before


def rewritten(file: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(file) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    change(content)
    target = file.with_name("changed.zip")
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return target


def flip(content: dict[str, bytes], prefix: str) -> None:
    name = next(name for name in content if name.startswith(prefix))
    content[name] = content[name][:-1] + bytes([content[name][-1] ^ 1])


def manifest(content: dict[str, bytes], change: Callable[[dict[str, Any]], None]) -> None:
    data = json.loads(content[MANIFEST])
    change(data)
    content[MANIFEST] = json.dumps(data).encode()


def renamed(data: dict[str, Any]) -> None:
    data["files"][1]["name"] = "../../escape"


def swap_hash(content: dict[str, bytes]) -> None:
    """The manifest agrees with a forged original, but its name does not."""
    name = next(name for name in content if name.startswith("vault/"))
    content[name] = b"forged"

    def change(data: dict[str, Any]) -> None:
        entry = next(entry for entry in data["files"] if entry["name"] == name)
        entry |= {"size": 6, "sha256": hashlib.sha256(b"forged").hexdigest()}

    manifest(content, change)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: flip(content, "vault/"),
        lambda content: flip(content, DATABASE),
        lambda content: content.pop(MANIFEST),
        lambda content: content.pop(DATABASE),
        lambda content: content.update({"extra": b"x"}),
        lambda content: content.update({"../../escape": b"x"}),
        lambda content: content.update({MANIFEST: b"{"}),
        lambda content: manifest(content, lambda data: data.update(format=2)),
        lambda content: manifest(content, renamed),
        lambda content: manifest(content, lambda data: data["files"][0].update(size=1)),
        swap_hash,
    ],
)
def test_a_changed_backup_is_refused_and_changes_nothing(
    filled: Settings, file: Path, change: Callable[[dict[str, bytes]], None]
) -> None:
    before = (rows(filled), originals(filled))
    with pytest.raises(Refusal, match="not_a_backup"):
        restore_backup(filled, rewritten(file, change), True, silent)
    assert (rows(filled), originals(filled)) == before
    assert not list(filled.data_dir.glob(".restore-*"))


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all" * 99])
def test_a_file_that_is_no_zip_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(data)
    (tmp_path / "data").mkdir()
    with pytest.raises(Refusal, match="not_a_backup"):
        restore_backup(settings_for(tmp_path / "data"), tmp_path / "x.zip", False, silent)


def test_a_cut_off_backup_is_refused(file: Path, tmp_path: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])
    (tmp_path / "other").mkdir()
    with pytest.raises(Refusal, match="not_a_backup"):
        restore_backup(settings_for(tmp_path / "other"), file, False, silent)


def test_a_backup_of_a_newer_release_is_refused(file: Path, tmp_path: Path) -> None:
    newer = rewritten(file, lambda content: manifest(content, lambda data: data.update(tables="9999")))
    (tmp_path / "other").mkdir()
    with pytest.raises(Refusal, match="backup_is_newer"):
        restore_backup(settings_for(tmp_path / "other"), newer, False, silent)


def test_a_damaged_original_is_named_and_left_out(filled: Settings, tmp_path: Path) -> None:
    victim, lost = sorted((filled.data_dir / "vault").glob("??/*"))
    victim.chmod(0o600)
    victim.write_bytes(b"rot")
    lost.unlink()
    done = write_backup(filled, tmp_path / "b.zip", False, silent)
    assert (done["damaged"], done["missing"], done["originals"]) == ([victim.name], [lost.name], 0)


def test_there_is_nothing_to_back_up_before_the_first_start(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with pytest.raises(Refusal, match="nothing_to_back_up"):
        write_backup(settings_for(tmp_path / "data"), tmp_path / "b.zip", False, silent)
    assert not (tmp_path / "b.zip").exists()


def test_a_full_disk_leaves_no_half_backup(filled: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*given: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.cli.backup.add_original", full)
    with pytest.raises(OSError, match="No space"):
        write_backup(filled, tmp_path / "b.zip", False, silent)
    assert not list(tmp_path.glob("*.zip")) and not list(tmp_path.glob(".odr-bot-backup-*"))


def test_too_little_room_is_said_before_anything_is_written(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.archive.shutil.disk_usage", lambda path: type("Usage", (), {"free": 10})())
    (tmp_path / "other").mkdir()
    with pytest.raises(Refusal, match="restore_no_room"):
        restore_backup(settings_for(tmp_path / "other"), file, False, silent)


def test_names_deleted_since_the_backup_do_not_come_back(filled: Settings, tmp_path: Path) -> None:
    store = Store(connect(filled.database_url))
    with store.unit() as unit:
        unit.records.save_person(Person("p7", "Anna Bell"))
        unit.messages.put("slack:C1", "", "told", Card("Anna Bell took C1"), NOW)
    file = tmp_path / "names.zip"
    write_backup(filled, file, force=False, tell=print)
    with store.unit() as unit:
        unit.names.forget("p7", NOW)
    store.engine.dispose()
    restore_backup(filled, file, force=True, tell=print)
    with Store(connect(filled.database_url)).unit(read_only=True) as unit:
        person, told = unit.records.person("p7"), unit.messages.next_of("slack:C1", NOW)
    assert person and (person.name, person.forgotten) == ("", True)
    assert told and told.card.title == "p7 took C1"


def test_roles_that_changed_since_the_backup_go_on_to_count(filled: Settings, tmp_path: Path) -> None:
    """Somebody who has left since does not come back by it."""
    row = Membership("li", "team", Role.ADMIN, NOW, "command-line")
    store = Store(connect(filled.database_url))
    with store.unit() as unit:
        unit.members.save(row)
    file = tmp_path / "roles.zip"
    write_backup(filled, file, force=False, tell=print)
    gone = replace(row, until=NOW)
    with store.unit() as unit:
        unit.members.save(gone)
    store.engine.dispose()
    told = restore_backup(filled, file, force=True, tell=print)
    assert (told["roles"], told["roles_from"]) == ([], "before")
    with Store(connect(filled.database_url)).unit(read_only=True) as unit:
        assert unit.members.all() == [gone]
    elsewhere = filled.model_copy(update={"data_dir": tmp_path / "elsewhere"})
    elsewhere.data_dir.mkdir()
    told = restore_backup(elsewhere, file, force=False, tell=print)
    assert (told["roles"], told["roles_from"]) == ([{"person": "li", "team": "team", "role": "admin"}], "backup")
