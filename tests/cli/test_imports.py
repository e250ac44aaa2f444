"""`import` asks what it cannot know, `imports` lists, `import --undo` takes back, `statuses` says what words mean."""

import pytest

from tests.cli.conftest import Cli

KEYS = {"id", "at", "by", "shop", "kind", "file", "rows", "first", "last", "state"}
HEADER = "Order ID,Order Status,Created Time,Normal or Pre-order\n"
DAYS = "".join(f"57718400210000{day:03d}1,Shipped,0{day}/11/2026 10:00:00,\n" for day in range(1, 7))


def test_dates_that_may_be_swapped_are_asked_about_and_answered(cli: Cli) -> None:
    """Six days in a row, days first, look like six months to a US shop."""
    file = cli.file("orders.csv", HEADER + DAYS)
    asked = cli("import", file, "--shop", "us-1", "--json")
    assert (asked.exit_code, asked.stdout) == (1, "")
    assert all(part in asked.stderr for part in ("--dates dmy", "2026-11-06", "--dates mdy", "2026-06-11"))
    assert cli.json("imports") == {"imports": []}
    assert cli.json("import", file, "--shop", "us-1", "--dates", "dmy")["orders"] == 6
    [taken] = cli.json("imports", "--shop", "us-1")["imports"]
    assert (taken["first"], taken["last"]) == ("2026-11-01", "2026-11-06")


def test_the_usual_order_is_taken_and_told_where_it_is_clear(cli: Cli) -> None:
    told = cli("import", cli.file("o.csv", HEADER + "1,Shipped,11/13/2026 1:00:00 PM,\n"), "--shop", "us-1")
    assert told.exit_code == 0 and "month/day/year" in told.stderr


def test_a_file_of_the_other_order_is_asked_about_whole_with_its_impossible_dates(cli: Cli) -> None:
    file = cli.file("o.csv", HEADER + "1,Shipped,13/11/2026 10:00:00,\n2,Shipped,05/11/2026 10:00:00,\n")
    asked = cli("import", file, "--shop", "us-1")
    assert asked.exit_code == 1 and "1 dates that do not exist" in asked.stderr
    assert cli.json("import", file, "--shop", "us-1", "--dates", "mdy", exit_code=1)["orders"] == 1


def test_imports_are_listed_and_taken_back(cli: Cli) -> None:
    cli.json("import", cli.file("one.csv", HEADER + DAYS), "--shop", "us-1", "--dates", "dmy")
    cli.json("import", cli.file("two.csv", HEADER + "9,Shipped,11/18/2026 10:00:00,\n"), "--shop", "us-1")
    two, one = cli.json("imports")["imports"]
    assert set(one) == KEYS and (one["file"], two["file"], two["state"]) == ("one.csv", "two.csv", "taken")
    undone = cli.json("import", "--undo", two["id"])
    assert (set(undone), undone["id"], undone["state"]) == (KEYS, two["id"], "undone")
    assert [item["state"] for item in cli.json("imports")["imports"]] == ["undone", "taken"]
    [shop] = cli.json("check", "--shop", "us-1", "--date", "2026-11-18")["shops"]
    assert shop["daily"]["orders"] == 0
    again = cli("import", "--undo", two["id"])
    assert (again.exit_code, again.stdout) == (1, "") and "already" in again.stderr
    assert "two.csv" in cli("imports").stdout and cli("imports", ODR_BOT_LANGUAGE="zh").stdout


@pytest.mark.parametrize("words", [["import"], ["import", "--undo", "1", "file.csv"], ["import", "file.csv"]])
def test_half_a_command_is_wrong_usage(cli: Cli, words: list[str]) -> None:
    assert cli(*words).exit_code == 2


def test_status_words_are_listed_and_explained(cli: Cli) -> None:
    rows = (
        "1,Annulé,11/18/2026 10:00:00,Normal\n2,Shipped,11/18/2026 10:00:00,\n3,Shipped,11/18/2026 10:00:00,Normal\n"
    )
    report = cli.json("import", cli.file("o.csv", HEADER + rows), "--shop", "us-1", exit_code=1)
    assert [item["line"] for item in report["skipped"]] == [2, 3]
    assert [(item["word"], item["valid"]) for item in cli.json("statuses")["statuses"]] == [
        ("", None),
        ("annulé", None),
    ]
    assert "annulé" in cli("statuses").stdout
    answered = cli.json("statuses", "--shop", "us-1", "--not-valid", "ANNULE\u0301", "--valid", "")["statuses"]
    assert [item["valid"] for item in answered] == [True, False]
    [shop] = cli.json("check", "--shop", "us-1", "--date", "2026-11-18")["shops"]
    assert shop["daily"]["orders"] == 2
    assert cli("statuses", "--shop", "us-1", "--valid", "Shipped").exit_code == 1
    assert cli("statuses", "--valid", "annulé").exit_code == 2
    assert cli.json("import", cli.file("o.csv", HEADER + rows), "--shop", "us-1")["skipped"] == []
