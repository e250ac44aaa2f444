"""A wrong configuration stops the start and says file, key and what was expected; secrets stay secret."""

import csv
import io
import logging
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from bot.services.export import safe_cell
from bot.settings.files import data_root
from bot.wording.phrases import Phrases, WordingError
from tests.cli.conftest import Cli
from tests.conversations.conftest import ORDERS, Talk, tracking_page
from tests.robustness.conftest import Served

PROFILE = data_root("config") / "policies" / "tiktok-shop.toml"
ROOT = Path(__file__).parents[2]


def stopped(home: Cli, *words: str, command: str = "cases", **env: str) -> str:
    """The start stops with exit code 1 and a message that holds these words."""
    result = home(command, **env)
    assert result.exit_code == 1 and result.stdout == ""
    assert result.stderr.startswith("odr-bot: ") and "Traceback" not in result.stderr
    for word in words:
        assert word in result.stderr, result.stderr
    return result.stderr


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        ('site = "blocking"', 'sight = "blocking"', ("rules", "sight", "coverage")),
        ('site = "blocking"', 'site = "loud"', ("rules.site", "'blocking'", "'loud'")),
        ("window_hours = 72", "", ("window_hours", "required", "nothing")),
        ("window_hours = 72", 'window_hours = "three days"', ("window_hours", "integer", "three days")),
        ("window_hours = 72", "window_hours = -72", ("window_hours", "greater than 0")),
        ('requirement = "0.010"', "requirement = 0.010", ("measuring.requirement", "string")),
        ('requirement = "0.010"', 'requirement = "1.0"', ("measuring.requirement", "pattern")),
        ('"surge", "rolling"]', '"surge", "monthly"]', ("triggers.enabled", "monthly", "'rolling'")),
        ('count = "per_defect"', 'count = "per_day"', ("measuring.count", "per_order")),
        ("[measuring]", "surprise = 1\n[measuring]", ("surprise", "not permitted")),
        ("[measuring]", "[measuring", ("not valid TOML", "line")),
    ],
)
def test_a_wrong_policy_profile(home: Cli, was: str, becomes: str, words: tuple[str, ...]) -> None:
    text = PROFILE.read_text("utf-8")
    assert was in text
    path = home.file("mine.toml", text.replace(was, becomes, 1))
    stopped(home, str(path), *words, ODR_BOT_POLICY=str(path))


def test_a_policy_profile_that_is_not_there(home: Cli) -> None:
    stopped(home, "no-such-policy", "no such file", ODR_BOT_POLICY="no-such-policy")


SHOP = '[[shops]]\nid = "us-2"\nsite = "US"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("colour = 1\n", ("colour", "not permitted")),
        ("[console]\nprot = 1\n", ("console.prot", "not permitted")),
        ("[console]\nport = 99999\n", ("console.port", "65535")),
        ('timezone = "Mars/Olympus"\n', ("timezone", "Asia/Shanghai", "Mars/Olympus")),
        ('language = "fr"\n', ("language", "'zh'", "fr")),
        (SHOP + SHOP, ("shops", "us-2", "twice")),
        (SHOP + 'channels = ["ops"]\n', ("shops.0.channels", "console:ops")),
        (SHOP + 'timezone = "Nowhere"\n', ("shops.0.timezone", "Nowhere")),
        (SHOP.replace("us-2", "a/../b"), ("shops.0.id", "pattern")),
        ("[clock]\nnow = 2026-11-20T08:00:00\n", ("clock.now", "timezone")),
        ("data_dir = \n", ("not valid TOML", "line 1")),
    ],
)
def test_wrong_settings(home: Cli, text: str, words: tuple[str, ...]) -> None:
    path = home.file("odr-bot.toml", text)
    stopped(home, path.name, *words)


def test_settings_that_are_no_text(home: Cli) -> None:
    home.file("odr-bot.toml", b"\xff\xfe\x00")
    stopped(home, "odr-bot.toml")
    stopped(home, "none.toml", "no such file", ODR_BOT_CONFIG="none.toml")
    stopped(home, "cannot be read", ODR_BOT_CONFIG=str(home.folder))


def test_the_environment_wins_and_is_named_when_it_is_wrong(home: Cli) -> None:
    assert "没有案件" in home("case", "C9", ODR_BOT_LANGUAGE="zh").stderr
    stopped(home, "environment ODR_BOT_CONSOLE__PORT", "console.port", ODR_BOT_CONSOLE__PORT="many")
    stopped(home, "environment", "database", ODR_BOT_DATABASE="not json")


def test_a_broken_text_stops_the_server_and_names_file_and_key(tmp_path: Path) -> None:
    root = tmp_path / "templates"
    shutil.copytree(data_root("templates"), root)
    texts = root / "zh" / "refusals.toml"
    texts.write_text(texts.read_text("utf-8").replace("{{ case }}", "{{ case", 1), "utf-8")
    with pytest.raises(WordingError, match=r"zh/refusals\.toml: no_such_case: "):
        Phrases(root).check()
    texts.write_text("no_such_case = \n", "utf-8")
    with pytest.raises(WordingError, match=r"zh/refusals\.toml: .*line 1"):
        Phrases(root).check()


def test_all_texts_are_sound() -> None:
    Phrases(data_root("templates")).check()


def test_a_terminal_that_knows_no_chinese_gets_an_answer(home: Cli) -> None:
    command = [sys.executable, "-m", "bot", "say", b"help \xff"]
    env = {"PATH": "", "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT), "ODR_BOT_LANGUAGE": "zh"}
    done = subprocess.run(command, cwd=home.folder, env=env, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0 and b"odr-bot" in done.stdout and b"Traceback" not in done.stderr


SECRETS = ("s3cret-token-of-the-console", "s3cret-word")


def test_secrets_are_never_shown(home: Cli, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    base = "postgresql://odr:s3cret-word@127.0.0.1:1/odr"
    urls = (
        base,
        base.replace(":1/", ":port/"),
        base.replace("word@", "word@x@"),
        f"{base}?s3cret-wor=1",
        "s3cret-word",
    )
    shown = [home(command, ODR_BOT_DATABASE__URL=url) for url in urls for command in ("cases", "doctor")]
    token = {"ODR_BOT_CONSOLE__TOKEN": "s3cret-token-of-the-console"}
    shown += [home("doctor", **token), home("say", "s", ODR_BOT_CONSOLE__PORT="x", **token)]
    shown += [
        home("cases", ODR_BOT_DATABASE="s3cret-word"),
        home("cases", ODR_BOT_CONSOLE='"s3cret-token-of-the-console"'),
    ]
    home.file("odr-bot.toml", 'console = "s3cret-token-of-the-console"\ndatabase = "s3cret-word"\n')
    shown.append(home("cases"))
    for result in shown:
        assert not any(secret in result.stdout + result.stderr for secret in SECRETS)
    assert not any(secret in caplog.text for secret in SECRETS)


def test_a_server_with_a_token_keeps_it_out_of_its_log_and_pages(home: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ODR_BOT_CONSOLE__TOKEN", "s3cret-token-of-the-console")
    server = Served(home).start()
    assert "s3cret-token-of-the-console" not in server.get("/sign-in").text + server.log()
    server.kill()


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_an_export_is_a_formula(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"


def test_the_package_holds_no_formula_and_no_path_out_of_it(talk: Talk) -> None:
    talk.send(("=cmd|' C'!A0.txt", tracking_page()), text=f"证据 {ORDERS[0]} logistics")
    with talk.app.store.unit() as unit:
        case = unit.cases.get("C1", lock=True)
        assert case
        case.orders[0] = replace(case.orders[0], order_id="a/../../../evil")
        unit.cases.save(case)
        item = unit.evidence.get("E1")
        assert item
        item.order_ids, item.uploader = ["a/../../../evil"], "@SUM(1)"
        unit.evidence.save(item)
    stored = talk.app.exporter.package("C1", "=who()", covered=False).stored
    with talk.app.vault.open(stored.sha256) as file, zipfile.ZipFile(io.BytesIO(file.read())) as package:
        names = package.namelist()
        tables = [package.read(name).decode("utf-8-sig") for name in names if name.endswith(".csv")]
    assert any("/a-evil/" in name for name in names)
    assert not any(".." in name or name.startswith("/") or "\\" in name for name in names)
    cells = [cell for table in tables for row in csv.reader(io.StringIO(table)) for cell in row]
    assert "'@SUM(1)" in cells and not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
