"""Every command: help, settings, streams and exit codes, as programs outside rely on them."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from bot.cli.main import main
from tests.cli.conftest import NOW, SETTINGS, Cli, DayStory, month

COMMANDS = (
    "demo",
    "serve",
    "import",
    "imports",
    "statuses",
    "check",
    "cases",
    "case",
    "say",
    "validate",
    "export",
    "read",
    "doctor",
    "db",
    "backup",
    "restore",
    "feishu",
    "slack",
    "sign-in",
    "sessions",
    "people",
    "audit",
    "tiktok",
)
GROUPS = {"people": ("list", "invite", "remove", "link", "separate")}
WITHOUT_DATA = ("serve",)


def test_the_commands_are_those_of_the_contract() -> None:
    assert set(main.commands) == set(COMMANDS)


SINGLE = [(name,) for name in COMMANDS if name not in GROUPS] + [
    (group, name) for group, names in GROUPS.items() for name in names
]


@pytest.mark.parametrize("words", SINGLE, ids=" ".join)
def test_every_command_has_help_settings_and_json(cli: Cli, words: tuple[str, ...]) -> None:
    result, name = cli(*words, "--help"), words[-1]
    assert result.exit_code == 0
    assert "--config" in result.stdout
    assert ("--json" in result.stdout) is (name not in WITHOUT_DATA)
    assert not (cli.folder / "data").exists(), "help leaves nothing behind"


WRONG_USAGE = [
    ["nonsense"],
    ["import"],
    ["import", "orders.csv"],
    ["import", "orders.csv", "--shop", "us-1", "--kind", "potatoes"],
    ["check", "--date", "2026-11-31"],
    ["check", "--date", "yesterday"],
    ["check", "--sop", "us-1"],
    ["case"],
    ["say"],
    ["validate"],
    ["read"],
    ["db"],
    ["db", "downgrade"],
    ["serve", "--port", "http"],
]


@pytest.mark.parametrize("args", WRONG_USAGE, ids=" ".join)
def test_wrong_usage_is_exit_code_2_and_says_so_on_stderr(cli: Cli, args: list[str]) -> None:
    result = cli(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Usage:" in result.stderr


PROBLEMS = [
    (["import", "missing.csv", "--shop", "us-1"], "missing.csv"),
    (["import", "odr-bot.toml", "--shop", "nobody"], "us-1"),
    (["check", "--shop", "nobody"], "us-1"),
    (["case", "C99"], "C99"),
    (["validate", "C99"], "C99"),
    (["say", "hello", "--file", "missing.txt"], "missing.txt"),
    (["cases", "--config", "missing.toml"], "missing.toml"),
]


@pytest.mark.parametrize(("args", "named"), PROBLEMS, ids=[" ".join(args) for args, _ in PROBLEMS])
@pytest.mark.parametrize("as_json", [False, True])
def test_a_problem_is_exit_code_1_and_named_on_stderr(cli: Cli, args: list[str], named: str, as_json: bool) -> None:
    result = cli(*args, *(["--json"] if as_json else []))
    assert (result.exit_code, result.stdout) == (1, "")
    assert named in result.stderr and "Traceback" not in result.stderr


WRONG_SETTINGS = [
    ('langage = "en"', "langage"),
    ('language = "fr"', "language"),
    ('[clock]\nnow = "2026-11-20T08:00:00"', "clock.now"),
    ('[[shops]]\nid = "a"\nsite = "USA"', "shops.0.site"),
    ('[[shops]]\nid = "a"\nsite = "US"\n[[shops]]\nid = "a"\nsite = "UK"', "'a'"),
    ("language = ", "odr-bot.toml"),
    ('policy = "no-such-profile"', "no-such-profile"),
    ('[database]\nurl = "mysql://localhost/odr"', "database.url"),
]


@pytest.mark.parametrize(("text", "named"), WRONG_SETTINGS, ids=[named for _, named in WRONG_SETTINGS])
def test_wrong_settings_stop_the_start_and_name_the_key(cli: Cli, text: str, named: str) -> None:
    cli.settings(text)
    result = cli("cases")
    assert (result.exit_code, result.stdout) == (1, "")
    assert named in result.stderr and "Traceback" not in result.stderr


def test_a_profile_with_an_unknown_rule_stops_the_start(cli: Cli) -> None:
    shipped = Path(__file__).parents[2] / "config" / "policies" / "tiktok-shop.toml"
    cli.file("mine.toml", shipped.read_text("utf-8") + 'luck = "blocking"\n')
    cli.settings('policy = "mine.toml"\n')
    result = cli("cases")
    assert result.exit_code == 1
    assert "mine.toml" in result.stderr and "luck" in result.stderr and "rules" in result.stderr


def test_settings_from_a_named_file_and_from_the_environment(cli: Cli) -> None:
    other = cli.settings(SETTINGS.replace('"en"', '"zh"'), "other.toml")
    assert "没有" in cli("cases", "--config", other).stdout
    assert "没有" in cli("cases", ODR_BOT_CONFIG=str(other)).stdout
    assert "quiet" in cli("cases", "--config", other, ODR_BOT_LANGUAGE="en").stdout
    elsewhere = cli.folder / "elsewhere"
    assert cli("cases", ODR_BOT_DATA_DIR=str(elsewhere)).exit_code == 0
    assert (elsewhere / "odr-bot.sqlite3").is_file()


def test_the_environment_reaches_into_sections(cli: Cli) -> None:
    shown = cli("doctor", ODR_BOT_CONSOLE__PORT="9001", ODR_BOT_CLOCK__NOW="2026-12-01T00:00:00Z").stdout
    assert ":9001/" in shown
    assert cli.json("check", "--shop", "us-1")["shops"][0]["date"] == "2026-11-19"
    later = Cli(cli.folder, {"ODR_BOT_CLOCK__NOW": "2026-12-01T00:00:00Z"})
    assert later.json("check", "--shop", "us-1")["shops"][0]["date"] == "2026-11-30"


def test_shops_in_a_file_of_their_own(cli: Cli) -> None:
    cli.file("shops.toml", '[[shops]]\nid = "from-file"\nsite = "vn"\n')
    cli.settings(f'shops_file = "shops.toml"\nclock.now = {NOW}\n[[shops]]\nid = "us-1"\nsite = "US"\n')
    assert [item["shop"] for item in cli.json("check")["shops"]] == ["from-file", "us-1"]


def test_the_shops_file_is_found_beside_the_settings(cli: Cli) -> None:
    folder = cli.folder / "etc"
    folder.mkdir()
    (folder / "shops.toml").write_text('[[shops]]\nid = "beside"\nsite = "TH"\n')
    (folder / "odr-bot.toml").write_text('shops_file = "shops.toml"\n')
    assert [item["shop"] for item in cli.json("check", "--config", "etc/odr-bot.toml")["shops"]] == ["beside"]


def test_doctor_says_what_works_and_what_to_do(anomaly: Cli) -> None:
    for shop in ("us-1", "risky"):
        anomaly.load(shop, month(DayStory(500, 1), DayStory(100, 3)))
    checks = {item["name"]: item for item in anomaly.json("doctor")["checks"]}
    assert {"data folder", "configuration", "database", "shops", "originals"} <= set(checks)
    assert all(set(item) == {"name", "ok", "detail"} and item["ok"] is True for item in checks.values())


def test_doctor_finds_what_is_wrong(cli: Cli) -> None:
    checks = {item["name"]: item for item in cli.json("doctor", exit_code=1)["checks"]}
    assert not checks["database"]["ok"] and "db upgrade" in checks["database"]["detail"]


def test_db_shows_and_upgrades_the_tables(cli: Cli) -> None:
    before = cli.json("db", "version")
    after = cli.json("db", "upgrade")
    assert before["version"] is None and after["version"] == after["newest"] == before["newest"]


def test_demo_says_what_it_made(cli: Cli) -> None:
    cli.settings('data_dir = "demo"\n')
    made = cli.json("demo")
    assert "US-AURORA" in made["shops"] and set(made["cases"]) <= set(made["shops"])
    assert list((cli.folder / "demo" / "samples" / "US-AURORA").iterdir())
    assert cli.json("demo")["cases"] == made["cases"], "a second time it is up to date"


def test_demo_does_not_touch_other_data(anomaly: Cli) -> None:
    result = anomaly("demo")
    assert result.exit_code == 1 and "empty folder" in result.stderr
    assert anomaly.json("cases")["cases"]


def test_serve_refuses_an_open_door(cli: Cli) -> None:
    result = cli("serve", ODR_BOT_CONSOLE__HOST="0.0.0.0")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "console.token" in result.stderr


def program(folder: Path, *args: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bot", *args],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])} | env,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_as_a_program_data_and_messages_are_apart(cli: Cli) -> None:
    orders = Path(__file__).parents[2] / "config" / "examples" / "orders.csv"
    done = program(cli.folder, "import", str(orders), "--shop", "us-1", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["orders"] == 2
    assert "2 orders" in done.stderr
    assert program(cli.folder, "bogus").returncode == 2
    assert program(cli.folder, "case", "C9").returncode == 1


def test_chinese_is_printed_where_the_system_speaks_nothing(cli: Cli) -> None:
    done = program(cli.folder, "say", "帮助", LC_ALL="C", ODR_BOT_LANGUAGE="zh")
    assert done.returncode == 0 and "帮助" in done.stdout


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_serve_says_where_answers_and_stops_when_told(cli: Cli, told: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve", "--port", "0"],
        cwd=cli.folder,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stderr
        said = process.stderr.readline().decode()
        [address] = re.findall(r"console on (http://127\.0\.0\.1:[1-9]\d*/) ", said)
        assert b'<html lang="en">' in urllib.request.urlopen(address, timeout=60).read()
    finally:
        process.send_signal(told)
        out, err = process.communicate(timeout=60)
    assert out == b"" and b"Traceback" not in err
    assert process.returncode == 0, "what is under way was finished first"
