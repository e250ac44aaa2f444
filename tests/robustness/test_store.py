"""Disks and databases that refuse: what people read, what is kept, and that work goes on afterwards."""

import errno
import os
import resource
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.conversation.events import CommandReceived
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.model import load_settings
from tests.cli.conftest import Cli
from tests.conversations.conftest import CHANNEL, NOW, ORDERS, Talk, tracking_page
from tests.robustness.conftest import Served, count, start
from tests.robustness.test_kills import orders, originals, whole


def database(home: Cli) -> Path:
    return home.folder / "data/odr-bot.sqlite3"


@pytest.fixture
def disk(told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cli]:
    """The command line in a home on a disk of 8 MB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place]
    if os.geteuid() or subprocess.run(mount, check=False).returncode:
        pytest.skip("only root can mount a small disk")
    shutil.copytree(told, place / "home")
    with monkeypatch.context() as patch:
        patch.chdir(place / "home")
        yield Cli(place / "home")
    subprocess.run(["umount", "-l", place], check=True)


def problem(home: Cli, *words: object, **env: str) -> str:
    """Exit code 1 and one message for people."""
    result = home(*words, **env)
    assert result.exit_code == 1 and result.stderr.startswith("odr-bot: ") and "Traceback" not in result.stderr
    return result.stderr


def test_a_full_disk_at_an_import_keeps_nothing_of_it(home: Cli) -> None:
    path, before = orders(home, "large.csv", 60_000), count(home)
    cap = database(home).stat().st_size + 200_000

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (cap, cap))

    process = start(home, "import", path, "--shop", "us-1", preexec_fn=small)
    _, words = process.communicate(timeout=60)
    assert process.returncode == 1 and b"Free some space" in words and b"Traceback" not in words
    assert count(home) == before
    assert home.json("import", path, "--shop", "us-1")["orders"] == 60_000


def test_a_full_disk_at_an_upload_is_told_and_mended_by_room(disk: Cli) -> None:
    server = Served(disk)
    try:
        server.start()
        filler = disk.folder / "filler"
        free = os.statvfs(disk.folder).f_bavail * os.statvfs(disk.folder).f_frsize
        filler.write_bytes(b"x" * (free - 200_000))
        refused = server.say("", ("page.txt", b"y" * 1_000_000))
        assert refused.status_code == 507 and "No space left" in refused.json()["error"]
        assert originals(disk) == [] and list((disk.folder / "data/incoming").iterdir()) == []
        filler.unlink()
        assert server.say("", ("page.txt", b"y" * 1_000_000)).status_code == 204
        assert len(originals(disk)) == 1
        whole(disk)
    finally:
        server.kill()


def test_a_read_only_data_folder_is_told_in_both_languages(disk: Cli) -> None:
    subprocess.run(["mount", "-o", "remount,ro", disk.folder.parent], check=True)
    for language, words in (("en", "can be written"), ("zh", "能否写入")):
        assert words in problem(disk, "check", ODR_BOT_LANGUAGE=language)
        assert "Traceback" not in disk("doctor", ODR_BOT_LANGUAGE=language).stdout
    subprocess.run(["mount", "-o", "remount,rw", disk.folder.parent], check=True)
    assert disk("check").exit_code == 0


def test_a_data_folder_that_cannot_be_made(home: Cli) -> None:
    (home.folder / "file").write_text("in the way")
    assert "data_dir" in problem(home, "cases", ODR_BOT_DATA_DIR=str(home.folder / "file/below"))


def test_a_vault_that_refuses_keeps_neither_row_nor_rest_and_works_again(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("bot.store.vault.os.fsync", full)
        [card] = talk.send(("tracking.txt", tracking_page()))
    assert "No space left" in card.plain() and "再发一次" in card.plain()
    assert [path for path in talk.app.vault.root.rglob("*") if path.is_file()] == []
    with talk.app.store.unit(read_only=True) as unit:
        assert unit.evidence.of_case("C1") == [] and unit.evidence.unfiled(CHANNEL) == []
    assert talk.send(("tracking.txt", tracking_page()))[0].slot == "C1:work"


def test_a_full_database_is_told_and_files_nothing_until_the_message_comes_again(talk: Talk) -> None:
    def small(connection: sqlite3.Connection, *_: object) -> None:
        [pages] = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages}")

    def room(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA max_page_count=1000000")

    event = CommandReceived("event-full", CHANNEL, "li", NOW, "C1", text=f"证据 {ORDERS[0]} " + "words " * 60_000)
    sa.event.listen(talk.app.engine, "checkout", small)
    assert "磁盘已满" in talk.hear(event)[0].title
    with talk.app.store.unit(read_only=True) as unit:
        assert [item.order_ids for item in unit.evidence.of_case("C1")] == [[]]  # the original is kept, and no more
    sa.event.remove(talk.app.engine, "checkout", small)
    sa.event.listen(talk.app.engine, "checkout", room)
    assert talk.hear(replace(event, id="event-again"))[0].slot == "C1:work"
    with talk.app.store.unit(read_only=True) as unit:
        assert [item.order_ids for item in unit.evidence.of_case("C1") if item.order_ids] == [[ORDERS[0]]]


def test_a_locked_database_is_told_within_the_busy_time_and_works_again(home: Cli) -> None:
    with closing(sqlite3.connect(database(home), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        for language, words in (("en", "Another program"), ("zh", "另一个程序")):
            wait = {"ODR_BOT_DATABASE__BUSY_SECONDS": "0.1", "ODR_BOT_LANGUAGE": language}
            assert words in problem(home, "check", **wait)
        assert time.monotonic() - began < 30, "the settings would have it wait for 20 s, twice"
        assert home("cases").exit_code == 0  # who only looks need not wait
        other.execute("ROLLBACK")
    assert home("check").exit_code == 0


@pytest.mark.parametrize("damage", ["header", "pages", "text"])
def test_a_damaged_database_is_told(home: Cli, damage: str) -> None:
    data = bytearray(database(home).read_bytes())
    if damage == "header":
        data[:100] = b"x" * 100
    elif damage == "pages":
        data[4096:] = b"\xff" * (len(data) - 4096)
    else:
        data = bytearray(b"this is a note, not a database\n" * 200)
    database(home).write_bytes(data)
    assert "restore the last backup" in problem(home, "cases")
    assert "restore the last backup" in home("doctor").stdout


def test_a_database_of_a_newer_release_is_left_alone(home: Cli) -> None:
    with closing(sqlite3.connect(database(home))) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "newer release" in problem(home, "cases") and "9999" in problem(home, "db", "upgrade")


def test_an_original_that_was_tampered_with_is_found_by_doctor(home: Cli) -> None:
    path = home.file("tracking.txt", tracking_page())
    assert home("say", "", "--file", path).exit_code == 0
    [original] = originals(home)
    assert "all intact" in home("doctor").stdout
    original.chmod(0o600)
    original.write_text("forged")
    result = home("doctor")
    assert result.exit_code == 1 and original.name in result.stdout and "backup" in result.stdout


def test_files_that_are_none_are_not_waited_for(home: Cli) -> None:
    os.mkfifo(home.folder / "pipe")
    for path in (home.folder / "pipe", home.folder, Path("/dev/zero")):
        assert "no file but" in problem(home, "say", "evidence", "--file", path)
    assert "none.txt" in problem(home, "say", "evidence", "--file", "none.txt")
    assert originals(home) == []


def test_a_server_out_of_reach_is_told_without_the_password(home: Cli) -> None:
    url = "postgresql://odr:geheim@127.0.0.1:1/odr"
    for language, words in (("en", "does not answer"), ("zh", "连不上数据库")):
        told = problem(home, "cases", ODR_BOT_DATABASE__URL=url, ODR_BOT_LANGUAGE=language)
        assert words in told and "geheim" not in told


@pytest.mark.postgres
def test_postgresql_takes_what_sqlite_takes(postgres_url: str, home: Cli) -> None:
    settings = load_settings(home.folder / "odr-bot.toml")
    settings.database.url = postgres_url
    app = App(settings, FrozenClock(NOW)).open()
    talk = Talk(app, home.folder)
    for words in ("\x00", "案件 C999999999", "撤回 E999999999", "\ud800", "🙃 asdf", "认领 C" + "9" * 9):
        about = (f"told-{next(talk.numbers)}", CHANNEL, "li", NOW, "C\x007")
        [card] = talk.hear(CommandReceived(*about, text=words, called=True))
        assert "出错" not in card.plain()
    [card] = talk.send(("a\x00b.txt", "nothing"))
    assert "ab.txt" in card.plain()
    app.engine.dispose()
