"""Reading what lies on a worker's table, and finding in it where each fact stands and whether it is legible."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import islice
from typing import Any

from bot.domain.evidence import Candidate, Facts, Spot
from bot.domain.parcel import bare
from bot.domain.remark import Remark
from bot.reading.beside import NOTHING, Beside, beside
from bot.reading.layout import Line, Sheet, Span, lay_out, lines_of
from bot.reading.plain import plain
from bot.reading.pool import Worker
from bot.reading.scripts.reader import STOPPED, ScriptReader
from bot.reading.segmentation import segmented
from bot.reading.spacing import stretches
from bot.reading.words import WordsReader

_SURE, _WEAK, _READ = 0.9, 0.6, 0.5
_READ_AGAIN = 30
"""Numbers of a picture that are read again, at most."""
_BARE = re.compile(r"[^A-Z0-9]")
_NUMBER = re.compile(r"(?=(?:[A-Z]*[0-9]){5})[A-Z0-9]{9,40}")
CERTIFICATE = "delay_certificate"


@dataclass(frozen=True)
class Scan:
    """What was seen on one picture or page: recognised lines, what the crop of each number said at several scales,
    whether a seal was seen (None: nobody looked), width and height, and warnings about words that were not read."""

    lines: tuple[dict[str, Any], ...]
    again: dict[str, tuple[str, ...]]
    seal: bool | None = None
    size: tuple[int, int] = (0, 0)
    warnings: tuple[str, ...] = ()


def scan(worker: Worker, words: WordsReader, scripts: ScriptReader, file_name: str, size: Sequence[int]) -> Scan:
    """Read the picture on the worker's table, which is `size` pixels wide and high. Raises Stopped."""
    lines, warnings = scripts.complete(worker, worker.ask("lines").get("lines", []), words.vocabulary.months)
    found = [line for line in lines if line["text"].strip() and (line["confidence"] >= _READ or has_a_number(line))]
    sheet = lay_out(lines_of(found), words.stacks)
    facts = words.read(sheet.text, file_name, sheet)
    spans = dict(islice({**_other_spans(facts, sheet), **_candidate_spans(sheet, words)}.items(), _READ_AGAIN))
    texts: Sequence[Any] = ()
    if spans:
        quads = [quad for span in spans.values() for quad in stretches(span.quads)]
        texts = worker.ask("again", quads=quads).get("texts", ())
    seal = worker.ask("seal").get("seal") if facts.kind == CERTIFICATE else None
    return Scan(tuple(found), dict(_grouped(spans, texts)), seal, (size[0], size[1]), tuple(warnings))


def has_a_number(line: Mapping[str, Any]) -> bool:
    """Whether every character of a number in a recognised line is sure, though the words beside it are not: they may
    be in letters that the recogniser lacks."""
    numbers = (line["confidences"][slice(*match.span())] for match in _NUMBER.finditer(line["text"].upper()))
    return any(min(sure, default=0.0) >= _SURE for sure in numbers)


def is_final(shown: dict[str, Any]) -> bool:
    """Whether reading it again would tell nothing more: no words were left out for want of time."""
    return not any(Remark.read(warning).key == STOPPED for warning in shown["warnings"])


def _candidate_spans(sheet: Sheet, words: WordsReader) -> dict[str, Span]:
    """Where each candidate stands, those first that a label or a format tells."""
    found = [(item.token.value, sheet.spans(item.token.ranges)) for item in words.candidates(sheet)]
    return {value: span for value, span in found if span}


def _span_of(sheet: Sheet, number: str) -> Span | None:
    place = sheet.find_number(number)
    return sheet.span(*place) if place else None


def _grouped(spans: dict[str, Span], texts: Sequence[Sequence[str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What each number's stretches said, scale by scale."""
    place = 0
    for number, span in spans.items():
        count = len(stretches(span.quads))
        parts = texts[place : place + count]
        place += count
        # Low writing is read at fewer scales than high writing beside it: those that all parts have count.
        yield number, tuple(" ".join(said) for said in zip(*parts, strict=False))


def sheet_of(seen: Scan, words: WordsReader) -> Sheet:
    """The text of a scan, with places."""
    return lay_out(lines_of(seen.lines), words.stacks)


def located(facts: Facts, sheet: Sheet, seen: Scan, words: WordsReader, page: int = 0) -> Facts:
    """`facts`, read in the sheet's text, with their places and with numbers that are legible only where the scales
    agree and nothing is cut off."""
    spans = _candidate_spans(sheet, words)
    around = {item.token.value: beside(sheet.text, item.token.ranges) for item in words.candidates(sheet)}
    candidates = [
        _reread(each, spans.get(each.value), seen, around.get(each.value, NOTHING)) for each in facts.candidates
    ]
    longer = {each.value: found for each in candidates if (found := _completed(each, words))}
    known = {each.value for each in candidates}
    added = {found.value: spans[value] for value, found in longer.items() if found.value not in known}
    facts = replace(facts, candidates=(*candidates, *(each for each in longer.values() if each.value in added)))
    spans |= added
    spots = (
        *_candidate_spots(facts, spans, page),
        *_number_spots(facts, {**_other_spans(facts, sheet), **spans}, seen, page),
        *_time_spots(facts, sheet, page),
        *_host_spots(facts, sheet, page),
    )
    legible = {spot.text: spot.legible for spot in spots if spot.fact == "tracking_numbers"}
    numbers = tuple(
        replace(number, legible=legible.get(number.value)) if number.legible else number
        for number in facts.tracking_numbers
    )
    return replace(facts, tracking_numbers=numbers, spots=spots)


def _completed(candidate: Candidate, words: WordsReader) -> Candidate | None:
    """The number of which the candidate is a part, where the crop shows the same one at all scales and its format
    says that it is complete: beside letters that it lacks, the recogniser loses the ends in the line."""
    read = set(candidate.readings)
    longer = next(iter(read)) if len(read) == 1 else ""
    if candidate.value == longer or candidate.value not in longer or not words.stands_alone(longer):
        return None
    return replace(candidate, value=longer, agree=True)


def _reread(candidate: Candidate, span: Span | None, seen: Scan, around: Beside) -> Candidate:
    """The candidate with what its crop says at each scale; what stands beside it on its line is no part of it."""
    # As in the lines: a word that the crop shows beside the number is not a part of it.
    said = [segmented(plain(text))[0] for text in seen.again.get(candidate.value, ())]
    texts = tuple(
        candidate.value if _says(text, candidate.value, around) else _closest(text, candidate.value) for text in said
    )
    agree = bool(texts) and all(text == candidate.value for text in texts)
    whole = candidate.whole and not (span and _is_cut(span, seen.size))
    return replace(candidate, readings=texts, agree=agree, whole=whole)


def _closest(text: str, value: str) -> str:
    """The part of a text that is most like a number."""
    parts = [_BARE.sub("", part) for part in re.split(r"\s{2,}|(?<=[^0-9])\s|\s(?=[^0-9])", text.upper())]
    return max((*parts, _BARE.sub("", text.upper())), key=lambda part: SequenceMatcher(None, part, value).ratio())


def _is_cut(span: Span, size: tuple[int, int]) -> bool:
    """Whether it touches the picture's edge, so that more may stand beyond it."""
    left, top, right, bottom = span.box
    return size != (0, 0) and (left <= 0 or top <= 0 or right >= size[0] or bottom >= size[1])


def _candidate_spots(facts: Facts, spans: Mapping[str, Span], page: int) -> Iterator[Spot]:
    for candidate in facts.candidates:
        if span := spans.get(candidate.value):
            sure = candidate.agree and candidate.whole
            yield Spot("candidates", candidate.value, span.box, round(span.confidence, 3), sure, page)


def _other_spans(facts: Facts, sheet: Sheet) -> dict[str, Span]:
    return {number: span for number in facts.order_ids if (span := _span_of(sheet, number))}


def _number_spots(facts: Facts, spans: Mapping[str, Span], seen: Scan, page: int) -> Iterator[Spot]:
    numbers: Iterable[tuple[str, str, bool | None]] = (
        *(("tracking_numbers", number.value, number.legible) for number in facts.tracking_numbers),
        *(("order_ids", order_id, True) for order_id in facts.order_ids),
    )
    for fact, value, valid in numbers:
        if span := spans.get(bare(value)):
            read = next((each for each in facts.candidates if each.value == bare(value)), None)
            agree = read.agree and read.whole if read else _agree(value, seen.again.get(value, ()))
            legible = valid and _is_sure(span) and agree
            yield Spot(fact, value, span.box, round(span.confidence, 3), legible, page)


def _is_sure(span: Span) -> bool:
    return span.confidence >= _SURE and span.weakest >= _WEAK


def _agree(value: str, texts: Sequence[str]) -> bool:
    return bool(texts) and all(_says(text, value) for text in texts)


def _says(text: str, value: str, around: Beside = NOTHING) -> bool:
    """Whether a text shows exactly this number, and nothing glued to it but what stands around it."""
    pattern = r"[^A-Z0-9]{0,2}".join(map(re.escape, value))
    found = re.finditer(rf"(?P<before>[A-Z0-9]*?){pattern}(?P<after>[A-Z0-9]*)", text.upper())
    return any(around.explains(match["before"], match["after"]) for match in found)


def _time_spots(facts: Facts, sheet: Sheet, page: int) -> Iterator[Spot]:
    after = 0
    for stamp in facts.timestamps:
        if not (place := sheet.find(stamp.text, after)):
            continue
        after = place[1]
        if span := sheet.span(*place):
            sure = _is_sure(span)
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
