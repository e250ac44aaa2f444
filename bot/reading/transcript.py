"""Conversations: TikTok Inbox transcripts in many layouts to messages, buyers and visible gaps."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import pairwise

from bot.domain.evidence import Message
from bot.reading.plain import words_regex
from bot.reading.speakers import Speakers
from bot.reading.tables import ChatWords
from bot.reading.times import Lines, Stamp, TimeReader

_ELLIPSES = {"…", "...", "……", "⋯", "[...]", "[…]", "(...)", "(…)"}
_NUMBER = re.compile(r"\s{0,4}(?:#|No\.?\s?)?(\d{1,4})(?:[.)、:](?!\d)|\s(?=[\[(]?\d{4}-))\s{0,4}")
_TIME = re.compile(r"\s{0,4}[\[(]?(\d{1,2}:\d\d(?::\d\d)?(?:\s?[AaPp]\.?\s?[Mm]\.?)?)[\])]?\s{0,4}")
_NAMED = re.compile(r"\s{0,4}([^:\n]{1,40}?)\s?:\s?(.*)", re.DOTALL)
_EDGES = " \t[]()【】<>-–—|,·*"


@dataclass
class _Turn:
    """A message while its lines are collected."""

    name: str
    at: datetime | None
    time_text: str
    words: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Conversation:
    """`messages` in the order printed; `gaps` as wording keys with parameter; `buyers` are names."""

    messages: tuple[Message, ...] = ()
    buyers: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    named: bool = False
    """Whether names beside the words say who speaks, rather than the place of a bubble."""
    turned: bool = False
    """Whether it is taken for the buyer's screen, where the sides are the other way round."""

    @property
    def sides(self) -> set[str]:
        """Which of buyer and seller speak."""
        return {message.speaker for message in self.messages} & {"buyer", "seller"}


@dataclass(frozen=True, eq=False)
class TranscriptReader:
    """Reads conversations from laid-out records or from lines of text."""

    words: ChatWords
    times: TimeReader

    def read(self, text: str, stamps: Sequence[Stamp], records: Sequence[Mapping[str, str]]) -> Conversation:
        """The conversation in a plain text, empty when there is none. `records` are its rows, one a line."""
        lines = Lines(text)
        at_line = {lines.number(stamp.start): stamp for stamp in reversed(stamps)}
        turns = self._from_records(records, at_line)
        if not turns and not records:
            turns = self._from_lines(lines, at_line)
            turns = turns if self._is_chat(text, turns) else []
        if not turns:
            return Conversation()
        parties = self._speakers.parties(dict.fromkeys(turn.name for turn in turns))
        messages = tuple(
            Message(parties[turn.name], turn.at, "\n".join(turn.words).strip(), turn.time_text) for turn in turns
        )
        buyers = dict.fromkeys(self._speakers.own_name(name) for name, party in parties.items() if party == "buyer")
        gaps = tuple(self._gaps(lines, records))
        return Conversation(messages, tuple(name for name in buyers if name), gaps, named=True)

    @cached_property
    def _speakers(self) -> Speakers:
        return Speakers(self.words)

    def _from_records(self, records: Sequence[Mapping[str, str]], at_line: Mapping[int, Stamp]) -> list[_Turn]:
        columns = self.words.columns
        turns = []
        for number, record in enumerate(records):
            name, words = _cell(record, columns.speaker), _cell(record, columns.words)
            if name and words:
                stamp = at_line.get(number)
                turns.append(_turn(name, stamp, [words]))
        known = sum(bool(self._speakers.party(turn.name)) for turn in turns)
        return turns if known or (len(turns) > 1 and len({turn.name for turn in turns}) <= 4) else []

    def _from_lines(self, lines: Lines, at_line: Mapping[int, Stamp]) -> list[_Turn]:
        turns: list[_Turn] = []
        for number in range(lines.count):
            line = lines.line(number)
            if not line.strip():
                continue
            stamp = at_line.get(number)
            turn = self._stamped(lines, number, stamp) if stamp else self._unstamped(line)
            if turn:
                turns.append(turn)
            elif turns and not stamp and not self._omission(line):
                turns[-1].words.append(line.strip())
        return [turn for turn in turns if any(turn.words)]

    def _stamped(self, lines: Lines, number: int, stamp: Stamp) -> _Turn | None:
        start, end = lines.span(number)
        before = _unnumbered(lines.text[start : stamp.start]).strip(_EDGES)
        after = lines.text[stamp.end : end].lstrip(_EDGES)
        if not before:
            named = _NAMED.fullmatch(after)
            if named and self._is_name(named[1]):
                return _turn(named[1], stamp, [named[2]])
            return _turn(after, stamp, []) if 0 < len(after) <= 40 and self._is_name(after) else None
        name = before.rstrip(":").strip(_EDGES)
        if ":" in name or len(name) > 40 or not self._is_name(name):
            return None
        separated = before.endswith(":") or not after or after.startswith(":") or self._speakers.party(name)
        return _turn(name, stamp, [after.lstrip(": ")]) if separated else None

    def _unstamped(self, line: str) -> _Turn | None:
        rest = _unnumbered(line)
        time = _TIME.match(rest)
        named = _NAMED.fullmatch(rest[time.end() :] if time else rest)
        if not named or not self._speakers.party(named[1]) or not self._is_name(named[1]):
            return None
        return _Turn(named[1], None, time[1] if time else "", [named[2]])

    def _is_name(self, words: str) -> bool:
        """A speaker's name is short and is not a step of a delivery or a field of a page."""
        return len(words.strip()) > 0 and len(words.split()) <= 5 and self.times.role(words) is None

    def _is_chat(self, text: str, turns: Sequence[_Turn]) -> bool:
        known = [turn for turn in turns if self._speakers.party(turn.name)]
        hinted = bool(self._hints.search(text))
        if any(turn.time_text for turn in known):
            return len(turns) > 1 or hinted or len(turns[0].name) < 30
        names = {turn.name for turn in turns}
        return hinted and (len(known) > 1 or (2 <= len(names) <= 4 and len(turns) >= 2))

    @cached_property
    def _hints(self) -> re.Pattern[str]:
        return words_regex(self.words.hints)

    @cached_property
    def _omitted(self) -> re.Pattern[str]:
        return words_regex(self.words.omitted)

    def _omission(self, line: str) -> bool:
        words = line.strip()
        return words in _ELLIPSES or (len(words) <= 80 and bool(self._omitted.search(words)))

    def _gaps(self, lines: Lines, records: Sequence[Mapping[str, str]]) -> Iterator[str]:
        for number in range(lines.count):
            line = lines.line(number).strip()
            if self._omission(line) and (line in _ELLIPSES or line[:1] in "[(【—-*." or not _NAMED.match(line)):
                yield f"gap_marker:{line}"
        yield from self._holes(lines, records)

    def _holes(self, lines: Lines, records: Sequence[Mapping[str, str]]) -> Iterator[str]:
        cells = [_cell(record, self.words.columns.number) for record in records]
        matches = [_NUMBER.match(lines.line(number)) for number in range(lines.count)] if not records else []
        printed = [cell for cell in cells if cell.isdigit() and len(cell) <= 4]
        numbers = [int(text) for text in printed] or [int(match[1]) for match in matches if match]
        if len(numbers) < 2 or any(a >= b for a, b in pairwise(numbers)):
            return
        for last, following in pairwise([min(numbers[0] - 1, 0), *numbers]):
            if following - last > 1:
                first, end = last + 1, following - 1
                yield f"gap_numbering:{first}" if first == end else f"gap_numbering:{first}–{end}"


def _turn(name: str, stamp: Stamp | None, words: list[str]) -> _Turn:
    at = stamp.stamp.at if stamp else None
    return _Turn(name.strip(_EDGES), at, stamp.stamp.text if stamp else "", [line for line in words if line])


def _cell(record: Mapping[str, str], names: Sequence[str]) -> str:
    return next((record[name] for name in names if name in record), "")


def _unnumbered(line: str) -> str:
    match = _NUMBER.match(line)
    return line[match.end() :] if match else line
