"""Completes the lines of a picture with words in further scripts: each language in a process that reads once."""

import base64
import json
import logging
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.domain.remark import Remark
from bot.reading.apart import SCRIPT
from bot.reading.limits import Limits
from bot.reading.pool import Worker
from bot.reading.processes import Start, start_of
from bot.reading.scripts.languages import Language
from bot.reading.scripts.merging import Months, Stretch, gaps, merged
from bot.reading.scripts.process import TRIED
from bot.reading.scripts.telling import is_foreign, is_settled, languages_of, width

log = logging.getLogger(__name__)

_ROOM = 0.3
"""Heights of the writing that a strip goes beyond its line, at each end."""
_MOST, _SOME, _SURE = 0.4, 0.1, 0.9
STOPPED, MISSING, NOBODY, CUT = "script_stopped", "script_missing", "script_unread", "script_cut"


Words = list[tuple[Any, ...]]


class Failed(Exception):
    """The process gave no answer; the text is the warning for people."""


@dataclass(frozen=True)
class ScriptReader:
    """Reads what the recogniser of pictures cannot; what goes wrong costs these words and nothing else."""

    limits: Limits
    start: Start = field(default_factory=lambda: start_of(SCRIPT))
    spare_seconds: int = 5
    """For starting and ending; a process that takes longer has hung."""

    def complete(
        self, worker: Worker, lines: list[dict[str, Any]], months: Mapping[str, Months]
    ) -> tuple[list[dict[str, Any]], list[str]]:
        """The lines of the picture on the worker's table with the words that were missing, and warnings. Raises
        Stopped when the worker gives no strips."""
        warnings: list[str] = []
        for language in languages_of(lines):
            if language not in languages_of(lines):
                # What was foreign has been read in another language.
                continue
            try:
                lines = self._read(worker, lines, language, months.get(language.code, ()), warnings)
            except Failed as failure:
                log.warning("words in %s were not read: %s", language.name, failure)
                warnings.append(str(Remark(str(failure), language.code if str(failure) == STOPPED else "")))
        return lines, list(dict.fromkeys(warnings)) or _unread(lines)

    def _read(
        self, worker: Worker, lines: list[dict[str, Any]], language: Language, months: Months, warnings: list[str]
    ) -> list[dict[str, Any]]:
        asked = self._ordered(lines, language)
        quads = [lines[number]["quad"] for number in asked]
        found = self._words(language, worker.ask("strips", quads=quads, room=_ROOM)["strips"])
        if found and len(found) < len(asked):
            warnings.append(str(Remark(CUT, language.code)))
        words = {number: _placed(said, width(lines[number])) for number, said in zip(asked, found, strict=False)}
        again = self._again(worker, lines, words, language, months)
        completed = list(lines)
        for number, said in words.items():
            completed[number] = merged(lines[number], said, language, again.get(number, ()), months)
        return completed

    @staticmethod
    def _again(
        worker: Worker,
        lines: Sequence[dict[str, Any]],
        words: Mapping[int, Words],
        language: Language,
        months: Months,
    ) -> dict[int, list[tuple[Stretch, Any]]]:
        """What the recogniser reads between the words, by line."""
        places = [
            (number, gap) for number, said in words.items() for gap in gaps(lines[number], said, language, months)
        ]
        quads = [_part(lines[number]["quad"], *gap) for number, gap in places]
        read = worker.ask("read", quads=quads)["lines"] if quads else ()
        found: dict[int, list[tuple[Stretch, Any]]] = {}
        for (number, gap), one in zip(places, read, strict=False):
            found.setdefault(number, []).append((gap, one))
        return found

    @staticmethod
    def _ordered(lines: Sequence[dict[str, Any]], language: Language) -> list[int]:
        """The lines to read: first those that show best whether the picture is in this language."""
        asked = [number for number, line in enumerate(lines) if not is_settled(line) and width(line) > 0.5]
        telling = [number for number in asked if language.latin or is_foreign(lines[number])]
        first = sorted(telling, key=lambda number: -width(lines[number]))[:TRIED]
        return [*first, *(number for number in asked if number not in first)]

    def _words(self, language: Language, strips: Sequence[dict[str, Any]]) -> list[list[Any]]:
        """The words of each strip, fewer when time was over and none when they are in another language."""
        head = json.dumps({"sizes": [strip["size"] for strip in strips]}).encode() + b"\n"
        pixels = b"".join(base64.b64decode(strip["pixels"]) for strip in strips)
        arguments = (language.code, json.dumps(asdict(self.limits)))
        try:
            answer = json.loads(
                self.start.answer(head + pixels, self.limits.script_seconds + self.spare_seconds, *arguments)
            )
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            raise Failed(STOPPED) from error
        if "missing" in answer:
            raise Failed(MISSING)
        return list(answer["lines"])


def _part(quad: Sequence[Sequence[float]], left: float, right: float) -> list[list[float]]:
    """The corners of a stretch of a line."""
    a, b, c, d = quad
    ends = ((a, b, left), (a, b, right), (d, c, right), (d, c, left))
    return [[one + (two - one) * share for one, two in zip(start, end, strict=True)] for start, end, share in ends]


def _placed(words: Sequence[Sequence[Any]], length: float) -> Words:
    """The words with their places along the line instead of along the strip."""
    whole = length + 2 * _ROOM
    return [(*word[:2], *((place * whole - _ROOM) / length for place in word[2:])) for word in words]


def _unread(lines: Sequence[dict[str, Any]]) -> list[str]:
    """The warning that much of a sharp picture is in letters that nobody here reads; [] where it is not."""
    whole = sum(map(width, lines))
    foreign = sum(width(line) for line in lines if is_foreign(line))
    sure = sum(width(line) for line in lines if line["confidence"] >= _SURE and not is_foreign(line))
    return [NOBODY] if foreign > _MOST * whole and sure > _SOME * whole else []
