"""Whether a file is an export, of which kind, and what it says about its shop: from its columns and first rows."""

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from bot.sources.blocks import TextFile
from bot.sources.layout import TRIM, ColumnLayout, fitting, recognise
from bot.sources.mappings import Mappings, normalised, word
from bot.sources.tables import GivenFile, SourceLimits, open_table
from bot.sources.workbooks import WorkbookSheet

SAMPLE = 300
"""How many rows are looked at: enough to tell whose they are."""
FIRST_BLOCK = 256 * 1024
Table = TextFile | WorkbookSheet


def recognised(file: Path | GivenFile, mappings: Mappings) -> dict[str, Any]:
    """What the file is, as JSON data: its `kinds` (several when the columns fit several, none when it is no export),
    a sample of its order `ids`, whether it has `more` rows than were looked at, the `sites` that columns or countries
    point to. Raises SourceError for a file that is no table or no export."""
    table = open_table(file, mappings, None, SourceLimits(block_bytes=FIRST_BLOCK))
    kinds = fitting(table.header, mappings)
    layout = recognise(table.header, mappings, kinds[0] if kinds else None)
    rows = [cells for _, cells in islice(table.records(), SAMPLE + 1)]
    whole = [cells for cells in rows[:SAMPLE] if len(cells) >= layout.width]
    ids = [found for cells in whole if any(map(str.isdigit, found := layout.cell(cells, "order_id")))]
    return {
        "kinds": kinds,
        "ids": list(dict.fromkeys(ids)),
        "more": len(rows) > SAMPLE,
        "sites": _sites(table.header, layout, whole, mappings),
    }


def _sites(
    header: Sequence[str], layout: ColumnLayout, rows: Iterable[Sequence[str]], mappings: Mappings
) -> list[str]:
    """The sites whose country the rows name; else those whose exports alone have such columns."""
    countries = {word(layout.cell(cells, "country")) for cells in rows} - {""}
    named = [site for site, names in mappings.countries.items() if countries & set(map(word, names))]
    if named:
        return named
    columns = {normalised(name.strip(TRIM)) for name in header}
    return [site for site, names in mappings.site_columns.items() if columns.issuperset(map(normalised, names))]
