"""The command `audit`: for people, for programs, for spreadsheets."""

import csv
import io
import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.cli.conftest import NOW, Cli, anomaly, cli

__all__ = ["anomaly", "cli"]


def told(cli: Cli, *args: object) -> list[dict[str, Any]]:
    result = cli("audit", "--json", *args)
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_one_line_for_each_act(anomaly: Cli) -> None:
    known = len(told(anomaly))
    assert anomaly("say", "claim C1", "--as", "li", "--in", "console:ops").exit_code == 0
    assert anomaly("say", "claim C1", "--as", "li", "--in", "console:ops").exit_code == 0
    assert anomaly("say", "cases", "--as", "li").exit_code == 0
    [line] = told(anomaly)[known:]
    assert list(line) == ["at", "who", "from", "what", "subject", "before", "after"]
    assert (line["at"], line["who"], line["what"], line["subject"]) == (NOW, "li", "claim", "C1")
    assert (line["before"], line["after"]) == ({"owner": ""}, {"owner": "li"})
    assert line["from"].startswith("console:ops cli ") and "@" in line["from"]


def test_the_command_line_acts_as_itself(anomaly: Cli) -> None:
    imported = [line for line in told(anomaly) if line["what"] == "import"]
    assert {line["who"] for line in imported} == {"command-line"} and imported[0]["subject"] == "import:1"
    assert imported[0]["after"]["file"] == "us-1-orders.csv" and imported[0]["from"].startswith("cli ")
    assert anomaly("import", "--undo", "2").exit_code == 0
    undone = told(anomaly)[-1]
    assert undone["what"] == "import" and undone["after"]["undone_by"] == "command line"


def test_lines_are_chosen_by_time_person_and_subject(anomaly: Cli) -> None:
    anomaly("say", "claim C1", "--as", "li")
    later = {"ODR_BOT_CLOCK__NOW": "2026-11-20T10:00:00Z"}
    anomaly("say", "dismiss C1 false alarm", "--as", "wang", **later)
    assert [line["what"] for line in told(anomaly, "--who", "li")] == ["claim"]
    assert [line["what"] for line in told(anomaly, "--since", "2026-11-20T09:00Z")] == ["dismiss"]
    assert [line["what"] for line in told(anomaly, "--subject", "C1")][-2:] == ["claim", "dismiss"]
    assert "dismiss" not in [line["what"] for line in told(anomaly, "--until", "2026-11-20T09:00Z")]
    result = anomaly("audit", "--since", "1h", "--json", **later)
    assert [json.loads(line)["what"] for line in result.stdout.splitlines()] == ["dismiss"]
    wrong = anomaly("audit", "--since", "yesterday")
    assert wrong.exit_code == 2 and "2026-11-08" in wrong.stderr
    assert anomaly("audit", "--csv", "--json").exit_code == 2


def test_a_spreadsheet_takes_nothing_for_a_formula(anomaly: Cli) -> None:
    anomaly("say", "claim C1", "--as", "=cmd|' /C calc'!A0")
    result = anomaly("audit", "--csv", "--who", "=cmd|' /C calc'!A0")
    head, line = csv.reader(io.StringIO(result.stdout.removeprefix("\ufeff")))
    assert head == ["at", "who", "from", "what", "subject", "before", "after"]
    assert line[1].startswith("'=cmd") and json.loads(line[6])["owner"].startswith("=cmd")


def test_people_read_it_in_their_language(anomaly: Cli) -> None:
    anomaly("say", "claim C1", "--as", "li")
    chinese = anomaly("audit", "--who", "li", ODR_BOT_LANGUAGE="zh").stdout
    assert "认领案件" in chinese and "负责人: 无 → li" in chinese and "2026-11-20 08:00 UTC" in chinese
    english = anomaly("audit", "--who", "li", ODR_BOT_LANGUAGE="en").stdout
    assert "took the case" in english and "owner: nothing → li" in english


def test_a_backup_holds_the_trail_and_a_restore_leaves_a_line(anomaly: Cli) -> None:
    anomaly("say", "claim C1", "--as", "li")
    assert anomaly("backup", "b.zip").exit_code == 0
    before = told(anomaly)
    assert (before[-1]["what"], before[-1]["subject"], before[-1]["after"]) == (
        "backup",
        "database",
        {"file": "b.zip"},
    )
    anomaly("say", "dismiss C1 false alarm", "--as", "wang")
    assert anomaly("restore", "b.zip", "--force").exit_code == 0
    *restored, line = told(anomaly)
    assert restored == before and (line["who"], line["what"]) == ("command-line", "restore")
    assert line["after"] == {"file": "b.zip", "originals": 0}


def test_a_restored_trail_is_as_guarded_as_the_first(anomaly: Cli) -> None:
    anomaly("backup", "b.zip")
    anomaly("restore", "b.zip", "--force")
    with (
        closing(sqlite3.connect(anomaly.folder / "data" / "odr-bot.sqlite3")) as database,
        pytest.raises(sqlite3.IntegrityError, match="not changed"),
    ):
        database.execute("DELETE FROM audit")
