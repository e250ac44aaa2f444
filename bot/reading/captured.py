"""The capture date that no word announces: a clock on the edge of the screen, a stamp in the corner of a photo."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.domain.evidence import CaptureSource, Facts, TimeRole, Timestamp
from bot.reading.layout import Sheet, Span

_EDGE_ROWS, _BESIDE = 2, 14
# What screens and printers show beside their clock: addresses, signs, the state of a phone; the menu of a program.
_NOISE = re.compile(
    r"https?:\S+|\S+\.[a-z]{2,}/\S*|(?<!\w)(?:[2-5]G\+?|LTE|VoLTE|Wi-?Fi|\d{1,3}\s?%)(?!\w)|[^\w\s]", re.IGNORECASE
)
_MENU = re.compile(r"(?<!\w)(?:File|Edit|View|History|Window|Help)(?!\w)|文件|编辑|显示|窗口|帮助")
_OPEN = frozenset({TimeRole.UNKNOWN, TimeRole.EVENT, TimeRole.MESSAGE})
"""Roles that a time has for want of better: words beside it name none."""


def with_capture_date(facts: Facts, sheet: Sheet) -> Facts:
    """`facts` with the one time that stands alone on the edge of the picture, apart from all others and later than
    what happened, as its capture date; unchanged where words already tell, or more than one fits."""
    if facts.captured_at:
        return facts
    spans = dict(_spans(facts, sheet))
    found = [place for place in spans if _on_the_edge(facts, sheet, spans, place)]
    if len(found) != 1:
        return facts
    stamps = list(facts.timestamps)
    stamps[found[0]] = replace(stamps[found[0]], role=TimeRole.CAPTURED)
    at = stamps[found[0]].at
    return replace(facts, timestamps=tuple(stamps), captured_at=at, captured_from=CaptureSource.VISIBLE)


def _spans(facts: Facts, sheet: Sheet) -> Iterator[tuple[int, tuple[int, Span]]]:
    """By place in the facts: the row and the place of each time."""
    after = 0
    for number, stamp in enumerate(facts.timestamps):
        if place := sheet.find(stamp.text, after):
            after = place[1]
            if span := sheet.span(*place):
                yield number, (sheet.text.count("\n", 0, place[0]), span)


def _on_the_edge(facts: Facts, sheet: Sheet, spans: dict[int, tuple[int, Span]], place: int) -> bool:
    stamp, (row, span) = facts.timestamps[place], spans[place]
    lines = sheet.text.split("\n")
    rows = [number for number, line in enumerate(lines) if line.strip()]
    edge = row in rows[:_EDGE_ROWS] or row in rows[-_EDGE_ROWS:]
    alone = _stands_alone(lines[row].replace(stamp.text, " ", 1))
    others = [(facts.timestamps[other], spans[other][1]) for other in spans if other != place]
    apart = all(_apart(span, other) or _shape(stamp) != _shape(of) for of, other in others)
    return edge and alone and apart and stamp.role in _OPEN and _is_last(stamp, [other for other, _ in others])


def _stands_alone(beside: str) -> bool:
    """Whether what stands beside a time on its line is at most a word."""
    return len(" ".join(_NOISE.sub("", beside).split())) <= _BESIDE or len(set(_MENU.findall(beside))) > 1


def _apart(one: Span, two: Span) -> bool:
    """Not one below the other in a column."""
    height = one.box[3] - one.box[1]
    return abs(one.box[0] - two.box[0]) > height and abs(one.box[2] - two.box[2]) > height


def _shape(stamp: Timestamp) -> str:
    """How it is printed, whatever the digits."""
    return re.sub(r"\d", "0", stamp.text)


def _is_last(stamp: Timestamp, others: list[Timestamp]) -> bool:
    """Not before anything that happened; announced times, which no word explains either, do not count."""
    happened = [other.at for other in others if other.at and other.role is not TimeRole.UNKNOWN]
    times = happened or [other.at for other in others if other.at]
    if stamp.at is None:
        return False
    return all(stamp.at >= at or (stamp.day_only and stamp.at.date() >= at.date()) for at in times)
