"""`import`: what it prints, what it refuses, and that doing it twice changes nothing."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cli

EXAMPLES = Path(__file__).parents[2] / "config" / "examples"
KEYS = {"shop", "kind", "rows", "orders", "defects", "skipped"}
DEFECTS = {"return_refund", "negative_review", "service_rating"}


def test_seller_center_orders_and_returns(cli: Cli) -> None:
    orders = cli.json("import", EXAMPLES / "orders-us.csv", "--shop", "us-1")
    assert set(orders) == KEYS and set(orders["defects"]) == DEFECTS
    assert (orders["shop"], orders["kind"], orders["rows"], orders["orders"]) == ("us-1", "orders", 13, 12)
    assert (sum(orders["defects"].values()), orders["skipped"]) == (0, [])
    returns = cli.json("import", EXAMPLES / "returns-us.csv", "--shop", "us-1")
    assert (returns["kind"], returns["rows"], returns["defects"]["return_refund"]) == ("returns", 4, 2)


def test_the_stated_kind_wins_and_canonical_files_fit(cli: Cli) -> None:
    assert cli.json("import", EXAMPLES / "orders.csv", "--shop", "us-1", "--kind", "orders")["orders"] == 2
    defects = cli.json("import", EXAMPLES / "defects.csv", "--shop", "us-1", "--kind", "defects")["defects"]
    assert defects == {"return_refund": 0, "negative_review": 1, "service_rating": 1}


def test_the_same_file_twice_changes_nothing_and_a_corrected_one_updates(cli: Cli) -> None:
    header = "order_id,created_at,valid\n"
    row = "577184002100000101,2026-11-19T08:30:00Z,{}\n577184002100000102,2026-11-19T08:31:00Z,true\n"
    for valid, expected in (("true", 2), ("true", 2), ("false", 1)):
        file = cli.file("orders.csv", header + row.format(valid))
        cli.json("import", file, "--shop", "us-1")
        [shop] = cli.json("check", "--shop", "us-1")["shops"]
        assert shop["daily"]["orders"] == expected


def test_a_bad_row_is_told_with_its_line_and_the_good_ones_are_taken(cli: Cli) -> None:
    file = cli.file(
        "orders.csv",
        "order_id,created_at,valid\n577184002100000101,2026-11-19T08:30:00Z,true\n"
        "577184002100000102,2026-11-31T08:30:00Z,true\n577184002100000103,2026-11-19T08:30:00,true\n"
        "9.43E+21,2026-11-19T08:30:00Z,true\n",
    )
    report = cli.json("import", file, "--shop", "us-1", exit_code=1)
    assert report["orders"] == 1
    assert [item["line"] for item in report["skipped"]] == [3, 4, 5]
    assert all(set(item) == {"line", "reason"} and item["reason"] for item in report["skipped"])
    assert "9.43E+21" in report["skipped"][2]["reason"]


def test_for_people_the_counts_are_on_stderr_and_stdout_is_empty(cli: Cli) -> None:
    result = cli("import", EXAMPLES / "returns-us.csv", "--shop", "us-1")
    assert result.stdout == "" and "4 rows" in result.stderr


REFUSED = {
    "empty": (b"", "empty"),
    "no rows": (b"order_id,created_at,valid\n", "no rows"),
    "another table": (b"name,age\nLi,3\n", "columns"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(64), "not a table"),
    "a packed file": (b"PK\x03\x04" + bytes(64), ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_table_is_refused_whole(cli: Cli, name: str) -> None:
    content, words = REFUSED[name]
    result = cli("import", cli.file("orders.csv", content), "--shop", "us-1", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert words in result.stderr and "Traceback" not in result.stderr


def test_missing_columns_are_named_with_what_was_found(cli: Cli) -> None:
    file = cli.file("reviews.csv", "Order ID,Sterne\n577184002100000101,1\n")
    result = cli("import", file, "--shop", "us-1", "--kind", "reviews")
    assert result.exit_code == 1
    assert all(word in result.stderr for word in ("Sterne", "stars", "occurred_at", "config/mappings.toml"))
