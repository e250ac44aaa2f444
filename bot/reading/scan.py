"""Reading what lies on a worker's table, and finding in it where each fact stands and whether it is legible."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.evidence import Facts, Spot
from bot.reading.layout import Line, Sheet, Span, lay_out, lines_of
from bot.reading.pool import Worker
from bot.reading.words import WordsReader

_SURE, _WEAK = 0.9, 0.5
_BARE = re.compile(r"[^A-Z0-9]")
CERTIFICATE = "delay_certificate"


@dataclass(frozen=True)
class Scan:
    """What was seen on one picture or page: recognised lines, what the crop of each number said at three scales,
    and whether a seal was seen (None: nobody looked)."""

    lines: tuple[dict[str, Any], ...]
    again: dict[str, tuple[str, ...]]
    seal: bool | None = None


def scan(worker: Worker, words: WordsReader, file_name: str) -> Scan:
    """Read the picture on the worker's table. Raises Stopped."""
    found = worker.ask("lines").get("lines", [])
    sheet = lay_out(lines_of(found), words.stacks)
    facts = words.read(sheet.text, file_name)
    spans = {number: span for number in _numbers(facts) if (span := _span_of(sheet, number))}
    texts: Sequence[Any] = ()
    if spans:
        quads = [quad for span in spans.values() for quad in span.quads]
        texts = worker.ask("again", quads=quads).get("texts", ())
    seal = worker.ask("seal").get("seal") if facts.kind == CERTIFICATE else None
    return Scan(tuple(found), dict(_grouped(spans, texts)), seal)


def _numbers(facts: Facts) -> Iterator[str]:
    yield from (number.value for number in facts.tracking_numbers if number.legible)
    yield from facts.order_ids


def _span_of(sheet: Sheet, number: str) -> Span | None:
    place = sheet.find_number(number)
    return sheet.span(*place) if place else None


def _grouped(spans: dict[str, Span], texts: Sequence[Sequence[str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What each number's stretches said, scale by scale."""
    place = 0
    for number, span in spans.items():
        parts = texts[place : place + len(span.quads)]
        place += len(span.quads)
        yield number, tuple(" ".join(said) for said in zip(*parts, strict=True))


def sheet_of(seen: Scan, words: WordsReader) -> Sheet:
    """The text of a scan, with places."""
    return lay_out(lines_of(seen.lines), words.stacks)


def located(facts: Facts, sheet: Sheet, seen: Scan, page: int = 0) -> Facts:
    """`facts`, read in the sheet's text, with their places and with numbers that are legible only where the three
    scales agree."""
    spots = (
        *_number_spots(facts, sheet, seen, page),
        *_time_spots(facts, sheet, page),
        *_host_spots(facts, sheet, page),
    )
    legible = {spot.text: spot.legible for spot in spots if spot.fact == "tracking_numbers"}
    numbers = tuple(
        replace(number, legible=legible.get(number.value)) if number.legible else number
        for number in facts.tracking_numbers
    )
    return replace(facts, tracking_numbers=numbers, spots=spots)


def _number_spots(facts: Facts, sheet: Sheet, seen: Scan, page: int) -> Iterator[Spot]:
    numbers: Iterable[tuple[str, str, bool | None]] = (
        *(("tracking_numbers", number.value, number.legible) for number in facts.tracking_numbers),
        *(("order_ids", order_id, True) for order_id in facts.order_ids),
    )
    for fact, value, valid in numbers:
        if span := _span_of(sheet, value):
            legible = valid and _agree(value, seen.again.get(value, ()), span)
            yield Spot(fact, value, span.box, round(span.confidence, 3), legible, page)


def _agree(value: str, texts: Sequence[str], span: Span) -> bool:
    sure = span.confidence >= _SURE and span.weakest >= _WEAK
    return sure and bool(texts) and all(_says(text, value) for text in texts)


def _says(text: str, value: str) -> bool:
    """Whether a text shows exactly this number, nothing more glued to it."""
    upper = text.upper()
    pattern = r"[^A-Z0-9]{0,2}".join(map(re.escape, value))
    return re.search(rf"(?<![A-Z0-9]){pattern}(?![A-Z0-9])", upper) is not None


def _time_spots(facts: Facts, sheet: Sheet, page: int) -> Iterator[Spot]:
    after = 0
    for stamp in facts.timestamps:
        if not (place := sheet.find(stamp.text, after)):
            continue
        after = place[1]
        if span := sheet.span(*place):
            sure = span.confidence >= _SURE and span.weakest >= _WEAK
            yield Spot("timestamps", stamp.text, span.box, round(span.confidence, 3), sure or None, page)


def _host_spots(facts: Facts, sheet: Sheet, page: int) -> Iterator[Spot]:
    for host in facts.hosts:
        place = sheet.find(host) or sheet.find(host.upper())
        if place and (span := sheet.span(*place)):
            yield Spot("hosts", host, span.box, round(span.confidence, 3), None, page)


def doubtful(lines: Sequence[Line]) -> bool:
    """Whether a good part of the words was read with little confidence: blur, or letters the recogniser lacks."""
    letters = sum(len(line.text) for line in lines)
    weak = sum(len(line.text) for line in lines if line.confidence < 0.8)
    return weak > 0.25 * letters


def word_spots(sheet: Sheet, words: Iterable[str], page: int = 0) -> Iterator[Spot]:
    """Every place of every one of `words`."""
    for word in words:
        after = 0
        while word and (start := sheet.text.find(word, after)) >= 0:
            after = start + len(word)
            if span := sheet.span(start, after):
                yield Spot("words", word, span.box, round(span.confidence, 3), None, page)
