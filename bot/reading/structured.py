"""Structured texts (CSV, JSON, JSON lines) as lines of "name: value", so that one reader serves them all."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_TIME_NAME = re.compile(r"time|date|_at$|timestamp|时间", re.IGNORECASE)
_ORDER_NAME = re.compile(r"(?:^|[._])order(?:[_ ]?(?:id|sn|no|number))?$|订单(?:号|编号)$", re.IGNORECASE)
_FAULT_NAME = re.compile(r"err|fault|exception|fail", re.IGNORECASE)
_NO_FAULT = {"", "0", "false", "none", "null", "no", "ok", "success", "-", "n/a", "无"}
_DEPTH = 20


@dataclass(frozen=True)
class StructuredText:
    """`records` are the rows by lower-case name, `text` their lines; `media_type` says what the text was."""

    media_type: str
    records: tuple[Mapping[str, str], ...]
    text: str
    damaged: bool = False


def structured(text: str) -> StructuredText:
    """Recognise the structure of a text by its content; anything without one stays as it is. Never raises."""
    start = text.lstrip()[:1]
    if start in ("{", "["):
        return _json(text)
    return _csv(text) or StructuredText("text/plain", (), text)


def _json(text: str) -> StructuredText:
    try:
        return _structured("application/json", list(_objects(json.loads(text))))
    except (ValueError, RecursionError):
        pass
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        parsed = [json.loads(line) for line in lines]
    except (ValueError, RecursionError):
        return _mixed(text, lines)
    return _structured("application/x-ndjson", [item for value in parsed for item in _objects(value)])


def _mixed(text: str, lines: Sequence[str]) -> StructuredText:
    """JSON lines among which some are broken (a cut log) keep the good ones and show the others as they are."""
    records: list[Mapping[str, str]] = []
    good = 0
    for line in lines:
        try:
            records.extend(_objects(json.loads(line)))
            good += 1
        except (ValueError, RecursionError):
            records.append({"": line})
    if good * 2 < len(lines):
        return StructuredText("text/plain", (), text, damaged=text.lstrip().startswith(("{", '["', "[{")))
    return _structured("application/x-ndjson", records, damaged=True)


def _objects(value: Any) -> Iterator[dict[str, str]]:
    """The records of a JSON value: the objects of its longest list, each with what surrounds them first."""
    rows = _rows(value)
    if rows is None:
        yield from _record(value)
        return
    outside = dict(_leaves(value, skip=frozenset({id(rows)})))
    if outside:
        yield outside
    for row in rows:
        yield from _record(row)


def _record(row: Any) -> Iterator[dict[str, str]]:
    """A record, and after it the events that it lists, each a record of its own with its own words: what is said of
    the parcel or of another event is not said of this one. An event keeps the id of its order."""
    lists = list(_event_lists(row))
    own = dict(_leaves(row, skip=frozenset(map(id, lists))))
    if own or not lists:
        yield own
    order = {name: value for name, value in own.items() if _ORDER_NAME.search(name)}
    for events in lists:
        for event in events:
            for record in _record(event):
                yield record if any(map(_ORDER_NAME.search, record)) else {**order, **record}


def _event_lists(value: Any, depth: int = 0) -> Iterator[list[Any]]:
    """The lists of objects that carry times, the outermost ones."""
    if depth > _DEPTH:
        return
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(item, list) and any(_has_time(row) for row in item):
            yield item
        else:
            yield from _event_lists(item, depth + 1)


def _has_time(row: Any) -> bool:
    return isinstance(row, dict) and any(_TIME_NAME.search(str(name)) for name in row)


def _rows(value: Any, depth: int = 0) -> list[Any] | None:
    if isinstance(value, list):
        return value if value and all(isinstance(item, dict) for item in value) else None
    if not isinstance(value, dict) or depth > _DEPTH:
        return None
    found = [rows for item in value.values() if (rows := _rows(item, depth + 1))]
    return max(found, key=len, default=None)


def _leaves(
    value: Any, name: str = "", depth: int = 0, skip: frozenset[int] = frozenset()
) -> Iterator[tuple[str, str]]:
    if id(value) in skip or depth > _DEPTH:
        return
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{name}.{key}" if name else str(key), depth + 1, skip)
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from _leaves(item, f"{name}[{number}]", depth + 1, skip)
    elif value is not None and value != "":
        yield " ".join(name.lower().split()), _shown(name, value)


def _shown(name: str, value: Any) -> str:
    text = "true" if value is True else "false" if value is False else str(value)
    if _TIME_NAME.search(name) and re.fullmatch(r"1\d{9}(?:\d{3})?", text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return " ".join(text.split())


def _csv(text: str) -> StructuredText | None:
    lines = text.lstrip("\ufeff").split("\n", 40)
    first = lines[0]
    delimiter = max(",\t;|", key=first.count)
    width = first.count(delimiter)
    fits = sum(line.count(delimiter) >= width for line in lines[1:40] if line.strip())
    rows = sum(bool(line.strip()) for line in lines[1:40])
    if width < 1 or not rows or fits < 0.6 * rows or not _is_header(first.split(delimiter)):
        return None
    try:
        reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter, restkey="more")
        records = [_row(row) for row in reader]
    except (csv.Error, ValueError):
        return None
    return _structured("text/csv", records)


def _is_header(cells: Sequence[str]) -> bool:
    names = [cell.strip().strip('"') for cell in cells]
    return all(0 < len(name) < 40 and not re.search(r"\d{4}|[.!?。！？:：]\s?\S", name) for name in names)


def _row(row: Mapping[Any, Any]) -> dict[str, str]:
    cells = ((" ".join(str(name or "").lower().split()), value) for name, value in row.items())
    joined = ((name, " ".join(value) if isinstance(value, list) else value or "") for name, value in cells)
    return {name: _shown(name, value) for name, value in joined if value.strip()}


def _structured(media_type: str, records: Sequence[Mapping[str, str]], damaged: bool = False) -> StructuredText:
    return StructuredText(media_type, tuple(records), "\n".join(map(_line, records)), damaged)


def _line(record: Mapping[str, str]) -> str:
    shown = (
        f"{name}: {value}" if name else value
        for name, value in record.items()
        if not (_FAULT_NAME.search(name) and value.lower() in _NO_FAULT)
    )
    return " | ".join(shown)
