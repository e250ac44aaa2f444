"""Which column of a file is which field, and which kind of file it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import get_args

from bot.sources.errors import BadRow, SourceError
from bot.sources.mappings import Kind, KindMapping, Mappings, normalised

MAX_ID = 64
MAX_CELL = 200
MAX_TEXT = 500
TRIM = " \t\r\n\u00a0\u3000\ufeff"
KINDS: tuple[Kind, ...] = get_args(Kind)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.#/-]*", re.ASCII)
_DAMAGED = re.compile(r"\d(?:[.,]\d+)?E\+\d+|\d{10,}[.,]\d+", re.IGNORECASE | re.ASCII)
_QUOTED_FORMULA = re.compile(r'="(.*)"')


@dataclass(frozen=True)
class ColumnLayout:
    """The columns of a file by field. `zoned` says that the file is canonical, so that its times must carry a
    zone."""

    kind: Kind
    columns: dict[str, int]
    width: int
    zoned: bool

    @property
    def time_field(self) -> str:
        """The field that dates a row."""
        return "created_at" if self.kind == "orders" else "occurred_at"

    def cell(self, cells: Sequence[str], field: str, limit: int = MAX_CELL) -> str:
        """The trimmed cell of a field, cut to `limit` characters; "" when the file has no such column."""
        column = self.columns.get(field)
        return "" if column is None else cells[column].strip(TRIM)[:limit]

    def order_id(self, cells: Sequence[str]) -> str:
        """The order id. Raises BadRow when it is missing, was damaged by a spreadsheet, or is no id at all."""
        found = self.cell(cells, "order_id")
        if formula := _QUOTED_FORMULA.fullmatch(found):
            found = formula[1].strip(TRIM)
        if not found:
            raise BadRow("id_missing")
        if _DAMAGED.fullmatch(found):
            raise BadRow("id_damaged", text=found)
        if len(found) > MAX_ID or not _ID.fullmatch(found):
            raise BadRow("id_unreadable", text=found[:40])
        return found

    def checked(self, cells: list[str]) -> list[str]:
        """The cells, when there is one for each column. Raises BadRow for a row that is cut off or shifted."""
        if len(cells) < self.width or any(cell.strip(TRIM) for cell in cells[self.width :]):
            raise BadRow("columns_differ", found=str(len(cells)), expected=str(self.width))
        return cells


def recognise(header: Sequence[str], mappings: Mappings, kind: Kind | None) -> ColumnLayout:
    """The layout of a file with that header: of the given kind, or of the only kind that fits.

    Raises SourceError that names the columns found, the missing ones and what they may be called."""
    asked = (kind,) if kind else KINDS
    layouts = {each: _columns(header, mappings.kinds[each]) for each in asked if each in mappings.kinds}
    fitting = [each for each, columns in layouts.items() if not _missing(mappings.kinds[each], columns)]
    if len(fitting) > 1:
        raise SourceError("kind_unclear", kinds=", ".join(fitting))
    if not fitting:
        raise _does_not_fit(header, mappings, layouts)
    columns = layouts[fitting[0]]
    names = {header[column].strip(TRIM).casefold() for column in columns.values()}
    return ColumnLayout(fitting[0], columns, len(header), zoned=bool(names & {"created_at", "occurred_at"}))


def fitting(header: Sequence[str], mappings: Mappings) -> list[Kind]:
    """The kinds of file that have all of their required columns in that header."""
    return [kind for kind in KINDS if not _missing(mappings.kinds[kind], _columns(header, mappings.kinds[kind]))]


def _columns(header: Sequence[str], mapping: KindMapping) -> dict[str, int]:
    """The column of each field; when several names of a field occur in one file, the one listed first in the
    mapping."""
    position: dict[str, int] = {}
    for column, name in enumerate(header):
        position.setdefault(normalised(name), column)
    found = {}
    for field, names in mapping.columns.items():
        here = [position[name] for name in map(normalised, names) if name in position]
        if here:
            found[field] = here[0]
    return found


def _missing(mapping: KindMapping, columns: dict[str, int]) -> list[tuple[str, ...]]:
    return [group for group in mapping.required if not any(field in columns for field in group)]


def _does_not_fit(header: Sequence[str], mappings: Mappings, layouts: dict[Kind, dict[str, int]]) -> SourceError:
    """The error that says what is missing for the kind that fits best."""
    kind = min(layouts, key=lambda each: (len(_missing(mappings.kinds[each], layouts[each])), -len(layouts[each])))
    mapping = mappings.kinds[kind]
    missing = _missing(mapping, layouts[kind])
    names = [mapping.columns[field][:3] for field in chain.from_iterable(missing)]
    return SourceError(
        "columns_missing",
        kind=kind,
        found=", ".join(name.strip(TRIM)[:40] for name in header[:80]),
        missing="; ".join(" | ".join(group) for group in missing),
        accepted="; ".join(" / ".join(group) for group in names),
    )
