"""Pixels to lines of text: the offline recogniser, set for screenshots on few cores. Lives in the worker alone."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np
from rapidocr import RapidOCR
from rapidocr.ch_ppocr_rec import TextRecInput

from bot.reading.quads import (
    STRIP_ABOVE,
    Quad,
    floats,
    height_of,
    length,
    padded,
    part,
    turned_back,
    upside_down,
    width_of,
)

# An array: rows of blue, green and red bytes.
Pixels = Any

SCALES, LOW_SCALES = (1.6, 0.75), (1.6, 1.0)
"""A number is legible when its crop reads at both of these scales as its line did; the second pair is for writing
lower than `_LOW` pixels, which breaks when it is made smaller: that says nothing of it."""
_LOW = 18
# Lines are looked for in a smaller copy, in tiles that a long screenshot is cut into; they are read in full size.
_WIDTHS, _TILE, _OVERLAP = (640, 1200), 1600, 180
# Writing lower than this in the smaller copy is looked for again in a copy where it has the second height.
_TILE_AREA, _LEAST_TILE = 1_300_000, 2 * _OVERLAP
_TOO_LOW, _HIGH_ENOUGH = 15, 21
_CROP_SIDE, _ROW, _CROP_ROW, _SURE = 200, 64, 48, 0.9
_THREADS = 2


# Lines are found by the smallest model of the family, in a fifth of the time of the one that comes with rapidocr.
# That one looks at the crops of numbers, where the smallest loses the ends.
_FINDER = Path(__file__).parent / "models" / "PP-OCRv6_det_tiny.onnx"
_SETTINGS: dict[str, Any] = {
    "Global.use_cls": False,
    "Global.log_level": "error",
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "Det.limit_side_len": 32,
}


class Ocr:
    """Reads lines, two at a time. The engine's own threads stay at one: they spin while they wait, at the cost of
    other workers."""

    def __init__(self) -> None:
        """Load the models that came with the packages; nothing is ever fetched."""
        engine: Any = RapidOCR(params=_SETTINGS)
        self._look_closer, self._recognise = engine._load_det_model(), engine._load_rec_model()
        finder: Any = RapidOCR(params=_SETTINGS | {"Det.model_path": str(_FINDER)})
        self._detect = finder._load_det_model()
        self._threads = ThreadPoolExecutor(_THREADS)

    def lines(self, picture: Pixels) -> list[dict[str, Any]]:
        """The lines of a picture (BGR): text, confidence, corners in the picture's pixels clockwise from where the
        line begins, and for each character its place along the line (0 to 1) and its own confidence. Lines in letters
        that the recogniser lacks are among them, with little text and confidence, or with none."""
        quads = self._found(picture)
        if _are_tall(quads):
            quads = [turned_back(quad, picture.shape[1]) for quad in self._found(np.rot90(picture))]
        read = self._read_at(picture, quads)
        if _is_little(quads, read) and self._is_upside_down(picture, quads):
            quads = [upside_down(quad) for quad in quads]
            read = self._read_at(picture, quads)
        return [{**read, "quad": quad.round(1).tolist()} for quad, read in self._put_apart(picture, quads, read)]

    def _found(self, picture: Pixels) -> list[Quad]:
        height, width = picture.shape[:2]
        scale = min(1.0, _WIDTHS[height < width] / width)
        quads = self._found_at(picture, scale)
        if scale < 1 and quads and (low := median(height_of(quad) for quad in quads) * scale) < _TOO_LOW:
            quads = self._found_at(picture, min(1.0, scale * _HIGH_ENOUGH / low))
        return quads

    def _found_at(self, picture: Pixels, scale: float) -> list[Quad]:
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture
        return [floats(quad) / scale for quad in self._quads(small)]

    def _read_at(self, picture: Pixels, quads: Sequence[Quad]) -> list[dict[str, Any]]:
        return self._read([_cut(picture, quad) for quad in quads])

    def _is_upside_down(self, picture: Pixels, quads: Sequence[Quad]) -> bool:
        """Whether the longest lines read better the other way round."""
        longest = sorted(quads, key=width_of)[-_TRIED:]
        ways = longest, [upside_down(quad) for quad in longest]
        upright, turned = (sum(read["confidence"] for read in self._read_at(picture, way)) for way in ways)
        return bool(turned > upright + _BETTER * len(longest))

    def _put_apart(
        self, picture: Pixels, quads: Sequence[Quad], read: Sequence[dict[str, Any]]
    ) -> Iterator[tuple[Quad, dict[str, Any]]]:
        for quad, whole in zip(quads, read, strict=True):
            parts = self._parts(picture, quad) if whole["confidence"] < _SURE else []
            yield from parts or [(quad, whole)]

    def _parts(self, picture: Pixels, quad: Quad) -> list[tuple[Quad, dict[str, Any]]]:
        """A line between its wide gaps, [] when no part of it is sure: words in letters that the recogniser lacks
        spoil the date beside them."""
        line = _cut(picture, quad)
        width, pieces = line.shape[1], _between_gaps(line)
        read = self._read([line[:, left:right] for left, right in pieces]) if len(pieces) > 1 else []
        quads = (part(quad, left / width, right / width) for left, right in pieces)
        return list(zip(quads, read, strict=True)) if any(one["confidence"] >= _SURE for one in read) else []

    def again(self, picture: Pixels, quads: Sequence[Quad]) -> list[list[str]]:
        """What the crop of each quad says at each of two scales. Where the writing stands in the crop is looked for
        once."""
        placed = list(map(floats, quads))
        crops = [_cut(picture, padded(quad), _CROP_ROW) for quad in placed]
        pieces = self._threads.map(self._pieces, crops)
        asked = [
            (crop, found, scale)
            for quad, crop, found in zip(placed, crops, pieces, strict=True)
            for scale in (SCALES if height_of(quad) >= _LOW else LOW_SCALES)
        ]
        texts = self._threads.map(self._said, asked)
        return [list(pair) for pair in zip(texts, texts, strict=True)]

    def read(self, picture: Pixels, quads: Sequence[Quad]) -> list[dict[str, Any]]:
        """What stands inside each quad: text, confidence and the places of its characters."""
        return self._read_at(picture, list(map(floats, quads)))

    def strips(self, picture: Pixels, quads: Sequence[Quad], room: float) -> list[Pixels]:
        """The line inside each quad in grey, all equally high, dark on light; `room` in heights of the writing is
        added at each end."""
        return [_dark_on_light(_cut(picture, padded(floats(quad), room, STRIP_ABOVE), _CROP_ROW)) for quad in quads]

    def _quads(self, picture: Pixels) -> Iterator[Quad]:
        """The corners of lines; where tiles overlap, the tile in which a line is whole gives it."""
        height, top = picture.shape[0], 0
        tile = _tile_height(picture.shape[1])
        while True:
            last = top + tile >= height
            low = top + _OVERLAP / 2 if top else 0
            high = height if last else top + tile - _OVERLAP / 2
            found = self._detect(picture[top : top + tile]).boxes
            for quad in () if found is None else found:
                placed = floats(quad) + floats([0, top])
                if low <= placed[:, 1].mean() < high:
                    yield placed
            if last:
                return
            top += tile - _OVERLAP

    def _said(self, asked: tuple[Pixels, Sequence[Quad], float]) -> str:
        """What a crop says at a scale, in the places of its lines or, where there is none, as a whole."""
        crop, places, scale = asked
        scaled = _resized(crop, scale) if scale != 1 else crop
        lines = [_cut(scaled, quad * scale) for quad in places] or [scaled]
        return " ".join(self._read_one(line)["text"] for line in lines)

    def _pieces(self, crop: Pixels) -> list[Quad]:
        """Where the lines in a crop stand, left to right."""
        height, width = crop.shape[:2]
        scale = max(1.0, 32 / height) if max(height, width) < _CROP_SIDE else 1.0
        found = self._look_closer(cv2.resize(crop, None, fx=scale, fy=scale) if scale > 1 else crop).boxes
        if found is None:
            return []
        quads = [floats(quad) / scale for quad in found]
        middle = [quad for quad in quads if quad[:, 1].min() < height * 0.6 and quad[:, 1].max() > height * 0.4]
        return sorted(middle or quads, key=lambda quad: float(quad[:, 0].min()))

    def _read(self, crops: Sequence[Pixels]) -> list[dict[str, Any]]:
        return list(self._threads.map(self._read_one, crops))

    def _read_one(self, crop: Pixels) -> dict[str, Any]:
        """A line by itself: in a batch every line costs as much as the longest."""
        read = self._recognise(TextRecInput(img=[crop], return_word_box=True))
        text, word = read.txts[0], read.word_results[0]
        return {"text": text, "confidence": round(float(read.scores[0]), 3), **_places(text, word)}


def _tile_height(width: int) -> int:
    """As high as a tile may be so wide: the memory that the detector takes grows with its area."""
    return max(_LEAST_TILE, min(_TILE, _TILE_AREA // width))


def _resized(crop: Pixels, scale: float) -> Pixels:
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(crop, None, fx=scale, fy=scale, interpolation=way)


def _places(text: str, word: Any) -> dict[str, list[float]]:
    """For each character its place along the line and its confidence, from the recogniser's columns."""
    columns = iter([column for columns in word.word_cols for column in columns])
    sure = iter(word.confs or ())
    length = float(word.line_txt_len or 1)
    places, confidences, last = [], [], 0.0
    for char in text:
        confidence = float(next(sure, 1.0))
        last = last if char.isspace() else min(1.0, (float(next(columns, length * last)) + 0.5) / length)
        places.append(round(last, 4))
        confidences.append(round(confidence, 3))
    return {"places": places, "confidences": confidences}


def _cut(picture: Pixels, quad: Quad, row: int = _ROW) -> Pixels:
    """The line inside `quad`, straightened; large writing is made smaller, which is all that the recogniser sees."""
    left, top = np.floor(quad.min(axis=0)).astype(int).clip(0)
    right, bottom = np.ceil(quad.max(axis=0)).astype(int) + 1
    near = picture[top:bottom, left:right]
    wide = max(length(quad[1] - quad[0]), length(quad[2] - quad[3]), 4.0)
    high = max(length(quad[3] - quad[0]), length(quad[2] - quad[1]), 4.0)
    shrink = min(1.0, row / high)
    if shrink < 1:
        near = cv2.resize(near, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    size = max(2, round(wide * shrink)), max(2, round(high * shrink))
    corners = floats([[0, 0], [size[0], 0], size, [0, size[1]]])
    placed = floats((quad - (left, top)) * shrink)
    turn = cv2.getPerspectiveTransform(placed, corners)
    line = cv2.warpPerspective(near, turn, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(np.rot90(line)) if size[1] >= 1.5 * size[0] else line


_GAP, _INK = 0.6, 0.25
"""A gap is so many heights of the line wide; where there is ink, columns differ within by this share of the most."""


def _between_gaps(line: Pixels) -> list[tuple[int, int]]:
    """The stretches of a line that wide gaps part, from and to which column."""
    height = line.shape[0]
    rows = cv2.cvtColor(line, cv2.COLOR_BGR2GRAY)[height // 8 : height - height // 8].astype(np.int16)
    contrast = rows.max(axis=0) - rows.min(axis=0)
    inked = np.flatnonzero(contrast > _INK * np.sort(contrast)[len(contrast) * 95 // 100])
    if not len(inked):
        return []
    ends = np.flatnonzero(np.diff(inked) > _GAP * height)
    starts = [inked[0], *inked[ends + 1]]
    room = height // 6
    return [
        (max(0, int(left) - room), min(line.shape[1], int(right) + 1 + room))
        for left, right in zip(starts, [*inked[ends], inked[-1]], strict=True)
    ]


# Where little was read, so many lines are tried the other way round; the picture is turned when they gain so much.
_TRIED, _BETTER, _LITTLE = 4, 0.1, 0.8


def _are_tall(quads: Sequence[Quad]) -> bool:
    """Whether most of the writing stands, as in a picture that lies on its side."""
    tall = sum(height_of(quad) for quad in quads if height_of(quad) > 1.5 * width_of(quad))
    wide = sum(width_of(quad) for quad in quads if width_of(quad) > 1.5 * height_of(quad))
    return tall > 2 * wide


def _is_little(quads: Sequence[Quad], read: Sequence[dict[str, Any]]) -> bool:
    """Whether the lines were read with doubt, the longer ones counting more."""
    weights = [width_of(quad) for quad in quads]
    sure = sum(weight * one["confidence"] for weight, one in zip(weights, read, strict=True))
    return bool(weights) and sure < _LITTLE * sum(weights)


def _dark_on_light(line: Pixels) -> Pixels:
    grey = cv2.cvtColor(line, cv2.COLOR_BGR2GRAY)
    high = grey.shape[0]
    level = _resized(grey, _CROP_ROW / high)
    return 255 - level if np.median(level) < 128 else level
