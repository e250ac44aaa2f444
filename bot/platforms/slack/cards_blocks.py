"""Builds the blocks of Block Kit within their limits, without any knowledge of cards."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.platforms.slack.markup import Json, cut, escape, grouped, mrkdwn, plain, size, split

TEXT, GROUP, CELL = 3000, 1200, 300
HEADER, BUTTONS, VALUE = 150, 25, 2000
FIELDS, LABEL, FIELD = 10, 300, 1600
ROWS, COLUMNS, TABLE = 100, 20, 6000


def header(text: str) -> Json:
    """A header block: a line in large letters."""
    return {"type": "header", "text": plain(text, HEADER)}


def section(text: str) -> Json:
    """A section block of text that is escaped already."""
    return {"type": "section", "text": mrkdwn(text)}


def paragraphs(text: str, before: str = "", after: str = "") -> list[Json]:
    """Text from outside as section blocks; `before` and `after` are mrkdwn around the whole text."""
    pieces = [escape(piece) for piece in split(text, TEXT - len(before) - len(after))]
    pieces[0] = before + pieces[0]
    pieces[-1] += after
    return [section(piece) for piece in pieces]


def muted(text: str) -> list[Json]:
    """Text from outside in small grey letters."""
    return [small(escape(piece)) for piece in split(text, TEXT)]


def small(text: str) -> Json:
    """Small grey letters of text that is escaped already."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def quote(text: str) -> list[Json]:
    """Words to copy, shown as they are, whatever mark-up is in them."""
    pieces = [{"type": "text", "text": piece} for piece in split(text, TEXT)]
    return [{"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [piece]}]} for piece in pieces]


def code(lines: Sequence[tuple[str, str]]) -> Iterator[tuple[Json, int]]:
    """Lines of words and addresses to copy, as they are; each leads to its address if it has one. Words longer than
    a text may be stand in blocks of their own."""
    for words in (words for words, _ in lines if size(words) > TEXT):
        yield from ((_code([(piece, "")]), 1) for piece in split(words, TEXT))
    if short := [line for line in lines if size(line[0]) <= TEXT]:
        yield _code(short), len(short)


def _code(lines: Sequence[tuple[str, str]]) -> Json:
    parts: list[Json] = []
    for words, address in lines:
        parts += [{"type": "text", "text": "\n"}] if parts else []
        parts.append({"type": "link", "url": address, "text": words} if address else {"type": "text", "text": words})
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": parts}]}


def listed(lines: Iterable[str]) -> Iterator[tuple[Json, int]]:
    """Lines that are escaped already as section blocks, each with its number of lines."""
    return ((section(text), count) for text, count in grouped(lines, GROUP))


def fields(pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[Json, int]]:
    """Labels and values in two columns; a value that is too long for its field stands below them."""
    short = [pair for pair in pairs if size(escape(pair[1])) <= FIELD]
    for start in range(0, len(short), FIELDS):
        texts = [mrkdwn(_labelled(*pair)) for pair in short[start : start + FIELDS]]
        yield {"type": "section", "fields": texts}, len(texts)
    for label, value in pairs:
        if (label, value) not in short:
            yield from ((block, 1) for block in paragraphs(value, before=f"*{_label(label)}*\n"))


def _labelled(label: str, value: str) -> str:
    return f"*{_label(label)}*\n{escape(cut(value, FIELD))}"


def _label(text: str) -> str:
    return escape(cut(" ".join(text.split()), LABEL))


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[Json, int]:
    """A table block, and the number of rows that fit into it."""
    width = min(len(columns), COLUMNS)
    lines, used = [[_cell(text) for text in columns[:width]]], 0
    for row in rows[: ROWS - 1]:
        cells = [_cell(text) for text in [*row, *[""] * width][:width]]
        used += sum(size(cell["text"]) for cell in cells)
        if used > TABLE:
            break
        lines.append(cells)
    wrapped = [{"is_wrapped": True} for _ in range(width)]
    return {"type": "table", "rows": lines, "column_settings": wrapped}, len(lines) - 1


def _cell(text: str) -> Json:
    return {"type": "raw_text", "text": plain(text, CELL)["text"]}


def actions(elements: Sequence[Json]) -> list[Json]:
    """Action blocks with the buttons, in as many blocks as they need."""
    rows = [list(elements[start : start + BUTTONS]) for start in range(0, len(elements), BUTTONS)]
    return [{"type": "actions", "elements": row} for row in rows]


@dataclass(frozen=True, slots=True)
class ActionId:
    """The id of a button, as "press:1:0": its `kind`, and numbers that tell it from others of a message or name a
    page. `str` encodes it, `read` decodes it."""

    kind: str
    numbers: tuple[int, ...] = ()

    def __str__(self) -> str:
        return ":".join((self.kind, *map(str, self.numbers)))

    @classmethod
    def read(cls, text: str) -> "ActionId":
        """The parts of an id; what is no number is left out."""
        kind, *numbers = text.split(":")
        return cls(kind, tuple(int(number) for number in numbers if number.isascii() and number.isdecimal()))


def button(label: str, action_id: ActionId, value: Mapping[str, Any], style: str = "") -> Json:
    """A button; `value` comes back when it is pressed."""
    packed = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    made = {"type": "button", "text": plain(label, 75), "action_id": str(action_id), "value": packed}
    return made | ({"style": style} if style in ("primary", "danger") else {})


def picture(file_id: str, description: str) -> Json:
    """An image block of a file that was uploaded to Slack."""
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": cut(description, 1900)}


def weight(block: Any) -> int:
    """The share of a block in the total that Slack allows: the length of its texts and a fixed amount for itself."""
    match block:
        case str():
            return size(block)
        case dict():
            return sum(weight(item) for key, item in block.items() if key != "type")
        case list():
            return sum(map(weight, block))
    return 0
