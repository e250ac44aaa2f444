"""The disposable process that reads lines in one language with Tesseract, run by `reader`.

It loads one model, shuts its walls, and only then takes the pixels of the lines from standard input: a line of JSON
with their sizes, then a byte of grey for each pixel. It prints as JSON, for each line, its words from where the line
begins, each with its confidence (0 to 1) and where it begins and ends along the line (0 to 1 from the left).
"""

import json
import os
import re
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, BinaryIO

from bot.reading.cell import confine, die_with_parent
from bot.reading.scripts.languages import LANGUAGES, Language, missing
from bot.reading.walls import shut

Word = tuple[str, float, float, float]
Piece = tuple[str, float, float, float]

_SURE, _DIRECTIONS = 0.8, re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LINE, _RAW_LINE = 7, 13
TRIED = 6
"""So many lines are read first: where most of them are not sure, the picture is not in this language."""


class Tesseract:
    """A Tesseract engine with one language's model loaded."""

    def __init__(self, language: Language) -> None:
        import tesserocr
        from PIL import Image

        # It takes some lines for noise at one height and reads them at another.
        self._heights = language.heights
        self._level, self._each, self._image = tesserocr.RIL.WORD, tesserocr.iterate_level, Image
        self._api = tesserocr.PyTessBaseAPI(
            path=str(language.model.parent), lang=language.name, oem=tesserocr.OEM.LSTM_ONLY, psm=_LINE
        )
        # Its remarks would go to a file, which may not be opened here.
        self._api.SetVariable("debug_file", "")
        # The first time loads what was not loaded yet.
        self.line(Image.new("L", (120, 36), 255))

    def line(self, picture: Any) -> list[Word]:
        """The words of one line, at the height at which they are surest."""
        found: list[Word] = []
        for height in self._heights:
            words = self._words(picture, height, _LINE)
            found = max(found, words, key=_weakest)
            if _weakest(found) >= _SURE:
                return found
        return found or self._words(picture, self._heights[0], _RAW_LINE)

    def _words(self, picture: Any, height: int, mode: int) -> list[Word]:
        width = max(8, round(picture.width * height / picture.height))
        small = picture.resize((width, height), self._image.Resampling.LANCZOS)
        self._api.SetPageSegMode(mode)
        self._api.SetImageBytes(small.tobytes(), width, height, 1, width)
        if not self._api.Recognize():
            return []
        text = _DIRECTIONS.sub("", self._api.GetUTF8Text())
        return list(self._joined(text.split(), list(self._pieces(width)))) if text.strip() else []

    def _pieces(self, width: int) -> Iterator[Piece]:
        for item in self._each(self._api.GetIterator(), self._level):
            left, _, right, _ = item.BoundingBox(self._level)
            text = _DIRECTIONS.sub("", item.GetUTF8Text(self._level)).strip()
            yield text, item.Confidence(self._level) / 100, left / width, right / width

    def _joined(self, words: Sequence[str], pieces: Sequence[Piece]) -> Iterator[Word]:
        """The words as spaces part them: what stands between spaces is one, of however many pieces."""
        left = iter(pieces)
        for word in words:
            parts: list[Piece] = []
            while sum(len(part[0]) for part in parts) < len(word) and (piece := next(left, None)):
                parts.append(piece)
            if parts:
                yield word, _mean(parts), min(part[2] for part in parts), max(part[3] for part in parts)


def sureness(words: Sequence[Word]) -> float:
    """The confidence of some words together, the longer ones counting more; 0 for none."""
    return _mean(words) if words else 0.0


def _weakest(words: Sequence[Word]) -> float:
    """The confidence of the least sure word among those that are not Latin; of all, where there is none."""
    spoken = [word[1] for word in words if len(word[0]) > 1 and not word[0].isascii()]
    return min(spoken, default=sureness(words))


def _mean(parts: Sequence[Piece]) -> float:
    return sum(len(part[0]) * part[1] for part in parts) / max(1, sum(len(part[0]) for part in parts))


def read(
    source: BinaryIO, line: Callable[[Any], list[Word]], own: re.Pattern[str], seconds: float
) -> list[list[Word]]:
    """The words of each line of `source`, as far as the seconds reach; none at all when the first lines are not in
    this language."""
    from PIL import Image

    found: list[list[Word]] = []
    end = time.monotonic() + seconds
    for width, height in json.loads(source.readline())["sizes"]:
        found.append(line(Image.frombytes("L", (width, height), source.read(width * height))))
        if len(found) == TRIED and not _is_in(found, own):
            return []
        if time.monotonic() > end:
            break
    return found if _is_in(found[:TRIED], own) else []


def _is_in(found: Sequence[Sequence[Word]], own: re.Pattern[str]) -> bool:
    """Whether most of some lines are in the language: by chance single ones seem to be."""
    return 2 * sum(is_sure(words, own) for words in found) >= len(found) > 0


def is_sure(words: Sequence[Word], own: re.Pattern[str]) -> bool:
    """Whether a line is surely in the language: in its own letters, and read as confidently as other scripts never
    are."""
    spoken = [word for word in words if own.search(word[0])]
    return sum(len(word[0]) for word in spoken) > _FEW and sureness(spoken) >= _CERTAIN


_FEW, _CERTAIN, _SHARE = 3, 0.87, 0.7


def main(code: str, limits: str) -> None:
    """Read what comes on standard input in the language `code`; what cannot be loaded is an answer."""
    caps = json.loads(limits)
    signal.alarm(caps["script_seconds"])
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (caps["script_seconds"], caps["script_seconds"]))
    confine({"memory_bytes": caps["script_bytes"]})
    die_with_parent()
    # Lines are short: threads of its own would only wait for each other.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    language = LANGUAGES[code]
    if lacking := missing([language]):
        json.dump({"missing": lacking}, sys.stdout)
        return
    tesseract = Tesseract(language)
    shut()
    json.dump(
        {"lines": read(sys.stdin.buffer, tesseract.line, language.own, _SHARE * caps["script_seconds"])}, sys.stdout
    )
