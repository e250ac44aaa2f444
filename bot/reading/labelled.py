"""Numbers that stand below their label in a table, or to the left of it where writing runs to the left."""

import re
from collections.abc import Iterator

from bot.reading.layout import Placed, Sheet

_LABEL_LENGTH, _ROWS_BELOW, _REACH = 30, 60, 8.0
_NUMBER = re.compile(r"[A-Z]{0,6}\d[A-Z0-9 \-]{6,40}", re.IGNORECASE)
_AROUND = " \t:/|."


def announced(sheet: Sheet, labels: re.Pattern[str]) -> str:
    """Lines of "label: number" for what the picture shows as such by its layout alone."""
    return "\n".join(_announced(sheet, labels))


def _announced(sheet: Sheet, labels: re.Pattern[str]) -> Iterator[str]:
    for item in sheet.placed:
        label = labels.search(item.text)
        if not label or len(item.text) > _LABEL_LENGTH + 20:
            continue
        before, after = item.text[: label.start()].strip(_AROUND), item.text[label.end() :].strip(_AROUND)
        if _NUMBER.fullmatch(before) and not re.search(r"\d", after):
            yield f"{label.group()}: {before}"
        elif len(item.text) <= _LABEL_LENGTH and not re.search(r"\d{4}", item.text):
            found = list(_below(sheet, item)) or list(_left_of(sheet, item))
            yield from (f"{label.group()}: {text}" for text in found)


def _below(sheet: Sheet, head: Placed) -> Iterator[str]:
    """The numbers in the column under a label, down to the first line there that is none."""
    bottom = head.middle
    under = [item for item in sheet.placed if item.middle > head.middle + 0.5 * head.height and _shares(head, item)]
    for item in sorted(under, key=lambda item: item.middle)[:_ROWS_BELOW]:
        near = item.middle - bottom <= _REACH * head.height
        if not near or not _NUMBER.fullmatch(item.text.strip(_AROUND)):
            return
        bottom = item.middle
        yield item.text.strip(_AROUND)


def _left_of(sheet: Sheet, head: Placed) -> Iterator[str]:
    """The number right before a label, when nothing stands after it."""
    row = [item for item in sheet.placed if item is not head and abs(item.middle - head.middle) < 0.5 * head.height]
    before = max((item for item in row if item.right <= head.left), key=lambda item: item.right, default=None)
    if before and not any(item.left >= head.right for item in row) and _NUMBER.fullmatch(before.text.strip(_AROUND)):
        yield before.text.strip(_AROUND)


def _shares(head: Placed, item: Placed) -> bool:
    """Stands in the same column: a good part of the narrower one."""
    shared = min(head.right, item.right) - max(head.left, item.left)
    return shared > 0.4 * min(head.right - head.left, item.right - item.left)
