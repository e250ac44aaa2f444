"""Files that are empty, cut off, wrong, enormous or meant to harm."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from bot.domain.policy import Policy
from bot.settings.files import data_root, read_toml
from bot.sources.blocks import MAX_BLOCK_BYTES
from bot.sources.errors import SourceError
from bot.sources.mappings import Mappings
from bot.sources.opening import open_source
from tests.sources.conftest import Open, shop
from tests.sources.samples import xlsx

HEADER = b"order_id,created_at,valid\n"
ROW = b"A,2026-11-05T08:30:00Z,true\n"
GOOD = [["order_id", "created_at", "valid"], ["A", "2026-11-05T08:30:00Z", "true"]]
WIDE = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def packed(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "empty"),
        (b"\n\n \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (HEADER, "no_rows"),
        (HEADER + b"\n\n", "no_rows"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(64)), "not_table"),
        (b"%PDF-1.7 x", "not_table"),
        (b"<html><table></table></html>", "not_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
        (gzip.compress(HEADER, mtime=0), "packed"),
        (packed("orders.csv", HEADER + ROW), "not_xlsx"),
        (b"PK\x03\x04 cut off", "xlsx_damaged"),
        (xlsx(GOOD)[:-200], "xlsx_damaged"),
        (HEADER + b"A\0B,2026-11-05T08:30:00Z,true\n", "nul_bytes"),
        (bytes(range(1, 256)) * 8, "encoding"),
        (b"just some words\nand more of them\n", "columns_missing"),
        (HEADER + b'A,"' + ROW * 300, "open_quote"),
        (xlsx([[]]), "empty"),
        (xlsx(GOOD[:1]), "no_rows"),
        (xlsx([], sheet_data=WIDE), "sheet_too_wide"),
        (HEADER + b"\xff\xff\xff,2026-11-05T08:30:00Z,true\n" + ROW, "encoding"),
    ],
)
def test_refused(opened: Open, content: bytes, key: str) -> None:
    with pytest.raises(SourceError) as refused:
        opened(content)
    assert refused.value.key == key


def test_a_renamed_workbook_is_read_as_what_it_is(
    tmp_path: Path, policy: Policy, mappings: Mappings, opened: Open
) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(xlsx(GOOD))
    assert [row[0] for row in opened(path).orders] == ["A"]


def test_caps(opened: Open) -> None:
    with pytest.raises(SourceError, match="too_large"):
        opened(HEADER + ROW, file_bytes=10)
    with pytest.raises(SourceError, match="xlsx_too_large"):
        opened(xlsx(GOOD), unpacked_bytes=100)


def test_a_zip_bomb_is_not_unpacked(opened: Open) -> None:
    bomb = xlsx([], sheet_data=" " * 20_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(SourceError, match="xlsx_too_large"):
        opened(bomb, unpacked_bytes=19_000_000)


def test_a_size_that_lies_is_found_out(opened: Open) -> None:
    data = bytearray(xlsx([], sheet_data=" " * 100_000))
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"xl/worksheets/sheet1.xml"))
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(SourceError, match="xlsx_damaged"):
        opened(bytes(data))


def test_an_endless_line(opened: Open) -> None:
    with pytest.raises(SourceError, match="open_quote"):
        opened(HEADER + ROW + b"x" * (MAX_BLOCK_BYTES + 10_000_000))


def test_a_file_that_is_not_there(tmp_path: Path, policy: Policy, mappings: Mappings) -> None:
    for path, key in ((tmp_path / "none.csv", "unreadable"), (tmp_path, "not_a_file")):
        with pytest.raises(SourceError, match=key):
            open_source(path, shop(), policy, mappings)


def test_a_truncated_last_row_is_reported(opened: Open) -> None:
    got = opened(HEADER + ROW + b"B,2026-11-0")
    assert ([row[0] for row in got.orders], got.reasons) == (["A"], [(3, "columns_differ")])


def test_a_character_cut_off_at_the_end(opened: Open) -> None:
    got = opened(HEADER + ROW + "买".encode()[:2])
    assert len(got.orders) == 1


def test_formula_cells_are_only_text(opened: Open) -> None:
    got = opened(
        'order_id,created_at,valid,tracking_number\n=1+1,2026-11-05T08:30:00Z,true,\nB,2026-11-05T08:30:00Z,true,=HYPERLINK("x")\n'
    )
    assert (got.reasons, got.orders[0][4]) == ([(2, "id_unreadable")], '=HYPERLINK("x")')


def test_every_reason_is_worded_in_both_languages() -> None:
    worded = [read_toml(data_root("templates") / language / "imports.toml") for language in ("en", "zh")]
    assert worded[0].keys() == worded[1].keys()
    code = "".join(path.read_text() for path in (data_root("config").parent / "bot" / "sources").glob("*.py"))
    services = data_root("config").parent / "bot" / "services"
    code += "".join((services / name).read_text() for name in ("imports.py", "import_work.py", "arriving.py"))
    assert [key for key in worded[0] if f'"{key}"' not in code] == []
