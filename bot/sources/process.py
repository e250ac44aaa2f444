"""The disposable process that opens a received export, run by `walled`.

It is given the file on standard input, limits itself, shuts its walls before it looks at the file, and prints lines
of JSON: about a file that is to be recognised one line, of a file that is to be read one line for each part of its
rows and a last one about the whole.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.dateorder import DateOrder
from bot.domain.orders import Shop
from bot.domain.statuses import StatusWord
from bot.ports.sources import Batch
from bot.settings.files import load_data
from bot.sources.errors import SourceError
from bot.sources.mappings import Mappings, load_mappings
from bot.sources.recognising import recognised
from bot.sources.tables import GivenFile, SourceLimits

PART_ORDERS = 2_000
"""How many orders are written in one transaction: others wait for it no longer than a moment."""
PART_DEFECTS = 1_000
NICE = 5
"""Conversations go first where there are few processors."""
ENCODINGS = ("gb18030", "utf-16", "utf-8-sig", "idna")
_WARM_UP = b"order_id,created_at,valid\n1,2026-11-05T10:00:00Z,true\n1,2026-11-05T10:00:00Z,\n"


def main(walls: Mapping[str, Callable[..., Any]], request: str, limits: str) -> None:
    """Answer the request about the file on standard input. `walls` are those of bot.reading, by name."""
    wanted, caps = json.loads(request), json.loads(limits)
    os.environ["POLARS_MAX_THREADS"] = "1"
    signal.alarm(caps["wall_seconds"])
    with suppress(OSError):
        os.nice(NICE)
    walls["grant"](caps)
    mappings, answer = load_mappings(Path(wanted["config"])), _prepared(wanted)
    walls["confine"](caps)
    walls["die_with_parent"]()
    try:
        file = GivenFile.on(0)
    except (OSError, ValueError):
        _tell({"error": "empty", "params": {}})
        return
    walls["shut"]()
    try:
        for line in answer(file, mappings):
            _tell(line)
    except SourceError as error:
        _tell({"error": error.key, "params": error.params})
    except (MemoryError, RecursionError):
        _tell({"error": "too_heavy", "params": {}})


def _tell(line: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def _prepared(wanted: Mapping[str, Any]) -> Callable[[GivenFile, Mappings], Iterator[dict[str, Any]]]:
    """What answers the request; everything that is needed for it is loaded now, while files may still be opened."""
    for name in ENCODINGS:
        "a".encode(name).decode(name)
    if wanted["task"] == "recognise":
        return lambda file, mappings: iter([recognised(file, mappings)])
    from bot.domain.policy import Policy
    from bot.sources.opening import open_source

    policy = load_data(Path(wanted["policy"]), Policy)
    shop = Shop("", "", wanted["site"], wanted["zone"])
    ZoneInfo(shop.timezone)
    answers = {StatusWord(field, text): bool(valid) for field, text, valid in wanted["answers"]}
    dates, kind = DateOrder(wanted["dates"]), wanted["kind"] or None
    limits = SourceLimits()

    def read(file: Path | GivenFile, mappings: Mappings) -> Iterator[dict[str, Any]]:
        source = open_source(file, shop, policy, mappings, kind, limits, dates, answers)
        for batch in source.batches():
            yield from parts(batch)
        yield {"kind": source.kind, "dates": sorted(source.dates)}

    _warm_up(wanted, open_source, policy)
    return read


def _warm_up(wanted: Mapping[str, Any], open_source: Callable[..., Any], policy: Any) -> None:
    """Read a small file in all ways, because the first time loads what was not loaded before."""
    shop, mappings = Shop("", "", "US", wanted["zone"]), load_mappings(Path(wanted["config"]))
    for _ in open_source(GivenFile(_WARM_UP), shop, policy, mappings).batches():
        pass


def parts(batch: Batch) -> Iterator[dict[str, Any]]:
    """The batch in parts, each small enough for a transaction that nobody notices. What refers to orders of the
    batch comes after all of them."""
    orders, defects = iter(batch.orders), iter(batch.defects)
    while some := list(islice(orders, PART_ORDERS)):
        yield {"orders": some}
    while some_defects := list(islice(defects, PART_DEFECTS)):
        yield {"defects": some_defects}
    yield {
        "rows": batch.rows,
        "repeated": list(batch.repeated),
        "cleared": list(batch.cleared),
        "words": dict(batch.words),
        "skipped": [[each.line, each.reason, each.params] for each in batch.skipped],
    }
