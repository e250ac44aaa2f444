"""Small exports made on the spot, XLSX with every quirk included."""

import csv
import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from bot.settings.files import data_root

EXAMPLES = data_root("config") / "examples"
_HEADERS = {
    name: next(csv.reader((EXAMPLES / name).read_text("utf-8-sig").splitlines()))
    for name in ("orders-us.csv", "returns-us.csv")
}
ORDER_HEADER, RETURN_HEADER = _HEADERS["orders-us.csv"], _HEADERS["returns-us.csv"]


def table(header: Sequence[str], *rows: dict[str, str], separator: str = ",") -> str:
    """A CSV with these columns; cells that a row does not name are empty."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(header)
    writer.writerows([row.get(name, "") for name in header] for row in rows)
    return out.getvalue()


def order(number: str = "577184002100000001", **cells: str) -> dict[str, str]:
    """A row of an order export; keyword `Created_Time` stands for "Created Time"."""
    row = {"Order ID": f"{number}\t", "Order Status": "Shipped", "Created Time": "11/05/2026 1:30:00 PM\t"}
    return {**row, **{name.replace("_", " "): value for name, value in cells.items()}}


def returned(number: str = "577184002100000001", **cells: str) -> dict[str, str]:
    """A row of a returns export."""
    row = {"Order ID": f"{number}\t", "Time Requested": "11/05/2026 4:12:09 PM\t", "Return Status": "In Process"}
    return {**row, **{name.replace("_", " "): value for name, value in cells.items()}}


def _reference(column: int, row: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def _cell(column: int, row: int, value: object) -> str:
    at = _reference(column, row)
    if isinstance(value, int | float):
        return f'<c r="{at}"><v>{value!r}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'


def xlsx(rows: Sequence[Sequence[object]], one_cell_a_row: bool = False, sheet_data: str | None = None) -> bytes:
    """A workbook with the sheet OrderSKUList; malformed as Seller Center writes it when `one_cell_a_row`."""
    data = []
    for number, cells in enumerate(rows, 1):
        written = [_cell(column, number, value) for column, value in enumerate(cells) if value != ""]
        groups = written if one_cell_a_row else ["".join(written)]
        data += [f'<row r="{number}">{group}</row>' for group in groups]
    dimension = '<dimension ref="A1:A1"/>' if one_cell_a_row else ""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{office}"><sheets>'
        '<sheet name="OrderSKUList" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {main}>{dimension}<sheetData>"
        + (sheet_data if sheet_data is not None else "".join(data))
        + "</sheetData></worksheet>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()
