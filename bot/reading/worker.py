"""The warm, disposable process that reads pictures: limits itself, loads the recogniser, then serves one `pool`.

It takes requests on standard input (a line of JSON, then `size` bytes) and answers each with a line of JSON. Once
loaded it can open no file, connection or process any more (`walls`). It ends when its input ends, when it has been
idle or has served long enough, and is ended by the system when it exceeds its limits.
"""

import base64
import ctypes
import io
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import pypdfium2  # type: ignore[import-untyped]
from PIL import Image, ImageDraw, ImageFont

from bot.reading.cell import BAND, EMPTY_PDF, Seen, confine, grant, load_formats, open_picture
from bot.reading.seal import shows_seal
from bot.reading.walls import shut

_NICE, _LARGE_PAGE = 5, 12_000_000
_PDF_SCALE = 2.0
# Of a larger picture so many pixels are kept: its writing is large enough, and a copy of all takes much memory.
_MOST_PIXELS = 20_000_000
_MALLOC_TRIM = getattr(ctypes.CDLL(None), "malloc_trim", lambda _: 0)
# The pool ends a process that hangs; this many times the wall seconds is the end in any case.
_LONGEST = 6


class PictureTable:
    """The picture that is being looked at, and what may be asked about it."""

    def __init__(self, limits: dict[str, int]) -> None:
        from bot.reading.ocr import Ocr

        self._limits, self._ocr = limits, Ocr()
        self._pixels: Any = None
        self._scale = 1.0

    def warm(self) -> None:
        """Do everything once: the first time is slow, and loads what was not loaded yet."""
        page = Image.new("RGB", (1400, 200), "white")
        ImageDraw.Draw(page).text((20, 20), "2026-11-18 11:00", "black", ImageFont.load_default(14))
        self._put(page)
        quads = [line["quad"] for line in self.lines(b"")["lines"]]
        self.again(b"", quads or [[[0, 0], [200, 0], [200, 60], [0, 60]]])
        self.strips(b"", quads[:1], 0.3)
        self.seal(b"")
        self.copy(b"", [0, 0, 100, 100], [[10, 10, 50, 50]])
        self.page(EMPTY_PDF, 0)
        self.clear()

    def _put(self, picture: Any) -> None:
        """Put a picture (upright, RGB) on the table, None to clear it; the recogniser takes blue first. Of a very
        large one a smaller copy is kept, which changes no place that is told."""
        self._pixels, self._scale = None, 1.0
        if picture is None:
            # Otherwise what one picture took is not free for the next.
            _MALLOC_TRIM(0)
            return
        self._scale = min(1.0, (_MOST_PIXELS / (picture.width * picture.height)) ** 0.5)
        width, height = (max(1, round(side * self._scale)) for side in picture.size)
        self._pixels = np.empty((height, width, 3), np.uint8)
        for top in range(0, height, BAND):
            bottom = min(height, top + BAND)
            band = (0, top / height * picture.height, picture.width, bottom / height * picture.height)
            part = picture.resize((width, bottom - top), Image.Resampling.BOX, box=band)
            self._pixels[top:bottom] = np.asarray(part)[:, :, ::-1]

    def _here(self, quads: Sequence[Any]) -> list[Any]:
        """Places in the picture, in the pixels that are kept of it."""
        return [np.asarray(quad, np.float32) * self._scale for quad in quads]

    def look(self, data: bytes) -> Seen:
        """Put a picture on the table and tell its properties."""
        grant(self._limits)
        self.clear()
        seen, picture = open_picture(data, self._limits)
        self._put(picture)
        return seen

    def page(self, data: bytes, number: int) -> Seen:
        """Put a page of a PDF on the table."""
        grant(self._limits)
        self.clear()
        try:
            page = pypdfium2.PdfDocument(data)[number]
            width, height = page.get_size()
            scale = min(_PDF_SCALE, (_LARGE_PAGE / max(1.0, width * height)) ** 0.5)
            drawn = page.render(scale=scale).to_pil().convert("RGB")
            self._put(drawn)
        except (RuntimeError, ValueError, IndexError):
            return {"warnings": ["pdf_damaged"]}
        return {"size": drawn.size}

    def lines(self, _: bytes) -> Seen:
        """Read what is on the table."""
        lines = self._ocr.lines(self._pixels)
        return {"lines": [{**line, "quad": _outside(line["quad"], self._scale)} for line in lines]}

    def again(self, _: bytes, quads: list[Any]) -> Seen:
        """Read places on the table again, each at two scales."""
        return {"texts": self._ocr.again(self._pixels, self._here(quads))}

    def read(self, _: bytes, quads: list[Any]) -> Seen:
        """Read places on the table as lines of their own."""
        return {"lines": self._ocr.read(self._pixels, self._here(quads))}

    def strips(self, _: bytes, quads: list[Any], room: float) -> Seen:
        """Places on the table as lines in grey: width, height and a byte for each pixel."""
        found = self._ocr.strips(self._pixels, self._here(quads), room)
        return {
            "strips": [{"size": strip.shape[::-1], "pixels": base64.b64encode(strip).decode()} for strip in found]
        }

    def seal(self, _: bytes) -> Seen:
        """Whether a red seal is seen on the table."""
        return {"seal": shows_seal(self._pixels)}

    def copy(self, _: bytes, box: list[int] | None, covered: list[list[int]]) -> Seen:
        """A PNG of a part of what is on the table, or of all of it, with boxes painted over."""
        height, width = self._pixels.shape[:2]
        left, top, right, bottom = (round(side * self._scale) for side in box) if box else (0, 0, width, height)
        left, top = max(0, left), max(0, top)
        # Made of pixels alone, it has nothing of what the original said of itself: profiles, comments, thumbnails.
        picture = Image.fromarray(np.ascontiguousarray(self._pixels[top:bottom, left:right, ::-1]))
        for place in covered:
            x1, y1, x2, y2 = (side * self._scale for side in place)
            ImageDraw.Draw(picture).rectangle((x1 - left, y1 - top, x2 - left, y2 - top), fill="black")
        out = io.BytesIO()
        picture.save(out, "PNG")
        return {"png": base64.b64encode(out.getvalue()).decode()}

    def clear(self) -> None:
        """Nothing of the last file stays for the next."""
        self._put(None)


def _outside(quad: Sequence[Sequence[float]], scale: float) -> Any:
    """A place in the pixels that are kept, in the picture."""
    return quad if scale == 1 else (np.asarray(quad) / scale).round(1).tolist()


def main(limits: str) -> None:
    """Serve until the input ends; whatever goes wrong while loading is told to the pool."""
    caps = json.loads(limits)
    signal.alarm(_LONGEST * caps["wall_seconds"])
    grant(caps)
    confine(caps)
    with suppress(OSError):
        os.nice(_NICE)
    requests: queue.SimpleQueue[tuple[dict[str, Any], bytes]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    try:
        table = PictureTable(caps)
        table.warm()
        load_formats(caps)
    except Exception as error:
        _say({"fault": f"{type(error).__name__}: {error}"})
        os._exit(1)
    shut()
    _say({"ready": True})
    _serve(table, requests, caps)
    # The other thread still waits for input, so an ordinary end would not come.
    os._exit(0)


def _listen(requests: "queue.SimpleQueue[tuple[dict[str, Any], bytes]]") -> None:
    """Take requests in; the end of the input is the end of the program that started this process."""
    source = sys.stdin.buffer
    while line := source.readline():
        request = json.loads(line)
        requests.put((request, source.read(request.pop("size", 0))))
    os._exit(0)


def _serve(
    table: PictureTable, requests: "queue.SimpleQueue[tuple[dict[str, Any], bytes]]", caps: dict[str, int]
) -> None:
    while True:
        signal.alarm(0)
        try:
            request, data = requests.get(timeout=caps["idle_seconds"])
        except queue.Empty:
            return
        signal.alarm(_LONGEST * caps["wall_seconds"])
        if request["ask"] == "clear":
            table.clear()
            continue
        _answer(table, request, data)


def _answer(table: PictureTable, request: dict[str, Any], data: bytes) -> None:
    ask: Callable[..., Seen] = getattr(table, request.pop("ask"))
    try:
        _say(ask(data, **request))
    except MemoryError:
        _say({"warnings": ["reading_stopped"]})
    except Exception as error:
        _say({"fault": f"{type(error).__name__}: {error}"})


def _say(answer: Seen) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
