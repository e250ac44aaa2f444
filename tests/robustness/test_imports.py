import os
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.robustness.conftest import count
from tests.sources.samples import xlsx

HEAD = "order_id,created_at,valid\n"
ROW = "576461413038790001,2026-11-05T08:30:00Z,true\n"


def bomb() -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(2):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b" " * 100_000_001)
    return data.getvalue()


def refused(home: Cli, path: object, *more: str, **env: str) -> str:
    """Imports; the file is refused as a whole, nothing of it is kept, and this is what people read."""
    before = count(home)
    result = home("import", path, "--shop", "us-1", "--json", *more, **env)
    assert result.exit_code == 1 and result.stdout == ""
    assert result.stderr.startswith("odr-bot: ") and result.stderr.count("\n") == 1
    assert count(home) == before
    return result.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n \n\n", "empty"),
        (HEAD.encode(), "no rows"),
        (b"\x00\x01\x02" * 5000, "no text has"),
        (b"%PDF-1.7 ...", "not a table"),
        (b"{}", "not a table"),
        (b"PK\x03\x04" + b"cut off" * 50, "damaged"),
        ((HEAD + '"57646' + "x\n" * 300_000).encode(), "quotation mark"),
    ],
)
def test_what_is_no_export_is_refused_with_the_way_out(home: Cli, content: bytes, words: str) -> None:
    assert words in refused(home, home.file("orders.csv", content)).lower()


def test_the_way_out_is_told_in_chinese_too(home: Cli) -> None:
    assert "请重新导出" in refused(home, home.file("orders.csv", b""), ODR_BOT_LANGUAGE="zh")


def test_a_zip_bomb_is_not_unpacked(home: Cli) -> None:
    assert "200 MB" in refused(home, home.file("orders.xlsx", bomb()))


def test_wrong_columns_are_answered_with_what_was_found_missing_and_how_to_map(home: Cli) -> None:
    words = refused(home, home.file("orders.csv", "Bestellnummer,Datum\n1,2\n"), "--kind", "orders")
    assert all(part in words for part in ("Bestellnummer", "order_id", "created_at", "config/mappings.toml"))


def test_places_that_are_no_files(home: Cli) -> None:
    os.mkfifo(home.folder / "pipe.csv")
    for path in (home.folder, home.folder / "pipe.csv", Path("/dev/zero")):
        assert "folder, a pipe or a device" in refused(home, path)


def test_files_that_cannot_be_opened(home: Cli) -> None:
    (home.folder / "loop.csv").symlink_to(home.folder / "loop.csv")
    for path in (home.folder / "none.csv", home.folder / "loop.csv", home.folder / ("n" * 300)):
        assert "could not be opened" in refused(home, path)


def test_an_unknown_shop_is_answered_with_the_known_ones(home: Cli) -> None:
    result = home("import", home.file("o.csv", HEAD + ROW), "--shop", "us-9")
    assert result.exit_code == 1 and "us-9" in result.stderr and "us-1" in result.stderr


def test_an_unknown_kind_is_wrong_usage(home: Cli) -> None:
    result = home("import", home.file("o.csv", HEAD + ROW), "--shop", "us-1", "--kind", "sales")
    assert result.exit_code == 2 and "returns" in result.stderr


def test_bad_rows_are_told_with_their_lines_and_the_good_one_is_taken(home: Cli) -> None:
    bad = "5.76E+17,2026-11-05T08:30:00Z,true\n57646141303879002,2026-02-30T08:30:00Z,true\n=1+1,now,true\nx\n"
    report = home.json("import", home.file("o.csv", HEAD + bad + ROW), "--shop", "us-1", exit_code=1)
    assert (report["rows"], report["orders"]) == (5, 1)
    assert [item["line"] for item in report["skipped"]] == [2, 3, 4, 5]
    assert "5.76E+17" in report["skipped"][0]["reason"] and "2026-02-30" in report["skipped"][1]["reason"]
    assert count(home, where="id = '576461413038790001'") == 1


def test_hours_that_the_clocks_skip_or_repeat_are_read_as_the_earlier(home: Cli) -> None:
    """03-08 02:30 does not exist in Los Angeles and 11-01 01:30 does twice: 10:30Z or 09:30Z, 08:30Z or 09:30Z."""
    rows = "1001,03/08/2026 2:30:00 AM,Completed\n1002,11/01/2026 1:30:00 AM,Completed\n"
    report = home.json("import", home.file("o.csv", "Order ID,Created Time,Order Status\n" + rows), "--shop", "us-1")
    assert report["orders"] == 2 and report["skipped"] == []
    assert count(home, where="id = '1001' AND created_at % 86400000 = 34200000") == 1
    assert count(home, where="id = '1002' AND created_at % 86400000 = 30600000") == 1


def test_a_renamed_workbook_is_read_as_what_it_is(home: Cli) -> None:
    rows = [["order_id", "created_at", "valid"], ["576461413038790001", "2026-11-05T08:30:00Z", "true"]]
    assert home.json("import", home.file("orders.csv", xlsx(rows)), "--shop", "us-1")["orders"] == 1


def test_an_enormous_cell_does_not_grow_into_the_store(home: Cli) -> None:
    text = "order_id,created_at,valid,buyer\n1001,2026-11-05T08:30:00Z,true," + "x" * 5_000_000 + "\n"
    assert home.json("import", home.file("o.csv", text), "--shop", "us-1")["orders"] == 1
    assert count(home, where="id = '1001' AND length(buyer) <= 200") == 1


def test_the_same_file_twice_changes_nothing_and_a_corrected_one_updates(home: Cli) -> None:
    path, before = home.file("o.csv", HEAD + ROW), count(home)
    for _ in range(2):
        assert home.json("import", path, "--shop", "us-1")["orders"] == 1
    assert count(home) == before + 1
    home.json("import", home.file("o.csv", HEAD + ROW.replace("true", "false")), "--shop", "us-1")
    assert count(home) == before + 1 and count(home, where="id = '576461413038790001' AND NOT valid") == 1
