"""What an explanation claims (quotations, times, numbers), and which claims the evidence supports (domain.md §5
`explanation_facts`, `utc`)."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.case import CaseOrder
from bot.domain.context import CaseContext
from bot.domain.evidence import Facts, TimeRole
from bot.domain.own_evidence import own_evidence
from bot.domain.text import folded, unified

BEIJING = ZoneInfo("Asia/Shanghai")
_QUOTED = re.compile(r'"([^"]+)"|“([^“”]+)”|「([^「」]+)」|『([^『』]+)』|«([^«»]+)»|„([^„“”]+)[“”]')
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"(?:{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?\s?m\b\.?)?"
_DAY = (
    r"(?P<iso>\d{4}[-/.]\d{1,2}[-/.]\d{1,2})"
    r"|(?P<chinese>(?:\d{4}年)?\d{1,2}月\d{1,2}[日号])"
    rf"|(?P<month_first>\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\d|:)(?:,?\s+\d{{4}})?)"
    rf"|(?P<day_first>\b\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}(?:,?\s+\d{{4}})?)"
)
_MOMENT = re.compile(
    rf"(?:{_DAY})(?:(?:T|,?\s*|,?\s+at\s+)(?P<clock>{_CLOCK}))?|(?P<bare>\b{_CLOCK})(?!\d)", re.IGNORECASE
)
_ZONE = re.compile(r"\b(?:UTC|GMT)\s*(?P<sign>[+-])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?\b", re.I)
_SPAN = re.compile(r"(?<![\w.])(?P<count>\d{1,5})[\s-]*(?P<unit>days?|hours?|天|日|小时)(?![A-Za-z])", re.I)
# Starting only where letters start keeps this linear in the length of a text without digits.
_NUMBER = re.compile(r"(?<![A-Za-z])[A-Za-z]*\d[A-Za-z0-9]*(?:[.,]\d+)*%?")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class ClaimedTime:
    """A time as written in a text. `day` is ISO, "--MM-DD" when no year is written, or ""; `clock` is HH:MM or ""."""

    text: str
    day: str
    clock: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What a text claims; `rest` is the text without its quotations, times and numbers.

    `zones` are the UTC offsets that the text itself names, in minutes, without 0."""

    quotations: tuple[str, ...]
    moments: tuple[ClaimedTime, ...]
    spans: tuple[tuple[str, int], ...]
    numbers: tuple[str, ...]
    zones: tuple[int, ...]
    rest: str


def claims(text: str) -> Claims:
    """The claims in a text. Quotations are taken out first, because what the buyer said is not the seller's claim."""
    text = unified(text)
    quotations = tuple(next(filter(None, match.groups())).strip() for match in _QUOTED.finditer(text))
    text = _QUOTED.sub(" ", text)
    zones = tuple(_offset(match) for match in _ZONE.finditer(text))
    text = _ZONE.sub(" ", text)
    moments = tuple(_moment(match) for match in _MOMENT.finditer(text))
    text = _MOMENT.sub(" ", text)
    spans = tuple((match[0], _hours(match)) for match in _SPAN.finditer(text))
    text = _SPAN.sub(" ", text)
    numbers = tuple(match[0] for match in _NUMBER.finditer(text))
    zones = tuple(zone for zone in zones if zone)
    return Claims(quotations, moments, spans, numbers, zones, " ".join(_NUMBER.sub(" ", text).split()))


def _offset(match: re.Match[str]) -> int:
    minutes = int(match["hours"]) * 60 + int(match["minutes"] or 0)
    return -minutes if match["sign"] == "-" else minutes


def _moment(match: re.Match[str]) -> ClaimedTime:
    return ClaimedTime(match[0].strip(), _day_of(match), _clock_of(match["clock"] or match["bare"] or ""))


def _day_of(match: re.Match[str]) -> str:
    numbers = [int(number) for number in re.findall(r"\d+", match["iso"] or match["chinese"] or "")]
    if named := match["month_first"] or match["day_first"]:
        day, *years = map(int, re.findall(r"\d+", named))
        found = re.search(_MONTH, named, re.IGNORECASE)
        assert found
        numbers = [*years, _MONTHS.index(found[0][:3].lower()) + 1, day]
    if not numbers:
        return ""
    *year, month, day = numbers
    return f"{year[0] if year else '-'}-{month:02d}-{day:02d}"


def _clock_of(words: str) -> str:
    if not words:
        return ""
    hour, minute = int(words.partition(":")[0]), words.partition(":")[2][:2]
    half = re.search(r"[ap](?=\.?\s?m)", words, re.IGNORECASE)
    if half and hour <= 12:
        hour = hour % 12 + (12 if half[0].lower() == "p" else 0)
    return f"{hour:02d}:{minute}"


def _hours(match: re.Match[str]) -> int:
    """The length of time in hours; days give a negative number, so that 2 days and 48 hours are told apart."""
    count = int(match["count"])
    return count if match["unit"].casefold().startswith(("hour", "小时")) else -count


class KnownFacts:
    """What accepted evidence and the case's own records say, to compare claims with."""

    def __init__(self, context: CaseContext, order: CaseOrder) -> None:
        items = own_evidence(context, order)
        record = context.orders.get(order.order_id)
        own = [order.occurred_at, *([record.created_at] if record else [])]
        texts = [
            order.order_id,
            order.text,
            *([record.tracking_number, record.carrier, record.buyer] if record else []),
        ]
        self.events = frozenset([*own, *(at for item in items for at in _events(item.facts))])
        self.instants = self.events | {item.facts.captured_at for item in items if item.facts.captured_at}
        self.texts = [folded(text) for text in [*texts, *(text for item in items for text in _texts(item.facts))]]
        self.numbers = {number for text in self.texts for number in _numbers_in(text)}
        # How many orders a comparison shows is a count nobody needs to have written down.
        self.numbers |= {str(len(set(item.facts.order_ids))) for item in items if item.facts.order_ids}
        self.zones = (ZoneInfo(context.shop.timezone), BEIJING)

    def quoted(self, quotation: str) -> bool:
        """Whether the words were said by somebody; an ellipsis in the quotation may stand for left-out words."""
        parts = [folded(part).strip(" .,!?;:") for part in re.split(r"\.{3}|…", quotation)]
        parts = [part for part in parts if part]
        return bool(parts) and any(all(part in text for part in parts) for text in self.texts)

    def happened(self, moment: ClaimedTime) -> bool:
        """Whether the time is a known instant in UTC, or is printed in the evidence exactly so."""
        return any(_same(moment, at) for at in self.instants) or self._printed(moment)

    def _printed(self, moment: ClaimedTime) -> bool:
        wanted = folded(moment.text)
        return bool(moment.day or not moment.clock) and any(wanted in text for text in self.texts)

    def local_meaning(self, moment: ClaimedTime) -> tuple[datetime, str] | None:
        """The UTC instant and the zone, when the time is a known instant as written in the shop's or Beijing's
        zone; None when it is UTC or not known."""
        if not moment.clock or any(_same(moment, at) for at in self.instants):
            return None
        for zone in self.zones:
            for at in sorted(self.instants):
                if _same(moment, at.astimezone(zone)):
                    return at, str(zone)
        return None

    def lasted(self, hours: int) -> bool:
        """Whether two known events are that far apart: in whole hours, or for a negative number in days (by length
        or by date)."""
        length = timedelta(hours=1) if hours >= 0 else timedelta(days=1)
        ordered = sorted(self.events)
        later = ((at, bisect_left(ordered, at + abs(hours) * length)) for at in ordered)
        if any(place < len(ordered) and (ordered[place] - at) // length == abs(hours) for at, place in later):
            return True
        dates = {at.date() for at in ordered}
        return hours < 0 and any(day + timedelta(days=-hours) in dates for day in dates)

    def counted(self, number: str) -> bool:
        """Whether the number occurs in the evidence or the records."""
        return folded(number) in self.numbers


def _same(moment: ClaimedTime, at: datetime) -> bool:
    return moment.day in ("", f"{at:%Y-%m-%d}", f"--{at:%m-%d}") and moment.clock in ("", f"{at:%H:%M}")


def _events(facts: Facts) -> Iterable[datetime]:
    yield from (stamp.at for stamp in facts.timestamps if stamp.at and stamp.role is not TimeRole.CAPTURED)
    yield from (message.at for message in facts.messages if message.at)
    yield from (event.at for event in facts.log_events if event.at)


def _texts(facts: Facts) -> Iterable[str]:
    yield from (facts.words, facts.issuer, *facts.order_ids, *facts.buyers)
    yield from (number.value for number in facts.tracking_numbers)
    yield from (stamp.text for stamp in facts.timestamps)
    yield from (f"{message.time_text} {message.words}" for message in facts.messages)
    yield from (f"{event.order_id} {event.words} {event.error}" for event in facts.log_events)


def _numbers_in(text: str) -> Iterable[str]:
    yield from (match[0] for match in _NUMBER.finditer(text))
    yield from (word for word in _WORD.findall(text) if any(char.isdigit() for char in word))
