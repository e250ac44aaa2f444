"""Matrices, lines to copy and folded parts as components that a phone shows without scrolling sideways."""

from collections.abc import Sequence

from bot.messaging.card import CopyLine, Mark, Matrix
from bot.platforms.feishu.markup import Json, clean, coloured, escape, link, markdown

_SIGNS = {
    Mark.DONE: "<font color='green'>✓</font>",
    Mark.MISSING: "<font color='red'>✗</font>",
    Mark.UNSURE: "<font color='orange'>?</font>",
    Mark.WARNING: "<font color='orange'>!</font>",
    Mark.INFO: "<font color='blue'>i</font>",
}
_DRAWN = frozenset(_SIGNS.values())


def panel(title: Json, elements: list[Json]) -> Json:
    """Elements that a reader opens by their title."""
    icon = {"tag": "standard_icon", "token": "down-small-ccm_outlined", "size": "16px 16px"}
    header = {"title": title, "icon": icon, "icon_position": "right", "icon_expanded_angle": -180}
    return {"tag": "collapsible_panel", "expanded": False, "header": header, "elements": elements}


def copied(lines: Sequence[CopyLine]) -> list[Json]:
    """The words in a block of code, which Feishu lets people copy at once; words that could end the block are shown
    as they are, without one."""
    text = "\n".join(clean(line.words) for line in lines)
    plain_code = not set(text) & set("`<>&")
    linked = [link(line.address, line.words) for line in lines if line.address]
    shown = markdown(f"```\n{text}\n```" if plain_code else escape(text))
    return [*shown, *markdown("🔗 " + "  ".join(linked), "notation")] if linked else shown


def matrix(matrix: Matrix) -> Json:
    """A matrix as columns side by side, which share a phone's width; a table would have to be scrolled."""
    labels = [matrix.corner, *(row.label for row in matrix.rows)]
    columns = [_column(labels, 3, "left")]
    for number, head in enumerate(matrix.columns):
        columns.append(_column([head.head, *(_SIGNS[row.marks[number]] for row in matrix.rows)], 2, "center"))
    return {"tag": "column_set", "flex_mode": "none", "horizontal_spacing": "4px", "columns": columns}


def _column(lines: Sequence[str], weight: int, align: str) -> Json:
    first, *rest = lines
    words = "\n".join([coloured(escape(first), "grey"), *(each if each in _DRAWN else escape(each) for each in rest)])
    shown = {"tag": "markdown", "content": words, "text_size": "notation", "text_align": align}
    return {"tag": "column", "width": "weighted", "weight": weight, "elements": [shown]}
