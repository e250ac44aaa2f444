"""Whether a red company seal is seen: a round or oval red ring. Not seen is never the same as not there."""

from typing import Any

import cv2
import numpy as np

_LONG_SIDE = 1000
_LEAST, _MOST = 0.05, 0.45
_ROUND = 0.55


def shows_seal(picture: Any) -> bool:
    """Looks in a picture (BGR); a scan without colour never shows one."""
    scale = min(1.0, _LONG_SIDE / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    hue = cv2.cvtColor(small, cv2.COLOR_BGR2HSV)
    red = cv2.inRange(hue, (0, 60, 70), (12, 255, 255)) | cv2.inRange(hue, (165, 60, 70), (180, 255, 255))
    joined = cv2.morphologyEx(red, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    contours, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return any(_is_seal(contour, red, max(small.shape[:2])) for contour in contours)


def _is_seal(contour: Any, red: Any, long_side: int) -> bool:
    """A ring or ellipse of a seal's size, not filled like a button or a picture."""
    left, top, width, height = cv2.boundingRect(contour)
    if not (_LEAST * long_side <= min(width, height) and max(width, height) <= _MOST * long_side):
        return False
    hull = cv2.convexHull(contour)
    area, around = cv2.contourArea(hull), cv2.arcLength(hull, True)
    roundness = 4 * np.pi * area / (around * around or 1)
    inked = np.count_nonzero(red[top : top + height, left : left + width]) / (area or 1)
    ellipse = area / (width * height)
    return bool(
        width <= 2.2 * height <= 4.84 * width and roundness >= _ROUND and ellipse < 0.9 and 0.05 <= inked <= 0.75
    )
