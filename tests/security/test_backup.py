"""Archives that somebody else made: whatever is in them, nothing runs, nothing lands outside, and what is refused
changes nothing."""

import hashlib
import io
import json
import random
import sqlite3
import stat
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.cli.archive import DATABASE, MANIFEST, ORIGINALS
from bot.cli.backup import restore_backup, write_backup
from bot.domain.refusal import Refusal
from bot.runtime.bootstrap import App
from bot.settings.model import Settings
from bot.settings.team import ShopSettings
from bot.store.database import connect
from bot.store.tables import metadata
from bot.store.tables.sign_in import attempts, sessions, sign_in_links
from tests.backup.test_backup import fill, originals, rows, settings_for, silent

Parts = dict[str, bytes]
SEED, FLIPS = 14, 150


@pytest.fixture(scope="module")
def genuine(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    """The parts of a real backup."""
    folder = tmp_path_factory.mktemp("genuine")
    settings = settings_for(folder / "data")
    fill(settings, folder).engine.dispose()
    write_backup(settings, folder / "b.zip", False, silent)
    with zipfile.ZipFile(folder / "b.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class Home:
    """An installation with data of its own, and a folder around it in which nothing may appear."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shops = [ShopSettings(id="own-1", name="Own", site="US")]
        self.settings = Settings(data_dir=folder / "data", shops=shops)
        App(self.settings).open().engine.dispose()
        self.before = self.state()

    def state(self) -> tuple[Any, Any, list[str]]:
        beside = sorted(path.name for path in self.folder.iterdir() if not path.name.endswith(".zip"))
        return rows(self.settings), originals(self.settings), beside

    def refuses(self, archive: Path) -> str:
        """The words of the refusal; nothing has changed."""
        with pytest.raises(Refusal) as raised:
            restore_backup(self.settings, archive, True, silent)
        assert self.state() == self.before
        assert not list(self.settings.data_dir.glob(".restore-*"))
        return str(raised.value.params.get("cause", raised.value.key))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    yield Home(tmp_path)


def packed(folder: Path, parts: Parts, *more: tuple[zipfile.ZipInfo, bytes], manifest: bool = True) -> Path:
    """An archive with a manifest that agrees with its parts; `more` are entries beside them."""
    entries = [
        {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in {**parts, **{info.filename: data for info, data in more}}.items()
        if name != MANIFEST
    ]
    target = folder / "hostile.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            if name != MANIFEST:
                archive.writestr(name, data)
        for info, data in more:
            archive.writestr(info, data)
        about = json.loads(parts[MANIFEST]) | ({"files": entries} if manifest else {})
        archive.writestr(MANIFEST, json.dumps(about))
    return target


NAMES = [
    *("../escape", "../../escape", "/tmp/odr-bot-escape", "vault/../../escape", "vault/..", "C:\\escape"),
    *("vault\\..\\..\\escape", "odr-bot.toml", "vault/" + "0" * 63 + "/", f"vault/{'0' * 64}\n", "vault/\0escape"),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_path_out_of_its_folder(home: Home, genuine: Parts, name: str) -> None:
    home.refuses(packed(home.folder, genuine, (zipfile.ZipInfo(name), b"x")))
    assert not Path("/tmp/odr-bot-escape").exists()


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFDIR])
def test_a_link_or_a_device_is_a_file_like_others(home: Home, genuine: Parts, kind: int) -> None:
    """What it says of itself makes nothing: its bytes are not the original of its name."""
    info = zipfile.ZipInfo(ORIGINALS + "a" * 64)
    info.external_attr = (kind | 0o777) << 16
    assert "damaged" in home.refuses(packed(home.folder, genuine, (info, b"/etc/passwd")))


def test_a_link_whose_name_is_its_hash_is_kept_as_its_bytes(home: Home, genuine: Parts) -> None:
    digest = hashlib.sha256(b"/etc/passwd").hexdigest()
    info = zipfile.ZipInfo(ORIGINALS + digest)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    restore_backup(home.settings, packed(home.folder, genuine, (info, b"/etc/passwd")), True, silent)
    kept = home.settings.data_dir / "vault" / digest[:2] / digest
    assert not kept.is_symlink() and kept.read_bytes() == b"/etc/passwd"


def test_a_name_twice(home: Home, genuine: Parts) -> None:
    info = zipfile.ZipInfo(DATABASE)
    with pytest.warns(UserWarning, match="Duplicate"):
        target = packed(home.folder, genuine, (info, genuine[DATABASE]))
    home.refuses(target)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_way_of_packing_that_backups_do_not_use(home: Home, genuine: Parts, method: int) -> None:
    info = zipfile.ZipInfo(ORIGINALS + hashlib.sha256(b"x").hexdigest())
    info.compress_type = method
    assert "packed" in home.refuses(packed(home.folder, genuine, (info, b"x")))


def test_a_bomb_is_not_unpacked_beyond_what_it_declares(home: Home, genuine: Parts) -> None:
    """Small in the archive, huge outside; and one that declares to be larger than the disk."""
    data = bytes(60_000_000)
    name = ORIGINALS + hashlib.sha256(data).hexdigest()
    with zipfile.ZipFile(packed(home.folder, genuine, (zipfile.ZipInfo(name), data))) as archive:
        about = json.loads(archive.read(MANIFEST))
    for size in (1, 10**18):
        for entry in about["files"]:
            entry["size"] = size if entry["name"] == name else entry["size"]
        parts = genuine | {MANIFEST: json.dumps(about).encode()}
        words = home.refuses(packed(home.folder, parts, (zipfile.ZipInfo(name), data), manifest=False))
        assert "damaged" in words or words == "restore_no_room"


@pytest.mark.parametrize(
    "change",
    [
        {"files": None},
        {"files": [{"name": DATABASE, "size": -1, "sha256": "0" * 64}]},
        {"files": [{"name": DATABASE, "size": 1e308, "sha256": "0" * 64}]},
        {"files": [{"name": DATABASE, "size": 10**400, "sha256": "0" * 64}]},
        {"files": [{"name": DATABASE, "size": 1, "sha256": "\x1b[31m"}]},
        {"format": "1; rm -rf"},
        {"tables": 13},
        {"more": True},
    ],
)
def test_a_manifest_of_another_kind(home: Home, genuine: Parts, change: dict[str, Any]) -> None:
    parts = genuine | {MANIFEST: json.dumps(json.loads(genuine[MANIFEST]) | change).encode()}
    words = home.refuses(packed(home.folder, parts, manifest=False))
    assert words.isprintable()


def test_a_manifest_of_deep_nesting(home: Home, genuine: Parts) -> None:
    target = home.folder / "deep.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(DATABASE, genuine[DATABASE])
        archive.writestr(MANIFEST, "[" * 1_000_000)
    home.refuses(target)


def test_bytes_changed_anywhere(home: Home, genuine: Parts) -> None:
    """Either refused in words, or what was changed says nothing (a date, a remark)."""
    whole = packed(home.folder, genuine).read_bytes()
    drawn, target = random.Random(SEED), home.folder / "flipped.zip"
    # Most of the structure is in the last bytes.
    places = [drawn.randrange(len(whole)) for _ in range(FLIPS // 3)]
    places += [len(whole) - 1 - drawn.randrange(900) for _ in range(FLIPS - FLIPS // 3)]
    refused = 0
    for place in places:
        data = bytearray(whole)
        data[place] = drawn.randrange(256)
        target.write_bytes(data)
        try:
            restore_backup(home.settings, target, True, silent)
        except Refusal:
            refused += 1
    assert refused > FLIPS // 3


def tampered(genuine: Parts, *statements: str) -> Parts:
    """The backup with a database on which somebody ran these statements."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(genuine[DATABASE])
        for statement in statements:
            database.execute(statement)
        database.commit()
        return genuine | {DATABASE: database.serialize()}


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x"


def columns(name: str, **replaced: str) -> str:
    return ", ".join(f"{replaced.get(one.name, one.name)} AS {one.name}" for one in metadata.tables[name].columns)


RUNNING = {
    "a trigger that fires while tables are migrated": (
        "CREATE TRIGGER bad AFTER UPDATE ON alembic_version BEGIN DELETE FROM evidence; END",
        "CREATE TRIGGER worse AFTER INSERT ON person BEGIN DELETE FROM evidence; END",
    ),
    "a view beside our tables": (f"CREATE VIEW endless AS {ENDLESS} FROM n",),
    "a view with a name that means something else": ('CREATE VIEW "a"";drop table person;--" AS SELECT 1',),
}


def running(database: sqlite3.Connection) -> set[str]:
    """The views and triggers."""
    return {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type IN ('view', 'trigger')")}


@pytest.mark.parametrize("statements", RUNNING.values(), ids=RUNNING)
def test_what_would_run_is_thrown_away(home: Home, genuine: Parts, statements: tuple[str, ...]) -> None:
    restore_backup(home.settings, packed(home.folder, tampered(genuine, *statements)), True, silent)
    with closing(sqlite3.connect(home.settings.data_dir / "odr-bot.sqlite3")) as database:
        assert running(database) == {"audit_unchanged", "audit_undeleted"}, "our own"
        [count] = database.execute("SELECT count(*) FROM evidence").fetchone()
    assert count == 2


TAMPERED = {
    "a view in the place of a table, without end": (
        "ALTER TABLE person RENAME TO was",
        f"CREATE VIEW person AS {ENDLESS} AS id FROM n",
    ),
    "a table of a module": ("DROP TABLE person", "CREATE VIRTUAL TABLE person USING fts5(id, name)"),
    "a column that is computed": (
        "DROP TABLE person",
        "CREATE TABLE person (id TEXT, name TEXT GENERATED ALWAYS AS (hex(zeroblob(400000000))), "
        + ", ".join(f"{one.name} TEXT" for one in metadata.tables["person"].columns if one.name not in ("id", "name"))
        + ")",
    ),
    "a table that is missing": ("DROP TABLE evidence",),
    "a column that is missing": ("ALTER TABLE evidence RENAME COLUMN sha256 TO sha",),
    "a text where an instant is": ("UPDATE evidence SET uploaded_at = 'yesterday'",),
    "an instant beyond time": ("UPDATE evidence SET uploaded_at = 9223372036854775807",),
    "bytes where a text is": ("UPDATE evidence SET file_name = x'00ff'",),
    "a number where a text is": ("UPDATE appeal_case SET status = x'01'",),
    "a text with a null character": ("UPDATE evidence SET file_name = 'a' || char(0) || 'b'",),
    "a text that is no UTF-8": ("UPDATE evidence SET file_name = CAST(x'ff' AS TEXT)",),
    "no JSON where JSON is": ("UPDATE evidence SET facts = '{'",),
    "a value of many bytes": ("UPDATE evidence SET file_name = hex(zeroblob(60000000))",),
    "two rows with one key": (
        "ALTER TABLE person RENAME TO was",
        "CREATE TABLE person AS SELECT * FROM was",
        "INSERT INTO person (id) VALUES (NULL)",
    ),
    "no version of the tables": ("DELETE FROM alembic_version",),
    "a version that never was": ("UPDATE alembic_version SET version_num = '0000'",),
    "a version of a newer release": ("UPDATE alembic_version SET version_num = '9999'",),
    "an older version than its tables": ("UPDATE alembic_version SET version_num = '0001'",),
}


@pytest.mark.parametrize("statements", TAMPERED.values(), ids=TAMPERED)
def test_a_database_that_is_not_as_ours_are(home: Home, genuine: Parts, statements: tuple[str, ...]) -> None:
    parts = tampered(genuine, *statements)
    begun = time.monotonic()
    words = home.refuses(packed(home.folder, parts))
    assert words and words.isprintable() and time.monotonic() - begun < 60


def test_a_hash_that_leads_out_of_the_vault_leads_nowhere(home: Home, genuine: Parts) -> None:
    """What the rows say is data: it is looked up inside the vault."""
    parts = tampered(genuine, "UPDATE evidence SET sha256 = '../../../../etc/passwd'")
    restore_backup(home.settings, packed(home.folder, parts), True, silent)
    app = App(home.settings)
    with pytest.raises(KeyError):
        app.vault.path("../../../../etc/passwd")
    app.engine.dispose()


def test_a_page_of_the_database_that_is_damaged(home: Home, genuine: Parts) -> None:
    data = bytearray(genuine[DATABASE])
    data[8192:12288] = random.Random(SEED).randbytes(4096)
    home.refuses(packed(home.folder, genuine | {DATABASE: bytes(data)}))
    home.refuses(packed(home.folder, genuine | {DATABASE: b"SQLite format 3\0" + bytes(4000)}))


def test_sessions_and_links_go_into_no_backup_and_come_out_of_none(home: Home, tmp_path: Path) -> None:
    """Who was signed out, or whose role was changed after the backup, is not let in by it again."""
    at = datetime(2026, 11, 20, tzinfo=UTC)
    engine = connect(home.settings.database_url)

    def planted() -> None:
        with engine.begin() as connection:
            common = {"created_at": at, "expires_at": at}
            connection.execute(sa.insert(sessions), {"hash": "a-hash", "person": "li", "used_at": at, **common})
            connection.execute(sa.insert(sign_in_links), {"id": "l1", "hash": "b-hash", "person": "li", **common})
            connection.execute(sa.insert(attempts), {"subject": "127.0.0.1", "at": at})

    planted()
    write_backup(home.settings, tmp_path / "b.zip", False, silent)
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        data = archive.read(DATABASE)
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert b"a-hash" not in data and b"b-hash" not in data
    forged = tampered(
        parts,
        "INSERT INTO console_session (hash, earlier_hash, person, standing, created_at, used_at, expires_at, address,"
        " browser, why) VALUES ('forged', '', 'li', '', 1, 1, 9999999999999, '', '', '')",
    )
    restore_backup(home.settings, packed(home.folder, forged), True, silent)
    engine.dispose()
    engine = connect(home.settings.database_url)
    with engine.connect() as connection:
        for table in (sessions, sign_in_links, attempts):
            assert connection.execute(sa.select(table)).all() == []
    engine.dispose()


def test_an_archive_that_is_a_folder_or_a_stream_of_nothing(home: Home, tmp_path: Path) -> None:
    (tmp_path / "folder.zip").mkdir()
    with pytest.raises((Refusal, OSError)):
        restore_backup(home.settings, tmp_path / "folder.zip", True, silent)
    buffer = io.BytesIO()
    zipfile.ZipFile(buffer, "w").close()
    (tmp_path / "empty.zip").write_bytes(buffer.getvalue())
    home.refuses(tmp_path / "empty.zip")
